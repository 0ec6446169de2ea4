"""The statements of the message path in the database driver's own terms.

SQLAlchemy works out each value of each row anew; for the two statements that every message needs this costs more than
the database itself does (measured, docs/performance.md). Everything else goes through SQLAlchemy as usual.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from web.core.conversation import Conversation
from web.core.entries import Entry

ENTRY_COLUMNS = ("conversation_id", "number", "prev", "sender", "kind", "sealed", "at", "client_id", "staff_id")
# What a message changes of its conversation, unless somebody else gets it by that.
MESSAGE_COLUMNS = ("last_number", "last_visible", "active_at", "warned_at", "turn_number", "turn_since")
SealedEntry = tuple[UUID, Entry, bytes]


def insert_entries(connection: Connection, rows: Sequence[SealedEntry]) -> None:
    id_of, at_of, mark = _terms(connection)
    marks = ", ".join([mark] * len(ENTRY_COLUMNS))
    values = [
        (
            id_of(which),
            entry.number,
            entry.prev,
            entry.sender.value,
            entry.kind.value,
            sealed,
            at_of(entry.at),
            entry.client_id,
            entry.staff_id,
        )
        for which, entry, sealed in rows
    ]
    connection.exec_driver_sql(f"INSERT INTO entry ({', '.join(ENTRY_COLUMNS)}) VALUES ({marks})", values)  # noqa: S608 (column names)


def set_numbers(connection: Connection, written: Iterable[tuple[Conversation, int]]) -> bool:
    """Store where each conversation has come to, if it still has that version; whether all of them had."""
    id_of, at_of, mark = _terms(connection)
    settings = ", ".join(f"{name} = {mark}" for name in MESSAGE_COLUMNS)
    values = [
        (
            after.last_number,
            after.last_visible,
            at_of(after.active_at),
            at_of(after.warned_at),
            after.turn_number,
            at_of(after.turn_since),
            version + 1,
            id_of(after.conversation_id),
            version,
        )
        for after, version in written
    ]
    done = connection.exec_driver_sql(
        f"UPDATE conversation SET {settings}, version = {mark} WHERE conversation_id = {mark} AND version = {mark}",  # noqa: S608
        values,
    )
    return done.rowcount == len(values)


def _terms(connection: Connection) -> tuple[Any, Any, str]:
    """How this driver wants an id and a time, and its mark for a value."""
    if connection.dialect.name == "sqlite":
        return _hex, _text, "?"
    return _same, _same, "%s"


def _hex(which: UUID) -> str:
    return which.hex


def _text(at: datetime | None) -> str | None:
    """As SQLAlchemy stores a time in SQLite."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds") if at is not None else None


def _same(value: Any) -> Any:
    return value
