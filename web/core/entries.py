"""What a conversation consists of: numbered entries, and the text rules that hold for each of them."""

import unicodedata
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from web.core.errors import Code, Refused

TEXT_LIMIT = 4000  # characters after normalisation; the same over the socket, forms and in the browser
CLIENT_ID_LENGTHS = range(8, 65)

# Characters that break logs, databases or reading order and that nobody types on purpose:
# other control characters than tab and newline, and the bidirectional overrides.
_DROPPED = {0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069}


class Sender(StrEnum):
    VISITOR = "visitor"
    ASSISTANT = "assistant"
    STAFF = "staff"
    SYSTEM = "system"


class Kind(StrEnum):
    TEXT = "text"
    CARD = "card"
    CHANGE = "change"
    NOTE = "note"  # internal: never part of a payload to a visitor


class ChangeCode(StrEnum):
    """What a system entry of kind `change` says; the words are chosen where it is read."""

    STARTED = "started"
    ASKED = "asked"
    ALARMED = "alarmed"  # put into the queue by us, since there may be danger: nobody asked
    WITHDRAWN = "withdrawn"
    CLAIMED = "claimed"
    RELEASED = "released"
    STAFF_LOST = "staff_lost"
    OFFERED = "offered"  # staff only, as a note
    DECLINED = "declined"  # staff only
    OFFER_EXPIRED = "offer_expired"  # staff only
    TRANSFERRED = "transferred"
    HANDED_BACK = "handed_back"
    LAPSED = "lapsed"  # away for so long that the place in the queue went to others
    MISSED = "missed"  # was not there at the time of the appointment
    CLOSING_SOON = "closing_soon"
    HOURS_ENDED = "hours_ended"
    BOOKED = "booked"
    CANCELLED = "cancelled"
    DUE = "due"
    IDLE_WARNING = "idle_warning"
    LETTER_SENT = "letter_sent"
    ANSWERED = "answered"
    CLOSED = "closed"
    BLOCKED = "blocked"  # ended by the worker because of abuse
    LEFT = "left"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Phone:
    shown: str
    dial: str


@dataclass(frozen=True)
class Door:
    """Another place to turn to, in one language; only checked facts."""

    name: str
    for_whom: str
    phone: Phone | None = None
    url: str | None = None
    cost: str | None = None
    hours: str | None = None
    why: str | None = None


@dataclass(frozen=True)
class ArticleLink:
    title: str
    summary: str
    url: str


@dataclass(frozen=True)
class Suggestion:
    """A button below an answer. `topic` is said along with the label, so that no guess is needed."""

    label: str
    topic: str


@dataclass(frozen=True, slots=True)
class Body:
    """What is encrypted: everything in an entry that could tell what a person wrote or read."""

    text: str | None = None
    code: ChangeCode | None = None
    name: str | None = None
    title: str | None = None
    when: str | None = None  # the moment that a change speaks of, ISO 8601 in UTC
    crisis: bool = False
    noticed: str | None = None  # a rule of the triage, on a visitor's words; for workers only
    lang: str | None = None  # of the assistant's words, which may differ from the page's
    article: ArticleLink | None = None
    doors: tuple[Door, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Only what is set, so that stored and sent bodies stay small."""
        data: dict[str, Any] = {name: value for name in _PLAIN if (value := getattr(self, name))}
        if self.article:
            data["article"] = asdict(self.article)
        if self.doors:
            data["doors"] = [asdict(door) for door in self.doors]
        if self.suggestions:
            data["suggestions"] = [asdict(item) for item in self.suggestions]
        return data

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Body":
        doors = tuple(
            Door(**{**door, "phone": Phone(**door["phone"]) if door.get("phone") else None})
            for door in data.get("doors", ())
        )
        article = data.get("article")
        return cls(
            text=data.get("text"),
            code=ChangeCode(data["code"]) if data.get("code") else None,
            name=data.get("name"),
            title=data.get("title"),
            when=data.get("when"),
            crisis=bool(data.get("crisis")),
            noticed=data.get("noticed"),
            lang=data.get("lang"),
            article=ArticleLink(**article) if article else None,
            doors=doors,
            suggestions=tuple(Suggestion(**item) for item in data.get("suggestions", ())),
        )


_PLAIN = ("text", "code", "name", "title", "when", "crisis", "noticed", "lang")


class Draft(NamedTuple):
    """An entry that has no number yet."""

    sender: Sender
    kind: Kind
    body: Body
    client_id: str | None = None
    staff_id: int | None = None


class Entry(NamedTuple):
    """Numbers go 1, 2, 3 … without gaps; `prev` is the number of the last entry before it that visitors see."""

    number: int
    prev: int
    sender: Sender
    kind: Kind
    body: Body
    at: datetime
    client_id: str | None = None
    staff_id: int | None = None

    @property
    def for_visitors(self) -> bool:
        return self.kind is not Kind.NOTE


def clean_text(text: str) -> str:
    """Normalise what a person typed: composed characters, plain newlines, no control characters, trimmed.

    Raises Refused: EMPTY when nothing is left, TOO_LONG over TEXT_LIMIT characters,
    BAD_PAYLOAD for text that is not valid Unicode.
    """
    if 0 < len(text) <= TEXT_LIMIT and text.isprintable() and unicodedata.is_normalized("NFC", text):
        kept = text.strip()  # most messages: nothing to compose, nothing to drop
        if kept:
            return kept
    try:
        text.encode()
    except UnicodeEncodeError:  # a lone surrogate: no browser sends one
        raise Refused(Code.BAD_PAYLOAD, field="text") from None
    # Long before normalising: a normalised text is never shorter than a third of what came in.
    if len(text) > 4 * TEXT_LIMIT:
        raise Refused(Code.TOO_LONG, limit=TEXT_LIMIT, length=len(text))
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = "".join(c for c in composed if _kept(c)).strip()
    if not kept:
        raise Refused(Code.EMPTY)
    if len(kept) > TEXT_LIMIT:
        raise Refused(Code.TOO_LONG, limit=TEXT_LIMIT, length=len(kept))
    return kept


def _kept(character: str) -> bool:
    if character in "\n\t":
        return True
    return unicodedata.category(character) != "Cc" and ord(character) not in _DROPPED
