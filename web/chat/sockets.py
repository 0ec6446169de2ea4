"""The visitor's events; see docs/protocol.md."""

from uuid import UUID

import socketio
from socketio.exceptions import ConnectionRefusedError as Refuse

from web import payloads
from web.actions import access, chat, later, messages, reads
from web.core.errors import Code, Refused
from web.http import fields
from web.http.context import environ_token, visitor_cookie
from web.http.sockets import Ack, acked, must_speak
from web.parts import Parts
from web.push import CHAT, visitor_room

WINDOW_SECONDS = 10.0
TYPING_PER_WINDOW = 10
EVENTS_PER_MESSAGE = 3  # so many events of any kind for each message of the budget


class ChatSockets:
    """One object for the namespace: it knows which connection belongs to which conversation."""

    def __init__(self, server: socketio.Server, parts: Parts) -> None:
        self._server = server
        self._parts = parts
        self._dispatcher = parts.dispatcher
        self._conversations: dict[str, UUID] = {}
        self._events = EVENTS_PER_MESSAGE * parts.settings.messages_per_10s

    def register(self) -> None:
        self._server.on("connect", self.connect, namespace=CHAT)
        self._server.on("disconnect", self.disconnect, namespace=CHAT)
        self._server.on("say", acked(self._which, self.say), namespace=CHAT)  # has a budget of its own
        for task in (
            self.resume,
            self.ask_person,
            self.withdraw,
            self.stay,
            self.typing,
            self.letter,
            self.slots,
            self.book,
            self.cancel,
            self.leave,
            self.forget,
        ):
            self._server.on(task.__name__, acked(self._who, task), namespace=CHAT)

    def connect(self, sid: str, environ: dict[str, object], auth: object = None) -> None:
        must_speak(auth)
        token = environ_token(environ, visitor_cookie(self._parts.settings))
        try:
            row = self._dispatcher.read(access.by_token, token)
        except Refused as refused:
            raise Refuse(refused.code.value) from None
        if row is None:
            raise Refuse(Code.NOT_FOUND.value)
        self._conversations[sid] = row.conversation_id
        self._parts.presence.add_visitor(row.conversation_id)
        self._server.enter_room(sid, visitor_room(row.conversation_id), namespace=CHAT)

    def disconnect(self, sid: str, reason: object = None) -> None:
        conversation_id = self._conversations.pop(sid, None)
        if conversation_id is not None:
            self._parts.presence.drop_visitor(conversation_id)

    def resume(self, sid: str, conversation_id: UUID, payload: object) -> Ack:
        """{"after": int} -> {"entries": [...], "view": {...}}"""
        after = fields.number(fields.record(payload, "after"), "after")
        _, entries = self._dispatcher.read(reads.resume, conversation_id, after)
        shown = [payloads.entry_for_visitor(entry) for entry in entries]
        return {"entries": shown, **self._view(conversation_id)}

    def say(self, sid: str, conversation_id: UUID, payload: object) -> Ack:
        """{"client_id", "text", "topic"?, "as_is"?} -> {"number", "prev", "at"}"""
        data = fields.record(payload, "client_id", "text", "topic", "as_is")
        client_id, text = fields.client_id(data), fields.string(data, "text")
        topic, as_is = fields.optional_topic(data), fields.flag(data, "as_is")
        self._spend(conversation_id)
        message = messages.from_visitor(conversation_id, client_id, text, topic, via=sid, as_is=as_is)
        return payloads.stored(self._dispatcher.send(message))

    def ask_person(self, sid: str, conversation_id: UUID, payload: object) -> Ack:
        """{"client_id"} -> {"view": {...}}"""
        client_id = fields.client_id(fields.record(payload, "client_id"))
        self._dispatcher.perform(chat.ask_person, conversation_id, client_id)
        return self._view(conversation_id)

    def withdraw(self, sid: str, conversation_id: UUID, payload: object) -> Ack:
        """{"client_id"} -> {"view": {...}}"""
        client_id = fields.client_id(fields.record(payload, "client_id"))
        self._dispatcher.perform(chat.withdraw, conversation_id, client_id)
        return self._view(conversation_id)

    def stay(self, sid: str, conversation_id: UUID, payload: object) -> Ack:
        """{} -> {"view": {...}}"""
        fields.record(payload)
        self._spend(conversation_id)
        self._dispatcher.perform(chat.stay, conversation_id)
        return self._view(conversation_id)

    def typing(self, sid: str, conversation_id: UUID, payload: object) -> Ack:
        """{} -> {}; told to the worker, kept nowhere"""
        fields.record(payload)
        self._parts.limits.spend(f"typing:{conversation_id.hex}", TYPING_PER_WINDOW, WINDOW_SECONDS)
        holder = self._dispatcher.read(reads.holder, conversation_id)
        if holder is not None:
            self._parts.push.visitor_types(conversation_id, holder)
        return {}

    def letter(self, sid: str, conversation_id: UUID, payload: object) -> Ack:
        """{"client_id", "text", "as_is"?} -> {"code": [seven words], "view": {...}}"""
        data = fields.record(payload, "client_id", "text", "as_is")
        client_id, text = fields.client_id(data), fields.string(data, "text")
        self._spend(conversation_id)
        message = messages.from_visitor(conversation_id, client_id, text, as_is=fields.flag(data, "as_is"))
        code = self._dispatcher.perform(later.send_letter, message)
        return {"code": code, **self._view(conversation_id)}

    def slots(self, sid: str, conversation_id: UUID, payload: object) -> Ack:
        """{} -> {"slots": [{"slot", "at"}]}"""
        fields.record(payload)
        free = self._dispatcher.read(later.free_slots)
        return {"slots": [{"slot": slot_id, "at": payloads.when(at)} for slot_id, at in free]}

    def book(self, sid: str, conversation_id: UUID, payload: object) -> Ack:
        """{"client_id", "slot"} -> {"code": [seven words], "view": {...}}"""
        data = fields.record(payload, "client_id", "slot")
        client_id, slot = fields.client_id(data), fields.number(data, "slot")
        self._spend(conversation_id)
        code = self._dispatcher.perform(later.book, conversation_id, client_id, slot)
        return {"code": code, **self._view(conversation_id)}

    def cancel(self, sid: str, conversation_id: UUID, payload: object) -> Ack:
        """{"client_id"} -> {"view": {...}}"""
        client_id = fields.client_id(fields.record(payload, "client_id"))
        self._dispatcher.perform(later.cancel, conversation_id, client_id)
        return self._view(conversation_id)

    def leave(self, sid: str, conversation_id: UUID, payload: object) -> Ack:
        """{"client_id"} -> {"view": {...}}; afterwards the cookie opens nothing."""
        fields.client_id(fields.record(payload, "client_id"))
        self._dispatcher.perform(chat.leave, conversation_id)
        return self._view(conversation_id)

    def forget(self, sid: str, conversation_id: UUID, payload: object) -> Ack:
        """{} -> {}; afterwards there is nothing any more."""
        fields.record(payload)
        self._dispatcher.perform(chat.forget, conversation_id)
        return {}

    def _which(self, sid: str) -> UUID:
        conversation_id = self._conversations.get(sid)
        if conversation_id is None:
            raise Refused(Code.NOT_FOUND)
        return conversation_id

    def _who(self, sid: str) -> UUID:
        """Whatever it is that is asked: it costs a transaction or a reading, so it counts."""
        conversation_id = self._which(sid)
        self._parts.limits.spend(f"event:{conversation_id.hex}", self._events, WINDOW_SECONDS)
        return conversation_id

    def _spend(self, conversation_id: UUID) -> None:
        """A conversation's connections are on one process, or on few: its budget is counted there."""
        self._parts.limits.spend(conversation_id.hex, self._parts.settings.messages_per_10s, WINDOW_SECONDS)

    def _view(self, conversation_id: UUID) -> Ack:
        return {"view": payloads.view(self._dispatcher.read(reads.view, conversation_id))}
