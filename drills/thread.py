"""The order of a conversation on one screen: what is new, what is known, when to catch up (thread.ts of the chat)."""

import asyncio
from collections.abc import Awaitable, Callable

from drills.ledger import Entry, Record


class Thread:
    """`before`: the number that must be here before an entry. Visitors skip notes, the desk sees every number."""

    def __init__(self, record: Record, side: str) -> None:
        self._record, self._side = record, side
        self.entries: list[Entry] = []
        self.last = 0
        self._checked = 0

    def arrive(self, entry: Entry) -> str:
        """An entry that was pushed: "new", "known" or "gap". After a gap it is not kept: catching up brings it."""
        self._record.see(self._side, entry)
        if entry["number"] <= self.last:
            return "known"
        before = entry["prev"] if self._side == "visitor" else entry["number"] - 1
        if before > self.last:
            return "gap"
        self._keep(entry)
        return "new"

    def catch_up(self, entries: list[Entry], last_number: int) -> list[Entry]:
        """The answer to catching up. Returns what was not known yet."""
        for entry in entries:
            self._record.see(self._side, entry)
        fresh = [entry for entry in entries if entry["number"] > self.last]
        for entry in fresh:
            self._keep(entry)
        self._checked = max(self._checked, last_number)
        return fresh

    def behind(self, last_number: int) -> bool:
        """Whether the server speaks of a number that is not here and was not asked about."""
        return last_number > self.last and last_number > self._checked

    def _keep(self, entry: Entry) -> None:
        self.entries.append(entry)
        self.last = entry["number"]


class CatchUp:
    """One catching-up at a time; a wish that comes during one leads to one more afterwards."""

    def __init__(self, work: Callable[[], Awaitable[None]]) -> None:
        self._work = work
        self._running = self._again = False
        self._tasks: set[asyncio.Task[None]] = set()

    def soon(self, after: float = 0.0) -> None:
        task = asyncio.get_running_loop().create_task(self._later(after))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def now(self) -> None:
        self._again = True
        if self._running:
            return
        self._running = True
        try:
            while self._again:
                self._again = False
                await self._work()
        finally:
            self._running = False

    async def _later(self, after: float) -> None:
        await asyncio.sleep(after)
        await self.now()
