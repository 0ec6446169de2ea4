"""Small days at the line whose end is known by hand."""

from dataclasses import replace
from datetime import timedelta

import pytest

from simulation.guest import Outcome, Shown
from simulation.parameters import MODEL
from simulation.policies import FCFS, LIFO, OURS, PLAIN
from simulation.visitors import Loss
from tests.simulation.line import ONE, SMALL, TWO, at, run, visitor, waited
from web.core import moves
from web.core.states import State, Urgency


def test_one_after_the_other() -> None:
    _, guests = run(visitor(1, 0), visitor(2, 5), visitor(3, 6))
    assert [waited(guests[number]) for number in (1, 2, 3)] == [0, 15, 34]
    assert {guest.outcome for guest in guests.values()} == {Outcome.PERSON}
    assert guests[3].talk.state is State.CLOSED


@pytest.mark.parametrize(("policy", "danger", "normal"), [(OURS, 14, 35), (FCFS, 34, 15)])
def test_danger_goes_first_with_ours_and_not_with_first_come(policy, danger: float, normal: float) -> None:
    line, guests = run(visitor(1, 0), visitor(2, 5), visitor(3, 6, urgency=Urgency.NOW), policy=policy)
    assert (waited(guests[3]), waited(guests[2])) == (danger, normal)
    assert line.watch.danger == (0 if policy is OURS else 1)


def test_danger_that_is_told_while_waiting_moves_to_the_front() -> None:
    late = visitor(3, 6, urgency=Urgency.NOW, told_after=4)
    line, guests = run(visitor(1, 0), visitor(2, 5), late)
    assert (waited(guests[3]), waited(guests[2])) == (14, 35)
    assert Shown.CARD in guests[3].shown
    assert line.watch.danger == 0


def test_soon_passes_those_of_the_last_forty_minutes_only() -> None:
    busy = visitor(1, 0, chat_minutes=60)
    soon = {"urgency": Urgency.SOON}
    _, guests = run(busy, visitor(2, 5), visitor(3, 30, **soon))
    assert waited(guests[3]) == 30  # passes the one who came 25 minutes before
    _, guests = run(busy, visitor(2, 5), visitor(3, 50, **soon))
    assert waited(guests[2]) == 55  # but not the one who came 45 minutes before: nobody starves


def test_three_chats_at_a_time_are_slower_each() -> None:
    model = replace(SMALL, shifts=(replace(ONE, capacity=2),), speed=(1.0, 0.5))
    _, guests = run(visitor(1, 0), visitor(2, 0), visitor(3, 1), model=model)
    assert (waited(guests[1]), waited(guests[2])) == (0, 0)
    assert waited(guests[3]) == pytest.approx(39)  # both are ready at 40: twice 20 minutes at half speed


def test_who_gives_up_is_offered_the_doors_and_takes_one() -> None:
    stays = {"patience": 5, "roll_long": 0.6}  # told of a longer wait than that, and waits all the same
    writes, leaves = visitor(2, 1, roll_tired=0.1, **stays), visitor(3, 1, roll_tired=0.9, **stays)
    _, guests = run(visitor(1, 0, chat_minutes=30), writes, leaves)
    assert guests[2].outcome is Outcome.LETTER
    assert guests[2].letter_took == timedelta(minutes=24 + 15)  # put down at 6, begun at 30, a quarter of an hour
    assert guests[2].talk.state is State.ANSWERED
    assert guests[3].outcome is Outcome.LEFT
    assert Shown.LETTER in guests[3].shown


def test_who_is_told_of_a_longer_wait_than_they_have_need_not_wait() -> None:
    """Told 'about 10 to 20 minutes', they have five: they write at once."""
    _, guests = run(visitor(1, 0, chat_minutes=30), visitor(2, 1), visitor(3, 2, patience=5, roll_long=0.1))
    assert guests[3].outcome is Outcome.LETTER
    assert guests[3].letter_at == at(2)
    assert guests[3].gave_up


def test_an_appointment_is_kept_ahead_of_the_walk_ins() -> None:
    books = visitor(1, -60, roll_closed=0.5)  # at nine, an hour before the opening: the first slot is at ten
    _, guests = run(books, visitor(2, -59, roll_closed=0.99), visitor(3, 1))
    assert guests[1].outcome is Outcome.APPOINTMENT
    assert waited(guests[1]) == 0
    assert guests[2].outcome is Outcome.LEFT
    assert waited(guests[3]) == 19


def test_nobody_is_let_in_before_closing_and_who_waits_then_is_offered_the_doors() -> None:
    day = 12 * 60
    busy = visitor(1, day - 50, chat_minutes=120)
    waits, late = visitor(2, day - 40, roll_closed=0.1), visitor(3, day - 20, roll_closed=0.1)
    _, guests = run(busy, waits, late)
    assert guests[3].joined_at is None  # last admission is half an hour before the end
    assert guests[2].longest_wait == timedelta(minutes=40)
    assert {guests[2].outcome, guests[3].outcome} == {Outcome.LETTER}


def test_danger_stays_after_closing_as_long_as_a_worker_is_there() -> None:
    day = 12 * 60
    _, guests = run(visitor(1, day - 50, chat_minutes=60), visitor(2, day - 40, urgency=Urgency.NOW))
    assert waited(guests[2]) == 50
    assert guests[2].outcome is Outcome.PERSON


def test_a_lost_worker_gives_their_visitor_back_to_the_front() -> None:
    model = replace(SMALL, shifts=(ONE, TWO), tell_again=0)
    loss = Loss(1, at(10), minutes=600)
    line, guests = run(visitor(1, 0), visitor(2, 0, chat_minutes=30), visitor(3, 5), model=model, losses=(loss,))
    assert guests[1].talk.returned
    assert guests[1].outcome is Outcome.PERSON
    assert waited(guests[3]) == 35  # the second worker is free at 30, then has the lost visitor's last ten minutes
    assert line.watch.danger == 0


def test_a_short_break_of_the_line_changes_nothing_but_the_time() -> None:
    _, guests = run(visitor(1, 0), visitor(2, 1), losses=(Loss(1, at(10), minutes=0.5),))
    assert not guests[1].talk.returned
    assert waited(guests[2]) == 19.5


def test_who_is_away_is_passed_by_and_keeps_the_place() -> None:
    away = visitor(2, 1, away_after=10, away_for=20)  # from 11 to 31
    _, guests = run(visitor(1, 0), away, visitor(3, 12))
    assert (waited(guests[3]), waited(guests[2])) == (8, 39)


def test_the_place_of_who_stays_away_lapses() -> None:
    gone = visitor(2, 1, away_after=10, away_for=500)
    _, guests = run(visitor(1, 0, chat_minutes=200), gone)
    assert guests[2].longest_wait == timedelta(minutes=10) + moves.LAPSE_AFTER
    assert guests[2].outcome is Outcome.LEFT


def test_languages() -> None:
    model = replace(SMALL, shifts=(replace(ONE, languages=frozenset({"nl"})), TWO))
    line, guests = run(visitor(1, 0), visitor(2, 1), visitor(3, 2, language="en", urgency=Urgency.NOW), model=model)
    assert waited(guests[3]) == 19  # the first worker has been free since 20, and speaks no English
    assert line.watch.danger == 0


def test_a_plain_line_has_nothing_for_who_finds_it_closed() -> None:
    _, guests = run(visitor(1, -60), visitor(2, 0), visitor(3, 1, patience=3), policy=PLAIN)
    assert [guests[number].outcome for number in (1, 2, 3)] == [Outcome.NOTHING, Outcome.PERSON, Outcome.NOTHING]


def test_a_letter_that_nobody_answers_counts_as_nothing() -> None:
    _, guests = run(visitor(1, -60, roll_closed=0.1), model=replace(SMALL, shifts=()))
    assert guests[1].outcome is Outcome.NOTHING


def test_the_watch_sees_a_policy_that_leaves_danger_waiting() -> None:
    line, guests = run(visitor(1, 0), visitor(2, 1, urgency=Urgency.NOW), visitor(3, 2), policy=LIFO)
    assert waited(guests[2]) == 39
    assert line.watch.passed_over == 1
    assert line.watch.overtaken == 1


def test_the_watch_sees_a_worker_with_room_who_takes_nobody() -> None:
    line, guests = run(visitor(1, 0))
    desk, guest = line.floor.desks[0], guests[1]
    desk.on, before = True, line.watch.idle
    line.watch.settled(at(0), [desk], [guest])
    assert line.watch.idle == before + 1
    guest.talk = replace(guest.talk, urgency=Urgency.NOW)
    line.watch.settled(at(0), [desk], [guest])
    assert line.watch.left_waiting == 1


def test_a_minor_in_danger_is_not_kept_for_a_trained_colleague_who_is_busy() -> None:
    trained = replace(ONE, skills=frozenset({"youth"}))
    model = replace(SMALL, shifts=(trained, TWO))
    minor = visitor(3, 2, topic="minor_self", urgency=Urgency.NOW)
    line, guests = run(
        visitor(1, 0, chat_minutes=60), visitor(2, 1, chat_minutes=10), minor, visitor(4, 3), model=model
    )
    assert waited(guests[3]) == 9
    assert line.watch.danger == 0


def test_the_model_has_the_slots_of_the_service() -> None:
    from web.actions import upkeep

    kept = (upkeep.SLOT_MINUTES, upkeep.SLOT_DAYS, upkeep.SLOT_PLACES)
    assert (MODEL.slot_minutes, MODEL.slot_days, MODEL.slot_places) == kept
