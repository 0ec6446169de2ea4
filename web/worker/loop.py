"""The worker's round: what must happen without anybody asking, soon or now and then."""

import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

import structlog

from web import answering
from web.actions import upkeep
from web.actions.outcome import Work
from web.actions.upkeep import Rule
from web.assistant.client import Bot
from web.core.errors import Refused
from web.core.staff import HERE_WITHIN
from web.dispatch import Dispatcher
from web.push import Push
from web.worker.erasing import Erasing

ROUND_SECONDS = 2.0
SLOW_ROUNDS = 15  # deletion, silence and new slots once in so many rounds
Find = Callable[[Work], list[UUID]]
_log = structlog.get_logger()

# What is looked for in every round, and what is then done to each conversation that was found.
SOON: tuple[tuple[Find, Rule], ...] = (
    (upkeep.lost, upkeep.return_lost),
    (upkeep.expired_offers, upkeep.end_offer),
    (upkeep.appointments_due, upkeep.begin_appointment),
    (upkeep.waiting_at_closing, upkeep.tell_closing),
)
SLOWLY: tuple[tuple[Find, Rule], ...] = (
    (upkeep.away, upkeep.lapse),
    (upkeep.missed, upkeep.lapse),
    (upkeep.silent, upkeep.expire),
    (upkeep.idle, upkeep.warn),
)
BY_PRESENCE = frozenset({upkeep.lost, upkeep.away, upkeep.missed})
JUMP_SECONDS = 5.0


class NoSockets:
    """The worker has no browsers of its own; what it does reaches them through the bus."""

    def emit(self, event: str, data: Any = None, *, room: str, namespace: str, skip_sid: str | None = None) -> None:
        return None


class Loop:
    def __init__(self, dispatcher: Dispatcher, bot: Bot, push: Push, erasing: Erasing) -> None:
        self._dispatcher = dispatcher
        self._bot = bot
        self._push = push
        self._erasing = erasing
        self._clocks = time.time(), time.monotonic()
        self._trusted_at = float("-inf")

    def run(self) -> None:
        """For ever. A task that fails is logged and tried again in the next round; the others go on."""
        turn = 0
        while True:
            self.round(slow=turn % SLOW_ROUNDS == 0)
            turn += 1
            time.sleep(ROUND_SECONDS)

    def round(self, slow: bool) -> None:
        self._safely("answer_overdue", self._answer_overdue)
        trusted = self._clock_is_trusted()
        for find, rule in (*SOON, *(SLOWLY if slow else ())):
            if find in BY_PRESENCE and not trusted:
                continue
            self._safely(rule.__name__, self._apply, find, rule)
        if slow:
            self._safely("offer_slots", self._dispatcher.perform, upkeep.offer_slots)
            self._safely("erase", self._erasing.round)
        self._safely("flush", self._push.flush)

    def _clock_is_trusted(self) -> bool:
        """After a jump of the wall clock everybody seems long gone, until they have been noted again."""
        wall, steady = time.time(), time.monotonic()
        jumped = abs((wall - self._clocks[0]) - (steady - self._clocks[1])) > JUMP_SECONDS
        self._clocks = wall, steady
        if jumped:
            _log.warning("clock_jumped")
            self._trusted_at = steady + HERE_WITHIN.total_seconds()
        return steady >= self._trusted_at

    def _answer_overdue(self) -> None:
        for due in self._dispatcher.read(upkeep.overdue_turns):
            decision = answering.answer(self._dispatcher, self._bot, due)
            _log.info("turn_recovered", kind=decision.kind.value if decision else "dropped")

    def _apply(self, find: Find, rule: Rule) -> None:
        done = 0
        for which in self._dispatcher.read(find):
            try:
                done += self._dispatcher.perform(upkeep.apply, which, rule)
            except Refused as refused:  # one of them holds up nobody else
                _log.warning("upkeep_refused", rule=rule.__name__, code=refused.code.value)
        if done:
            _log.info("upkeep", rule=rule.__name__, count=done)

    @staticmethod
    def _safely(name: str, task: Callable[..., object], *arguments: Any) -> None:
        try:
            task(*arguments)
        except Refused as refused:
            _log.warning("task_refused", task=name, code=refused.code.value)
        except Exception as error:
            _log.error("task_failed", task=name, error=type(error).__name__)
