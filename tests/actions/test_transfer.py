"""From one worker to another, or back to the queue, on both databases: until somebody accepts, nothing changes."""

from uuid import UUID

import pytest

from tests.house import House
from web.actions import chat, desk, messages, reads, upkeep
from web.core.entries import Entry, Kind
from web.core.errors import Code, Refused
from web.core.staff import Status
from web.core.states import State

NOTE = "Zij spreekt liever Engels; het gaat over de politie."


@pytest.fixture
def held(house: House) -> UUID:
    """A visitor with Noor; Sem is at the desk too."""
    house.here(house.sem)
    return house.held()


def offer(house: House, visitor: UUID, words: str = NOTE) -> None:
    house.do(desk.offer, visitor, house.noor, house.new_id(), house.sem, words)


def refused(house: House, *call: object) -> Refused:
    with pytest.raises(Refused) as answer:
        house.do(*call)  # type: ignore[arg-type]
    return answer.value


def notes(house: House, visitor: UUID, staff_id: int) -> list[Entry]:
    """What only staff see, as the holder reads it."""
    _, entries = house.do(reads.history, visitor, staff_id, 0)
    return [entry for entry in entries if entry.kind is Kind.NOTE]


def test_an_offer_changes_nothing_for_the_visitor_until_it_is_accepted(house: House, held: UUID) -> None:
    before = house.history(held), house.do(reads.view, held).name
    offer(house, held)
    assert (house.history(held), house.do(reads.view, held).name) == before
    house.say(held, "ben je er nog?")
    house.reply(held, house.noor, "ja")
    house.do(desk.accept, held, house.sem, house.new_id())
    assert house.do(reads.view, held).name == "Sem"
    assert house.codes(held)[-1] == "transferred"
    assert [entry.body.text for entry in house.history(held) if entry.body.text][-2:] == ["ben je er nog?", "ja"]


def test_the_note_is_for_staff_and_says_what_the_colleague_must_know(house: House, held: UUID) -> None:
    offer(house, held)
    [note] = notes(house, held, house.noor)
    assert (note.body.text, note.body.name, note.body.code) == (NOTE, "Noor", "offered")
    house.do(desk.accept, held, house.sem, house.new_id())
    assert notes(house, held, house.sem) == [note]
    assert NOTE not in repr(house.history(held))


def test_an_offer_needs_words(house: House, held: UUID) -> None:
    call = (desk.offer, held, house.noor, house.new_id(), house.sem)
    assert refused(house, *call, " \n ").code is Code.EMPTY


def test_before_accepting_the_colleague_reads_and_writes_nothing(house: House, held: UUID) -> None:
    offer(house, held)
    assert refused(house, reads.history, held, house.sem, 0).code is Code.NOT_FOUND
    with pytest.raises(Refused) as answer:
        house.reply(held, house.sem)
    assert answer.value.code is Code.NOT_FOUND


def test_after_accepting_the_first_worker_reads_and_writes_nothing(house: House, held: UUID) -> None:
    offer(house, held)
    house.do(desk.accept, held, house.sem, house.new_id())
    assert refused(house, reads.history, held, house.noor, 0).code is Code.NOT_FOUND
    for action in (desk.close, desk.release, desk.hand_back):
        assert refused(house, action, held, house.noor, house.new_id()).code is Code.NOT_FOUND
    with pytest.raises(Refused) as answer:
        house.reply(held, house.noor)
    assert answer.value.code is Code.NOT_FOUND


@pytest.mark.parametrize("status", [Status.BUSY, Status.BREAK, Status.AWAY])
def test_nobody_is_offered_a_visitor_while_they_are_not_available(house: House, held: UUID, status: Status) -> None:
    house.do(desk.set_status, house.sem, status)
    answer = refused(house, desk.offer, held, house.noor, house.new_id(), house.sem, NOTE)
    assert (answer.code, answer.detail) == (Code.NOT_AVAILABLE, {"name": "Sem", "status": status.value})


def test_nor_while_their_desk_is_gone_or_they_have_enough(house: House, held: UUID) -> None:
    house.change(house.sem, capacity=0)
    call = (desk.offer, held, house.noor, house.new_id(), house.sem, NOTE)
    answer = refused(house, *call)
    assert (answer.code, answer.detail) == (Code.AT_CAPACITY, {"name": "Sem", "capacity": 0})
    house.change(house.sem, capacity=3)
    house.later(seconds=46)
    house.here(house.noor)
    assert refused(house, *call).code is Code.NOT_AVAILABLE
    assert notes(house, held, house.noor) == []


def test_nor_is_anybody_offered_their_own_or_to_nobody(house: House, held: UUID) -> None:
    for to in (house.noor, 10_000):
        call = (desk.offer, held, house.noor, house.new_id(), to, NOTE)
        assert refused(house, *call).code is Code.NOT_AVAILABLE


def test_who_has_got_enough_since_the_offer_cannot_accept_it(house: House, held: UUID) -> None:
    house.change(house.sem, capacity=1)
    offer(house, held)
    house.do(desk.claim, house.waiting(), house.sem, house.new_id())
    assert refused(house, desk.accept, held, house.sem, house.new_id()).code is Code.AT_CAPACITY
    assert house.do(reads.holder, held) == house.noor


def test_an_offer_lasts_a_minute_and_a_half(house: House, held: UUID) -> None:
    offer(house, held)
    house.later(seconds=89)
    house.here(house.noor, house.sem)
    assert house.upkeep(upkeep.expired_offers, upkeep.end_offer) == 0
    house.later(seconds=1)
    assert refused(house, desk.accept, held, house.sem, house.new_id()).code is Code.OFFER_GONE
    assert house.upkeep(upkeep.expired_offers, upkeep.end_offer) == 1
    assert [note.body.code for note in notes(house, held, house.noor)] == ["offered", "offer_expired"]
    assert house.do(reads.holder, held) == house.noor


@pytest.mark.parametrize("by", ["colleague", "holder"])
def test_an_offer_can_be_declined_and_taken_back(house: House, held: UUID, by: str) -> None:
    offer(house, held)
    house.do(desk.decline, held, house.sem if by == "colleague" else house.noor, house.new_id())
    assert refused(house, desk.accept, held, house.sem, house.new_id()).code is Code.OFFER_GONE
    declined = notes(house, held, house.noor)[-1]
    assert (declined.body.code, declined.body.name) == ("declined", "Sem" if by == "colleague" else "Noor")
    assert house.codes(held) == ["started", "asked", "claimed"]


def test_a_third_worker_neither_accepts_nor_declines(house: House, held: UUID) -> None:
    offer(house, held)
    third = house.hire("aisha", "Aïsha")
    for action in (desk.accept, desk.decline):
        assert refused(house, action, held, third, house.new_id()).code is Code.OFFER_GONE
    house.do(desk.accept, held, house.sem, house.new_id())


@pytest.mark.parametrize("action", [desk.release, desk.hand_back, desk.close])
def test_an_offer_ends_with_what_the_holder_does(house: House, held: UUID, action) -> None:
    offer(house, held)
    house.do(action, held, house.noor, house.new_id())
    assert refused(house, desk.accept, held, house.sem, house.new_id()).code is Code.OFFER_GONE


def test_an_offer_ends_when_the_visitor_leaves_or_the_holder_is_lost(house: House, held: UUID) -> None:
    other = house.held()
    for visitor in (held, other):
        offer(house, visitor)
    house.do(chat.leave, other)
    house.later(seconds=61)
    house.here(house.sem)
    house.upkeep(upkeep.lost, upkeep.return_lost)
    for visitor in (held, other):
        assert refused(house, desk.accept, visitor, house.sem, house.new_id()).code is Code.OFFER_GONE


def test_a_repeat_of_an_offer_after_it_was_accepted_offers_nothing_again(house: House, held: UUID) -> None:
    client_id = house.new_id()
    for _ in range(2):
        house.do(desk.offer, held, house.noor, client_id, house.sem, NOTE)
    assert len(notes(house, held, house.noor)) == 1
    accepted = house.new_id()
    for _ in range(2):
        assert house.do(desk.accept, held, house.sem, accepted) == held
    house.do(desk.offer, held, house.noor, client_id, house.sem, NOTE)
    assert house.codes(held).count("transferred") == 1


def test_with_a_reason_the_visitor_goes_back_to_the_front_and_colleagues_read_why(house: House, held: UUID) -> None:
    house.later(minutes=10)
    house.here(house.noor, house.sem)
    others = [house.waiting() for _ in range(3)]
    house.do(desk.release, held, house.noor, house.new_id(), "ik moet weg, zij wacht op advies")
    assert house.do(reads.view, held).position == 1
    assert house.do(desk.claim_next, house.sem, house.new_id()) == held
    assert [note.body.text for note in notes(house, held, house.sem)] == ["ik moet weg, zij wacht op advies"]
    assert house.codes(held)[-2:] == ["released", "claimed"]
    assert {house.state(other) for other in others} == {State.WAITING}


def test_danger_still_goes_before_who_was_given_back(house: House, held: UUID) -> None:
    in_danger = house.begin()
    house.say(in_danger, "ik wil niet meer leven")
    house.do(desk.release, held, house.noor, house.new_id())
    assert house.do(desk.claim_next, house.sem, house.new_id()) == in_danger


def test_danger_with_a_worker_is_told_to_the_worker_and_interrupts_nobody(house: House, held: UUID) -> None:
    house.say(held, "ik wil niet meer leven")
    assert house.do(reads.view, held).urgent
    assert [entry.kind for entry in house.history(held)].count(Kind.CARD) == 0


def test_back_to_the_assistant_the_next_question_is_the_assistants(house: House, held: UUID) -> None:
    house.say(held, "hoi Noor")
    house.do(desk.hand_back, held, house.noor, house.new_id())
    assert house.state(held) is State.ASSISTANT
    number = house.say(held, "wat kost het").number
    house.later(seconds=7)
    assert [(due.number, due.epoch) for due in house.do(upkeep.overdue_turns)] == [(number, 4)]
    batch = house.do(messages.store, [messages.from_staff(held, "reply-01", "?", house.noor, "Noor")], True)
    assert batch.results[0].code is Code.NOT_FOUND
