"""Facts that others must hear after a commit. They carry values, never rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from web.core.conversation import Change, Conversation
from web.core.entries import Entry
from web.core.states import HELD, State


class EntryAdded(NamedTuple):
    """`via`: the connection that it came in by, which knows it from the acknowledgement already."""

    conversation: Conversation
    entry: Entry
    via: str | None = None


@dataclass(frozen=True, slots=True)
class StateChanged:
    """Another owner, urgency, offer or appointment. `before`: workers who had to do with it until now."""

    conversation: Conversation
    before: tuple[int, ...] = ()


@dataclass(frozen=True)
class QueueChanged:
    pass


@dataclass(frozen=True)
class LettersChanged:
    pass


@dataclass(frozen=True)
class SignedOut:
    """Open desks of this worker are closed."""

    staff_id: int


@dataclass(frozen=True)
class TurnDue:
    """The assistant owes an answer to entry `number`, as long as `epoch` holds."""

    conversation_id: UUID
    number: int
    epoch: int


@dataclass(frozen=True)
class WordsRead:
    """A person at the helpline has seen the conversation up to this number."""

    conversation_id: UUID
    number: int


@dataclass(frozen=True)
class Forgotten:
    """The assistant no longer has this conversation: the bot keeps nothing of it."""

    conversation_id: UUID


Event = EntryAdded | StateChanged | QueueChanged | LettersChanged | SignedOut | TurnDue | WordsRead | Forgotten


def of_changes(changes: Iterable[Change], via: str | None = None) -> list[Event]:
    """The events of successive changes of one conversation, entries first."""
    events: list[Event] = []
    known = list(changes)
    if not known:
        return events
    before, after = known[0].before, known[-1].after
    entries = [(change.after, entry) for change in known for entry in change.entries]
    # With more than one entry the sender needs them in order too.
    events += [EntryAdded(held, entry, via if len(entries) == 1 else None) for held, entry in entries]
    if before is None or _seen_from_outside(before) != _seen_from_outside(after):
        events.append(StateChanged(after, _workers(before) if before else ()))
        states = {before.state if before else None, after.state}
        if State.WAITING in states or states & HELD:
            events.append(QueueChanged())
        if State.LETTER in states:
            events.append(LettersChanged())
        if before is not None and before.state is State.ASSISTANT and after.state is not State.ASSISTANT:
            events.append(Forgotten(after.conversation_id))
    turn_before = before.turn_number if before is not None else None
    if after.turn_number is not None and after.turn_number != turn_before:
        events.append(TurnDue(after.conversation_id, after.turn_number, after.epoch))
    return events


def _seen_from_outside(it: Conversation) -> tuple[object, ...]:
    return (
        it.epoch,
        it.urgency,
        it.offered_to,
        it.appointment_at,
        it.slot_id,
        it.warned_at is not None,
        it.topic,
        it.language,
    )


def _workers(it: Conversation) -> tuple[int, ...]:
    return tuple(staff_id for staff_id in (it.staff_id, it.offered_to) if staff_id is not None)
