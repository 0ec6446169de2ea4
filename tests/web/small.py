"""A small chat server with the product's WebSocket and guards and with short times, for gunicorn as in production.

python-socketio reads its times once, so the product cannot be made to wait two seconds instead of 45.
"""

import os
import time
from typing import Any

import gevent
import socketio

from web.http import websocket
from web.http.sockets import guard_frames

websocket.SEND_SECONDS = int(os.environ["SEND_SECONDS"])
server = socketio.Server(
    async_mode="gevent",
    transports=["websocket"],
    async_handlers=False,
    ping_interval=1,
    ping_timeout=int(os.environ["PING_TIMEOUT"]),
    max_http_buffer_size=64_000,
)
websocket.harden(server)
guard_frames(server)


@server.on("flood", namespace="/small")
def flood(sid: str, wanted: dict[str, int]) -> dict[str, bool]:
    """So many events of that size."""
    for number in range(wanted["events"]):
        server.emit("entry", {"number": number, "text": "x" * wanted["size"]}, to=sid, namespace="/small")
    return {"ok": True}


@server.on("work", namespace="/small")
def work(sid: str, wanted: object) -> dict[str, bool]:
    """Two milliseconds of our time, without letting anybody else in, as a query on SQLite takes them."""
    end = time.perf_counter() + 0.002
    while time.perf_counter() < end:
        pass
    return {"ok": True}


@server.on("rest", namespace="/small")
def rest(sid: str, wanted: object) -> dict[str, bool]:
    """One second in which others may be served."""
    gevent.sleep(1)
    return {"ok": True}


def health(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("200 OK", [("Content-Type", "application/json")])
    return [b'{"ok": true}']


application = socketio.WSGIApp(server, health)
