"""Every figure of the model, each with where it is from.

[n]: a published figure; the sources are listed at the end of docs/queue.md. Assumption: ours, nobody has published one.
"""

from dataclasses import dataclass, field
from datetime import date, time

from web.core.hours import Mode, Schedule, Span

MONDAY = date(2023, 11, 13)  # the week of the police action of 13 to 17 November 2023 [1]
WEEKS_SERVED = 2  # the week that is measured and an ordinary one after it, in which what was left over is done
HORIZON_DAYS = 28  # whoever has no answer by then counts as having got nothing; letters are kept for 30 days
SEEDS = 6  # so many weeks of each kind, with other visitors each time

SCHEDULE = Schedule(
    timezone="Europe/Amsterdam",
    # Assumption. Lines of this kind were found open between 10 and 45 hours a week [21][22].
    weekly={**dict.fromkeys(range(5), (Span(600, 1320),)), **dict.fromkeys((5, 6), (Span(840, 1320),))},
    exceptions={},
    last_admission_minutes=30,
    mode=Mode.OPEN,
    closed_until=None,
)

# Share of the visitors by hour of the day. Assumption: mostly in the evening, 30 % between 22 and 10 o'clock.
HOURS = (4, 2, 1, 1, 0.5, 0.5, 1, 2, 2.5, 2.5, 3.5, 3.5, 4, 4, 4, 4.5, 5.5, 6, 7, 9, 10, 9, 7, 6)


@dataclass(frozen=True)
class Week:
    """One kind of week. by_day: times the ordinary number of visitors, Monday first."""

    name: str
    title: str
    by_day: tuple[float, ...]
    now: float  # share in danger, as the triage sees it
    soon: float  # share that should not wait long: a visit of the police, no hope, afraid to act
    called_in: bool  # workers who come in addition on the days of the surge


NORMAL = Week(
    name="normal",
    title="A normal week",
    by_day=(1,) * 7,
    now=0.04,  # assumption, 'few per cent'; 988 sends emergency services in under 2 % [84]
    soon=0.16,  # assumption
    called_in=False,
)
ACTION = Week(
    name="action",
    title="The police action week",
    # The tenfold surge in two days is the task's; that it ebbs away over the days after is an assumption.
    by_day=(1, 10, 10, 4, 3, 2, 2),
    now=0.08,  # assumption: police contact is the central acute risk, 3 to 4 % died in one operation [74][75]
    soon=0.35,  # assumption: 'the police were here' is itself a sign
    called_in=True,
)


@dataclass(frozen=True)
class Shift:
    """A worker's regular hours; local times. `days`: 0 = Monday. Whoever is talking at the end finishes that."""

    staff_id: int
    days: tuple[int, ...]
    begins: time
    ends: time
    pause: time  # half an hour in which nobody new is taken
    languages: frozenset[str]
    capacity: int  # chats at a time
    skills: frozenset[str] = frozenset()
    called_in: bool = False  # only in a week that calls people in


_BOTH, _DUTCH, _ENGLISH = frozenset({"nl", "en"}), frozenset({"nl"}), frozenset({"en"})
_YOUTH = frozenset({"youth"})
_WEEKDAYS, _WEEKEND, _SURGE = (0, 1, 2, 3, 4), (5, 6), (1, 2, 3)

# Assumption: a small line. One to three people at a time, some with one language, some trained for young people.
SHIFTS = (
    Shift(1, _WEEKDAYS, time(9, 30), time(16, 15), time(13), _BOTH, 2, _YOUTH),
    Shift(2, _WEEKDAYS, time(12), time(18, 30), time(15, 30), _DUTCH, 2),
    Shift(3, _WEEKDAYS, time(15, 45), time(22, 15), time(18, 30), _BOTH, 3, _YOUTH),
    Shift(4, _WEEKDAYS, time(17), time(22, 15), time(19), _DUTCH, 2),
    Shift(5, (1, 3), time(16, 30), time(22, 15), time(19, 30), _ENGLISH, 2),
    Shift(6, _WEEKEND, time(13, 45), time(22, 15), time(18), _BOTH, 3, _YOUTH),
    Shift(7, _WEEKEND, time(16), time(22, 15), time(19), _DUTCH, 2),
    # Assumption: the line knows of the action week and four people come in extra for three days.
    Shift(8, _SURGE, time(10), time(17), time(13), _BOTH, 3, called_in=True),
    Shift(9, _SURGE, time(12), time(20), time(16), _DUTCH, 3, called_in=True),
    Shift(10, _SURGE, time(15), time(22, 15), time(18), _BOTH, 3, _YOUTH, called_in=True),
    Shift(11, _SURGE, time(17), time(22, 15), time(20), _DUTCH, 2, called_in=True),
)


@dataclass(frozen=True)
class Model:
    """How visitors and workers behave. Minutes unless said otherwise; shares between 0 and 1."""

    # The Dutch line: 1,716 contacts in 2023 [11b], 65 % unanswered when last published [56], so about 13 attempts a
    # day; the Dutch-Flemish self-help module: 11,724 visits in 2021 [26], 32 a day. A chat that is always open draws
    # from both.
    visitors_a_day: float = 60
    returning: float = 0.54  # 1,716 contacts from 795 people [11b]: so many were not the first
    english: float = 0.12  # assumption
    young: float = 0.08  # assumption; 4 % of contacts in the United States come from minors [65]

    looks_only: float = 0.10  # assumption: opens the chat, reads the opening and the offers, writes nothing
    helped_by_assistant: float = 0.45  # assumption; of those who return half as many
    assistant_mean: float = 5  # assumption

    # Chats last 15 [85], 20 [42][86] or about 60 minutes [87][88]; median 25 and mean 30 lie between them.
    chat_median: float = 25
    chat_spread: float = 0.6  # sigma of the lognormal; assumption
    # Speed of each of 1, 2, 3 chats at a time; assumption. Three at a time get 2.25 times the work of one done.
    speed: tuple[float, ...] = (1.0, 0.88, 0.75)
    wrap_up: float = 3  # assumption: notes and a breath, before somebody new
    tell_again: float = 5  # assumption: added when another worker goes on

    patience_median: float = 15  # assumption; no line of this kind publishes its waits or who gives up
    patience_spread: float = 0.8
    told_late: float = 0.3  # assumption: share of danger that is written only while waiting...
    told_late_mean: float = 5  # ...so many minutes after asking
    away: float = 0.25  # assumption: share of those waiting whose phone locks or who go away for a while
    away_mean: float = 5

    lost_an_hour: float = 0.02  # assumption: a worker's connection breaks once in 50 hours
    lost_mean: float = 10

    # What somebody does who is told of a longer wait than they have, and who gives up waiting. Assumptions.
    # In this order: letter, appointment, wait all the same (only when told), and else they leave.
    when_long: tuple[float, float, float] = (0.30, 0.20, 0.30)
    when_tired: tuple[float, float] = (0.30, 0.15)
    when_closed: tuple[float, float] = (0.40, 0.25)

    letter_median: float = 15  # assumption: to read and answer a letter
    letter_spread: float = 0.4
    slot_minutes: int = 60  # these three are the service's own (web/actions/upkeep.py); a test compares them
    slot_days: int = 7
    slot_places: int = 1  # appointments at the same time
    keeps_appointment: float = 0.75  # assumption
    appointment_patience: float = 20  # assumption: at least so long, having made an appointment

    shifts: tuple[Shift, ...] = SHIFTS
    schedule: Schedule = field(default=SCHEDULE)


MODEL = Model()
