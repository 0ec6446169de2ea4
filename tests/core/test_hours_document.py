"""The document of the opening hours: read back the same, and every mistake named in one line."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given

from tests.core.test_hours import plans, quietly
from web.core.hours import ALWAYS, Mode, Schedule, Span
from web.core.hours_document import BadSchedule, from_document, to_document

GOOD: dict[str, Any] = {
    "timezone": "Europe/Amsterdam",
    "weekly": {"mon": [["09:00", "21:00"]], "fri": [["22:00", "02:00"]], "sun": [["00:00", "24:00"]]},
    "exceptions": {"2026-12-25": [], "2026-12-31": [["09:00", "12:00"], ["13:00", "17:00"]]},
    "last_admission_minutes": 20,
    "mode": "no_new",
    "closed_until": "2026-11-24T15:00:00+01:00",
}


def test_a_document_is_read() -> None:
    assert from_document(GOOD) == Schedule(
        timezone="Europe/Amsterdam",
        weekly={0: (Span(540, 1260),), 4: (Span(1320, 1560),), 6: (Span(0, 1440),)},
        exceptions={date(2026, 12, 25): (), date(2026, 12, 31): (Span(540, 720), Span(780, 1020))},
        last_admission_minutes=20,
        mode=Mode.NO_NEW,
        closed_until=datetime(2026, 11, 24, 14, tzinfo=UTC),
    )


def test_what_may_be_left_out() -> None:
    plan = from_document({"timezone": "Europe/Amsterdam", "weekly": {}})
    assert plan == replace(ALWAYS, weekly={})


def test_it_is_written_as_people_write_it() -> None:
    written = to_document(from_document(GOOD))
    assert written == {**GOOD, "closed_until": "2026-11-24T14:00:00+00:00"}


@quietly
@given(plans)
def test_written_and_read_it_is_the_same(plan: Schedule) -> None:
    def in_order(days: Any) -> dict[Any, tuple[Span, ...]]:
        return {day: tuple(sorted(spans)) for day, spans in days.items()}

    plan = replace(plan, weekly=in_order(plan.weekly), exceptions=in_order(plan.exceptions))
    assert from_document(to_document(plan)) == plan


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"timezone": "Europe/Nowhere"}, "timezone"),
        ({"timezone": "../etc/passwd"}, "timezone"),
        ({"timezone": ""}, "timezone"),
        ({"timezone": None}, "timezone"),
        ({"weekly": None}, "weekly"),
        ({"weekly": {"monday": []}}, "weekly.monday"),
        ({"weekly": {"mon": "09:00-21:00"}}, "weekly.mon"),
        ({"weekly": {"mon": ["09:00", "21:00"]}}, "weekly.mon"),
        ({"weekly": {"mon": [["09:00"]]}}, "weekly.mon"),
        ({"weekly": {"mon": [["9:00", "21:00"]]}}, "weekly.mon"),
        ({"weekly": {"mon": [["09:00", "21:60"]]}}, "weekly.mon"),
        ({"weekly": {"mon": [["09:00", 21]]}}, "weekly.mon"),
        ({"weekly": {"mon": [["24:00", "26:00"]]}}, "weekly.mon"),
        ({"weekly": {"mon": [["09:00", "48:01"]]}}, "weekly.mon"),
        ({"weekly": {"mon": [["09:00", "09:00"]]}}, "weekly.mon"),
        ({"exceptions": []}, "exceptions"),
        ({"exceptions": {"25-12-2026": []}}, "exceptions.25-12-2026"),
        ({"exceptions": {"20261225": []}}, "exceptions.20261225"),
        ({"exceptions": {"2026-12-25": None}}, "exceptions.2026-12-25"),
        ({"last_admission_minutes": -1}, "last_admission_minutes"),
        ({"last_admission_minutes": True}, "last_admission_minutes"),
        ({"last_admission_minutes": "15"}, "last_admission_minutes"),
        ({"mode": "shut"}, "mode"),
        ({"mode": []}, "mode"),
        ({"closed_until": "tomorrow"}, "closed_until"),
        ({"closed_until": "2026-11-24T15:00:00"}, "closed_until"),
        ({"closed_until": 5}, "closed_until"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_mistake_is_named(change: dict[str, Any], field: str) -> None:
    with pytest.raises(BadSchedule) as bad:
        from_document({**GOOD, **change})
    assert bad.value.field == field
    assert str(bad.value).startswith(f"{field}: ")
    assert "expected" in bad.value.problem
    assert "\n" not in str(bad.value)


@pytest.mark.parametrize("document", [None, [], "open", {1: 2}])
def test_something_else_altogether(document: object) -> None:
    with pytest.raises(BadSchedule, match="document: expected an object"):
        from_document(document)


def test_the_words_for_wrong_times() -> None:
    with pytest.raises(BadSchedule) as bad:
        from_document({**GOOD, "weekly": {"mon": 1}})
    assert str(bad.value) == 'weekly.mon: expected pairs of times such as ["09:00", "21:00"]'
