"""Return codes: seven words that bring a visitor without a name back to the own conversation.

Without the pepper seven words, each any of 1,024, are 7 x log2(1024) = 70 bits: 1.2e21 codes. With a million codes
in use one guess finds any of them with a chance of 1 in 1.2e15; at a hundred guesses a second that takes 370,000 years
on average. The database keeps an HMAC under a pepper that only the master key opens, so a copy of the database alone
leaves nothing to guess against. Whoever has the pepper as well can work out the codes: it is guarded like the master
keys, which open the conversations themselves, and codes end with their conversations.

Source: random words for secrets that people keep, A. Reinhold, Diceware (1995); words that their first four
letters tell apart, Bitcoin BIP 39 (2013). The lists and their rules: data/words/README.md.
"""

import hmac
import re
import unicodedata
from collections.abc import Sequence

from web.core.errors import Code, Refused

LENGTH = 7
PREFIX = 4  # letters that tell the words of a list apart

_TYPED_LIMIT = 400  # characters; seven words of eight letters, numbered, are under a hundred


def derive(words: Sequence[str], pepper: bytes, conversation: bytes) -> tuple[str, ...]:
    """The code of a conversation: the same each time, and no guess without the pepper.

    words: any number; with a power of two each is as likely as the others.
    """
    chance = int.from_bytes(hmac.digest(pepper, b"return code" + conversation, "sha512"))
    code = []
    for _ in range(LENGTH):
        chance, at = divmod(chance, len(words))
        code.append(words[at])
    return tuple(code)


def normalise(typed: str, lists: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The seven words that somebody means.

    typed: any case, accents, numbering, and anything that is no letter between the words. A word may be cut off
        after its fourth letter or hold one mistake (a letter wrong, too many, missing, or two swapped).
    lists: one for each language; a code is wholly of one of them. Where several could be meant, the one with the
        fewest mistakes is.
    Refused: WRONG_CODE. Guessing generously helps nobody who has no code: the words still must be the right ones.
    """
    pieces = _pieces(typed)
    if len(pieces) != LENGTH:
        raise Refused(Code.WRONG_CODE)
    readings = [reading for words in lists if (reading := _read(pieces, words)) is not None]
    if not readings:
        raise Refused(Code.WRONG_CODE)
    fewest = min(mistakes for mistakes, _ in readings)
    meant = {code for mistakes, code in readings if mistakes == fewest}
    if len(meant) != 1:
        raise Refused(Code.WRONG_CODE)
    return meant.pop()


def digest(words: Sequence[str], pepper: bytes) -> bytes:
    """What is stored of a code and looked up: 32 bytes, HMAC-SHA256 (RFC 2104) over the normalised words."""
    return hmac.digest(pepper, " ".join(words).encode(), "sha256")


def within_one_edit(one: str, other: str) -> bool:
    """At most one letter is different, too many or missing, or two neighbours changed places."""
    shorter, longer = (one, other) if len(one) <= len(other) else (other, one)
    if len(longer) - len(shorter) > 1:
        return False
    start = next((at for at, pair in enumerate(zip(shorter, longer, strict=False)) if pair[0] != pair[1]), len(shorter))
    rest, more = shorter[start:], longer[start:]  # from the first difference on
    if len(rest) != len(more):
        return rest == more[1:]
    return rest[1:] == more[1:] or (rest[:2] == more[1::-1] and rest[2:] == more[2:])


def _pieces(typed: str) -> list[str]:
    if len(typed) > _TYPED_LIMIT:
        raise Refused(Code.WRONG_CODE)
    folded = unicodedata.normalize("NFKD", typed.casefold())
    bare = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return re.findall(r"[a-z]+", bare)


def _read(pieces: Sequence[str], words: Sequence[str]) -> tuple[int, tuple[str, ...]] | None:
    """How many pieces are no word of the list as they stand, and the words that are meant; None if one is unclear."""
    meant: list[str] = []
    for piece in pieces:
        word = _word(piece, words)
        if word is None:
            return None
        meant.append(word)
    return sum(piece != word for piece, word in zip(pieces, meant, strict=True)), tuple(meant)


def _word(piece: str, words: Sequence[str]) -> str | None:
    if piece in words:
        return piece
    started = [word for word in words if word[:PREFIX] == piece[:PREFIX]]
    cut_off = [word for word in started if word.startswith(piece)]
    close = cut_off or [word for word in words if within_one_edit(piece, word)]
    meant = close if len(close) == 1 else started
    return meant[0] if len(meant) == 1 else None
