"""Budgets of the whole service: counted together on Redis, and by each process alone while Redis is away."""

import time
from collections.abc import Callable

import pytest

from tests.people import Browser
from tests.processes import until
from tests.web.houses import OwnRedis, Pair
from web.core.errors import Code, Refused
from web.limits import LONGEST_SECONDS, SHORTEST_SECONDS, WRONG_CODES, Limits, SharedLimits, code_delay

HOUR = 3600.0  # a window that does not end during a test, but for once in some thousand runs


def spent(limits: SharedLimits, key: str, budget: int, tries: int) -> int:
    """How many of the tries are let through."""
    return sum(not refused(limits.spend, key, budget) for _ in range(tries))


def refused(ask: Callable[[str, int, float], None], key: str, budget: int) -> bool:
    try:
        ask(key, budget, HOUR)
    except Refused as refusal:
        return refusal.code is Code.TOO_FAST and 0 < int(str(refusal.detail["retry_after"])) <= HOUR
    return False


@pytest.fixture
def processes(own_redis: OwnRedis) -> tuple[SharedLimits, SharedLimits]:
    own_redis.client.flushall()
    return SharedLimits(own_redis.url, Limits()), SharedLimits(own_redis.url, Limits())


def test_two_processes_share_one_budget(processes: tuple[SharedLimits, SharedLimits]) -> None:
    one, two = processes
    assert spent(one, "start", 5, 3) == 3
    assert not refused(two.check, "start", 5)
    assert spent(two, "start", 5, 5) == 2
    assert refused(one.check, "start", 5)
    assert spent(one, "start", 5, 3) == 0
    assert spent(one, "another", 5, 1) == 1


def test_looking_does_not_count(processes: tuple[SharedLimits, SharedLimits]) -> None:
    one, two = processes
    for _ in range(20):
        assert not refused(one.check, "login:noor", 3)
    assert spent(two, "login:noor", 3, 5) == 3


def test_what_has_no_budget_is_counted_over_all_processes(processes: tuple[SharedLimits, SharedLimits]) -> None:
    one, two = processes
    assert [one.count("wrong", HOUR), two.count("wrong", HOUR), one.count("wrong", HOUR)] == [1, 2, 3]
    assert two.count("other", HOUR) == 1


def test_wrong_codes_wait_longer_the_more_there_are() -> None:
    waits = [code_delay(lately) for lately in range(1, 200)]
    assert waits == sorted(waits)
    assert (waits[0], waits[WRONG_CODES], waits[-1]) == (SHORTEST_SECONDS, LONGEST_SECONDS, LONGEST_SECONDS)
    assert len(set(waits[:WRONG_CODES])) == WRONG_CODES


def test_each_counts_for_itself_while_redis_is_away(
    own_redis: OwnRedis, processes: tuple[SharedLimits, SharedLimits], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither locked out nor let in without end."""
    monkeypatch.setattr("web.limits.QUIET_SECONDS", 0.1)
    one, two = processes
    assert spent(one, "start", 5, 2) == 2
    own_redis.stop()
    assert spent(one, "start", 5, 10) == 3  # with the two that it counted before
    assert spent(two, "start", 5, 10) == 5
    assert refused(two.check, "start", 5)
    own_redis.start()
    time.sleep(0.2)
    assert spent(one, "again", 5, 3) == 3
    assert spent(two, "again", 5, 5) == 2


def test_a_redis_that_hangs_is_waited_for_a_moment_only(
    own_redis: OwnRedis, processes: tuple[SharedLimits, SharedLimits]
) -> None:
    one, _ = processes
    own_redis.hold()
    try:
        begun = time.monotonic()
        assert spent(one, "start", 2, 5) == 2
        assert time.monotonic() - begun < 10  # two seconds; the driver's own way would be for ever
    finally:
        own_redis.let_go()


def test_redis_keeps_no_names_and_nothing_for_long(
    own_redis: OwnRedis, processes: tuple[SharedLimits, SharedLimits]
) -> None:
    spent(processes[0], "login:noor", 5, 1)
    keys = own_redis.client.keys("*")
    assert len(keys) == 1
    assert b"noor" not in keys[0]
    assert 0 < own_redis.client.ttl(keys[0]) <= HOUR


def test_a_flood_of_keys_does_not_fill_memory() -> None:
    limits = Limits(keys=100)
    for number in range(1000):
        limits.spend(f"key {number}", 5, HOUR)
    assert len(limits._seen) <= 101


def test_guesses_at_a_password_are_counted_over_all_processes(pair: Pair) -> None:
    for service in (pair.first, pair.second):
        until(lambda url=service.url: asks_redis(pair, url), 15, "a budget on Redis")  # it may have been away just now
    for name in ("nobody-at-all", "nobody-either"):
        window, answers = time.time() // 60, []
        for at in range(12):
            browser = Browser((pair.first, pair.second)[at % 2].url)
            answers.append(browser.open("/nl/desk/login", form={"username": name, "password": "wrong"})[0])
        if time.time() // 60 == window:
            break
    assert answers == [401] * 8 + [429] * 4


def asks_redis(pair: Pair, url: str) -> bool:
    pair.redis.client.flushall()
    Browser(url).open("/nl/chat", form={})
    return bool(pair.redis.client.keys("halte:limit:*"))
