"""The only place that commits: one transaction, and only then the events."""

import random
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Concatenate, ParamSpec, TypeVar
from uuid import UUID

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError

from web.actions import messages
from web.actions.messages import Message
from web.actions.outcome import Outcome, Work
from web.core.content import Content
from web.core.errors import Code, Refused
from web.core.events import Event
from web.core.hours import Schedule
from web.lane import Lane
from web.storage.content import Library
from web.storage.engine import read_sessions, write_sessions
from web.storage.entries import EntryStore, Stored
from web.storage.processes import OpeningHours

ATTEMPTS = 6
_log = structlog.get_logger()

T = TypeVar("T")
P = ParamSpec("P")
Deliver = Callable[[Sequence[Event]], None]


class Dispatcher:
    """Runs actions and reads. `deliver` hears the events of each commit; it must never raise."""

    def __init__(
        self, engine: Engine, entries: EntryStore, library: Library, deliver: Deliver, process: str = ""
    ) -> None:
        self._writes = write_sessions(engine)
        self._reads = read_sessions(engine)
        self._entries = entries
        self._library = library
        self._opening = OpeningHours(self._reads)
        self._deliver = deliver
        self._process = process
        self._lane = Lane(self._store)

    def perform(self, action: Callable[Concatenate[Work, P], Outcome[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run the action; commit; tell the others. A lost race runs the action again, on fresh data.

        Refused: what the action refuses, and BUSY when the database could not take it.
        """
        outcome = self._transaction(action.__name__, lambda work, _: action(work, *args, **kwargs))
        self._deliver(outcome.events)
        return outcome.value

    def send(self, message: Message) -> Stored:
        """Store somebody's words together with those of others; returns once they are durable.

        Refused: what the conversation's state refuses, and BUSY when the database could not take it.
        """
        return self._lane.put(message)

    def read(self, query: Callable[Concatenate[Work, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a query. Refused: what it refuses, and BUSY when the database does not answer."""
        try:
            around = self._around()
            with self._reads() as session:
                return query(Work(session, self._entries, *around), *args, **kwargs)
        except (DBAPIError, PoolTimeout) as error:
            _log.warning("database_trouble", action=query.__name__, error=type(error).__name__)
            raise Refused(Code.BUSY) from None

    def forget(self, conversation_id: UUID) -> None:
        """Another process wrote it."""
        self._entries.forget(conversation_id)

    def _store(self, batch: Sequence[Message]) -> list[messages.Result]:
        """One commit for all of them. Only a conflict makes it look for repeats, which costs a query."""
        done = self._transaction("messages", lambda work, attempt: messages.store(work, batch, careful=attempt > 0))
        self._entries.remember(done.written)
        self._deliver(done.events)
        return done.results

    def _transaction(self, name: str, task: Callable[[Work, int], T]) -> T:
        for attempt in range(ATTEMPTS):
            try:
                around = self._around()
                with self._writes.begin() as session:
                    return task(Work(session, self._entries, *around), attempt)
            except (StaleDataError, IntegrityError):
                # Somebody else was first. On the next run the task sees what they did.
                time.sleep(random.uniform(0, 0.01) * attempt)  # noqa: S311 (spreads retries, no secret)
            except (DBAPIError, PoolTimeout) as error:
                _log.warning("database_trouble", action=name, error=type(error).__name__)
                time.sleep(0.05 * 2**attempt)
        raise Refused(Code.BUSY)

    def _around(self) -> tuple[Content, datetime, Schedule, str]:
        """What holds at this moment. Before the transaction takes its connection: looking may take another one."""
        return self._library.content(), datetime.now(UTC), self._opening.schedule(), self._process
