"""Budgets of the whole service: counted together on Redis, and by each process alone while Redis is away."""

import time

import pytest

from tests.people import Browser
from tests.web.houses import OwnRedis, Pair
from web.core.errors import Code, Refused
from web.limits import Limits, SharedLimits

HOUR = 3600.0  # a window that does not end during a test, but for once in some thousand runs


def spent(limits: SharedLimits, key: str, budget: int, tries: int) -> int:
    """How many of the tries are let through."""
    passed = 0
    for _ in range(tries):
        try:
            limits.spend(key, budget, HOUR)
        except Refused as refused:
            assert refused.code is Code.TOO_FAST
            assert 0 < refused.detail["retry_after"] <= HOUR
        else:
            passed += 1
    return passed


def refuses(limits: SharedLimits, key: str, budget: int) -> bool:
    try:
        limits.check(key, budget, HOUR)
    except Refused:
        return True
    return False


@pytest.fixture
def processes(own_redis: OwnRedis) -> tuple[SharedLimits, SharedLimits]:
    own_redis.client.flushall()
    return SharedLimits(own_redis.url, Limits()), SharedLimits(own_redis.url, Limits())


def test_two_processes_share_one_budget(processes: tuple[SharedLimits, SharedLimits]) -> None:
    one, two = processes
    assert spent(one, "start", 5, 3) == 3
    assert not refuses(two, "start", 5)
    assert spent(two, "start", 5, 5) == 2
    assert refuses(one, "start", 5)
    assert spent(one, "start", 5, 3) == 0
    assert spent(one, "another", 5, 1) == 1


def test_looking_does_not_count(processes: tuple[SharedLimits, SharedLimits]) -> None:
    one, two = processes
    for _ in range(20):
        assert not refuses(one, "login:noor", 3)
    assert spent(two, "login:noor", 3, 5) == 3


def test_each_counts_for_itself_while_redis_is_away(
    own_redis: OwnRedis, processes: tuple[SharedLimits, SharedLimits]
) -> None:
    """Neither locked out nor let in without end."""
    one, two = processes
    assert spent(one, "start", 5, 2) == 2
    own_redis.stop()
    assert spent(one, "start", 5, 10) == 3  # with the two that it counted before
    assert spent(two, "start", 5, 10) == 5
    assert refuses(two, "start", 5)
    own_redis.start()
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
    form = {"username": "nobody-at-all", "password": "wrong"}
    answers = []
    for at in range(12):
        service = (pair.first, pair.second)[at % 2]
        answers.append(Browser(service.url).open("/nl/desk/login", form=form)[0])
    assert answers == [401] * 8 + [429] * 4
