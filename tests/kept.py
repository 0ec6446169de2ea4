"""Conversations in a database, with the time and the master keys in the hands of the test."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Engine, text

from tests.conftest import new_database
from web.actions import accounts
from web.actions.outcome import Outcome, Work, store
from web.core import conversation as core
from web.core import moves
from web.core.content import Content
from web.core.entries import Body, Draft, Kind, Sender
from web.core.staff import Role
from web.prepare import migrate
from web.storage.conversations import by_id
from web.storage.engine import make_engine, read_sessions, write_sessions
from web.storage.entries import EntryStore
from web.storage.models import ConversationRow
from web.storage.sealing import MasterKeys

START = datetime(2026, 11, 24, 9, tzinfo=UTC)
OPENING = Draft(Sender.ASSISTANT, Kind.TEXT, Body(text="Hoi."))


class Kept:
    def __init__(self, engine: Engine, master: MasterKeys) -> None:
        self.engine, self.master, self.now = engine, master, START
        self._sessions = write_sessions(engine)

    @contextmanager
    def work(self) -> Iterator[Work]:
        """One transaction."""
        with self._sessions.begin() as session:
            yield Work(session, EntryStore(self.master), Content({}, {}, {}), self.now)

    def do(self, action: Callable[..., Any], *arguments: Any) -> Any:
        with self.work() as work:
            result = action(work, *arguments)
        return result.value if isinstance(result, Outcome) else result

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)

    def person(self, username: str, role: Role) -> int:
        return self.do(accounts.create, username, username.title(), role, "a made-up password")  # type: ignore[no-any-return]

    def conversation(self, *words: str) -> UUID:
        conversation_id = uuid4()
        with self.work() as work:
            change = core.begin(conversation_id, "Merel-7", "nl", OPENING, self.now)
            key_id, wrapped = work.entries.new_key(conversation_id)
            row = ConversationRow(
                token_hash=os.urandom(32), key_id=key_id, wrapped_key=wrapped, visitor_seen_at=self.now
            )
            row.apply(change.after)
            work.session.add(row)
            work.session.flush()
            store(work, row, change)
        for said in words:
            self.say(conversation_id, said)
        return conversation_id

    def say(self, conversation_id: UUID, said: str) -> None:
        self.change(conversation_id, lambda before: core.say(before, said, uuid4().hex, self.now))

    def letter(self, conversation_id: UUID, words: str) -> None:
        self.change(conversation_id, lambda before: moves.send_letter(before, words, self.now, uuid4().hex))

    def close(self, conversation_id: UUID) -> None:
        self.change(conversation_id, lambda before: moves.leave(before, self.now))

    def change(self, conversation_id: UUID, decide: Callable[[core.Conversation], core.Change]) -> None:
        with self.work() as work:
            row = by_id(work.session, conversation_id)
            assert row is not None
            store(work, row, decide(row.to_core()))

    def words(self, conversation_id: UUID) -> list[str]:
        """What the visitor said, read with the present master keys."""
        with read_sessions(self.engine)() as session:
            row = by_id(session, conversation_id)
            assert row is not None
            entries = EntryStore(self.master).after(session, row, 0)
        return [entry.body.text or "" for entry in entries if entry.sender is Sender.VISITOR]

    def all(self, query: str) -> list[Any]:
        with self.engine.connect() as connection:
            return [row[0] if len(row) == 1 else tuple(row) for row in connection.execute(text(query))]


def kept(kind: str, folder: Path, master: MasterKeys, name: str) -> Iterator[Kept]:
    """For a fixture that runs each test on both databases."""
    url = f"sqlite:///{folder / 'halte.sqlite'}"
    if kind == "postgres":
        url = new_database(name).replace("postgresql://", "postgresql+psycopg://")
    migrate(url)
    engine = make_engine(url)
    yield Kept(engine, master)
    engine.dispose()
