"""The only way to a row on behalf of a person. Missing and forbidden are the same answer: NOT_FOUND."""

import hashlib
from uuid import UUID

from web.actions.outcome import Work
from web.core.errors import Code, Refused
from web.core.states import HELD, State
from web.storage import conversations
from web.storage.models import ConversationRow


def hash_token(token: str) -> bytes:
    """Tokens are 256 random bits, so a plain hash is enough: there is nothing to guess."""
    return hashlib.sha256(token.encode()).digest()


def for_visitor(work: Work, conversation_id: UUID) -> ConversationRow:
    """The conversation of a visitor whose cookie was checked when the connection or request began."""
    row = conversations.by_id(work.session, conversation_id)
    if row is None:
        raise Refused(Code.NOT_FOUND)
    return row


def by_token(work: Work, token: str | None) -> ConversationRow | None:
    """The conversation that a visitor's cookie opens, if any."""
    return conversations.by_token_hash(work.session, hash_token(token)) if token else None


def for_staff(work: Work, conversation_id: UUID, staff_id: int) -> ConversationRow:
    """A conversation or a letter that this worker holds."""
    row = conversations.by_id(work.session, conversation_id)
    if row is None or row.state not in HELD or row.staff_id != staff_id:
        raise Refused(Code.NOT_FOUND)
    return row


def for_offered(work: Work, conversation_id: UUID, staff_id: int) -> ConversationRow:
    """A conversation that this worker was offered, or has accepted. Refused: OFFER_GONE for all others."""
    row = conversations.by_id(work.session, conversation_id)
    if row is None or staff_id not in (row.offered_to, row.staff_id):
        raise Refused(Code.OFFER_GONE)
    return row


def for_queue(work: Work, conversation_id: UUID) -> ConversationRow:
    """A conversation that a worker saw waiting; whether it still may be claimed is the core's to say."""
    row = conversations.by_id(work.session, conversation_id)
    if row is None or row.state is State.CLOSED:
        raise Refused(Code.NOT_WAITING)
    return row
