"""Event -> who hears it. The only file that emits. A failed emit is logged, never raised: browsers catch up."""

import time
from collections.abc import Callable, Sequence
from typing import Any, ParamSpec, Protocol
from uuid import UUID

import structlog

from web import payloads
from web.actions import reads
from web.actions.outcome import Work
from web.bus import Bus, Signal
from web.core.conversation import Conversation
from web.core.entries import Entry
from web.core.errors import Refused
from web.core.events import EntryAdded, Event, QueueChanged, StateChanged, TurnDue
from web.dispatch import Dispatcher
from web.presence import Presence
from web.storage import conversations

CHAT, DESK = "/chat", "/desk"
TELL_SECONDS = 1.0  # the queue is told at most this often
ALIVE_SECONDS = 60.0  # and at least this often, so that whoever waits sees life
P = ParamSpec("P")
_log = structlog.get_logger()


class Emitter(Protocol):
    def emit(self, event: str, data: Any = None, *, room: str, namespace: str) -> Any: ...


def visitor_room(conversation_id: UUID) -> str:
    return f"visitor:{conversation_id.hex}"


def staff_room(staff_id: int) -> str:
    return f"staff:{staff_id}"


class Push:
    """Delivers to the browsers of this process, and tells the other processes through the bus."""

    def __init__(self, emitter: Emitter, presence: Presence, bus: Bus) -> None:
        self._emitter = emitter
        self._presence = presence
        self._bus = bus
        self._dirty = True
        self._told_at = 0.0
        self._positions: dict[UUID, dict[str, Any]] = {}
        self.dispatcher: Dispatcher  # set by create_app: each needs the other
        self.on_turn: Callable[[TurnDue], None] = lambda due: None

    def deliver(self, events: Sequence[Event]) -> None:
        """After a commit of this process."""
        told = []
        for event in events:
            match event:
                case EntryAdded(conversation, entry):
                    self._safely(self._entry, conversation, entry)
                    told.append(Signal("entry", conversation.conversation_id.hex, entry.number))
                case StateChanged(conversation, left_by):
                    self._safely(self._state, conversation.conversation_id, left_by)
                    told.append(Signal("state", conversation.conversation_id.hex, left_by or 0))
                case QueueChanged():
                    self._dirty = True
                    told.append(Signal("queue"))
                case TurnDue():
                    self._safely(self.on_turn, event)
        if told:
            self._bus.publish(told)

    def follow(self) -> None:
        """Hear what other processes did, for ever."""
        for signal in self._bus.listen():
            self._safely(self._hear, signal)

    def announce(self) -> None:
        """Tell the queue, for ever: coalesced, and once a minute even if nothing changed."""
        while True:
            time.sleep(TELL_SECONDS)
            if self._dirty or time.monotonic() - self._told_at > ALIVE_SECONDS:
                again = not self._dirty
                self._dirty, self._told_at = False, time.monotonic()
                self._safely(self._tell_queue, again)

    def _hear(self, signal: Signal) -> None:
        if signal.kind == "queue":
            self._dirty = True
            return
        conversation_id = UUID(signal.conversation)
        if signal.kind == "state":
            self._state(conversation_id, signal.number or None)
        else:
            found = self.dispatcher.read(_entry_of, conversation_id, signal.number)
            if found is not None:
                self._entry(*found)

    def _entry(self, conversation: Conversation, entry: Entry) -> None:
        if entry.for_visitors and self._presence.has_visitor(conversation.conversation_id):
            room = visitor_room(conversation.conversation_id)
            self._emitter.emit("entry", payloads.entry_for_visitor(entry), room=room, namespace=CHAT)
        if conversation.staff_id is not None and self._presence.has_worker(conversation.staff_id):
            told = {
                "conversation": conversation.conversation_id.hex,
                "entry": payloads.entry_for_staff(entry),
            }
            self._emitter.emit("entry", told, room=staff_room(conversation.staff_id), namespace=DESK)

    def _state(self, conversation_id: UUID, left_by: int | None) -> None:
        if self._presence.has_visitor(conversation_id):
            shown = payloads.view(self.dispatcher.read(reads.view, conversation_id))
            self._emitter.emit("view", shown, room=visitor_room(conversation_id), namespace=CHAT)
        conversation = self.dispatcher.read(_conversation_of, conversation_id)
        if conversation is None:
            return
        for staff_id in {left_by, conversation.staff_id} - {None}:
            if staff_id is not None and self._presence.has_worker(staff_id):
                shown = payloads.card(self.dispatcher.read(reads.card, conversation, staff_id))
                self._emitter.emit("conversation", shown, room=staff_room(staff_id), namespace=DESK)

    def _tell_queue(self, again: bool) -> None:
        views = self.dispatcher.read(reads.waiting_views)
        told = {key: payloads.view(view) for key, view in views.items() if self._presence.has_visitor(key)}
        for count, (conversation_id, shown) in enumerate(told.items(), 1):
            if again or self._positions.get(conversation_id) != shown:
                self._emitter.emit("view", shown, room=visitor_room(conversation_id), namespace=CHAT)
            if count % 50 == 0:
                time.sleep(0)  # let the chat itself go on between groups
        self._positions = told
        workers = self._presence.workers()
        if workers:
            board = self.dispatcher.read(reads.board)
            for staff_id in workers:
                shown = payloads.board(board, staff_id)
                self._emitter.emit("board", shown, room=staff_room(staff_id), namespace=DESK)

    @staticmethod
    def _safely(task: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> None:
        try:
            task(*args, **kwargs)
        except Refused as refused:
            _log.warning("push_refused", code=refused.code.value)
        except Exception as error:  # the commit has happened; nobody may hear of it as a failure
            _log.error("push_failed", error=type(error).__name__)


def _entry_of(work: Work, conversation_id: UUID, number: int) -> tuple[Conversation, Entry] | None:
    row = conversations.by_id(work.session, conversation_id)
    entry = work.entries.one(work.session, row, number) if row is not None else None
    return (row.to_core(), entry) if row is not None and entry is not None else None


def _conversation_of(work: Work, conversation_id: UUID) -> Conversation | None:
    row = conversations.by_id(work.session, conversation_id)
    return row.to_core() if row is not None else None
