"""Traps of this stack that were measured or walked into: each is shut, and stays shut. See docs/performance.md."""

import ast
import importlib.util
import json
import os
import re
import resource
import subprocess
import sys
import threading
from pathlib import Path

import psycopg
import pytest

from tests.conftest import services_for_tests
from tests.people import Browser, Person, Visitor, Worker, new_id
from tests.processes import ROOT, free_port
from tests.web.houses import Pair, Small, talking
from tests.web.wire import Line
from web.storage.engine import make_engine

CONF = ROOT / "deploy" / "gunicorn.conf.py"


def python(script: str, home: Path, **environment: str) -> dict[str, object]:
    """Run it in an interpreter of its own, after gunicorn's configuration; what it prints, as JSON."""
    done = subprocess.run(
        [sys.executable, "-c", f"import runpy; conf = runpy.run_path({str(CONF)!r})\n{script}"],
        cwd=ROOT,
        env={**os.environ, "HALTE_HOME": str(home), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return dict(json.loads(done.stdout))


def test_gunicorn_is_set_up_for_many_quiet_connections(tmp_path: Path) -> None:
    """By default the thousand-and-first connection hangs without an error."""
    script = "import json; print(json.dumps({k: v for k, v in conf.items() if isinstance(v, (str, int, type(None)))}))"
    conf = python(script, tmp_path)
    assert (conf["worker_class"], conf["workers"]) == ("gevent", 1)
    assert int(str(conf["worker_connections"])) >= 10_000
    assert "preload_app" not in conf
    assert conf["accesslog"] is None
    for path in (ROOT / "Procfile", ROOT / "Makefile", *(ROOT / "tools").glob("*.py")):
        assert "--preload" not in path.read_text()


def test_the_standard_library_is_patched_before_anything_is_imported(pair: Pair, tmp_path: Path) -> None:
    body = ast.parse(CONF.read_text()).body
    assert [ast.unparse(line) for line in body[1:3]] == ["from gevent import monkey", "monkey.patch_all()"]
    script = "import json; from gevent import monkey\n"
    script += "print(json.dumps({n: monkey.is_module_patched(n) for n in ('socket', 'ssl', 'select', 'threading')}))"
    assert set(python(script, tmp_path).values()) == {True}
    assert "MonkeyPatchWarning" not in pair.first.log_text()


def test_what_the_gevent_worker_needs_is_there_and_what_breaks_it_is_not() -> None:
    """gunicorn's gevent worker imports `packaging` unasked; python-engineio would take gevent-websocket, and fail."""
    assert importlib.util.find_spec("packaging")
    assert re.search(r"^packaging\b", (ROOT / "requirements.in").read_text(), re.MULTILINE)
    assert importlib.util.find_spec("geventwebsocket") is None
    assert "gevent-websocket" not in (ROOT / "requirements.txt").read_text()


def test_more_than_a_thousand_connections_are_served(pair: Pair) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    quiet = [Line(pair.second.url) for _ in range(1010)]
    try:
        assert Browser(pair.second.url).open("/robots.txt")[0] == 200
    finally:
        for line in quiet:
            line.close()


def test_the_soft_limit_of_open_files_is_raised(tmp_path: Path) -> None:
    """Many systems begin with 1,024, whatever worker_connections says."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, before[1]))
    try:
        small = Small(tmp_path, send_seconds=20, ping_timeout=20)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    try:
        limits = Path(f"/proc/{small.pid}/limits").read_text()
        _, soft, hard = re.search(r"(Max open files)\s+(\d+)\s+(\d+)", limits).groups()  # type: ignore[union-attr]
        assert soft == hard
    finally:
        small.stop()


@pytest.mark.parametrize(
    "wrong",
    [
        {"WEB_PROCESSES": "2"},
        {"WEB_PROCESSES": "2", "REDIS_URL": "redis://127.0.0.1:1/0"},
        {"WEB_PROCESSES": "2", "DATABASE_URL": "postgresql://halte@127.0.0.1:1/halte"},
        {"WEB_PROCESSES": "two"},
    ],
)
def test_several_web_processes_need_both_servers(wrong: dict[str, str], tmp_path: Path) -> None:
    """SQLite does not yield while it waits, and without Redis one process does not hear of the other."""
    refused = subprocess.run(
        [sys.executable, "-m", "gunicorn", "-c", str(CONF), "web.wsgi:application"],
        cwd=ROOT,
        env={**os.environ, "HALTE_HOME": str(tmp_path), "PORT": str(free_port()), **wrong},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert refused.returncode != 0
    (line,) = (refused.stdout + refused.stderr).splitlines()
    assert re.fullmatch(r"halte: Setting WEB_PROCESSES is '?(2|two)'?. Expected: .*", line)


def test_psycopg_lets_others_in_while_it_waits(tmp_path: Path) -> None:
    """Eight queries of half a second at the same time: one after the other they would take four."""
    script = """
import json, time, gevent
from sqlalchemy import text
from web.storage.engine import make_engine
engine = make_engine(__import__("os").environ["URL"])
ticks = []
def tick():
    while True:
        gevent.sleep(0.02)
        ticks.append(1)
def slow():
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_sleep(0.5)"))
slow()
gevent.spawn(tick)
begun = time.perf_counter()
gevent.joinall([gevent.spawn(slow) for _ in range(8)], raise_error=True)
print(json.dumps({"times": (time.perf_counter() - begun) / 0.5, "ticks": len(ticks)}))
"""
    url = services_for_tests()[0].replace("postgresql://", "postgresql+psycopg://")
    measured = python(script, tmp_path, URL=url)
    assert float(str(measured["times"])) < 4, measured
    assert int(str(measured["ticks"])) >= 5, measured


def test_a_query_that_waits_holds_up_no_other_visitor(pair: Pair, crowd: list[Person]) -> None:
    """The same in the running service: somebody else has the table locked."""
    visitor = Visitor(pair.first)
    crowd.append(visitor)
    answers: list[dict[str, object]] = []
    thread = threading.Thread(target=lambda: answers.append(visitor.say("hoi")))
    with psycopg.connect(pair.first.environment["DATABASE_URL"]) as other:
        other.execute("LOCK TABLE entry IN ACCESS EXCLUSIVE MODE")
        thread.start()
        thread.join(0.5)
        for _ in range(10):
            assert Browser(pair.first.url).open("/robots.txt")[0] == 200
        assert not answers
    thread.join(10)
    assert answers[0]["ok"]


def test_the_pools_of_a_usual_setting_fit_into_postgresql() -> None:
    """Two web processes, the worker and a command, at PostgreSQL's own default of 100, of which it keeps three."""
    url = services_for_tests()[0].replace("postgresql://", "postgresql+psycopg://")
    engine = make_engine(url)
    each = engine.pool.size() + engine.pool._max_overflow  # type: ignore[attr-defined]
    assert 4 * each <= 100 - 3
    assert each >= 10


def test_a_full_pool_waits_and_does_not_fail(tmp_path: Path) -> None:
    script = """
import json, gevent
from sqlalchemy import text
from web.storage.engine import make_engine
engine = make_engine(__import__("os").environ["URL"])
def query():
    with engine.connect() as connection:
        return connection.execute(text("SELECT 1 FROM pg_sleep(0.05)")).scalar()
done = [gevent.spawn(query) for _ in range(100)]
gevent.joinall(done, raise_error=True)
print(json.dumps({"done": sum(one.value for one in done)}))
"""
    url = services_for_tests()[0].replace("postgresql://", "postgresql+psycopg://")
    assert python(script, tmp_path, URL=url) == {"done": 100}


def test_messages_of_one_connection_keep_their_order(pair: Pair, crowd: list[Person]) -> None:
    """Many in flight, of two kinds that take different ways to the database."""
    visitor, worker = Visitor(pair.first), Worker(pair.second)
    crowd += [visitor, worker]
    wanted = talking(visitor, worker)
    desk = Line(pair.second.url, worker.browser.cookie_header()).join("/desk")
    chat = Line(pair.first.url, visitor.browser.cookie_header()).join("/chat")
    for line, kinds in ((desk, ("note", "reply")), (chat, ("say", "say"))):
        for at in range(40):
            more = {"conversation": wanted} if line is desk else {}
            line.emit(kinds[at % 2], {"client_id": new_id(), "text": f"{at}", **more})
        start, acks = f"43{line.namespace},", []
        while len(acks) < 40:
            packet = line.packet()
            if packet.startswith(start):
                found, _, rest = packet[len(start) :].partition("[")
                acks.append((int(found), json.loads("[" + rest)[0]["number"]))
        assert acks == sorted(acks)
        numbers = [number for _, number in acks]
        assert numbers == sorted(numbers)
        line.close()
