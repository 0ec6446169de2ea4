"""A helpline worker: signs in, takes who waits, answers, gives some back to the queue, and catches up by number."""

import asyncio
import random
import re
from typing import Any

import aiohttp

from drills.ledger import GIVES, Acked, Entry, Record
from drills.tally import Tally
from drills.thread import CatchUp, Thread
from drills.wire import NoAnswer, Outbox, Outgoing, Wire, new_id

LOOKS_EVERY = (0.3, 0.9)
REPLIES_EVERY = (3.0, 9.0)
RELEASES, OFFERS = 0.02, 0.02  # of all turns of a worker, so that conversations change hands
HURRY = 3  # of the first so many in the queue any may be taken: several workers want the same one
INSISTS = 4
OWNER = re.compile(r"\[(v\d+)-")


class Held:
    """One conversation on a worker's screen, with its own outbox."""

    def __init__(self, worker: "Worker", conversation: str, record: Record) -> None:
        self.worker, self.conversation, self.record = worker, conversation, record
        self.thread = Thread(record, "staff")
        self.outbox = Outbox(worker.wire, self._settled)
        self.catch_up = CatchUp(self._history)
        self._written = 0
        loop = asyncio.get_running_loop()
        self._tasks = [loop.create_task(self.outbox.run()), loop.create_task(self._live())]

    def reply(self) -> None:
        self._written += 1
        text = f"een antwoord [{self.record.name}-{self.worker.name}-{self.worker.next_number()}]"
        self.outbox.add("reply", {"conversation": self.conversation, "text": text})

    def end(self) -> None:
        for task in self._tasks:
            task.cancel()

    def arrive(self, entry: Entry) -> None:
        if self.thread.arrive(entry) == "gap":
            self.catch_up.soon()
        elif entry.get("client_id"):
            self.outbox.confirm(entry["client_id"], entry["number"], entry["prev"])

    def fresh(self, entries: list[Entry], card: dict[str, Any]) -> None:
        for entry in self.thread.catch_up(entries, card["last_number"]):
            if entry.get("client_id"):
                self.outbox.confirm(entry["client_id"], entry["number"], entry["prev"])

    async def _live(self) -> None:
        while True:
            await asyncio.sleep(random.uniform(*REPLIES_EVERY))
            if not self.worker.writing:
                continue
            dice = random.random()
            if dice < RELEASES and not self.outbox.waiting:
                self.outbox.add("release", {"conversation": self.conversation})
            elif dice < RELEASES + OFFERS and self.worker.colleagues and not self.outbox.waiting:
                to = random.choice(self.worker.colleagues)
                self.outbox.add("offer", {"conversation": self.conversation, "to": to, "text": "neem jij dit over"})
            elif len(self.outbox.waiting) < 3:
                self.reply()

    async def _history(self) -> None:
        try:
            answer = await self.worker.wire.ask(
                "history", {"conversation": self.conversation, "after": self.thread.last}
            )
        except NoAnswer:
            if self.worker.wire.up:
                self.catch_up.soon(2.0)
            return
        if answer["ok"]:
            self.fresh(answer["entries"], answer["conversation"])
        else:
            self.worker.lose(self)

    def _settled(self, item: Outgoing) -> None:
        answer = item.answer or {}
        tally = self.worker.tally
        if not answer["ok"]:
            tally.refusals[f"{item.event}: {answer['code']}"] += 1
            if answer["code"] in ("not_found", "closed"):  # whether rightly so, the entries will say
                self.worker.lose(self)
        elif item.event == "release":
            self.worker.lose(self)
        elif item.event == "reply":
            number, text = answer["number"], item.payload["text"]
            tally.settled(asyncio.get_running_loop().time() - item.at, item.repeats, visitor=False)
            self.record.acked.append(Acked(self.worker.name, item.payload["client_id"], text, number))
            if "prev" in answer:  # this connection gets no entry for its own words
                own = {"number": number, "sender": "staff", "kind": "text", "text": text, "name": self.worker.name}
                self.arrive({**own, "prev": answer["prev"]})
            if self.thread.behind(number):
                self.catch_up.soon(2.0)


class Worker:
    def __init__(
        self, name: str, account: tuple[str, str], connector: aiohttp.BaseConnector, url: str, tally: Tally
    ) -> None:
        self.name, self._account = name, account
        self._connector, self._url, self.tally = connector, url, tally
        self.held: dict[str, Held] = {}
        self.waiting: list[dict[str, Any]] = []
        self.offered: list[dict[str, Any]] = []
        self.colleagues: list[int] = []
        self.records: dict[str, Record] = {}  # by the visitor's name; filled by the crowd
        self.writing = True
        self._opening: dict[str, asyncio.Task[None]] = {}
        self._number = 0
        self.refresh = CatchUp(self._board)
        self.wire: Wire
        self._session: aiohttp.ClientSession

    async def arrive(self) -> list[asyncio.Task[None]]:
        username, password = self._account
        jar = aiohttp.DummyCookieJar()
        options: dict[str, Any] = dict(connector=self._connector, connector_owner=False, cookie_jar=jar)
        async with aiohttp.ClientSession(**options) as browser:
            form = {"username": username, "password": password}
            async with browser.post(f"{self._url}/nl/desk/login", data=form, allow_redirects=False) as answer:
                if answer.status != 303:
                    raise RuntimeError(f"{username} cannot sign in: {answer.status}")
                cookie = "; ".join(f"{item.key}={item.value}" for item in answer.cookies.values())
        self._session = aiohttp.ClientSession(**options, headers={"Cookie": cookie})
        self.wire = Wire(self._session, self._url, "/desk", self._hear, self._connected)
        loop = asyncio.get_running_loop()
        return [loop.create_task(self.wire.run()), loop.create_task(self._take_all())]

    async def go(self) -> None:
        for held in self.held.values():
            held.end()
        await self.wire.end()
        await self._session.close()

    def next_number(self) -> int:
        self._number += 1
        return self._number

    def lose(self, held: Held) -> None:
        """No longer mine: its words leave the screen. Not when it was taken again meanwhile."""
        held.end()
        if self.held.get(held.conversation) is held:
            del self.held[held.conversation]

    async def everything(self, conversation: str) -> list[Entry] | None:
        """All entries from 0; None if this worker does not hold it."""
        answer = await self.wire.ask("history", {"conversation": conversation, "after": 0})
        return answer["entries"] if answer["ok"] else None

    def _connected(self) -> None:
        self.refresh.soon()
        for held in list(self.held.values()):
            held.catch_up.soon()

    def _hear(self, event: str, payload: Any) -> None:
        if event == "board":
            self._draw(payload)
        elif event == "entry":
            held = self.held.get(payload["conversation"])
            if held is not None:
                held.arrive(payload["entry"])
        elif event == "conversation":
            held = self.held.get(payload["id"])
            if held is not None and not payload["mine"]:
                self.lose(held)
            elif held is not None and held.thread.behind(payload["last_number"]):
                held.catch_up.soon()

    async def _board(self) -> None:
        try:
            answer = await self.wire.ask("board", {})
        except NoAnswer:
            if self.wire.up:
                self.refresh.soon(2.0)
            return
        if answer["ok"]:
            self._draw(answer["board"])

    def _draw(self, board: dict[str, Any]) -> None:
        self.waiting, self.offered = board["waiting"], board["offered"]
        self.colleagues = [colleague["staff_id"] for colleague in board["colleagues"]]
        mine = {card["id"]: card for card in board["mine"]}
        for conversation, held in list(self.held.items()):
            card = mine.get(conversation)
            if card is None or held.thread.behind(card["last_number"]):
                held.catch_up.soon()  # missing on the board: the answer says whether it is really gone
        for conversation in mine.keys() - self.held.keys() - self._opening.keys():
            self._opening[conversation] = asyncio.get_running_loop().create_task(self._open(conversation))

    async def _take_all(self) -> None:
        while True:
            await asyncio.sleep(random.uniform(*LOOKS_EVERY))
            while self.waiting and self.wire.up:
                card = random.choice(self.waiting[:HURRY])
                chosen = random.random() < 0.5  # both buttons of the desk
                payload = {"conversation": card["id"]} if chosen else {}
                code = await self._take("claim" if chosen else "claim_next", payload)
                if chosen and code in ("already_claimed", "not_waiting"):
                    self._taken(card["id"])
                elif code != "ok":
                    break  # the cards stay on the screen
            while self.offered and self.wire.up:
                await self._take("accept", {"conversation": self.offered.pop()["id"]})

    async def _take(self, event: str, payload: dict[str, Any]) -> str | None:
        """What came of it: ok, or why not. When no answer came, again with the same client_id."""
        payload = {"client_id": new_id(), **payload}
        for attempt in range(INSISTS):
            try:
                answer = await self.wire.ask(event, payload)
            except NoAnswer:
                await self.wire.pause(2.0**attempt)
                continue
            if answer["ok"]:
                self._given(answer)
                return "ok"
            self.tally.refusals[f"{event}: {answer['code']}"] += 1
            return str(answer["code"])
        return None

    def _taken(self, conversation: str) -> None:
        self.waiting = [card for card in self.waiting if card["id"] != conversation]

    def _given(self, answer: dict[str, Any]) -> None:
        self._taken(answer["conversation"]["id"])
        held = self._load(answer["conversation"]["id"], answer)
        numbers = [
            entry["number"] for entry in answer["entries"] if entry.get("code") in GIVES and entry["name"] == self.name
        ]
        if held is not None:
            held.record.claims.append((self.name, numbers[-1] if numbers else 0))

    async def _open(self, conversation: str) -> None:
        """Mine according to the board, but not on this screen: its acknowledgement got lost."""
        try:
            answer = await self.wire.ask("history", {"conversation": conversation, "after": 0})
            if answer["ok"]:
                self._load(conversation, answer)
        except NoAnswer:
            pass  # the next board asks again
        finally:
            del self._opening[conversation]

    def _load(self, conversation: str, answer: dict[str, Any]) -> Held | None:
        held = self.held.get(conversation)
        if held is None:
            found = (OWNER.search(entry.get("text") or "") for entry in answer["entries"])
            owner = next((match[1] for match in found if match), None)
            if owner is None:
                return None
            held = self.held[conversation] = Held(self, conversation, self.records[owner])
        held.fresh(answer["entries"], answer["conversation"])
        return held
