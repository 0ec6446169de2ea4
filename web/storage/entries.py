"""Entries on their way in and out of the database: the only place where they are sealed and opened."""

import json
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from web.core.entries import Body, Entry, Sender
from web.storage.models import ConversationRow, EntryRow
from web.storage.sealing import MasterKeys, open_entry, seal_entry


class EntryStore:
    """Entries of one installation, which knows its master keys."""

    def __init__(self, master: MasterKeys) -> None:
        self._master = master

    def add(self, session: Session, row: ConversationRow, entries: Sequence[Entry]) -> None:
        if not entries:
            return
        key = self._key(row)
        for entry in entries:
            plain = json.dumps(entry.body.to_json(), ensure_ascii=False).encode()
            session.add(
                EntryRow(
                    conversation_id=row.conversation_id,
                    number=entry.number,
                    prev=entry.prev,
                    sender=entry.sender,
                    kind=entry.kind,
                    sealed=seal_entry(key, row.conversation_id, entry.number, plain),
                    at=entry.at,
                    client_id=entry.client_id,
                    staff_id=entry.staff_id,
                )
            )

    def new_key(self, conversation_id: UUID) -> tuple[str, bytes]:
        """Id of the master key and the wrapped key for a new conversation."""
        key_id, wrapped, _ = self._master.new_key(conversation_id)
        return key_id, wrapped

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


def number_of(session: Session, conversation_id: UUID, sender: Sender, client_id: str) -> int | None:
    """The number that an earlier copy of this message got."""
    return session.scalar(
        select(EntryRow.number).where(
            EntryRow.conversation_id == conversation_id,
            EntryRow.sender == sender,
            EntryRow.client_id == client_id,
        )
    )


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
