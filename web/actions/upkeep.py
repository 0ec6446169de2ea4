"""What the worker process does by itself: nobody is left with a dead connection, in a queue without end, or unanswered.

Each function finds what is due; the other of its pair does it to one conversation, if it is still due then.
"""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from web.actions import shift
from web.actions.outcome import Outcome, Work, store
from web.core import hours, moves, retention
from web.core.conversation import Change, Conversation, append
from web.core.entries import Body, ChangeCode, Draft, Kind, Sender
from web.core.events import Event, TurnDue
from web.core.staff import HERE_WITHIN, STAFF_LOST_AFTER
from web.core.states import HELD, State, Urgency
from web.storage import conversations, processes, slots, staff

IDLE_STATES = (State.ASSISTANT, State.WITH_STAFF)  # who waits is not idle, and letters have their own time
WARN_AFTER = retention.EXPIRE_AFTER - moves.WARN_BEFORE
SLOT_MINUTES, SLOT_DAYS, SLOT_PLACES = 60, 7, 1
Rule = Callable[[Work, Conversation], Change | None]


def overdue_turns(work: Work) -> list[TurnDue]:
    """Turns whose process died before the answer."""
    found = conversations.with_overdue_turn(work.session, work.now - retention.TURN_OVERDUE_AFTER)
    return [
        TurnDue(item.conversation_id, item.turn_number, item.epoch) for item in found if item.turn_number is not None
    ]


def lost(work: Work) -> list[UUID]:
    """Conversations of workers whose connection is gone; not if the service itself was, or the clock jumped."""
    if not _steady(work):
        return []
    gone = staff.lost_holders(work.session, work.now - STAFF_LOST_AFTER)
    return conversations.held_by_any(work.session, [row.staff_id for row in gone])


def return_lost(work: Work, before: Conversation) -> Change | None:
    """To the front of the queue; the visitor is told."""
    row = staff.by_id(work.session, before.staff_id) if before.staff_id is not None else None
    if row is None or (row.seen_at is not None and row.seen_at >= work.now - STAFF_LOST_AFTER):
        return None
    return moves.lose_staff(before, row.name, work.now)


def expired_offers(work: Work) -> list[UUID]:
    return conversations.with_offers(work.session, work.now - moves.OFFER_FOR)


def end_offer(work: Work, before: Conversation) -> Change | None:
    if not moves.offer_expired(before, work.now):
        return None
    return moves.decline(before, None, work.now, told=ChangeCode.OFFER_EXPIRED)


def away(work: Work) -> list[UUID]:
    if not _steady(work):
        return []
    since = work.now - moves.LAPSE_AFTER
    return conversations.away_since(work.session, since, work.now - HERE_WITHIN)


def lapse(work: Work, before: Conversation) -> Change | None:
    """Out of the queue: not there for an hour, or for the quarter of an hour after an appointment."""
    which = before.conversation_id
    if before.state is not State.WAITING or conversations.here(work.session, [which], work.now - HERE_WITHIN):
        return None
    now_due = before.appointment_at is not None and before.slot_id is None
    told = ChangeCode.MISSED if now_due else ChangeCode.LAPSED
    return moves.lapse(before, work.now, told)


def missed(work: Work) -> list[UUID]:
    if not _steady(work):
        return []
    since = work.now - moves.MISSED_AFTER
    gone = conversations.away_since(work.session, since, work.now - HERE_WITHIN)
    rows = (conversations.by_id(work.session, conversation_id) for conversation_id in gone)
    return [row.conversation_id for row in rows if row and row.appointment_at and row.appointment_at < since]


def appointments_due(work: Work) -> list[UUID]:
    return conversations.with_appointment_before(work.session, work.now)


def begin_appointment(work: Work, before: Conversation) -> Change | None:
    if before.slot_id is None or before.appointment_at is None or before.appointment_at > work.now:
        return None
    if before.state in HELD:  # a worker is just answering the letter of the same visitor: afterwards
        return None
    return moves.due(before, work.now)


def idle(work: Work) -> list[UUID]:
    return conversations.idle_since(work.session, work.now - WARN_AFTER, IDLE_STATES, warned=False)


def warn(work: Work, before: Conversation) -> Change | None:
    if before.state not in IDLE_STATES or before.slot_id or before.active_at > work.now - WARN_AFTER:
        return None
    ends = work.now + moves.WARN_BEFORE
    return moves.warn(before, work.now, ends.isoformat(timespec="seconds"))


def silent(work: Work) -> list[UUID]:
    return conversations.idle_since(work.session, work.now - retention.EXPIRE_AFTER, IDLE_STATES, warned=True)


def expire(work: Work, before: Conversation) -> Change | None:
    """Only after the warning has stood for its whole time."""
    warned_long = before.warned_at is not None and (before.warned_at <= work.now - moves.WARN_BEFORE)
    return moves.expire(before, work.now) if warned_long and before.state in IDLE_STATES else None


def waiting_at_closing(work: Work) -> list[UUID]:
    """Those who wait when nobody new is let in any more, or when the hours are over."""
    opening = hours.opening(work.schedule, work.now)
    if opening.reason not in (hours.Reason.CLOSED, hours.Reason.LAST_ADMISSION):
        return []
    return [place.conversation_id for place in conversations.places(work.session)]


def tell_closing(work: Work, before: Conversation) -> Change | None:
    """Before the end: told once that their turn may not come. After it: out of the queue, with what is possible then.

    Who is in danger stays as long as a worker is there.
    """
    if before.state is not State.WAITING:
        return None
    opening = hours.opening(work.schedule, work.now)
    if opening.reason is hours.Reason.CLOSED:
        if before.urgency is Urgency.NOW and shift.on_duty(work):
            return None
        opens_at = opening.opens_at.isoformat(timespec="seconds") if opening.opens_at else None
        return moves.lapse(before, work.now, ChangeCode.HOURS_ENDED, opens_at)
    if opening.reason is not hours.Reason.LAST_ADMISSION or before.warned_at is not None:
        return None
    closes_at = opening.closes_at.isoformat(timespec="seconds") if opening.closes_at else None
    draft = Draft(Sender.SYSTEM, Kind.CHANGE, Body(code=ChangeCode.CLOSING_SOON, when=closes_at))
    return append(Change(before, before), work.now, draft, warned_at=work.now)


def _steady(work: Work) -> bool:
    return processes.steady(work.session, work.now - STAFF_LOST_AFTER, work.now - HERE_WITHIN)


def apply(work: Work, conversation_id: UUID, rule: Rule) -> Outcome[bool]:
    """One of the rules above to one conversation, if it is still due."""
    row = conversations.by_id(work.session, conversation_id)
    if row is None or row.state is State.CLOSED:
        return Outcome(False)
    before = row.to_core()
    change = rule(work, before)
    if change is None:
        return Outcome(False)
    events: tuple[Event, ...] = store(work, row, change)
    return Outcome(bool(change.entries), events)


def offer_slots(work: Work) -> Outcome[int]:
    """Times for appointments within the opening hours of the coming days; old ones go."""
    slots.delete_before(work.session, work.now - timedelta(days=1))
    starts = hours.slots(work.schedule, work.now, SLOT_MINUTES, SLOT_DAYS)
    return Outcome(slots.offer(work.session, starts, SLOT_PLACES))
