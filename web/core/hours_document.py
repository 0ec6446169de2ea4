"""The opening hours as a JSON document, as they are stored and edited: read with care, written back the same.

{"timezone": "Europe/Amsterdam", "weekly": {"mon": [["09:00", "21:00"]]}, "exceptions": {"2026-12-25": []},
 "last_admission_minutes": 15, "mode": "open", "closed_until": null}
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from web.core.hours import DAY, Mode, Schedule, Span

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_FIELDS = ("timezone", "weekly", "exceptions", "last_admission_minutes", "mode", "closed_until")
_LAST_ADMISSION = 15
_TIME = re.compile(r"([0-4][0-9]):([0-5][0-9])")
_PAIRS = 'expected pairs of times such as ["09:00", "21:00"]'


class BadSchedule(Exception):
    """One line for whoever edits the hours: which field, and what is expected there."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem


def from_document(document: object) -> Schedule:
    """The plan in a document. Only `timezone` and `weekly` must be there. Raises BadSchedule.

    A closing time at or before the opening is on the next day; ["00:00", "24:00"] is the whole day.
    """
    fields = _mapping("document", document)
    for name in fields:
        if name not in _FIELDS:
            raise BadSchedule(name, f"unknown; expected {', '.join(_FIELDS)}")
    weekly = _mapping("weekly", fields.get("weekly"))
    for name in weekly:
        if name not in DAYS:
            raise BadSchedule(f"weekly.{name}", f"unknown; expected {', '.join(DAYS)}")
    exceptions = _mapping("exceptions", fields.get("exceptions", {}))
    return Schedule(
        timezone=_timezone(fields.get("timezone")),
        weekly={DAYS.index(name): _spans(f"weekly.{name}", pairs) for name, pairs in weekly.items()},
        exceptions={_date(name): _spans(f"exceptions.{name}", pairs) for name, pairs in exceptions.items()},
        last_admission_minutes=_minutes(fields.get("last_admission_minutes", _LAST_ADMISSION)),
        mode=_mode(fields.get("mode", Mode.OPEN.value)),
        closed_until=_moment(fields.get("closed_until")),
    )


def to_document(schedule: Schedule) -> dict[str, Any]:
    """The document of a plan; reading it gives the same plan again."""
    return {
        "timezone": schedule.timezone,
        "weekly": {DAYS[day]: _pairs(spans) for day, spans in sorted(schedule.weekly.items())},
        "exceptions": {day.isoformat(): _pairs(spans) for day, spans in sorted(schedule.exceptions.items())},
        "last_admission_minutes": schedule.last_admission_minutes,
        "mode": schedule.mode.value,
        "closed_until": schedule.closed_until and schedule.closed_until.isoformat(),
    }


def _mapping(field: str, value: object) -> Mapping[str, object]:
    if not isinstance(value, dict) or not all(isinstance(name, str) for name in value):
        raise BadSchedule(field, "expected an object with named fields")
    return value


def _timezone(value: object) -> str:
    try:
        if not isinstance(value, str):
            raise ValueError
        ZoneInfo(value)
    except (ValueError, OSError, KeyError):  # whatever zoneinfo says of a name that is none
        raise BadSchedule("timezone", "expected the name of a time zone such as Europe/Amsterdam") from None
    return value


def _date(name: str) -> date:
    try:
        day = date.fromisoformat(name)
        if day.isoformat() != name:  # Python reads 20261225 too; one way of writing is enough
            raise ValueError
    except ValueError:
        raise BadSchedule(f"exceptions.{name}", "expected a date such as 2026-12-25") from None
    return day


def _spans(field: str, pairs: object) -> tuple[Span, ...]:
    if not isinstance(pairs, list):
        raise BadSchedule(field, _PAIRS)
    return tuple(sorted(_span(field, pair) for pair in pairs))


def _span(field: str, pair: object) -> Span:
    if not isinstance(pair, list) or len(pair) != 2:
        raise BadSchedule(field, _PAIRS)
    opens, closes = _minute(field, pair[0]), _minute(field, pair[1])
    if opens >= DAY:
        raise BadSchedule(field, "expected an opening time before 24:00")
    if opens == closes and opens != 0:
        raise BadSchedule(field, "expected two different times; the whole day is 00:00 to 24:00")
    return Span(opens, closes if closes > opens else closes + DAY)


def _minute(field: str, value: object) -> int:
    match = _TIME.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise BadSchedule(field, _PAIRS)
    minute = int(match[1]) * 60 + int(match[2])
    if minute > 2 * DAY:
        raise BadSchedule(field, "expected a time until 24:00, or until 48:00 for the end of the next day")
    return minute


def _pairs(spans: tuple[Span, ...]) -> list[list[str]]:
    return [[_clock(span.opens), _clock(_short(span))] for span in spans]


def _short(span: Span) -> int:
    """The closing time as people write it, 02:00 and not 26:00, wherever that is read back as the same."""
    return span.closes - DAY if DAY < span.closes < DAY + span.opens else span.closes


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _minutes(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < DAY:
        raise BadSchedule("last_admission_minutes", "expected a whole number of minutes from 0 to 1439")
    return value


def _mode(value: object) -> Mode:
    try:
        return Mode(value)  # type: ignore[arg-type]  # anything else than its words is a ValueError
    except ValueError:
        raise BadSchedule("mode", f"expected one of {', '.join(Mode)}") from None


def _moment(value: object) -> datetime | None:
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)  # type: ignore[arg-type]  # anything else than a string: TypeError
        if moment.tzinfo is None:
            raise ValueError
    except (TypeError, ValueError):
        raise BadSchedule("closed_until", "expected null or a moment such as 2026-12-24T18:00:00+01:00") from None
    return moment.astimezone(UTC)
