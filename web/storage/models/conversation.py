"""A conversation's state and its entries."""

from dataclasses import fields
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.orm import Mapped, mapped_column

from web.core.conversation import Conversation, State, Urgency
from web.core.entries import Kind, Sender
from web.storage.base import Base, UtcDateTime, enum_by_value


class ConversationRow(Base):
    """`token_hash`: SHA-256 of the visitor's cookie; NULL once the visitor left. `version` turns the slower of two
    writers away (compare and set), which is what makes a claim atomic and numbers gapless."""

    __tablename__ = "conversation"
    __table_args__ = (
        CheckConstraint("(state = 'with_staff') = (staff_id IS NOT NULL)", name="owner"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closing"),
        Index("ix_conversation_queue", "state", "asked_at"),
        Index("ix_conversation_turn", "turn_since"),
        Index("ix_conversation_closed_at", "closed_at"),
    )

    conversation_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    alias: Mapped[str] = mapped_column(String(32))
    language: Mapped[str] = mapped_column(String(2))
    state: Mapped[State] = mapped_column(enum_by_value(State, "state"))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    epoch: Mapped[int]
    last_number: Mapped[int]
    last_visible: Mapped[int]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.staff_id"), index=True)
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    urgency: Mapped[int] = mapped_column(SmallInteger)
    topic: Mapped[str | None] = mapped_column(String(40))
    turn_number: Mapped[int | None]
    turn_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    misses: Mapped[int] = mapped_column(SmallInteger)
    cards: Mapped[str] = mapped_column(String(120))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    close_reason: Mapped[str | None] = mapped_column(String(24))

    token_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    key_id: Mapped[str] = mapped_column(String(24))
    wrapped_key: Mapped[bytes] = mapped_column(LargeBinary)
    visitor_seen_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (may not be a ClassVar under mypy)

    def to_core(self) -> Conversation:
        values = {field.name: getattr(self, field.name) for field in fields(Conversation)}
        values |= {"urgency": Urgency(self.urgency), "cards": frozenset(filter(None, self.cards.split(" ")))}
        return Conversation(**values)

    def apply(self, after: Conversation) -> None:
        """Take over a state that the core made."""
        for field in fields(Conversation):
            setattr(self, field.name, getattr(after, field.name))
        self.urgency = int(after.urgency)
        self.cards = " ".join(sorted(after.cards))


class EntryRow(Base):
    """Append-only. `sealed` holds everything that could tell what was written; see sealing.py."""

    __tablename__ = "entry"
    __table_args__ = (
        # A repeat of the same message finds the first one; two at once: the database refuses the second.
        UniqueConstraint("conversation_id", "sender", "client_id"),
        CheckConstraint("number > prev", name="order"),
    )

    conversation_id: Mapped[UUID] = mapped_column(
        ForeignKey("conversation.conversation_id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    prev: Mapped[int]
    sender: Mapped[Sender] = mapped_column(enum_by_value(Sender, "sender"))
    kind: Mapped[Kind] = mapped_column(enum_by_value(Kind, "kind"))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    client_id: Mapped[str | None] = mapped_column(String(64))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.staff_id"))
