"""An assistant's turn: prepare and store, two transactions. The bot is called between them, in none."""

from dataclasses import dataclass
from uuid import UUID

from web.actions import words
from web.actions.messages import raise_alarm
from web.actions.outcome import Outcome, Work, store
from web.actions.words import Voice
from web.core import hours, moves
from web.core.assistant import HUMAN, BotAnswer, Decision, Kind, still_wanted
from web.core.content import ArticleKind, DoorRef
from web.core.conversation import Change, Conversation, append
from web.core.cues import Audience, Heard, Offer
from web.core.dialogue import MISSES_BEFORE_PERSON, decide
from web.core.entries import Draft
from web.core.states import State, Urgency
from web.storage import conversations, wordings

# After a crisis card its lines stay in sight with these.
_BESIDE_CARD = ("safe_yes", "safe_no", "safe_other", "card_stay", "heard_waiting", "heard_again", "already_waiting")
_DOORS = {"other_language": (DoorRef("nl-112"),), "no_links": (DoorRef("nl-meldpunt"),)}
_KEPT = (Kind.ANSWER, Kind.REFUSAL, Kind.CARD)  # what 'and what does that cost?' may speak of


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


def store_answer(work: Work, question: Question, answer: BotAnswer | None) -> Outcome[Decision | None]:
    """Store the assistant's answer, or drop it (None) if a person took over or the visitor went on meanwhile."""
    row = conversations.by_id(work.session, question.conversation_id)
    if row is None or not still_wanted(row.to_core(), question.number, question.epoch):
        return Outcome(None)
    before = row.to_core()
    heard = wordings.cues().read(question.text)
    decision = decide(answer, heard, before, wordings.context())
    settled = before.with_(turn_number=None, turn_since=None, offer=None).with_(**decision.remember)
    if decision.kind in _KEPT and decision.topic:
        settled = settled.with_(topic=decision.topic)
    return Outcome(decision, store(work, row, *_changes(work, before, settled, decision, question, heard)))


def _changes(
    work: Work, before: Conversation, settled: Conversation, decision: Decision, question: Question, heard: Heard
) -> list[Change]:
    voice = _voice(work, settled, heard)
    if decision.kind is Kind.CARD and decision.topic is not None:
        return [Change(before, settled), *raise_alarm(work, settled, decision.topic, heard.audience)]
    if decision.kind is Kind.HANDOVER and decision.phrase is None:
        if hours.opening(work.schedule, work.now).admits:
            told = append(Change(before, settled), work.now, words.said(voice, "handover_started"))
            return [told, moves.ask(told.after, work.now)]
        return [append(Change(before, settled), work.now, words.said(voice, "handover_closed"))]
    draft, remember = _draft(voice, before, settled, decision, question)
    told = append(Change(before, settled.with_(**remember)), work.now, draft)
    leaves = decision.phrase == "declined" and settled.state is State.WAITING and settled.urgency < Urgency.NOW
    return [told, moves.withdraw(told.after, work.now)] if leaves else [told]


def _voice(work: Work, settled: Conversation, heard: Heard) -> Voice:
    """Who speaks of nobody but themselves is spoken to as such, whoever the talk was about before."""
    voice = Voice.to(work.content, settled)
    of_others = settled.audience in (Audience.OTHER, Audience.CHILD) and heard.audience is None
    return voice._replace(audience=None) if of_others and heard.first_person else voice


def _draft(
    voice: Voice, before: Conversation, settled: Conversation, decision: Decision, question: Question
) -> tuple[Draft, dict[str, object]]:
    """The words of the decision, and what else is remembered with them."""
    if decision.phrase is not None and decision.kind is not Kind.ANSWER:
        return _phrase(voice, settled, decision)
    if decision.kind is Kind.CHOICE:
        return words.choice(voice, decision.choices), {"misses": before.misses + 1}
    if decision.more:
        return _more(voice, settled, decision.choices)
    if decision.kind in (Kind.ANSWER, Kind.REFUSAL, Kind.SMALLTALK) and decision.topic is not None:
        repeated = decision.topic == before.topic and words.article(
            voice, decision.topic, more=True, legal=decision.legal
        )
        found = repeated or words.article(
            voice, decision.topic, before=decision.phrase, others=decision.choices, legal=decision.legal
        )
        if found is not None:
            return found, {"misses": 0, "offer": _offered(voice, decision.topic)}
    misses = before.misses + 1
    return _unknown(voice, settled, decision, question, misses), {"misses": misses, **_person(settled, misses)}


def _phrase(voice: Voice, settled: Conversation, decision: Decision) -> tuple[Draft, dict[str, object]]:
    phrase = decision.phrase or ""
    article = voice.article(settled.topic) if settled.topic else None
    suggestions = article.suggestions if article and phrase in ("declined", "gladly", "corrected") else ()
    if phrase in ("declined", "heard_again", "heard_waiting", "already_waiting", "which_one"):
        suggestions = tuple(key for key in suggestions if key != HUMAN)
    elif phrase in ("handover_offer", "refused_again", "other_language", "safe_yes", "safe_no", "only_signs"):
        suggestions = (*(key for key in suggestions if key != HUMAN), HUMAN)
    if settled.state is State.WAITING:
        suggestions = tuple(key for key in suggestions if key != HUMAN)
    if article is not None and article.kind is ArticleKind.CARD and phrase in _BESIDE_CARD:
        return words.beside_card(voice, settled.topic, phrase), {"misses": 0}
    doors = _DOORS.get(phrase, ())
    return words.said(voice, phrase, suggestions, doors), {"misses": 0}


def _more(voice: Voice, settled: Conversation, others: tuple[str, ...]) -> tuple[Draft, dict[str, object]]:
    """The second part of the last answer; after a crisis card its lines again; else the page and a person.

    others: what the visitor may have meant, when they did not ask for more in so many words.
    """
    article = voice.article(settled.topic) if settled.topic else None
    if article is not None and article.kind is ArticleKind.CARD:
        again = words.card(voice, article.key, again=True)
        return again or words.said(voice, "gladly"), {"offer": Offer.SAFE}
    found = words.article(voice, article.key, more=True) if article else None
    if found is not None:
        return found, {"offer": None if settled.declined else Offer.PERSON}
    if others:
        return words.choice(voice, others), {"offer": Offer.CHOICE}
    if article is None:
        return words.said(voice, "gladly"), {"misses": 0}
    return words.said(voice, "no_more", article.suggestions), {"offer": None if settled.declined else Offer.PERSON}


def _unknown(voice: Voice, settled: Conversation, decision: Decision, question: Question, misses: int) -> Draft:
    if decision.kind is Kind.DOWN:
        phrase = "bot_down"
    elif misses >= MISSES_BEFORE_PERSON:
        phrase = "unknown_again"
    else:
        phrase = "unknown_declined" if settled.declined else "unknown"
    return words.unknown(voice, question.text, phrase, settled.declined and misses < MISSES_BEFORE_PERSON)


def _person(settled: Conversation, misses: int) -> dict[str, object]:
    """Whether the words for 'I do not know' offered a person."""
    offers = not settled.declined or misses >= MISSES_BEFORE_PERSON
    return {"offer": Offer.PERSON if offers else None}


def _offered(voice: Voice, topic: str) -> Offer | None:
    """What 'yes' means after this answer."""
    article = voice.article(topic)
    if article is None:
        return None
    if article.offers_person and not voice.declined:
        return Offer.PERSON
    return Offer.MORE if article.more or article.slug else None
