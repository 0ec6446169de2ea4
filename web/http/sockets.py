"""Socket handlers at the edge: read, perform, acknowledge. Plain python-socketio handlers, without a Flask request
context around each event, which would double the cost of a message (measured, see bench notes).
"""

from collections.abc import Callable
from typing import Any, TypeVar

import socketio
import structlog
from socketio.exceptions import ConnectionRefusedError

from web.core.errors import Code, Refused

Who = TypeVar("Who")
Ack = dict[str, Any]
MAX_PACKET_CHARS = 40_000  # 4,000 characters as escaped JSON, and room
MAX_DEPTH = 6
PROTOCOL = 2  # docs/protocol.md; rises when something that clients rely on changes its meaning or goes
_log = structlog.get_logger()


def acked(who: Callable[[str], Who], task: Callable[[str, Who, object], Ack]) -> Callable[..., Ack]:
    """A handler that answers every event: {"ok": true, ...} once it is committed, or the code of the refusal."""

    def handler(sid: str, *arguments: object) -> Ack:
        try:
            if len(arguments) != 1:
                raise Refused(Code.BAD_PAYLOAD, field="payload")
            return {"ok": True, **task(sid, who(sid), arguments[0])}
        except Refused as refused:
            return {"ok": False, "code": refused.code.value, **refused.detail}
        except Exception as error:  # the last resort; the type only: the message could hold somebody's words
            _log.error("handler_failed", handler=task.__name__, error=type(error).__name__)
            return {"ok": False, "code": Code.INTERNAL.value}

    return handler


class TextPacket(socketio.packet.Packet):  # type: ignore[misc]  # has no types
    """All that goes through is text (guard_frames), so no packet is searched for binary parts: a tenth of a message."""

    uses_binary_events = False


def must_speak(auth: object) -> None:
    """A page from before an update may speak an older protocol. Raises ConnectionRefusedError; then it reloads."""
    spoken = auth.get("protocol") if isinstance(auth, dict) else None
    if spoken not in (None, PROTOCOL):
        raise ConnectionRefusedError(Code.OUTDATED.value)


def guard_frames(server: socketio.Server) -> None:
    """Disconnect whoever sends binary, oversized or deeply nested packets, before they are taken apart.

    Binary attachments are collected in memory without a limit, and a bad packet would log a traceback each time.
    """
    engine = server.eio
    inner = engine.handlers["message"]

    def message(sid: str, data: object) -> Any:
        if (
            not isinstance(data, str)
            or len(data) > MAX_PACKET_CHARS
            or data[:1] not in ("0", "1", "2", "3")
            or _deep(data)
        ):
            _log.info("frame_refused")
            engine.disconnect(sid)
            return None
        try:
            return inner(sid, data)
        except Exception as error:  # of the packet's shape; handlers of ours answer for themselves, see acked
            _log.info("frame_unreadable", error=type(error).__name__)
            engine.disconnect(sid)
            return None

    engine.on("message", message)


def _deep(data: str) -> bool:
    """Most packets have few brackets; a text may hold many, so then those outside of strings are counted."""
    return data.count("[") + data.count("{") > MAX_DEPTH and _nesting(data) > MAX_DEPTH


def _nesting(data: str) -> int:
    depth = deepest = 0
    inside = escaped = False
    for character in data:
        if inside:
            inside = escaped or character != '"'
            escaped = character == "\\" and not escaped
        elif character == '"':
            inside = True
        elif character in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "]}":
            depth -= 1
    return deepest
