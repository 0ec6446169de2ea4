"""Budgets: how often something may happen in a sliding window. In memory, by a key that names nobody.

Each web process counts for itself, so with N of them a budget is up to N times as large.
"""

import time
from collections import deque
from math import ceil

from web.core.errors import Code, Refused


class Limits:
    """Keys are conversation ids and usernames; no address is ever kept."""

    def __init__(self, keys: int = 50_000) -> None:
        self._seen: dict[str, deque[float]] = {}
        self._keys = keys

    def spend(self, key: str, budget: int, seconds: float) -> None:
        """Count one. Refused: TOO_FAST with `retry_after` in seconds, when the budget of this window is used up."""
        self.check(key, budget, seconds)
        self._seen.setdefault(key, deque()).append(time.monotonic())
        if len(self._seen) > self._keys:  # drop the oldest keys; a flood of new ones must not fill memory
            for old in list(self._seen)[: self._keys // 10]:
                del self._seen[old]

    def check(self, key: str, budget: int, seconds: float) -> None:
        """The same refusal, without counting."""
        now = time.monotonic()
        times = self._seen.get(key, deque())
        while times and times[0] <= now - seconds:
            times.popleft()
        if len(times) >= budget:
            raise Refused(Code.TOO_FAST, retry_after=max(1, ceil(times[0] + seconds - now)))
