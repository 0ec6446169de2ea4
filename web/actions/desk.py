"""What a helpline worker can do with conversations, beside writing (messages.py)."""

from uuid import UUID

from web.actions import access, audit, shift
from web.actions.outcome import Outcome, Work, store
from web.core import conversation as core
from web.core import moves, queue
from web.core.audit import Deed
from web.core.entries import Sender, clean_text
from web.core.errors import Code, Refused
from web.core.staff import HERE_WITHIN, Status
from web.storage import conversations, entries, staff
from web.storage.models import ConversationRow, StaffRow

REASON_LIMIT = 1000  # characters of a note to colleagues


def claim(work: Work, conversation_id: UUID, staff_id: int, client_id: str | None = None) -> Outcome[UUID]:
    """Take a waiting visitor or a letter. Of two workers at once the row's version lets one through; the other is told.

    Refused: NOT_AVAILABLE and AT_CAPACITY for a worker who would not get anybody new.
    """
    row = access.for_queue(work, conversation_id)
    me = worker(work, staff_id, lock=True)
    if row.staff_id != staff_id:
        if client_id is not None and _repeated(work, conversation_id, client_id):
            raise Refused(Code.NOT_WAITING, state=row.state.value)  # it was theirs, and is no longer
        shift.must_be_free(work, me)
    change = moves.claim(row.to_core(), staff_id, me.name, _holder(work, row), work.now, client_id)
    return Outcome(conversation_id, store(work, row, change))


def claim_next(work: Work, staff_id: int, client_id: str | None = None) -> Outcome[UUID]:
    """Take whoever is first of those that this worker can help. A repeat of the same click gets the same visitor.

    Refused: NOT_WAITING if nobody is.
    """
    if client_id is not None:
        before = entries.claimed_by(work.session, staff_id, client_id)
        if before is not None:
            return Outcome(before)
    me = worker(work, staff_id, lock=True)
    shift.must_be_free(work, me)
    on_duty = shift.on_duty(work)
    mine = next((server for server in on_duty if server.staff_id == staff_id), None)
    others = queue.left_to_others(mine, on_duty) if mine is not None else frozenset()
    row = conversations.first_waiting(work.session, me.languages.split(), others, work.now - HERE_WITHIN)
    if row is None:
        raise Refused(Code.NOT_WAITING)
    if client_id is not None and _repeated(work, row.conversation_id, client_id):
        client_id = None  # an old click of a conversation that came back to the queue: the number is taken there
    change = moves.claim(row.to_core(), staff_id, me.name, None, work.now, client_id)
    return Outcome(row.conversation_id, store(work, row, change))


def note(work: Work, conversation_id: UUID, staff_id: int, client_id: str, text: str) -> Outcome[int]:
    """Words that only staff see; returns their number."""
    earlier = _number_of(work, conversation_id, client_id)
    if earlier is not None:
        return Outcome(earlier)
    row = access.for_staff(work, conversation_id, staff_id)
    name = worker(work, staff_id).name
    change = core.note(row.to_core(), staff_id, name, clean_text(text), client_id, work.now)
    return Outcome(change.after.last_number, store(work, row, change))


def release(work: Work, conversation_id: UUID, staff_id: int, client_id: str, reason: str = "") -> Outcome[None]:
    """Give the visitor back to the front of the queue, or the letter to the letters."""
    if _repeated(work, conversation_id, client_id):
        return Outcome(None)
    row = access.for_staff(work, conversation_id, staff_id)
    why = clean_text(reason)[:REASON_LIMIT] if reason.strip() else ""
    change = moves.release(row.to_core(), staff_id, worker(work, staff_id).name, work.now, client_id, why)
    return Outcome(None, store(work, row, change))


def offer(work: Work, conversation_id: UUID, staff_id: int, client_id: str, to: int, text: str) -> Outcome[None]:
    """Offer the visitor to a colleague, with a note. Refused: NOT_AVAILABLE or AT_CAPACITY, with their name."""
    if _repeated(work, conversation_id, client_id):
        return Outcome(None)
    row = access.for_staff(work, conversation_id, staff_id)
    colleague = staff.by_id(work.session, to)
    if colleague is None or to == staff_id:
        raise Refused(Code.NOT_AVAILABLE)
    shift.must_be_free(work, colleague)
    note_text = clean_text(text)[:REASON_LIMIT]
    name = worker(work, staff_id).name
    change = moves.offer(row.to_core(), staff_id, name, to, note_text, work.now, client_id)
    return Outcome(None, store(work, row, change))


def accept(work: Work, conversation_id: UUID, staff_id: int, client_id: str) -> Outcome[UUID]:
    """Take over from a colleague who offered."""
    row = access.for_offered(work, conversation_id, staff_id)
    me = worker(work, staff_id, lock=True)
    if row.staff_id != staff_id:
        if _repeated(work, conversation_id, client_id):
            raise Refused(Code.OFFER_GONE, state=row.state.value)
        shift.must_have_room(work, me)
    change = moves.accept(row.to_core(), staff_id, me.name, work.now, client_id)
    return Outcome(conversation_id, store(work, row, change))


def decline(work: Work, conversation_id: UUID, staff_id: int, client_id: str) -> Outcome[None]:
    """Say no to an offer, or take one's own back."""
    if _repeated(work, conversation_id, client_id):
        return Outcome(None)
    row = access.for_offered(work, conversation_id, staff_id)
    change = moves.decline(row.to_core(), worker(work, staff_id).name, work.now, client_id)
    return Outcome(None, store(work, row, change))


def hand_back(work: Work, conversation_id: UUID, staff_id: int, client_id: str) -> Outcome[None]:
    """The assistant goes on with this visitor."""
    if _repeated(work, conversation_id, client_id):
        return Outcome(None)
    row = access.for_staff(work, conversation_id, staff_id)
    change = moves.hand_back(row.to_core(), staff_id, worker(work, staff_id).name, work.now, client_id)
    return Outcome(None, store(work, row, change))


def answer(work: Work, conversation_id: UUID, staff_id: int, client_id: str, text: str) -> Outcome[int]:
    """The written answer to a letter; afterwards nobody holds it. Returns the number of the answer."""
    earlier = _number_of(work, conversation_id, client_id)
    if earlier is not None:
        return Outcome(earlier)
    row = access.for_staff(work, conversation_id, staff_id)
    name = worker(work, staff_id).name
    change = moves.answer(row.to_core(), staff_id, name, clean_text(text), work.now, client_id)
    return Outcome(change.after.last_number, store(work, row, change))


def close(work: Work, conversation_id: UUID, staff_id: int, client_id: str) -> Outcome[None]:
    if _repeated(work, conversation_id, client_id):
        return Outcome(None)
    row = access.for_staff(work, conversation_id, staff_id)
    change = moves.close(row.to_core(), staff_id, worker(work, staff_id).name, work.now, client_id)
    return Outcome(None, store(work, row, change))


def block(work: Work, conversation_id: UUID, staff_id: int, client_id: str) -> Outcome[None]:
    """End the conversation because of abuse: the visitor is told, sees the other lines, and may come back in a day."""
    if _repeated(work, conversation_id, client_id):
        return Outcome(None)
    row = access.for_staff(work, conversation_id, staff_id)
    change = moves.block(row.to_core(), staff_id, worker(work, staff_id).name, work.now, client_id)
    audit.note(work, Deed.VISITOR_BLOCKED, staff_id, conversation_id)
    return Outcome(None, store(work, row, change))


def set_status(work: Work, staff_id: int, status: Status) -> Outcome[None]:
    return shift.set_status(work, worker(work, staff_id), status)


def worker(work: Work, staff_id: int, lock: bool = False) -> StaffRow:
    """lock: until the end of the transaction, so that two clicks of one worker are counted one after the other."""
    row = staff.by_id(work.session, staff_id, lock)
    if row is None or not row.active:
        raise Refused(Code.NOT_FOUND)
    return row


def _number_of(work: Work, conversation_id: UUID, client_id: str) -> int | None:
    """The entry that an earlier copy of these words became."""
    key = (conversation_id, Sender.STAFF, client_id)
    found = entries.stored(work.session, [key]).get(key)
    return found.number if found is not None else None


def _repeated(work: Work, conversation_id: UUID, client_id: str) -> bool:
    return entries.is_repeat(work.session, conversation_id, Sender.SYSTEM, client_id)


def _holder(work: Work, row: ConversationRow) -> str | None:
    return worker(work, row.staff_id).name if row.staff_id is not None else None
