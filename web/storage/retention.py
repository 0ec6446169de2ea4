"""Queries for deletion: what is due, what a hold keeps, and the deleting itself."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from web.core.states import State
from web.storage.models import AuditRow, ConversationRow, EntryRow, HoldRow
from web.storage.sealing import NO_KEY


def closed_before(session: Session, before: datetime, now: datetime, limit: int) -> list[tuple[UUID, int]]:
    """Id and version of conversations whose time is over, that still have a key and that no hold keeps.

    Holds and versions are of one moment: a hold that is confirmed after it changes the version.
    """
    held = exists().where(
        HoldRow.conversation_id == ConversationRow.conversation_id,
        HoldRow.confirmed_by.is_not(None),
        HoldRow.until > now,
    )
    found = session.execute(
        select(ConversationRow.conversation_id, ConversationRow.version)
        .where(ConversationRow.closed_at < before, ConversationRow.key_id != NO_KEY, ~held)
        .order_by(ConversationRow.closed_at)
        .limit(limit)
    )
    return [(conversation_id, version) for conversation_id, version in found]


def without_key(session: Session, before: datetime, limit: int) -> list[UUID]:
    """Conversations whose time is over and whose key was destroyed: only rows are left of them."""
    found = session.scalars(
        select(ConversationRow.conversation_id)
        .where(ConversationRow.closed_at < before, ConversationRow.key_id == NO_KEY)
        .limit(limit)
    )
    return list(found)


def silent_letters(session: Session, before: datetime) -> list[UUID]:
    """Letters, answered or not, in which nobody has written since."""
    found = session.scalars(
        select(ConversationRow.conversation_id).where(
            ConversationRow.state.in_([State.LETTER, State.ANSWERED]), ConversationRow.active_at < before
        )
    )
    return list(found)


def holds_of(session: Session, conversation_ids: Sequence[UUID]) -> list[HoldRow]:
    return list(session.scalars(select(HoldRow).where(HoldRow.conversation_id.in_(conversation_ids))))


def delete_conversations(session: Session, conversation_ids: Sequence[UUID]) -> None:
    """All rows of these conversations. The database refuses if somebody proposes a hold at this very moment."""
    for table in (HoldRow, EntryRow, ConversationRow):
        session.execute(
            delete(table)
            .where(table.conversation_id.in_(conversation_ids))
            .execution_options(synchronize_session=False)
        )


def delete_audit_before(session: Session, at: datetime) -> None:
    session.execute(delete(AuditRow).where(AuditRow.at < at))
