"""The helpline worker's events; see docs/protocol.md. Who is asking is checked again at every event."""

from uuid import UUID

import socketio
from socketio.exceptions import ConnectionRefusedError as Refuse

from web import payloads
from web.actions import accounts, desk, presence, reads
from web.core.errors import Code, Refused
from web.core.staff import DESK_ROLES
from web.http import fields
from web.http.context import desk_cookie, environ_token
from web.http.sockets import Ack, acked
from web.parts import Parts
from web.push import DESK, staff_room
from web.storage.models import StaffRow


class DeskSockets:
    """One object for the namespace. The session is looked up anew each time, so logging out ends open sockets too."""

    def __init__(self, server: socketio.Server, parts: Parts) -> None:
        self._server = server
        self._parts = parts
        self._tokens: dict[str, str] = {}
        self._workers: dict[str, int] = {}

    def register(self) -> None:
        self._server.on("connect", self.connect, namespace=DESK)
        self._server.on("disconnect", self.disconnect, namespace=DESK)
        for task in (
            self.board,
            self.claim,
            self.claim_next,
            self.history,
            self.reply,
            self.release,
            self.close,
        ):
            self._server.on(task.__name__, acked(self._who, task), namespace=DESK)

    def connect(self, sid: str, environ: dict[str, object], auth: object = None) -> None:
        token = environ_token(environ, desk_cookie(self._parts.settings))
        try:
            worker = self._worker(token)
            self._parts.dispatcher.perform(presence.worker_arrived, worker.staff_id)
        except Refused as refused:
            raise Refuse(refused.code.value) from None
        self._tokens[sid], self._workers[sid] = token or "", worker.staff_id
        self._parts.presence.add_worker(worker.staff_id)
        self._server.enter_room(sid, staff_room(worker.staff_id), namespace=DESK)

    def disconnect(self, sid: str, reason: object = None) -> None:
        self._tokens.pop(sid, None)
        staff_id = self._workers.pop(sid, None)
        if staff_id is not None:
            self._parts.presence.drop_worker(staff_id)

    def board(self, staff_id: int, payload: object) -> Ack:
        """{} -> {"board": {...}}"""
        fields.record(payload)
        return {"board": payloads.board(self._parts.dispatcher.read(reads.board), staff_id)}

    def claim(self, staff_id: int, payload: object) -> Ack:
        """{"conversation"} -> {"conversation": card, "entries": [...]}"""
        wanted = fields.conversation(fields.record(payload, "conversation"))
        return self._opened(self._parts.dispatcher.perform(desk.claim, wanted, staff_id), staff_id)

    def claim_next(self, staff_id: int, payload: object) -> Ack:
        """{} -> {"conversation": card, "entries": [...]}"""
        fields.record(payload)
        return self._opened(self._parts.dispatcher.perform(desk.claim_next, staff_id), staff_id)

    def history(self, staff_id: int, payload: object) -> Ack:
        """{"conversation", "after": int} -> {"conversation": card, "entries": [...]}"""
        data = fields.record(payload, "conversation", "after")
        return self._opened(fields.conversation(data), staff_id, fields.number(data, "after"))

    def reply(self, staff_id: int, payload: object) -> Ack:
        """{"conversation", "client_id", "text"} -> {"number": int}"""
        data = fields.record(payload, "conversation", "client_id", "text")
        wanted, client_id = fields.conversation(data), fields.client_id(data)
        text = fields.string(data, "text")
        return {"number": self._parts.dispatcher.perform(desk.reply, wanted, staff_id, client_id, text)}

    def release(self, staff_id: int, payload: object) -> Ack:
        """{"conversation", "client_id"} -> {}"""
        data = fields.record(payload, "conversation", "client_id")
        client_id = fields.client_id(data)
        self._parts.dispatcher.perform(desk.release, fields.conversation(data), staff_id, client_id)
        return {}

    def close(self, staff_id: int, payload: object) -> Ack:
        """{"conversation", "client_id"} -> {}"""
        data = fields.record(payload, "conversation", "client_id")
        client_id = fields.client_id(data)
        self._parts.dispatcher.perform(desk.close, fields.conversation(data), staff_id, client_id)
        return {}

    def _opened(self, conversation_id: UUID, staff_id: int, after: int = 0) -> Ack:
        card, entries = self._parts.dispatcher.read(reads.history, conversation_id, staff_id, after)
        shown = [payloads.entry_for_staff(entry) for entry in entries]
        return {"conversation": payloads.card(card), "entries": shown}

    def _who(self, sid: str) -> int:
        return self._worker(self._tokens.get(sid)).staff_id

    def _worker(self, token: str | None) -> StaffRow:
        worker = self._parts.dispatcher.read(accounts.signed_in, token)
        if worker is None or worker.role not in DESK_ROLES:
            raise Refused(Code.NOT_FOUND)
        return worker
