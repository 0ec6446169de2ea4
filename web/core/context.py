"""What is known of the visitor and of the talk so far, and how it weighs in on what a message means."""

from collections.abc import Mapping
from dataclasses import dataclass

from web.core.assistant import Act, BotAnswer
from web.core.content import LANGUAGES
from web.core.conversation import Conversation
from web.core.cues import Audience, Heard

LEANING = 12  # words; up to here what was said before weighs in
SAME_TOPIC, SAME_FAMILY = 3.0, 2.0


@dataclass(frozen=True)
class Context:
    """data/dialogue/context.yml: what a follow-up means, what is likelier for whom, and what belongs together."""

    follow_ups: Mapping[str, Mapping[str, str]]
    likelier: Mapping[str, Mapping[str, float]]
    families: tuple[frozenset[str], ...]


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
