"""What the bot says about a message, what the assistant decides with it, and from when it is sure enough.

The bot decides which topic; the words are the site's. The rules of the dialogue are in dialogue.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from web.core.conversation import Conversation
from web.core.states import ANSWERS

# Set on data/nlu/test/dev.*.yml, which was not trained on; docs/assistant.md shows what each would give.
ANSWER_AT = 0.60
CHOICE_AT = 0.15  # the best three together: less is no idea at all
OFFER_AT = 0.03  # a choice that is less likely than this is not worth a button
SURE_AT = 0.85  # below it an answer says that it may be the wrong one, and offers the next likeliest
BOUNDARY_AT = 0.30  # perhaps asked for what is never given: refused, with help to stop, rather than guessed at
PERSON_AT = 0.25  # perhaps a person was asked for: then ask
WAITING_AT = 0.60  # while waiting for a person the assistant speaks only when it is sure
CRISIS_AT = 0.20  # sum of the crisis topics: far below the answer threshold, since a miss is the worst failure
CRISIS_AT_FEW = 0.70  # the same for a few words in the middle of a talk, which mean little by themselves
DENIED_CRISIS_AT = 0.80  # the same when the message says that it is not about now: 'I am not suicidal'
CHOICES = 3
HUMAN = "human"


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
    """The bot's reading of one message.

    ranking: topics with their probability, best first. acts: what must happen with each of them.
    act: what must happen with the message as the bot sees it, its own threshold included.
    crisis: the probability of danger, also of what the ranking leaves out.
    """

    ranking: tuple[tuple[str, float], ...]
    acts: Mapping[str, Act]
    crisis: float
    act: Act
    model: str


@dataclass(frozen=True)
class Decision:
    """phrase: the line of ours to say instead of an article. more: the second part of the article's answer.
    legal: the question touches the law, on which only a lawyer gives advice.

    remember: fields of the conversation that change with it.
    """

    kind: Kind
    topic: str | None = None
    choices: tuple[str, ...] = ()
    phrase: str | None = None
    more: bool = False
    legal: bool = False
    remember: Mapping[str, Any] = field(default_factory=dict)


def still_wanted(conversation: Conversation, number: int, epoch: int) -> bool:
    """Whether an answer to entry `number` may still be stored.

    No, as soon as a person took over, the visitor asked for one, went on writing, or somebody answered already.
    """
    held = conversation.state in ANSWERS
    return held and conversation.epoch == epoch and conversation.turn_number == number
