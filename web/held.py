"""Requests that are answered late: a page without a script hears of news by asking and being kept waiting.

Nothing is polled: whoever tells a visitor something (push.py) wakes the requests of that conversation.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import gevent
from gevent.event import Event

from web.presence import Presence

MOST = 2  # for each conversation; one more answers the oldest at once
GRACE_SECONDS = 15.0  # between two requests of the same page the visitor is still there; Tor is slow


class Held:
    """The waiting requests of this process. Each counts as a connection of its visitor, and for some time after."""

    def __init__(self, presence: Presence) -> None:
        self._presence = presence
        self._requests: dict[UUID, list[Waiter]] = {}

    @contextmanager
    def request(self, conversation_id: UUID) -> Iterator["Waiter"]:
        """News that comes from now on ends `wait`: look at the state only within."""
        waiter = Waiter()
        others = self._requests.setdefault(conversation_id, [])
        if len(others) >= MOST:
            others.pop(0).displace()
        others.append(waiter)
        # Each time anew, not only the first: meanwhile another process may have taken the visitor for its own.
        self._presence.add_visitor(conversation_id)
        try:
            yield waiter
        finally:
            gevent.spawn_later(GRACE_SECONDS, self._presence.drop_visitor, conversation_id)
            if waiter in others:
                others.remove(waiter)
            if not others and self._requests.get(conversation_id) is others:
                del self._requests[conversation_id]

    def tell(self, conversation_id: UUID) -> None:
        """There is news in that conversation."""
        for waiter in self._requests.get(conversation_id, ()):
            waiter.wake()


class Waiter:
    """One request. displaced: others wait in its place, so it has to be answered now."""

    def __init__(self) -> None:
        self.displaced = False
        self._news = Event()

    def wait(self, seconds: float) -> None:
        """Until there is news, or so long."""
        self._news.wait(seconds)
        self._news.clear()

    def wake(self) -> None:
        self._news.set()

    def displace(self) -> None:
        self.displaced = True
        self._news.set()
