"""The rules of the dialogue: one decision for one message.

A rule looks at what the bot made of the message, at its cues (cues.py), and at what the conversation remembers: who it
is about, the last topic, and what was offered last. The first rule of RULES that decides has decided.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from web.core.assistant import (
    ANSWER_AT,
    CHOICE_AT,
    CHOICES,
    CRISIS_AT,
    CRISIS_AT_FEW,
    DENIED_CRISIS_AT,
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
from web.core.content import LANGUAGES
from web.core.conversation import Conversation
from web.core.cues import Audience, Cue, Heard, Offer
from web.core.states import State, Urgency
from web.core.triage import CHILD_DANGER, CRISES

SHORT = 8  # words; a longer message brings its own context
LEANING = 12  # words; up to here what was said before weighs in
SAME_TOPIC, SAME_FAMILY = 3.0, 2.0
LOST_AT = 0.35  # below it a few words mean nothing by themselves
FEW = 6  # words; with so few the bot alone must be surer of danger, since the rules for danger read such best
DEADLINE_TOPICS = ("sextortion", "teen_sexting")
MISSES_BEFORE_PERSON = 2
REFUSALS_BEFORE_PERSON = 2

_PLAIN_REPLIES = frozenset({Cue.YES, Cue.NO, Cue.MORE, Cue.ACK, Cue.REPEAT})
_DIRECT = {
    Act.ARTICLE: Kind.ANSWER,
    Act.REFUSAL: Kind.REFUSAL,
    Act.SMALLTALK: Kind.SMALLTALK,
    Act.HANDOVER: Kind.HANDOVER,
}


@dataclass(frozen=True)
class Context:
    """data/dialogue/context.yml: what a follow-up means, what is likelier for whom, and what belongs together."""

    follow_ups: Mapping[str, Mapping[str, str]]
    likelier: Mapping[str, Mapping[str, float]]
    families: tuple[frozenset[str], ...]


@dataclass(frozen=True)
class Said:
    """All that a rule may look at. answer is None: the bot is down, slow or made no sense.

    ranking: that of the bot, with what we know of the visitor weighed in.
    now: the conversation as remembering() has it.
    """

    answer: BotAnswer | None
    ranking: tuple[tuple[str, float], ...]
    heard: Heard
    now: Conversation
    context: Context

    @property
    def topic(self) -> str | None:
        return self.ranking[0][0] if self.ranking else None

    @property
    def confidence(self) -> float:
        return self.ranking[0][1] if self.ranking else 0.0

    @property
    def act(self) -> Act:
        return self.act_of(self.topic)

    def act_of(self, topic: str | None) -> Act:
        return self.answer.acts.get(topic or "", Act.FALLBACK) if self.answer else Act.FALLBACK


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


def remembering(before: Conversation, heard: Heard) -> Conversation:
    """The conversation with what the message says about the visitor. Who is under 18 stays so, whoever it is about."""
    audience = before.audience if before.audience is Audience.MINOR else heard.audience or before.audience
    language = heard.language if heard.language in LANGUAGES else before.language
    return before.with_(audience=audience, country=heard.country or before.country, language=language)


def likely(
    ranking: tuple[tuple[str, float], ...], now: Conversation, heard: Heard, context: Context
) -> tuple[tuple[str, float], ...]:
    """The ranking with what we know of the visitor and of the talk weighed in; its sum stays the same."""
    factors = dict(context.likelier.get(now.audience, {})) if now.audience else {}
    if now.topic and heard.words <= LEANING:
        for topic in {topic for family in context.families if now.topic in family for topic in family}:
            factors[topic] = factors.get(topic, 1.0) * (SAME_TOPIC if topic == now.topic else SAME_FAMILY)
    weighed = [(topic, chance * factors.get(topic, 1.0)) for topic, chance in ranking]
    scale = sum(chance for _, chance in ranking) / (sum(chance for _, chance in weighed) or 1.0)
    return tuple(sorted(((topic, chance * scale) for topic, chance in weighed), key=lambda pair: -pair[1]))


def likeliest_crisis(answer: BotAnswer) -> str | None:
    return next((topic for topic, _ in answer.ranking if topic in CRISES), None)


def _only_signs(said: Said) -> Decision | None:
    return Decision(Kind.SMALLTALK, phrase="only_signs") if Cue.SIGNS in said.heard.cues else None


def _danger(said: Said) -> Decision | None:
    """The bot's reading alone is enough for a crisis card."""
    answer = said.answer
    if answer is None or said.heard.cues & _PLAIN_REPLIES:
        return None
    enough = CRISIS_AT if said.heard.words > FEW else CRISIS_AT_FEW
    if answer.crisis < (DENIED_CRISIS_AT if Cue.NOT_NOW in said.heard.cues else enough):
        return None
    return Decision(Kind.CARD, likeliest_crisis(answer))


def _pressed(said: Said) -> Decision | None:
    """Somebody under 18 is put under pressure, and time runs."""
    young = said.now.audience is Audience.MINOR and Cue.DEADLINE in said.heard.cues
    if not young or not {said.topic, said.now.topic}.intersection(DEADLINE_TOPICS):
        return None
    return Decision(Kind.CARD, CHILD_DANGER)


def _after_card(said: Said) -> Decision | None:
    """A crisis card asked whether the visitor is safe."""
    if said.now.offer is not Offer.SAFE:
        return None
    if Cue.NOT_NOW in said.heard.cues:
        calmer = {"urgency": min(said.now.urgency, Urgency.SOON)}
        return Decision(Kind.SMALLTALK, phrase="safe_other", remember=calmer)
    if Cue.YES in said.heard.cues:
        return Decision(Kind.SMALLTALK, phrase="safe_yes", remember={"offer": Offer.PERSON})
    if Cue.NO in said.heard.cues:
        return Decision(Kind.SMALLTALK, phrase="safe_no", remember={"offer": Offer.PERSON})
    return None


def _no(said: Said) -> Decision | None:
    cues = said.heard.cues
    plain_no = Cue.NO in cues and Cue.YES not in cues
    if plain_no and said.now.offer is Offer.CHOICE:
        return Decision(Kind.SMALLTALK, phrase="corrected")
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
    if kind is not Kind.REFUSAL:
        return Decision(kind, said.topic)
    refusals = said.now.refusals + 1
    if refusals < REFUSALS_BEFORE_PERSON:
        return Decision(kind, said.topic, remember={"refusals": refusals})
    again = {"refusals": refusals, "offer": Offer.PERSON}
    return Decision(kind, said.topic, phrase="refused_again", remember=again)


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
    _danger,
    _pressed,
    _after_card,
    _no,
    _yes,
    _more,
    _again,
    _correction,
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
    phrase = "heard_again" if said.now.offer is Offer.PASSED_ON else "heard_waiting"
    return Decision(Kind.SMALLTALK, phrase=phrase, remember={"offer": Offer.PASSED_ON})


_SAID_WHILE_WAITING = ("safe_yes", "safe_no", "safe_other", "other_language")
