"""Signals between processes: 'conversation X has entry N', never words.

With Redis by publish and subscribe; without it through a table that the web process reads twice a second. A signal
that is lost does no harm: browsers catch up by number when they connect, and every minute while they wait.
"""

import json
import secrets
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

import redis
import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from web.storage import signals
from web.storage.engine import read_sessions, write_sessions

CHANNEL = "halte:signals"
POLL_SECONDS = 0.5
_log = structlog.get_logger()


@dataclass(frozen=True)
class Signal:
    """kind: entry (number = its number), state (number = the worker who no longer holds it, or 0) or queue."""

    kind: str
    conversation: str = ""
    number: int = 0


class Bus(Protocol):
    def publish(self, told: list[Signal]) -> None:
        """Tell the other processes. Never raises."""

    def listen(self) -> Iterator[Signal]:
        """What other processes tell, for ever; after a failure it goes on by itself."""


class RedisBus:
    def __init__(self, url: str) -> None:
        self._redis: Any = redis.Redis.from_url(url, socket_timeout=5, socket_connect_timeout=2)
        self._me = secrets.token_hex(8)

    def publish(self, told: list[Signal]) -> None:
        payload = json.dumps({"from": self._me, "told": [asdict(signal) for signal in told]})
        try:
            self._redis.publish(CHANNEL, payload)
        except redis.RedisError as error:
            _log.warning("redis_trouble", error=type(error).__name__)

    def listen(self) -> Iterator[Signal]:
        while True:
            try:
                with self._redis.pubsub(ignore_subscribe_messages=True) as channel:
                    channel.subscribe(CHANNEL)
                    # Whatever was missed while away: the queue is looked at once.
                    yield Signal("queue")
                    while True:
                        message = channel.get_message(timeout=2)
                        if message is None:
                            continue
                        data = json.loads(message["data"])
                        if data["from"] != self._me:
                            yield from (Signal(**signal) for signal in data["told"])
            except redis.RedisError as error:
                _log.warning("redis_trouble", error=type(error).__name__)
                time.sleep(1)


class TableBus:
    """For one web process and one worker on the same database. Only the worker publishes."""

    def __init__(self, engine: Engine, publishes: bool) -> None:
        self._writes = write_sessions(engine)
        self._reads = read_sessions(engine)
        self._publishes = publishes

    def publish(self, told: list[Signal]) -> None:
        if not self._publishes:
            return
        try:
            with self._writes.begin() as session:
                payloads = [json.dumps(asdict(signal)) for signal in told]
                signals.add(session, payloads, datetime.now(UTC))
        except SQLAlchemyError as error:
            _log.warning("signal_lost", error=type(error).__name__)

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
                yield Signal(**json.loads(row.payload))
            time.sleep(POLL_SECONDS)
