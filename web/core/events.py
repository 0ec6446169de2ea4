"""Facts that others must hear after a commit. They carry values, never rows."""

from dataclasses import dataclass
from uuid import UUID

from web.core.conversation import Change, Conversation
from web.core.entries import Entry


@dataclass(frozen=True)
class EntryAdded:
    conversation: Conversation
    entry: Entry


@dataclass(frozen=True)
class StateChanged:
    """Another owner or another urgency; `left_by` is the worker who no longer holds it."""

    conversation: Conversation
    left_by: int | None = None


@dataclass(frozen=True)
class QueueChanged:
    pass


@dataclass(frozen=True)
class TurnDue:
    """The assistant owes an answer to entry `number`, as long as `epoch` holds."""

    conversation_id: UUID
    number: int
    epoch: int


Event = EntryAdded | StateChanged | QueueChanged | TurnDue


def of_change(change: Change) -> tuple[Event, ...]:
    """The events of a change of one conversation, entries first."""
    before, after = change.before, change.after
    events: list[Event] = [EntryAdded(after, entry) for entry in change.entries]
    if before is None or change.moved or before.urgency != after.urgency:
        left_by = before.staff_id if before is not None and before.staff_id != after.staff_id else None
        events += [StateChanged(after, left_by), QueueChanged()]
    turn_before = before.turn_number if before is not None else None
    if after.turn_number is not None and after.turn_number != turn_before:
        events.append(TurnDue(after.conversation_id, after.turn_number, after.epoch))
    return tuple(events)
