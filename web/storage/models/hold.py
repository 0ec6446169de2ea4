"""Holds on the deletion of a conversation."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from web.core.holds import Hold
from web.storage.base import Base, UtcDateTime


class HoldRow(Base):
    """At most one for each conversation. The foreign key makes the database itself refuse a deletion that forgot it.

    `sealed_reason` is sealed with the conversation's key, so that it is gone when the conversation is.
    """

    __tablename__ = "hold"
    __table_args__ = (
        CheckConstraint("(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="confirmed"),
        CheckConstraint("confirmed_by IS NULL OR confirmed_by <> proposed_by", name="two_people"),
    )

    conversation_id: Mapped[UUID] = mapped_column(
        ForeignKey("conversation.conversation_id", ondelete="RESTRICT"), primary_key=True
    )
    proposed_by: Mapped[int] = mapped_column(ForeignKey("staff.staff_id"))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.staff_id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    sealed_reason: Mapped[bytes] = mapped_column(LargeBinary)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (may not be a ClassVar under mypy)

    def to_core(self) -> Hold:
        return Hold(self.proposed_by, self.until, self.confirmed_by)
