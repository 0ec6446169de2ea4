"""The rules of the dialogue about danger: the bot as the second net, and what follows on a crisis card."""

from web.core.assistant import (
    ANSWER_AT,
    CRISIS_AT,
    CRISIS_AT_FEW,
    DENIED_CRISIS_AT,
    SURE_AT,
    Act,
    BotAnswer,
    Decision,
    Kind,
)
from web.core.context import Said
from web.core.conversation import Conversation
from web.core.cues import Audience, Cue, Offer
from web.core.states import Urgency
from web.core.triage import CHILD_DANGER, CRISES, SUICIDE

FEW = 6  # words; with so few the bot alone must be surer of danger, since the rules for danger read such best
DEADLINE_TOPICS = ("sextortion", "teen_sexting")
# A card was shown: these would lead away from it, or back to 'call somebody', which it says itself.
_NOT_AFTER_CARD = frozenset({"phone_number", "technical_problem", "delete_my_chat", "bot_challenge", "complaint"})
_PLAIN_REPLIES = frozenset({Cue.YES, Cue.NO, Cue.MORE, Cue.ACK, Cue.REPEAT})


def seen_by_bot(said: Said) -> Decision | None:
    """The bot's reading alone is enough for a crisis card."""
    answer = said.answer
    if answer is None or said.heard.cues & _PLAIN_REPLIES:
        return None
    fragment = said.heard.words <= FEW and said.now.topic is not None
    enough = CRISIS_AT_FEW if fragment else CRISIS_AT
    if answer.crisis < (DENIED_CRISIS_AT if Cue.NOT_NOW in said.heard.cues else enough):
        return None
    return Decision(Kind.CARD, likeliest_crisis(answer))


def pressed(said: Said) -> Decision | None:
    """Somebody under 18 is put under pressure, and time runs."""
    young = said.now.audience is Audience.MINOR and Cue.DEADLINE in said.heard.cues
    close = {said.now.topic, *(topic for topic, _ in said.ranking[:3])}
    if not young or not close.intersection(DEADLINE_TOPICS):
        return None
    return Decision(Kind.CARD, CHILD_DANGER)


def card_answered(said: Said) -> Decision | None:
    """A crisis card was the last thing said, and this answers it.

    Only the card about suicide asks a question that 'yes' answers; after the others 'yes' may mean danger.
    """
    if said.now.offer is not Offer.SAFE:
        return None
    cues, suicide = said.heard.cues, said.now.topic == SUICIDE
    if Cue.NOT_NOW in cues:
        return card_reply("safe_other", said.now)
    if Cue.SAFE in cues or (suicide and Cue.YES in cues):
        return card_reply("safe_yes", said.now)
    return card_reply("safe_no", said.now) if suicide and Cue.NO in cues else None


def card_stays(said: Said) -> Decision | None:
    """After a crisis card a vague word is no reason to talk about something else, nor to take its lines away."""
    if said.now.offer is not Offer.SAFE:
        return None
    if said.answer is not None and said.answer.crisis >= CRISIS_AT:
        return Decision(Kind.CARD, said.now.topic)
    sure = said.confidence >= SURE_AT and said.act in (Act.ARTICLE, Act.SMALLTALK) and said.topic not in _NOT_AFTER_CARD
    asked = said.act is Act.HANDOVER and said.confidence >= ANSWER_AT
    if sure or asked or (said.now.topic != SUICIDE and said.heard.words > FEW):
        return None
    if said.now.topic == SUICIDE:
        return Decision(Kind.SMALLTALK, phrase="card_stay", remember={"offer": Offer.SAFE})
    return Decision(Kind.CARD, said.now.topic)


def card_reply(phrase: str, now: Conversation) -> Decision:
    """The answer to a button of a crisis card, or to the same in words: safe_yes, safe_no or safe_other."""
    if phrase == "safe_other":
        return Decision(
            Kind.SMALLTALK, phrase=phrase, remember={"urgency": min(now.urgency, Urgency.SOON), "offer": None}
        )
    # Who is not safe is stayed with: the next words are read as an answer to the same question.
    offer = Offer.SAFE if phrase == "safe_no" else Offer.PERSON
    return Decision(Kind.SMALLTALK, phrase=phrase, remember={"offer": offer})


def likeliest_crisis(answer: BotAnswer) -> str | None:
    return next((topic for topic, _ in answer.ranking if topic in CRISES), None)
