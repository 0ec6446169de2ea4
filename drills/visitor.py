"""A visitor: starts a chat as a browser does, asks, waits, writes on whatever happens, and catches up by number."""

import asyncio
import random
from typing import Any

import aiohttp

from drills.ledger import BECOMES, Acked, Entry, Record
from drills.tally import Tally
from drills.thread import CatchUp, Thread
from drills.wire import NoAnswer, Outbox, Outgoing, Wire

EVERY = (2.5, 7.5)  # seconds between two messages of one visitor
MOST_UNSENT = 4  # then people stop writing and look at the screen
ASKS_FOR_PERSON, WITHDRAWS, ASKS_ALL_THE_SAME = 0.5, 0.5, 0.05
LOOK_AFTER = 2.0
TEN_SECONDS = aiohttp.ClientTimeout(total=None, sock_connect=10)
QUESTIONS = (
    "wat kost het om te chatten",
    "wie leest mee met deze chat",
    "hoe lang bewaren jullie dit gesprek",
    "wanneer is er iemand aanwezig",
    "kan ik later verder praten",
    "wat gebeurt er als ik de chat sluit",
)


class Visitor:
    """`wants_person`: asks for a person as often as needed; the others talk with the assistant, most of the time."""

    def __init__(self, name: str, connector: aiohttp.BaseConnector, url: str, tally: Tally) -> None:
        self.record = Record(name)
        self.thread = Thread(self.record, "visitor")
        self.state = "assistant"
        self.wants_person = False
        self.writing = True
        self._connector, self._url, self._tally = connector, url, tally
        self._said = 0
        self.catch_up = CatchUp(self._resume)
        self.wire: Wire
        self.outbox: Outbox
        self._session: aiohttp.ClientSession

    async def arrive(self) -> list[asyncio.Task[None]]:
        """The form of the start page, the cookie that it gives, and a connection with it."""
        cookie = await self._start()
        self._session = self._browser({"Cookie": cookie})
        self.wire = Wire(self._session, self._url, "/chat", self._hear, self.catch_up.soon)
        self.outbox = Outbox(self.wire, self._settled)
        loop = asyncio.get_running_loop()
        return [loop.create_task(work) for work in (self.wire.run(), self.outbox.run(), self._live())]

    async def go(self) -> None:
        await self.wire.end()
        await self._session.close()

    def say(self) -> None:
        self._said += 1
        text = f"{random.choice(QUESTIONS)} [{self.record.name}-{self._said}]"
        self.outbox.add("say", {"text": text})

    def ask_person(self) -> None:
        self.outbox.add("ask_person", {})

    async def everything(self) -> tuple[list[Entry], dict[str, Any]]:
        """All entries from 0, and the view; what this screen has got so far is left alone."""
        answer = await self.wire.ask("resume", {"after": 0})
        return answer["entries"], answer["view"]

    async def _start(self) -> str:
        async with self._browser({}) as browser:
            while True:
                try:
                    async with browser.post(f"{self._url}/nl/chat", allow_redirects=False) as answer:
                        if answer.status == 303 and answer.cookies:
                            return "; ".join(f"{item.key}={item.value}" for item in answer.cookies.values())
                except aiohttp.ClientError:
                    pass
                await asyncio.sleep(1)

    def _browser(self, headers: dict[str, str]) -> aiohttp.ClientSession:
        jar = aiohttp.DummyCookieJar()  # the one cookie is sent by hand: it is Secure, and this is loopback
        return aiohttp.ClientSession(
            connector=self._connector, connector_owner=False, cookie_jar=jar, headers=headers, timeout=TEN_SECONDS
        )

    async def _live(self) -> None:
        await asyncio.sleep(random.uniform(0, EVERY[1]))
        while True:
            if self.writing and len(self.outbox.waiting) < MOST_UNSENT:
                self._act()
            await asyncio.sleep(random.uniform(*EVERY))

    def _act(self) -> None:
        dice = random.random()
        moving = any(item.event != "say" for item in self.outbox.waiting)
        if self._said == 0 or moving:
            self.say()
        elif self.state == "assistant" and dice < (ASKS_FOR_PERSON if self.wants_person else ASKS_ALL_THE_SAME):
            self.ask_person()
        elif self.state == "waiting" and not self.wants_person and dice < WITHDRAWS:
            self.outbox.add("withdraw", {})
        elif self.state != "closed":
            self.say()

    def _hear(self, event: str, payload: Any) -> None:
        if event == "entry":
            arrival = self.thread.arrive(payload)
            if arrival == "gap":
                self.catch_up.soon()
            elif arrival == "new":
                self._heard(payload)
        elif event == "view":
            self._view(payload)

    def _heard(self, entry: Entry) -> None:
        self.state = BECOMES.get(entry.get("code", ""), self.state)
        if entry.get("client_id"):
            self.outbox.confirm(entry["client_id"], entry["number"], entry["prev"])

    def _view(self, view: dict[str, Any]) -> None:
        self.state = view["state"]
        if self.thread.behind(view["last_number"]):
            self.catch_up.soon()

    async def _resume(self) -> None:
        try:
            answer = await self.wire.ask("resume", {"after": self.thread.last})
        except NoAnswer:
            if self.wire.up:  # without a connection the next connect begins anew
                self.catch_up.soon(LOOK_AFTER)
            return
        if answer["ok"]:
            for entry in self.thread.catch_up(answer["entries"], answer["view"]["last_number"]):
                self._heard(entry)
            self.state = answer["view"]["state"]

    def _settled(self, item: Outgoing) -> None:
        answer = item.answer or {}
        if not answer["ok"]:
            self._tally.refusals[f"{item.event}: {answer['code']}"] += 1
            if item.event == "say":
                self.record.clashes.add(f"visitor: {item.payload['text']!r} refused with {answer['code']}")
            return
        if item.event == "say":
            self._acknowledged(item, answer)
        elif "view" in answer:
            self._view(answer["view"])

    def _acknowledged(self, item: Outgoing, answer: dict[str, Any]) -> None:
        number, text, client_id = answer["number"], item.payload["text"], item.payload["client_id"]
        self._tally.settled(asyncio.get_running_loop().time() - item.at, item.repeats, visitor=True)
        self.record.acked.append(Acked("visitor", client_id, text, number))
        own = {"number": number, "sender": "visitor", "kind": "text", "text": text}
        self.record.see("visitor", own)
        if "prev" in answer:  # this connection gets no entry for its own words
            self.thread.arrive({**own, "prev": answer["prev"]})
        if self.thread.behind(number):
            self.catch_up.soon(LOOK_AFTER)
