"""Masks what could name a person before a text goes to the bot, which needs the topic and nothing else."""

import re

_MASKS = (
    (re.compile(r"\b[\w.+-]+@[\w-]+\.[\w.]+\b"), "[e-mail]"),
    (re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE), "[link]"),
    (re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b"), "[iban]"),
    (re.compile(r"\b\d{4} ?[A-Za-z]{2} +\d{1,4}\b"), "[address]"),
    (re.compile(r"(?<!\d)\+?\d(?:[ -]?\d){6,}(?!\d)"), "[number]"),
)


def mask(text: str) -> str:
    """The text with e-mail addresses, links, account numbers, addresses and long numbers replaced by their kind."""
    for pattern, kind in _MASKS:
        text = pattern.sub(kind, text)
    return text
