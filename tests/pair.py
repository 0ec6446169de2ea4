"""Two processes over one database, in one thread: each remembers for itself what it wrote, as dispatchers do."""

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from tests.house import KEYS, PROCESS, House
from web.actions import messages
from web.actions.messages import Message, Result
from web.actions.outcome import Work
from web.core.errors import Refused
from web.storage.entries import EntryStore


class Pair(House):
    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.stores = (self.entries, EntryStore(KEYS))

    def at(self, side: int) -> "Pair":
        """From now on the actions run in that process."""
        self.entries = self.stores[side]
        return self

    def send(self, *batch: Message, careful: bool = False) -> list[Result]:
        """As web/dispatch.py stores them: what was turned away runs again, carefully."""
        try:
            stored = self.do(messages.store, batch, careful)
        except (StaleDataError, IntegrityError):
            assert not careful, "turned away, though nobody else writes"
            return self.send(*batch, careful=True)
        self.entries.remember(stored.written)
        return stored.results  # type: ignore[no-any-return]

    def foretold(self, *batch: Message) -> list[Result]:
        """What a process that remembers nothing would answer; nothing of it stays."""
        with self.sessions() as session:
            work = Work(session, EntryStore(KEYS), self.content, self.now, self.schedule, PROCESS)
            results = messages.store(work, batch, True).results
            session.rollback()
        return results


def plain(result: object) -> object:
    """To compare answers: refusals by what they say."""
    return (result.code, result.detail) if isinstance(result, Refused) else result
