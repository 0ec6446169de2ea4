"""Queries for holds."""

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from web.storage.keys import rows_of
from web.storage.models import ConversationRow, HoldRow


def of(session: Session, conversation_id: UUID) -> HoldRow | None:
    return session.get(HoldRow, conversation_id)


def every(session: Session) -> list[HoldRow]:
    return list(session.scalars(select(HoldRow).order_by(HoldRow.until)))


def touch(session: Session, row: ConversationRow) -> None:
    """Make a deletion that looked for holds before this moment lose its race: it compares the version.

    Raises StaleDataError if somebody changed the conversation; then the action runs again.
    """
    changed = session.execute(
        update(ConversationRow)
        .where(ConversationRow.conversation_id == row.conversation_id, ConversationRow.version == row.version)
        .values(version=row.version + 1)
        .execution_options(synchronize_session=False)
    )
    if rows_of(changed) != 1:
        raise StaleDataError("the conversation changed meanwhile")


def called(session: Session, alias: str) -> list[UUID]:
    """Conversations that the desk shows under this name."""
    return list(session.scalars(select(ConversationRow.conversation_id).where(ConversationRow.alias == alias)))
