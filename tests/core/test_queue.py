"""The waiting room by values: who is next, what place that is, and how long it will take."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.core import queue
from web.core.queue import Place, Server, Wait
from web.core.states import Urgency

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
NORMAL, SOON, DANGER = Urgency.NORMAL, Urgency.SOON, Urgency.NOW

DUTCH = Server(1, frozenset({"nl"}), frozenset(), 3, 3)
BOTH = Server(2, frozenset({"nl", "en"}), frozenset(), 3, 3)
TRAINED = Server(3, frozenset({"nl"}), frozenset({"youth"}), 3, 3)
CREW = (DUTCH, BOTH, TRAINED)


def place(number: int, minutes: int = 0, language: str = "nl", skill: str | None = None) -> Place:
    return Place(UUID(int=number), language, skill, NOW + minutes * MINUTE)


def numbers(places: list[Place]) -> list[int]:
    return [each.conversation_id.int for each in places]


# The order


def test_danger_passes_everybody_who_came_within_a_day() -> None:
    assert queue.rank(NOW, DANGER) < queue.rank(NOW - timedelta(hours=23), NORMAL, appointment=True)
    assert queue.rank(NOW, DANGER) < queue.rank(NOW, NORMAL, appointment=True, returned=True)
    assert queue.rank(NOW, DANGER) < queue.rank(NOW - timedelta(hours=17), SOON, returned=True)


def test_who_was_given_back_passes_everybody_but_those_in_danger() -> None:
    back = queue.rank(NOW, NORMAL, returned=True)
    assert back < queue.rank(NOW - timedelta(hours=4, minutes=59), SOON, appointment=True)
    assert back > queue.rank(NOW, DANGER)


def test_an_appointment_and_soon_pass_those_who_came_shortly_before() -> None:
    assert queue.rank(NOW, NORMAL, appointment=True) < queue.rank(NOW - 19 * MINUTE, NORMAL)
    assert queue.rank(NOW, NORMAL, appointment=True) > queue.rank(NOW - 21 * MINUTE, NORMAL)
    assert queue.rank(NOW, SOON) < queue.rank(NOW - 39 * MINUTE, NORMAL)
    assert queue.rank(NOW, SOON) > queue.rank(NOW - 41 * MINUTE, NORMAL)


rankings = st.tuples(st.sampled_from(Urgency), st.booleans(), st.booleans())


@given(rankings, rankings)
def test_nobody_starves(mine: tuple[Urgency, bool, bool], theirs: tuple[Urgency, bool, bool]) -> None:
    """Ageing: after a day and a half nobody who comes later gets ahead, whatever puts them forward."""
    assert queue.rank(NOW, *mine) <= queue.rank(NOW + timedelta(hours=36), *theirs)
    assert queue.rank(NOW, *mine) < queue.rank(NOW + MINUTE, *mine), "of two alike, the first is first"


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2**64)), unique_by=lambda pair: pair[1], max_size=12))
def test_the_order_is_total_and_does_not_depend_on_how_it_came(pairs: list[tuple[int, int]]) -> None:
    places = [place(number, minutes) for minutes, number in pairs]
    ordered = queue.in_order(places)
    assert ordered == queue.in_order(reversed(places))
    assert [(each.queue_at, each.conversation_id.hex) for each in ordered] == sorted(
        (each.queue_at, each.conversation_id.hex) for each in places
    )


# Who gets whom


def test_a_worker_gets_the_first_whose_language_they_speak() -> None:
    ordered = [place(1, language="en"), place(2)]
    assert queue.first_for(DUTCH, ordered, CREW) == ordered[1]
    assert queue.first_for(BOTH, ordered, CREW) == ordered[0]
    assert queue.first_for(DUTCH, ordered[:1], CREW) is None


def test_a_question_for_a_trained_worker_is_left_to_them_while_they_are_on_duty() -> None:
    ordered = [place(1, skill="youth"), place(2)]
    assert queue.first_for(BOTH, ordered, CREW) == ordered[1]
    assert queue.first_for(TRAINED, ordered, CREW) == ordered[0]
    assert queue.first_for(BOTH, ordered, (DUTCH, BOTH)) == ordered[0]


def test_who_is_in_danger_gets_whoever_is_free() -> None:
    assert queue.skill_for("minor_self", NORMAL) == "youth"
    assert queue.skill_for("minor_self", DANGER) is None
    assert queue.skill_for("cost", NORMAL) is None
    assert queue.skill_for(None, NORMAL) is None


def test_what_is_left_to_others_is_the_same_rule_in_languages_and_topics() -> None:
    trained_topics = {("nl", topic) for topic in queue.SKILLS}
    assert queue.left_to_others(DUTCH, CREW) == trained_topics
    assert queue.left_to_others(BOTH, CREW) == trained_topics, "no English speaker is trained: those stay"
    assert queue.left_to_others(TRAINED, CREW) == frozenset()
    assert queue.left_to_others(DUTCH, (DUTCH, BOTH)) == frozenset()


# The place


def test_only_those_who_wait_for_the_same_workers_are_ahead() -> None:
    ordered = [place(1), place(2, language="en"), place(3, skill="youth"), place(4), place(5, language="en")]
    english = Server(4, frozenset({"en"}), frozenset(), 3, 3)
    assert list(queue.positions(ordered, (DUTCH, english, TRAINED)).values()) == [1, 1, 2, 3, 2]
    assert list(queue.positions(ordered, ()).values()) == [1, 2, 3, 4, 5], "nobody there: all who came before"


SERVERS = st.lists(
    st.builds(
        Server,
        st.integers(1, 5),
        st.frozensets(st.sampled_from(("nl", "en")), min_size=1),
        st.frozensets(st.just("youth")),
        st.just(2),
        st.just(1),
    ),
    unique_by=lambda server: server.staff_id,
    max_size=4,
)
PLACES = st.lists(st.tuples(st.sampled_from(("nl", "en")), st.sampled_from((None, "youth"))), max_size=10)


@given(PLACES, SERVERS)
def test_the_place_is_how_many_are_taken_before_if_all_come_free_one_after_the_other(
    kinds: list[tuple[str, str | None]], on_duty: list[Server]
) -> None:
    """Whoever is taken stood first among those who wait for the same workers; each taking moves nobody back."""
    waiting = [place(at, at, language, skill) for at, (language, skill) in enumerate(kinds)]
    places = queue.positions(waiting, on_duty)
    taken = True
    while waiting and taken:
        taken = False
        for server in on_duty:
            first = queue.first_for(server, waiting, on_duty)
            if first is None:
                continue
            taken = True
            alike = [each for each in waiting if (each.language, each.skill) == (first.language, first.skill)]
            assert first == alike[0]
            waiting.remove(first)
            now = queue.positions(waiting, on_duty)
            assert all(now[which] <= places[which] for which in now)
            places = now
    able = {server.staff_id for server in on_duty}
    assert not waiting or not able or all(not _helped(each, on_duty) for each in waiting)


def _helped(each: Place, on_duty: list[Server]) -> bool:
    return any(each.language in server.languages for server in on_duty)


@given(PLACES, SERVERS)
def test_the_place_of_one_is_that_of_the_list(kinds: list[tuple[str, str | None]], on_duty: list[Server]) -> None:
    waiting = [place(at, at, language, skill) for at, (language, skill) in enumerate(kinds)]
    places = queue.positions(waiting, on_duty)
    for at, mine in enumerate(kinds):
        ahead = {kind: kinds[:at].count(kind) for kind in kinds[:at]}
        assert queue.position(mine, ahead, on_duty) == places[waiting[at].conversation_id]


# The wait


def wait(position: int, *on_duty: Server, served: tuple[timedelta, ...] = ()) -> Wait | None:
    return queue.estimated_wait(position, "nl", None, on_duty, served)


def crew(free: int, capacity: int = 3) -> Server:
    return Server(1, frozenset({"nl"}), frozenset(), capacity, free)


@pytest.mark.parametrize(
    ("position", "free", "expected"),
    [
        (1, 1, Wait(0, 5)),  # somebody is free
        (3, 3, Wait(0, 5)),
        (1, 0, Wait(5, 10)),  # three at a time of half an hour each: one ends every ten minutes
        (2, 0, Wait(10, 20)),
        (2, 1, Wait(5, 10)),
        (4, 0, Wait(20, 40)),
        (5, 0, Wait(40, 60)),
        (9, 0, Wait(60, 90)),
        (10, 0, Wait(90, None)),
        (1000, 0, Wait(90, None)),
    ],
)
def test_the_wait_is_told_in_bands(position: int, free: int, expected: Wait) -> None:
    assert wait(position, crew(free)) == expected


def test_nobody_who_could_help_means_no_promise() -> None:
    assert wait(1) is None
    assert queue.estimated_wait(1, "en", None, [crew(3)], ()) is None
    assert wait(1, crew(0, capacity=0)) is None


def test_recent_conversations_count_as_soon_as_they_are_more_than_a_few() -> None:
    one = crew(0, capacity=1)
    assert wait(1, one) == Wait(20, 40)
    assert wait(1, one, served=(90 * MINUTE,)) == Wait(20, 40), "a single long one says little: 40 minutes"
    assert wait(1, one, served=(90 * MINUTE,) * 5) == Wait(40, 60)
    assert wait(1, one, served=(4 * MINUTE,) * 45) == Wait(5, 10)


@given(st.integers(1, 300), st.integers(1, 300), st.integers(0, 3))
def test_whoever_stands_further_back_is_told_no_shorter_wait(first: int, second: int, free: int) -> None:
    shorter, longer = wait(min(first, second), crew(free)), wait(max(first, second), crew(free))
    assert shorter is not None
    assert longer is not None
    assert shorter.low <= longer.low
    edges = (0, *queue.BANDS)
    assert (longer.low, longer.high) in {*zip(edges, queue.BANDS, strict=False), (queue.BANDS[-1], None)}
