"""Signals between processes: 'conversation X has entry N', never words.

With Redis by publish and subscribe; without it through a table that the web process reads twice a second. What could
not be told while Redis was away is told when it is back, and whoever could not listen looks at everything once.
"""

import json
import secrets
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

import gevent
import redis
import structlog
from gevent.event import Event
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from web.storage import signals
from web.storage.engine import read_sessions, write_sessions

CHANNEL = "halte:signals"
POLL_SECONDS = 0.5
KEPT = 20_000  # signals while Redis is away; more than that, and the others look at everything instead
AT_ONCE = 500
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Signal:
    """kind: entry, state, queue, letters, visitor_types, worker_types, read, signed_out, or everything (what was told
    meanwhile was missed). number: of the entry. staff: the worker who has to hear of it, if any."""

    kind: str
    conversation: str = ""
    number: int = 0
    staff: int = 0


class Bus(Protocol):
    def publish(self, told: list[Signal]) -> None:
        """Tell the other processes. Never raises and never waits."""

    def flush(self) -> None:
        """Try again what could not be told."""

    def listen(self) -> Iterator[Signal]:
        """What other processes tell, for ever; after a failure it goes on by itself."""


class RedisBus:
    def __init__(self, url: str) -> None:
        self._redis: Any = redis.Redis.from_url(
            url, socket_timeout=5, socket_connect_timeout=2, health_check_interval=10
        )
        self._me = secrets.token_hex(8)
        self._told: deque[Signal] = deque(maxlen=KEPT)
        self._overflowed = False
        self._wake = Event()
        self._speaker: gevent.Greenlet[[], None] | None = None

    def publish(self, told: list[Signal]) -> None:
        self._overflowed |= len(self._told) + len(told) > KEPT
        self._told.extend(told)
        self._wake.set()
        if self._speaker is None or self._speaker.dead:
            self._speaker = gevent.spawn(self._speak)

    def flush(self) -> None:
        """Nothing to do: the speaker tries by itself."""

    def _speak(self) -> None:
        """A greenlet of its own, so that a Redis that hangs holds up nobody's message."""
        while True:
            self._wake.wait()
            self._wake.clear()
            while self._told:
                if self._overflowed:
                    self._told.clear()
                    self._told.append(Signal("everything"))
                    self._overflowed = False
                batch = [self._told[at] for at in range(min(AT_ONCE, len(self._told)))]
                if self._sent(batch):
                    for _ in range(min(len(batch), len(self._told))):
                        self._told.popleft()
                else:
                    time.sleep(0.5)

    def _sent(self, batch: list[Signal]) -> bool:
        payload = json.dumps({"from": self._me, "told": [astuple(signal) for signal in batch]})
        try:
            self._redis.publish(CHANNEL, payload)
        except (redis.RedisError, OSError) as error:
            _log.warning("redis_trouble", error=type(error).__name__)
            return False
        return True

    def listen(self) -> Iterator[Signal]:
        while True:
            try:
                with self._redis.pubsub(ignore_subscribe_messages=True) as channel:
                    channel.subscribe(CHANNEL)
                    yield Signal("everything")
                    while True:
                        message = channel.get_message(timeout=2)
                        if message is None:
                            continue
                        data = json.loads(message["data"])
                        if data["from"] != self._me:
                            yield from (Signal(*signal) for signal in data["told"])
            except (redis.RedisError, OSError) as error:
                _log.warning("redis_trouble", error=type(error).__name__)
                time.sleep(0.5)


class TableBus:
    """For one web process and one worker on the same database. Only the worker publishes."""

    def __init__(self, engine: Engine, publishes: bool) -> None:
        self._writes = write_sessions(engine)
        self._reads = read_sessions(engine)
        self._publishes = publishes
        self._untold: deque[Signal] = deque(maxlen=KEPT)

    def publish(self, told: list[Signal]) -> None:
        """What the database did not take is told along with the next signals; the worker's round makes some."""
        if not self._publishes:
            return
        self._untold.extend(told)
        try:
            with self._writes.begin() as session:
                payloads = [json.dumps(astuple(signal)) for signal in self._untold]
                signals.add(session, payloads, datetime.now(UTC))
        except SQLAlchemyError as error:
            _log.warning("signals_delayed", error=type(error).__name__)
        else:
            self._untold.clear()

    def flush(self) -> None:
        if self._untold:
            self.publish([])

    def listen(self) -> Iterator[Signal]:
        last: int | None = None
        while True:
            try:
                with self._reads() as session:
                    if last is None:
                        last = signals.last_id(session)
                    rows = signals.after(session, last)
            except SQLAlchemyError as error:
                _log.warning("signals_unreadable", error=type(error).__name__)
                rows = []
            for row in rows:
                last = row.signal_id
                yield Signal(*json.loads(row.payload))
            time.sleep(POLL_SECONDS)
