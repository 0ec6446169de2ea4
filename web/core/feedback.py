"""The two questions after a conversation, and the ticket that lets somebody answer them once.

A ticket says that this installation made it on some day, and nothing else: it is made of chance, so it leads to no
conversation, and no cookie is asked for. Only its hash is kept, beside the answer, so that it works once.
"""

import base64
import binascii
import hashlib
import hmac
from datetime import date, timedelta
from enum import StrEnum

MISSING_LIMIT = 1000  # characters of "what did you miss?"
FEWEST_TOLD = 5  # smaller counts are not told, and fewer texts are not shown: they could point at somebody
_CHANCE, _DAY, _SIGN = 16, 4, 16  # bytes
_KEY = "feedback "
_PURPOSE = b"feedback ticket"


class Helpful(StrEnum):
    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Given(StrEnum):
    """What became of an answer."""

    KEPT = "kept"
    BEFORE = "before"  # this ticket has served: nothing is kept a second time
    TOO_OLD = "too_old"  # or never ours


def make_ticket(pepper: bytes, chance: bytes, today: date) -> str:
    """chance: 16 random bytes."""
    plain = chance + today.toordinal().to_bytes(_DAY, "big")
    return base64.urlsafe_b64encode(plain + _sign(pepper, plain)).decode()  # 36 bytes: no padding


def is_ours(pepper: bytes, ticket: str, today: date) -> bool:
    """Made by this installation, today or yesterday: a ticket holds a day and no time, and a day ends at midnight."""
    try:
        raw = base64.urlsafe_b64decode(ticket.encode("ascii"))
    except (binascii.Error, ValueError):
        return False
    if base64.urlsafe_b64encode(raw).decode() != ticket:  # written otherwise it would serve a second time
        return False
    plain, signed = raw[: _CHANCE + _DAY], raw[_CHANCE + _DAY :]
    if not hmac.compare_digest(signed, _sign(pepper, plain)):
        return False
    made_on = int.from_bytes(plain[_CHANCE:], "big")
    return today.toordinal() - 1 <= made_on <= today.toordinal()


def ticket_hash(ticket: str) -> bytes:
    return hashlib.sha256(ticket.encode()).digest()


def key_name(day: date) -> str:
    """Texts of one month are sealed with one key, which is destroyed when the last of them is due."""
    return f"{_KEY}{day:%Y-%m}"


def keys_due(today: date, after: timedelta) -> tuple[str, str]:
    """From which name on, and before which, keys belong to months of which nothing is kept any more."""
    return _KEY, key_name(today - after)


def told(counts: dict[str, int]) -> dict[str, str]:
    """The counts as they may be told, with their total; small ones hidden, also from who can subtract."""
    shown = {
        name: str(count) if count == 0 or count >= FEWEST_TOLD else f"<{FEWEST_TOLD}" for name, count in counts.items()
    }
    hidden = any(0 < count < FEWEST_TOLD for count in counts.values())
    total = sum(count for count in counts.values() if not hidden or count >= FEWEST_TOLD)
    return {**shown, "all": f"at least {total}" if hidden else str(total)}


def _sign(pepper: bytes, plain: bytes) -> bytes:
    return hmac.digest(pepper, _PURPOSE + plain, "sha256")[:_SIGN]
