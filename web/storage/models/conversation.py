"""A conversation's state and its entries."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any
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
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from web.core.conversation import Conversation
from web.core.cues import Audience, Offer
from web.core.entries import Kind, Sender
from web.core.states import State, Urgency
from web.storage.base import Base, UtcDateTime, enum_by_value


def _where(condition: str) -> dict[str, Any]:
    """An index of the few rows for which this holds, on both databases."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class ConversationRow(Base):
    """What identifies or opens it, beside the state of core/conversation.py.

    token_hash: SHA-256 of the visitor's cookie; NULL once the visitor left. code_hash: of the return code.
    visitor_process: the web process that the visitor is connected to; see presence.py.
    read_number: the last number of theirs or ours that a worker has had on the screen.
    version: turns the slower of two writers away (compare and set), which makes a claim atomic and numbers gapless.
    """

    __tablename__ = "conversation"
    __table_args__ = (
        CheckConstraint("(state IN ('with_staff', 'answering')) = (staff_id IS NOT NULL)", name="owner"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closing"),
        CheckConstraint("(state = 'waiting') = (queue_at IS NOT NULL)", name="queue"),
        # The claim walks this one from its start, however many wait. Only who waits is in it.
        Index("ix_conversation_queue", "queue_at", "conversation_id", **_where("queue_at IS NOT NULL")),
        Index("ix_conversation_turn", "turn_since", **_where("turn_since IS NOT NULL")),
        Index("ix_conversation_closed_at", "closed_at", **_where("closed_at IS NOT NULL")),
        Index("ix_conversation_letter", "state", "active_at", **_where("state = 'letter'")),
        Index("ix_conversation_appointment", "appointment_at", **_where("slot_id IS NOT NULL")),
        Index("ix_conversation_staff_id", "staff_id", **_where("staff_id IS NOT NULL")),
    )

    conversation_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    alias: Mapped[str] = mapped_column(String(32))
    language: Mapped[str] = mapped_column(String(2))
    state: Mapped[State] = mapped_column(enum_by_value(State, "state"))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    active_at: Mapped[datetime] = mapped_column(UtcDateTime)
    epoch: Mapped[int]
    last_number: Mapped[int]
    last_visible: Mapped[int]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.staff_id"))
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    queue_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    returned: Mapped[bool]
    urgency: Mapped[int] = mapped_column(SmallInteger)
    topic: Mapped[str | None] = mapped_column(String(40))
    turn_number: Mapped[int | None]
    turn_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    misses: Mapped[int] = mapped_column(SmallInteger)
    cards: Mapped[str] = mapped_column(String(120))
    audience: Mapped[Audience | None] = mapped_column(enum_by_value(Audience, "audience"))
    country: Mapped[str | None] = mapped_column(String(2))
    offer: Mapped[Offer | None] = mapped_column(enum_by_value(Offer, "offer"))
    declined: Mapped[bool]
    refusals: Mapped[int] = mapped_column(SmallInteger)
    offered_to: Mapped[int | None] = mapped_column(ForeignKey("staff.staff_id"))
    offered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    slot_id: Mapped[int | None] = mapped_column(ForeignKey("slot.slot_id"))
    appointment_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    letter_state: Mapped[State | None] = mapped_column(enum_by_value(State, "letter_state"))
    warned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    close_reason: Mapped[str | None] = mapped_column(String(24))

    token_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    code_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    key_id: Mapped[str] = mapped_column(String(24))
    wrapped_key: Mapped[bytes] = mapped_column(LargeBinary)
    visitor_process: Mapped[str | None] = mapped_column(String(16))
    visitor_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_number: Mapped[int] = mapped_column(server_default="0")
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (may not be a ClassVar under mypy)

    def to_core(self) -> Conversation:
        return from_values([getattr(self, name) for name in CORE_FIELDS])

    def apply(self, after: Conversation) -> None:
        """Take over a state that the core made."""
        for name, value in to_values(after).items():
            setattr(self, name, value)


CORE_FIELDS = tuple(field.name for field in fields(Conversation))
_URGENCY, _CARDS = CORE_FIELDS.index("urgency"), CORE_FIELDS.index("cards")


def from_values(values: Sequence[Any]) -> Conversation:
    """A row's values in the order of CORE_FIELDS as the core's value."""
    known = list(values)
    known[_URGENCY] = Urgency(known[_URGENCY])
    known[_CARDS] = frozenset(known[_CARDS].split()) if known[_CARDS] else frozenset()
    return Conversation(*known)


def to_values(conversation: Conversation) -> dict[str, Any]:
    values = {name: getattr(conversation, name) for name in CORE_FIELDS}
    values["urgency"] = int(conversation.urgency)
    values["cards"] = " ".join(sorted(conversation.cards))
    return values


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
