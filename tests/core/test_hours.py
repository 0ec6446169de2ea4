"""Opening hours by values and by properties: what a visitor is told must be what then happens."""

import sys
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from web.core.hours import ALWAYS, Day, Mode, Opening, Reason, Schedule, Span, coming_days, opening, slots

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
HERE = ZoneInfo("Europe/Amsterdam")
NINE_TO_NINE = Span(540, 1260)
OFFICE = replace(ALWAYS, weekly=dict.fromkeys(range(5), (NINE_TO_NINE,)))  # Monday to Friday
NEVER: dict[int, tuple[Span, ...]] = {}


def here(*when: Any) -> datetime:
    """A moment by the clock on the wall in Amsterdam."""
    return datetime(*when, tzinfo=HERE)


def test_within_the_hours() -> None:
    assert opening(OFFICE, here(2026, 11, 24, 12)) == Opening(
        open=True, admits=True, reason=Reason.OPEN, opens_at=None, closes_at=here(2026, 11, 24, 21)
    )


def test_times_are_utc() -> None:
    told = opening(OFFICE, here(2026, 11, 24, 12)).closes_at
    assert told is not None
    assert told.tzinfo is UTC


@pytest.mark.parametrize(
    ("now", "opens_at"),
    [
        (here(2026, 11, 24, 8, 59, 59), here(2026, 11, 24, 9)),
        (here(2026, 11, 24, 21), here(2026, 11, 25, 9)),
        (here(2026, 11, 27, 23), here(2026, 11, 30, 9)),  # Friday night to Monday morning
    ],
)
def test_outside_the_hours(now: datetime, opens_at: datetime) -> None:
    assert opening(OFFICE, now) == Opening(False, False, Reason.CLOSED, opens_at, None)


def test_the_first_and_the_last_moment() -> None:
    assert opening(OFFICE, here(2026, 11, 24, 9)).open
    assert opening(OFFICE, here(2026, 11, 24, 20, 59, 59)).open


def test_last_admission() -> None:
    assert opening(OFFICE, here(2026, 11, 24, 20, 44, 59)).admits
    assert opening(OFFICE, here(2026, 11, 24, 20, 45)) == Opening(
        True, False, Reason.LAST_ADMISSION, here(2026, 11, 25, 9), here(2026, 11, 24, 21)
    )


def test_an_opening_too_short_to_be_admitted_is_not_promised() -> None:
    plan = replace(ALWAYS, weekly={0: (Span(540, 550), Span(600, 700))})
    assert opening(plan, here(2026, 11, 23, 8)).opens_at == here(2026, 11, 23, 10)


def test_day_and_night_has_no_closing() -> None:
    assert opening(ALWAYS, here(2026, 11, 24, 23, 59)) == Opening(True, True, Reason.OPEN, None, None)


def test_a_closing_is_told_eight_days_ahead() -> None:
    plan = replace(ALWAYS, exceptions={date(2026, 12, 25): ()})
    closing = here(2026, 12, 25)
    assert opening(plan, closing - timedelta(days=8)).closes_at == closing
    assert opening(plan, closing - timedelta(days=8) - MINUTE).closes_at is None
    assert opening(plan, closing).opens_at == here(2026, 12, 26)


def test_spans_that_touch_or_overlap_are_one() -> None:
    plan = replace(ALWAYS, weekly={1: (Span(600, 700), Span(540, 600), Span(650, 720)), 2: (Span(0, 60),)})
    assert opening(plan, here(2026, 11, 24, 9, 30)).closes_at == here(2026, 11, 24, 12)
    to_midnight = replace(plan, weekly={1: (Span(1200, 1440),), 2: (Span(0, 60),)})
    assert opening(to_midnight, here(2026, 11, 24, 21)).closes_at == here(2026, 11, 25, 1)


def test_past_midnight() -> None:
    plan = replace(ALWAYS, weekly={4: (Span(1320, 1560),)})  # Friday 22:00 to Saturday 02:00
    assert opening(plan, here(2026, 11, 28, 1)).closes_at == here(2026, 11, 28, 2)
    assert not opening(plan, here(2026, 11, 28, 2)).open
    assert not opening(plan, here(2026, 11, 27, 1)).open


def test_a_holiday_is_closed_from_midnight_on() -> None:
    plan = replace(ALWAYS, weekly={3: (Span(1320, 1560),)}, exceptions={date(2026, 12, 25): ()})
    assert opening(plan, here(2026, 12, 24, 23)).closes_at == here(2026, 12, 25)
    assert opening(plan, here(2026, 12, 25, 1)).opens_at == here(2026, 12, 31, 22)


def test_other_hours_on_one_day() -> None:
    plan = replace(OFFICE, exceptions={date(2026, 12, 24): (Span(600, 960),), date(2026, 12, 26): (Span(720, 780),)})
    assert opening(plan, here(2026, 12, 24, 9)).opens_at == here(2026, 12, 24, 10)
    assert opening(plan, here(2026, 12, 24, 12)).closes_at == here(2026, 12, 24, 16)
    assert opening(plan, here(2026, 12, 26, 12)).open  # a Saturday


def test_sudden_closure() -> None:
    plan = replace(OFFICE, closed_until=here(2026, 11, 24, 15))
    assert opening(plan, here(2026, 11, 24, 12)) == Opening(False, False, Reason.CLOSED, here(2026, 11, 24, 15), None)
    assert opening(plan, here(2026, 11, 24, 15)).admits
    overnight = replace(OFFICE, closed_until=here(2026, 11, 24, 23))
    assert opening(overnight, here(2026, 11, 24, 12)).opens_at == here(2026, 11, 25, 9)


@pytest.mark.parametrize("mode", [Mode.NO_NEW, Mode.ASSISTANT_ONLY])
def test_a_supervisors_switch(mode: Mode) -> None:
    plan = replace(OFFICE, mode=mode)
    closes_at = here(2026, 11, 24, 21)
    assert opening(plan, here(2026, 11, 24, 12)) == Opening(True, False, Reason(mode.value), None, closes_at)
    assert opening(plan, here(2026, 11, 24, 22)) == Opening(False, False, Reason.CLOSED, None, None)


def test_nothing_within_sixty_days() -> None:
    assert opening(replace(ALWAYS, weekly=NEVER), here(2026, 11, 24, 12)).opens_at is None
    far = replace(ALWAYS, weekly=NEVER, exceptions={date(2027, 3, 1): (NINE_TO_NINE,)})
    assert opening(far, here(2026, 11, 24, 12)).opens_at is None
    assert opening(far, here(2027, 1, 15, 12)).opens_at == here(2027, 3, 1, 9)


def test_hours_stay_on_the_wall_clock_when_it_changes() -> None:
    summer, winter = here(2026, 10, 23, 12), here(2026, 10, 26, 12)
    assert opening(OFFICE, summer).closes_at == datetime(2026, 10, 23, 19, tzinfo=UTC)
    assert opening(OFFICE, winter).closes_at == datetime(2026, 10, 26, 20, tzinfo=UTC)


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 3), (date(2026, 10, 25), 5)])
def test_the_night_of_the_change_is_an_hour_shorter_or_longer(day: date, hours: int) -> None:
    plan = replace(ALWAYS, weekly=NEVER, exceptions={day: (Span(0, 240),)})
    midnight = here(day.year, day.month, day.day)
    closes_at = opening(plan, midnight).closes_at
    assert closes_at is not None
    assert closes_at - midnight.astimezone(UTC) == hours * HOUR


def test_times_that_the_clock_skips_are_the_end_of_the_gap() -> None:
    plan = replace(ALWAYS, weekly=NEVER, exceptions={date(2026, 3, 29): (Span(60, 135), Span(165, 240))})
    told = opening(plan, here(2026, 3, 29, 1))
    assert told.closes_at == here(2026, 3, 29, 4)  # 02:15 and 02:45 are both 03:00: no break


def test_slots_lie_on_the_grid_within_the_hours() -> None:
    plan = replace(ALWAYS, weekly={1: (Span(550, 660),)})  # Tuesday 09:10 to 11:00
    found = slots(plan, here(2026, 11, 23, 12), length_minutes=30, days=7)
    assert found == [here(2026, 11, 24, 9, 30), here(2026, 11, 24, 10), here(2026, 11, 24, 10, 30)]


def test_the_first_slot_is_an_hour_away_and_the_last_within_the_days() -> None:
    now = here(2026, 11, 24, 12, 1)
    found = slots(ALWAYS, now, length_minutes=30, days=2)
    assert found[0] == here(2026, 11, 24, 13, 30)
    assert found[-1] == here(2026, 11, 26, 12)
    assert len(slots(ALWAYS, now, length_minutes=30, days=30)) == 30 * 48 - 2


def test_no_slot_in_last_admission_or_closure_and_the_switch_does_not_count() -> None:
    plan = replace(OFFICE, last_admission_minutes=60, closed_until=here(2026, 11, 24, 19), mode=Mode.NO_NEW)
    found = slots(plan, here(2026, 11, 24, 12), length_minutes=30, days=1)
    assert found[:4] == [*(here(2026, 11, 24, 19, m) for m in (0, 30)), here(2026, 11, 24, 20), here(2026, 11, 25, 9)]


@pytest.mark.parametrize(("day", "count"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 24)])
def test_slots_in_the_night_of_the_change_are_there_once(day: date, count: int) -> None:
    found = slots(ALWAYS, here(day.year, day.month, day.day) - 2 * HOUR, length_minutes=60, days=2)
    assert len([slot for slot in found if slot.astimezone(HERE).date() == day]) == count
    assert found == sorted(set(found))


# Two weeks around a change of the clock.
moments = st.integers(0, 14 * 1440 * 60).map(
    lambda second: datetime(2026, 3, 22, tzinfo=UTC) + timedelta(seconds=second)
)
spans = st.builds(
    lambda opens, length: Span(opens, min(opens + length, 2880)), st.integers(0, 1439), st.integers(1, 2880)
)
days_plan = st.lists(spans, max_size=3).map(tuple)
plans = st.builds(
    Schedule,
    timezone=st.sampled_from(["Europe/Amsterdam", "UTC", "Asia/Kolkata"]),
    weekly=st.dictionaries(st.integers(0, 6), days_plan),
    exceptions=st.dictionaries(st.dates(date(2026, 3, 20), date(2026, 4, 10)), days_plan, max_size=4),
    last_admission_minutes=st.integers(0, 120),
    mode=st.just(Mode.OPEN),
    closed_until=st.none() | moments,
)
quietly = settings(max_examples=150, deadline=None, database=None)


@quietly
@given(plans, moments)
def test_what_is_told_comes_true(plan: Schedule, now: datetime) -> None:
    told = opening(plan, now)
    assert told.open or not told.admits
    if told.opens_at is not None:
        assert told.opens_at > now
        assert opening(plan, told.opens_at).admits
        assert not opening(plan, told.opens_at - MINUTE).admits or told.opens_at - MINUTE < now
    if told.closes_at is not None:
        assert opening(plan, told.closes_at - timedelta(microseconds=1)).open
        assert not opening(plan, told.closes_at).open
        assert opening(plan, now + (told.closes_at - now) / 2).closes_at == told.closes_at


@quietly
@given(plans, moments)
def test_open_means_that_the_plan_says_so(plan: Schedule, now: datetime) -> None:
    """Against the plainest reading of the plan, where no clock changes."""
    plan = replace(plan, timezone="Asia/Kolkata")
    wall = now.astimezone(ZoneInfo(plan.timezone))
    today, minute = wall.date(), wall.hour * 60 + wall.minute
    yesterday = today - timedelta(days=1)
    spans_today = plan.exceptions.get(today, plan.weekly.get(today.weekday(), ()))
    spans_before = plan.exceptions.get(yesterday, plan.weekly.get(yesterday.weekday(), ()))
    expected = any(span.opens <= minute < span.closes for span in spans_today)
    if today not in plan.exceptions:
        expected = expected or any(span.opens <= minute + 1440 < span.closes for span in spans_before)
    if plan.closed_until is not None and now < plan.closed_until:
        expected = False
    assert opening(plan, now).open is expected


@quietly
@given(plans, moments, st.sampled_from([15, 20, 45, 60]), st.integers(1, 14))
def test_at_every_slot_one_may_wait(plan: Schedule, now: datetime, length: int, days: int) -> None:
    found = slots(plan, now, length, days)
    assert found == sorted(set(found))
    for slot in found[:20]:
        assert now + HOUR <= slot <= now + timedelta(days=days)
        assert opening(plan, slot).admits or plan.last_admission_minutes >= length
        assert opening(plan, slot + length * MINUTE - timedelta(microseconds=1)).open


@pytest.mark.skipif(sys.gettrace() is not None, reason="a tracer (coverage) is what would be measured")
@pytest.mark.parametrize("plan", [ALWAYS, OFFICE, replace(ALWAYS, weekly=NEVER)])
def test_it_is_cheap_enough_to_ask_with_every_view(plan: Schedule) -> None:
    now = here(2026, 11, 24, 12)
    best = min(_seconds_for_hundred(plan, now) for _ in range(20))
    assert best / 100 < 50e-6


def _seconds_for_hundred(plan: Schedule, now: datetime) -> float:
    begun = time.perf_counter()
    for _ in range(100):
        opening(plan, now)
    return time.perf_counter() - begun


def spans(day: Day) -> list[tuple[str, str]]:
    return [(f"{opens.astimezone(HERE):%H:%M}", f"{closes.astimezone(HERE):%H:%M}") for opens, closes in day.spans]


def test_the_coming_week_with_a_closure_and_other_hours() -> None:
    plan = replace(OFFICE, exceptions={date(2026, 12, 1): (), date(2026, 11, 28): (Span(600, 720), Span(720, 780))})
    week = coming_days(plan, here(2026, 11, 27, 23, 30))  # a Friday night
    assert [day.date.isoformat() for day in week] == [f"2026-11-{day}" for day in range(27, 31)] + [
        f"2026-12-0{day}" for day in (1, 2, 3)
    ]
    assert [day.usual for day in week] == [True, False, True, True, False, True, True]
    assert [spans(day) for day in week[:5]] == [
        [("09:00", "21:00")],
        [("10:00", "13:00")],
        [],
        [("09:00", "21:00")],
        [],
    ]
    assert week[0].spans[0][0].tzinfo is UTC


def test_a_night_counts_as_its_evening_and_a_closure_cuts_into_it() -> None:
    late = replace(ALWAYS, weekly={4: (Span(22 * 60, 26 * 60),)})
    assert spans(coming_days(late, here(2026, 11, 27, 12))[0]) == [("22:00", "02:00")]
    cut = coming_days(replace(late, exceptions={date(2026, 11, 28): ()}), here(2026, 11, 27, 12))[0]
    assert (spans(cut), cut.usual) == ([("22:00", "00:00")], False)
    closed = replace(OFFICE, closed_until=here(2026, 11, 25, 11).astimezone(UTC))
    today, tomorrow, after = coming_days(closed, here(2026, 11, 24, 12))[:3]
    assert (spans(today), today.usual) == ([], False)
    assert (spans(tomorrow), tomorrow.usual) == ([("11:00", "21:00")], False)
    assert after.usual


def test_day_and_night_is_said_as_such() -> None:
    assert all(day.all_day and day.usual for day in coming_days(ALWAYS, here(2026, 11, 24, 12)))
    # Also on the day that has 25 hours.
    assert all(day.all_day for day in coming_days(ALWAYS, here(2026, 10, 24, 12)))
    assert not coming_days(OFFICE, here(2026, 11, 24, 12))[0].all_day


@given(st.integers(0, 365 * 24 * 60))
def test_what_the_week_says_is_what_then_holds(minute: int) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + minute * MINUTE
    for day in coming_days(OFFICE, now):
        for opens, closes in day.spans:
            assert opening(OFFICE, opens).open
            assert not opening(OFFICE, closes).open
            assert opens.astimezone(HERE).date() == day.date
