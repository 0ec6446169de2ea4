"""Queries for the wrapped keys: which master key wraps them, and changing that while others write."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from web.storage.models import ConversationRow, SecretRow
from web.storage.sealing import NO_KEY


@dataclass(frozen=True)
class Wrapped:
    conversation_id: UUID
    key_id: str
    wrapped_key: bytes


def wrapped_by_others(session: Session, current: str, after: UUID | None, limit: int) -> list[Wrapped]:
    """The next conversations, by id, whose key another master key wraps."""
    query = (
        select(ConversationRow.conversation_id, ConversationRow.key_id, ConversationRow.wrapped_key)
        .where(ConversationRow.key_id.not_in([current, NO_KEY]))
        .order_by(ConversationRow.conversation_id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(ConversationRow.conversation_id > after)
    return [Wrapped(*found) for found in session.execute(query)]


def replace(session: Session, before: Wrapped, after: Wrapped) -> bool:
    """Compare and set. The row's version stays as it is: who writes a message meanwhile is not turned away."""
    changed = session.execute(
        update(ConversationRow)
        .where(
            ConversationRow.conversation_id == before.conversation_id,
            ConversationRow.key_id == before.key_id,
            ConversationRow.wrapped_key == before.wrapped_key,
        )
        .values(key_id=after.key_id, wrapped_key=after.wrapped_key)
        .execution_options(synchronize_session=False)
    )
    return rows_of(changed) == 1


def destroy(session: Session, found: Sequence[tuple[UUID, int]]) -> int:
    """Overwrite the keys of these conversations, unless their version is another by now; returns how many."""
    destroyed = 0
    for conversation_id, version in found:
        changed = session.execute(
            update(ConversationRow)
            .where(ConversationRow.conversation_id == conversation_id, ConversationRow.version == version)
            .values(key_id=NO_KEY, wrapped_key=b"", token_hash=None, code_hash=None, version=version + 1)
            .execution_options(synchronize_session=False)
        )
        destroyed += rows_of(changed)
    return destroyed


def count_by_master(session: Session) -> dict[str, int]:
    """How many keys, of conversations and of the installation, each master key wraps."""
    counts: Counter[str] = Counter()
    for table in (ConversationRow, SecretRow):
        found = session.execute(select(table.key_id, func.count()).where(table.key_id != NO_KEY).group_by(table.key_id))
        for key_id, count in found:
            counts[key_id] += count
    return dict(counts)


def rows_of(result: object) -> int:
    return int(getattr(result, "rowcount", 0))
