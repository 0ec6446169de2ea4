"""The language stands in the address: /nl/… and /en/…"""

from flask import request

from web.core.content import LANGUAGES


def path_language() -> str:
    """The language of this request; for addresses without one, the best match with the browser's wishes."""
    first = request.path.lstrip("/").split("/", 1)[0]
    if first in LANGUAGES:
        return first
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def other(language: str) -> str:
    return "en" if language == "nl" else "nl"
