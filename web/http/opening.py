"""When people are on the chat, as a page says it: words and instants, by the clock of the operator."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton, get_timezone_location
from flask_babel import format_time, get_locale, gettext

from web.actions.opening import Standing
from web.core.hours import Day, coming_days

_SOON = timedelta(hours=20)  # a closing time within these needs no day


@dataclass(frozen=True)
class Moment:
    """For `<time>`: the instant in UTC, and what to read."""

    iso: str
    words: str


@dataclass(frozen=True)
class ShownDay:
    name: str
    all_day: bool
    usual: bool
    spans: tuple[tuple[Moment, Moment], ...]


class Hours:
    """What holds now, for templates. state: which sentence is true; see Standing."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing
        self.state = standing.state
        self.zone = standing.schedule.timezone
        self._place = ZoneInfo(self.zone)

    @property
    def lit(self) -> bool:
        """The lamp burns: somebody is there, and one may come in."""
        return self.state in ("people", "busy")

    @property
    def until(self) -> Moment | None:
        closes_at = self._standing.opening.closes_at
        soon = closes_at is not None and closes_at - self._standing.now < _SOON
        return self._clock(closes_at) if closes_at is not None and soon else None

    @property
    def again(self) -> Moment | None:
        """'tomorrow at 9:00'"""
        at = self._standing.opening.opens_at
        return Moment(_iso(at), self._said(at)) if at is not None else None

    @property
    def place(self) -> str:
        """The city whose clock it is."""
        return get_timezone_location(self._place, locale=get_locale(), return_city=True)

    @cached_property
    def week(self) -> tuple[ShownDay, ...]:
        return tuple(self._days(coming_days(self._standing.schedule, self._standing.now)))

    @property
    def always(self) -> bool:
        return all(day.all_day for day in self.week)

    def _days(self, days: Iterable[Day]) -> Iterable[ShownDay]:
        for day in days:
            spans = tuple((self._clock(opens), self._clock(closes)) for opens, closes in day.spans)
            yield ShownDay(self._name(day.date), day.all_day, day.usual, spans)

    def _name(self, day: date) -> str:
        near = {0: gettext("today"), 1: gettext("tomorrow")}
        return near.get((day - self._today).days) or _written("MMMEd", day)

    @property
    def _today(self) -> date:
        return self._standing.now.astimezone(self._place).date()

    def _clock(self, at: datetime) -> Moment:
        return Moment(_iso(at), str(format_time(at.astimezone(self._place), gettext("H:mm"), rebase=False)))

    def _said(self, at: datetime) -> str:
        local = at.astimezone(self._place).date()
        near = {0: gettext("today at {time}"), 1: gettext("tomorrow at {time}")}
        pattern = str(near.get((local - self._today).days) or gettext("{day} at {time}"))
        return pattern.replace("{day}", _written("MMMMEEEEd", local)).replace("{time}", self._clock(at).words)


def _written(skeleton: str, day: date) -> str:
    return str(format_skeleton(skeleton, day, locale=get_locale())).replace(",", "")


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="minutes").replace("+00:00", "Z")
