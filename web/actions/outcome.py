"""What an action works with and what it gives back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from sqlalchemy.orm import Session

from web.core import hours
from web.core.content import Content
from web.core.conversation import Change
from web.core.events import Event, of_changes
from web.storage import slots
from web.storage.entries import EntryStore
from web.storage.models import ConversationRow

T = TypeVar("T")


@dataclass(frozen=True)
class Work:
    """One transaction. An action may run again after a lost race, so it changes nothing but `session`.

    process: the web process that it runs in, for presence.
    """

    session: Session
    entries: EntryStore
    content: Content
    now: datetime
    schedule: hours.Schedule = hours.ALWAYS
    process: str = ""


@dataclass(frozen=True)
class Outcome(Generic[T]):
    value: T
    events: tuple[Event, ...] = ()


def store(work: Work, row: ConversationRow, *changes: Change) -> tuple[Event, ...]:
    """Write changes of one conversation, in order, and give the events that others must hear after the commit."""
    for change in changes:
        work.entries.add(work.session, row, change.entries)
    before, after = changes[0].before, changes[-1].after
    if before is not None and before.slot_id is not None and before.slot_id != after.slot_id:
        slots.give_back(work.session, before.slot_id)
    row.apply(after)
    work.entries.forget(row.conversation_id)
    return tuple(of_changes(changes))
