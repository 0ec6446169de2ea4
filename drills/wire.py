"""A browser's connection, as docs/protocol.md and web/client/shared/wire.ts and outbox.ts have it, on a real client."""

import asyncio
import random
import secrets
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import socketio
from socketio.exceptions import SocketIOError

ANSWER_WITHIN = 10.0
CONNECT_WITHIN = 20.0
FIRST_RETRY, LONGEST_RETRY, LONGEST_PAUSE = 1.0, 20.0, 8.0


class NoAnswer(Exception):
    """No connection, no acknowledgement in time, or a fault of the server: the same thing may be sent again."""


def new_id() -> str:
    return secrets.token_hex(16)


class Wire:
    """Connects, and connects again, for ever. `on_connect` catches up; `hear` gets what the server pushes."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        url: str,
        namespace: str,
        hear: Callable[[str, Any], None],
        on_connect: Callable[[], None],
    ) -> None:
        self._session, self._url, self._namespace = session, url, namespace
        self._hear, self._on_connect = hear, on_connect
        self._socket: socketio.AsyncClient | None = None
        self._lost = asyncio.Event()
        self._back = asyncio.Event()
        self._pending: set[asyncio.Future[Any]] = set()
        self._ended = False
        self.missed: Counter[object] = Counter()  # attempts to connect that failed, by reason
        self.refused = False  # the server does not know us (any more); a browser would give up here

    @property
    def up(self) -> bool:
        return self._back.is_set()

    async def run(self) -> None:
        attempts = 0
        while not self._ended and not self.refused:
            if await self._connect():
                attempts = 0
                await self._lost.wait()
                self._gone()
            if not self._ended:
                longest = min(FIRST_RETRY * 2**attempts, LONGEST_RETRY)
                attempts += 1
                await asyncio.sleep(longest * random.uniform(0.75, 1.25))

    async def drop(self) -> None:
        """The connection is lost, as on a train."""
        if self._socket is not None and self.up:
            await self._socket.eio.disconnect(abort=True)

    async def end(self) -> None:
        self._ended = True
        if self._socket is not None and self.up:
            await self._socket.disconnect()
        self._lost.set()

    async def ask(self, event: str, payload: dict[str, Any]) -> dict[str, Any]:
        """One attempt. A refusal is an answer."""
        if not self.up or self._socket is None:
            raise NoAnswer("offline")
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._pending.add(answer)

        def acknowledged(*data: Any) -> None:
            if not answer.done():
                answer.set_result(data[0] if data else None)

        try:
            await self._socket.emit(event, payload, namespace=self._namespace, callback=acknowledged)
            reply: dict[str, Any] = await asyncio.wait_for(answer, ANSWER_WITHIN)
        except (TimeoutError, SocketIOError, OSError) as error:
            raise NoAnswer(type(error).__name__) from None
        finally:
            self._pending.discard(answer)
        if not reply["ok"] and reply["code"] in ("busy", "internal"):
            raise NoAnswer(reply["code"])
        return reply

    async def pause(self, seconds: float) -> None:
        """Before a repeat: that long while connected, otherwise until there is a connection again."""
        await (asyncio.sleep(seconds) if self.up else self._back.wait())

    async def _connect(self) -> bool:
        self._lost.clear()
        # A new client each time: one that was refused keeps something of the refusal.
        socket = socketio.AsyncClient(reconnection=False, handle_sigint=False, http_session=self._session)
        socket.on("*", self._hear, namespace=self._namespace)
        socket.on("connect_error", self._not_let_in, namespace=self._namespace)
        socket.on("disconnect", lambda *_: self._lost.set(), namespace=self._namespace)
        connect = socket.connect(
            self._url, transports=["websocket"], namespaces=[self._namespace], wait_timeout=CONNECT_WITHIN
        )
        try:
            await asyncio.wait_for(connect, CONNECT_WITHIN)
        except (SocketIOError, TimeoutError, OSError, aiohttp.ClientError) as error:
            cause = error.__cause__.__context__ if error.__cause__ is not None else error
            self.missed[getattr(cause, "status", type(cause).__name__)] += 1
            return False
        self._socket = socket
        self._back.set()
        self._on_connect()
        return True

    def _not_let_in(self, data: Any = None) -> None:
        message = data.get("message") if isinstance(data, dict) else data
        self.refused = self.refused or message == "not_found"

    def _gone(self) -> None:
        self._back.clear()
        for answer in self._pending:
            if not answer.done():
                answer.set_exception(OSError("the connection is gone"))


@dataclass(eq=False)
class Outgoing:
    """Something that its writer wants to arrive. `payload` carries a client_id, so that a repeat changes nothing."""

    event: str
    payload: dict[str, Any]
    at: float
    repeats: int = 0
    answer: dict[str, Any] | None = None
    settled: bool = field(default=False)


class Outbox:
    """One in flight, in the order of writing; each until there is an answer."""

    def __init__(self, wire: Wire, settle: Callable[[Outgoing], None]) -> None:
        self._wire, self._settle = wire, settle
        self._queue: deque[Outgoing] = deque()
        self._wake = asyncio.Event()

    @property
    def waiting(self) -> deque[Outgoing]:
        return self._queue

    def add(self, event: str, payload: dict[str, Any]) -> None:
        now = asyncio.get_running_loop().time()
        self._queue.append(Outgoing(event, {"client_id": new_id(), **payload}, now))
        self._wake.set()

    def confirm(self, client_id: str, number: int, prev: int) -> None:
        """The entry itself came back while catching up after a lost answer: that is an acknowledgement too."""
        for item in self._queue:
            if item.payload["client_id"] == client_id:
                self._done(item, {"ok": True, "number": number, "prev": prev})
                return

    async def run(self) -> None:
        while True:
            while self._queue:
                await self._deliver(self._queue[0])
            self._wake.clear()
            await self._wake.wait()

    async def _deliver(self, item: Outgoing) -> None:
        attempt = 0
        while not item.settled:
            try:
                answer = await self._wire.ask(item.event, item.payload)
            except NoAnswer:
                item.repeats += 1
                await self._wire.pause(min(2.0**attempt, LONGEST_PAUSE))
                attempt += 1
                continue
            if answer["ok"] or answer["code"] != "too_fast":
                self._done(item, answer)
            else:
                await self._wire.pause(answer.get("retry_after", 1))

    def _done(self, item: Outgoing, answer: dict[str, Any]) -> None:
        if item.settled:
            return
        item.settled, item.answer = True, answer
        self._queue.remove(item)
        self._settle(item)
