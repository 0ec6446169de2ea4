"""The record of deeds that must be accounted for."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from web.storage.base import Base, UtcDateTime


class AuditRow(Base):
    """No foreign key to the conversation: the record outlives it. `staff_id` is NULL for what the service did itself.

    `deed` is a core.audit.Deed, without a check in the table: a new deed needs no migration. `detail` holds values
    that we make, such as an end date; never what somebody typed.
    """

    __tablename__ = "audit"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 (not a ClassVar under mypy); ids are never reused

    audit_id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.staff_id"))
    deed: Mapped[str] = mapped_column(String(40))
    conversation_id: Mapped[UUID | None] = mapped_column(Uuid)
    detail: Mapped[str] = mapped_column(String(120))
