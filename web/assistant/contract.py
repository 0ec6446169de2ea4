"""What the web and the bot say to each other; docs/bot-contract.md tells it. The bot's half: bot/helpline/contract.py.

The bot is trusted with one thing only, to choose: whatever it sends that is not known here is dropped.
"""

import json
from typing import Any

from web.core.assistant import Act, BotAnswer
from web.core.scrub import mask

VERSION = 2  # each half refuses the other's


def question(sender: str, text: str, language: str) -> bytes:
    """The request. What could name somebody is masked before it leaves."""
    return json.dumps({"version": VERSION, "sender": sender, "message": mask(text), "lang": language}).encode()


def answer(data: Any) -> BotAnswer | None:
    """The bot's JSON as a value; None for any shape or version that we do not know."""
    try:
        if data["version"] != VERSION:
            return None
        ranked = [(str(topic), float(chance), Act(act)) for topic, chance, act in data["ranking"]]
        crisis = float(data["crisis"])
        act = Act(data["act"])
        model = str(data["model"])
    except (KeyError, TypeError, ValueError):
        return None
    if not all(0.0 <= chance <= 1.0 for chance in (crisis, *(chance for _, chance, _ in ranked))):
        return None
    return BotAnswer(
        ranking=tuple((topic, chance) for topic, chance, _ in ranked),
        acts={topic: act for topic, _, act in ranked},
        crisis=crisis,
        act=act,
        model=model,
    )
