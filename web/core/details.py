"""Finds in a message what could name somebody, so that the visitor is asked before it goes.

The browser looks first (web/client/shared/details.ts), this is the look that counts. Exact rather than eager: a false
alarm frightens people who are careful already. Numbers are judged by what is known of them: numbering plans
(phonenumbers) and check digits (python-stdnum: ISO 13616 for IBANs, the eleven test for a BSN).
No pattern looks further than some dozens of characters, so no message can make it slow.
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

import phonenumbers
import re2
from phonenumbers import PhoneNumberType
from stdnum import iban
from stdnum.be import nn
from stdnum.nl import bsn

from web.core import detail_patterns as patterns


class Kind(StrEnum):
    """What kind of detail: a word of the protocol."""

    PHONE = "phone"
    EMAIL = "email"
    IBAN = "iban"
    CITIZEN_NUMBER = "citizen_number"
    ADDRESS = "address"
    PROFILE = "profile"


class Found(NamedTuple):
    """One detail: text[start:end] of the message."""

    kind: Kind
    text: str
    start: int
    end: int


# Numbers that stand in our own referral list and look like anybody's; a test compares.
PUBLIC_NUMBERS = frozenset({"+31202615275", "+31880767000", "+441372847161"})
NOBODYS = frozenset({PhoneNumberType.TOLL_FREE, PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST})
REGIONS = {9: ("BE",), 10: ("NL", "BE", "GB"), 11: ("GB",)}  # who has numbers of so many digits, with the zero
MOST_TRIES = 60  # of a kind in one message: far more than a person writes, and still quick

_GATE = re2.compile(patterns.GATE)
_EMAIL = re.compile(patterns.EMAIL, re.IGNORECASE)
_LINK = re.compile(patterns.PROFILE_LINK, re.IGNORECASE)
_HANDLES = [re.compile(pattern, re.IGNORECASE) for pattern in patterns.HANDLES]
_IBAN = re.compile(patterns.IBAN, re.IGNORECASE)
_ADDRESSES = [re.compile(pattern, re.IGNORECASE) for pattern in patterns.ADDRESSES]
_DATE = re.compile(patterns.DATE)
_NUMBER = re.compile(patterns.NUMBER)
_REGISTER = re.compile(patterns.REGISTER)
_CITIZEN = re.compile(patterns.CITIZEN)
_CALLED_CITIZEN = re.compile(patterns.CALLED_CITIZEN, re.IGNORECASE)
_MONEY_BEFORE = re.compile(patterns.MONEY_BEFORE, re.IGNORECASE)


def find(text: str) -> tuple[Found, ...]:
    """The details in the text, in their order; none lies over another."""
    if _GATE.search(text) is None:
        return ()
    found: list[Found] = []
    left = text
    # The surest first: what it takes is not looked at again, so that the digits of an IBAN are no telephone number.
    for kind, spans in (
        (Kind.EMAIL, _emails),
        (Kind.PROFILE, _profiles),
        (Kind.IBAN, _ibans),
        (Kind.ADDRESS, _addresses),
        (Kind.CITIZEN_NUMBER, _register_numbers),
        (Kind.PHONE, _phones),
        (Kind.CITIZEN_NUMBER, _citizen_numbers),
    ):
        for start, end in list(spans(left)):
            found.append(Found(kind, text[start:end], start, end))
            left = left[:start] + "\n" * (end - start) + left[end:]
    return tuple(sorted(found, key=lambda one: one.start))


Spans = Iterator[tuple[int, int]]


def _emails(text: str) -> Spans:
    return (match.span() for match in _EMAIL.finditer(text))


def _profiles(text: str) -> Spans:
    taken = 0
    spans = [match.span() for match in _LINK.finditer(text)]
    for pattern in _HANDLES:
        spans += [match.span("handle") for match in pattern.finditer(text)]
    for start, end in sorted(spans):
        if start >= taken:
            taken = start + len(text[start:end].rstrip(".,-?!/&"))
            yield start, taken


def _ibans(text: str) -> Spans:
    tries = 0
    for match in _IBAN.finditer(text):
        tries += 1
        characters = [at for at in range(*match.span()) if text[at].isalnum()]
        length = patterns.IBAN_LENGTHS.get(match[0][:2].upper(), 0)
        if not length or len(characters) < length or tries > MOST_TRIES:
            continue
        end = characters[length - 1] + 1
        ends_here = not text[end : end + 1].isalnum()
        if ends_here and iban.is_valid("".join(text[at] for at in characters[:length]), check_country=False):
            yield match.start(), end


def _addresses(text: str) -> Spans:
    taken = 0
    spans = []
    for pattern in _ADDRESSES:
        for match in pattern.finditer(text):
            letters = match.groupdict().get("letters")
            if letters is None or _is_postcode(match["digits"], letters, match["gap"], match.groupdict().get("street")):
                spans.append(match.span())
    for start, end in sorted(spans):
        if start >= taken:
            yield start, end
            taken = end


def _is_postcode(digits: str, letters: str, gap: str, street: str | None) -> bool:
    """'1234 AB' is one; '2019 en', '1200 km' are not."""
    if letters.upper() in patterns.NO_POSTCODE_LETTERS:
        return False
    if letters.isupper() or street:
        return True
    year = digits[:2] in ("19", "20") and gap != ""
    return not year and letters.lower() not in patterns.SHORT_WORDS


def _phones(text: str) -> Spans:
    tries = MOST_TRIES
    for piece in _NUMBER.finditer(_DATE.sub(lambda date: "\n" * len(date[0]), text)):
        groups = list(re.finditer(r"\+?\d+", piece[0]))
        first = 0
        while first < len(groups):
            span, used = _phone_from(piece[0], groups, first, tries)
            tries -= used
            if span is None:
                first += 1
                continue
            yield piece.start() + span[0], piece.start() + span[1]
            while first < len(groups) and groups[first].start() < span[1]:
                first += 1


def _phone_from(piece: str, groups: list[re.Match[str]], first: int, tries: int) -> tuple[tuple[int, int] | None, int]:
    """The longest telephone number that begins with this group, and how often it was tried."""
    lead = groups[first][0]
    if lead[0] not in "0+" and not lead.startswith(patterns.BARE_COUNTRIES):
        return None, 0
    digits, endings = "", []
    for group in groups[first : first + patterns.MOST_DIGITS]:
        digits += group[0].removeprefix("+")
        if len(digits) > patterns.MOST_DIGITS:
            break
        endings.append((len(digits), group.end()))
    if lead == "0" and digits[1:2] not in tuple("0467"):
        return None, 0  # '0 10 20 30' counts, '0 6 1 2' dials
    used = 0
    for length, end in reversed(endings):
        if length < patterns.FEWEST_DIGITS or used >= tries:
            break
        used += 1
        if _is_phone(lead, digits[:length]):
            start = groups[first].start()
            return (start - 1 if piece[start - 1 : start] == "(" else start, end), used
    return None, used


def _is_phone(lead: str, digits: str) -> bool:
    if lead[0] == "+" or digits.startswith("00"):
        bare = digits if lead[0] == "+" else digits[2:]
        return _somebodys("+" + patterns.NATIONAL_ZERO.sub(r"\1", bare))
    if lead[0] != "0":
        return _somebodys("+" + digits, only=PhoneNumberType.MOBILE)
    return any(_somebodys(digits, region) for region in REGIONS.get(len(digits), ()))


def _somebodys(written: str, region: str | None = None, only: int | None = None) -> bool:
    try:
        number = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException:
        return False
    if not phonenumbers.is_valid_number(number):
        return False
    if f"+{number.country_code}{number.national_number}" in PUBLIC_NUMBERS:
        return False
    kind = phonenumbers.number_type(number)
    return kind not in NOBODYS and only in (None, kind)


def _register_numbers(text: str) -> Spans:
    return (match.span() for match in _REGISTER.finditer(text) if nn.is_valid(match[0]))


def _citizen_numbers(text: str) -> Spans:
    for match in _CITIZEN.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        before = text[max(0, match.start() - 40) : match.start()]
        called = _CALLED_CITIZEN.search(before) is not None
        if _MONEY_BEFORE.search(before) or (digits.startswith(patterns.HELPLINES) and not called):
            continue
        if (called or len(digits) == 9) and bsn.is_valid(digits.zfill(9)):
            yield match.span()
