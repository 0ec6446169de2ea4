"""What visitors, workers and time itself can do with a conversation; the rules behind each line of the table.

Asking for what is so already changes nothing and is no error: people press twice, and browsers repeat.
"""

from datetime import datetime, timedelta
from typing import Any

from web.core.conversation import Change, Conversation, append, move, must_hold, ranked
from web.core.entries import Body, ChangeCode, Draft, Kind, Sender
from web.core.errors import Code, Refused
from web.core.states import LETTERS, Move, State, Urgency

LAPSE_AFTER = timedelta(
    minutes=60
)  # away from the queue for so long: the place goes to others. Phones lock, so no sooner
MISSED_AFTER = timedelta(minutes=15)  # the same after the time of an appointment, which is kept free for them
WARN_BEFORE = timedelta(minutes=30)  # a silent conversation is told of its end so long before
BLOCK_FOR = timedelta(hours=24)  # after an end because of abuse nothing new is begun with the same cookie
OFFER_FOR = timedelta(seconds=90)  # a colleague has so long to accept; until then nothing changes for the visitor


def ask(
    before: Conversation,
    now: datetime,
    client_id: str | None = None,
    urgency: Urgency = Urgency.NORMAL,
    told: ChangeCode | None = None,
) -> Change:
    """The visitor wants a person, or is in danger. Who waits already, or has a person, keeps that.

    told: other words than that they asked.
    """
    urgent = max(before.urgency, urgency)
    if before.state in (State.WAITING, State.WITH_STAFF, State.ANSWERING):
        return Change(before, ranked(before.with_(urgency=urgent), now))
    return move(before, Move.ASK, now, told=told, client_id=client_id, asked_at=before.asked_at or now, urgency=urgent)


def withdraw(before: Conversation, now: datetime, client_id: str | None = None) -> Change:
    """The visitor no longer waits and goes on with the assistant."""
    if before.state is State.ASSISTANT:
        return Change(before, before)
    return move(before, Move.WITHDRAW, now, client_id=client_id, **_no_wait(before))


def lapse(before: Conversation, now: datetime, told: ChangeCode = ChangeCode.LAPSED, when: str | None = None) -> Change:
    """Out of the queue, back to the assistant: away for too long, missed the appointment, or the hours ended."""
    return move(before, Move.LAPSE, now, told=told, when=when, **_no_wait(before))


def claim(
    before: Conversation, staff_id: int, name: str, holder: str | None, now: datetime, client_id: str | None = None
) -> Change:
    """Hand a waiting conversation, or a letter, to one worker.

    The same worker may ask twice (no entries): a desk repeats after a lost connection.
    holder: the name of whoever has it now, for the loser's message.
    Refused: ALREADY_CLAIMED if a colleague has it, NOT_WAITING otherwise.
    """
    if before.staff_id is not None:
        if before.staff_id == staff_id:
            return Change(before, before)
        raise Refused(Code.ALREADY_CLAIMED, name=holder)
    if before.state not in (State.WAITING, State.LETTER):
        raise Refused(Code.NOT_WAITING, state=before.state.value)
    held: dict[str, Any] = {"staff_id": staff_id, "claimed_at": now}
    if before.state is State.WAITING:  # a person is there: the appointment has served its purpose
        held |= {"slot_id": None, "appointment_at": None}
    return move(before, Move.CLAIM, now, by=staff_id, name=name, client_id=client_id, **held)


def release(
    before: Conversation, staff_id: int, name: str, now: datetime, client_id: str | None = None, reason: str = ""
) -> Change:
    """The worker gives the visitor back to the front of the queue; a reason is for the colleagues only."""
    must_hold(before, staff_id)
    change = Change(before, before)
    if reason:
        draft = Draft(Sender.STAFF, Kind.NOTE, Body(text=reason, name=name), staff_id=staff_id)
        change = append(change, now, draft)
    moved = move(change.after, Move.RELEASE, now, by=staff_id, name=name, client_id=client_id, **_returned(before))
    return Change(before, moved.after, (*change.entries, *moved.entries))


def lose_staff(before: Conversation, name: str, now: datetime) -> Change:
    """The worker's connection is gone for too long: the visitor is told and goes back to the front of the queue."""
    return move(before, Move.STAFF_LOST, now, name=name, **_returned(before))


def offer(
    before: Conversation, staff_id: int, name: str, to: int, text: str, now: datetime, client_id: str | None = None
) -> Change:
    """Offer the visitor to a colleague, with a note for them. Until it is accepted the holder holds."""
    must_hold(before, staff_id)
    offered: dict[str, Any] = {"offered_to": to, "offered_at": now}
    return move(
        before, Move.OFFER, now, by=staff_id, name=name, text=text, client_id=client_id, for_staff=True, **offered
    )


def accept(before: Conversation, staff_id: int, name: str, now: datetime, client_id: str | None = None) -> Change:
    """The colleague takes over, and the visitor is told. Refused: OFFER_GONE if there is no such offer any more."""
    if before.state is State.WITH_STAFF and before.staff_id == staff_id:
        return Change(before, before)
    if not _offer_stands(before, staff_id, now):
        raise Refused(Code.OFFER_GONE, state=before.state.value)
    return move(before, Move.ACCEPT, now, by=staff_id, name=name, client_id=client_id, staff_id=staff_id)


def decline(
    before: Conversation,
    name: str | None,
    now: datetime,
    client_id: str | None = None,
    told: ChangeCode = ChangeCode.DECLINED,
) -> Change:
    """The offer ends and nothing changes for the visitor: declined, taken back, or not answered in time."""
    if before.offered_to is None:
        return Change(before, before)
    gone: dict[str, Any] = {"offered_to": None, "offered_at": None}
    return move(before, Move.DECLINE, now, told=told, name=name, client_id=client_id, for_staff=True, **gone)


def offer_expired(before: Conversation, now: datetime) -> bool:
    return before.offered_at is not None and now - before.offered_at >= OFFER_FOR


def hand_back(before: Conversation, staff_id: int, name: str, now: datetime, client_id: str | None = None) -> Change:
    """The worker gives the visitor back to the assistant."""
    must_hold(before, staff_id)
    return move(before, Move.HAND_BACK, now, by=staff_id, name=name, client_id=client_id, **_no_wait(before))


def close(before: Conversation, staff_id: int, name: str, now: datetime, client_id: str | None = None) -> Change:
    """The worker ends the conversation. Closing what is closed changes nothing."""
    if before.state is State.CLOSED:
        return Change(before, before)
    must_hold(before, staff_id)
    return move(before, Move.CLOSE, now, by=staff_id, name=name, client_id=client_id)


def block(before: Conversation, staff_id: int, name: str, now: datetime, client_id: str | None = None) -> Change:
    """The worker ends the conversation because of abuse. Blocking what is blocked already changes nothing."""
    if before.close_reason == Move.BLOCK.value:
        return Change(before, before)
    must_hold(before, staff_id)
    return move(before, Move.BLOCK, now, by=staff_id, name=name, client_id=client_id)


def blocked(conversation: Conversation, now: datetime) -> bool:
    """Its visitor cannot begin anew yet. Not for longer than a day, also where a hold keeps the conversation itself."""
    ended_at = conversation.closed_at
    return conversation.close_reason == Move.BLOCK.value and ended_at is not None and now - ended_at < BLOCK_FOR


def send_letter(before: Conversation, text: str, now: datetime, client_id: str) -> Change:
    """The visitor's words become a letter that is answered in writing. More words follow with `say`."""
    moved = before if before.state in (State.LETTER, State.ANSWERING) else None
    change = Change(before, before) if moved else move(before, Move.SEND_LETTER, now, **_no_wait(before))
    return append(change, now, Draft(Sender.VISITOR, Kind.TEXT, Body(text=text), client_id))


def answer(before: Conversation, staff_id: int, name: str, text: str, now: datetime, client_id: str) -> Change:
    """The worker's answer to a letter; afterwards nobody holds it and the visitor finds it with the return code."""
    must_hold(before, staff_id)
    draft = Draft(Sender.STAFF, Kind.TEXT, Body(text=text, name=name), client_id, staff_id)
    return append(move(before, Move.ANSWER, now, by=staff_id, name=name), now, draft)


def book(before: Conversation, slot_id: int, at: datetime, when: str, now: datetime, client_id: str) -> Change:
    """Hold a slot. Whoever waits stops waiting; until the time comes the assistant is there."""
    if before.slot_id == slot_id:
        return Change(before, before)
    booked: dict[str, Any] = {"slot_id": slot_id, "appointment_at": at, "asked_at": None}
    return move(before, Move.BOOK, now, when=when, client_id=client_id, **booked)


def cancel(before: Conversation, now: datetime, client_id: str | None = None) -> Change:
    if before.slot_id is None:
        return Change(before, before)
    return move(before, Move.CANCEL, now, client_id=client_id, slot_id=None, appointment_at=None)


def due(before: Conversation, now: datetime) -> Change:
    """The time of the appointment has come: ahead of the walk-ins."""
    if before.state is State.WAITING:
        return Change(before, ranked(before.with_(slot_id=None), now))
    return move(before, Move.DUE, now, asked_at=before.appointment_at, slot_id=None)


def warn(before: Conversation, now: datetime, when: str) -> Change:
    """Nobody has written for long: told when it will end."""
    if before.warned_at is not None:
        return Change(before, before)
    return move(before, Move.WARN, now, when=when, warned_at=now)


def stay(before: Conversation, now: datetime) -> Change:
    """The visitor is still there. No entry: it is no event of the conversation."""
    if before.state in LETTERS or before.state is State.CLOSED:
        return Change(before, before)
    warned_at = before.warned_at if before.state is State.WAITING else None  # there it tells of the closing
    return Change(before, before.with_(active_at=now, warned_at=warned_at))


def leave(before: Conversation, now: datetime) -> Change:
    """The visitor ends it. A letter and an appointment stay: one comes back to them with the return code."""
    if before.state is State.WAITING and (before.slot_id is not None or before.letter_state is not None):
        return withdraw(before, now)
    if before.state is State.CLOSED or before.state in LETTERS or before.slot_id is not None:
        return Change(before, before)
    return move(before, Move.LEAVE, now)


def expire(before: Conversation, now: datetime) -> Change:
    """Nobody came back to it for a long time."""
    if before.state is State.CLOSED:
        return Change(before, before)
    return move(before, Move.EXPIRE, now)


def _no_wait(before: Conversation) -> dict[str, Any]:
    """No longer in the queue, nor about to be; an appointment that is still ahead stays."""
    ahead = before.appointment_at if before.slot_id is not None else None
    return {"asked_at": None, "appointment_at": ahead, "returned": False}


def _returned(before: Conversation) -> dict[str, Any]:
    return {"returned": before.state is State.WITH_STAFF}


def _offer_stands(before: Conversation, staff_id: int, now: datetime) -> bool:
    return before.state is State.WITH_STAFF and before.offered_to == staff_id and not offer_expired(before, now)
