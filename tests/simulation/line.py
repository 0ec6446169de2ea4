"""A small line for the tests: one worker with one chat at a time, and visitors whose every step is known."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from uuid import UUID

from simulation.guest import Guest
from simulation.line import Line
from simulation.parameters import MODEL, Model, Shift
from simulation.policies import OURS, Policy
from simulation.visitors import Loss, Visitor, local

TEN = local(0, time(10), MODEL)  # Monday, the moment of opening

ONE = Shift(1, (0, 1, 2, 3, 4), time(9, 30), time(22, 15), time(9, 30), frozenset({"nl", "en"}), capacity=1)
TWO = replace(ONE, staff_id=2)
SMALL = replace(MODEL, shifts=(ONE,), wrap_up=0)


def at(minutes: float) -> datetime:
    """So many minutes after the opening on Monday."""
    return TEN + timedelta(minutes=minutes)


def visitor(number: int, minutes: float, **traits: object) -> Visitor:
    """Asks for a person at once, needs 20 minutes, and would wait for two hours."""
    known = {"visitor_id": UUID(int=number), "at": at(minutes), "chat_minutes": 20, "patience": 120}
    return Visitor(**(known | traits))  # type: ignore[arg-type]


def run(
    *visitors: Visitor, policy: Policy = OURS, model: Model = SMALL, losses: tuple[Loss, ...] = ()
) -> tuple[Line, dict[int, Guest]]:
    """The line after it all, and its visitors by number."""
    line = Line(model, policy, visitors, losses).run()
    return line, {guest.visitor.visitor_id.int: guest for guest in line.guests}


def waited(guest: Guest) -> float | None:
    """Minutes until a person came."""
    return None if guest.wait is None else guest.wait / timedelta(minutes=1)
