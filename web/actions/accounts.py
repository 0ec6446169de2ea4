"""Signing in and out, and making accounts."""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error

from web.actions.access import hash_token
from web.actions.outcome import Outcome, Work
from web.core.errors import Code, Refused
from web.core.events import SignedOut
from web.core.staff import Role
from web.storage import staff
from web.storage.models import StaffRow, StaffSessionRow

SESSION_LENGTH = timedelta(hours=12)  # a long shift; nobody stays signed in over night
_hasher = PasswordHasher()


def sign_in(work: Work, username: str, password: str) -> Outcome[str]:
    """A token for the cookie. Refused: NOT_FOUND for a wrong name and a wrong password alike, after equal work."""
    row = staff.by_username(work.session, username.strip().lower())
    expected = row.password_hash if row is not None and row.active else _nobodys_hash()
    try:
        _hasher.verify(expected, password)
    except Argon2Error:
        raise Refused(Code.NOT_FOUND) from None
    if row is None or not row.active:
        raise Refused(Code.NOT_FOUND)
    token = secrets.token_urlsafe(32)
    staff.end_old_sessions(work.session, work.now - SESSION_LENGTH)
    work.session.add(StaffSessionRow(token_hash=hash_token(token), staff_id=row.staff_id, started_at=work.now))
    return Outcome(token)


def sign_out(work: Work, token: str) -> Outcome[None]:
    worker = signed_in(work, token)
    staff.end_session(work.session, hash_token(token))
    return Outcome(None, (SignedOut(worker.staff_id),) if worker is not None else ())


def signed_in(work: Work, token: str | None) -> StaffRow | None:
    """The worker whose session this is, if it is still valid."""
    if not token:
        return None
    return staff.by_token_hash(work.session, hash_token(token), work.now - SESSION_LENGTH)


def create(
    work: Work,
    username: str,
    name: str,
    role: Role,
    password: str,
    capacity: int | None = None,
    languages: Sequence[str] | None = None,
    skills: Sequence[str] | None = None,
) -> Outcome[int]:
    """Make an account, or give an existing one this name, role and password, and what else is given."""
    row = staff.by_username(work.session, username)
    if row is None:
        row = StaffRow(username=username, active=True)
        work.session.add(row)
    row.name, row.role, row.password_hash = name, role, _hasher.hash(password)
    if capacity is not None:
        row.capacity = capacity
    if languages is not None:
        row.languages = " ".join(languages)
    if skills is not None:
        row.skills = " ".join(skills)
    work.session.flush()
    return Outcome(row.staff_id)


@cache
def _nobodys_hash() -> str:
    return _hasher.hash(secrets.token_urlsafe(16))
