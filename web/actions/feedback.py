"""The two questions after a conversation. Answers are kept apart: no conversation, no time, no cookie leads to them."""

import os
import secrets
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from web.actions import audit
from web.actions.outcome import Outcome, Work
from web.core import feedback as core
from web.core import scrub
from web.core.audit import Deed
from web.core.entries import clean_text
from web.core.errors import Code, Refused
from web.core.feedback import Given, Helpful
from web.storage import feedback as rows
from web.storage.models import FeedbackRow
from web.storage.sealing import CannotOpen, open_missing, seal_missing

NOT_SAID = "not said"


@dataclass(frozen=True)
class Summary:
    """helpful: how many gave each answer, as it may be told. texts: how many said what they missed."""

    helpful: dict[str, str]
    texts: str


def ticket(work: Work) -> str | None:
    """A ticket for one answer; None before the installation has its pepper, then `first_ticket` makes both."""
    pepper = work.entries.known_secret(work.session)
    return core.make_ticket(pepper, os.urandom(16), work.now.date()) if pepper is not None else None


def first_ticket(work: Work) -> Outcome[str]:
    return Outcome(core.make_ticket(work.entries.pepper(work.session), os.urandom(16), work.now.date()))


def give(work: Work, ticket: str, language: str, helpful: Helpful | None, missing: str) -> Outcome[Given]:
    """Keep an answer. Refused: EMPTY when nothing was chosen or written, TOO_LONG."""
    words = clean_text(missing) if missing.strip() else ""
    if not words and helpful is None:
        raise Refused(Code.EMPTY)
    if len(words) > core.MISSING_LIMIT:
        raise Refused(Code.TOO_LONG, limit=core.MISSING_LIMIT, length=len(words))
    today, which = work.now.date(), core.ticket_hash(ticket)
    pepper = work.entries.known_secret(work.session)
    if pepper is None or not core.is_ours(pepper, ticket, today):
        return Outcome(Given.TOO_OLD)
    if rows.by_ticket(work.session, which) is not None:
        return Outcome(Given.BEFORE)
    sealed = None
    if words:
        key = work.entries.secret(work.session, core.key_name(today))
        sealed = seal_missing(key, which, scrub.mask(words).encode())
    row = FeedbackRow(ticket_hash=which, day=today, language=language, helpful=helpful, sealed_missing=sealed)
    work.session.add(row)
    return Outcome(Given.KEPT)


def counts(work: Work, days: int) -> Summary:
    """Of the last `days` days."""
    found = rows.since(work.session, work.now.date() - timedelta(days=days))
    answers = Counter(row.helpful.value if row.helpful else NOT_SAID for row in found)
    written = sum(row.sealed_missing is not None for row in found)
    helpful = {name: answers[name] for name in (*(item.value for item in Helpful), NOT_SAID)}
    return Summary(core.told(helpful), core.told({"texts": written})["texts"])


def texts(work: Work, staff_id: int, days: int) -> Outcome[list[str]]:
    """What people missed, in an order that says nothing; none while there are few. Who read them is written down."""
    found = [row for row in rows.since(work.session, work.now.date() - timedelta(days=days)) if row.sealed_missing]
    audit.note(work, Deed.FEEDBACK_READ, staff_id, detail=f"{days} days")
    if len(found) < core.FEWEST_TOLD:
        return Outcome([])
    opened = [_opened(work, row) for row in found]
    secrets.SystemRandom().shuffle(opened)
    return Outcome(opened)


def _opened(work: Work, row: FeedbackRow) -> str:
    key = work.entries.known_secret(work.session, core.key_name(row.day))
    try:
        return open_missing(key or b"", row.ticket_hash, row.sealed_missing or b"").decode()
    except (CannotOpen, ValueError):  # the second: its key is gone
        return "(unreadable)"
