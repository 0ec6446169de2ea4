"""Secrets of the installation, kept in the database wrapped by a master key.

Were they derived from the master key, a new master key would change them: every return code would be dead.
"""

import os

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.storage.models import SecretRow
from web.storage.sealing import MasterKeys

PEPPER = "pepper"
_BYTES = 32


def pepper(session: Session, master: MasterKeys) -> bytes:
    """What the hashes of return codes are made with; made at its first use, which needs a session that may write."""
    row = session.get(SecretRow, PEPPER)
    if row is not None:
        return master.open(row.key_id, row.wrapped_key, _place(PEPPER))
    plain = os.urandom(_BYTES)
    session.add(SecretRow(name=PEPPER, key_id=master.current, wrapped_key=master.wrap(plain, _place(PEPPER))))
    session.flush()
    return plain


def rewrap(session: Session, master: MasterKeys) -> int:
    """Wrap those that another master key wraps again by the current one; returns how many."""
    others = session.scalars(select(SecretRow).where(SecretRow.key_id != master.current).with_for_update()).all()
    for row in others:
        row.wrapped_key = master.rewrap(row.key_id, row.wrapped_key, _place(row.name))
        row.key_id = master.current
    return len(others)


def _place(name: str) -> bytes:
    return b"secret of the installation: " + name.encode()
