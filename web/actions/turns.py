"""An assistant's turn: prepare and store, two transactions. The bot is called between them, in none."""

from dataclasses import dataclass
from uuid import UUID

from web.actions import words
from web.actions.messages import raise_alarm
from web.actions.outcome import Outcome, Work, store
from web.core import hours, moves
from web.core.assistant import BotAnswer, Decision, Kind, decide, still_wanted
from web.core.conversation import Change, Conversation, append
from web.core.entries import Draft
from web.storage import conversations


@dataclass(frozen=True)
class Question:
    """What the bot needs. `text` is the visitor's own; it is masked on its way out."""

    conversation_id: UUID
    number: int
    epoch: int
    language: str
    text: str


def prepare(work: Work, conversation_id: UUID, number: int, epoch: int) -> Question | None:
    """The question of this turn; None when it is no longer wanted."""
    row = conversations.by_id(work.session, conversation_id)
    if row is None or not still_wanted(row.to_core(), number, epoch):
        return None
    entry = work.entries.one(work.session, row, number)
    if entry is None:
        return None
    return Question(conversation_id, number, epoch, row.language, entry.body.text or "")


def store_answer(work: Work, question: Question, answer: BotAnswer | None) -> Outcome[Kind | None]:
    """Store the assistant's answer, or drop it (None) if a person took over or the visitor went on meanwhile."""
    row = conversations.by_id(work.session, question.conversation_id)
    if row is None or not still_wanted(row.to_core(), question.number, question.epoch):
        return Outcome(None)
    before = row.to_core()
    decision = decide(answer)
    settled = before.with_(turn_number=None, turn_since=None, topic=decision.topic or before.topic)
    return Outcome(decision.kind, store(work, row, *_changes(work, before, settled, decision, question)))


def _changes(
    work: Work, before: Conversation, settled: Conversation, decision: Decision, question: Question
) -> list[Change]:
    if decision.kind is Kind.HANDOVER:
        if hours.opening(work.schedule, work.now).admits:
            return [Change(before, settled), moves.ask(settled, work.now)]
        return [append(Change(before, settled), work.now, words.closed(work.content, before.language))]
    if decision.kind is Kind.CARD and decision.topic is not None:
        return [Change(before, settled), *raise_alarm(work, settled, decision.topic)]
    draft, missed = _draft(work, before, decision, question)
    after = settled.with_(misses=before.misses + 1 if missed else 0)
    return [append(Change(before, after), work.now, draft)]


def _draft(work: Work, before: Conversation, decision: Decision, question: Question) -> tuple[Draft, bool]:
    """The words of the decision, and whether it counts as a miss."""
    content, language = work.content, before.language
    if decision.kind is Kind.CHOICE:
        return words.choice(content, decision.choices, language), True
    if decision.kind in (Kind.ANSWER, Kind.REFUSAL, Kind.SMALLTALK) and decision.topic is not None:
        found = words.article(content, decision.topic, language)
        if found is not None:
            return found, False
    down = decision.kind is Kind.DOWN
    return words.unknown(content, question.text, language, before.misses + 1, down), True
