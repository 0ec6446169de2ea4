"""The words that the chat's script would choose, for pages that have none: the same texts, read from the same template.

Keys and {placeholders} are those of templates/chat/texts.html; web/client/shared/texts.ts does the same in the browser.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import get_timezone_location
from flask import render_template
from flask_babel import format_date
from flask_babel import gettext as _
from markupsafe import Markup

from web.core.entries import Entry
from web.core.errors import Code, Refused
from web.core.queue import Wait
from web.http.context import parts
from web.http.language import path_language

# With a number that counts there is one text for each plural category of the language.
_TEXT = re.compile(r'<p data-text="(\w+)"(?: data-count="(\w+)" data-plural="(\w+)")?>(.*?)</p>', re.DOTALL)
_ONLY = "other"  # the category that every language has


@dataclass(frozen=True)
class Words:
    count: str
    forms: dict[str, str]


@lru_cache
def _known(language: str, operator: str) -> dict[str, Words]:
    """Both arguments are what the rendered words depend on."""
    found: dict[str, Words] = {}
    for key, count, plural, words in _TEXT.findall(render_template("chat/texts.html")):
        plain = Markup(words).striptags()  # noqa: S704 (our own template)
        found.setdefault(key, Words(count, {})).forms[plural or _ONLY] = plain
    return found


def known() -> dict[str, Words]:
    return _known(path_language(), parts().settings.operator)


def text(key: str, **values: object) -> str:
    """A missing key is our mistake, so it is loud."""
    words = known()[key]
    form = Locale.parse(path_language()).plural_form(int(str(values[words.count]))) if words.count else _ONLY
    chosen = words.forms.get(form, words.forms[_ONLY])
    return re.sub(r"\{(\w+)\}", lambda found: str(values.get(found[1], found[0])), chosen)


def clock(at: datetime, zone: ZoneInfo) -> str:
    """21.04 in Dutch, 21:04 in English, where the helpline is: we do not know where the visitor is."""
    local = at.astimezone(zone)
    return text("clock", hour=f"{local:%H}", minute=f"{local:%M}")


def day(at: datetime, zone: ZoneInfo) -> str:
    """Tuesday 24 November."""
    return str(format_date(at.astimezone(zone).date(), "EEEE d MMMM"))


def moment(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """'tomorrow at 9:00': a moment as one would say it now."""
    days = at.astimezone(zone).date() - now.astimezone(zone).date()
    key = {timedelta(0): "at_today", timedelta(1): "at_tomorrow"}.get(days, "at_day")
    return text(key, day=day(at, zone), time=clock(at, zone).removeprefix("0"))


def wait(minutes: Wait | None) -> str:
    """'It takes about 10 to 20 minutes': as much as is known, and nothing when nothing is."""
    if minutes is None:
        return ""
    if minutes.high is None:
        return text("wait_more", low=minutes.low)
    key = "wait_about" if minutes.low else "wait_less"
    return text(key, low=minutes.low, high=minutes.high)


def not_open(reason: str, opens_at: datetime | None, now: datetime, zone: ZoneInfo) -> str:
    """Why nobody new can wait for a person, and until when."""
    if reason == "open":
        return ""
    key = f"not_open_{reason}"
    why = text(key if key in known() else "not_open_closed")
    return why if opens_at is None else f"{why} {text('opens_again', when=moment(opens_at, now, zone))}"


def change(entry: Entry, letter: bool, now: datetime, zone: ZoneInfo) -> str:
    """The most fitting wording that there is: where no script keeps its promises, of a letter, or without a moment."""
    code = entry.body.code.value if entry.body.code else ""
    wordings = [f"change_{code}_plain", *([f"change_{code}_letter"] if letter else [])]
    wordings += [f"change_{code}_none"] if entry.body.when is None else []
    key = next((key for key in (*wordings, f"change_{code}") if key in known()), None)
    if key is None:
        return entry.body.text or ""
    when = moment(datetime.fromisoformat(entry.body.when), now, zone) if entry.body.when else ""
    return text(key, name=entry.body.name or "", time=clock(entry.at, zone), when=when)


def refusal(refused: Refused) -> str:
    """What to say to somebody whose words were not taken. They stand in the field again, so nothing is lost."""
    if refused.code in (Code.BUSY, Code.INTERNAL):
        return f"{_('We cannot answer right now')}. {_('Nothing you sent was lost. Try again in a moment.')}"
    if refused.code is Code.TOO_FAST:
        return text("slowed")
    key = f"refused_{refused.code.value}"
    return text(key if key in known() else "refused_other", **refused.detail)


def note(code: str) -> str:
    """What to say after a button that did nothing; the code comes by the address, so it may be anything."""
    if code not in set(Code):
        return ""
    return refusal(Refused(Code(code if code in (Code.TOO_FAST, Code.BUSY, Code.INTERNAL) else Code.ILLEGAL_MOVE)))


def place_of(zone: ZoneInfo) -> str:
    """'Amsterdam': whose clock it is."""
    return str(get_timezone_location(zone, locale=path_language(), return_city=True))
