"""The helpline for some weeks, under one policy and with one set of people: they come, wait, and are taken or leave.

The rules are the service's own: who is admitted (core/hours.py), who is next and what is said of the wait
(core/queue.py), and every move of a conversation (core/moves.py). This file decides only what people do.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, time, timedelta
from uuid import UUID

from simulation import choices
from simulation.clock import Clock
from simulation.desk import on_duty
from simulation.floor import Floor
from simulation.guest import Guest, Outcome, Shown
from simulation.parameters import HORIZON_DAYS, Model
from simulation.policies import Policy
from simulation.visitors import Loss, Visitor, local
from simulation.watch import Watch
from web.core import hours, moves, queue
from web.core.conversation import Conversation, begin
from web.core.entries import Body, ChangeCode, Draft, Kind, Sender
from web.core.states import Urgency

SAMPLE = timedelta(minutes=30)
RECENT, RECENT_CHATS = timedelta(hours=3), 50  # behind the estimate, as in web/actions/shift.py
_MINUTE = timedelta(minutes=1)
_OPENING = Draft(Sender.ASSISTANT, Kind.TEXT, Body(text="Hello."))


class Line:
    """After `run` the guests tell what became of them, and `watch` what must not have happened."""

    def __init__(self, model: Model, policy: Policy, visitors: Iterable[Visitor], losses: Iterable[Loss] = ()) -> None:
        self.model = model
        self.policy = policy
        self.clock = Clock(local(0, time(0), model))
        self.watch = Watch()
        self.guests: list[Guest] = []
        self.waiting: dict[UUID, Guest] = {}
        self.letters: list[Guest] = []
        self.booked: dict[datetime, int] = {}
        self.recent: list[tuple[datetime, timedelta]] = []
        self.samples: list[int] = []
        self._slots = hours.slots(model.schedule, self.now, model.slot_minutes, HORIZON_DAYS)
        self.floor = Floor(self)
        for visitor in visitors:
            self.clock.at(visitor.at, self.arrive, visitor)
        for loss in losses:
            self.clock.at(loss.at, self.floor.connection_breaks, loss)

    def run(self, called_in: bool = False) -> "Line":
        self.floor.plan_shifts(called_in)
        for day in range(HORIZON_DAYS):
            closes_at = hours.opening(self.model.schedule, local(day, time(18), self.model)).closes_at
            if closes_at:
                self.clock.at(closes_at, self.hours_end)
        for sample in range(7 * 48):
            self.clock.at(self.clock.now + sample * SAMPLE, lambda: self.samples.append(len(self.waiting)))
        self.clock.run(local(HORIZON_DAYS, time(0), self.model), self.floor.settle)
        for guest in self.guests:
            guest.outcome = guest.outcome or Outcome.NOTHING
        return self

    @property
    def now(self) -> datetime:
        return self.clock.now

    def opening(self) -> hours.Opening:
        return hours.opening(self.model.schedule, self.now)

    def slots(self) -> list[datetime]:
        """When an appointment could begin, taken or not: as hours.slots would say now, but worked out only once."""
        first, last = self.now + timedelta(hours=1), self.now + timedelta(days=self.model.slot_days)
        return self._slots[bisect_left(self._slots, first) : bisect_right(self._slots, last)]

    # What visitors do

    def arrive(self, visitor: Visitor) -> None:
        alias = f"visitor {len(self.guests) + 1}"
        talk = begin(visitor.visitor_id, alias, visitor.language, _OPENING, self.now).after
        guest = Guest(visitor, replace(talk, topic=visitor.topic))
        self.guests.append(guest)
        choices.show_offers(self, guest)
        if visitor.looks_only:
            self.end(guest, Outcome.LOOKED)
        elif self.policy.assistant:
            self.later(guest, visitor.assistant_minutes, self.assistant_answered)
        else:
            self.wants_person(guest)

    def assistant_answered(self, guest: Guest) -> None:
        guest.shown.add(Shown.ANSWER)
        if guest.visitor.urgency is Urgency.NOW:
            guest.shown.add(Shown.CARD)
        if guest.visitor.helped:
            self.end(guest, Outcome.ASSISTANT)
        else:
            self.wants_person(guest)

    def wants_person(self, guest: Guest) -> None:
        guest.asked = True
        choices.show_offers(self, guest)
        if self.opening().admits:
            self.join(guest)
        else:
            choices.closed(self, guest)

    def join(self, guest: Guest) -> None:
        """Into the queue, as the service does it; then look at what it says of the wait."""
        visitor = guest.visitor
        known = visitor.urgency if not visitor.told_after else Urgency.NORMAL
        self.queued(guest, moves.ask(guest.talk, self.now, urgency=known).after)
        if visitor.told_after:
            self.later(guest, visitor.told_after, self.tells_of_danger)
        if self.policy.doors:  # a plain line says nothing of the wait
            guest.told = self.estimate(guest)
            guest.shown.add(Shown.WAIT)
        too_long = guest.told is not None and guest.told.low > visitor.patience
        if too_long and choices.long_wait(self, guest):
            return
        if visitor.away_after is not None:
            self.later(guest, visitor.away_after, self.goes_away)

    def queued(self, guest: Guest, talk: Conversation) -> None:
        guest.talk, guest.joined_at = talk, self.now
        guest.stage += 1
        self.waiting[talk.conversation_id] = guest
        patience = guest.visitor.patience
        if talk.appointment_at is not None:
            patience = max(patience, self.model.appointment_patience)
        self.later(guest, patience, self.tires)

    def estimate(self, guest: Guest) -> queue.Wait | None:
        duty = on_duty(self.floor.desks)
        ordered = queue.in_order(one.place(self.policy) for one in self.waiting.values())
        position = queue.positions(ordered, duty)[guest.talk.conversation_id]
        served = [took for ended, took in self.recent[-RECENT_CHATS:] if self.now - ended < RECENT]
        skill = queue.skill_for(guest.talk.topic, guest.talk.urgency)
        return queue.estimated_wait(position, guest.talk.language, skill, duty, served)

    def tells_of_danger(self, guest: Guest) -> None:
        guest.talk = moves.ask(guest.talk, self.now, urgency=Urgency.NOW).after
        if self.policy.doors:
            guest.shown.add(Shown.CARD)

    def goes_away(self, guest: Guest) -> None:
        """The phone locks: they keep their place and are passed by, until it lapses."""
        guest.here = False
        if guest.visitor.away_for * _MINUTE < moves.LAPSE_AFTER:
            self.later(guest, guest.visitor.away_for, self.comes_back)
        else:
            self.later(guest, moves.LAPSE_AFTER / _MINUTE, self.lapses)

    def comes_back(self, guest: Guest) -> None:
        guest.here = True

    def lapses(self, guest: Guest) -> None:
        self.stop_waiting(guest, moves.lapse(guest.talk, self.now).after)
        self.end(guest, choices.gone(guest))

    def tires(self, guest: Guest) -> None:
        self.stop_waiting(guest, moves.withdraw(guest.talk, self.now).after)
        if guest.here:
            choices.tired(self, guest)
        else:
            self.end(guest, choices.gone(guest))

    def stop_waiting(self, guest: Guest, talk: Conversation) -> None:
        del self.waiting[guest.talk.conversation_id]
        self.note_wait(guest)
        guest.talk, guest.gave_up = talk, guest.wait is None
        guest.stage += 1

    def note_wait(self, guest: Guest) -> None:
        guest.urgency_at_end = guest.urgency
        if guest.joined_at:
            guest.longest_wait = max(guest.longest_wait, self.now - guest.joined_at)

    def appointment_due(self, guest: Guest) -> None:
        if not guest.visitor.keeps_appointment:
            self.end(guest, Outcome.MISSED)
            return
        guest.kept_appointment, guest.here = True, True
        self.queued(guest, moves.due(guest.talk, self.now).after)

    def end(self, guest: Guest, outcome: Outcome) -> None:
        guest.outcome = outcome
        guest.stage += 1

    def hours_end(self) -> None:
        """Who still waits is told that the hours have ended, and what there is instead.

        Who is in danger stays as long as a worker is there, as in web/actions/upkeep.py.
        """
        if self.opening().open:
            return
        staffed = bool(on_duty(self.floor.desks))
        for guest in list(self.waiting.values()):
            if guest.urgency is Urgency.NOW and staffed:
                continue
            self.stop_waiting(guest, moves.lapse(guest.talk, self.now, told=ChangeCode.HOURS_ENDED).after)
            choices.closed(self, guest)

    def later(self, guest: Guest, minutes: float, task: Callable[[Guest], None]) -> None:
        """Unless something else happens to the guest before."""
        self.clock.at(self.now + minutes * _MINUTE, self._if_still, guest, guest.stage, task)

    def _if_still(self, guest: Guest, stage: int, task: Callable[[Guest], None]) -> None:
        if guest.stage == stage:
            task(guest)
