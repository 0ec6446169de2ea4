"""The deterministic first net: reads every message of a visitor for danger, with or without the bot.

Either net is enough to show a crisis card: this one or the assistant's own crisis topics. The rules are plain wordings
in data/triage/, one file a language, chosen for recall: a false alarm costs one extra box, a miss may cost a life.
A message is read with the rules of all languages, since people in danger mix them.
Basis: DOMAIN notes on immediate escalation (suicide, a child in danger, about to act, medical emergency).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from web.core.states import Urgency
from web.core.wording import BadPhrase, Phrases, Spelling

SUICIDE = "crisis_suicide"
CHILD_DANGER = "crisis_child_danger"
ABOUT_TO_ACT = "crisis_about_to_act"
MEDICAL = "medical_emergency"

# In the order in which they are shown when one message holds several.
CRISES = (MEDICAL, ABOUT_TO_ACT, CHILD_DANGER, SUICIDE)


class Alarm(NamedTuple):
    """What one rule saw. `rule` names it, for the desk and for evaluation; never the words.

    crisis: the card to show. None: no danger now, but somebody who should not wait long.
    language: that of the rule, so of the words that it saw.
    """

    crisis: str | None
    rule: str
    urgency: Urgency
    language: str


@dataclass(frozen=True)
class _Rule:
    """`says` in a sentence without any `unless`; and `along`, if any, in some sentence, `never` in none."""

    alarm: Alarm
    says: frozenset[int]
    unless: frozenset[int]
    along: frozenset[int]
    never: frozenset[int]

    def holds(self, sentences: Sequence[frozenset[int]]) -> bool:
        if self.along and not any(seen & self.along for seen in sentences):
            return False
        if any(seen & self.never for seen in sentences):
            return False
        return any(seen & self.says and not seen & self.unless for seen in sentences)


class _Language(NamedTuple):
    """What one file says. Its rules look at its own phrases only, in sentences with its own spelling."""

    spelling: Spelling
    phrases: Phrases
    rules: tuple[_Rule, ...]


class Triage:
    """The rules of all languages. Made once; may be read from any thread."""

    def __init__(self, documents: Mapping[str, Mapping[str, Any]]) -> None:
        """documents: a file of data/triage/ by language. Raises BadPhrase, naming the rule."""
        self._languages = tuple(_language(name, document) for name, document in documents.items())

    def read(self, text: str) -> tuple[Alarm, ...]:
        """The alarms of one message, most pressing first, at most one a crisis. Empty: nothing was seen."""
        found: dict[str | None, Alarm] = {}
        for spelling, phrases, rules in self._languages:
            seen = [phrases.found(sentence) for sentence in spelling.sentences(text)]
            for rule in rules:
                crisis = rule.alarm.crisis
                if crisis not in found and rule.holds(seen):
                    found[crisis] = rule.alarm
        return tuple(found[crisis] for crisis in (*CRISES, None) if crisis in found)


def _language(name: str, document: Mapping[str, Any]) -> _Language:
    phrases = Phrases()
    spelling = Spelling(document.get("spelling") or {}, document.get("guarded") or ())
    return _Language(spelling, phrases, tuple(_rule(name, document, rule, phrases) for rule in document["rules"]))


def _rule(language: str, document: Mapping[str, Any], rule: Mapping[str, Any], known: Phrases) -> _Rule:
    lists, sets = document.get("lists") or {}, document.get("sets") or {}

    def numbers(field: str) -> frozenset[int]:
        phrases: list[str] = []
        for phrase in rule.get(field) or ():
            phrases += sets[phrase[1:]] if phrase.startswith("@") else [phrase]
        return frozenset(known.add(phrase, lists) for phrase in phrases)

    try:
        crisis = rule["crisis"]
        if crisis is not None and crisis not in CRISES:
            raise BadPhrase(f"no such crisis: {crisis}")
        urgency = Urgency.NOW if crisis else Urgency.SOON
        alarm = Alarm(crisis, rule["name"], urgency, language)
        return _Rule(alarm, numbers("says"), numbers("unless"), numbers("along"), numbers("never"))
    except (KeyError, BadPhrase) as error:
        raise BadPhrase(f"{language}, rule {rule.get('name')}: {error}") from error
