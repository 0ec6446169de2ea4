"""What is compared: three ways to run the line, for the same visitors and the same workers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from web.core.conversation import Conversation

Rank = Callable[[Conversation], datetime]


@dataclass(frozen=True)
class Policy:
    """rank: the earlier, the sooner their turn. The queue is then sorted and taken from by the real code.

    assistant: answers first, and before a person is asked for.
    doors: letters, appointments and other lines are offered whenever somebody waits or finds the line closed.
    """

    name: str
    title: str
    rank: Rank
    assistant: bool = True
    doors: bool = True


def as_built(conversation: Conversation) -> datetime:
    """The rank that web/core/conversation.py gave on the way into the queue."""
    if conversation.queue_at is None:
        raise ValueError("not in the queue")
    return conversation.queue_at


def by_arrival(conversation: Conversation) -> datetime:
    if conversation.asked_at is None:
        raise ValueError("not in the queue")
    return conversation.asked_at


def last_in_first_out(conversation: Conversation) -> datetime:
    """Wrong on purpose: the tests see that the watch notices."""
    return datetime.min.replace(tzinfo=UTC) + (datetime.max.replace(tzinfo=UTC) - by_arrival(conversation))


OURS = Policy("ours", "Halte", as_built)
FCFS = Policy("fcfs", "First come, first served", by_arrival)
# A line as most are: a queue and nothing beside it. No assistant, and whoever finds it closed has found nothing.
PLAIN = Policy("plain", "A plain line", by_arrival, assistant=False, doors=False)
LIFO = Policy("lifo", "Last come, first served", last_in_first_out)
