"""Appointments, on both databases: a slot is kept until its time, and comes back however it ends."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.house import NINE_TO_FIVE, House
from web.actions import chat, desk, later, messages, reads, upkeep
from web.core import hours, moves
from web.core.errors import Code, Refused
from web.core.states import State


def write(house: House, visitor: UUID, words: str = "Kan iemand mij raad geven?") -> tuple[str, ...]:
    """The return code."""
    return house.do(later.send_letter, messages.from_visitor(visitor, house.new_id(), words))  # type: ignore[no-any-return]


def refused(house: House, *call: object) -> Code:
    with pytest.raises(Refused) as answer:
        house.do(*call)  # type: ignore[arg-type]
    return answer.value.code


def slot(house: House, at: int = 0) -> int:
    if not house.do(later.free_slots):
        house.do(upkeep.offer_slots)
    return house.do(later.free_slots)[at][0]  # type: ignore[no-any-return]


def taken(house: House, slot_id: int) -> int:
    with house.engine.connect() as connection:
        return connection.execute(text(f"SELECT taken FROM slot WHERE slot_id = {slot_id}")).scalar_one()  # type: ignore[no-any-return]


def test_slots_are_within_the_opening_hours_and_offered_once(house: House) -> None:
    house.schedule = NINE_TO_FIVE
    assert house.do(upkeep.offer_slots) > 0
    assert house.do(upkeep.offer_slots) == 0
    free = house.do(later.free_slots)
    assert free == sorted(free, key=lambda pair: pair[1])
    for _, at in free:
        assert at >= house.now + timedelta(hours=1)
        assert hours.opening(NINE_TO_FIVE, at).admits


def test_an_appointment_is_kept_until_its_time_and_then_comes_ahead_of_the_walk_ins(house: House) -> None:
    house.do(upkeep.offer_slots)
    visitor, wanted = house.begin(), house.do(later.free_slots)[0]
    assert len(house.do(later.book, visitor, house.new_id(), wanted[0])) == 7
    assert house.do(reads.view, visitor).appointment_at == wanted[1]
    house.now = wanted[1] - timedelta(minutes=15)
    walk_in = house.waiting()
    assert house.upkeep(upkeep.appointments_due, upkeep.begin_appointment) == 0
    house.now = wanted[1]
    house.here(house.noor)
    assert house.upkeep(upkeep.appointments_due, upkeep.begin_appointment) == 1
    assert taken(house, wanted[0]) == 0
    assert [house.do(reads.view, each).position for each in (visitor, walk_in)] == [1, 2]
    assert house.do(desk.claim_next, house.noor, house.new_id()) == visitor
    assert house.codes(visitor)[-3:] == ["booked", "due", "claimed"]


def test_who_asks_before_the_time_is_not_ahead_and_keeps_the_appointment(house: House) -> None:
    visitor, other = house.begin(), house.waiting()
    house.do(later.book, visitor, house.new_id(), slot(house))
    house.later(minutes=5)
    house.do(chat.ask_person, visitor, house.new_id())
    assert [house.do(reads.view, each).position for each in (other, visitor)] == [1, 2]
    house.do(chat.withdraw, visitor, house.new_id())
    assert house.do(reads.view, visitor).appointment_at is not None


def test_who_does_not_come_to_the_appointment_lets_the_place_go_after_a_quarter_of_an_hour(house: House) -> None:
    house.do(upkeep.offer_slots)
    visitor, wanted = house.begin(), house.do(later.free_slots)[0]
    house.do(later.book, visitor, house.new_id(), wanted[0])
    house.gone(visitor)
    house.now = wanted[1]
    house.upkeep(upkeep.appointments_due, upkeep.begin_appointment)
    house.now += moves.MISSED_AFTER - timedelta(seconds=1)
    house.here()
    assert house.upkeep(upkeep.missed, upkeep.lapse) == 0
    house.later(seconds=2)
    house.here()
    assert house.upkeep(upkeep.missed, upkeep.lapse) == 1
    assert house.codes(visitor)[-1] == "missed"
    assert house.state(visitor) is State.ASSISTANT


def test_booking_another_time_or_cancelling_gives_the_place_back(house: House) -> None:
    visitor, first, second = house.begin(), slot(house), slot(house, 1)
    house.do(later.book, visitor, house.new_id(), first)
    house.do(later.book, visitor, house.new_id(), second)
    assert (taken(house, first), taken(house, second)) == (0, 1)
    house.do(later.book, visitor, house.new_id(), second)
    assert taken(house, second) == 1, "what one has already changes nothing"
    house.do(later.cancel, visitor, house.new_id())
    assert taken(house, second) == 0
    assert house.do(reads.view, visitor).appointment_at is None
    assert house.codes(visitor) == ["started", "booked", "booked", "cancelled"]


def test_a_repeated_booking_takes_one_place_and_gets_the_same_answer(house: House) -> None:
    visitor, wanted, client_id = house.begin(), slot(house), house.new_id()
    first = house.do(later.book, visitor, client_id, wanted)
    assert house.do(later.book, visitor, client_id, wanted) == first
    assert taken(house, wanted) == 1


@pytest.mark.parametrize("end", ["letter and cancel", "claimed", "forgotten", "due", "closed"])
def test_however_an_appointment_ends_its_place_comes_back(house: House, end: str) -> None:
    visitor, wanted = house.begin(), slot(house)
    house.do(later.book, visitor, house.new_id(), wanted)
    match end:
        case "letter and cancel":
            write(house, visitor)
            house.do(later.cancel, visitor, house.new_id())
        case "claimed" | "closed":
            house.do(chat.ask_person, visitor, house.new_id())
            house.do(desk.claim, visitor, house.noor, house.new_id())
            if end == "closed":
                house.do(desk.close, visitor, house.noor, house.new_id())
        case "forgotten":
            house.do(chat.forget, visitor)
        case "due":
            house.later(days=8)
            house.upkeep(upkeep.appointments_due, upkeep.begin_appointment)
    assert taken(house, wanted) == 0


def test_an_appointment_survives_leaving_and_a_worker_who_answers_the_letter(house: House) -> None:
    visitor, wanted = house.begin(), slot(house)
    house.do(later.book, visitor, house.new_id(), wanted)
    write(house, visitor)
    house.do(desk.claim, visitor, house.noor, house.new_id())
    house.do(desk.answer, visitor, house.noor, house.new_id(), "Tot morgen.")
    house.do(chat.leave, visitor)
    house.do(chat.leave, visitor)
    assert taken(house, wanted) == 1
    house.later(days=8)
    house.upkeep(upkeep.appointments_due, upkeep.begin_appointment)
    assert house.state(visitor) is State.WAITING


def test_a_slot_that_is_past_or_does_not_exist_cannot_be_booked(house: House) -> None:
    visitor, wanted = house.begin(), slot(house)
    house.later(days=8)
    for slot_id in (wanted, 10_000):
        assert refused(house, later.book, visitor, house.new_id(), slot_id) is Code.SLOT_TAKEN
    assert refused(house, later.book, house.held(), house.new_id(), slot(house)) is Code.ILLEGAL_MOVE
    house.do(upkeep.offer_slots)
    with house.engine.connect() as connection:
        assert connection.execute(text("SELECT max(taken) FROM slot")).scalar_one() == 0


def test_an_appointment_whose_letter_is_just_being_answered_holds_up_nobody(house: House) -> None:
    house.do(upkeep.offer_slots)
    visitors = [house.begin(), house.begin()]
    for at, visitor in enumerate(visitors):
        house.do(later.book, visitor, house.new_id(), slot(house, at))
    for visitor in visitors:
        write(house, visitor)
    house.later(days=8)
    house.here(house.noor)
    house.do(desk.claim, visitors[0], house.noor, house.new_id())
    assert house.upkeep(upkeep.appointments_due, upkeep.begin_appointment) == 1
    assert [house.state(visitor) for visitor in visitors] == [State.ANSWERING, State.WAITING]
    house.do(desk.answer, visitors[0], house.noor, house.new_id(), "Antwoord")
    assert house.upkeep(upkeep.appointments_due, upkeep.begin_appointment) == 1
    assert house.state(visitors[0]) is State.WAITING
