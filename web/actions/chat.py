"""What a visitor can do, beside writing (messages.py) and coming back later (later.py)."""

import secrets
from dataclasses import dataclass
from uuid import UUID, uuid4

from web.actions import access, retention, words
from web.actions.outcome import Outcome, Work, store
from web.core import conversation as core
from web.core import hours, moves
from web.core.aliases import ALIASES
from web.core.cues import Audience
from web.core.entries import Sender
from web.core.errors import Code, Refused
from web.core.states import State
from web.storage.entries import is_repeat
from web.storage.models import ConversationRow


@dataclass(frozen=True)
class Started:
    """`token` goes into the cookie and nowhere else."""

    conversation_id: UUID
    token: str


def begin(work: Work, language: str, audience: Audience | None = None) -> Outcome[Started]:
    """Start a conversation with the assistant. audience: who it is about, if the visitor chose to say so."""
    token, conversation_id = secrets.token_urlsafe(32), uuid4()
    alias = f"{secrets.choice(ALIASES)}-{secrets.randbelow(98) + 1}"
    opening = words.opening(work.content, language, audience)
    change = core.begin(conversation_id, alias, language, opening, work.now, audience)
    key_id, wrapped = work.entries.new_key(conversation_id)
    row = ConversationRow(
        token_hash=access.hash_token(token),
        key_id=key_id,
        wrapped_key=wrapped,
        visitor_seen_at=work.now,
        visitor_process=work.process,  # the browser connects within a second
    )
    row.apply(change.after)
    work.session.add(row)
    work.session.flush()
    return Outcome(Started(conversation_id, token), store(work, row, change))


def blocked(work: Work, token: str | None) -> bool:
    """Whether a worker ended the conversation of this cookie because of abuse, less than a day ago."""
    row = access.by_token(work, token)
    return row is not None and moves.blocked(row.to_core(), work.now)


def ask_person(work: Work, conversation_id: UUID, client_id: str) -> Outcome[None]:
    """Refused: NOT_OPEN when nobody new is let into the queue now; `opens_at` says when again, if that is known."""
    row = access.for_visitor(work, conversation_id)
    if is_repeat(work.session, conversation_id, Sender.SYSTEM, client_id):
        return Outcome(None)
    before = row.to_core()
    opening = hours.opening(work.schedule, work.now)
    if not opening.admits and before.state in (State.ASSISTANT, State.LETTER, State.ANSWERED):
        opens_at = opening.opens_at.isoformat() if opening.opens_at else None
        raise Refused(Code.NOT_OPEN, reason=opening.reason.value, opens_at=opens_at)
    return Outcome(None, store(work, row, moves.ask(before, work.now, client_id)))


def withdraw(work: Work, conversation_id: UUID, client_id: str) -> Outcome[None]:
    row = access.for_visitor(work, conversation_id)
    if is_repeat(work.session, conversation_id, Sender.SYSTEM, client_id):
        return Outcome(None)
    return Outcome(None, store(work, row, moves.withdraw(row.to_core(), work.now, client_id)))


def stay(work: Work, conversation_id: UUID) -> Outcome[None]:
    """'I am still here': the silence is counted anew."""
    row = access.for_visitor(work, conversation_id)
    return Outcome(None, store(work, row, moves.stay(row.to_core(), work.now)))


def leave(work: Work, conversation_id: UUID) -> Outcome[None]:
    """End the session: the cookie opens nothing any more. The conversation ends too, unless it is a letter."""
    row = access.for_visitor(work, conversation_id)
    before = row.to_core()
    change = moves.leave(before, work.now)
    row.token_hash = None
    return Outcome(None, store(work, row, change))


def forget(work: Work, conversation_id: UUID) -> Outcome[None]:
    """End it and destroy it, now. Where a duty to report froze it, it is out of reach for the visitor all the same."""
    row = access.for_visitor(work, conversation_id)
    before = row.to_core()
    row.token_hash = row.code_hash = None
    change = moves.leave(before, work.now)
    if change.after.closed_at is None:
        change = moves.expire(before, work.now)
    events = store(work, row, change)
    work.session.flush()
    retention.destroy(work, conversation_id)
    return Outcome(None, events)
