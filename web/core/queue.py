"""The waiting room: one ordering, used by the claim, by the positions told to visitors and by the desk.

Each visitor gets a rank when they begin to wait: the time of asking, moved forward by what puts them ahead. It does not
change while others come and go, so whoever waits long enough passes everyone who comes later (ageing: nobody starves),
and the database finds the first by an index however many wait.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from uuid import UUID

from web.core.states import Urgency

# Danger passes everybody else within an opening day. 'Soon' and appointments pass those who came up to so much earlier.
AHEAD: Mapping[Urgency, timedelta] = {
    Urgency.NORMAL: timedelta(0),
    Urgency.SOON: timedelta(minutes=40),
    Urgency.NOW: timedelta(hours=24),
}
APPOINTMENT_AHEAD = timedelta(minutes=20)
RETURNED_AHEAD = timedelta(hours=6)  # had a person already, who was lost or gave them back: the front, after danger

# Some questions are for workers who are trained for them, as long as one of those is on duty.
SKILLS: Mapping[str, str] = {"minor_self": "youth", "teen_sexting": "youth"}

# What is said of the wait, in minutes. The last one has no end.
BANDS = (5, 10, 20, 40, 60, 90)
TYPICAL_CHAT = timedelta(minutes=30)  # assumed as long as few conversations were had
TYPICAL_WEIGHT = 5  # that assumption counts as so many conversations

Kind = tuple[str, str | None]  # language, and the skill that is asked for: decides which workers somebody waits for


@dataclass(frozen=True, slots=True)
class Place:
    """Someone in the queue. `skill`: what the worker should be trained for, see skill_for."""

    conversation_id: UUID
    language: str
    skill: str | None
    queue_at: datetime


@dataclass(frozen=True)
class Server:
    """A worker on duty. `free`: how many more conversations they would take now."""

    staff_id: int
    languages: frozenset[str]
    skills: frozenset[str]
    capacity: int
    free: int


@dataclass(frozen=True)
class Wait:
    """'About `low` to `high` minutes'; without `high`: longer than `low`."""

    low: int
    high: int | None


def rank(asked_at: datetime, urgency: Urgency, appointment: bool = False, returned: bool = False) -> datetime:
    """Where somebody stands: the earlier, the sooner their turn."""
    ahead = AHEAD[urgency]
    if appointment:
        ahead += APPOINTMENT_AHEAD
    if returned:
        ahead += RETURNED_AHEAD
    return asked_at - ahead


def in_order(waiting: Iterable[Place]) -> list[Place]:
    """As the claim takes them; storage/conversations.py says the same in SQL, and a test compares the two."""
    return sorted(waiting, key=lambda place: (place.queue_at, place.conversation_id.hex))


def skill_for(topic: str | None, urgency: Urgency) -> str | None:
    """Who is in danger gets whoever is free: training is asked for only where there is time to."""
    return SKILLS.get(topic or "") if urgency is not Urgency.NOW else None


def left_to_others(server: Server, on_duty: Collection[Server]) -> frozenset[tuple[str, str]]:
    """Language and topic of those whom this worker leaves to a trained colleague on duty; never those in danger."""
    return frozenset(
        (language, topic)
        for topic, skill in SKILLS.items()
        for language in server.languages
        if server.staff_id not in _workers_for((language, skill), on_duty)
    )


def first_for(server: Server, ordered: Iterable[Place], on_duty: Collection[Server]) -> Place | None:
    """Whom this worker gets next."""
    return next((place for place in ordered if server.staff_id in _workers_for(_kind(place), on_duty)), None)


def positions(ordered: Sequence[Place], on_duty: Collection[Server]) -> dict[UUID, int]:
    """Place of each visitor, 1 = next: one more than those ahead who wait for the same workers.

    With nobody on duty for somebody, everyone ahead counts.
    """
    return {place.conversation_id: at for place, at in each_position(ordered, on_duty)}


def each_position(ordered: Sequence[Place], on_duty: Collection[Server]) -> Iterator[tuple[Place, int]]:
    """The same one after the other: a long queue need not be gone through without a pause."""
    rivals = _rivals({_kind(place) for place in ordered}, on_duty)
    ahead: Counter[Kind] = Counter()
    for place in ordered:
        kind = _kind(place)
        yield place, 1 + sum(ahead[rival] for rival in rivals[kind])
        ahead[kind] += 1


def position(mine: Kind, ahead: Mapping[Kind, int], on_duty: Collection[Server]) -> int:
    """The same for one visitor, from how many of each kind are ahead."""
    return 1 + sum(ahead.get(rival, 0) for rival in _rivals({mine, *ahead}, on_duty)[mine])


def estimated_wait(
    position: int, language: str, skill: str | None, on_duty: Collection[Server], served: Sequence[timedelta]
) -> Wait | None:
    """How long the visitor at `position` will wait; None when nobody on duty can help them.

    served: how long recent conversations lasted. Few of them lean on TYPICAL_CHAT.
    With S conversations going on at a time, each lasting T, one ends every T / S on average (the rate of Little's law,
    J. D. C. Little, Operations Research 9(3), 1961, p. 383); so many must end before it is their turn.
    """
    ids = _workers_for((language, skill), on_duty)
    able = [server for server in on_duty if server.staff_id in ids]
    slots = sum(server.capacity for server in able)
    if not slots:
        return None
    behind = position - sum(server.free for server in able)
    if behind <= 0:
        return Wait(0, BANDS[0])
    total = sum(served, TYPICAL_WEIGHT * TYPICAL_CHAT)
    typical = total / (len(served) + TYPICAL_WEIGHT)
    minutes = ceil(behind * typical / slots / timedelta(minutes=1))
    low, edges = 0, (*BANDS, None)
    for edge in edges:
        if edge is None or minutes <= edge:
            return Wait(low, edge)
        low = edge
    raise AssertionError


def _kind(place: Place) -> Kind:
    return place.language, place.skill


def _rivals(kinds: Collection[Kind], on_duty: Collection[Server]) -> dict[Kind, list[Kind]]:
    """For each kind of visitor those who wait for the same workers."""
    workers = {kind: _workers_for(kind, on_duty) for kind in kinds}
    return {a: [b for b in kinds if not workers[a] or not workers[b] or workers[a] & workers[b]] for a in kinds}


def _workers_for(kind: Kind, on_duty: Collection[Server]) -> frozenset[int]:
    """Who may get somebody of this kind: all who speak the language; with a skill, the trained of them, if any."""
    language, skill = kind
    able = [server for server in on_duty if language in server.languages]
    trained = [server for server in able if skill in server.skills]
    return frozenset(server.staff_id for server in trained or able)
