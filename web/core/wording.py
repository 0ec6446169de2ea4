"""Readable phrases instead of regular expressions: what counsellors can write, read and check.

A phrase is words as people type them, in lower case and without accents. Beside words it may hold

    (a|b c|d)   one of these              {child}   one of a named list of words
    word?       the word or nothing       (a|b)?    one of these or nothing
    word*       the word with any ending  *word     with any beginning (compounds)
    ..          up to four words          ...       up to twelve words
    ^           start of the sentence     $         end of the sentence, or a comma

and is looked for within one sentence.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from string import ascii_lowercase
from typing import Any

import re2

_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[,.!?;:\n]|[\U0001F300-\U0001FAFF]")
_ENDS = frozenset(".!?;:\n")
_STRETCHED = re.compile(r"(.)\1{2,}")
_PART = re.compile(r"\{(\w+)\}|\.\.\.|\.\.|[()|?^$]|[^\s()|?{}^$]+|\s+")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'"})
SHORTEST_START = 2  # letters that an index by the start of words needs
SHORTEST_CORRECTED = 7  # a shorter word is one slip away from too many others


class BadPhrase(ValueError):
    """A phrase that cannot be read; the message says which and why."""


class Spelling:
    """Known slips to the word that was meant, and one slip in the words that matter most."""

    def __init__(self, known: Mapping[str, str], guarded: Iterable[str]) -> None:
        self._meant: dict[str, str] = {}
        for word in guarded:
            if len(word) < SHORTEST_CORRECTED:
                raise BadPhrase(f"{word!r} is too short to be corrected")
            self._meant.update(dict.fromkeys(_one_slip(word), word))
        self._meant.update(known)
        for word, meant in known.items():
            if not isinstance(word, str) or not isinstance(meant, str):
                raise BadPhrase(f"{word!r}: {meant!r} is not text; in YAML yes, no and numbers need quotes")

    def sentences(self, text: str) -> list[str]:
        """The sentences of a text: lower case, no accents, each word and comma after one blank, a blank at the end."""
        found: list[list[str]] = [[]]
        for token in _TOKEN.findall(plain(text)):
            if token in _ENDS:
                found.append([])
            else:
                found[-1].append(self._meant.get(token, token))
        return [" " + " ".join(words) + " " for words in found if words]


def plain(text: str) -> str:
    """Lower case, straight quotes, no accents, and no letter more than twice in a row."""
    folded = text.casefold().translate(_QUOTES)
    if not folded.isascii():
        folded = "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))
    return _STRETCHED.sub(r"\1\1", folded)


class Phrases:
    """Many phrases. A phrase is known by the number that `add` gave it.

    Only those are tried of which a word stands in the sentence: each has a set of words of which any match must hold
    one (its anchors), the rarest that it offers. One automaton of all phrases took 50 ms a message: gaps multiply.
    """

    def __init__(self) -> None:
        self._patterns: list[str] = []
        self._numbers: dict[str, int] = {}
        self._compiled: dict[int, Any] = {}
        self._by_word: dict[str, list[int]] = {}
        self._by_start: dict[str, list[int]] = {}
        self._always: list[int] = []

    def add(self, phrase: str, lists: Mapping[str, str], whole: bool = False) -> int:
        """Raises BadPhrase. `lists`: what `{name}` stands for. whole: `$` is the end of the sentence, and no comma."""
        pattern, anchors = compiled(phrase, lists)
        if whole:
            pattern = pattern.replace(_SIGNS["$"], " $")
        if pattern not in self._numbers:
            number = self._numbers[pattern] = len(self._patterns)
            self._patterns.append(pattern)
            if anchors is None:
                self._always.append(number)
            for word in anchors or ():
                index = self._by_start if word.endswith("*") else self._by_word
                index.setdefault(word.rstrip("*"), []).append(number)
        return self._numbers[pattern]

    def found(self, sentence: str) -> frozenset[int]:
        """The numbers of the phrases in one sentence of `Spelling.sentences`."""
        suspects = set(self._always)
        for word in set(sentence.split()):
            suspects.update(self._by_word.get(word, ()))
            for end in range(SHORTEST_START, len(word) + 1):
                suspects.update(self._by_start.get(word[:end], ()))
        return frozenset(number for number in suspects if self._matches(number, sentence))

    def _matches(self, number: int, sentence: str) -> bool:
        pattern = self._compiled.get(number)
        if pattern is None:  # RE2: its time grows with the text alone, whatever somebody sends
            pattern = self._compiled[number] = re2.compile(self._patterns[number])
        return pattern.search(sentence) is not None


Anchors = frozenset[str] | None  # of which any match holds one word; `word*` is the start of one; None: no such set
Part = tuple[str, Anchors]


def compiled(phrase: str, lists: Mapping[str, str]) -> Part:
    """The regular expression of a phrase, for a sentence as `Spelling.sentences` makes it, and its anchors."""
    parts = [match.group() for match in _PART.finditer(phrase) if not match.group().isspace()]
    if "^" in parts[1:] or "$" in parts[:-1]:
        raise BadPhrase(f"{phrase!r}: '^' stands first and '$' last")
    if "".join(parts) != re.sub(r"\s+", "", phrase):
        raise BadPhrase(f"{phrase!r} holds a sign that means nothing")
    (pattern, anchors), rest = _sequence(parts, lists, phrase)
    if rest:
        raise BadPhrase(f"{phrase!r} has a bracket or a bar too many")
    return (pattern if pattern.endswith("$)") else f"{pattern}[ ]"), anchors


def _sequence(parts: Sequence[str], lists: Mapping[str, str], phrase: str) -> tuple[Part, Sequence[str]]:
    made: list[Part] = []
    rest = parts
    while rest and rest[0] not in ("|", ")"):
        part, rest = rest[0], rest[1:]
        if part == "(":
            choices, rest = _choices(rest, lists, phrase)
            made.append(choices)
        elif part == "?":
            if not made:
                raise BadPhrase(f"{phrase!r} begins with '?'")
            made[-1] = f"(?:{made[-1][0]})?", None
        else:
            made.append(_single(part, lists, phrase))
    anchors = min((part[1] for part in made if part[1] is not None), key=_commonness, default=None)
    return ("".join(pattern for pattern, _ in made), anchors), rest


def _choices(parts: Sequence[str], lists: Mapping[str, str], phrase: str) -> tuple[Part, Sequence[str]]:
    choices: list[Part] = []
    rest = parts
    while True:
        choice, rest = _sequence(rest, lists, phrase)
        if not choice[0]:
            raise BadPhrase(f"{phrase!r} has an empty choice")
        choices.append(choice)
        if not rest:
            raise BadPhrase(f"{phrase!r} has a bracket too few")
        if rest[0] == ")":
            return _either(choices), rest[1:]
        rest = rest[1:]


def _either(choices: Sequence[Part]) -> Part:
    anchors: set[str] = set()
    for _, words in choices:
        if words is None:
            return f"(?:{'|'.join(pattern for pattern, _ in choices)})", None
        anchors |= words
    return f"(?:{'|'.join(pattern for pattern, _ in choices)})", frozenset(anchors)


def _single(part: str, lists: Mapping[str, str], phrase: str) -> Part:
    if part.startswith("{"):
        name = part[1:-1]
        if name not in lists:
            raise BadPhrase(f"{phrase!r} names a list that is not there: {name}")
        return _list(lists[name], lists)
    if part in _SIGNS:
        return _SIGNS[part], None
    start, end = part.startswith("*"), part.endswith("*")
    word = plain(part.strip("*"))
    pattern = f"(?: ,)? {'[^ ]*' if start else ''}{re.escape(word)}{'[^ ]*' if end else ''}"
    if start or (end and len(word) < SHORTEST_START):
        return pattern, None
    return pattern, frozenset({f"{word}*" if end else word})


_SIGNS = {"..": "(?: [^ ]+){0,4}", "...": "(?: [^ ]+){0,12}", "^": "^", "$": " (?:,|$)"}


def _list(choices: str, lists: Mapping[str, str]) -> Part:
    """The alternatives of a named list: `a|b c`."""
    parts = [match.group() for match in _PART.finditer(f"{choices})") if not match.group().isspace()]
    return _choices(parts, lists, choices)[0]


def _commonness(anchors: frozenset[str]) -> float:
    """A rough guess at how many sentences hold one of the words: short words are common, long ones rare."""
    return sum(4.0 ** -min(len(word), 7) for word in anchors)


def _one_slip(word: str) -> set[str]:
    """The word with a letter too few, too many, wrong, or two changed about."""
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    fewer = {left + right[1:] for left, right in cuts if right}
    swapped = {left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1}
    wrong = {left + letter + right[1:] for left, right in cuts if right for letter in ascii_lowercase}
    more = {left + letter + right for left, right in cuts for letter in ascii_lowercase}
    return fewer | swapped | wrong | more
