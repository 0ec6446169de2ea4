"""What became of the people of some weeks, added up: waits, who gave up, outcomes, and what the watch saw."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from statistics import fmean, median

from simulation.guest import Guest, Outcome
from simulation.line import Line
from web.core.states import Urgency

SOON_ENOUGH = 5  # minutes; a large text line had its first human reply after about 5 minutes on average [79]
_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)


@dataclass
class Figures:
    """Of one policy in one kind of week; several weeks are added with `add`. Waits are minutes, letters days."""

    runs: int = 0
    visitors: int = 0
    waits: dict[Urgency, list[float]] = field(default_factory=lambda: {urgency: [] for urgency in Urgency})
    joined: Counter[Urgency] = field(default_factory=Counter)
    gave_up: Counter[Urgency] = field(default_factory=Counter)
    in_time: Counter[Urgency] = field(default_factory=Counter)
    longest_normal: float = 0
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    letters: list[float] = field(default_factory=list)
    told: int = 0
    told_right: int = 0
    told_short: int = 0  # and it took longer
    samples: list[list[int]] = field(default_factory=list)
    watched: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    def add(self, line: Line) -> "Figures":
        self.runs += 1
        for guest in line.guests:
            if guest.visitor.measured:
                self._add_guest(guest)
        self.samples.append(line.samples)
        watch = line.watch
        counts = ("passed_over", "left_waiting", "danger", "idle", "overtaken", "events")
        self.watched.update({name: getattr(watch, name) for name in counts})
        self.examples = (self.examples + watch.examples)[:10]
        return self

    def merge(self, other: "Figures") -> "Figures":
        self.runs += other.runs
        self.visitors += other.visitors
        for urgency in Urgency:
            self.waits[urgency] += other.waits[urgency]
        for name in ("joined", "gave_up", "in_time", "outcomes", "watched"):
            getattr(self, name).update(getattr(other, name))
        self.longest_normal = max(self.longest_normal, other.longest_normal)
        self.letters += other.letters
        self.told += other.told
        self.told_right += other.told_right
        self.told_short += other.told_short
        self.samples += other.samples
        self.examples = (self.examples + other.examples)[:10]
        return self

    def _add_guest(self, guest: Guest) -> None:
        self.visitors += 1
        self.outcomes[guest.outcome or Outcome.NOTHING] += 1
        if guest.letter_took is not None:
            self.letters.append(guest.letter_took / _DAY)
        if guest.joined_at is None or guest.kept_appointment:
            return  # appointments are no walk-ins: their wait begins at the agreed time
        urgency = guest.urgency_at_end
        self.joined[urgency] += 1
        self.gave_up[urgency] += guest.gave_up
        if urgency is Urgency.NORMAL:
            self.longest_normal = max(self.longest_normal, guest.longest_wait / _MINUTE)
        if guest.wait is None:
            return
        minutes = guest.wait / _MINUTE
        self.waits[urgency].append(minutes)
        self.in_time[urgency] += minutes <= SOON_ENOUGH
        if guest.told is not None:
            self.told += 1
            late = guest.told.high is not None and minutes > guest.told.high
            self.told_short += late
            self.told_right += guest.told.low <= minutes and not late

    def share(self, *outcomes: Outcome) -> float:
        return sum(self.outcomes[outcome] for outcome in outcomes) / max(1, self.visitors)

    @property
    def given_up(self) -> float:
        return sum(self.gave_up.values()) / max(1, sum(self.joined.values()))

    def reached_in_time(self, urgency: Urgency) -> float:
        return self.in_time[urgency] / max(1, self.joined[urgency])

    def waiting_by_half_hour(self) -> list[float]:
        return [fmean(values) for values in zip(*self.samples, strict=True)]


def middle(values: Iterable[float]) -> float:
    found = list(values)
    return median(found) if found else 0.0


def percentile(values: Iterable[float], percent: float) -> float:
    """The smallest value that at least so many per cent do not exceed."""
    ordered = sorted(values)
    if not ordered:
        return 0.0
    place = -(-len(ordered) * percent // 100)
    return ordered[max(0, int(place) - 1)]
