"""The worker's round: unanswered turns, lost workers, silent conversations, what is due for deletion."""

import time
from collections.abc import Callable
from typing import Any

import structlog

from web import answering
from web.actions import upkeep
from web.assistant.client import Bot
from web.core.errors import Refused
from web.dispatch import Dispatcher

ROUND_SECONDS = 2.0
SLOW_ROUNDS = 15  # deletion and expiry once in so many rounds
_log = structlog.get_logger()


class NoSockets:
    """The worker has no browsers of its own; what it does reaches them through the bus."""

    def emit(self, event: str, data: Any = None, *, room: str, namespace: str) -> None:
        return None


class Loop:
    def __init__(self, dispatcher: Dispatcher, bot: Bot) -> None:
        self._dispatcher = dispatcher
        self._bot = bot

    def run(self) -> None:
        """For ever. A task that fails is logged and tried again in the next round; the others go on."""
        turn = 0
        while True:
            tasks: list[Callable[[], object]] = [self.answer_overdue, self.return_lost]
            if turn % SLOW_ROUNDS == 0:
                tasks += [self.expire, self.delete_due]
            for task in tasks:
                self._safely(task)
            turn += 1
            time.sleep(ROUND_SECONDS)

    def answer_overdue(self) -> None:
        for due in self._dispatcher.read(upkeep.overdue_turns):
            kind = answering.answer(self._dispatcher, self._bot, due)
            _log.info("turn_recovered", kind=kind.value if kind else "dropped")

    def return_lost(self) -> None:
        count = self._dispatcher.perform(upkeep.return_lost)
        if count:
            _log.info("conversations_returned", count=count)

    def expire(self) -> None:
        for conversation_id in self._dispatcher.read(upkeep.unseen):
            self._dispatcher.perform(upkeep.expire, conversation_id)

    def delete_due(self) -> None:
        count = self._dispatcher.perform(upkeep.delete_due)
        if count:
            _log.info("conversations_deleted", count=count)

    @staticmethod
    def _safely(task: Callable[[], object]) -> None:
        try:
            task()
        except Refused as refused:
            _log.warning("task_refused", task=task.__name__, code=refused.code.value)
        except Exception as error:
            _log.error("task_failed", task=task.__name__, error=type(error).__name__)
