"""The rules of the dialogue: one decision for one message.

A rule looks at what the bot made of the message, at its cues (cues.py), and at what the conversation remembers: who it
is about, the last topic, and what was offered last. The first rule of RULES that decides has decided.
"""

from collections.abc import Callable
from dataclasses import replace

from web.core import danger
from web.core.assistant import (
    ANSWER_AT,
    BOUNDARY_AT,
    CHOICE_AT,
    CHOICES,
    HUMAN,
    OFFER_AT,
    PERSON_AT,
    SURE_AT,
    WAITING_AT,
    Act,
    BotAnswer,
    Decision,
    Kind,
)
from web.core.context import Context, Said, likely, remembering
from web.core.conversation import Conversation
from web.core.cues import Audience, Cue, Heard, Offer
from web.core.states import State, Urgency
from web.core.triage import CRISES

SHORT = 8  # words; a longer message brings its own context
LOST_AT = 0.35  # below it a few words mean nothing by themselves
BOUNDARY = "boundary"
MISSES_BEFORE_PERSON = 2
REFUSALS_BEFORE_PERSON = 2

_DIRECT = {
    Act.ARTICLE: Kind.ANSWER,
    Act.REFUSAL: Kind.REFUSAL,
    Act.SMALLTALK: Kind.SMALLTALK,
    Act.HANDOVER: Kind.HANDOVER,
}


def decide(answer: BotAnswer | None, heard: Heard, before: Conversation, context: Context) -> Decision:
    """One decision for one message, and what is remembered of it."""
    now = remembering(before, heard)
    ranking = likely(answer.ranking, now, heard, context) if answer else ()
    said = Said(answer, ranking, heard, now, context)
    decision = next(found for rule in RULES if (found := rule(said)) is not None)
    newly_minor = now.audience is Audience.MINOR and before.audience is not Audience.MINOR
    if newly_minor and decision.kind in (Kind.UNKNOWN, Kind.CHOICE):
        decision = Decision(Kind.ANSWER, "minor_self")
    if before.state is State.WAITING:
        decision = _while_waiting(decision, said)
    remember = {name: getattr(now, name) for name in ("audience", "country", "language")}
    legal = Cue.LEGAL in heard.cues and decision.kind is Kind.ANSWER
    return replace(decision, legal=legal, remember={**remember, **decision.remember})


def _only_signs(said: Said) -> Decision | None:
    return Decision(Kind.SMALLTALK, phrase="only_signs") if Cue.SIGNS in said.heard.cues else None


def _no(said: Said) -> Decision | None:
    cues = said.heard.cues
    plain_no = Cue.NO in cues and Cue.YES not in cues
    if plain_no and said.now.offer is Offer.CHOICE:
        return Decision(Kind.SMALLTALK, phrase="corrected")
    if (plain_no or Cue.NO_PERSON in cues) and said.now.state is State.WAITING and said.now.urgency is Urgency.NOW:
        return Decision(Kind.SMALLTALK, phrase="card_stay", remember={"offer": Offer.SAFE})
    if plain_no or Cue.NO_PERSON in cues:
        return Decision(Kind.SMALLTALK, phrase="declined", remember={"declined": True})
    return None


def _yes(said: Said) -> Decision | None:
    if Cue.YES not in said.heard.cues or (Cue.NO in said.heard.cues and said.now.offer is None):
        return None  # 'thank you' alone is thanks, unless something was offered
    offer = said.now.offer
    if offer is Offer.PERSON:
        return Decision(Kind.HANDOVER, HUMAN)
    if offer is Offer.MORE:
        return Decision(Kind.ANSWER, said.now.topic, more=True)
    if offer is Offer.CHOICE:
        return Decision(Kind.SMALLTALK, phrase="which_one", remember={"offer": Offer.CHOICE})
    return Decision(Kind.SMALLTALK, phrase="gladly")


def _more(said: Said) -> Decision | None:
    return Decision(Kind.ANSWER, said.now.topic, more=True) if Cue.MORE in said.heard.cues else None


def _again(said: Said) -> Decision | None:
    if Cue.REPEAT in said.heard.cues and said.now.topic is not None:
        return Decision(Kind.ANSWER, said.now.topic)
    return Decision(Kind.SMALLTALK, phrase="gladly") if Cue.ACK in said.heard.cues else None


def _correction(said: Said) -> Decision | None:
    """'That is not what I meant': the other topic or the other person that it names; else we ask again."""
    if Cue.NOT_THAT not in said.heard.cues:
        return None
    if said.confidence >= ANSWER_AT and said.act is Act.ARTICLE and said.topic != said.now.topic:
        return Decision(Kind.ANSWER, said.topic)
    if said.heard.audience is not None and said.now.topic is not None:
        return Decision(Kind.ANSWER, said.now.topic)
    return Decision(Kind.SMALLTALK, phrase="corrected")


def _bot_down(said: Said) -> Decision | None:
    return Decision(Kind.DOWN) if said.answer is None else None


def _other_language(said: Said) -> Decision | None:
    if said.heard.language != "other":
        return None
    return Decision(Kind.SMALLTALK, "languages", phrase="other_language", remember={"offer": Offer.PERSON})


def _follow_up(said: Said) -> Decision | None:
    """A short question means something else after therapy than after a house search."""
    meant = said.context.follow_ups.get(said.now.topic or "", {})
    if not meant or said.heard.words > SHORT:
        return None
    topic = meant.get(said.topic or "") if said.confidence >= CHOICE_AT else None
    if topic is None and Cue.HOW_LONG in said.heard.cues and said.confidence < WAITING_AT:
        topic = meant.get("how_long")
    return Decision(Kind.ANSWER, topic) if topic else None


def _by_topic(said: Said) -> Decision | None:
    """Sure enough to answer."""
    kind = _DIRECT.get(said.act)
    if kind is None or said.confidence < ANSWER_AT:
        return None
    if kind is Kind.HANDOVER:
        return Decision(kind, said.topic, remember={"declined": False})
    if kind is Kind.ANSWER and said.confidence < SURE_AT:
        return Decision(kind, said.topic, _offered(said)[1:], phrase="perhaps")
    return _refusal(said) if kind is Kind.REFUSAL else Decision(kind, said.topic)


def _boundary(said: Said) -> Decision | None:
    """Asked in so many words, or likely enough, and not about stopping or telling."""
    likely_enough = dict(said.ranking).get(BOUNDARY, 0.0) >= BOUNDARY_AT and said.topic == BOUNDARY
    return _refusal(said) if Cue.BOUNDARY in said.heard.cues or likely_enough else None


def _refusal(said: Said) -> Decision:
    refusals = said.now.refusals + 1
    if refusals < REFUSALS_BEFORE_PERSON:
        return Decision(Kind.REFUSAL, BOUNDARY, remember={"refusals": refusals})
    again = {"refusals": refusals, "offer": Offer.PERSON}
    return Decision(Kind.REFUSAL, BOUNDARY, phrase="refused_again", remember=again)


def _link(said: Said) -> Decision | None:
    """A link and hardly a word beside it; with a story the story is answered."""
    bare = Cue.LINK in said.heard.cues and said.heard.words <= SHORT
    return Decision(Kind.SMALLTALK, phrase="no_links") if bare else None


def _going_on(said: Said) -> Decision | None:
    """A few words that mean nothing by themselves go on about the last topic: more of it, once."""
    lost = said.confidence < LOST_AT and said.heard.words <= SHORT
    if not lost or said.now.topic in (None, *CRISES) or said.now.misses:
        return None
    return Decision(Kind.ANSWER, said.now.topic, _offered(said), more=True, remember={"misses": said.now.misses + 1})


def _law(said: Said) -> Decision | None:
    """Not sure of the topic, but the law is in it: the answer that leads to a lawyer."""
    return Decision(Kind.ANSWER, "legal_process") if Cue.LEGAL in said.heard.cues else None


def _perhaps_person(said: Said) -> Decision | None:
    if said.now.declined or dict(said.ranking).get(HUMAN, 0.0) < PERSON_AT:
        return None
    return Decision(Kind.HANDOVER, HUMAN, phrase="handover_offer", remember={"offer": Offer.PERSON})


def _choice(said: Said) -> Decision | None:
    """Not sure, but not without an idea: which of these?"""
    topics = _offered(said)
    hope = sum(chance for _, chance in said.ranking[:CHOICES])
    if not topics or said.act is Act.FALLBACK or hope < CHOICE_AT:
        return None
    return Decision(Kind.CHOICE, said.topic, topics, remember={"offer": Offer.CHOICE})


def _offered(said: Said) -> tuple[str, ...]:
    """The topics that are likely enough for a button, likeliest first."""
    likely_enough = (topic for topic, chance in said.ranking if chance >= OFFER_AT)
    return tuple(topic for topic in likely_enough if said.act_of(topic) is Act.ARTICLE)[:CHOICES]


def _unknown(said: Said) -> Decision:
    return Decision(Kind.UNKNOWN, said.topic)


RULES: tuple[Callable[[Said], Decision | None], ...] = (
    _only_signs,
    danger.card_answered,
    danger.pressed,
    danger.card_stays,
    danger.seen_by_bot,
    _no,
    _yes,
    _more,
    _again,
    _correction,
    _boundary,
    _bot_down,
    _other_language,
    _link,
    _follow_up,
    _by_topic,
    _perhaps_person,
    _law,
    _going_on,
    _choice,
    _unknown,
)


def _while_waiting(decision: Decision, said: Said) -> Decision:
    """The person who is waited for has the word: the assistant answers what it is sure of, and says that it heard."""
    if decision.kind is Kind.CARD or decision.more or decision.phrase in _SAID_WHILE_WAITING:
        return decision
    if decision.kind is Kind.HANDOVER or (decision.phrase == "gladly" and Cue.YES in said.heard.cues):
        return Decision(Kind.SMALLTALK, HUMAN, phrase="already_waiting")
    sure = said.confidence >= WAITING_AT or decision.topic != said.topic
    if decision.kind in (Kind.ANSWER, Kind.REFUSAL) and sure:
        return decision
    if decision.topic in ("goodbye", "thanks") or (decision.kind is Kind.CHOICE and Cue.QUESTION in said.heard.cues):
        return decision
    phrase = "heard_again" if said.now.offer is Offer.PASSED_ON else "heard_waiting"
    return Decision(Kind.SMALLTALK, phrase=phrase, remember={"offer": Offer.PASSED_ON})


_SAID_WHILE_WAITING = ("safe_yes", "safe_no", "safe_other", "card_stay", "other_language", "declined")
