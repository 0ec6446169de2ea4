"""The conversation: its state, its numbering, and how a move changes both. The moves themselves are in moves.py.

Every function takes the state before and returns a Change; none reads a clock, a database or a socket.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from web.core import queue
from web.core.cues import Audience, Offer
from web.core.entries import Body, ChangeCode, Draft, Entry, Kind, Sender
from web.core.errors import Code, Refused
from web.core.states import ANSWERS, BACK_TO_LETTER, HELD, TELLS, TRANSITIONS, Move, State, Urgency


@dataclass(frozen=True)
class Conversation:
    """The current state; the entries are beside it.

    epoch: rises with every change of owner. An answer of the assistant names the epoch that it was made in.
    asked_at: when the visitor asked for a person; kept through release, so that nobody waits twice.
    queue_at: the rank in the queue, only while waiting; see queue.py.
    returned: a person had this conversation before and was lost or gave it back.
    turn_number: the visitor's entry that the assistant still owes an answer, if any.
    misses: how many questions in a row the assistant could not answer.
    cards: the crisis cards that were shown, each once.
    audience, country: who it is about and where they live, if the visitor said so; never who they are.
    offer: what the assistant offered last, so what 'yes' means. declined: a person, so it is not offered again.
    refusals: how often the assistant had to refuse.
    active_at: the last words or sign of life of a person on either side. warned_at: told that it will end soon.
    slot_id, appointment_at: a booked time. When it comes the slot is free; the time stays, as a reason to go ahead.
    letter_state: the letter, answered or not, that somebody in the queue goes back to when they leave it.
    offered_to: the colleague to whom the holder offers the conversation.
    """

    conversation_id: UUID
    alias: str
    language: str
    state: State
    started_at: datetime
    active_at: datetime
    epoch: int = 1
    last_number: int = 0
    last_visible: int = 0
    staff_id: int | None = None
    claimed_at: datetime | None = None
    asked_at: datetime | None = None
    queue_at: datetime | None = None
    returned: bool = False
    urgency: Urgency = Urgency.NORMAL
    topic: str | None = None
    turn_number: int | None = None
    turn_since: datetime | None = None
    misses: int = 0
    cards: frozenset[str] = frozenset()
    audience: Audience | None = None
    country: str | None = None
    offer: Offer | None = None
    declined: bool = False
    refusals: int = 0
    offered_to: int | None = None
    offered_at: datetime | None = None
    slot_id: int | None = None
    appointment_at: datetime | None = None
    letter_state: State | None = None
    warned_at: datetime | None = None
    closed_at: datetime | None = None
    close_reason: str | None = None

    def with_(self, **news: Any) -> "Conversation":
        """The same with other values; as dataclasses.replace, at a tenth of its time, which is that of a message."""
        after = object.__new__(Conversation)
        after.__dict__.update(self.__dict__)
        after.__dict__.update(news)
        return after


class Change(NamedTuple):
    """What a move makes of a conversation: the new state and the entries to append, in order."""

    before: Conversation | None
    after: Conversation
    entries: tuple[Entry, ...] = ()

    @property
    def moved(self) -> bool:
        return self.before is None or self.before.epoch != self.after.epoch


def append(change: Change, now: datetime, draft: Draft, **news: Any) -> Change:
    """Give the draft the next number; `news` are other fields of the conversation that change along with it.

    Refused: CLOSED once the conversation had ended before this change.
    """
    after = change.after
    if change.before is not None and change.before.state is State.CLOSED:
        raise Refused(Code.CLOSED, state=State.CLOSED.value)
    number, prev = after.last_number + 1, after.last_visible
    entry = Entry(number, prev, draft.sender, draft.kind, draft.body, now, draft.client_id, draft.staff_id)
    if draft.sender in (Sender.VISITOR, Sender.STAFF) and draft.kind is not Kind.NOTE:
        # In the queue `warned_at` says that they know of the closing, which stays true when they write.
        kept = after.warned_at if after.state is State.WAITING else None
        news = {"active_at": now, "warned_at": kept, **news}
    visible = number if entry.for_visitors else prev
    after = after.with_(last_number=number, last_visible=visible, **news)
    return Change(change.before, after, (*change.entries, entry))


def begin(
    conversation_id: UUID, alias: str, language: str, opening: Draft, now: datetime, audience: Audience | None = None
) -> Change:
    """A new conversation, held by the assistant, with the line that says so and the assistant's opening words."""
    fresh = Conversation(
        conversation_id, alias, language, State.ASSISTANT, started_at=now, active_at=now, audience=audience
    )
    started = append(Change(None, fresh), now, Draft(Sender.SYSTEM, Kind.CHANGE, Body(code=ChangeCode.STARTED)))
    return append(started, now, opening)


def say(before: Conversation, text: str, client_id: str, now: datetime, noticed: str | None = None) -> Change:
    """The visitor's words: always accepted until the end.

    Until a person is there they open a turn of the assistant. After the answer to a letter they are the next letter.
    noticed: the rule of the triage that saw danger in them; only workers see it.
    """
    draft = Draft(Sender.VISITOR, Kind.TEXT, Body(text=text, noticed=noticed), client_id)
    if before.state in ANSWERS:
        return append(Change(before, before), now, draft, turn_number=before.last_number + 1, turn_since=now)
    if before.state is State.ANSWERED:
        again = move(before, Move.SEND_LETTER, now)
        return append(again, now, draft)
    return append(Change(before, before), now, draft)


def reply(before: Conversation, staff_id: int, name: str, text: str, client_id: str, now: datetime) -> Change:
    """Words of the worker who holds the conversation. Refused: NOT_FOUND for anyone else, and for all after the end."""
    must_hold(before, staff_id)
    draft = Draft(Sender.STAFF, Kind.TEXT, Body(text=text, name=name), client_id, staff_id)
    return append(Change(before, before), now, draft)


def note(before: Conversation, staff_id: int, name: str, text: str, client_id: str, now: datetime) -> Change:
    """Words of the holder that only staff see."""
    must_hold(before, staff_id)
    draft = Draft(Sender.STAFF, Kind.NOTE, Body(text=text, name=name), client_id, staff_id)
    return append(Change(before, before), now, draft)


def move(
    before: Conversation,
    kind: Move,
    now: datetime,
    *,
    told: ChangeCode | None = None,
    name: str | None = None,
    text: str | None = None,
    when: str | None = None,
    client_id: str | None = None,
    by: int | None = None,
    for_staff: bool = False,
    **news: Any,
) -> Change:
    """One line of the table of states: the new state and the entry that tells it.

    told: another wording than the usual one of this move. by: the worker who makes it.
    for_staff: the entry is a note that no visitor sees.
    news: what else of the conversation changes.
    Refused: ILLEGAL_MOVE, or CLOSED after the end; both name the state.
    """
    target = TRANSITIONS[kind].get(before.state)
    if target is None:
        code = Code.CLOSED if before.state is State.CLOSED else Code.ILLEGAL_MOVE
        raise Refused(code, state=before.state.value)
    if kind in BACK_TO_LETTER and before.letter_state is not None:
        target = before.letter_state
    changed: dict[str, Any] = {"state": target}
    if target is not before.state or kind is Move.ACCEPT:
        changed |= _new_owner(before, target, now)
    changed |= news
    if target is State.WAITING:
        changed["queue_at"] = _rank(before, changed, now)
    if target is State.CLOSED:
        changed |= {"closed_at": now, "close_reason": kind.value, "slot_id": None}
    entry_kind = Kind.NOTE if for_staff else Kind.CHANGE
    body = Body(code=told or TELLS[kind], name=name, text=text, when=when)
    draft = Draft(Sender.SYSTEM, entry_kind, body, client_id, by)
    return append(Change(before, before), now, draft, **changed)


def ranked(conversation: Conversation, now: datetime) -> Conversation:
    """The rank follows the urgency of somebody who waits already."""
    if conversation.state is not State.WAITING:
        return conversation
    return conversation.with_(queue_at=_rank(conversation, {}, now))


def must_hold(before: Conversation, staff_id: int) -> None:
    """To anyone who does not hold it, a conversation does not exist."""
    if before.state not in HELD or before.staff_id != staff_id:
        raise Refused(Code.NOT_FOUND)


def _new_owner(before: Conversation, target: State, now: datetime) -> dict[str, Any]:
    changed: dict[str, Any] = {
        "epoch": before.epoch + 1,
        "active_at": now,
        "warned_at": None,
        "turn_number": None,
        "turn_since": None,
        "misses": 0,
        "offer": before.offer if target is State.WAITING else None,
        "offered_to": None,
        "offered_at": None,
        "queue_at": None,
    }
    if target not in HELD:
        changed["staff_id"] = None
    if target is State.WAITING and before.state in (State.LETTER, State.ANSWERED):
        changed["letter_state"] = before.state
    elif target not in (State.WAITING, State.WITH_STAFF):
        changed["letter_state"] = None
    return changed


def _rank(before: Conversation, changed: dict[str, Any], now: datetime) -> datetime:
    def value(name: str) -> Any:
        return changed.get(name, getattr(before, name))

    # Before its time an appointment puts nobody ahead: until then it holds a slot.
    appointment = value("appointment_at") is not None and value("slot_id") is None
    return queue.rank(value("asked_at") or now, value("urgency"), appointment, value("returned"))
