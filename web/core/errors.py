"""The one way in which the core says no."""

from enum import StrEnum
from typing import Any


class Code(StrEnum):
    """What was refused. The same words in acknowledgements, in docs/protocol.md and in the browser's texts."""

    BAD_PAYLOAD = "bad_payload"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    IDENTIFYING = "identifying"
    TOO_FAST = "too_fast"
    CLOSED = "closed"
    NOT_FOUND = "not_found"
    ALREADY_CLAIMED = "already_claimed"
    NOT_WAITING = "not_waiting"
    ILLEGAL_MOVE = "illegal_move"
    NOT_OPEN = "not_open"
    AT_CAPACITY = "at_capacity"
    NOT_AVAILABLE = "not_available"
    OFFER_GONE = "offer_gone"
    SLOT_TAKEN = "slot_taken"
    WRONG_CODE = "wrong_code"
    OUTDATED = "outdated"
    BUSY = "busy"
    INTERNAL = "internal"


class Refused(Exception):
    """An answer, not a fault: nothing changed. `detail` holds plain values for the message.

    Never a visitor's words, but for what IDENTIFYING found: it goes back to the one who wrote it, and nowhere else.
    """

    def __init__(self, code: Code, **detail: Any) -> None:
        super().__init__(code.value)
        self.code = code
        self.detail = detail
