"""What a message says beside its topic: yes, no, 'tell me more', who it is about, in which language and from where.

The wordings stand in data/dialogue/, one file a language; a message is read with those of all languages.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from web.core.wording import BadPhrase, Phrases, Spelling, plain

SENTENCES = 40  # of a pasted page only so many are read for cues


class Audience(StrEnum):
    """Who it is about. Chosen or said by the visitor; never asked for twice, and never who somebody is."""

    SELF = "self"
    OTHER = "other"  # a partner, relative, friend
    CHILD = "child"  # a parent or carer about a child
    PROFESSIONAL = "professional"
    VICTIM = "victim"
    MINOR = "minor"  # the visitor is under 18


class Cue(StrEnum):
    YES = "yes"
    NO = "no"
    MORE = "more"
    NOT_THAT = "not_that"  # 'that is not what I meant'
    NOT_NOW = "not_now"  # after a crisis card: not about me, or long ago
    SAFE = "safe"  # after a crisis card: safe, gone, called
    NO_PERSON = "no_person"
    HOW_LONG = "how_long"
    LINK = "link"
    BOUNDARY = "boundary"  # asks in so many words for what the assistant never helps with
    ACK = "ack"  # 'ok', 'hm': heard, but no answer to what was offered
    QUESTION = "question"
    REPEAT = "repeat"  # 'what did you say?'
    LEGAL = "legal"  # asks after punishment, record, court: a lawyer's subject, whatever the topic
    DEADLINE = "deadline"  # tonight, before ten: time presses
    SIGNS = "signs"  # not one word


class Offer(StrEnum):
    """What the assistant offered last, so what 'yes' and 'no' mean."""

    PERSON = "person"
    MORE = "more"
    CHOICE = "choice"
    SAFE = "safe"  # a crisis card asks whether the visitor is safe
    PASSED_ON = "passed_on"  # while waiting: what they write is read by the worker too


@dataclass(frozen=True)
class Heard:
    """audience, country (ISO 3166), language: None when nothing was said about it.

    language: one of ours, or 'other' when it is surely another one.
    """

    cues: frozenset[Cue] = frozenset()
    audience: Audience | None = None
    country: str | None = None
    language: str | None = None
    words: int = 0
    first_person: bool = False  # speaks of the writer, and of nobody else


_FIRST = frozenset({"ik", "mij", "me", "mezelf", "i", "im", "ive", "myself"})
_THIRD = frozenset({"hij", "zij", "ze", "hem", "haar", "he", "she", "him", "her", "his", "they", "them"})
# A message may name several; the first of these that it names counts.
_ORDER = (Audience.MINOR, Audience.PROFESSIONAL, Audience.CHILD, Audience.OTHER, Audience.VICTIM, Audience.SELF)


def _other_script(text: str) -> bool:
    """Most letters are not Latin ones."""
    letters = [c for c in text if c.isalpha()]
    return sum(c > "\u02af" for c in letters) * 2 > len(letters)


class Cues:
    """The wordings of all languages. Made once; may be read from any thread."""

    def __init__(self, documents: Mapping[str, Mapping[str, Any]]) -> None:
        """documents: a file of data/dialogue/ by language. Raises BadPhrase."""
        self._phrases = Phrases()
        self._spelling = {lang: Spelling(doc.get("spelling") or {}, ()) for lang, doc in documents.items()}
        self._common: dict[str, frozenset[str]] = {
            language: frozenset(words)
            for document in documents.values()
            for language, words in document["common_words"].items()
        }
        ours = "".join(word for language in self._spelling for word in self._common.get(language, ()))
        self._latin = not _other_script(ours)
        self._whole: dict[Cue, frozenset[int]] = {}
        self._parts: dict[Cue, frozenset[int]] = {}
        self._audiences: dict[Audience, frozenset[int]] = {}
        self._countries: dict[str, frozenset[int]] = {}
        for language, document in documents.items():
            self._take(document, language)

    def read(self, text: str) -> Heard:
        words = [word for word in plain(text).replace("'", " ").split() if any(c.isalnum() for c in word)]
        if not words:
            return Heard(frozenset({Cue.SIGNS}))
        cues, audiences, countries = set[Cue](), set[Audience](), set[str]()
        if "http://" in text or "https://" in text or "www." in text:
            cues.add(Cue.LINK)
        if "?" in text:
            cues.add(Cue.QUESTION)
        for spelling in self._spelling.values():
            sentences = [self._phrases.found(sentence) for sentence in spelling.sentences(text)[:SENTENCES]]
            cues |= {cue for cue, wanted in self._whole.items() if sentences and all(s & wanted for s in sentences)}
            seen = frozenset().union(*sentences)
            cues |= {cue for cue, wanted in self._parts.items() if seen & wanted}
            audiences |= {audience for audience, wanted in self._audiences.items() if seen & wanted}
            countries |= {country for country, wanted in self._countries.items() if seen & wanted}
        return Heard(
            frozenset(cues),
            next((audience for audience in _ORDER if audience in audiences), None),
            min(countries) if len(countries) == 1 else None,
            self._language(words, text),
            len(words),
            not _FIRST.isdisjoint(words) and _THIRD.isdisjoint(words),
        )

    def _language(self, words: list[str], text: str) -> str | None:
        """The language whose common words stand out; None for a message that could be either."""
        if self._latin and _other_script(text):
            return "other"
        bare = [word.strip('.,!?;:"()') for word in words[:200]]
        counts = {language: sum(word in common for word in bare) for language, common in self._common.items()}
        ours = {language: count for language, count in counts.items() if language in self._spelling}
        best = max(counts, key=lambda language: counts[language])
        rest = max(count for language, count in counts.items() if language != best)
        if counts[best] <= rest or (best not in ours and counts[best] < 2):
            return None
        return best if best in ours else "other"

    def _take(self, document: Mapping[str, Any], language: str) -> None:
        lists = document.get("lists") or {}

        def numbers(phrases: list[str], whole: bool = False) -> frozenset[int]:
            try:
                return frozenset(self._phrases.add(phrase, lists, whole) for phrase in phrases)
            except BadPhrase as error:
                raise BadPhrase(f"data/dialogue/{language}: {error}") from error

        for target, wanted in (("whole", self._whole), ("parts", self._parts)):
            for name, phrases in (document.get(target) or {}).items():
                wanted[Cue(name)] = wanted.get(Cue(name), frozenset()) | numbers(phrases, target == "whole")
        for name, phrases in (document.get("audiences") or {}).items():
            who = Audience(name)
            self._audiences[who] = self._audiences.get(who, frozenset()) | numbers(phrases)
        for country, phrases in (document.get("countries") or {}).items():
            self._countries[country] = self._countries.get(country, frozenset()) | numbers(phrases)
