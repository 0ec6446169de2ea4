"""The workers of the line: their shifts, whom they take, what they finish, and connections that break."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from simulation import choices
from simulation.desk import Desk, on_duty
from simulation.guest import Guest, Outcome
from simulation.parameters import HORIZON_DAYS, Shift
from simulation.visitors import Loss, local
from web.core import moves, queue
from web.core.staff import STAFF_LOST_AFTER

if TYPE_CHECKING:
    from simulation.line import Line

PAUSE = timedelta(minutes=30)
_MINUTE = timedelta(minutes=1)


class Floor:
    def __init__(self, line: Line) -> None:
        self.line = line
        self.clock = line.clock
        self.desks = [Desk(shift, line.model.speed) for shift in line.model.shifts]

    def plan_shifts(self, called_in: bool) -> None:
        """called_in: the extra workers come, in the first week."""
        for desk in self.desks:
            shift = desk.shift
            last = 7 if shift.called_in else HORIZON_DAYS
            for day in range(last if called_in or not shift.called_in else 0):
                if day % 7 in shift.days:
                    self._plan_day(desk, shift, day)

    def _plan_day(self, desk: Desk, shift: Shift, day: int) -> None:
        model = self.line.model
        self.clock.at(local(day, shift.begins, model), self.begins, desk)
        self.clock.at(local(day, shift.ends, model), self.ends, desk)
        self.clock.at(local(day, shift.pause, model), self.pauses, desk, True)
        self.clock.at(local(day, shift.pause, model) + PAUSE, self.pauses, desk, False)

    def begins(self, desk: Desk) -> None:
        desk.on = True

    def ends(self, desk: Desk) -> None:
        """Nobody new any more; whoever is talking is talked with to the end."""
        desk.on = False
        desk.advance(self.now)
        self.put_letter_back(desk)
        self.plan_finish(desk)
        self.line.hours_end()

    def pauses(self, desk: Desk, paused: bool) -> None:
        desk.paused = paused

    @property
    def now(self) -> datetime:
        return self.clock.now

    def connection_breaks(self, loss: Loss) -> None:
        desk = next(desk for desk in self.desks if desk.staff_id == loss.staff_id)
        if not desk.on or desk.lost:
            return
        desk.advance(self.now)
        desk.lost = True
        self.clock.at(self.now + STAFF_LOST_AFTER, self.give_up_worker, desk, desk.plan)
        self.clock.at(self.now + loss.minutes * _MINUTE, self.connection_returns, desk)

    def connection_returns(self, desk: Desk) -> None:
        desk.advance(self.now)
        desk.lost = False
        self.plan_finish(desk)

    def give_up_worker(self, desk: Desk, plan: int) -> None:
        """Gone for longer than the grace: their visitors go back to the front of the queue."""
        if not desk.lost or desk.plan != plan:
            return
        for guest in list(desk.chats):
            guest.work_left = max(0.0, desk.chats.pop(guest)) + self.line.model.tell_again
            self.line.queued(guest, moves.lose_staff(guest.talk, desk.name, self.now).after)
        self.put_letter_back(desk)
        self.line.hours_end()  # no queue outside the hours

    def settle(self) -> None:
        """Whoever has room takes the next; then those with nobody to talk to write answers to letters."""
        if self.line.waiting:
            while self.take_one():
                pass
        if self.line.letters:
            for desk in self.desks:
                if desk.takes_new and not desk.chats and desk.letter is None:
                    self.take_letter(desk)
        self.line.watch.settled(self.now, self.desks, self.line.waiting.values())

    def take_one(self) -> bool:
        free = sorted((desk for desk in self.desks if desk.free > 0), key=lambda desk: (-desk.free, desk.staff_id))
        if not free:
            return False
        here = [guest for guest in self.line.waiting.values() if guest.here]
        ordered = queue.in_order(guest.place(self.line.policy) for guest in here)
        duty = on_duty(self.desks)
        for desk in free:
            place = queue.first_for(desk.server(), ordered, duty)
            if place is not None:
                self.claim(desk, self.line.waiting[place.conversation_id])
                return True
        return False

    def claim(self, desk: Desk, guest: Guest) -> None:
        self.line.watch.claimed(self.now, desk, guest, self.line.waiting.values())
        del self.line.waiting[guest.talk.conversation_id]
        self.line.note_wait(guest)
        first = guest.wait is None
        if first and guest.talk.asked_at:
            guest.wait = self.now - guest.talk.asked_at
            guest.work_left = choices.work(self.line, guest)
        guest.talk = moves.claim(guest.talk, desk.staff_id, desk.name, None, self.now).after
        guest.stage += 1
        desk.advance(self.now)
        desk.chats[guest] = guest.work_left
        if len(desk.chats) >= desk.shift.capacity:
            self.put_letter_back(desk)  # it counts as work too, and visitors come first
        self.plan_finish(desk)

    def take_letter(self, desk: Desk) -> None:
        """Danger first, then the longest waiting, as in web/storage/conversations.py."""
        able = [one for one in self.line.letters if one.talk.language in desk.shift.languages]
        if not able:
            return
        letter = min(able, key=lambda one: (-one.urgency, one.letter_at))
        self.line.letters.remove(letter)
        letter.talk = moves.claim(letter.talk, desk.staff_id, desk.name, None, self.now).after
        desk.advance(self.now)
        desk.letter = letter
        self.plan_finish(desk)

    def put_letter_back(self, desk: Desk) -> None:
        letter, desk.letter = desk.letter, None
        if letter:
            letter.talk = moves.release(letter.talk, desk.staff_id, desk.name, self.now).after
            self.line.letters.append(letter)

    def plan_finish(self, desk: Desk) -> None:
        finish = desk.next_finish()
        if finish:
            self.clock.at(finish[1], self.finished, desk, finish[0], desk.plan)

    def finished(self, desk: Desk, guest: Guest, plan: int) -> None:
        if desk.plan != plan:
            return
        desk.advance(self.now)
        if guest is desk.letter and guest not in desk.chats:
            desk.letter = None
            guest.talk = moves.answer(guest.talk, desk.staff_id, desk.name, "Answer.", self.now, "simulated").after
            guest.letter_took = guest.letter_at and self.now - guest.letter_at
            self.line.end(guest, Outcome.LETTER)
        else:
            del desk.chats[guest]
            self.line.recent.append((self.now, self.now - (guest.talk.claimed_at or self.now)))
            guest.talk = moves.close(guest.talk, desk.staff_id, desk.name, self.now).after
            self.line.end(guest, Outcome.APPOINTMENT if guest.kept_appointment else Outcome.PERSON)
            desk.wrapping += 1
            self.clock.at(self.now + self.line.model.wrap_up * _MINUTE, self.wrapped_up, desk)
        self.plan_finish(desk)

    def wrapped_up(self, desk: Desk) -> None:
        desk.wrapping -= 1
