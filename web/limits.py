"""Budgets: how often something may happen in a window of time, by a key that names nobody."""

import hashlib
import time
from collections import deque
from math import ceil
from typing import Any

import redis
import structlog

from web.core.errors import Code, Refused

QUIET_SECONDS = 5.0  # a Redis that does not answer is not asked for so long: each try costs somebody a second
WRONG_CODES, WRONG_CODE_SECONDS = 60, 60.0  # more of them in that time, of all visitors: the page says to wait
SHORTEST_SECONDS, LONGEST_SECONDS = 0.5, 8.0
SLOWED_AT_ONCE = 200  # in one process; whoever floods must not make us hold thousands of connections
_log = structlog.get_logger()


class Limits:
    """In the memory of one process, in a sliding window. Keys are conversation ids and usernames; no address is ever
    kept."""

    def __init__(self, keys: int = 50_000) -> None:
        self._seen: dict[str, deque[float]] = {}
        self._keys = keys

    def spend(self, key: str, budget: int, seconds: float) -> None:
        """Count one. Refused: TOO_FAST with `retry_after` in seconds, when the budget of this window is used up."""
        self.check(key, budget, seconds)
        self.count(key, seconds)

    def count(self, key: str, seconds: float) -> int:
        """Count one, without a budget; returns how many there were in this window."""
        times = self._recent(key, seconds)
        times.append(time.monotonic())
        self._seen[key] = times
        if len(self._seen) > self._keys:  # drop the oldest keys; a flood of new ones must not fill memory
            for old in list(self._seen)[: self._keys // 10]:
                del self._seen[old]
        return len(times)

    def check(self, key: str, budget: int, seconds: float) -> None:
        """The same refusal, without counting."""
        times = self._recent(key, seconds)
        if len(times) >= budget:
            raise Refused(Code.TOO_FAST, retry_after=max(1, ceil(times[0] + seconds - time.monotonic())))

    def _recent(self, key: str, seconds: float) -> deque[float]:
        oldest, times = time.monotonic() - seconds, self._seen.get(key, deque())
        while times and times[0] <= oldest:
            times.popleft()
        return times


class SharedLimits:
    """The same for the whole service, where Redis is there; in fixed windows. While it is away each process counts for
    itself: a guard that fails must neither lock everybody out nor let everybody in.
    """

    def __init__(self, redis_url: str | None, alone: Limits) -> None:
        self._redis: Any = (
            redis.Redis.from_url(redis_url, socket_timeout=1, socket_connect_timeout=1) if redis_url else None
        )
        self._alone = alone
        self._quiet_until = float("-inf")

    def spend(self, key: str, budget: int, seconds: float) -> None:
        """Count one. Refused: TOO_FAST with `retry_after` in seconds."""
        self._alone.spend(key, budget, seconds)
        count = self._ask(key, seconds, 1)
        if count > budget:
            raise Refused(Code.TOO_FAST, retry_after=ceil(seconds))

    def check(self, key: str, budget: int, seconds: float) -> None:
        """The same refusal, without counting."""
        self._alone.check(key, budget, seconds)
        if self._ask(key, seconds, 0) >= budget:
            raise Refused(Code.TOO_FAST, retry_after=ceil(seconds))

    def count(self, key: str, seconds: float) -> int:
        """Count one, without a budget; returns how many there were in this window."""
        return max(self._alone.count(key, seconds), self._ask(key, seconds, 1))

    def _ask(self, key: str, seconds: float, more: int) -> int:
        if self._redis is None or time.monotonic() < self._quiet_until:
            return 0
        window = int(time.time() // seconds)
        name = f"halte:limit:{window}:{hashlib.sha256(key.encode()).hexdigest()[:32]}"
        try:
            with self._redis.pipeline() as commands:
                commands.incrby(name, more)
                commands.expire(name, ceil(seconds))
                count, _ = commands.execute()
        except (redis.RedisError, OSError) as error:
            _log.warning("redis_trouble", error=type(error).__name__)
            self._quiet_until = time.monotonic() + QUIET_SECONDS
            return 0
        return int(count)


class WrongCodes:
    """Return codes that are wrong are answered more slowly the more there are, and nothing tells how near one was.

    A right code always opens, however many wrong ones there are: guessing must not lock honest people out. Nobody's
    address is known, so the wrong ones of all are counted together; a code has 70 bits (core/codes.py).
    """

    def __init__(self, limits: SharedLimits) -> None:
        self._limits = limits
        self._slowed = 0

    def slow(self, began: float) -> bool:
        """Count a wrong one and wait, until so long after `began` (monotonic) that the lookup's own time is hidden.

        Returns whether there were too many lately. What was typed has no part in any of it.
        """
        lately = self._limits.count("wrong codes", WRONG_CODE_SECONDS)
        if self._slowed < SLOWED_AT_ONCE:
            self._slowed += 1
            try:
                time.sleep(max(0.0, began + code_delay(lately) - time.monotonic()))
            finally:
                self._slowed -= 1
        return lately > WRONG_CODES


def code_delay(lately: int) -> float:
    """Seconds to wait, after so many wrong ones in the last minute: twice as long with every fifteen."""
    return float(min(LONGEST_SECONDS, SHORTEST_SECONDS * 2 ** (min(lately - 1, WRONG_CODES) / 15)))
