"""Queries for what people said afterwards."""

from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from web.storage.models import FeedbackRow


def by_ticket(session: Session, ticket_hash: bytes) -> FeedbackRow | None:
    return session.get(FeedbackRow, ticket_hash)


def since(session: Session, day: date) -> list[FeedbackRow]:
    """Of that day and later, in no order that means anything."""
    return list(session.scalars(select(FeedbackRow).where(FeedbackRow.day >= day).order_by(FeedbackRow.ticket_hash)))


def delete_before(session: Session, day: date) -> None:
    session.execute(delete(FeedbackRow).where(FeedbackRow.day < day))
