"""What a visitor does when there is no person now: which doors are shown, and which of them is taken."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from simulation.guest import WAYS_ON, Guest, Outcome, Shown
from web.core import moves

if TYPE_CHECKING:
    from simulation.line import Line

# Without an assistant its questions come to the workers too. They are shorter than the others. Assumption.
SMALL_QUESTION = 0.4


def show_offers(line: Line, guest: Guest) -> None:
    if line.policy.doors:
        guest.shown.add(Shown.LETTER)
        if free_slot(line):
            guest.shown.add(Shown.APPOINTMENT)


def closed(line: Line, guest: Guest) -> None:
    """The line does not admit anybody now, or the hours have ended."""
    if not line.policy.doors or not guest.here:
        line.end(guest, gone(guest))
        return
    letter, appointment = line.model.when_closed
    _take(line, guest, guest.visitor.roll_closed, letter, appointment)


def tired(line: Line, guest: Guest) -> None:
    """They have waited as long as they can, and look at what else is on the screen."""
    if not line.policy.doors:
        line.end(guest, gone(guest))
        return
    show_offers(line, guest)
    letter, appointment = line.model.when_tired
    _take(line, guest, guest.visitor.roll_tired, letter, appointment)


def long_wait(line: Line, guest: Guest) -> bool:
    """They were told of a longer wait than they have. False: they wait all the same."""
    letter, appointment, wait = line.model.when_long
    roll = guest.visitor.roll_long
    if letter + appointment <= roll < letter + appointment + wait:
        return False
    line.stop_waiting(guest, moves.withdraw(guest.talk, line.now).after)
    _take(line, guest, roll, letter, appointment)
    return True


def gone(guest: Guest) -> Outcome:
    """They leave: with what was shown to them, or with nothing."""
    return Outcome.LEFT if guest.shown & WAYS_ON else Outcome.NOTHING


def work(line: Line, guest: Guest) -> float:
    """Minutes of a worker's time that this visitor needs."""
    small = guest.visitor.helped and not line.policy.assistant
    return guest.visitor.chat_minutes * (SMALL_QUESTION if small else 1)


def free_slot(line: Line) -> tuple[int, datetime] | None:
    """The first appointment that can still be had; its number is only unique while it is held."""
    model = line.model
    for number, at in enumerate(line.slots()):
        if line.booked.get(at, 0) < model.slot_places:
            return number, at
    return None


def _take(line: Line, guest: Guest, roll: float, letter: float, appointment: float) -> None:
    slot = free_slot(line) if letter <= roll < letter + appointment else None
    if slot:
        number, at = slot
        line.booked[at] = line.booked.get(at, 0) + 1
        guest.talk = moves.book(guest.talk, number, at, at.isoformat(), line.now, "simulated").after
        guest.stage += 1
        line.clock.at(at, line.appointment_due, guest)
    elif roll < letter + appointment:  # whoever found no appointment writes
        guest.talk = moves.send_letter(guest.talk, "A letter.", line.now, "simulated").after
        guest.letter_left, guest.letter_at = guest.visitor.letter_minutes, line.now
        guest.stage += 1
        line.letters.append(guest)
    else:
        line.end(guest, gone(guest))
