"""Who is let in when, and what those who wait are told, on both databases."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from tests.house import NINE_TO_FIVE, House
from tests.readings import reading
from web.actions import chat, desk, presence, reads, turns, upkeep
from web.core import hours
from web.core.assistant import Act
from web.core.entries import Kind
from web.core.errors import Code, Refused
from web.core.hours import Mode
from web.core.staff import Status
from web.core.states import State

# Ten in Amsterdam is nine in UTC: open until 16:00 UTC, nobody new from 15:45.
HUMAN = reading("human", 0.9, Act.HANDOVER)


@pytest.fixture
def day(house: House) -> House:
    house.schedule = NINE_TO_FIVE
    return house


def clock(house: House, hour: int, minute: int = 0) -> None:
    house.now = house.now.replace(hour=hour, minute=minute)
    house.here(house.noor, house.sem)


def closing(house: House) -> int:
    return house.upkeep(upkeep.waiting_at_closing, upkeep.tell_closing)


def refused(house: House, visitor: UUID) -> dict[str, object]:
    with pytest.raises(Refused) as answer:
        house.do(chat.ask_person, visitor, house.new_id())
    assert answer.value.code is Code.NOT_OPEN
    return answer.value.detail


@pytest.mark.parametrize(
    ("hour", "minute", "reason", "opens"),
    [
        (7, 59, "closed", "2026-11-24T08:00"),
        (15, 45, "last_admission", "2026-11-25T08:00"),
        (15, 59, "last_admission", "2026-11-25T08:00"),
        (16, 0, "closed", "2026-11-25T08:00"),
        (23, 0, "closed", "2026-11-25T08:00"),
    ],
)
def test_outside_admission_nobody_new_waits_and_is_told_when(
    day: House, hour: int, minute: int, reason: str, opens: str
) -> None:
    visitor = day.begin()
    clock(day, hour, minute)
    detail = refused(day, visitor)
    assert detail["reason"] == reason
    assert str(detail["opens_at"]).startswith(opens)
    offers = day.do(reads.view, visitor).offers
    assert (offers.wait, offers.letter, offers.appointment, offers.reason) == (False, True, True, reason)
    assert day.codes(visitor) == ["started"]


@pytest.mark.parametrize(("hour", "minute"), [(8, 0), (15, 44)])
def test_within_admission_anybody_may_wait(day: House, hour: int, minute: int) -> None:
    clock(day, hour, minute)
    assert day.do(reads.view, day.begin()).offers.wait
    assert day.state(day.waiting()) is State.WAITING


def test_a_holiday_is_closed(day: House) -> None:
    day.schedule = replace(NINE_TO_FIVE, exceptions={day.now.date(): ()})
    assert refused(day, day.begin())["reason"] == "closed"


@pytest.mark.parametrize("mode", [Mode.NO_NEW, Mode.ASSISTANT_ONLY])
def test_a_supervisors_switch_lets_nobody_new_in_and_promises_no_time(day: House, mode: Mode) -> None:
    waiting = day.waiting()
    day.schedule = replace(NINE_TO_FIVE, mode=mode)
    assert refused(day, day.begin()) == {"reason": mode.value, "opens_at": None}
    assert closing(day) == 0
    assert day.state(waiting) is State.WAITING, "who waits already is served"


def test_who_waits_is_told_once_that_it_may_not_come_to_them(day: House) -> None:
    visitor, late = day.waiting(), day.begin()
    clock(day, 15, 44)
    assert closing(day) == 0
    clock(day, 15, 45)
    assert closing(day) == 1
    told = day.history(visitor)[-1].body
    assert (told.code, str(told.when)[:16]) == ("closing_soon", "2026-11-24T16:00")
    day.say(visitor, "ik wacht")
    day.do(chat.stay, visitor)
    clock(day, 15, 50)
    assert closing(day) == 0
    assert day.codes(visitor).count("closing_soon") == 1
    assert day.codes(late) == ["started"]


def test_last_admission_takes_nobody_from_a_worker_and_the_waiting_are_still_claimed(day: House) -> None:
    held, waiting = day.held(), day.waiting()
    clock(day, 15, 50)
    closing(day)
    assert day.do(desk.claim_next, day.sem, day.new_id()) == waiting
    clock(day, 16, 30)
    assert closing(day) == 0
    assert {day.state(each) for each in (held, waiting)} == {State.WITH_STAFF}


def test_at_the_end_whoever_still_waits_goes_on_with_the_assistant_and_is_told_when_it_opens(day: House) -> None:
    visitors = [day.waiting() for _ in range(3)]
    clock(day, 15, 50)
    closing(day)
    clock(day, 16)
    assert closing(day) == 3
    for visitor in visitors:
        assert day.state(visitor) is State.ASSISTANT
        told = day.history(visitor)[-1].body
        assert (told.code, str(told.when)[:16]) == ("hours_ended", "2026-11-25T08:00")
        offers = day.do(reads.view, visitor).offers
        assert (offers.wait, offers.letter, offers.appointment) == (False, True, True), "nobody ends with nothing"


def test_a_sudden_closure_ends_the_waiting_too(day: House) -> None:
    visitor = day.waiting()
    until = day.now + timedelta(hours=2)
    day.schedule = replace(NINE_TO_FIVE, closed_until=until)
    assert closing(day) == 1
    assert str(day.history(visitor)[-1].body.when)[:16] == until.isoformat()[:16]
    assert refused(day, visitor)["opens_at"] == until.isoformat()
    day.now = until
    day.do(chat.ask_person, visitor, day.new_id())
    assert day.state(visitor) is State.WAITING


def test_who_is_in_danger_stays_as_long_as_a_worker_is_there(day: House) -> None:
    clock(day, 15, 40)
    visitor, other = day.begin(), day.waiting()
    day.say(visitor, "ik wil niet meer leven")
    clock(day, 16, 10)
    assert closing(day) == 1
    assert (day.state(visitor), day.state(other)) == (State.WAITING, State.ASSISTANT)
    day.do(desk.set_status, day.noor, Status.BREAK)
    day.do(desk.set_status, day.sem, Status.BUSY)
    assert closing(day) == 0, "busy is still there"
    assert day.do(reads.view, visitor).position == 1
    day.do(desk.set_status, day.sem, Status.AVAILABLE)
    day.do(desk.claim_next, day.sem, day.new_id())
    assert day.state(visitor) is State.WITH_STAFF


def test_who_is_in_danger_and_has_nobody_left_gets_the_doors(day: House) -> None:
    clock(day, 15, 40)
    visitor = day.begin()
    day.say(visitor, "ik wil niet meer leven")
    clock(day, 16, 10)
    day.later(minutes=2)  # the desks are gone
    assert closing(day) == 1
    assert day.codes(visitor)[-1] == "hours_ended"
    assert [entry.kind for entry in day.history(visitor)].count(Kind.CARD) == 1


def test_danger_is_let_in_during_last_admission_and_gets_the_card_alone_when_closed(day: House) -> None:
    clock(day, 15, 50)
    late = day.begin()
    day.say(late, "ik wil niet meer leven")
    assert day.state(late) is State.WAITING
    clock(day, 20)
    night = day.begin()
    day.say(night, "ik wil niet meer leven")
    assert day.state(night) is State.ASSISTANT
    assert [entry.kind for entry in day.history(night)].count(Kind.CARD) == 1


@pytest.mark.parametrize(("hour", "state"), [(9, State.WAITING), (20, State.ASSISTANT)])
def test_asking_in_words_is_asking(day: House, hour: int, state: State) -> None:
    clock(day, hour)
    visitor = day.begin()
    number = day.say(visitor, "mag ik een mens spreken").number
    before = len(day.history(visitor))
    day.do(turns.store_answer, day.do(turns.prepare, visitor, number, 1), HUMAN)
    assert day.state(visitor) is state
    said = [entry.body.text for entry in day.history(visitor)[before:] if entry.body.text]
    assert len(said) == 1, "the answer says what is possible now"


def test_who_has_a_worker_may_stay_after_hours_and_who_is_given_back_then_is_told(day: House) -> None:
    visitor = day.held()
    clock(day, 16, 5)
    day.reply(visitor, day.noor, "we ronden rustig af")
    day.do(desk.release, visitor, day.noor, day.new_id())
    assert closing(day) == 1
    assert day.codes(visitor)[-2:] == ["released", "hours_ended"]


def test_who_came_back_in_the_moment_before_it_lapses_keeps_the_place(house: House) -> None:
    visitor = house.waiting()
    house.gone(visitor)
    house.later(minutes=61)
    house.here()
    [found] = house.do(upkeep.away)
    house.do(presence.note_visitors, [visitor], [])
    assert house.do(upkeep.apply, found, upkeep.lapse) is False
    assert house.state(visitor) is State.WAITING


def test_without_a_plan_it_is_always_open(house: House) -> None:
    assert house.schedule is hours.ALWAYS
    house.now = house.now.replace(hour=3)
    assert house.state(house.waiting()) is State.WAITING
