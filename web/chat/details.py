"""The words for identifying details, in the visitor's language; for pages that the server writes."""

from collections.abc import Iterable

from flask_babel import gettext as _

from web.core.details import Found, Kind


def name_of(kind: Kind) -> str:
    """As in 'There is … in your message'."""
    names: dict[Kind, str] = {
        Kind.PHONE: _("a phone number"),
        Kind.EMAIL: _("an e-mail address"),
        Kind.IBAN: _("a bank account number"),
        Kind.CITIZEN_NUMBER: _("a citizen service number"),
        Kind.ADDRESS: _("an address"),
        Kind.PROFILE: _("a profile on social media"),
    }
    return names[kind]


def left_out(kind: Kind) -> str:
    """What stands in a message in the place of such a detail."""
    marks: dict[Kind, str] = {
        Kind.PHONE: _("[phone number left out]"),
        Kind.EMAIL: _("[e-mail address left out]"),
        Kind.IBAN: _("[account number left out]"),
        Kind.CITIZEN_NUMBER: _("[citizen number left out]"),
        Kind.ADDRESS: _("[address left out]"),
        Kind.PROFILE: _("[profile left out]"),
    }
    return marks[kind]


def without(text: str, found: Iterable[Found]) -> str:
    """The text with each detail replaced by the word that it was left out."""
    kept, at = [], 0
    for one in found:
        kept += [text[at : one.start], left_out(one.kind)]
        at = one.end
    return "".join([*kept, text[at:]])
