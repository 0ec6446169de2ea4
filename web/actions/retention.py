"""Nothing stays too long: keys are destroyed first, then the rows are deleted, in small transactions.

A confirmed hold (holds.py) keeps a conversation until the hold ends. Each action does one batch and returns how many
conversations were in it; the worker repeats it until there are none, so that nobody waits long for the write lock.
"""

from uuid import UUID

from web.actions import audit
from web.actions.outcome import Outcome, Work, store
from web.core import moves, retention
from web.core.audit import Deed
from web.core.feedback import keys_due
from web.core.states import LETTERS
from web.storage import conversations, feedback, holds, keys, secrets, signals
from web.storage import retention as rows
from web.storage.sealing import NO_KEY

KEYS_AT_ONCE = 100
CONVERSATIONS_AT_ONCE = 10  # with all their entries


def destroy_keys(work: Work) -> Outcome[int]:
    """Closed long enough ago: from here on nobody can read them, whatever happens to the rows."""
    due = rows.closed_before(work.session, work.now - retention.DELETE_AFTER, work.now, KEYS_AT_ONCE)
    return Outcome(keys.destroy(work.session, due))


def delete_rows(work: Work) -> Outcome[int]:
    """Conversations without a key."""
    found = rows.without_key(work.session, work.now - retention.DELETE_AFTER, CONVERSATIONS_AT_ONCE)
    _delete(work, found)
    return Outcome(len(found))


def destroy(work: Work, conversation_id: UUID) -> bool:
    """One conversation, at once: key and rows. False if a hold keeps it; then it goes when the hold ends.

    Called at the end of the caller's transaction, who has closed the conversation and taken its cookie and code.
    """
    row = conversations.by_id(work.session, conversation_id)
    if row is None:
        return True
    hold = holds.of(work.session, conversation_id)
    if hold is not None and hold.to_core().stands(work.now):
        return False
    row.key_id, row.wrapped_key = NO_KEY, b""
    work.session.flush()  # compares the version: a hold that was confirmed meanwhile wins
    _delete(work, [conversation_id])
    return True


def silent_letters(work: Work) -> list[UUID]:
    """Letters in which nobody has written for a month."""
    return rows.silent_letters(work.session, work.now - retention.LETTER_AFTER)


def end_letter(work: Work, conversation_id: UUID) -> Outcome[bool]:
    """Close one of them and destroy it at once: its month was its time. Unless somebody wrote meanwhile."""
    row = conversations.by_id(work.session, conversation_id)
    if row is None or row.state not in LETTERS or row.active_at > work.now - retention.LETTER_AFTER:
        return Outcome(False)
    events = store(work, row, moves.expire(row.to_core(), work.now))
    row.token_hash = row.code_hash = None
    destroy(work, conversation_id)
    return Outcome(True, events)


def delete_old_records(work: Work) -> Outcome[None]:
    """Signals between processes, what was written down about deeds, and what people said afterwards with its keys."""
    signals.delete_before(work.session, work.now - retention.SIGNAL_AFTER)
    rows.delete_audit_before(work.session, work.now - retention.AUDIT_AFTER)
    today = work.now.date()
    feedback.delete_before(work.session, today - retention.FEEDBACK_AFTER)
    secrets.destroy_between(work.session, *keys_due(today, retention.FEEDBACK_AFTER))
    return Outcome(None)


def _delete(work: Work, conversation_ids: list[UUID]) -> None:
    for hold in rows.holds_of(work.session, conversation_ids):
        if hold.confirmed_by is not None:
            audit.note(work, Deed.HOLD_ENDED, None, hold.conversation_id)
    rows.delete_conversations(work.session, conversation_ids)
