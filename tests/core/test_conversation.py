"""The rules by values: every move from every state as the table says, the numbers, and who may what."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.core import conversation as core
from web.core import moves
from web.core.assistant import still_wanted
from web.core.conversation import Change, Conversation
from web.core.entries import Body, ChangeCode, Draft, Entry, Kind, Sender
from web.core.errors import Code, Refused
from web.core.events import EntryAdded, Forgotten, LettersChanged, QueueChanged, StateChanged, TurnDue, of_changes
from web.core.states import HELD, OPEN, TELLS, TRANSITIONS, Move, State, Urgency

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=7)
NOOR, SEM = 1, 2
OPENING = Draft(Sender.ASSISTANT, Kind.TEXT, Body(text="hello"))
ID = "client-1"


def conversation(state: State = State.ASSISTANT, **more: object) -> Conversation:
    """One in that state, as it would stand in the database."""
    base = Conversation(uuid4(), "Wilg-1", "nl", state, NOW, NOW, last_number=2, last_visible=2)
    if state in HELD:
        base = replace(base, staff_id=NOOR, claimed_at=NOW)
    if state in (State.WAITING, State.WITH_STAFF):
        base = replace(base, asked_at=NOW)
    if state is State.WAITING:
        base = replace(base, queue_at=NOW)
    if state is State.CLOSED:
        base = replace(base, closed_at=NOW, close_reason="left")
    return replace(base, **more)  # type: ignore[arg-type]


def booked(before: Conversation) -> Conversation:
    return replace(before, slot_id=7, appointment_at=NOW + timedelta(hours=1))


def offered(before: Conversation) -> Conversation:
    return replace(before, offered_to=SEM, offered_at=NOW)


MOVES: dict[Move, Callable[[Conversation], Change]] = {
    Move.ASK: lambda it: moves.ask(it, LATER, ID),
    Move.WITHDRAW: lambda it: moves.withdraw(it, LATER, ID),
    Move.LAPSE: lambda it: moves.lapse(it, LATER),
    Move.CLAIM: lambda it: moves.claim(it, NOOR, "Noor", None, LATER, ID),
    Move.RELEASE: lambda it: moves.release(it, NOOR, "Noor", LATER, ID),
    Move.STAFF_LOST: lambda it: moves.lose_staff(it, "Noor", LATER),
    Move.OFFER: lambda it: moves.offer(it, NOOR, "Noor", SEM, "a note", LATER, ID),
    Move.DECLINE: lambda it: moves.decline(offered(it), "Sem", LATER, ID),
    Move.ACCEPT: lambda it: moves.accept(offered(it), SEM, "Sem", NOW, ID),
    Move.HAND_BACK: lambda it: moves.hand_back(it, NOOR, "Noor", LATER, ID),
    Move.BOOK: lambda it: moves.book(it, 7, LATER, LATER.isoformat(), NOW, ID),
    Move.CANCEL: lambda it: moves.cancel(booked(it), LATER, ID),
    Move.DUE: lambda it: moves.due(booked(it), LATER),
    Move.WARN: lambda it: moves.warn(it, LATER, LATER.isoformat()),
    Move.SEND_LETTER: lambda it: moves.send_letter(it, "dear all", LATER, ID),
    Move.ANSWER: lambda it: moves.answer(it, NOOR, "Noor", "dear you", LATER, ID),
    Move.CLOSE: lambda it: moves.close(it, NOOR, "Noor", LATER, ID),
    Move.BLOCK: lambda it: moves.block(it, NOOR, "Noor", LATER, ID),
    Move.LEAVE: lambda it: moves.leave(it, LATER),
    Move.EXPIRE: lambda it: moves.expire(it, LATER),
}
EVERY = [(kind, state) for kind in Move for state in State]


def test_every_move_is_tried_and_told() -> None:
    assert set(MOVES) == set(Move) == set(TRANSITIONS) == set(TELLS)


@pytest.mark.parametrize(("kind", "state"), EVERY)
def test_a_move_leads_where_the_table_says_changes_nothing_or_is_refused(kind: Move, state: State) -> None:
    before = conversation(state)
    target = TRANSITIONS[kind].get(state)
    try:
        change = MOVES[kind](before)
    except Refused as refused:
        code, detail = refused.code, refused.detail
        assert target is None
        assert code in (Code.ILLEGAL_MOVE, Code.CLOSED, Code.NOT_FOUND, Code.NOT_WAITING, Code.OFFER_GONE)
        if code is not Code.NOT_FOUND:  # to a stranger it does not exist, so it has no state either
            assert detail["state"] == state.value
        assert (code is Code.CLOSED) <= (state is State.CLOSED)
        return
    after, told = change.after, [entry for entry in change.entries if entry.body.code is TELLS[kind]]
    if target is None:  # asking for what is so already: the same owner, and no line that says otherwise
        assert (after.state, after.epoch, after.staff_id) == (before.state, before.epoch, before.staff_id)
        assert told == []
        return
    assert after.state is target
    assert len(told) == 1
    assert after.epoch == before.epoch + (target is not state or kind is Move.ACCEPT)
    assert (after.staff_id is not None) == (target in HELD)
    assert (after.queue_at is not None) == (target is State.WAITING)
    assert (after.closed_at is not None) == (target is State.CLOSED)
    assert [entry.number for entry in change.entries] == list(range(3, 3 + len(change.entries)))
    assert after.last_number == change.entries[-1].number


@pytest.mark.parametrize(("kind", "state"), EVERY)
def test_a_move_asked_for_by_its_name_alone_is_refused_with_the_state(kind: Move, state: State) -> None:
    if state in TRANSITIONS[kind]:
        return
    with pytest.raises(Refused) as refused:
        core.move(conversation(state), kind, NOW)
    assert refused.value.code is (Code.CLOSED if state is State.CLOSED else Code.ILLEGAL_MOVE)
    assert refused.value.detail == {"state": state.value}


def test_nothing_leads_out_of_the_end_and_something_out_of_everything_else() -> None:
    assert not [kind for kind in Move if State.CLOSED in TRANSITIONS[kind]]
    for state in OPEN:
        assert TRANSITIONS[Move.EXPIRE][state] is State.CLOSED


DRAFTS = st.lists(st.sampled_from([(sender, kind) for sender in Sender for kind in Kind]), max_size=30)


@given(DRAFTS)
def test_numbers_have_no_gaps_and_prev_is_the_last_that_visitors_see(drafts: list[tuple[Sender, Kind]]) -> None:
    change = core.begin(uuid4(), "Wilg-1", "nl", OPENING, NOW)
    entries: list[Entry] = list(change.entries)
    for sender, kind in drafts:
        change = core.append(Change(change.after, change.after), NOW, Draft(sender, kind, Body(text="x")))
        entries += change.entries
    assert [entry.number for entry in entries] == list(range(1, len(entries) + 1))
    seen = 0
    for entry in entries:
        assert entry.prev == seen
        seen = entry.number if entry.for_visitors else seen
    assert (change.after.last_number, change.after.last_visible) == (len(entries), seen)


def test_after_the_end_nothing_is_accepted() -> None:
    ended = conversation(State.CLOSED)
    for attempt in (
        lambda: core.say(ended, "hi", ID, NOW),
        lambda: moves.send_letter(ended, "hi", NOW, ID),
        lambda: core.append(Change(ended, ended), NOW, OPENING),
    ):
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.code is Code.CLOSED


@pytest.mark.parametrize("state", sorted(OPEN))
def test_a_visitor_may_always_write_until_the_end(state: State) -> None:
    change = core.say(conversation(state), "hi", ID, NOW)
    assert change.entries[-1].body.text == "hi"
    assert change.after.turn_number == (3 if state in (State.ASSISTANT, State.WAITING) else None)
    assert change.after.state is (State.LETTER if state is State.ANSWERED else state)


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("staff_id", [NOOR, SEM])
def test_only_the_holder_writes_and_decides(state: State, staff_id: int) -> None:
    before = conversation(state)
    deeds: tuple[Callable[[], Change], ...] = (
        lambda: core.reply(before, staff_id, "X", "hi", ID, NOW),
        lambda: core.note(before, staff_id, "X", "hi", ID, NOW),
        lambda: moves.release(before, staff_id, "X", NOW),
        lambda: moves.hand_back(before, staff_id, "X", NOW),
        lambda: moves.offer(before, staff_id, "X", 3, "hi", NOW),
        lambda: moves.answer(before, staff_id, "X", "hi", NOW, ID),
    )
    for deed in deeds:
        if state in HELD and staff_id == NOOR:
            try:
                deed()
            except Refused as refused:
                assert refused.code is Code.ILLEGAL_MOVE  # noqa: PT017 (only some of them are refused here)
            continue
        with pytest.raises(Refused) as stranger:
            deed()
        assert (stranger.value.code, stranger.value.detail) == (Code.NOT_FOUND, {})


def test_a_stranger_cannot_close_and_closing_twice_changes_nothing() -> None:
    with pytest.raises(Refused) as refused:
        moves.close(conversation(State.WITH_STAFF), SEM, "Sem", NOW)
    assert refused.value.code is Code.NOT_FOUND
    closed = moves.close(conversation(State.WITH_STAFF), NOOR, "Noor", NOW).after
    assert moves.close(closed, NOOR, "Noor", LATER) == Change(closed, closed)
    assert (closed.close_reason, closed.closed_at) == ("close", NOW)


def test_the_loser_of_a_claim_is_told_by_whom_and_the_winner_may_ask_again() -> None:
    held = conversation(State.WITH_STAFF)
    with pytest.raises(Refused) as refused:
        moves.claim(held, SEM, "Sem", "Noor", NOW)
    assert (refused.value.code, refused.value.detail) == (Code.ALREADY_CLAIMED, {"name": "Noor"})
    assert moves.claim(held, NOOR, "Noor", "Noor", NOW).entries == ()


def test_an_offer_stands_for_its_time_for_that_colleague_and_until_it_is_taken_back() -> None:
    held = moves.offer(conversation(State.WITH_STAFF), NOOR, "Noor", SEM, "a note", NOW).after
    assert (held.staff_id, held.epoch) == (NOOR, 1)
    in_time = NOW + moves.OFFER_FOR - timedelta(seconds=1)
    taken = moves.accept(held, SEM, "Sem", in_time).after
    assert (taken.staff_id, taken.offered_to, taken.epoch) == (SEM, None, 2)
    assert moves.accept(taken, SEM, "Sem", in_time).entries == ()
    withdrawn = moves.decline(held, "Noor", NOW).after
    for before, staff_id, now in (
        (held, 3, in_time),
        (held, SEM, NOW + moves.OFFER_FOR),
        (withdrawn, SEM, in_time),
        (moves.release(held, NOOR, "Noor", NOW).after, SEM, in_time),
    ):
        with pytest.raises(Refused) as refused:
            moves.accept(before, staff_id, "X", now)
        assert refused.value.code is Code.OFFER_GONE


@pytest.mark.parametrize("kind", [Move.OFFER, Move.DECLINE])
def test_visitors_see_nothing_of_an_offer(kind: Move) -> None:
    assert [entry.for_visitors for entry in MOVES[kind](conversation(State.WITH_STAFF)).entries] == [False]


def test_a_released_visitor_keeps_the_time_of_asking_and_the_reason_is_for_colleagues() -> None:
    back = moves.release(conversation(State.WITH_STAFF), NOOR, "Noor", LATER, ID, "needs French")
    assert (back.after.asked_at, back.after.returned) == (NOW, True)
    assert [(entry.kind, entry.body.text) for entry in back.entries] == [
        (Kind.NOTE, "needs French"),
        (Kind.CHANGE, None),
    ]
    assert back.entries[1].prev == 2
    assert back.before is not None
    assert back.before.state is State.WITH_STAFF


def test_urgency_only_rises() -> None:
    urgent = moves.ask(conversation(), NOW, urgency=Urgency.NOW).after
    again = moves.ask(urgent, LATER).after
    assert (again.urgency, again.asked_at) == (Urgency.NOW, NOW)
    late = moves.ask(moves.ask(conversation(), NOW).after, LATER, urgency=Urgency.NOW).after
    assert late.queue_at == urgent.queue_at


def test_an_owner_change_ends_the_assistants_turn() -> None:
    said = core.say(conversation(), "hi", ID, NOW).after
    assert still_wanted(said, 3, 1)
    assert not still_wanted(core.say(said, "hello?", ID, NOW).after, 3, 1)
    there_and_back = moves.withdraw(moves.ask(said, NOW).after, NOW).after
    assert not still_wanted(there_and_back, 3, 1)
    assert not still_wanted(core.say(there_and_back, "hi", ID, NOW).after, 6, 1)
    assert still_wanted(core.say(there_and_back, "hi", ID, NOW).after, 6, 3)


def test_who_writes_or_stays_is_not_idle_and_who_waits_keeps_having_been_told() -> None:
    for state, kept in ((State.ASSISTANT, None), (State.WITH_STAFF, None), (State.WAITING, NOW)):
        warned = conversation(state, warned_at=NOW)
        for after in (core.say(warned, "hi", ID, LATER).after, moves.stay(warned, LATER).after):
            assert (after.active_at, after.warned_at) == (LATER, kept)
    noted = core.note(conversation(State.WITH_STAFF, warned_at=NOW), NOOR, "Noor", "hm", ID, LATER).after
    assert (noted.active_at, noted.warned_at) == (NOW, NOW)


@pytest.mark.parametrize("state", [State.LETTER, State.ANSWERED])
def test_who_asked_from_a_letter_goes_back_to_it(state: State) -> None:
    asked = moves.ask(conversation(state), NOW).after
    released = moves.release(moves.claim(asked, NOOR, "Noor", None, NOW).after, NOOR, "Noor", NOW).after
    for waiting in (asked, released):
        for after in (
            moves.withdraw(waiting, NOW).after,
            moves.lapse(waiting, NOW).after,
            moves.leave(waiting, NOW).after,
        ):
            assert (after.state, after.letter_state, after.queue_at) == (state, None, None)


def test_a_letter_survives_leaving() -> None:
    for state in (State.LETTER, State.ANSWERING, State.ANSWERED):
        assert moves.leave(conversation(state), NOW).after.state is state


def test_others_hear_what_happened_in_order() -> None:
    said = core.say(conversation(), "hi", ID, NOW)
    assert of_changes([said], "tab") == [
        EntryAdded(said.after, said.entries[0], "tab"),
        TurnDue(said.after.conversation_id, 3, 1),
    ]
    asked = moves.ask(said.after, NOW)
    kinds = [type(event) for event in of_changes([said, asked], "tab")]
    assert kinds == [EntryAdded, EntryAdded, StateChanged, QueueChanged, Forgotten]
    # Of several the sender needs each, also its own, in order.
    assert [event.via for event in of_changes([said, asked], "tab")[:2]] == [None, None]  # type: ignore[union-attr]
    assert LettersChanged() in of_changes([MOVES[Move.SEND_LETTER](conversation())])
    transferred = MOVES[Move.ACCEPT](conversation(State.WITH_STAFF))
    assert StateChanged(transferred.after, (NOOR, SEM)) in of_changes([transferred])
    assert of_changes([moves.withdraw(conversation(), NOW)]) == []
    assert transferred.entries[0].body.code is ChangeCode.TRANSFERRED
