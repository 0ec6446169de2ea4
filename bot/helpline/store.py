"""Conversations in memory only, each forgotten some time after its last message.

Rasa's own in-memory store never forgets. Nothing here touches a disk; a restart forgets all.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SerializedTrackerAsText, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

# At module level, because Rasa wraps the store in another object that hides extra methods, and
# builds a new store when a model is loaded. Oldest first: sender -> (forget after, tracker).
_conversations: OrderedDict[str, tuple[float, str]] = OrderedDict()
_lock = threading.Lock()
REAPER = "reaper of conversations"


def purge(now: float) -> None:
    """Forget every conversation whose time is over."""
    with _lock:
        while _conversations:
            sender, (forget_after, _) = next(iter(_conversations.items()))
            if forget_after > now:
                return
            del _conversations[sender]


def forget(sender: str) -> None:
    """Forget one conversation now."""
    with _lock:
        _conversations.pop(sender, None)


def count() -> int:
    """How many conversations are remembered."""
    with _lock:
        return len(_conversations)


class RamTrackerStore(TrackerStore, SerializedTrackerAsText):
    """Rasa's tracker store over the conversations of this module."""

    def __init__(
        self,
        domain: Domain | None = None,
        event_broker: EventBroker | None = None,
        host: str | None = None,  # Rasa passes it to every store; there is no host here
        ttl_seconds: float = 1800,
        reap_seconds: float = 15,
        max_conversations: int = 5000,
        max_events: int = 24,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain or Domain.empty(), event_broker, **kwargs)
        self.ttl_seconds = float(ttl_seconds)
        self.max_conversations = int(max_conversations)
        # Without a limit every answer replays the whole conversation and gets ever slower.
        self.max_event_history = int(max_events)
        _start_reaper(float(reap_seconds))

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Remember the conversation and start its clock again."""
        serialised = self.serialise_tracker(tracker)
        with _lock:
            forget_after = time.monotonic() + self.ttl_seconds
            _conversations[tracker.sender_id] = (forget_after, serialised)
            _conversations.move_to_end(tracker.sender_id)
            while len(_conversations) > self.max_conversations:
                _conversations.popitem(last=False)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation, or None when it is unknown or its time is over."""
        purge(time.monotonic())
        with _lock:
            _, serialised = _conversations.get(sender_id, (0.0, None))
        return self.deserialise_tracker(sender_id, serialised) if serialised else None

    async def retrieve_full_tracker(self, sender_id: str) -> DialogueStateTracker | None:
        """The same: a conversation is one session, see session_config in build.py."""
        return await self.retrieve(sender_id)

    async def keys(self) -> Iterable[str]:
        """The senders that are remembered."""
        with _lock:
            return list(_conversations)


def _start_reaper(every_seconds: float) -> None:
    """A thread, because a conversation that nobody asks for must be forgotten as well; one, however many stores."""
    with _lock:
        if any(thread.name == REAPER for thread in threading.enumerate()):
            return
        threading.Thread(target=_reap, args=(every_seconds,), name=REAPER, daemon=True).start()


def _reap(every_seconds: float) -> None:
    while True:
        time.sleep(every_seconds)
        purge(time.monotonic())
