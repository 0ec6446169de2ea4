"""What the assistant decides with what the bot said. The bot decides which topic; the words are the site's."""

from dataclasses import dataclass
from enum import StrEnum

from web.core.conversation import Conversation
from web.core.states import State
from web.core.triage import CRISES

# Set on sentences that were not trained on; issue of a wrong answer weighs more than one question too many.
ANSWER_AT = 0.40
CHOICE_AT = 0.15
CRISIS_AT = 0.15  # sum of the crisis topics: far below the answer threshold, since a miss is the worst failure
MISSES_BEFORE_PERSON = 2
CHOICES = 3


class Act(StrEnum):
    """What the bot's rules say must happen with a topic."""

    ARTICLE = "article"
    CARD = "card"
    HANDOVER = "handover"
    REFUSAL = "refusal"
    SMALLTALK = "smalltalk"
    FALLBACK = "fallback"


class Kind(StrEnum):
    """Kinds of decision; the words of the evaluation format."""

    ANSWER = "answer"
    CHOICE = "choice"
    UNKNOWN = "unknown"
    CARD = "card"
    HANDOVER = "handover"
    REFUSAL = "refusal"
    SMALLTALK = "smalltalk"
    DOWN = "down"


@dataclass(frozen=True)
class BotAnswer:
    """The bot's reading of one message. `ranking`: topics with their probability, best first."""

    topic: str | None
    confidence: float
    ranking: tuple[tuple[str, float], ...]
    crisis: float
    act: Act


@dataclass(frozen=True)
class Decision:
    kind: Kind
    topic: str | None = None
    choices: tuple[str, ...] = ()


_DIRECT = {
    Act.ARTICLE: Kind.ANSWER,
    Act.REFUSAL: Kind.REFUSAL,
    Act.SMALLTALK: Kind.SMALLTALK,
    Act.HANDOVER: Kind.HANDOVER,
}


def decide(answer: BotAnswer | None) -> Decision:
    """One decision for one message. None: the bot is down, slow or made no sense."""
    if answer is None:
        return Decision(Kind.DOWN)
    if answer.act is Act.CARD or answer.crisis >= CRISIS_AT:
        return Decision(Kind.CARD, _likeliest_crisis(answer))
    if answer.topic is not None and answer.confidence >= ANSWER_AT and answer.act in _DIRECT:
        return Decision(_DIRECT[answer.act], answer.topic)
    choices = tuple(topic for topic, chance in answer.ranking[:CHOICES] if chance >= CHOICE_AT / CHOICES)
    if answer.confidence >= CHOICE_AT and choices:
        return Decision(Kind.CHOICE, answer.topic, choices)
    return Decision(Kind.UNKNOWN, answer.topic)


def still_wanted(conversation: Conversation, number: int, epoch: int) -> bool:
    """Whether an answer to entry `number` may still be stored.

    No, as soon as a person took over, the visitor asked for one, went on writing, or somebody answered already.
    """
    return conversation.state is State.ASSISTANT and conversation.epoch == epoch and conversation.turn_number == number


def _likeliest_crisis(answer: BotAnswer) -> str | None:
    if answer.topic in CRISES:
        return answer.topic
    return next((topic for topic, _ in answer.ranking if topic in CRISES), None)
