"""Holding back the deletion of one conversation: one person proposes it, another confirms, either lifts it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from web.actions import audit
from web.actions.outcome import Outcome, Work
from web.core import holds as core
from web.core.audit import Deed
from web.core.errors import Code, Refused
from web.storage import conversations, holds, staff
from web.storage.models import ConversationRow, HoldRow
from web.storage.sealing import NO_KEY, MasterKeys, open_reason, seal_reason


@dataclass(frozen=True)
class Listed:
    conversation_id: UUID
    proposed_by: str
    confirmed_by: str | None
    until: datetime
    stands: bool
    reason: str


def propose(
    work: Work, master: MasterKeys, staff_id: int, conversation_id: UUID, reason: str, until: datetime
) -> Outcome[None]:
    """Ask for a hold. It stops nothing until somebody else confirms it.

    Refused: NOT_FOUND without the right or without such a conversation; ILLEGAL_MOVE as the core says.
    """
    _may(work, staff_id)
    row = _conversation(work, conversation_id)
    earlier = holds.of(work.session, conversation_id)
    hold = core.propose(earlier.to_core() if earlier else None, staff_id, reason, until, work.now)
    if earlier is not None:
        work.session.delete(earlier)
        work.session.flush()
    key = master.unwrap(row.key_id, row.wrapped_key, conversation_id)
    work.session.add(
        HoldRow(
            conversation_id=conversation_id,
            proposed_by=hold.proposed_by,
            proposed_at=work.now,
            until=hold.until,
            sealed_reason=seal_reason(key, conversation_id, reason.strip().encode()),
        )
    )
    audit.note(work, Deed.HOLD_PROPOSED, staff_id, conversation_id, f"until {until:%Y-%m-%d}")
    return Outcome(None)


def confirm(work: Work, staff_id: int, conversation_id: UUID) -> Outcome[None]:
    """The second person: from now until the end the conversation is not deleted."""
    _may(work, staff_id)
    row, hold = _conversation(work, conversation_id), _hold(work, conversation_id)
    after = core.confirm(hold.to_core(), staff_id, work.now)
    hold.confirmed_by, hold.confirmed_at = after.confirmed_by, work.now
    holds.touch(work.session, row)
    audit.note(work, Deed.HOLD_CONFIRMED, staff_id, conversation_id, f"until {hold.until:%Y-%m-%d}")
    return Outcome(None)


def lift(work: Work, staff_id: int, conversation_id: UUID) -> Outcome[None]:
    """Either of the two ends it; deletion goes on where it would have been. The reason is deleted with it."""
    _may(work, staff_id)
    hold = _hold(work, conversation_id)
    core.lift(hold.to_core(), staff_id)
    work.session.delete(hold)
    audit.note(work, Deed.HOLD_LIFTED, staff_id, conversation_id)
    return Outcome(None)


def listed(work: Work, master: MasterKeys, staff_id: int) -> list[Listed]:
    """All holds and proposals, the first to end first."""
    _may(work, staff_id)
    found = ((hold, conversations.by_id(work.session, hold.conversation_id)) for hold in holds.every(work.session))
    return [_listed(work, master, hold, row) for hold, row in found if row is not None and row.key_id != NO_KEY]


def find(work: Work, typed: str) -> UUID:
    """A conversation by its id, or by the name under which the desk shows it.

    Refused: NOT_FOUND; ILLEGAL_MOVE with `why` several, if more than one has that name: then the id is needed.
    """
    try:
        return UUID(typed)
    except ValueError:
        found = holds.called(work.session, typed)
    if len(found) > 1:
        raise Refused(Code.ILLEGAL_MOVE, why="several")
    if not found:
        raise Refused(Code.NOT_FOUND)
    return found[0]


def _listed(work: Work, master: MasterKeys, hold: HoldRow, row: ConversationRow) -> Listed:
    key = master.unwrap(row.key_id, row.wrapped_key, row.conversation_id)
    reason = open_reason(key, row.conversation_id, hold.sealed_reason).decode()
    confirmed_by = _username(work, hold.confirmed_by) if hold.confirmed_by is not None else None
    stands = hold.to_core().stands(work.now)
    return Listed(row.conversation_id, _username(work, hold.proposed_by), confirmed_by, hold.until, stands, reason)


def _may(work: Work, staff_id: int) -> None:
    row = staff.by_id(work.session, staff_id)
    if row is None or not row.active or row.role not in core.HOLD_ROLES:
        raise Refused(Code.NOT_FOUND)


def _conversation(work: Work, conversation_id: UUID) -> ConversationRow:
    row = conversations.by_id(work.session, conversation_id)
    if row is None or row.key_id == NO_KEY:
        raise Refused(Code.NOT_FOUND)
    return row


def _hold(work: Work, conversation_id: UUID) -> HoldRow:
    hold = holds.of(work.session, conversation_id)
    if hold is None:
        raise Refused(Code.NOT_FOUND)
    return hold


def _username(work: Work, staff_id: int) -> str:
    row = staff.by_id(work.session, staff_id)
    return row.username if row is not None else "?"
