"""What a helpline worker can do."""

from uuid import UUID

from web.actions import access
from web.actions.outcome import Outcome, Work, store
from web.core import conversation as core
from web.core import queue
from web.core.entries import Sender, clean_text
from web.core.errors import Code, Refused
from web.storage import conversations, entries, staff
from web.storage.models import ConversationRow


def claim(work: Work, conversation_id: UUID, staff_id: int) -> Outcome[UUID]:
    """Take a waiting visitor. Of two workers at once the row's version lets one through; the other is told."""
    row = access.for_queue(work, conversation_id)
    change = core.claim(row.to_core(), staff_id, _name(work, staff_id), _holder(work, row), work.now)
    return Outcome(conversation_id, store(work, row, change))


def claim_next(work: Work, staff_id: int) -> Outcome[UUID]:
    """Take whoever is first. After a lost race the next one is first. Refused: NOT_WAITING if nobody is."""
    ordered = queue.in_order(conversations.waiting(work.session))
    if not ordered:
        raise Refused(Code.NOT_WAITING)
    return claim(work, ordered[0].conversation_id, staff_id)


def reply(work: Work, conversation_id: UUID, staff_id: int, client_id: str, text: str) -> Outcome[int]:
    """Words of the worker; returns their number. A repeat gets the number of the first."""
    row = access.for_staff(work, conversation_id, staff_id)
    earlier = entries.number_of(work.session, conversation_id, Sender.STAFF, client_id)
    if earlier is not None:
        return Outcome(earlier)
    change = core.reply(row.to_core(), staff_id, _name(work, staff_id), clean_text(text), client_id, work.now)
    return Outcome(change.after.last_number, store(work, row, change))


def release(work: Work, conversation_id: UUID, staff_id: int, client_id: str) -> Outcome[None]:
    """Give the visitor back to the front of the queue."""
    if _repeated(work, conversation_id, client_id):
        return Outcome(None)
    row = access.for_staff(work, conversation_id, staff_id)
    change = core.release(row.to_core(), staff_id, _name(work, staff_id), work.now, client_id)
    return Outcome(None, store(work, row, change))


def close(work: Work, conversation_id: UUID, staff_id: int, client_id: str) -> Outcome[None]:
    if _repeated(work, conversation_id, client_id):
        return Outcome(None)
    row = access.for_staff(work, conversation_id, staff_id)
    change = core.close(row.to_core(), staff_id, _name(work, staff_id), work.now, client_id)
    return Outcome(None, store(work, row, change))


def _repeated(work: Work, conversation_id: UUID, client_id: str) -> bool:
    return entries.number_of(work.session, conversation_id, Sender.SYSTEM, client_id) is not None


def _name(work: Work, staff_id: int) -> str:
    row = staff.by_id(work.session, staff_id)
    if row is None or not row.active:
        raise Refused(Code.NOT_FOUND)
    return row.name


def _holder(work: Work, row: ConversationRow) -> str | None:
    return _name(work, row.staff_id) if row.staff_id is not None else None
