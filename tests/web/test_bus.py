"""Signals between processes, on a real Redis and on a real table: what is told, and what after a failure."""

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import astuple
from itertools import count
from pathlib import Path

import gevent
import pytest
from sqlalchemy import Engine, text

from tests.conftest import MARKER, new_database
from tests.people import Person, Visitor, Worker, new_id
from tests.processes import until
from tests.web.houses import OwnRedis, Pair, talking
from web import bus as module
from web.bus import Bus, RedisBus, Signal, TableBus
from web.prepare import migrate
from web.storage.engine import make_engine

EVERYTHING, END = Signal("everything"), Signal("end")
WHICH = "0123456789abcdef" * 2

Listen = Callable[[Bus], list[Signal]]
_databases = count()


def entry(number: int) -> Signal:
    return Signal("entry", WHICH, number, 2)


class Listener:
    """What a process hears from now on, until it hears END."""

    def __init__(self, bus: Bus) -> None:
        self.bus, self.heard = bus, list[Signal]()
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    def _listen(self) -> None:
        for signal in self.bus.listen():
            if signal == END:
                break
            self.heard.append(signal)


@pytest.fixture
def listening(own_redis: OwnRedis) -> Iterator[Callable[[Bus], list[Signal]]]:
    listeners: list[Listener] = []

    def listen(bus: Bus) -> list[Signal]:
        listeners.append(Listener(bus))
        return listeners[-1].heard

    yield listen
    own_redis.client.publish(module.CHANNEL, json.dumps({"from": "the test", "told": [astuple(END)]}))
    for listener in listeners:
        if isinstance(listener.bus, TableBus):
            listener.bus._publishes = True
            listener.bus.publish([END])
        listener.thread.join(5)
        assert not listener.thread.is_alive()


def spoken(seconds: float = 0.2) -> None:
    """Let the speaker of this thread run: gevent's hub is not patched in here."""
    gevent.sleep(seconds)


@pytest.fixture
def speaker(own_redis: OwnRedis, monkeypatch: pytest.MonkeyPatch) -> RedisBus:
    monkeypatch.setattr(module.time, "sleep", gevent.sleep)
    return RedisBus(own_redis.url)


def test_what_one_process_tells_the_others_hear_in_order(
    own_redis: OwnRedis, speaker: RedisBus, listening: Listen
) -> None:
    heard, own = listening(RedisBus(own_redis.url)), listening(speaker)
    until(lambda: heard == own == [EVERYTHING], 5, "both listening")
    for number in range(1200):  # more than go at once
        speaker.publish([entry(number), Signal("queue")])
    spoken()
    until(lambda: len(heard) == 2401, 5, "all signals")
    assert heard[1::2] == [entry(number) for number in range(1200)]
    assert own == [EVERYTHING]


def test_what_could_not_be_told_is_told_when_redis_is_back(own_redis: OwnRedis, speaker: RedisBus) -> None:
    own_redis.stop()
    speaker.publish([entry(1)])
    spoken()
    speaker.publish([entry(2)])
    spoken()
    own_redis.start()
    # A listener that misses nothing: it is there before the speaker, which runs only when this thread lets it.
    channel = own_redis.client.pubsub(ignore_subscribe_messages=True)
    channel.subscribe(module.CHANNEL)
    channel.get_message(timeout=1)
    spoken(1.5)
    told: list[list[object]] = []
    while (message := channel.get_message(timeout=1)) is not None:
        told += json.loads(message["data"])["told"]
    channel.close()
    assert [number for _, _, number, _ in told] == [1, 2]


def test_whoever_could_not_listen_looks_at_everything(
    own_redis: OwnRedis, speaker: RedisBus, listening: Listen
) -> None:
    heard = listening(RedisBus(own_redis.url))
    until(lambda: heard == [EVERYTHING], 5, "listening")
    own_redis.stop()
    own_redis.start()
    until(lambda: heard == [EVERYTHING] * 2, 10, "listening again")
    speaker.publish([entry(3)])
    spoken()
    until(lambda: heard[2:] == [entry(3)], 5, "the next signal")


def test_too_much_to_keep_becomes_look_at_everything(
    own_redis: OwnRedis, listening: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module.time, "sleep", gevent.sleep)
    monkeypatch.setattr(module, "KEPT", 10)
    few = RedisBus(own_redis.url)
    heard = listening(RedisBus(own_redis.url))
    until(lambda: heard == [EVERYTHING], 5, "listening")
    few.publish([entry(number) for number in range(25)])
    few.publish([entry(25)])
    spoken()
    until(lambda: heard == [EVERYTHING] * 2, 5, "everything instead of each")
    few.publish([entry(26)])
    spoken()
    until(lambda: heard[2:] == [entry(26)], 5, "the next one as usual")


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'halte.sqlite'}"
    else:
        url = new_database(f"halte_web_bus_{next(_databases)}").replace("postgresql://", "postgresql+psycopg://")
    migrate(url)
    made = make_engine(url)
    yield made
    made.dispose()


def run(engine: Engine, statement: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(statement))


def test_the_table_carries_what_the_worker_tells(engine: Engine, listening: Listen) -> None:
    worker, web = TableBus(engine, publishes=True), TableBus(engine, publishes=False)
    worker.publish([entry(1)])
    heard = listening(web)
    time.sleep(0.3)  # it looks where the end is
    longest = Signal("visitor_types", WHICH, 2**31 - 1, 2**31 - 1)
    worker.publish([entry(2), longest])
    until(lambda: heard == [entry(2), longest], 5, "the signals, and none from before")
    web.publish([entry(3)])  # the only web process: nobody is there to hear it
    worker.publish([entry(4)])
    until(lambda: heard[2:] == [entry(4)], 5, "the next one")


def test_what_the_table_did_not_take_is_told_later(engine: Engine, listening: Listen) -> None:
    worker = TableBus(engine, publishes=True)
    heard = listening(TableBus(engine, publishes=False))
    time.sleep(0.3)
    run(engine, "ALTER TABLE signal RENAME TO away")
    worker.publish([entry(1)])
    worker.publish([entry(2)])
    run(engine, "ALTER TABLE away RENAME TO signal")
    worker.flush()
    until(lambda: heard == [entry(1), entry(2)], 5, "both signals")
    worker.flush()
    time.sleep(1)
    assert heard == [entry(1), entry(2)]


def test_signals_are_heard_after_all_old_ones_were_deleted(engine: Engine, listening: Listen) -> None:
    """Ids are never used again, or a listener would wait for ever for one that is higher than it has seen."""
    worker = TableBus(engine, publishes=True)
    heard = listening(TableBus(engine, publishes=False))
    time.sleep(0.3)
    worker.publish([entry(number) for number in range(5)])
    until(lambda: len(heard) == 5, 5, "the first signals")
    run(engine, "DELETE FROM signal")
    worker.publish([entry(9)])
    until(lambda: heard[5:] == [entry(9)], 5, "the one after")


@pytest.fixture
def together(pair: Pair, crowd: list[Person]) -> tuple[Visitor, Worker, str]:
    """A visitor on the first process, a worker on the second."""
    visitor, worker = Visitor(pair.first), Worker(pair.second)
    crowd += [visitor, worker]
    return visitor, worker, talking(visitor, worker)


def words(person: Person) -> list[str]:
    entries = [data.get("entry", data) for name, data in list(person.heard) if name == "entry"]
    return [told["text"] for told in entries if "text" in told]


def test_a_redis_that_hangs_holds_up_nobodys_message(pair: Pair, together: tuple[Visitor, Worker, str]) -> None:
    """Waiting for Redis would take each of these ten its whole timeout of five seconds."""
    visitor, worker, wanted = together
    pair.redis.hold()
    try:
        begun = time.monotonic()
        for at in range(5):
            assert visitor.say(f"vraag {at}")["ok"]
            assert worker.reply(wanted, f"antwoord {at}")["ok"]
        assert visitor.emit("typing", {})["ok"]
        assert time.monotonic() - begun < 5
        newcomer = Visitor(pair.first)  # its budget is asked of Redis, in vain
        assert newcomer.say("hoi")["ok"]
        newcomer.hang_up()
    finally:
        pair.redis.let_go()
    until(lambda: words(worker) == [f"vraag {at}" for at in range(5)], 15, "what was asked meanwhile")
    until(lambda: words(visitor) == [f"antwoord {at}" for at in range(5)], 15, "what was answered meanwhile")


def test_redis_falls_and_comes_back(pair: Pair, together: tuple[Visitor, Worker, str]) -> None:
    visitor, worker, _ = together
    pair.redis.stop()
    assert visitor.say("terwijl het weg is")["ok"]
    pair.redis.start()
    until(lambda: "behind" in [name for name, _ in worker.heard] or words(worker), 15, "a word, or that it is behind")
    visitor.say("daarna")
    until(lambda: words(worker)[-1:] == ["daarna"], 15, "the next word by itself")


def test_only_ids_and_numbers_pass_through_redis(pair: Pair, crowd: list[Person]) -> None:
    lines: list[str] = []
    with pair.redis.client.monitor() as monitor:
        thread = threading.Thread(target=collect, args=(monitor.listen, lines), daemon=True)
        thread.start()
        visitor, worker = Visitor(pair.first), Worker(pair.second)
        crowd += [visitor, worker]
        visitor.say(f"ik heet {MARKER}")
        wanted = talking(visitor, worker)
        visitor.say(f"en ik woon in {MARKER}")
        visitor.emit("typing", {})
        worker.reply(wanted, f"dag {MARKER}")
        worker.emit("typing", {"conversation": wanted})
        worker.emit("note", {"conversation": wanted, "client_id": new_id(), "text": f"heet {MARKER}"})
        worker.emit("release", {"conversation": wanted, "client_id": new_id(), "reason": f"pauze {MARKER}"})
        worker.browser.open("/nl/desk/login", form={"username": MARKER, "password": MARKER})
        worker.browser.open("/nl/desk/logout", form={})
        visitor.emit("letter", {"client_id": new_id(), "text": f"brief van {MARKER}"})
        until(lambda: any('"letters"' in line for line in lines), 10, "the last signal")
    told = [line for line in lines if line.startswith("PUBLISH")]
    assert not any(MARKER in line for line in lines)
    kinds = set()
    for line in told:
        published = json.loads(line.split(" ", 2)[2])
        assert re.fullmatch(r"[0-9a-f]{16}", published["from"])
        for kind, conversation, number, staff in published["told"]:
            kinds.add(kind)
            assert re.fullmatch(r"([0-9a-f]{32})?", conversation)
            assert (type(number), type(staff)) == (int, int)
    assert {"entry", "state", "queue", "letters", "visitor_types", "worker_types", "signed_out"} <= kinds
    others = {line.split(" ")[0] for line in lines} - {"PUBLISH"}
    assert others <= {"INCRBY", "EXPIRE", "MULTI", "EXEC", "SUBSCRIBE", "PING", "HELLO", "CLIENT", "SELECT"}, others


def collect(listen: Callable[[], Iterator[dict[str, str]]], lines: list[str]) -> None:
    with suppress(Exception):  # the test is over and has hung up
        for command in listen():
            lines.append(command["command"])
