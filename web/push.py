"""Event -> who hears it. The only file that emits. A failed emit is logged, never raised: browsers catch up."""

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any, ParamSpec, Protocol
from uuid import UUID

import structlog

from web import payloads
from web.actions import reads
from web.actions.outcome import Work
from web.bus import Bus, Signal
from web.core.conversation import Conversation
from web.core.entries import Entry, Sender
from web.core.errors import Refused
from web.core.events import (
    EntryAdded,
    Event,
    Forgotten,
    LettersChanged,
    QueueChanged,
    SignedOut,
    StateChanged,
    TurnDue,
    WordsRead,
)
from web.dispatch import Dispatcher
from web.presence import Presence
from web.storage import conversations

CHAT, DESK = "/chat", "/desk"
TYPING = "typing"
P = ParamSpec("P")
_log = structlog.get_logger()


class Emitter(Protocol):
    def emit(self, event: str, data: Any = None, *, room: str, namespace: str, skip_sid: str | None = None) -> Any: ...


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
        self.queue_moved = self.board_moved = True  # what Announcer has to tell; see announcer.py
        self.dispatcher: Dispatcher  # set by parts.join: each needs the other
        self.on_turn: Callable[[TurnDue], None] = lambda due: None
        self.on_forgotten: Callable[[Forgotten], None] = lambda gone: None
        self.on_signed_out: Callable[[int], None] = lambda staff_id: None
        self.on_told: Callable[[UUID], None] = lambda conversation_id: None  # for pages without a script; see held.py

    def deliver(self, events: Sequence[Event]) -> None:
        """After a commit of this process."""
        told = []
        for event in events:
            match event:
                case EntryAdded(conversation, entry, via):
                    safely(self._entry, conversation, entry, via)
                    told += _about(conversation, "entry", entry.number)
                case StateChanged(conversation, before):
                    safely(self._state, conversation, before)
                    told += [Signal("state", conversation.conversation_id.hex, 0, who) for who in (*before, 0)]
                case QueueChanged():
                    self.queue_moved = self.board_moved = True
                    told.append(Signal("queue"))
                case LettersChanged():
                    self.board_moved = True
                    told.append(Signal("letters"))
                case SignedOut(staff_id):
                    safely(self.on_signed_out, staff_id)
                    told.append(Signal("signed_out", staff=staff_id))
                case TurnDue():
                    safely(self.on_turn, event)
                case WordsRead(conversation_id, number):
                    signal = Signal("read", conversation_id.hex, number)
                    safely(self._hear, signal)
                    told.append(signal)
                case Forgotten():
                    safely(self.on_forgotten, event)
        if told:
            self._bus.publish(told)

    def visitor_types(self, conversation_id: UUID, staff_id: int) -> None:
        """Told to the worker who holds the conversation. Never stored."""
        self._spread(Signal("visitor_types", conversation_id.hex, 0, staff_id))

    def worker_types(self, conversation_id: UUID) -> None:
        self._spread(Signal("worker_types", conversation_id.hex))

    def _spread(self, signal: Signal) -> None:
        safely(self._hear, signal)
        self._bus.publish([signal])

    def follow(self) -> None:
        """Hear what other processes did, for ever."""
        for signal in self._bus.listen():
            safely(self._hear, signal)

    def flush(self) -> None:
        self._bus.flush()

    def _hear(self, signal: Signal) -> None:
        which = UUID(signal.conversation) if signal.conversation else UUID(int=0)
        if signal.kind in ("entry", "state"):
            self.dispatcher.forget(which)
        match signal.kind:
            case "entry" if self._concerns(which, signal.staff):
                found = self.dispatcher.read(_entry_of, which, signal.number)
                if found is not None:
                    self._entry(*found, via=None)
            case "state":
                self._state_elsewhere(which, (signal.staff,) if signal.staff else ())
            case "visitor_types" if self._presence.has_worker(signal.staff):
                self._to_worker(TYPING, {"conversation": which.hex}, signal.staff)
            case "worker_types" if self._presence.has_visitor(which):
                self._to_visitor(TYPING, {}, which)
            case "read" if self._presence.has_visitor(which):
                self._to_visitor("read", {"number": signal.number}, which)
            case "signed_out":
                self.on_signed_out(signal.staff)
            case "queue":
                self.queue_moved = self.board_moved = True
            case "letters":
                self.board_moved = True
            case "everything":
                self.queue_moved = self.board_moved = True
                self._behind()

    def _state_elsewhere(self, conversation_id: UUID, before: tuple[int, ...]) -> None:
        known = self.dispatcher.read(_conversation_of, conversation_id)
        if known is not None:
            self._state(known, before)
        elif self._presence.has_visitor(conversation_id):  # destroyed: their window has to look again
            self._to_visitor("behind", {}, conversation_id)

    def _concerns(self, conversation_id: UUID, staff_id: int) -> bool:
        """Whether somebody here hears of it: only then is it worth reading."""
        return self._presence.has_visitor(conversation_id) or self._presence.has_worker(staff_id)

    def _entry(self, conversation: Conversation, entry: Entry, via: str | None) -> None:
        which = conversation.conversation_id
        theirs = via if entry.sender is Sender.VISITOR else None
        if entry.for_visitors and self._presence.visitor_besides(which, theirs):
            self._to_visitor("entry", payloads.entry_for_visitor(entry), which, skip_sid=theirs)
        ours = via if entry.sender is Sender.STAFF else None
        for staff_id in _workers(conversation):
            if self._presence.worker_besides(staff_id, ours):
                told = {"conversation": which.hex, "entry": payloads.entry_for_staff(entry)}
                self._to_worker("entry", told, staff_id, skip_sid=ours)

    def _state(self, conversation: Conversation, before: Iterable[int]) -> None:
        which = conversation.conversation_id
        if self._presence.has_visitor(which):
            try:
                self._to_visitor("view", payloads.view(self.dispatcher.read(reads.view, which)), which)
            except Refused:  # destroyed, or out of reach just now: a window that still shows it has to look again
                self._to_visitor("behind", {}, which)
        for staff_id in {*before, *_workers(conversation)}:
            if self._presence.has_worker(staff_id):
                shown = payloads.card(self.dispatcher.read(reads.card, conversation, staff_id))
                self._to_worker("conversation", shown, staff_id)

    def _behind(self) -> None:
        """Something may have been missed: all browsers of this process look, not all in the same moment."""
        for count, conversation_id in enumerate(self._presence.visitors(), 1):
            self._to_visitor("behind", {}, conversation_id)
            if count % 50 == 0:
                time.sleep(0.1)
        for staff_id in self._presence.workers():
            self._to_worker("behind", {}, staff_id)

    def place(self, conversation_id: UUID, shown: dict[str, Any]) -> None:
        self._to_visitor("place", shown, conversation_id)

    def board(self, staff_id: int, shown: dict[str, Any]) -> None:
        self._to_worker("board", shown, staff_id)

    def _to_visitor(self, event: str, data: Any, conversation_id: UUID, skip_sid: str | None = None) -> None:
        self._emitter.emit(event, data, room=visitor_room(conversation_id), namespace=CHAT, skip_sid=skip_sid)
        if event != TYPING:
            self.on_told(conversation_id)

    def _to_worker(self, event: str, data: Any, staff_id: int, skip_sid: str | None = None) -> None:
        self._emitter.emit(event, data, room=staff_room(staff_id), namespace=DESK, skip_sid=skip_sid)


def safely(task: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> None:
    """The commit has happened; nobody may hear of a failure to tell it as if it had not."""
    try:
        task(*args, **kwargs)
    except Refused as refused:
        _log.warning("push_refused", code=refused.code.value)
    except Exception as error:
        _log.error("push_failed", error=type(error).__name__)


def _workers(conversation: Conversation) -> set[int]:
    """Who has to do with it: the holder, and the colleague to whom it is offered."""
    return {staff_id for staff_id in (conversation.staff_id, conversation.offered_to) if staff_id is not None}


def _about(conversation: Conversation, kind: str, number: int) -> list[Signal]:
    """One signal for the visitor's process, which also names the holder, and one more for another worker."""
    workers = sorted(_workers(conversation)) or [0]
    return [Signal(kind, conversation.conversation_id.hex, number, staff_id) for staff_id in workers]


def _entry_of(work: Work, conversation_id: UUID, number: int) -> tuple[Conversation, Entry] | None:
    row = conversations.by_id(work.session, conversation_id)
    entry = work.entries.one(work.session, row, number) if row is not None else None
    return (row.to_core(), entry) if row is not None and entry is not None else None


def _conversation_of(work: Work, conversation_id: UUID) -> Conversation | None:
    row = conversations.by_id(work.session, conversation_id)
    return row.to_core() if row is not None else None
