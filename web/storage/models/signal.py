"""Signals between processes for installations without Redis."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from web.storage.base import Base, UtcDateTime


class SignalRow(Base):
    """'Conversation X has an entry N': ids and numbers, never words. The web reads them and tells its sockets."""

    __tablename__ = "signal"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 (not a ClassVar under mypy); ids are never reused

    signal_id: Mapped[int] = mapped_column(primary_key=True)
    payload: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
