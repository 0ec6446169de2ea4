"""The language stands in the address: /nl/… and /en/…; what belongs to a language is Babel's and the catalogues'."""

from dataclasses import dataclass
from functools import cache

from babel import Locale
from flask import request
from werkzeug.routing import BaseConverter

from web.core.content import LANGUAGES, LOCALES


class LanguageConverter(BaseConverter):
    """`<language:lang>` in a route: one of ours, nothing else."""

    regex = "|".join(LANGUAGES)


@dataclass(frozen=True)
class Language:
    """name: as its speakers write it. direction: 'ltr' or 'rtl'. tag: for scripts that write dates and times."""

    code: str
    name: str
    direction: str
    tag: str


def path_language() -> str:
    """The language of this request; for addresses without one, the best match with the browser's wishes."""
    first = request.path.lstrip("/").split("/", 1)[0]
    if first in LANGUAGES:
        return first
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def path_locale() -> str:
    """The same, with the country whose way of writing dates is meant."""
    return LOCALES.get(path_language(), path_language())


@cache
def about(code: str) -> Language:
    locale = Locale.parse(LOCALES.get(code, code))
    name = Locale.parse(code).get_display_name(code) or code
    return Language(code, name[0].upper() + name[1:], locale.text_direction, str(locale).replace("_", "-"))


def others(code: str) -> tuple[Language, ...]:
    return tuple(about(language) for language in LANGUAGES if language != code)


@cache
def names(code: str) -> dict[str, str]:
    """What our languages are called in this one."""
    locale = Locale.parse(code)
    return {language: locale.languages.get(language, language) for language in LANGUAGES}


@cache
def plural_forms(code: str) -> dict[str, int]:
    """The language's plural categories (CLDR), each with a number that has it: for texts that a script fills in."""
    rule = Locale.parse(code).plural_form
    samples: dict[str, int] = {}
    for number in range(201):
        samples.setdefault(rule(number), number)
    return samples
