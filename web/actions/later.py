"""Coming back later: letters, appointments, and the return code that opens both without a name."""

import secrets
from datetime import datetime
from uuid import UUID

from web.actions import access
from web.actions.messages import Message, noticed
from web.actions.outcome import Outcome, Work, store
from web.core import codes, moves
from web.core.content import LANGUAGES
from web.core.entries import Sender
from web.core.errors import Code, Refused
from web.core.states import State
from web.storage import conversations, slots
from web.storage.entries import is_repeat
from web.storage.models import ConversationRow
from web.storage.words import WORDS, read_words

ReturnCode = tuple[str, ...]


def send_letter(work: Work, message: Message) -> Outcome[ReturnCode]:
    """Leave words that will be answered in writing, behind a return code. Danger in them shows its card here too."""
    row = access.for_visitor(work, message.conversation_id)
    if is_repeat(work.session, *message.key):
        return Outcome(_code_of(work, row))
    before = row.to_core()
    changes = [moves.send_letter(before, message.text, work.now, message.client_id)]
    if message.alarms:
        changes += noticed(work, changes[0].after, message)
    return Outcome(_code_of(work, row), store(work, row, *changes))


def free_slots(work: Work) -> list[tuple[int, datetime]]:
    """Times that can be booked, soonest first."""
    return slots.free(work.session, work.now)


def book(work: Work, conversation_id: UUID, client_id: str, slot_id: int) -> Outcome[ReturnCode]:
    """Hold a slot. Refused: SLOT_TAKEN when somebody was first or it is gone."""
    row = access.for_visitor(work, conversation_id)
    if is_repeat(work.session, conversation_id, Sender.SYSTEM, client_id):
        return Outcome(_code_of(work, row))
    before = row.to_core()
    if before.slot_id == slot_id:
        return Outcome(_code_of(work, row))
    starts_at = slots.take(work.session, slot_id, work.now)
    if starts_at is None:
        raise Refused(Code.SLOT_TAKEN)
    change = moves.book(before, slot_id, starts_at, starts_at.isoformat(), work.now, client_id)
    return Outcome(_code_of(work, row), store(work, row, change))


def cancel(work: Work, conversation_id: UUID, client_id: str) -> Outcome[None]:
    row = access.for_visitor(work, conversation_id)
    if is_repeat(work.session, conversation_id, Sender.SYSTEM, client_id):
        return Outcome(None)
    before = row.to_core()
    change = moves.cancel(before, work.now, client_id)
    return Outcome(None, store(work, row, change))


def is_known(work: Work, typed: str) -> bool:
    """Whether a code opens something now. Only reads: somebody who guesses must not keep others from writing."""
    try:
        _by_code(work, typed)
    except Refused:
        return False
    return True


def come_back(work: Work, typed: str) -> Outcome[str]:
    """Open a conversation with its return code: a token for the cookie. Refused: WRONG_CODE.

    Older cookies of it die, so that a device that was left behind shows nothing any more.
    """
    row = _by_code(work, typed)
    token = secrets.token_urlsafe(32)
    row.token_hash = access.hash_token(token)
    return Outcome(token)


def _by_code(work: Work, typed: str) -> ConversationRow:
    lists = [read_words(WORDS, language) for language in LANGUAGES]
    meant, pepper = codes.normalise(typed, lists), work.entries.known_secret(work.session)
    row = conversations.by_code_hash(work.session, codes.digest(meant, pepper)) if pepper is not None else None
    if row is None or row.state is State.CLOSED:
        raise Refused(Code.WRONG_CODE)
    return row


def _code_of(work: Work, row: ConversationRow) -> ReturnCode:
    """The code of this conversation, always the same: an answer that was lost is given again. Only its hash is kept."""
    pepper = work.entries.pepper(work.session)
    made = {name: codes.derive(read_words(WORDS, name), pepper, row.conversation_id.bytes) for name in LANGUAGES}
    # The language follows the visitor, but a code that somebody wrote down stays what it is.
    for code in made.values():
        if row.code_hash is not None and codes.digest(code, pepper) == row.code_hash:
            return code
    code = made[row.language]
    row.code_hash = codes.digest(code, pepper)
    return code
