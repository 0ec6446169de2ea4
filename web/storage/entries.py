"""Entries on their way in and out of the database: the only place where they are sealed and opened."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, insert, select, tuple_, update
from sqlalchemy.orm import Session

from web.core.conversation import Change, Conversation
from web.core.entries import Body, Entry, Sender
from web.storage import secrets
from web.storage.models import ConversationRow, EntryRow
from web.storage.models.conversation import CORE_FIELDS, from_values, to_values
from web.storage.sealing import MasterKeys, open_entry, seal_entry

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_table: Any = ConversationRow.__table__
_entries: Any = EntryRow.__table__
_LOAD = select(*(_table.c[name] for name in CORE_FIELDS), _table.c.key_id, _table.c.wrapped_key)
# What a message changes of its conversation unless somebody else gets it by that.
_MESSAGE_FIELDS = ("last_number", "last_visible", "active_at", "warned_at", "turn_number", "turn_since")
_OTHER_FIELDS = tuple(name for name in CORE_FIELDS if name not in _MESSAGE_FIELDS)


def _setting(names: Iterable[str]) -> Any:
    """UPDATE … for one conversation; `version` makes every other writer who has read it before read it again."""
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
    statement = update(_table).where(_table.c.conversation_id == bindparam("which"))
    return statement.values(version=_table.c.version + 1, **values)


_SET_MESSAGE, _SET_ALL = _setting(_MESSAGE_FIELDS), _setting(CORE_FIELDS)


class Stored(NamedTuple):
    """What became of a message; the acknowledgement."""

    number: int
    prev: int
    at: datetime


@dataclass(slots=True)
class Loaded:
    """A conversation that is locked until the end of the transaction, with what opens its entries."""

    conversation: Conversation
    key_id: str
    wrapped_key: bytes


class EntryStore:
    """Entries of one installation, which knows its master keys."""

    def __init__(self, master: MasterKeys) -> None:
        self._master = master

    def add(self, session: Session, row: ConversationRow, entries: Sequence[Entry]) -> None:
        if entries:
            key = self._key(row)
            session.execute(insert(_entries), [_sealed(key, row.conversation_id, entry) for entry in entries])

    def load_many(self, session: Session, conversation_ids: Iterable[UUID]) -> dict[UUID, Loaded]:
        """Lock and read. In one order, so that two processes never wait for each other."""
        wanted = _LOAD.where(_table.c.conversation_id.in_(sorted(set(conversation_ids))))
        rows = session.connection().execute(wanted.order_by(_table.c.conversation_id).with_for_update())
        found = (Loaded(from_values(row[:-2]), row[-2], row[-1]) for row in rows)
        return {loaded.conversation.conversation_id: loaded for loaded in found}

    def write_many(self, session: Session, loaded: dict[UUID, Loaded], changes: Sequence[Change]) -> None:
        """Append the entries of all changes and store the last state of each conversation."""
        rows: list[dict[str, Any]] = []
        keys: dict[UUID, bytes] = {}
        first: dict[UUID, Conversation] = {}
        for change in changes:
            which = change.after.conversation_id
            first.setdefault(which, loaded[which].conversation)
            loaded[which].conversation = change.after
            if which not in keys:
                keys[which] = self._master.unwrap(loaded[which].key_id, loaded[which].wrapped_key, which)
            rows += [_sealed(keys[which], which, entry) for entry in change.entries]
        connection = session.connection()
        if rows:
            connection.execute(insert(_entries), rows)
        lasts = [(before, loaded[which].conversation) for which, before in first.items()]
        small = [_values(after, _MESSAGE_FIELDS) for before, after in lasts if _same_otherwise(before, after)]
        whole = [_values(after, CORE_FIELDS) for before, after in lasts if not _same_otherwise(before, after)]
        if small:
            connection.execute(_SET_MESSAGE, small)
        if whole:
            connection.execute(_SET_ALL, whole)

    def new_key(self, conversation_id: UUID) -> tuple[str, bytes]:
        """Id of the master key and the wrapped key for a new conversation."""
        key_id, wrapped, _ = self._master.new_key(conversation_id)
        return key_id, wrapped

    def pepper(self, session: Session) -> bytes:
        """What return codes are hashed with; see secrets.py."""
        return secrets.pepper(session, self._master)

    def after(self, session: Session, row: ConversationRow, number: int) -> list[Entry]:
        """All entries after that number, in order."""
        found = session.scalars(
            select(EntryRow)
            .where(EntryRow.conversation_id == row.conversation_id, EntryRow.number > number)
            .order_by(EntryRow.number)
        )
        key = self._key(row)
        return [_opened(key, entry) for entry in found]

    def one(self, session: Session, row: ConversationRow, number: int) -> Entry | None:
        found = session.get(EntryRow, (row.conversation_id, number))
        return _opened(self._key(row), found) if found else None

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


def _same_otherwise(before: Conversation, after: Conversation) -> bool:
    return all(getattr(before, name) == getattr(after, name) for name in _OTHER_FIELDS)


def _values(after: Conversation, names: Sequence[str]) -> dict[str, Any]:
    plain = to_values(after) if names is CORE_FIELDS else {name: getattr(after, name) for name in names}
    return {"which": after.conversation_id, **{f"new_{name}": value for name, value in plain.items()}}


def _sealed(key: bytes, conversation_id: UUID, entry: Entry) -> dict[str, Any]:
    plain = _encode(entry.body.to_json()).encode()
    return {
        "conversation_id": conversation_id,
        "number": entry.number,
        "prev": entry.prev,
        "sender": entry.sender,
        "kind": entry.kind,
        "sealed": seal_entry(key, conversation_id, entry.number, plain),
        "at": entry.at,
        "client_id": entry.client_id,
        "staff_id": entry.staff_id,
    }


def _opened(key: bytes, row: EntryRow) -> Entry:
    plain = open_entry(key, row.conversation_id, row.number, row.sealed)
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
