"""Queries for conversations."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from web.core.conversation import Conversation, State
from web.storage.models import ConversationRow, EntryRow


def by_id(session: Session, conversation_id: UUID) -> ConversationRow | None:
    return session.get(ConversationRow, conversation_id)


def by_token_hash(session: Session, token_hash: bytes) -> ConversationRow | None:
    return session.scalar(select(ConversationRow).where(ConversationRow.token_hash == token_hash))


def waiting(session: Session) -> list[Conversation]:
    """Everyone in the queue, in no particular order: the order is the core's."""
    rows = session.scalars(select(ConversationRow).where(ConversationRow.state == State.WAITING))
    return [row.to_core() for row in rows]


def held_by(session: Session, staff_id: int) -> list[Conversation]:
    rows = session.scalars(select(ConversationRow).where(ConversationRow.staff_id == staff_id))
    return [row.to_core() for row in rows]


def seen_at(session: Session, conversation_ids: Sequence[UUID]) -> dict[UUID, datetime]:
    """When each visitor's connection was last noted."""
    found = session.execute(
        select(ConversationRow.conversation_id, ConversationRow.visitor_seen_at).where(
            ConversationRow.conversation_id.in_(conversation_ids)
        )
    )
    return dict(found.tuples().all())


def note_visitors(session: Session, conversation_ids: Sequence[UUID], at: datetime) -> None:
    """Presence is not part of the conversation's state, so it must not turn another writer away: no version check."""
    session.execute(
        update(ConversationRow)
        .where(ConversationRow.conversation_id.in_(conversation_ids))
        .values(visitor_seen_at=at)
        .execution_options(synchronize_session=False)
    )


def with_overdue_turn(session: Session, before: datetime) -> list[Conversation]:
    rows = session.scalars(
        select(ConversationRow).where(ConversationRow.turn_since < before, ConversationRow.state == State.ASSISTANT)
    )
    return [row.to_core() for row in rows]


def held_by_any(session: Session, staff_ids: Iterable[int]) -> list[UUID]:
    return list(
        session.scalars(select(ConversationRow.conversation_id).where(ConversationRow.staff_id.in_(list(staff_ids))))
    )


def unseen_since(session: Session, before: datetime) -> list[UUID]:
    """Open conversations that nobody holds and that the visitor has not come back to."""
    return list(
        session.scalars(
            select(ConversationRow.conversation_id).where(
                ConversationRow.visitor_seen_at < before,
                ConversationRow.state.in_([State.ASSISTANT, State.WAITING, State.WITH_STAFF]),
            )
        )
    )


def delete_closed_before(session: Session, before: datetime) -> int:
    """Delete conversations with their keys and entries; returns how many."""
    due = select(ConversationRow.conversation_id).where(ConversationRow.closed_at < before)
    session.execute(delete(EntryRow).where(EntryRow.conversation_id.in_(due)))
    gone = session.execute(delete(ConversationRow).where(ConversationRow.closed_at < before))
    return int(getattr(gone, "rowcount", 0))
