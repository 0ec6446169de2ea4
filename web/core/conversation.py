"""The conversation: who holds it, which moves exist, what each of them appends.

Every function takes the state before and returns a Change; none reads a clock, a database or a socket.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum, StrEnum
from uuid import UUID

from web.core.entries import Body, ChangeCode, Draft, Entry, Kind, Sender
from web.core.errors import Code, Refused


class State(StrEnum):
    ASSISTANT = "assistant"
    WAITING = "waiting"
    WITH_STAFF = "with_staff"
    CLOSED = "closed"


class Move(StrEnum):
    ASK = "ask"
    WITHDRAW = "withdraw"
    CLAIM = "claim"
    RELEASE = "release"
    STAFF_LOST = "staff_lost"
    HAND_BACK = "hand_back"
    CLOSE = "close"
    LEAVE = "leave"
    EXPIRE = "expire"


_OPEN = (State.ASSISTANT, State.WAITING, State.WITH_STAFF)
_ENDS: Mapping[State, State] = dict.fromkeys(_OPEN, State.CLOSED)

# Every move, and from which state it leads where. What is not here is refused.
TRANSITIONS: Mapping[Move, Mapping[State, State]] = {
    Move.ASK: {State.ASSISTANT: State.WAITING},
    Move.WITHDRAW: {State.WAITING: State.ASSISTANT},
    Move.CLAIM: {State.WAITING: State.WITH_STAFF},
    Move.RELEASE: {State.WITH_STAFF: State.WAITING},
    Move.STAFF_LOST: {State.WITH_STAFF: State.WAITING},
    Move.HAND_BACK: {State.WITH_STAFF: State.ASSISTANT},
    Move.CLOSE: {State.WITH_STAFF: State.CLOSED},
    Move.LEAVE: _ENDS,
    Move.EXPIRE: _ENDS,
}

_TELLS: Mapping[Move, ChangeCode] = {
    Move.ASK: ChangeCode.ASKED,
    Move.WITHDRAW: ChangeCode.WITHDRAWN,
    Move.CLAIM: ChangeCode.CLAIMED,
    Move.RELEASE: ChangeCode.RELEASED,
    Move.STAFF_LOST: ChangeCode.STAFF_LOST,
    Move.HAND_BACK: ChangeCode.HANDED_BACK,
    Move.CLOSE: ChangeCode.CLOSED,
    Move.LEAVE: ChangeCode.LEFT,
    Move.EXPIRE: ChangeCode.EXPIRED,
}


class Urgency(IntEnum):
    NORMAL = 0
    SOON = 1
    NOW = 2


@dataclass(frozen=True)
class Conversation:
    """The current state; the entries are beside it.

    epoch: rises with every change of owner. An answer of the assistant names the epoch that it was made in.
    asked_at: when the visitor asked for a person; kept through release, so that nobody waits twice.
    turn_number: the visitor's entry that the assistant still owes an answer, if any.
    misses: how many questions in a row the assistant could not answer.
    cards: the crisis cards that were shown, each once.
    """

    conversation_id: UUID
    alias: str
    language: str
    state: State
    started_at: datetime
    epoch: int = 1
    last_number: int = 0
    last_visible: int = 0
    staff_id: int | None = None
    asked_at: datetime | None = None
    urgency: Urgency = Urgency.NORMAL
    topic: str | None = None
    turn_number: int | None = None
    turn_since: datetime | None = None
    misses: int = 0
    cards: frozenset[str] = frozenset()
    closed_at: datetime | None = None
    close_reason: str | None = None


@dataclass(frozen=True)
class Change:
    """What a move makes of a conversation: the new state and the entries to append, in order."""

    before: Conversation | None
    after: Conversation
    entries: tuple[Entry, ...] = ()

    @property
    def moved(self) -> bool:
        return self.before is None or self.before.epoch != self.after.epoch


def append(change: Change, now: datetime, *drafts: Draft) -> Change:
    """Give each draft the next number. Refused: CLOSED once the conversation had ended before this change."""
    after, entries = change.after, list(change.entries)
    if change.before is not None and change.before.state is State.CLOSED:
        raise Refused(Code.CLOSED)
    for draft in drafts:
        entry = Entry(
            number=after.last_number + 1,
            prev=after.last_visible,
            sender=draft.sender,
            kind=draft.kind,
            body=draft.body,
            at=now,
            client_id=draft.client_id,
            staff_id=draft.staff_id,
        )
        entries.append(entry)
        visible = entry.number if entry.for_visitors else after.last_visible
        after = replace(after, last_number=entry.number, last_visible=visible)
    return Change(change.before, after, tuple(entries))


def begin(conversation_id: UUID, alias: str, language: str, opening: Draft, now: datetime) -> Change:
    """A new conversation, held by the assistant, with the line that says so and the assistant's opening words."""
    fresh = Conversation(conversation_id, alias, language, State.ASSISTANT, started_at=now)
    return append(Change(None, fresh), now, _told(ChangeCode.STARTED), opening)


def say(before: Conversation, text: str, client_id: str, now: datetime) -> Change:
    """The visitor's words: always accepted until the end. With the assistant they open a turn."""
    change = append(Change(before, before), now, Draft(Sender.VISITOR, Kind.TEXT, Body(text=text), client_id))
    if before.state is not State.ASSISTANT:
        return change
    turn = replace(change.after, turn_number=change.after.last_number, turn_since=now)
    return replace(change, after=turn)


def reply(before: Conversation, staff_id: int, name: str, text: str, client_id: str, now: datetime) -> Change:
    """Words of the worker who holds the conversation. Refused: NOT_FOUND for anyone else, CLOSED after the end."""
    if before.state is State.CLOSED:
        raise Refused(Code.CLOSED)
    _must_hold(before, staff_id)
    draft = Draft(Sender.STAFF, Kind.TEXT, Body(text=text, name=name), client_id, staff_id)
    return append(Change(before, before), now, draft)


def ask(before: Conversation, now: datetime, client_id: str | None = None, urgency: Urgency = Urgency.NORMAL) -> Change:
    """The visitor wants a person, or is in danger. Who waits already, or has a person, keeps that."""
    urgent = replace(before, urgency=max(before.urgency, urgency))
    if before.state in (State.WAITING, State.WITH_STAFF):
        return Change(before, urgent)
    change = _move(before, Move.ASK, now, client_id=client_id)
    asked_at = before.asked_at or now
    return replace(change, after=replace(change.after, asked_at=asked_at, urgency=urgent.urgency))


def withdraw(before: Conversation, now: datetime, client_id: str | None = None) -> Change:
    """The visitor no longer waits and goes on with the assistant."""
    if before.state is State.ASSISTANT:
        return Change(before, before)
    change = _move(before, Move.WITHDRAW, now, client_id=client_id)
    return replace(change, after=replace(change.after, asked_at=None))


def claim(before: Conversation, staff_id: int, name: str, holder: str | None, now: datetime) -> Change:
    """Hand a waiting conversation to one worker.

    The same worker may ask twice (no entries): a desk repeats after a lost connection.
    holder: the name of whoever has it now, for the loser's message.
    Refused: ALREADY_CLAIMED if a colleague has it, NOT_WAITING otherwise.
    """
    if before.state is State.WITH_STAFF:
        if before.staff_id == staff_id:
            return Change(before, before)
        raise Refused(Code.ALREADY_CLAIMED, name=holder)
    if before.state is not State.WAITING:
        raise Refused(Code.NOT_WAITING)
    change = _move(before, Move.CLAIM, now, staff_id=staff_id, name=name)
    return replace(change, after=replace(change.after, staff_id=staff_id))


def release(before: Conversation, staff_id: int, name: str, now: datetime, client_id: str | None = None) -> Change:
    """The worker gives the visitor back to the queue; `asked_at` is kept, so that means its front."""
    _must_hold(before, staff_id)
    return _move(before, Move.RELEASE, now, staff_id=staff_id, name=name, client_id=client_id)


def lose_staff(before: Conversation, name: str, now: datetime) -> Change:
    """The worker's connection is gone for too long: the visitor is told and goes back to the front of the queue."""
    return _move(before, Move.STAFF_LOST, now, name=name)


def close(before: Conversation, staff_id: int, name: str, now: datetime, client_id: str | None = None) -> Change:
    """The worker ends the conversation. Closing what is closed changes nothing."""
    if before.state is State.CLOSED:
        return Change(before, before)
    _must_hold(before, staff_id)
    return _move(before, Move.CLOSE, now, staff_id=staff_id, name=name, client_id=client_id)


def leave(before: Conversation, now: datetime) -> Change:
    """The visitor ends it, from any state."""
    if before.state is State.CLOSED:
        return Change(before, before)
    return _move(before, Move.LEAVE, now)


def expire(before: Conversation, now: datetime) -> Change:
    """Nobody came back to it for a long time."""
    if before.state is State.CLOSED:
        return Change(before, before)
    return _move(before, Move.EXPIRE, now)


def _move(
    before: Conversation,
    move: Move,
    now: datetime,
    *,
    staff_id: int | None = None,
    name: str | None = None,
    client_id: str | None = None,
) -> Change:
    target = TRANSITIONS[move].get(before.state)
    if target is None:
        code = Code.CLOSED if before.state is State.CLOSED else Code.ILLEGAL_MOVE
        raise Refused(code, state=before.state.value)
    after = replace(before, state=target, epoch=before.epoch + 1, turn_number=None, turn_since=None, misses=0)
    if target is not State.WITH_STAFF:
        after = replace(after, staff_id=None)
    if target is State.CLOSED:
        after = replace(after, closed_at=now, close_reason=move.value)
    told = _told(_TELLS[move], name=name, client_id=client_id, staff_id=staff_id)
    return append(Change(before, after), now, told)


def _told(
    code: ChangeCode, name: str | None = None, client_id: str | None = None, staff_id: int | None = None
) -> Draft:
    return Draft(Sender.SYSTEM, Kind.CHANGE, Body(code=code, name=name), client_id, staff_id)


def _must_hold(before: Conversation, staff_id: int) -> None:
    """To anyone who does not hold it, a conversation does not exist."""
    if before.state is not State.WITH_STAFF or before.staff_id != staff_id:
        raise Refused(Code.NOT_FOUND)
