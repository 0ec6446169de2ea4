"""Slips of the keyboard: an unknown word becomes the known word that is one slip away, if there is one.

Known are the words of the training lines, and what the sentence encoder has a piece of its own for, so that a word that
is merely rare is left alone. Short forms of chats are spelled out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?")
SHORTEST = 4  # a shorter word is one slip away from too many others
OFTEN = 2  # a word that stands in one line only is no model for another
SHORT_FORMS = {
    **{"u": "you", "ur": "your", "pls": "please", "plz": "please", "ppl": "people", "cuz": "because", "coz": "because"},
    **{"idk": "i don't know", "wanna": "want to", "gonna": "going to", "tmrw": "tomorrow", "tonite": "tonight"},
    **{
        "dont": "don't",
        "cant": "can't",
        "im": "i'm",
        "ive": "i've",
        "wont": "won't",
        "didnt": "didn't",
        "isnt": "isn't",
    },
    **{"msg": "message", "msgs": "messages", "b4": "before", "2nite": "tonight", "bf": "boyfriend", "gf": "girlfriend"},
    **{"sum1": "someone", "som1": "someone", "hubby": "husband", "cops": "police", "fone": "phone", "thru": "through"},
    **{"ff": "even", "ffkes": "even", "efkes": "even", "idd": "inderdaad", "mss": "misschien", "wrm": "waarom"},
    **{"kweenie": "ik weet niet", "kheb": "ik heb", "kben": "ik ben", "kga": "ik ga", "kwil": "ik wil", "nie": "niet"},
    **{"iem": "iemand", "egt": "echt", "ofzo": "of zo", "smorgens": "'s morgens", "tis": "het is", "ist": "is het"},
}


class Speller:
    """Corrects a text; made from how often each word stands in the training lines."""

    def __init__(self, counts: Mapping[str, int], known: Iterable[str] = ()) -> None:
        self.counts = dict(counts)
        self._left_alone = {*counts, *known}
        self._near: dict[str, list[str]] = {}
        for word, count in self.counts.items():
            if count >= OFTEN and len(word) >= SHORTEST:
                for cut in _cuts(word):
                    self._near.setdefault(cut, []).append(word)

    @classmethod
    def of(cls, texts: Iterable[str], known: Iterable[str] = ()) -> Speller:
        """A speller that knows the words of these texts."""
        return cls(Counter(word for text in texts for word in WORD.findall(text.lower())), known)

    def __call__(self, text: str) -> str:
        """The text in lower case, corrected."""
        return WORD.sub(lambda match: self._word(match.group(0)), text.lower())

    def knows_any(self, text: str) -> bool:
        """Whether any word of two letters or more is a known one, or a slip of a known one that is not too short."""
        words = WORD.findall(text.lower())
        known = (len(word) > 1 and word in self._left_alone for word in words)
        return any(known) or any(len(word) > SHORTEST and self._word(word) != word for word in words)

    def _word(self, word: str) -> str:
        if word in SHORT_FORMS:
            return SHORT_FORMS[word]
        if word in self._left_alone or len(word) < SHORTEST:
            return word
        found = {other for cut in _cuts(word) for other in self._near.get(cut, ()) if _one_slip(word, other)}
        # The same first letter, then the commonest; the word itself last, so that the choice never depends on a set.
        return max(found, key=lambda other: (other[0] == word[0], self.counts[other], other), default=word)


def _cuts(word: str) -> set[str]:
    """The word, and the word without each of its letters in turn (W. Garbe, SymSpell, 2012)."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def _one_slip(word: str, other: str) -> bool:
    """A letter more, less, or another, or two that changed places. The two share a cut already."""
    if len(word) != len(other):
        return abs(len(word) - len(other)) == 1
    wrong = [at for at in range(len(word)) if word[at] != other[at]]
    if len(wrong) == 2 and wrong[1] == wrong[0] + 1:
        return word[wrong[0]] == other[wrong[1]] and word[wrong[1]] == other[wrong[0]]
    return len(wrong) == 1
