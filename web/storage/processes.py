"""Queries for the web processes and for what is set while the service runs."""

import time
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

import structlog
from sqlalchemy import delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from web.core import hours
from web.core.hours_document import BadSchedule, from_document
from web.storage.models import ProcessRow, SettingRow

OPENING = "opening"
LOOK_SECONDS = 0.5  # a change is seen everywhere within a second
FORGET_AFTER = timedelta(days=1)
_log = structlog.get_logger()


def beat(session: Session, process_id: str, at: datetime) -> None:
    row = session.get(ProcessRow, process_id)
    if row is None:
        session.add(ProcessRow(process_id=process_id, started_at=at, seen_at=at))
        session.execute(delete(ProcessRow).where(ProcessRow.seen_at < at - FORGET_AFTER))
    else:
        row.seen_at = at


def steady(session: Session, started_before: datetime, seen_since: datetime) -> bool:
    """Whether a web process has been there for so long, and still is: then everybody had time to come back."""
    lives = select(ProcessRow.process_id).where(
        ProcessRow.started_at <= started_before, ProcessRow.seen_at > seen_since
    )
    return session.scalar(lives.limit(1)) is not None


def set_document(session: Session, name: str, document: dict[str, Any], by: str, at: datetime) -> None:
    row = session.get(SettingRow, name)
    if row is None:
        row = SettingRow(name=name)
        session.add(row)
    row.document, row.changed_at, row.changed_by = document, at, by


class OpeningHours:
    """The schedule that holds now; without one, always open. Safe to share between requests."""

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self._sessions = sessions
        self._looked_at = float("-inf")
        self._schedule: hours.Schedule | None = None
        self._first = Lock()

    def schedule(self) -> hours.Schedule:
        """Every action asks for it, so the database is looked at no more often than LOOK_SECONDS.

        At the very first all wait for whoever reads it, and a database that is away is an error: closed must not be
        taken for open. Later what held until now goes on.
        """
        if self._schedule is None:
            with self._first:
                if self._schedule is None:
                    self._schedule = self._look()
        elif time.monotonic() - self._looked_at > LOOK_SECONDS:
            self._looked_at = time.monotonic()
            try:
                self._schedule = self._look()
            except (SQLAlchemyError, BadSchedule) as error:
                _log.warning("opening_hours_unreadable", error=type(error).__name__)
        return self._schedule

    def _look(self) -> hours.Schedule:
        with self._sessions() as session:
            row = session.get(SettingRow, OPENING)
        return from_document(row.document) if row is not None else hours.ALWAYS
