"""All visitors and workers of a drill, and the questions that are put to the service once things are quiet."""

import asyncio
import itertools
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import aiohttp

from drills.ledger import Entry, Finding, judge, owed, state_of
from drills.tally import Tally
from drills.visitor import Visitor
from drills.wire import NoAnswer
from drills.worker import Held, Worker

VISITORS = 200
START_AT_ONCE, ASK_AT_ONCE = 8, 12
ON_THE_WAY = (0.1, 0.4)  # seconds; 200 messages take longer
SPREAD = 2.0  # seconds over which the last words of a row are written
DRAINED_WITHIN = 50.0  # a browser's longest pause between two attempts to connect is 25 s
SETTLED_WITHIN = 15.0


class Crowd:
    """accounts: the name that visitors read -> username and password."""

    def __init__(self, url: str, accounts: dict[str, tuple[str, str]], visitors: int = VISITORS) -> None:
        self.tally = Tally()
        self._known: set[Finding] = set()
        self._tasks: list[asyncio.Task[None]] = []
        connector = aiohttp.TCPConnector(limit=0, force_close=True)
        self._connector = connector
        self.visitors = [Visitor(f"v{n}", connector, url, self.tally) for n in range(1, visitors + 1)]
        self.workers = [Worker(name, account, connector, url, self.tally) for name, account in accounts.items()]
        records = {visitor.record.name: visitor.record for visitor in self.visitors}
        for worker in self.workers:
            worker.records = records
        for visitor in self.visitors[::2]:
            visitor.wants_person = True

    async def arrive(self) -> None:
        people = [*self.workers, *self.visitors]
        for tasks in await limited(START_AT_ONCE, (person.arrive for person in people)):
            self._tasks += tasks
        await until(lambda: all(person.wire.up for person in people), DRAINED_WITHIN)

    async def go_home(self) -> None:
        await limited(ASK_AT_ONCE, (person.go for person in [*self.visitors, *self.workers]))
        for task in self._tasks:
            task.cancel()
        await self._connector.close()

    def write(self, on: bool) -> None:
        for person in [*self.visitors, *self.workers]:
            person.writing = on

    async def mix(self) -> None:
        """Half of all lose their connection, so that after a restart they do not all stay on the other process."""
        people = [*self.visitors, *self.workers]
        await asyncio.gather(*(person.wire.drop() for person in random.sample(people, len(people) // 2)))

    def missed(self) -> Counter[object]:
        """Attempts to connect that failed, by reason."""
        return sum((person.wire.missed for person in [*self.visitors, *self.workers]), Counter[object]())

    async def everyone_asks(self) -> None:
        """Each visitor wants a person, so that a worker sees every conversation, notes and all."""
        for visitor in self.visitors:
            visitor.wants_person = True
            if visitor.state == "assistant":
                visitor.ask_person()

    async def settle(self) -> set[Finding]:
        """Nobody writes anything new but one last line each; then everything must come to rest. Returns what is new."""
        self.write(False)
        await self._last_lines()
        await until(self._drained, DRAINED_WITHIN)
        undelivered = {
            Finding("stuck", visitor.record.name, f"{len(visitor.outbox.waiting)} messages cannot be sent")
            for visitor in self.visitors
            if visitor.outbox.waiting or not visitor.wire.up
        }
        found = undelivered | await self._verified()
        fresh = found - self._known
        self._known |= found
        return fresh

    async def all_at_once(self) -> None:
        """Everyone says something; returns before all is acknowledged, so that a fault hits what is on its way."""
        for line in self._lines():
            line()
        await asyncio.sleep(random.uniform(*ON_THE_WAY))

    def _lines(self) -> list[Callable[[], None]]:
        lines = [visitor.say for visitor in self.visitors if visitor.state != "closed"]
        lines += [held.reply for worker in self.workers for held in worker.held.values()]
        random.shuffle(lines)
        return lines

    async def _last_lines(self) -> None:
        lines = self._lines()
        for line in lines:
            line()
            await asyncio.sleep(SPREAD / len(lines))

    def _drained(self) -> bool:
        people = [*self.visitors, *self.workers]
        held = itertools.chain.from_iterable(worker.held.values() for worker in self.workers)
        boxes = [visitor.outbox for visitor in self.visitors] + [item.outbox for item in held]
        return all(person.wire.up for person in people) and not any(box.waiting for box in boxes)

    async def _verified(self) -> set[Finding]:
        """Ask until there is nothing left to find, at most until SETTLED_WITHIN after the end."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + SETTLED_WITHIN
        open_questions, found = list(self.visitors), set[Finding]()
        while open_questions:
            asked_at = loop.time()
            answers = await limited(ASK_AT_ONCE, [lambda v=visitor: self._verify(v) for visitor in open_questions])
            found = set().union(*answers) | await self._two_desks()
            names = {finding.conversation for finding in found}
            if asked_at > deadline or not names:
                break
            open_questions = [visitor for visitor in self.visitors if visitor.record.name in names]
            await asyncio.sleep(1)
        return found

    async def _verify(self, visitor: Visitor) -> set[Finding]:
        name = visitor.record.name
        try:
            log, view = await visitor.everything()
            state, holder = state_of(log)
            held = self._held(name, holder) if state == "with_staff" else None
            staff = await held.worker.everything(held.conversation) if held is not None else None
        except NoAnswer as error:
            return {Finding("stuck", name, f"cannot be read: {error}")}
        found = judge(visitor.record, log, staff)
        found |= {Finding(kind, name, what) for kind, what in unsettled(visitor, log, view)}
        if state == "with_staff":
            found |= {Finding(kind, name, what) for kind, what in one_sided(holder, held, staff)}
        return found

    def _held(self, name: str, holder: str | None) -> Held | None:
        held = (item for worker in self.workers if worker.name == holder for item in worker.held.values())
        return next((item for item in held if item.record.name == name), None)

    async def _two_desks(self) -> set[Finding]:
        """What several workers believe to hold, after asking the service anew."""
        holders: dict[str, set[str]] = {}
        for worker in self.workers:
            try:
                board = (await worker.wire.ask("board", {}))["board"]
            except NoAnswer:
                continue
            for card in board["mine"]:
                holders.setdefault(card["id"], set()).add(worker.name)
        return {
            Finding("owners", conversation, f"held by {sorted(names)}")
            for conversation, names in holders.items()
            if len(names) > 1
        }


def unsettled(visitor: Visitor, log: list[Entry], view: dict[str, Any]) -> set[tuple[str, str]]:
    """What must not be any more once everything is at rest."""
    found: set[tuple[str, str]] = set()
    state, _ = state_of(log)
    if visitor.wire.refused:
        found.add(("stuck", "the visitor is no longer let in"))
    if view["state"] != state:
        found.add(("stuck", f"the view says {view['state']}, the entries say {state}"))
    if state == "waiting":
        found.add(("stuck", "waits and is not claimed"))
    if owed(log):
        found.add(("stuck", f"no answer of the assistant after {log[-1]['number']}"))
    if visitor.thread.last < log[-1]["number"]:
        found.add(("unseen", f"the visitor's screen ends at {visitor.thread.last}, there is {log[-1]['number']}"))
    return found


def one_sided(holder: str | None, held: Held | None, staff: list[Entry] | None) -> set[tuple[str, str]]:
    """A conversation with a worker of which the desk does not know, or not all."""
    if held is None:
        return {("stuck", f"{holder} holds it and does not see it")}
    if staff is None:
        return {("claims", f"{holder} claimed it and is refused")}
    if held.thread.last < staff[-1]["number"]:
        return {("unseen", f"{holder}'s screen ends at {held.thread.last}, there is {staff[-1]['number']}")}
    return set()


async def limited(at_once: int, jobs: Iterable[Callable[[], Awaitable[Any]]]) -> list[Any]:
    gate = asyncio.Semaphore(at_once)

    async def run(job: Callable[[], Awaitable[Any]]) -> Any:
        async with gate:
            return await job()

    return await asyncio.gather(*(run(job) for job in jobs))


async def until(check: Callable[[], bool], seconds: float) -> bool:
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while not check():
        if loop.time() > end:
            return False
        await asyncio.sleep(0.1)
    return True
