"""Changing the master key: every conversation's key is wrapped again by the current one, while the service runs."""

from dataclasses import dataclass
from uuid import UUID

from web.actions import audit
from web.actions.outcome import Outcome, Work
from web.core.audit import Deed
from web.storage import keys, secrets
from web.storage.keys import Wrapped
from web.storage.sealing import CannotOpen, MasterKeys

BATCH = 100  # in one transaction; a few milliseconds


@dataclass(frozen=True)
class Batch:
    """`last` is where the next batch goes on, None at the end. `unreadable`: their master key is not configured.
    `lost`: somebody else changed the row first; the next pass finds them."""

    rewrapped: int = 0
    lost: int = 0
    unreadable: int = 0
    last: UUID | None = None


def rewrap(work: Work, master: MasterKeys, after: UUID | None) -> Outcome[Batch]:
    """The next batch after that conversation. Nothing but the rows says how far it came: it may stop at any time."""
    found = keys.wrapped_by_others(work.session, master.current, after, BATCH)
    rewrapped = unreadable = 0
    for old in found:
        try:
            wrapped = master.rewrap(old.key_id, old.wrapped_key, old.conversation_id.bytes)
        except CannotOpen:
            unreadable += 1
            continue
        rewrapped += keys.replace(work.session, old, Wrapped(old.conversation_id, master.current, wrapped))
    lost = len(found) - rewrapped - unreadable
    return Outcome(Batch(rewrapped, lost, unreadable, found[-1].conversation_id if found else None))


def finish(work: Work, master: MasterKeys, rewrapped: int) -> Outcome[dict[str, int]]:
    """The installation's own secrets too; note it, and tell how many keys each master key wraps now."""
    rewrapped += secrets.rewrap(work.session, master)
    audit.note(work, Deed.KEYS_REWRAPPED, None, detail=f"{rewrapped} under {master.current}")
    return Outcome(keys.count_by_master(work.session))
