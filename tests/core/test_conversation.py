"""The rules by values: every move from every state, numbers, and what is refused."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from web.core import conversation as core
from web.core import queue
from web.core.conversation import TRANSITIONS, Conversation, Move, State, Urgency
from web.core.entries import Body, Draft, Kind, Sender
from web.core.errors import Code, Refused

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
OPENING = Draft(Sender.ASSISTANT, Kind.TEXT, Body(text="hello"))


def conversation(state: State = State.ASSISTANT, **more: object) -> Conversation:
    staff_id = 1 if state is State.WITH_STAFF else None
    closed_at = NOW if state is State.CLOSED else None
    base = Conversation(uuid4(), "Wilg-1", "nl", state, NOW, staff_id=staff_id, closed_at=closed_at)
    return replace(base, **more)  # type: ignore[arg-type]


def move(kind: Move, before: Conversation) -> core.Change:
    moves = {
        Move.ASK: lambda: core.ask(before, NOW),
        Move.WITHDRAW: lambda: core.withdraw(before, NOW),
        Move.CLAIM: lambda: core.claim(before, 1, "Noor", "Sem", NOW),
        Move.RELEASE: lambda: core.release(before, 1, "Noor", NOW),
        Move.STAFF_LOST: lambda: core.lose_staff(before, "Noor", NOW),
        Move.CLOSE: lambda: core.close(before, 1, "Noor", NOW),
        Move.LEAVE: lambda: core.leave(before, NOW),
        Move.EXPIRE: lambda: core.expire(before, NOW),
    }
    return moves[kind]()


PUBLIC = [kind for kind in Move if kind is not Move.HAND_BACK]  # hand-back has no door yet


@pytest.mark.parametrize("kind", PUBLIC)
@pytest.mark.parametrize("state", list(State))
def test_a_move_leads_where_the_table_says_or_changes_nothing(kind: Move, state: State) -> None:
    before = conversation(state)
    target = TRANSITIONS[kind].get(state)
    try:
        change = move(kind, before)
    except Refused:
        assert target is None
        return
    if target is None:  # a repeat: the same state, nothing appended
        assert change.after.state is state
        assert change.entries == ()
        assert change.after.epoch == before.epoch
    else:
        assert change.after.state is target
        assert change.after.epoch == before.epoch + 1
        assert [entry.number for entry in change.entries] == [1]


def test_numbers_have_no_gaps_and_notes_are_skipped_for_visitors() -> None:
    begun = core.begin(uuid4(), "Wilg-1", "nl", OPENING, NOW)
    note = Draft(Sender.STAFF, Kind.NOTE, Body(text="for the team"))
    said = Draft(Sender.VISITOR, Kind.TEXT, Body(text="hi"))
    change = core.append(core.Change(begun.after, begun.after), NOW, note, said)
    assert [entry.number for entry in (*begun.entries, *change.entries)] == [1, 2, 3, 4]
    assert change.entries[1].prev == 2


def test_after_the_end_nothing_is_accepted() -> None:
    with pytest.raises(Refused) as refused:
        core.say(conversation(State.CLOSED), "hi", "c" * 8, NOW)
    assert refused.value.code is Code.CLOSED


def test_only_the_holder_replies_and_closes() -> None:
    for attempt in (
        lambda: core.reply(conversation(State.WITH_STAFF), 2, "Sem", "hi", "c" * 8, NOW),
        lambda: core.close(conversation(State.WITH_STAFF), 2, "Sem", NOW),
        lambda: core.reply(conversation(State.WAITING), 1, "Noor", "hi", "c" * 8, NOW),
    ):
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.code is Code.NOT_FOUND


def test_the_loser_of_a_claim_is_told_by_whom() -> None:
    with pytest.raises(Refused) as refused:
        core.claim(conversation(State.WITH_STAFF, staff_id=2), 1, "Noor", "Sem", NOW)
    assert (refused.value.code, refused.value.detail) == (Code.ALREADY_CLAIMED, {"name": "Sem"})


def test_a_released_visitor_keeps_the_time_of_asking() -> None:
    asked = core.ask(conversation(), NOW).after
    held = core.claim(asked, 1, "Noor", None, NOW + timedelta(minutes=5)).after
    back = core.lose_staff(held, "Noor", NOW + timedelta(minutes=9)).after
    later = core.ask(conversation(), NOW + timedelta(minutes=1)).after
    assert back.asked_at == NOW
    assert queue.in_order([later, back]) == [back, later]


def test_urgent_goes_first_and_positions_count_from_one() -> None:
    first = core.ask(conversation(), NOW).after
    urgent = core.ask(conversation(), NOW + timedelta(minutes=3), urgency=Urgency.NOW).after
    ordered = queue.in_order([first, urgent])
    assert ordered == [urgent, first]
    assert queue.positions(ordered) == {urgent.conversation_id: 1, first.conversation_id: 2}
