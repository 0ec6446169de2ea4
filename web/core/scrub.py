"""Masks what could name a person before a text goes to the bot, which needs the topic and nothing else."""

import re

from web.core.details import Kind, find

# The words that the bot was trained with; what each kind is called to the visitor: web/chat/details.py.
_TOKENS = {
    Kind.EMAIL: "[e-mail]",
    Kind.PROFILE: "[link]",
    Kind.IBAN: "[iban]",
    Kind.ADDRESS: "[address]",
    Kind.PHONE: "[number]",
    Kind.CITIZEN_NUMBER: "[number]",
}
# The bot needs no link and no long number at all, whoever they lead to.
_ANY_LINK = re.compile(r"\b(?:https?://|www\.)[^\s\[]\S*", re.IGNORECASE)
_ANY_NUMBER = re.compile(r"(?<!\d)\+?\d(?:[ -]?\d){6,}(?!\d)")


def mask(text: str) -> str:
    """The text with what names somebody, links and long numbers replaced by their kind."""
    kept, at = [], 0
    for found in find(text):
        kept += [text[at : found.start], _TOKENS[found.kind]]
        at = found.end
    text = "".join([*kept, text[at:]])
    return _ANY_NUMBER.sub("[number]", _ANY_LINK.sub("[link]", text))
