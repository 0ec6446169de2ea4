"""Queries for the signals between processes."""

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from web.storage.models import SignalRow


def add(session: Session, payloads: list[str], at: datetime) -> None:
    session.add_all(SignalRow(payload=payload, at=at) for payload in payloads)


def last_id(session: Session) -> int:
    return session.scalar(select(func.max(SignalRow.signal_id))) or 0


def after(session: Session, signal_id: int) -> list[SignalRow]:
    return list(session.scalars(select(SignalRow).where(SignalRow.signal_id > signal_id).order_by(SignalRow.signal_id)))


def delete_before(session: Session, at: datetime) -> None:
    session.execute(delete(SignalRow).where(SignalRow.at < at))
