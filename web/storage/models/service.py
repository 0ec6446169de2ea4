"""How the service runs: its web processes, the slots for appointments, and what supervisors set."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from web.storage.base import Base, UtcDateTime


class ProcessRow(Base):
    """A web process; it lives as long as its beat. Who was connected to a dead one is away since its last."""

    __tablename__ = "process"

    process_id: Mapped[str] = mapped_column(String(16), primary_key=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SlotRow(Base):
    """A time at which `places` visitors can have an appointment. The check keeps two from taking the last one."""

    __tablename__ = "slot"
    __table_args__ = (CheckConstraint("taken >= 0 AND taken <= places", name="places"),)

    slot_id: Mapped[int] = mapped_column(primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime, unique=True)
    places: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)


class SettingRow(Base):
    """What is changed while the service runs, such as the opening hours."""

    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by: Mapped[str] = mapped_column(String(64))
