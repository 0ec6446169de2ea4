"""Which sockets are connected to this process, and the notes in the database that make it known to all.

Visitors are noted when they come and go, not while they stay: ten thousand quiet ones cost nothing. What is noted is
the process that they are connected to; if it dies, its beat stops, and with it the presence of everyone on it.
"""

import time
from collections import Counter
from uuid import UUID

import structlog

from web.actions import presence
from web.core.errors import Refused
from web.core.staff import BEAT
from web.dispatch import Dispatcher

NOTE_SECONDS = 0.5
AT_ONCE = 500  # visitors in one statement
_log = structlog.get_logger()


class Presence:
    """Counts connections: a visitor may have two tabs, a worker two screens."""

    def __init__(self) -> None:
        self._visitors: Counter[UUID] = Counter()
        self._workers: Counter[int] = Counter()
        self._news: set[UUID] = set()  # visitors who came or went since the last note

    def add_visitor(self, conversation_id: UUID) -> None:
        self._visitors[conversation_id] += 1
        self._news.add(conversation_id)

    def drop_visitor(self, conversation_id: UUID) -> None:
        _less(self._visitors, conversation_id)
        self._news.add(conversation_id)

    def add_worker(self, staff_id: int) -> None:
        self._workers[staff_id] += 1

    def drop_worker(self, staff_id: int) -> None:
        _less(self._workers, staff_id)

    def has_visitor(self, conversation_id: UUID) -> bool:
        return conversation_id in self._visitors

    def visitor_besides(self, conversation_id: UUID, sid: str | None) -> bool:
        """Whether this visitor has another connection here than that one."""
        return self._visitors.get(conversation_id, 0) > (1 if sid else 0)

    def has_worker(self, staff_id: int) -> bool:
        return staff_id in self._workers

    def worker_besides(self, staff_id: int, sid: str | None) -> bool:
        return self._workers.get(staff_id, 0) > (1 if sid else 0)

    def visitors(self) -> list[UUID]:
        return list(self._visitors)

    def workers(self) -> list[int]:
        return list(self._workers)

    def beat(self, dispatcher: Dispatcher) -> None:
        """For ever: note who came and went, and every BEAT that this process and its workers are there."""
        beaten = float("-inf")
        while True:
            try:
                if time.monotonic() - beaten >= BEAT.total_seconds():
                    dispatcher.perform(presence.beat, self.workers())
                    beaten = time.monotonic()
                self._note(dispatcher)
            except Exception as error:  # whatever it is: without this beat everybody here would count as gone
                _log.warning("heartbeat_missed", error=type(error).__name__)
            time.sleep(NOTE_SECONDS)

    def _note(self, dispatcher: Dispatcher) -> None:
        while self._news:
            some = [self._news.pop() for _ in range(min(AT_ONCE, len(self._news)))]
            arrived = [which for which in some if which in self._visitors]
            gone = [which for which in some if which not in self._visitors]
            try:
                dispatcher.perform(presence.note_visitors, arrived, gone)
            except Refused:
                self._news.update(some)
                raise


def _less(counter: Counter[UUID] | Counter[int], key: UUID | int) -> None:
    counter[key] -= 1  # type: ignore[index]
    if counter[key] <= 0:  # type: ignore[index]
        del counter[key]
