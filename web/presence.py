"""Which sockets are connected to this process, and the heartbeat that notes it in the database."""

import time
from collections import Counter
from uuid import UUID

import structlog

from web.actions import presence
from web.core.errors import Refused
from web.core.staff import BEAT
from web.dispatch import Dispatcher

_log = structlog.get_logger()


class Presence:
    """Counts connections: a visitor may have two tabs, a worker two screens."""

    def __init__(self) -> None:
        self._visitors: Counter[UUID] = Counter()
        self._workers: Counter[int] = Counter()

    def add_visitor(self, conversation_id: UUID) -> None:
        self._visitors[conversation_id] += 1

    def drop_visitor(self, conversation_id: UUID) -> None:
        self._visitors[conversation_id] -= 1
        self._visitors += Counter()  # forget who is at zero

    def add_worker(self, staff_id: int) -> None:
        self._workers[staff_id] += 1

    def drop_worker(self, staff_id: int) -> None:
        self._workers[staff_id] -= 1
        self._workers += Counter()

    def has_visitor(self, conversation_id: UUID) -> bool:
        return self._visitors[conversation_id] > 0

    def has_worker(self, staff_id: int) -> bool:
        return self._workers[staff_id] > 0

    def workers(self) -> list[int]:
        return list(self._workers)

    def beat(self, dispatcher: Dispatcher) -> None:
        """Note all who are connected, for ever."""
        while True:
            time.sleep(BEAT.total_seconds())
            visitors, workers = list(self._visitors), list(self._workers)
            if not visitors and not workers:
                continue
            try:
                dispatcher.perform(presence.note, visitors, workers)
            except Refused as refused:
                _log.warning("heartbeat_missed", code=refused.code.value)
