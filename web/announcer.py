"""Tells those who wait where they stand, and the desks who waits: coalesced, on change, and now and then for life."""

import time
from typing import Any
from uuid import UUID

from web import payloads
from web.actions import reads
from web.dispatch import Dispatcher
from web.presence import Presence
from web.push import Push, safely

BOARD_SECONDS = 1.0  # the desks hear of changes at most this often
PLACE_SECONDS = 3.0  # those who wait
FAR_SECONDS = 15.0  # those far behind: their number means little, and there are many of them
FAR = 20
ALIVE_SECONDS = 60.0  # and everybody at least this often, so that whoever waits sees life
TOGETHER = 10  # emits before the chat itself goes on


class Announcer:
    def __init__(self, push: Push, presence: Presence, dispatcher: Dispatcher) -> None:
        self._push = push
        self._presence = presence
        self._dispatcher = dispatcher
        self._told: dict[UUID, dict[str, Any]] = {}
        self._told_at = self._far_at = self._board_at = self._alive_at = float("-inf")

    def run(self) -> None:
        """For ever."""
        while True:
            time.sleep(BOARD_SECONDS)
            safely(self.round, time.monotonic())

    def round(self, now: float) -> None:
        alive = now - self._alive_at >= ALIVE_SECONDS
        if alive:
            self._alive_at = now
        if self._push.board_moved or alive:
            self._push.board_moved = False
            self._tell_desks()
        if (self._push.queue_moved and now - self._told_at >= PLACE_SECONDS) or alive:
            self._push.queue_moved, self._told_at = False, now
            far = alive or now - self._far_at >= FAR_SECONDS
            if far:
                self._far_at = now
            self._tell_waiting(far, alive)

    def _tell_waiting(self, far: bool, alive: bool) -> None:
        places, present = self._dispatcher.read(reads.positions)
        told: dict[UUID, dict[str, Any]] = {}
        count = 0
        for conversation_id, (position, wait) in places.items():
            if not self._presence.has_visitor(conversation_id):
                continue
            before = self._told.get(conversation_id)
            shown = payloads.place(position, wait, present)
            if before == shown and not alive:
                told[conversation_id] = shown
            elif before is not None and position > FAR and not far:
                told[conversation_id] = before
                self._push.queue_moved = True  # they are told in a later round
            else:
                told[conversation_id] = shown
                self._push.place(conversation_id, shown)
                count += 1
                if count % TOGETHER == 0:
                    time.sleep(0)
        self._told = told

    def _tell_desks(self) -> None:
        workers = self._presence.workers()
        if not workers:
            return
        shown = payloads.Boards(self._dispatcher.read(reads.board))
        for staff_id in workers:
            self._push.board(staff_id, shown.of(staff_id))
            time.sleep(0)
