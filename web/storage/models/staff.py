"""Helpline workers and their sessions."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from web.core.content import LANGUAGES
from web.core.staff import Role, Status
from web.storage.base import Base, UtcDateTime, enum_by_value


class StaffRow(Base):
    """`name` is what visitors read: a first name or an alias. `seen_at` is the heartbeat of the desk's connection.

    languages, skills: words separated by blanks. capacity: conversations at a time.
    """

    __tablename__ = "staff"

    staff_id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(64))
    role: Mapped[Role] = mapped_column(enum_by_value(Role, "role"))
    password_hash: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)
    languages: Mapped[str] = mapped_column(String(40), default=" ".join(LANGUAGES))
    skills: Mapped[str] = mapped_column(String(80), default="")
    capacity: Mapped[int] = mapped_column(default=3)
    status: Mapped[Status] = mapped_column(enum_by_value(Status, "status"), default=Status.AVAILABLE)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)


class StaffSessionRow(Base):
    """The cookie holds a random token; only its hash is here. Logging out deletes the row."""

    __tablename__ = "staff_session"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.staff_id", ondelete="CASCADE"), index=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
