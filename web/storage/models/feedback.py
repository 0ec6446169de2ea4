"""What people said afterwards of how it was, apart from everything else."""

from datetime import date

from sqlalchemy import CheckConstraint, Date, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from web.core.feedback import Helpful
from web.storage.base import Base, enum_by_value


class FeedbackRow(Base):
    """A day and no time, nothing of the conversation, and no counter: the key is the hash of a random ticket.

    Without SQLite's hidden row numbers, which would keep the order in which answers came.
    """

    __tablename__ = "feedback"
    __table_args__ = (
        CheckConstraint("helpful IS NOT NULL OR sealed_missing IS NOT NULL", name="something"),
        {"sqlite_with_rowid": False},
    )

    ticket_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    day: Mapped[date] = mapped_column(Date)
    language: Mapped[str] = mapped_column(String(2))
    helpful: Mapped[Helpful | None] = mapped_column(enum_by_value(Helpful, "helpful"))
    sealed_missing: Mapped[bytes | None] = mapped_column(LargeBinary)
