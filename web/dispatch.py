"""The only place that commits: one action, one transaction, and only then the events."""

import random
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Concatenate, ParamSpec, TypeVar

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError

from web.actions.outcome import Outcome, Work
from web.core.errors import Code, Refused
from web.core.events import Event
from web.storage.content import Library
from web.storage.engine import read_sessions, write_sessions
from web.storage.entries import EntryStore

ATTEMPTS = 6
_log = structlog.get_logger()

T = TypeVar("T")
P = ParamSpec("P")
Deliver = Callable[[Sequence[Event]], None]


class Dispatcher:
    """Runs actions and reads. `deliver` hears the events of each commit; it must never raise."""

    def __init__(self, engine: Engine, entries: EntryStore, library: Library, deliver: Deliver) -> None:
        self._writes = write_sessions(engine)
        self._reads = read_sessions(engine)
        self._entries = entries
        self._library = library
        self._deliver = deliver

    def perform(self, action: Callable[Concatenate[Work, P], Outcome[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run the action; commit; tell the others. A lost race runs the action again, on fresh data.

        Refused: what the action refuses, and BUSY when the database could not take it.
        """
        content = self._library.content()
        for attempt in range(ATTEMPTS):
            try:
                with self._writes.begin() as session:
                    work = Work(session, self._entries, content, datetime.now(UTC))
                    outcome = action(work, *args, **kwargs)
            except (StaleDataError, IntegrityError):
                # Somebody else was first. On the next run the action sees what they did.
                time.sleep(random.uniform(0, 0.01) * attempt)  # noqa: S311 (spreads retries, no secret)
            except (DBAPIError, PoolTimeout) as error:
                _log.warning("database_trouble", action=action.__name__, error=type(error).__name__)
                time.sleep(0.05 * 2**attempt)
            else:
                self._deliver(outcome.events)
                return outcome.value
        raise Refused(Code.BUSY)

    def read(self, query: Callable[Concatenate[Work, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a query. Refused: what it refuses, and BUSY when the database does not answer."""
        content = self._library.content()
        try:
            with self._reads() as session:
                return query(Work(session, self._entries, content, datetime.now(UTC)), *args, **kwargs)
        except (DBAPIError, PoolTimeout) as error:
            _log.warning("database_trouble", action=query.__name__, error=type(error).__name__)
            raise Refused(Code.BUSY) from None
