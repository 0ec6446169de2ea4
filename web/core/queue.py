"""The waiting room: one ordering, used by the claim, by the positions told to visitors and by the desk."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from web.core.conversation import Conversation


def in_order(waiting: Iterable[Conversation]) -> list[Conversation]:
    """First who is most urgent, then who asked first. A released visitor kept `asked_at`, so goes to the front."""
    return sorted(waiting, key=_rank)


def positions(ordered: Sequence[Conversation]) -> dict[UUID, int]:
    """Place of each visitor, 1 = next."""
    return {conversation.conversation_id: place for place, conversation in enumerate(ordered, 1)}


def _rank(conversation: Conversation) -> tuple[int, datetime, str]:
    asked_at = conversation.asked_at or conversation.started_at
    return (-conversation.urgency, asked_at, conversation.conversation_id.hex)
