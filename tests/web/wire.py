"""A WebSocket in the hands of a test: it reads when it is told to, and sends what no decent client would."""

import base64
import json
import os
import socket
import struct
import time
from typing import Any
from urllib.parse import urlsplit

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
PATH = "/socket.io/?EIO=4&transport=websocket"


class Ended(Exception):
    """The server has closed the connection."""


class Line:
    """`answer` holds the head of the handshake's answer."""

    def __init__(self, url: str, headers: dict[str, str] | None = None, receive_buffer: int = 0) -> None:
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(10)
        port = urlsplit(url).port or 80
        self.socket.connect(("127.0.0.1", port))
        asked = {
            "Host": f"localhost:{port}",
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
            **(headers or {}),
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in asked.items())
        self.socket.sendall(f"GET {PATH} HTTP/1.1\r\n{lines}\r\n".encode())
        self._read = b""
        while b"\r\n\r\n" not in self._read:
            self._more()
        head, self._read = self._read.split(b"\r\n\r\n", 1)
        self.answer = head.decode().lower()
        self._acks = 0

    def join(self, namespace: str) -> "Line":
        self.namespace = namespace
        self.packet()  # the server's greeting
        self.send(f"40{namespace},")
        assert self.packet().startswith(f"40{namespace},"), "not let in"
        return self

    def send(self, data: str | bytes, kind: int = TEXT, first: int = 0x80, mask: bool = True) -> None:
        """One frame. `first`: the bits beside its kind."""
        payload = data.encode() if isinstance(data, str) else data
        self.socket.sendall(head(len(payload), kind, first, mask) + payload)

    def emit(self, event: str, payload: Any) -> int:
        """The id that its acknowledgement will have."""
        self._acks += 1
        self.send(f"42{self.namespace},{self._acks}{json.dumps([event, payload])}")
        return self._acks

    def call(self, event: str, payload: Any, seconds: float = 10) -> Any:
        start = f"43{self.namespace},{self.emit(event, payload)}["
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            packet = self.packet(seconds)
            if packet.startswith(start):
                return json.loads(packet[len(start) - 1 :])[0]
        raise TimeoutError(event)

    def packet(self, seconds: float = 10) -> str:
        """The next text; pings of Engine.IO are answered on the way."""
        while True:
            kind, payload = self.frame(seconds)
            if kind == CLOSE:
                raise Ended
            assert kind == TEXT, f"a frame of kind {kind}: the stream is torn"
            text = payload.decode()
            if text != "2":
                return text
            self.send("3")

    def frame(self, seconds: float = 10) -> tuple[int, bytes]:
        """Kind and content. A server's frames are whole, without mask, and without extensions."""
        self.socket.settimeout(seconds)
        first, size = self._take(2)
        assert first & 0xF0 == 0x80, f"a frame beginning with {first:#x}: the stream is torn"
        if size == 126:
            (size,) = struct.unpack("!H", self._take(2))
        elif size == 127:
            (size,) = struct.unpack("!Q", self._take(8))
        return first & 0x0F, self._take(size)

    def ends(self, seconds: float = 10) -> bool:
        """Whether the server closes the connection within that time."""
        end = time.monotonic() + seconds
        try:
            while time.monotonic() < end:
                self.packet(seconds)
        except (Ended, ConnectionError):
            return True
        except TimeoutError:
            pass
        return False

    def close(self) -> None:
        self.socket.close()

    def _take(self, count: int) -> bytes:
        while len(self._read) < count:
            self._more()
        taken, self._read = self._read[:count], self._read[count:]
        return taken

    def _more(self) -> None:
        got = self.socket.recv(1 << 20)
        if not got:
            raise Ended
        self._read += got


def head(size: int, kind: int = TEXT, first: int = 0x80, mask: bool = True) -> bytes:
    """A frame's head. The mask is all zeros, so that the content goes as it is."""
    bit = 0x80 if mask else 0
    if size < 126:
        length = struct.pack("!B", bit | size)
    elif size < 1 << 16:
        length = struct.pack("!BH", bit | 126, size)
    else:
        length = struct.pack("!BQ", bit | 127, size)
    return bytes([first | kind]) + length + (bytes(4) if mask else b"")
