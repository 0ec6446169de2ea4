"""What the web and the assistant say to each other; the web's half is web/assistant/contract.py.

docs/bot-contract.md describes it. A change of any field is a new VERSION: each half refuses the other's.
"""

from __future__ import annotations

import json
import re
from typing import Any

from helpline import paths
from helpline.build import read_topics

VERSION = 2
# Of a longer message its start and its end: what presses most is often said last.
HEAD, TAIL = 1400, 600
MAX_BODY = 256 * 1024
RANKED = 8  # topics in an answer; the small chances of all others help nobody
SENDER = re.compile(r"[A-Za-z0-9._:-]{1,64}")
# Control characters (NUL among them) and lone surrogates, which no encoder accepts.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
# Rasa strips blanks and then reads a leading slash as a command.
COMMAND = re.compile(r"^[\s/]+")
KINDS = read_topics()


class BadRequestError(Exception):
    """The request does not keep to the contract; the message is the error code."""


def clean(text: str) -> str:
    """The message as Rasa may see it: no control characters, no command, not too long."""
    if len(text) > HEAD + TAIL:
        text = f"{text[:HEAD]} {text[-TAIL:]}"
    return COMMAND.sub("", UNPRINTABLE.sub("", text)).rstrip() or "?"


def read_message(body: bytes) -> tuple[str, str]:
    """Sender and text of a request, or BadRequestError."""
    data = read_object(body)
    sender, text = data.get("sender"), data.get("message")
    if data.get("version") != VERSION:
        raise BadRequestError("bad_version")
    if not isinstance(sender, str) or not SENDER.fullmatch(sender):
        raise BadRequestError("bad_sender")
    if data.get("lang") not in paths.LANGUAGES:
        raise BadRequestError("bad_lang")
    if not isinstance(text, str) or not UNPRINTABLE.sub("", text).strip():
        raise BadRequestError("empty_message")
    return sender, clean(text)


def read_object(body: bytes) -> dict[str, Any]:
    """The JSON object of a request, or BadRequestError."""
    if len(body) > MAX_BODY:
        raise BadRequestError("too_large")
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadRequestError("not_json") from error
    if not isinstance(data, dict):
        raise BadRequestError("not_json")
    return data


def answer(model: str, ranking: list[tuple[str, float]], crisis: float, act: dict[str, Any]) -> dict[str, Any]:
    """The answer to one message. ranking: all topics with their probability, best first."""
    ranked = [[topic, round(chance, 4), KINDS[topic]] for topic, chance in ranking[:RANKED]]
    return {
        "version": VERSION,
        "model": model,
        "topic": ranked[0][0] if ranked else None,
        "confidence": ranked[0][1] if ranked else 0.0,
        "ranking": ranked,
        "crisis": round(crisis, 4),
        "act": next(iter(act)),
    }
