"""Who comes, and what each of them would do. All chance is drawn here, before anything happens.

So every policy meets the very same people, and a difference between two policies is the policy's.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from simulation.parameters import HOURS, MONDAY, NORMAL, WEEKS_SERVED, Model, Week
from web.core.states import Urgency


@dataclass(frozen=True)
class Visitor:
    """Times of behaviour are in minutes, the rolls between 0 and 1.

    measured: came in the week that the figures are about.
    told_after: how long after asking the danger is written; 0 = at once.
    away_after: how long after asking they are away, if ever, and `away_for` how long.
    """

    visitor_id: UUID
    at: datetime
    measured: bool = True
    language: str = "nl"
    topic: str | None = None
    urgency: Urgency = Urgency.NORMAL
    told_after: float = 0
    looks_only: bool = False
    helped: bool = False
    assistant_minutes: float = 0
    chat_minutes: float = 25
    letter_minutes: float = 15
    patience: float = 60
    away_after: float | None = None
    away_for: float = 0
    keeps_appointment: bool = True
    roll_long: float = 0
    roll_tired: float = 1
    roll_closed: float = 0


@dataclass(frozen=True)
class Loss:
    """A worker's connection is gone."""

    staff_id: int
    at: datetime
    minutes: float


def visitors_of(week: Week, model: Model, seed: int) -> list[Visitor]:
    """Those of the week itself, then those of the ordinary one after it."""
    dice = Random(f"visitors {week.name} {seed}")  # noqa: S311 (a model, not a secret)
    made = []
    for day in range(7 * WEEKS_SERVED):
        kind = week if day < 7 else NORMAL
        for at in _arrivals(day, model.visitors_a_day * kind.by_day[day % 7], model, dice):
            made.append(_visitor(at, day < 7, kind, model, dice))
    return made


def losses_of(model: Model, seed: int) -> list[Loss]:
    """When connections break; it does nothing to somebody who is not at work then."""
    dice = Random(f"losses {seed}")  # noqa: S311
    made = []
    for staff_id in sorted({shift.staff_id for shift in model.shifts}):
        hours = dice.expovariate(model.lost_an_hour) if model.lost_an_hour else float("inf")
        while hours < 24 * 7 * WEEKS_SERVED:
            minutes = dice.expovariate(1 / model.lost_mean)
            made.append(Loss(staff_id, local(0, time(0), model) + timedelta(hours=hours), minutes))
            hours += dice.expovariate(model.lost_an_hour)
    return made


def local(day: int, at: time, model: Model) -> datetime:
    """That time by the clock on the wall, `day` days after the Monday, in UTC."""
    zone = ZoneInfo(model.schedule.timezone)
    return datetime.combine(MONDAY + timedelta(days=day), at, zone).astimezone(UTC)


def _arrivals(day: int, visitors: float, model: Model, dice: Random) -> Iterator[datetime]:
    for hour, share in enumerate(HOURS):
        rate = visitors * share / sum(HOURS)
        passed = dice.expovariate(rate) if rate else 1.0
        while passed < 1:
            yield local(day, time(hour), model) + timedelta(hours=passed)
            passed += dice.expovariate(rate)


def _visitor(at: datetime, measured: bool, week: Week, model: Model, dice: Random) -> Visitor:
    danger = dice.random()
    urgency = Urgency.NOW if danger < week.now else Urgency.SOON if danger < week.now + week.soon else Urgency.NORMAL
    returning = dice.random() < model.returning
    late = dice.random() < model.told_late
    told_after = dice.expovariate(1 / model.told_late_mean)
    helped = dice.random() < model.helped_by_assistant * (0.5 if returning else 1)
    away = dice.random() < model.away
    away_after = dice.expovariate(1 / model.patience_median)
    return Visitor(
        visitor_id=UUID(int=dice.getrandbits(128)),
        at=at,
        measured=measured,
        language="en" if dice.random() < model.english else "nl",
        topic="minor_self" if dice.random() < model.young else None,
        urgency=urgency,
        told_after=told_after if late and urgency is Urgency.NOW else 0,
        # Whoever is in danger has written so, and is not content with an answer of the assistant.
        looks_only=dice.random() < model.looks_only and urgency is not Urgency.NOW,
        helped=helped and urgency is not Urgency.NOW,
        assistant_minutes=dice.expovariate(1 / model.assistant_mean),
        chat_minutes=_lognormal(dice, model.chat_median, model.chat_spread),
        letter_minutes=_lognormal(dice, model.letter_median, model.letter_spread),
        patience=_lognormal(dice, model.patience_median, model.patience_spread),
        away_after=away_after if away else None,
        away_for=dice.expovariate(1 / model.away_mean),
        keeps_appointment=dice.random() < model.keeps_appointment,
        roll_long=dice.random(),
        roll_tired=dice.random(),
        roll_closed=dice.random(),
    )


def _lognormal(dice: Random, median: float, spread: float) -> float:
    return median * dice.lognormvariate(0, spread)
