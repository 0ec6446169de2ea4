"""A Halte without processes: the real database, the real actions, and a clock in our hands."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, select

from web.actions import accounts, chat, desk, messages, presence, reads, upkeep
from web.actions.outcome import Outcome, Work
from web.core import hours
from web.core.entries import Entry
from web.core.errors import Refused
from web.core.staff import Role
from web.core.states import State
from web.seed import read_folder, take_over
from web.settings import ROOT
from web.storage.content import load
from web.storage.engine import write_sessions
from web.storage.entries import EntryStore, Stored
from web.storage.models import StaffRow
from web.storage.sealing import MasterKeys

START = datetime(2026, 11, 24, 9, tzinfo=UTC)  # a Tuesday, ten in the morning in Amsterdam
KEYS = MasterKeys("k1", {"k1": b"k" * 32})
PROCESS, OTHER_PROCESS = "p1", "p2"
NINE_TO_FIVE = replace(hours.ALWAYS, weekly=dict.fromkeys(range(5), (hours.Span(9 * 60, 17 * 60),)))


class House:
    """A database with content and two workers; every action runs at the time that the test says."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.now = START
        self.schedule = hours.ALWAYS
        self.sessions = write_sessions(engine)
        self.entries = EntryStore(KEYS)
        self._ids = 0
        self._process = PROCESS
        with self.sessions() as session:
            self.content = load(session)
            known = {row.username: row.staff_id for row in session.scalars(select(StaffRow))}
        self.noor, self.sem = known.get("noor", 0), known.get("sem", 0)
        if known:
            self.here(self.noor, self.sem)
            self.other_process()

    def furnish(self) -> None:
        """Content and workers, once for all tests: hashing passwords and reading texts takes its time."""
        self.do(take_over, read_folder(ROOT / "data" / "content"))
        self.hire("noor", "Noor")
        self.hire("sem", "Sem")

    def hire(self, username: str, name: str, **more: Any) -> int:
        staff_id: int = self.do(accounts.create, username, name, Role.COUNSELLOR, "a made-up password")
        self.change(staff_id, **more)
        self.do(presence.beat, [staff_id])
        return staff_id

    def change(self, staff_id: int, **more: Any) -> None:
        def action(work: Work) -> Outcome[None]:
            row = desk.worker(work, staff_id)
            for name, value in more.items():
                setattr(row, name, value)
            return Outcome(None)

        self.do(action)

    def do(self, action: Callable[..., Any], *arguments: Any) -> Any:
        with self.sessions.begin() as session:
            work = Work(session, self.entries, self.content, self.now, self.schedule, self._process)
            result = action(work, *arguments)
        return result.value if isinstance(result, Outcome) else result

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)

    def new_id(self) -> str:
        self._ids += 1
        return f"client-{self._ids:06}"

    def begin(self, language: str = "nl") -> UUID:
        return self.do(chat.begin, language).conversation_id  # type: ignore[no-any-return]

    def waiting(self, language: str = "nl") -> UUID:
        conversation_id = self.begin(language)
        self.do(chat.ask_person, conversation_id, self.new_id())
        return conversation_id

    def held(self) -> UUID:
        conversation_id = self.waiting()
        self.here(self.noor)
        self.do(desk.claim, conversation_id, self.noor)
        return conversation_id

    def here(self, *workers: int) -> None:
        """Their desks, and the web process that visitors are connected to, beat now."""
        self.do(presence.beat, list(workers))

    def gone(self, conversation_id: UUID) -> None:
        self.do(presence.note_visitors, [], [conversation_id])

    def say(self, conversation_id: UUID, text: str = "hoi", client_id: str | None = None) -> Stored:
        """Raises what the message was refused with."""
        message = messages.from_visitor(conversation_id, client_id or self.new_id(), text)
        return self._send(message)

    def reply(self, conversation_id: UUID, staff_id: int, text: str = "hoi", client_id: str | None = None) -> Stored:
        return self._send(messages.from_staff(conversation_id, client_id or self.new_id(), text, staff_id, "Noor"))

    def _send(self, message: messages.Message) -> Stored:
        batch = self.do(messages.store, [message], True)
        self.entries.remember(batch.written)
        if isinstance(batch.results[0], Refused):
            raise batch.results[0]
        return batch.results[0]  # type: ignore[no-any-return]

    def other_process(self) -> None:
        """A second web process lives, as it has since the start; nobody of ours is connected to it."""
        self._process = OTHER_PROCESS
        self.here()
        self._process = PROCESS

    def upkeep(self, find: Callable[..., Any], rule: upkeep.Rule) -> int:
        """What the worker's round does with one of its rules; how many conversations it changed."""
        self.other_process()
        return sum(self.do(upkeep.apply, which, rule) for which in self.do(find))

    def state(self, conversation_id: UUID) -> State:
        return self.do(reads.view, conversation_id).state  # type: ignore[no-any-return]

    def history(self, conversation_id: UUID, after: int = 0) -> list[Entry]:
        return self.do(reads.resume, conversation_id, after)[1]  # type: ignore[no-any-return]

    def codes(self, conversation_id: UUID) -> list[str]:
        """What the visitor was told of changes, in order."""
        return [entry.body.code.value for entry in self.history(conversation_id) if entry.body.code]
