"""What the bot may have made of a message, for tests that need no bot."""

from web.core.assistant import Act, BotAnswer


def reading(topic: str, confidence: float, act: Act = Act.ARTICLE, crisis: float = 0.0, *others: str) -> BotAnswer:
    """The topic first; the others, all ordinary, share a small rest."""
    ranking = ((topic, confidence), *((name, 0.12) for name in others))
    return BotAnswer(ranking, {topic: act, **dict.fromkeys(others, Act.ARTICLE)}, crisis, act, "test")
