"""Opening hours: the weekly plan, its exceptions, a sudden closure, and what they mean at a given moment.

Hours are kept as minutes of the local day and turned into instants only when they are asked for, so a plan
stays right over a change of the clock. The shape as JSON is read and written by web/core/hours_document.py.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

DAY = 1440  # minutes of the local day, by the clock on the wall

_MINUTE = timedelta(minutes=1)
_SIGHT = timedelta(days=8)  # a closing further away than this is none
_HORIZON = 60  # days ahead in which the next opening is looked for
_SLOT_NOTICE = timedelta(minutes=60)
_Run = tuple[datetime, datetime]


class Mode(StrEnum):
    """A supervisor's switch, beside the plan."""

    OPEN = "open"
    NO_NEW = "no_new"
    ASSISTANT_ONLY = "assistant_only"


class Reason(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    LAST_ADMISSION = "last_admission"
    NO_NEW = "no_new"
    ASSISTANT_ONLY = "assistant_only"


@dataclass(frozen=True, order=True)
class Span:
    """Minutes of the local day: 0 <= opens < 1440, opens < closes <= 2880; past 1440 it ends on the next day."""

    opens: int
    closes: int


@dataclass(frozen=True)
class Schedule:
    """weekly: 0 = Monday; a day that is missing is closed.

    exceptions: all that holds on that date, instead of the week's hours; empty = closed all day. What began
        the evening before then ends at midnight.
    last_admission_minutes: so long before closing nobody new is put in the queue.
    closed_until: a sudden closure; aware.
    """

    timezone: str
    weekly: Mapping[int, tuple[Span, ...]]
    exceptions: Mapping[date, tuple[Span, ...]]
    last_admission_minutes: int
    mode: Mode
    closed_until: datetime | None


@dataclass(frozen=True)
class Opening:
    """What holds at one moment. Instants are aware UTC.

    open: workers talk with visitors. admits: one may start to wait for them.
    opens_at: the next moment at which one may start to wait; None while `admits`, when there is none within
        60 days, and under a supervisor's switch, because nobody knows when that is turned back.
    closes_at: None when closed, and when it stays open for the next 8 days without a break.
    """

    open: bool
    admits: bool
    reason: Reason
    opens_at: datetime | None
    closes_at: datetime | None


@dataclass(frozen=True)
class Day:
    """One local date and its hours, as aware UTC instants: none = closed. What opens on a day counts as that day's.

    all_day: from midnight to midnight. usual: as the weekly plan has it; else an exception or a closure changed it.
    """

    date: date
    spans: tuple[_Run, ...]
    all_day: bool
    usual: bool


ALWAYS = Schedule(
    timezone="Europe/Amsterdam",
    weekly=dict.fromkeys(range(7), (Span(0, DAY),)),
    exceptions={},
    last_admission_minutes=15,
    mode=Mode.OPEN,
    closed_until=None,
)


def opening(schedule: Schedule, now: datetime) -> Opening:
    """What holds at `now` (aware). About 10 microseconds: it is asked for with every view."""
    last_admission = timedelta(minutes=schedule.last_admission_minutes)
    closes_at: datetime | None = None
    opens_at: datetime | None = None
    for opens, closes in _runs(schedule, now, _SIGHT):
        if opens > now and closes - opens > last_admission:
            opens_at = opens
            break
        if opens <= now:
            closes_at = closes
            if now < closes - last_admission:
                break
    switched = schedule.mode is not Mode.OPEN
    if switched:
        opens_at = None
    if closes_at is None:
        return Opening(False, False, Reason.CLOSED, opens_at, None)
    late = now >= closes_at - last_admission
    seen = closes_at if closes_at - now <= _SIGHT else None
    if switched:
        return Opening(True, False, Reason(schedule.mode.value), None, seen)
    return Opening(True, not late, Reason.LAST_ADMISSION if late else Reason.OPEN, opens_at, seen)


def coming_days(schedule: Schedule, now: datetime, count: int = 7) -> tuple[Day, ...]:
    """Today and the days after it, `count` in all. A supervisor's switch is of the moment and does not count."""
    today = now.astimezone(ZoneInfo(schedule.timezone)).toordinal()
    planned = replace(schedule, exceptions={}, closed_until=None)
    real, usual = (_by_day(plan, today, today + count) for plan in (schedule, planned))
    return tuple(
        _day(schedule.timezone, day, real.get(day, []), usual.get(day, [])) for day in range(today, today + count)
    )


def _day(timezone: str, day: int, spans: list[_Run], usual: list[_Run]) -> Day:
    first, last = _instant(timezone, day * DAY), _instant(timezone, (day + 1) * DAY)
    all_day = len(spans) == 1 and spans[0][0] == first and spans[0][1] >= last
    return Day(date.fromordinal(day), tuple(spans), all_day, spans == usual)


def _by_day(schedule: Schedule, first: int, end: int) -> dict[int, list[_Run]]:
    """What opens on each day, by its ordinal: overlapping and adjacent spans are one."""
    found: dict[int, list[_Run]] = {}
    for day, opens, closes in _spans(schedule, first, end):
        runs = found.setdefault(day, [])
        if runs and opens <= runs[-1][1]:
            runs[-1] = (runs[-1][0], max(runs[-1][1], closes))
        elif opens < closes:
            runs.append((opens, closes))
    return found


def slots(schedule: Schedule, now: datetime, length_minutes: int, days: int) -> list[datetime]:
    """When an appointment of that length may begin in the coming `days` days, aware UTC, in order.

    On the grid of `length_minutes` from local midnight, at least an hour from now, wholly within the hours and
    never during last admission. A supervisor's switch is of the moment and does not count.
    """
    first, last = now + _SLOT_NOTICE, now + timedelta(days=days)
    room = timedelta(minutes=max(length_minutes, schedule.last_admission_minutes))
    grid = list(_grid(schedule.timezone, first, last, length_minutes))
    return [
        start
        for opens, closes in _runs(schedule, now, timedelta(days=days))
        for start in grid
        if opens <= start and start + room <= closes
    ]


def _grid(timezone: str, first: datetime, last: datetime, step_minutes: int) -> Iterator[datetime]:
    today = first.astimezone(ZoneInfo(timezone)).toordinal()
    ahead = (last - first).days + 2
    marks = [
        _instant(timezone, day * DAY + minute)
        for day in range(today, today + ahead)
        for minute in range(0, DAY, step_minutes)
    ]
    # Times inside the hour that the clock skips in spring all fall on its end: one of them is enough.
    yield from (mark for mark, following in pairwise(marks) if mark != following and first <= mark <= last)


def _runs(schedule: Schedule, now: datetime, sight: timedelta) -> Iterator[_Run]:
    """Times without a break, in order, that end after `now`: overlapping and adjacent spans are one.

    A run that goes on past all that is asked for is given as far as it was followed, and is the last one.
    """
    today = now.astimezone(ZoneInfo(schedule.timezone)).toordinal()
    long = sight + timedelta(days=3)  # it may have begun two days ago
    run: _Run | None = None
    for _, opens, closes in _spans(schedule, today - 1, today + _HORIZON + 1):  # yesterday's may last until today
        if closes <= now or closes <= opens:
            continue
        if run is None:
            run = (opens, closes)
        elif opens <= run[1]:
            run = (run[0], max(run[1], closes))
        else:
            yield run
            run = (opens, closes)
        if run[1] - run[0] > long:
            break
    if run is not None:
        yield run


def _spans(schedule: Schedule, first: int, end: int) -> Iterator[tuple[int, datetime, datetime]]:
    """Every span that opens on the days from `first` until before `end` (ordinals): its day, and its instants."""
    timezone, weekly, closed_until = schedule.timezone, schedule.weekly, schedule.closed_until
    exceptions = {day.toordinal(): spans for day, spans in schedule.exceptions.items()}
    for day in range(first, end):
        spans = exceptions[day] if day in exceptions else weekly.get((day - 1) % 7, ())
        for span in sorted(spans) if len(spans) > 1 else spans:
            closing = min(span.closes, DAY) if day + 1 in exceptions else span.closes
            opens, closes = _instant(timezone, day * DAY + span.opens), _instant(timezone, day * DAY + closing)
            yield day, (opens if closed_until is None else max(opens, closed_until)), closes


@lru_cache(maxsize=8192)
def _instant(timezone: str, minute: int) -> datetime:
    """The first instant at which the clock on the wall shows that time or a later one; aware UTC.

    minute: counted from the beginning of the calendar, the day's ordinal * DAY + the minute of that day.
    So a time that comes twice in autumn is its first, one that is skipped in spring is the end of the gap,
    and a later time never gives an earlier instant.
    """
    zone = ZoneInfo(timezone)
    wall = datetime.min.replace(tzinfo=UTC) + (minute - DAY) * _MINUTE  # the first day has the ordinal 1
    while True:
        instant = wall.replace(tzinfo=zone).astimezone(UTC)
        if instant.astimezone(zone).replace(tzinfo=UTC) == wall:
            return instant
        wall += _MINUTE
