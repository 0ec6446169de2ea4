"""Queries for the slots of appointments."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from web.storage.models import ConversationRow, SlotRow


def free(session: Session, now: datetime) -> list[tuple[int, datetime]]:
    open_slots = select(SlotRow.slot_id, SlotRow.starts_at).where(
        SlotRow.taken < SlotRow.places, SlotRow.starts_at > now
    )
    return [(slot_id, at) for slot_id, at in session.execute(open_slots.order_by(SlotRow.starts_at))]


def take(session: Session, slot_id: int, now: datetime) -> datetime | None:
    """One statement decides who gets the last place; None for everybody else."""
    return session.scalar(
        update(SlotRow)
        .where(SlotRow.slot_id == slot_id, SlotRow.taken < SlotRow.places, SlotRow.starts_at > now)
        .values(taken=SlotRow.taken + 1)
        .returning(SlotRow.starts_at)
        .execution_options(synchronize_session=False)
    )


def give_back(session: Session, slot_id: int) -> None:
    session.execute(
        update(SlotRow)
        .where(SlotRow.slot_id == slot_id, SlotRow.taken > 0)
        .values(taken=SlotRow.taken - 1)
        .execution_options(synchronize_session=False)
    )


def offer(session: Session, starts: Iterable[datetime], places: int) -> int:
    """Make slots for those times that have none; returns how many."""
    known = set(session.scalars(select(SlotRow.starts_at)))
    new = [SlotRow(starts_at=at, places=places, taken=0) for at in starts if at not in known]
    session.add_all(new)
    return len(new)


def delete_before(session: Session, at: datetime) -> None:
    held = select(ConversationRow.slot_id).where(ConversationRow.slot_id.is_not(None))
    session.execute(delete(SlotRow).where(SlotRow.starts_at < at, SlotRow.slot_id.not_in(held)))
