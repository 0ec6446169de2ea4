"""simple-websocket as python-engineio uses it, with its holes closed. `harden` is called once, by create_app.

- Under gevent `send` may write a part and drop the rest: a slow reader gets torn frames. We go on until all is sent.
- The size limit is not passed on: a client could have a frame of any size collected in memory first.
- A client that vanished kept its socket for ever: closing shuts it; who takes nothing for SEND_SECONDS is cut off.
- Whatever came in was collected without end and worked off without a pause: one sender could hold up a whole process.
  We read on when little is left to do, and let others come in between; TCP holds the sender back.
- Every browser offers permessage-deflate, which costs 100 KiB of zlib state for each connection. We decline.

Leans on internals of pinned versions; tests/web/test_websocket.py probes that they still hold.
"""

import contextlib
import socket
from collections.abc import Callable
from typing import Any

import gevent
import gevent.event
import gevent.lock
import gevent.selectors
import simple_websocket
from engineio.async_drivers._websocket_wsgi import SimpleWebSocketWSGI
from engineio.async_drivers.gevent import Thread
from simple_websocket import ws as implementation

SEND_SECONDS = 20
RECEIVE_BYTES = 16_384
MOST_UNHANDLED = 32  # packets of one connection
PACKETS = tuple("0123456")  # types of Engine.IO packets


class WholeSocket:
    """The client's socket, on which `send` means all of it, one frame at a time."""

    def __init__(self, sock: Any, unhandled: list[Any]) -> None:
        self.sock, self.lock = sock, gevent.lock.Semaphore()
        self.unhandled = unhandled

    def recv(self, size: int) -> bytes:
        """Whoever sends faster than we handle is held back by the network, not collected in memory."""
        while len(self.unhandled) > MOST_UNHANDLED:
            gevent.sleep(0.01)
        received: bytes = self.sock.recv(size)
        return received

    def send(self, data: bytes) -> None:
        try:
            with self.lock:
                while data:
                    try:
                        data = data[self.sock.send(data, timeout=0) :]
                    except BlockingIOError:  # the buffers are full. gevent ignores any other timeout of `send`
                        with gevent.Timeout(SEND_SECONDS, TimeoutError("takes nothing")):
                            data = data[self.sock.send(data) :]
        except OSError:
            self.cut()
            raise

    def cut(self) -> None:
        with contextlib.suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.sock, name)


class Server(simple_websocket.Server):  # type: ignore[misc]  # has no types
    def handshake(self) -> None:
        self.sock: Any = WholeSocket(self.sock, self.input_buffer)
        super().handshake()


class WebSocket(SimpleWebSocketWSGI):  # type: ignore[misc]  # has no types
    def __init__(self, handler: Any, server: Any) -> None:
        super().__init__(
            handler,
            server,
            thread_class=Thread,
            event_class=gevent.event.Event,
            selector_class=gevent.selectors.DefaultSelector,
            max_message_size=server.max_http_buffer_size,
            receive_bytes=RECEIVE_BYTES,
        )

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        self.ws = Server(environ, **self.server_args)
        self.app(self)
        if self.ws.mode == "gunicorn":
            raise StopIteration
        return []

    def wait(self) -> Any:
        """python-engineio does not catch what is no packet of its own; None means that the other side has hung up."""
        if self.ws.input_buffer:
            gevent.sleep(0)  # others come in between
        data = super().wait()
        return data if not isinstance(data, str) or data[:1] in PACKETS else None

    def close(self) -> None:
        with contextlib.suppress(OSError):
            super().close()
        self.ws.sock.cut()


def harden(server: Any) -> None:
    if implementation.Server is not simple_websocket.Server:
        raise RuntimeError("simple-websocket has changed: web/http/websocket.py must be looked at")
    server.eio._async = {**server.eio._async, "websocket": WebSocket}
