"""Queries for helpline workers."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from web.core.staff import DESK_ROLES
from web.storage.models import ConversationRow, StaffRow, StaffSessionRow


def by_id(session: Session, staff_id: int, lock: bool = False) -> StaffRow | None:
    return session.get(StaffRow, staff_id, with_for_update={"key_share": True} if lock else None)


def by_username(session: Session, username: str) -> StaffRow | None:
    return session.scalar(select(StaffRow).where(StaffRow.username == username))


def by_token_hash(session: Session, token_hash: bytes, started_after: datetime) -> StaffRow | None:
    return session.scalar(
        select(StaffRow)
        .join(StaffSessionRow, StaffSessionRow.staff_id == StaffRow.staff_id)
        .where(
            StaffSessionRow.token_hash == token_hash,
            StaffSessionRow.started_at > started_after,
            StaffRow.active,
        )
    )


def end_session(session: Session, token_hash: bytes) -> None:
    session.execute(delete(StaffSessionRow).where(StaffSessionRow.token_hash == token_hash))


def end_old_sessions(session: Session, started_before: datetime) -> None:
    session.execute(delete(StaffSessionRow).where(StaffSessionRow.started_at < started_before))


def on_duty(session: Session, seen_since: datetime) -> list[StaffRow]:
    """Workers whose desk is connected, by name."""
    return list(
        session.scalars(
            select(StaffRow)
            .where(StaffRow.seen_at > seen_since, StaffRow.role.in_(DESK_ROLES), StaffRow.active)
            .order_by(StaffRow.name)
        )
    )


def note_staff(session: Session, staff_ids: Sequence[int], at: datetime) -> None:
    # In one order: two processes may note the same workers, and must not wait for each other.
    wanted = select(StaffRow.staff_id).where(StaffRow.staff_id.in_(staff_ids)).order_by(StaffRow.staff_id)
    session.execute(wanted.with_for_update(key_share=True))
    session.execute(
        update(StaffRow)
        .where(StaffRow.staff_id.in_(staff_ids))
        .values(seen_at=at)
        .execution_options(synchronize_session=False)
    )


def lost_holders(session: Session, seen_before: datetime) -> list[StaffRow]:
    """Workers who hold a conversation and whose connection has been gone for too long."""
    return list(
        session.scalars(
            select(StaffRow)
            .where(
                StaffRow.staff_id.in_(select(ConversationRow.staff_id).where(ConversationRow.staff_id.is_not(None))),
                or_(StaffRow.seen_at < seen_before, StaffRow.seen_at.is_(None)),
            )
            .order_by(StaffRow.staff_id)
        )
    )
