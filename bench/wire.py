"""A Socket.IO client that costs less than the server it loads: websocket only, no dependencies.

Speaks RFC 6455 framing, Engine.IO 4 and Socket.IO 5 (text packets with acks) directly on an asyncio transport.
One connection is one small object; a process holds 10,000 of them. Client frames use an all-zero masking key,
which is valid framing: the server unmasks as always, we save the work of masking. Compression is not offered: the bare
relay would accept it and become dearer, which would flatter us.
"""

import asyncio
import base64
import json
import os
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
FINAL = 0x80
NO_MASK = b"\0\0\0\0"
dumps = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


class Refused(ConnectionError):
    """The server answered the upgrade or the connect packet with a no."""


class Frames(asyncio.Protocol):
    """Websocket framing: `feed` gets each whole text message."""

    transport: asyncio.Transport

    def __init__(self, request: bytes, feed: Callable[[str], None], lost: Callable[[Exception | None], None]) -> None:
        self.request, self.feed, self.lost = request, feed, lost
        self.buffer = b""
        self.upgraded = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]
        self.transport.write(self.request)

    def connection_lost(self, error: Exception | None) -> None:
        if not self.upgraded.done():
            self.upgraded.set_exception(Refused("closed before the upgrade"))
        self.lost(error)

    def data_received(self, data: bytes) -> None:
        self.buffer = self.buffer + data if self.buffer else data
        if not self.upgraded.done() and not self.handshake():
            return
        buffer, at, size = self.buffer, 0, len(self.buffer)
        while size - at >= 2:
            first, length, start = buffer[at], buffer[at + 1] & 127, at + 2
            if length > 125:
                wide = 2 if length == 126 else 8
                if size < start + wide:
                    break
                length, start = int.from_bytes(buffer[start : start + wide], "big"), start + wide
            if size < start + length:
                break
            at = start + length
            self.frame(first & 15, buffer[start:at])
        self.buffer = buffer[at:]

    def handshake(self) -> bool:
        head, found, rest = self.buffer.partition(b"\r\n\r\n")
        if not found:
            return False
        self.buffer = rest
        status = head.split(b"\r\n", 1)[0].decode("latin-1")
        if " 101" not in status:
            self.upgraded.set_exception(Refused(f"{status} {rest[:200].decode('latin-1')}"))
            self.transport.close()
            return False
        self.upgraded.set_result(head)
        return True

    def frame(self, kind: int, payload: bytes) -> None:
        if kind == TEXT:
            self.feed(payload.decode())
        elif kind == PING:
            self.write(PONG, payload)
        elif kind == CLOSE:
            self.transport.close()

    def write(self, kind: int, payload: bytes) -> None:
        size = len(payload)
        if size < 126:
            head = bytes((FINAL | kind, 0x80 | size))
        elif size < 65536:
            head = bytes((FINAL | kind, 0x80 | 126)) + size.to_bytes(2, "big")
        else:
            head = bytes((FINAL | kind, 0x80 | 127)) + size.to_bytes(8, "big")
        self.transport.write(head + NO_MASK + payload)


class Socket:
    """One Socket.IO connection: `await Socket.open(url)`, `on(event, fn)`, `await emit(event, *args)` gives the ack."""

    def __init__(self, namespace: str) -> None:
        self.handlers: dict[str, Callable[..., Any]] = {}
        self.acks: dict[int, asyncio.Future[list[Any]]] = {}
        self.number, self.closed = 0, False
        self.prefix = "" if namespace == "/" else namespace + ","
        self.connected: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.frames: Frames

    @classmethod
    async def open(
        cls, url: str, *, namespace: str = "/", headers: dict[str, str] | None = None, timeout: float = 60
    ) -> "Socket":
        self = cls(namespace)
        parts = urlsplit(url)
        lines = [
            "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1",
            f"Host: {parts.netloc}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
            *(f"{key}: {value}" for key, value in (headers or {}).items()),
        ]
        request = ("\r\n".join(lines) + "\r\n\r\n").encode()
        self.frames = Frames(request, self.packet, self.lost)
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(timeout):
            await loop.create_connection(lambda: self.frames, parts.hostname, parts.port or 80)
            await self.frames.upgraded
            await self.connected
        return self

    def on(self, event: str, handler: Callable[..., Any]) -> None:
        self.handlers[event] = handler

    async def emit(self, event: str, *args: Any, timeout: float = 30) -> list[Any]:
        """The acknowledgement's arguments."""
        self.number += 1
        future = self.acks[self.number] = asyncio.get_running_loop().create_future()
        if self.closed:
            raise ConnectionError("socket is closed")
        self.frames.write(TEXT, f"42{self.prefix}{self.number}{dumps([event, *args])}".encode())
        return await asyncio.wait_for(future, timeout)

    def send(self, event: str, *args: Any) -> None:
        """Without asking for an ack."""
        self.frames.write(TEXT, f"42{self.prefix}{dumps([event, *args])}".encode())

    def close(self) -> None:
        self.frames.transport.close()

    def packet(self, text: str) -> None:
        kind = text[0]
        if kind == "4":
            self.message(text[1], text[2:])
        elif kind == "2":
            self.frames.write(TEXT, b"3")
        elif kind == "0":
            self.frames.write(TEXT, f"40{self.prefix}".encode())
        elif kind == "1":
            self.close()

    def message(self, kind: str, text: str) -> None:
        if self.prefix and text.startswith(self.prefix):
            text = text[len(self.prefix) :]
        if kind in "23":
            body = text.index("[")
            number, args = text[:body], json.loads(text[body:])
            if kind == "3":
                future = self.acks.pop(int(number), None)
                if future and not future.done():
                    future.set_result(args)
            elif handler := self.handlers.get(args[0]):
                handler(*args[1:])
        elif kind == "0":
            if not self.connected.done():
                self.connected.set_result(json.loads(text)["sid"])
        elif kind == "4" and not self.connected.done():
            self.connected.set_exception(Refused(text))

    def lost(self, error: Exception | None) -> None:
        self.closed = True
        for future in [self.connected, *self.acks.values()]:
            if not future.done():
                future.set_exception(error or ConnectionError("closed by the server"))
                future.exception()
        self.acks.clear()
