"""The simulated clock: what happens next, and when. It never looks at the real one."""

from collections.abc import Callable
from datetime import datetime
from heapq import heappop, heappush
from itertools import count
from typing import Any


class Clock:
    def __init__(self, start: datetime) -> None:
        self.now = start
        self._due: list[tuple[datetime, int, Callable[..., None], tuple[Any, ...]]] = []
        self._order = count()  # what is due at the same moment happens in the order in which it was planned

    def at(self, when: datetime, task: Callable[..., None], *about: Any) -> None:
        heappush(self._due, (max(when, self.now), next(self._order), task, about))

    def run(self, until: datetime, after_each: Callable[[], None]) -> None:
        while self._due and self._due[0][0] <= until:
            self.now, _, task, about = heappop(self._due)
            task(*about)
            after_each()
        self.now = max(self.now, until)
