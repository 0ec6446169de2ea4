"""The helpline worker's events; see docs/protocol.md. Who is asking is checked again at every event."""

import time
from dataclasses import dataclass
from uuid import UUID

import socketio
from socketio.exceptions import ConnectionRefusedError as Refuse

from web import payloads
from web.actions import accounts, desk, messages, presence, reads
from web.core.errors import Code, Refused
from web.core.staff import DESK_ROLES, Status
from web.http import fields
from web.http.context import desk_cookie, environ_token
from web.http.sockets import Ack, acked, must_speak
from web.parts import Parts
from web.push import DESK, staff_room
from web.storage.models import StaffRow

# Words are the bulk of the traffic: for them the session counts as valid for so long after it was looked up.
# Signing out hangs up in every process at once (_sign_out); should that be missed, this is how long it could last.
TRUSTED_SECONDS = 2.0
WINDOW_SECONDS = 10.0
EVENTS_PER_MESSAGE = 30  # a worker writes with several people; so many events for each message of a visitor's budget


@dataclass
class Desk:
    """One connection of a worker."""

    token: str
    staff_id: int
    name: str
    checked_at: float


class DeskSockets:
    """One object for the namespace. The session is looked up anew, so logging out ends open sockets too."""

    def __init__(self, server: socketio.Server, parts: Parts) -> None:
        self._server = server
        self._parts = parts
        self._dispatcher = parts.dispatcher
        self._desks: dict[str, Desk] = {}
        self._events = EVENTS_PER_MESSAGE * parts.settings.messages_per_10s
        parts.push.on_signed_out = self._sign_out

    def register(self) -> None:
        self._server.on("connect", self.connect, namespace=DESK)
        self._server.on("disconnect", self.disconnect, namespace=DESK)
        for task in (self.reply, self.typing):
            self._server.on(task.__name__, acked(self._lately, task), namespace=DESK)
        for task in (
            self.board,
            self.claim,
            self.claim_next,
            self.history,
            self.note,
            self.release,
            self.offer,
            self.accept,
            self.decline,
            self.hand_back,
            self.answer,
            self.close,
            self.block,
            self.status,
        ):
            self._server.on(task.__name__, acked(self._who, task), namespace=DESK)

    def connect(self, sid: str, environ: dict[str, object], auth: object = None) -> None:
        must_speak(auth)
        token = environ_token(environ, desk_cookie(self._parts.settings))
        try:
            worker = self._worker(token)
            self._dispatcher.perform(presence.worker_arrived, worker.staff_id)
        except Refused as refused:
            raise Refuse(refused.code.value) from None
        self._desks[sid] = Desk(token or "", worker.staff_id, worker.name, time.monotonic())
        self._parts.presence.add_worker(worker.staff_id)
        self._server.enter_room(sid, staff_room(worker.staff_id), namespace=DESK)

    def disconnect(self, sid: str, reason: object = None) -> None:
        gone = self._desks.pop(sid, None)
        if gone is not None:
            self._parts.presence.drop_worker(gone.staff_id)

    def board(self, sid: str, staff_id: int, payload: object) -> Ack:
        """{} -> {"board": {...}}"""
        fields.record(payload)
        return {"board": payloads.Boards(self._dispatcher.read(reads.board)).of(staff_id)}

    def claim(self, sid: str, staff_id: int, payload: object) -> Ack:
        """{"conversation", "client_id"?} -> {"conversation": card, "entries": [...]}"""
        data = fields.record(payload, "conversation", "client_id")
        wanted, client_id = fields.conversation(data), fields.optional_client_id(data)
        return self._opened(self._dispatcher.perform(desk.claim, wanted, staff_id, client_id), staff_id)

    def claim_next(self, sid: str, staff_id: int, payload: object) -> Ack:
        """{"client_id"?} -> {"conversation": card, "entries": [...]}"""
        client_id = fields.optional_client_id(fields.record(payload, "client_id"))
        return self._opened(self._dispatcher.perform(desk.claim_next, staff_id, client_id), staff_id)

    def history(self, sid: str, staff_id: int, payload: object) -> Ack:
        """{"conversation", "after": int} -> {"conversation": card, "entries": [...]}"""
        data = fields.record(payload, "conversation", "after")
        return self._opened(fields.conversation(data), staff_id, fields.number(data, "after"))

    def reply(self, sid: str, staff_id: int, payload: object) -> Ack:
        """{"conversation", "client_id", "text"} -> {"number", "prev", "at"}"""
        data = fields.record(payload, "conversation", "client_id", "text")
        wanted, client_id = fields.conversation(data), fields.client_id(data)
        name = self._desks[sid].name
        message = messages.from_staff(wanted, client_id, fields.string(data, "text"), staff_id, name, via=sid)
        stored = payloads.stored(self._dispatcher.send(message))
        return {**stored, "prev": stored["number"] - 1}  # staff see every number

    def typing(self, sid: str, staff_id: int, payload: object) -> Ack:
        """{"conversation"} -> {}; told to the visitor, kept nowhere"""
        wanted = fields.conversation(fields.record(payload, "conversation"))
        if self._dispatcher.read(reads.holder, wanted) != staff_id:
            raise Refused(Code.NOT_FOUND)
        self._parts.push.worker_types(wanted)
        return {}

    def note(self, sid: str, staff_id: int, payload: object) -> Ack:
        """{"conversation", "client_id", "text"} -> {"number": int}"""
        data = fields.record(payload, "conversation", "client_id", "text")
        wanted, client_id = fields.conversation(data), fields.client_id(data)
        return {"number": self._dispatcher.perform(desk.note, wanted, staff_id, client_id, fields.string(data, "text"))}

    def release(self, sid: str, staff_id: int, payload: object) -> Ack:
        """{"conversation", "client_id", "reason"?} -> {}"""
        data = fields.record(payload, "conversation", "client_id", "reason")
        reason = fields.string(data, "reason") if "reason" in data else ""
        self._dispatcher.perform(desk.release, fields.conversation(data), staff_id, fields.client_id(data), reason)
        return {}

    def offer(self, sid: str, staff_id: int, payload: object) -> Ack:
        """{"conversation", "client_id", "to": staff_id, "text"} -> {}"""
        data = fields.record(payload, "conversation", "client_id", "to", "text")
        wanted, client_id = fields.conversation(data), fields.client_id(data)
        to, text = fields.number(data, "to"), fields.string(data, "text")
        self._dispatcher.perform(desk.offer, wanted, staff_id, client_id, to, text)
        return {}

    def accept(self, sid: str, staff_id: int, payload: object) -> Ack:
        """{"conversation", "client_id"} -> {"conversation": card, "entries": [...]}"""
        wanted, client_id = _which(payload)
        return self._opened(self._dispatcher.perform(desk.accept, wanted, staff_id, client_id), staff_id)

    def decline(self, sid: str, staff_id: int, payload: object) -> Ack:
        """{"conversation", "client_id"} -> {}"""
        self._dispatcher.perform(desk.decline, *_for(payload, staff_id))
        return {}

    def hand_back(self, sid: str, staff_id: int, payload: object) -> Ack:
        """{"conversation", "client_id"} -> {}"""
        self._dispatcher.perform(desk.hand_back, *_for(payload, staff_id))
        return {}

    def answer(self, sid: str, staff_id: int, payload: object) -> Ack:
        """{"conversation", "client_id", "text"} -> {"number": int}"""
        data = fields.record(payload, "conversation", "client_id", "text")
        wanted, client_id = fields.conversation(data), fields.client_id(data)
        text = fields.string(data, "text")
        return {"number": self._dispatcher.perform(desk.answer, wanted, staff_id, client_id, text)}

    def close(self, sid: str, staff_id: int, payload: object) -> Ack:
        """{"conversation", "client_id"} -> {}"""
        self._dispatcher.perform(desk.close, *_for(payload, staff_id))
        return {}

    def block(self, sid: str, staff_id: int, payload: object) -> Ack:
        """{"conversation", "client_id"} -> {}"""
        self._dispatcher.perform(desk.block, *_for(payload, staff_id))
        return {}

    def status(self, sid: str, staff_id: int, payload: object) -> Ack:
        """{"status": "available" | "busy" | "break" | "away"} -> {}"""
        wanted = fields.one_of(fields.record(payload, "status"), "status", Status)
        self._dispatcher.perform(desk.set_status, staff_id, wanted)
        return {}

    def _opened(self, conversation_id: UUID, staff_id: int, after: int = 0) -> Ack:
        card, entries = self._dispatcher.read(reads.history, conversation_id, staff_id, after)
        shown = [payloads.entry_for_staff(entry) for entry in entries]
        return {"conversation": payloads.card(card), "entries": shown}

    def _who(self, sid: str) -> int:
        """Who asks, looked up in the database."""
        desk_of = self._desks.get(sid)
        worker = self._worker(desk_of.token if desk_of is not None else None)
        self._spend(worker.staff_id)
        if desk_of is not None:
            desk_of.name, desk_of.checked_at = worker.name, time.monotonic()
        return worker.staff_id

    def _lately(self, sid: str) -> int:
        desk_of = self._desks.get(sid)
        if desk_of is not None and time.monotonic() - desk_of.checked_at < TRUSTED_SECONDS:
            self._spend(desk_of.staff_id)
            return desk_of.staff_id
        return self._who(sid)

    def _spend(self, staff_id: int) -> None:
        self._parts.limits.spend(f"desk:{staff_id}", self._events, WINDOW_SECONDS)

    def _worker(self, token: str | None) -> StaffRow:
        worker = self._dispatcher.read(accounts.signed_in, token)
        if worker is None or worker.role not in DESK_ROLES:
            raise Refused(Code.NOT_FOUND)
        return worker

    def _sign_out(self, staff_id: int) -> None:
        """Desks whose session has ended are hung up: nobody hears on, and nobody counts as being there."""
        for sid, known in list(self._desks.items()):
            if known.staff_id == staff_id and not self._is_signed_in(known):
                self._server.disconnect(sid, namespace=DESK)

    def _is_signed_in(self, known: Desk) -> bool:
        try:
            return self._worker(known.token).staff_id == known.staff_id
        except Refused as refused:
            return refused.code is not Code.NOT_FOUND  # a database that is away ends nobody's shift


def _which(payload: object) -> tuple[UUID, str]:
    data = fields.record(payload, "conversation", "client_id")
    return fields.conversation(data), fields.client_id(data)


def _for(payload: object, staff_id: int) -> tuple[UUID, int, str]:
    """The arguments of an action on one conversation by one worker."""
    wanted, client_id = _which(payload)
    return wanted, staff_id, client_id
