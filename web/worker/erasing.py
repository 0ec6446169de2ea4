"""The worker's part of deletion: what is due goes in small bites, and then nothing of it is left in the files."""

import time
from collections.abc import Callable

import structlog
from sqlalchemy import Engine

from web.actions import retention
from web.actions.outcome import Outcome, Work
from web.dispatch import Dispatcher
from web.storage import erasing

BREATH_SECONDS = 0.01  # between two bites, so that whoever waits for the write lock gets it
HOUR_SECONDS = 3600.0
_log = structlog.get_logger()


class Erasing:
    def __init__(self, dispatcher: Dispatcher, engine: Engine) -> None:
        self._dispatcher = dispatcher
        self._engine = engine
        self._hourly_at = float("-inf")

    def round(self) -> None:
        """Everything that is due now. A visitor's 'forget' deleted in another process: its traces go here too."""
        hourly = time.monotonic() - self._hourly_at > HOUR_SECONDS
        if hourly:
            for conversation_id in self._dispatcher.read(retention.silent_letters):
                self._dispatcher.perform(retention.end_letter, conversation_id)
        destroyed, deleted = self._all(retention.destroy_keys), self._all(retention.delete_rows)
        self._dispatcher.perform(retention.delete_old_records)
        if destroyed or deleted:
            _log.info("conversations_deleted", keys=destroyed, conversations=deleted)
        rewritten = erasing.rewrite(self._engine) if hourly else True
        if not erasing.truncate_wal(self._engine):
            _log.info("wal_still_read")
        if hourly and rewritten:
            self._hourly_at = time.monotonic()

    def _all(self, action: Callable[[Work], Outcome[int]]) -> int:
        total = 0
        while count := self._dispatcher.perform(action):
            total += count
            time.sleep(BREATH_SECONDS)
        return total
