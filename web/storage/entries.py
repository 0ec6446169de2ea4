"""Entries on their way in and out of the database: the only place where they are sealed and opened."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, bindparam, select, tuple_, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from web.core.conversation import Change, Conversation
from web.core.entries import Body, Entry, Sender
from web.core.states import State
from web.storage import secrets, statements
from web.storage.models import ConversationRow, EntryRow
from web.storage.models.conversation import CORE_FIELDS, from_values, to_values
from web.storage.sealing import NO_KEY, MasterKeys, open_entry, seal_entry
from web.storage.statements import MESSAGE_COLUMNS, SealedEntry

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_table: Any = ConversationRow.__table__
_others = attrgetter(*(name for name in CORE_FIELDS if name not in MESSAGE_COLUMNS))
# A conversation whose key was destroyed is gone, though its rows may still be there for some moments.
_LOAD = select(
    *(_table.c[name] for name in CORE_FIELDS), _table.c.key_id, _table.c.wrapped_key, _table.c.version
).where(_table.c.key_id != NO_KEY)
_SET_ALL = (
    update(_table)
    .where(_table.c.conversation_id == bindparam("which"), _table.c.version == bindparam("known"))
    .values(version=_table.c.version + 1, **{name: bindparam(f"new_{name}") for name in CORE_FIELDS})
)
KNOWN = 5_000  # conversations whose state a process keeps in memory


class Stored(NamedTuple):
    """What became of a message; the acknowledgement."""

    number: int
    prev: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Loaded:
    """A conversation as it is in the database at this version, with what seals its entries."""

    version: int
    conversation: Conversation
    cipher: AESGCM


class EntryStore:
    """Entries of one installation, which knows its master keys.

    The state of conversations that were written lately is kept in memory. It is written back only where the database
    still has that version of it, so what another process did in between is never overwritten: the whole transaction
    is turned away (StaleDataError) and runs again on what the database says.
    """

    def __init__(self, master: MasterKeys) -> None:
        self._master = master
        self._known: dict[UUID, Loaded] = {}

    def add(self, session: Session, row: ConversationRow, entries: Sequence[Entry]) -> None:
        if entries:
            cipher = AESGCM(self._key(row))
            sealed = [_sealed(cipher, row.conversation_id, entry) for entry in entries]
            statements.insert_entries(session.connection(), sealed)

    def load_many(self, session: Session, conversation_ids: Iterable[UUID], anew: bool) -> dict[UUID, Loaded]:
        """Their states; `anew`: not from memory, and locked until the end of the transaction.

        Locked in one order, so that two processes never wait for each other.
        """
        wanted = sorted(set(conversation_ids))
        found = {} if anew else {which: self._known[which] for which in wanted if which in self._known}
        missing = [which for which in wanted if which not in found]
        if missing:
            query = _LOAD.where(_table.c.conversation_id.in_(missing)).order_by(_table.c.conversation_id)
            for row in session.connection().execute(query.with_for_update(key_share=True)):
                conversation = from_values(row[:-3])
                key = self._master.unwrap(row[-3], row[-2], conversation.conversation_id)
                found[conversation.conversation_id] = Loaded(row[-1], conversation, AESGCM(key))
        return found

    def write_many(self, session: Session, loaded: dict[UUID, Loaded], changes: Sequence[Change]) -> dict[UUID, Loaded]:
        """Append the entries of all changes and store the last state of each conversation.

        Returns what `remember` takes, once it is committed. Raises StaleDataError if a state was not the last one.
        """
        rows = []
        after: dict[UUID, Conversation] = {}
        for change in changes:
            which = change.after.conversation_id
            after[which] = change.after
            cipher = loaded[which].cipher
            rows += [_sealed(cipher, which, entry) for entry in change.entries]
        written = {
            which: Loaded(loaded[which].version + 1, last, loaded[which].cipher)
            for which, last in sorted(after.items())
        }
        # First, and in one order: whoever was slower is turned away here, and no two wait for each other.
        states = [(now.conversation, loaded[which].version) for which, now in written.items()]
        plain = all(_others(loaded[which].conversation) == _others(now.conversation) for which, now in written.items())
        connection = session.connection()
        if states and not (statements.set_numbers if plain else _set_all)(connection, states):
            self.forget(*loaded)
            raise StaleDataError("somebody else wrote in between")
        if rows:
            statements.insert_entries(connection, rows)
        return written

    def forget(self, *conversation_ids: UUID) -> None:
        """Others wrote them: what is kept in memory would only be turned away."""
        for which in conversation_ids:
            self._known.pop(which, None)

    def remember(self, written: dict[UUID, Loaded]) -> None:
        """Only what is committed: nobody else can then have given the same version to another state."""
        for which, state in written.items():
            self._known.pop(which, None)
            if state.conversation.state is not State.CLOSED:
                self._known[which] = state
        while len(self._known) > KNOWN:
            del self._known[next(iter(self._known))]

    def new_key(self, conversation_id: UUID) -> tuple[str, bytes]:
        """Id of the master key and the wrapped key for a new conversation."""
        key_id, wrapped, _ = self._master.new_key(conversation_id)
        return key_id, wrapped

    def pepper(self, session: Session) -> bytes:
        """What return codes are hashed with; see secrets.py. Its first use needs a session that may write."""
        return secrets.make(session, self._master, secrets.PEPPER)

    def known_secret(self, session: Session, name: str = secrets.PEPPER) -> bytes | None:
        """The pepper, or another secret, if it was made before; nothing is written."""
        return secrets.known(session, self._master, name)

    def secret(self, session: Session, name: str) -> bytes:
        """Another secret of the installation, made at its first use."""
        return secrets.make(session, self._master, name)

    def after(self, session: Session, row: ConversationRow, number: int) -> list[Entry]:
        """All entries after that number, in order."""
        found = session.scalars(
            select(EntryRow)
            .where(EntryRow.conversation_id == row.conversation_id, EntryRow.number > number)
            .order_by(EntryRow.number)
        )
        cipher = AESGCM(self._key(row))
        return [_opened(cipher, entry) for entry in found]

    def one(self, session: Session, row: ConversationRow, number: int) -> Entry | None:
        found = session.get(EntryRow, (row.conversation_id, number))
        return _opened(AESGCM(self._key(row)), found) if found else None

    def _key(self, row: ConversationRow) -> bytes:
        return self._master.unwrap(row.key_id, row.wrapped_key, row.conversation_id)


Key = tuple[UUID, Sender, str]


def stored(session: Session, keys: Sequence[Key]) -> dict[Key, Stored]:
    """What earlier copies of these messages became; nothing for those that are new."""
    asked = tuple_(EntryRow.conversation_id, EntryRow.sender, EntryRow.client_id)
    found = session.execute(
        select(
            EntryRow.conversation_id, EntryRow.sender, EntryRow.client_id, EntryRow.number, EntryRow.prev, EntryRow.at
        ).where(asked.in_(keys))
    )
    return {(which, sender, str(key)): Stored(number, prev, at) for which, sender, key, number, prev, at in found}


def is_repeat(session: Session, conversation_id: UUID, sender: Sender, client_id: str) -> bool:
    return bool(stored(session, [(conversation_id, sender, client_id)]))


def claimed_by(session: Session, staff_id: int, client_id: str) -> UUID | None:
    """The conversation that this worker got with this very click."""
    return session.scalar(
        select(EntryRow.conversation_id)
        .join(ConversationRow, ConversationRow.conversation_id == EntryRow.conversation_id)
        .where(ConversationRow.staff_id == staff_id, EntryRow.staff_id == staff_id)
        .where(EntryRow.sender == Sender.SYSTEM, EntryRow.client_id == client_id)
        .limit(1)
    )


def _set_all(connection: Connection, written: Sequence[tuple[Conversation, int]]) -> bool:
    values = [
        {
            "which": after.conversation_id,
            "known": version,
            **{f"new_{name}": value for name, value in to_values(after).items()},
        }
        for after, version in written
    ]
    return connection.execute(_SET_ALL, values).rowcount == len(values)


def _sealed(cipher: AESGCM, conversation_id: UUID, entry: Entry) -> SealedEntry:
    plain = _encode(entry.body.to_json()).encode()
    return conversation_id, entry, seal_entry(cipher, conversation_id, entry.number, plain)


def _opened(cipher: AESGCM, row: EntryRow) -> Entry:
    plain = open_entry(cipher, row.conversation_id, row.number, row.sealed)
    return Entry(
        number=row.number,
        prev=row.prev,
        sender=row.sender,
        kind=row.kind,
        body=Body.from_json(json.loads(plain)),
        at=row.at,
        client_id=row.client_id,
        staff_id=row.staff_id,
    )
