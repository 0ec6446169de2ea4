"""What the worker process does by itself: nobody is left with a dead connection, nothing stays too long."""

from uuid import UUID

from web.actions.outcome import Outcome, Work, store
from web.core import conversation as core
from web.core import retention
from web.core.conversation import State
from web.core.events import Event, TurnDue
from web.core.staff import STAFF_LOST_AFTER
from web.storage import conversations, signals, staff


def overdue_turns(work: Work) -> list[TurnDue]:
    """Turns whose process died before the answer."""
    found = conversations.with_overdue_turn(work.session, work.now - retention.TURN_OVERDUE_AFTER)
    return [
        TurnDue(item.conversation_id, item.turn_number, item.epoch) for item in found if item.turn_number is not None
    ]


def return_lost(work: Work) -> Outcome[int]:
    """Conversations of workers whose connection is gone go back to the front of the queue; the visitor is told."""
    events: list[Event] = []
    lost = {row.staff_id: row.name for row in staff.lost_holders(work.session, work.now - STAFF_LOST_AFTER)}
    found = conversations.held_by_any(work.session, lost)
    for conversation_id in found:
        row = conversations.by_id(work.session, conversation_id)
        if row is not None and row.staff_id in lost:
            events += store(work, row, core.lose_staff(row.to_core(), lost[row.staff_id], work.now))
    return Outcome(len(found), tuple(events))


def unseen(work: Work) -> list[UUID]:
    """Open conversations to which the visitor has not come back for a long time."""
    return conversations.unseen_since(work.session, work.now - retention.EXPIRE_AFTER)


def expire(work: Work, conversation_id: UUID) -> Outcome[bool]:
    """Close one of them, unless the visitor came back meanwhile."""
    row = conversations.by_id(work.session, conversation_id)
    if row is None or row.state is State.CLOSED or row.visitor_seen_at > work.now - retention.EXPIRE_AFTER:
        return Outcome(False)
    return Outcome(True, store(work, row, core.expire(row.to_core(), work.now)))


def delete_due(work: Work) -> Outcome[int]:
    """Closed conversations: the key is destroyed and the rows are deleted. Returns how many."""
    signals.delete_before(work.session, work.now - retention.SIGNAL_AFTER)
    return Outcome(conversations.delete_closed_before(work.session, work.now - retention.DELETE_AFTER))
