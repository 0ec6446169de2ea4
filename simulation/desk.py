"""A worker at the desk: on duty or not, some chats at a time, a letter when nobody needs them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from simulation.guest import Guest
from simulation.parameters import Shift
from web.core import queue

_MINUTE = timedelta(minutes=1)


@dataclass(eq=False)
class Desk:
    """`chats` holds the minutes of work that are left in each, done at full speed.

    plan: rises with every change; a finish that was planned before no longer holds.
    wrapping: chats that are over, but whose place is not free yet.
    """

    shift: Shift
    speed: tuple[float, ...]
    on: bool = False
    paused: bool = False
    lost: bool = False
    wrapping: int = 0
    chats: dict[Guest, float] = field(default_factory=dict)
    letter: Guest | None = None
    since: datetime | None = None
    plan: int = 0
    busy: timedelta = timedelta(0)

    @property
    def staff_id(self) -> int:
        return self.shift.staff_id

    @property
    def name(self) -> str:
        return f"worker {self.shift.staff_id}"

    @property
    def takes_new(self) -> bool:
        return self.on and not self.paused and not self.lost

    @property
    def free(self) -> int:
        return self.shift.capacity - len(self.chats) - self.wrapping if self.takes_new else 0

    def server(self) -> queue.Server:
        shift = self.shift
        return queue.Server(shift.staff_id, shift.languages, shift.skills, shift.capacity, max(0, self.free))

    def advance(self, now: datetime) -> None:
        """Do the work of the time since the last change. Who has several chats is slower in each."""
        minutes = (now - self.since) / _MINUTE if self.since else 0
        self.since = now
        self.plan += 1
        if self.lost:
            return
        if self.chats:
            done = minutes * self.speed[len(self.chats) - 1]
            self.busy += minutes * _MINUTE
            for guest in self.chats:
                self.chats[guest] -= done
        elif self.letter:
            self.busy += minutes * _MINUTE
            self.letter.letter_left -= minutes

    def next_finish(self) -> tuple[Guest, datetime] | None:
        """Who is ready first, if nothing changes before. A letter is put aside while somebody chats."""
        if self.lost or self.since is None:
            return None
        if self.chats:
            guest = min(self.chats, key=lambda one: self.chats[one])
            minutes = self.chats[guest] / self.speed[len(self.chats) - 1]
        elif self.letter:
            guest, minutes = self.letter, self.letter.letter_left
        else:
            return None
        return guest, self.since + max(0.0, minutes) * _MINUTE


def on_duty(desks: Iterable[Desk]) -> list[queue.Server]:
    return [desk.server() for desk in desks if desk.takes_new]
