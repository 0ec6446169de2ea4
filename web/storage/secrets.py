"""Secrets of the installation, kept in the database wrapped by a master key.

Were they derived from the master key, a new master key would change them: every return code would be dead.
"""

import os

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from web.storage.models import SecretRow
from web.storage.sealing import MasterKeys

PEPPER = "pepper"
_BYTES = 32


def known(session: Session, master: MasterKeys, name: str) -> bytes | None:
    """A secret that was made before."""
    row = session.get(SecretRow, name)
    return master.open(row.key_id, row.wrapped_key, _place(name)) if row is not None else None


def make(session: Session, master: MasterKeys, name: str) -> bytes:
    """The secret of that name; made at its first use, which needs a session that may write."""
    before = known(session, master, name)
    if before is not None:
        return before
    plain = os.urandom(_BYTES)
    session.add(SecretRow(name=name, key_id=master.current, wrapped_key=master.wrap(plain, _place(name))))
    session.flush()
    return plain


def destroy_between(session: Session, first: str, end: str) -> None:
    """Secrets whose names are not before `first` and before `end`: what they sealed opens no more."""
    session.execute(delete(SecretRow).where(SecretRow.name >= first, SecretRow.name < end))


def rewrap(session: Session, master: MasterKeys) -> int:
    """Wrap those that another master key wraps again by the current one; returns how many."""
    others = session.scalars(select(SecretRow).where(SecretRow.key_id != master.current).with_for_update()).all()
    for row in others:
        row.wrapped_key = master.rewrap(row.key_id, row.wrapped_key, _place(row.name))
        row.key_id = master.current
    return len(others)


def _place(name: str) -> bytes:
    return b"secret of the installation: " + name.encode()
