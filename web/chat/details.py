"""What stands in the place of identifying details, in the visitor's language; for pages that the server writes."""

from collections.abc import Iterable

from web.chat import wording
from web.core.details import Found, Kind


def left_out(kind: Kind) -> str:
    """The same words as the chat's script has for it."""
    return wording.text(f"left_{kind.value}")


def without(text: str, found: Iterable[Found]) -> str:
    """The text with each detail replaced by the word that it was left out."""
    kept, at = [], 0
    for one in found:
        kept += [text[at : one.start], left_out(one.kind)]
        at = one.end
    return "".join([*kept, text[at:]])
