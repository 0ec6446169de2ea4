"""What a visitor can do."""

import secrets
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from web.actions import access, words
from web.actions.outcome import Outcome, Work, store
from web.core import conversation as core
from web.core import triage
from web.core.aliases import ALIASES
from web.core.conversation import Change, Conversation, State, Urgency
from web.core.entries import Sender, clean_text
from web.storage import entries
from web.storage.models import ConversationRow

# The first questions that are offered as buttons: why most people come.
STARTERS = ("police_visit", "stop_viewing", "about_other", "minor_self")


@dataclass(frozen=True)
class Started:
    """`token` goes into the cookie and nowhere else."""

    conversation_id: UUID
    token: str


def begin(work: Work, language: str) -> Outcome[Started]:
    """Start a conversation with the assistant."""
    token, conversation_id = secrets.token_urlsafe(32), uuid4()
    alias = f"{secrets.choice(ALIASES)}-{secrets.randbelow(98) + 1}"
    change = core.begin(conversation_id, alias, language, words.opening(work.content, language, STARTERS), work.now)
    key_id, wrapped = work.entries.new_key(conversation_id)
    row = ConversationRow(
        token_hash=access.hash_token(token), key_id=key_id, wrapped_key=wrapped, visitor_seen_at=work.now
    )
    row.apply(change.after)
    work.session.add(row)
    work.session.flush()
    return Outcome(Started(conversation_id, token), store(work, row, change))


def say(work: Work, conversation_id: UUID, client_id: str, text: str, topic: str | None) -> Outcome[int]:
    """The visitor's words; returns their number. A repeat gets the number of the first.

    Danger is seen here, in the same transaction and without the bot. `topic`: the button that was pressed, if any;
    then the answer needs no guess and is stored at once.
    """
    row = access.for_visitor(work, conversation_id)
    earlier = entries.number_of(work.session, conversation_id, Sender.VISITOR, client_id)
    if earlier is not None:
        return Outcome(earlier)
    said = core.say(row.to_core(), clean_text(text), client_id, work.now)
    number = said.after.last_number
    changes = [said, *_react(work, said.after, text, topic)]
    return Outcome(number, store(work, row, *changes))


def _react(work: Work, after: Conversation, text: str, topic: str | None) -> list[Change]:
    alarms = triage.read(text)
    if alarms:
        return raise_alarm(work, after, alarms[0].crisis)
    if topic and after.state is State.ASSISTANT:
        answer = words.article(work.content, topic, after.language)
        if answer is not None:
            settled = replace(after, turn_number=None, turn_since=None, misses=0, topic=topic)
            return [core.append(Change(after, settled), work.now, answer)]
    return []


def raise_alarm(work: Work, before: Conversation, crisis: str) -> list[Change]:
    """Show the crisis card, each at most once, and put the visitor ahead in the queue.

    With a worker already there, the worker sees it and the visitor is not interrupted.
    """
    noticed = replace(before, topic=crisis, urgency=Urgency.NOW)
    if before.state is State.WITH_STAFF:
        return [Change(before, noticed)]
    card = words.card(work.content, crisis, before.language) if crisis not in before.cards else None
    shown = Change(before, replace(noticed, cards=before.cards | {crisis}))
    if card is not None:
        shown = core.append(shown, work.now, card)
    return [shown, core.ask(shown.after, work.now, urgency=Urgency.NOW)]


def ask_person(work: Work, conversation_id: UUID, client_id: str) -> Outcome[None]:
    row = access.for_visitor(work, conversation_id)
    if entries.number_of(work.session, conversation_id, Sender.SYSTEM, client_id) is not None:
        return Outcome(None)
    return Outcome(None, store(work, row, core.ask(row.to_core(), work.now, client_id)))


def withdraw(work: Work, conversation_id: UUID, client_id: str) -> Outcome[None]:
    row = access.for_visitor(work, conversation_id)
    if entries.number_of(work.session, conversation_id, Sender.SYSTEM, client_id) is not None:
        return Outcome(None)
    return Outcome(None, store(work, row, core.withdraw(row.to_core(), work.now, client_id)))


def leave(work: Work, conversation_id: UUID) -> Outcome[None]:
    """End the conversation and the session: the cookie opens nothing any more."""
    row = access.for_visitor(work, conversation_id)
    change = core.leave(row.to_core(), work.now)
    row.token_hash = None
    return Outcome(None, store(work, row, change))
