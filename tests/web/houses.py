"""What the tests of this folder start: a Redis that may fall, two web processes over one database, a small server."""

import copy
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TypeVar

import redis

from tests.people import Browser, Person, Visitor, Worker
from tests.processes import ROOT, Service, end, free_port, get_json, until
from tests.web.wire import Line

P = TypeVar("P", bound=Person)


class OwnRedis:
    """Nobody else is on it: it may be stopped, held and listened in on."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._port = folder, free_port()
        self.url = f"redis://127.0.0.1:{self._port}/0"
        self.client = redis.Redis.from_url(self.url, socket_timeout=5)
        self.start()

    def start(self) -> None:
        command = ["redis-server", "--port", str(self._port), "--bind", "127.0.0.1", "--save", ""]
        self._process = subprocess.Popen(
            [*command, "--dir", str(self._folder)], stdout=subprocess.DEVNULL, start_new_session=True
        )
        until(self._answers, 10, "Redis")

    def _answers(self) -> bool:
        try:
            return bool(self.client.ping())
        except redis.RedisError:
            return False

    def stop(self) -> None:
        end(self._process)

    def hold(self) -> None:
        """It hangs: connections stay open, nothing is answered."""
        self._process.send_signal(signal.SIGSTOP)

    def be_there(self) -> None:
        self.let_go()
        if self._process.poll() is not None:
            self.start()

    def let_go(self) -> None:
        self._process.send_signal(signal.SIGCONT)


class Pair:
    """Two web processes on ports of their own and one worker process, over one database and one Redis."""

    def __init__(self, home: Path, database: str, own_redis: OwnRedis) -> None:
        self.redis = own_redis
        extra = {"DATABASE_URL": database, "REDIS_URL": own_redis.url, "STARTS_PER_MINUTE": "10000"}
        self.first = Service(home, "s" * 32, f"http://127.0.0.1:{free_port()}", extra)
        self.second = beside(self.first)

    def stop(self) -> None:
        self.second.stop()
        self.first.stop()


def beside(service: Service) -> Service:
    """One more web process on the same database."""
    other = copy.copy(service)
    other.port, other.processes = free_port(), {}
    other.url = f"http://localhost:{other.port}"
    other.environment = {**service.environment, "PORT": str(other.port)}
    other.log = (service.home / "log.txt").open("ab")
    try:
        other.start("web")
    except AssertionError:
        service.stop()
        raise
    return other


def also_at(person: P, service: Service) -> P:
    """The same person, with the same cookies, by one more connection through another process."""
    other = copy.copy(person)
    other.browser = Browser(service.url)
    other.browser.jar = person.browser.jar
    other.heard = []
    other.socket = other._connect()
    return other


def talking(visitor: Visitor, worker: Worker) -> str:
    """Bring them together; the conversation's id."""
    visitor.ask_person()
    card = worker.emit("claim_next", {})
    assert card["ok"], card
    return str(card["conversation"]["id"])


def worker_pid(service: Service) -> int:
    """gunicorn's only worker."""
    return only_child(service.processes["web"].pid)


def only_child(master: int) -> int:
    children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    assert len(children) == 1
    return int(children[0])


def kib(pid: int) -> int:
    """Memory of a process (PSS)."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    raise AssertionError("no Pss")


def open_sockets(pid: int) -> int:
    folder = Path(f"/proc/{pid}/fd")
    found = 0
    for name in os.listdir(folder):
        try:
            found += os.readlink(folder / name).startswith("socket:")
        except OSError:  # closed meanwhile
            continue
    return found


class Small:
    """tests/web/small.py under gunicorn, with the product's configuration."""

    def __init__(self, folder: Path, send_seconds: int, ping_timeout: int) -> None:
        port = free_port()
        self.url = f"http://localhost:{port}"
        times = {"SEND_SECONDS": str(send_seconds), "PING_TIMEOUT": str(ping_timeout)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "tests.web.small:application"],
            cwd=ROOT,
            env={**os.environ, **times, "PORT": str(port), "WEB_PROCESSES": "1", "HALTE_HOME": str(folder)},
            start_new_session=True,
        )
        try:
            until(lambda: get_json(f"{self.url}/health")["ok"], 20, "the small server")
        except AssertionError:
            self.stop()
            raise
        self.pid = only_child(self.process.pid)

    def line(self, receive_buffer: int = 0) -> Line:
        return Line(self.url, receive_buffer=receive_buffer).join("/small")

    def settled(self) -> int:
        """Its open sockets, once none comes or goes."""
        before = -1
        while before != (before := open_sockets(self.pid)):
            time.sleep(0.3)
        return before

    def stop(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)  # it may have work left for minutes
        self.process.wait()
