"""Looks on at every single event and counts what must never happen. It knows nothing of the policy."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from simulation.desk import Desk
from simulation.guest import Guest
from web.core import queue
from web.core.states import Urgency


@dataclass
class Watch:
    """Only people who are here count: nobody can be taken whose phone is locked.

    A worker could take somebody when they speak the language and have room; no special training is asked for,
    because in danger any worker is better than none.
    """

    passed_over: int = 0  # a worker took somebody else while one in danger, whom they could take, waited
    left_waiting: int = 0  # one in danger waited although a worker had room
    idle: int = 0  # somebody, in danger or not, waited although the very worker for them had room
    overtaken: int = 0  # somebody was passed by one who came later than the bonus for urgency allows
    events: int = 0
    examples: list[str] = field(default_factory=list)

    @property
    def danger(self) -> int:
        return self.passed_over + self.left_waiting

    def claimed(self, now: datetime, desk: Desk, chosen: Guest, waiting: Iterable[Guest]) -> None:
        """`waiting`: all who waited at that moment, the chosen one included."""
        others = [guest for guest in waiting if guest is not chosen and could_take(desk, guest)]
        if chosen.urgency < Urgency.NOW and any(guest.urgency is Urgency.NOW for guest in others):
            self.passed_over += 1
            self._note(now, f"{desk.name} took {chosen.urgency.name} while somebody in danger waited")
        allowed = bonus(chosen)
        for guest in others:
            if guest.talk.topic in queue.SKILLS and guest.urgency < Urgency.NOW:
                continue  # may be kept for a colleague who is trained for it
            if since(chosen) - since(guest) > allowed:
                self.overtaken += 1
                self._note(now, f"{desk.name} took somebody who came {since(chosen) - since(guest)} later")

    def settled(self, now: datetime, desks: Collection[Desk], waiting: Collection[Guest]) -> None:
        """After each event, when everybody who can be taken has been taken."""
        self.events += 1
        if not waiting:
            return
        free = [desk for desk in desks if desk.free > 0]
        for desk in free:
            able = [guest for guest in waiting if could_take(desk, guest)]
            if any(guest.urgency is Urgency.NOW for guest in able):
                self.left_waiting += 1
                self._note(now, f"{desk.name} has room while somebody in danger waits")
            elif any(guest.talk.topic not in queue.SKILLS for guest in able):
                self.idle += 1
                self._note(now, f"{desk.name} has room while somebody waits")

    def _note(self, now: datetime, what: str) -> None:
        if len(self.examples) < 10:
            self.examples.append(f"{now:%a %H:%M} {what}")


def could_take(desk: Desk, guest: Guest) -> bool:
    return guest.here and guest.talk.language in desk.shift.languages


def since(guest: Guest) -> datetime:
    """From when their waiting counts."""
    return guest.talk.asked_at or guest.visitor.at


def bonus(guest: Guest) -> timedelta:
    """By how much this visitor may pass those who came earlier."""
    talk = guest.talk
    base = datetime(2023, 1, 1)  # noqa: DTZ001 (only the difference counts)
    return base - queue.rank(base, talk.urgency, talk.appointment_at is not None, talk.returned)
