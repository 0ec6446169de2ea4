"""The bench counts rightly, and still speaks with Halte and with the bare relay."""

import asyncio
from argparse import Namespace
from types import SimpleNamespace

import pytest

from bench import goals, load, tables
from bench.profile import summary
from bench.site import Way


def sent(way: Way, who: int) -> str:
    key, text = way.next(who)
    way.sent[key] = 0.0
    return text + "hallo"


def test_arrivals_are_counted_by_conversation() -> None:
    way = Way("load")
    first, second, other = sent(way, 1), sent(way, 1), sent(way, 2)
    for text in (second, first, other, other, "words of nobody"):
        way.received(text)
    assert (way.reordered, way.doubled, len(way.late), way.give_up()) == (1, 1, 3, 0)


def test_a_message_that_comes_after_its_round_was_lost_and_is_not_doubled() -> None:
    way = Way("load")
    late = sent(way, 1)
    assert way.give_up() == 1
    way.clear()
    way.received(late)
    assert way.doubled == 0
    way.received(late)
    assert way.doubled == 1


def site(name: str, step: str, **figures: list[float]):
    rows = [{"step": step, **dict(zip(figures, row, strict=True))} for row in zip(*figures.values(), strict=True)]
    return SimpleNamespace(name=name, rows=rows)


def test_a_goal_is_judged_by_the_median_of_the_ratios_of_each_round() -> None:
    bare = site(goals.BARE, "steady", p50=[1.0, 2.0, 1.0], p99=[2.0, 2.0, 2.0])
    ours = site(goals.SQLITE, "steady", p50=[2.0, 8.0, 2.0], p99=[4.0, 8.0, 8.0])
    run = {("steady", one.name): one for one in (bare, ours)}
    found = list(goals.verdicts(run))  # type: ignore[arg-type]
    assert [(one.met, one.figure) for one in found] == [(True, "2.00"), (False, "4.00"), (True, "0")]
    assert "MISSED" in str(found[1])


def test_one_lost_message_is_a_missed_goal() -> None:
    bare = site(goals.BARE, "steady", p50=[1.0], p99=[1.0], lost=[0])
    ours = site(goals.SQLITE, "steady", p50=[1.0], p99=[1.0], lost=[1])
    run = {("steady", one.name): one for one in (bare, ours)}
    assert [one.met for one in goals.verdicts(run)] == [True, True, False]  # type: ignore[arg-type]


def test_a_profile_adds_up_stacks() -> None:
    text = summary("a (web/x.py:1);b (json/decoder.py:7) 3\na (web/x.py:2) 1\n", 5)
    assert "4 samples" in text
    assert " 75.0%  json" in text
    assert "100.0%  a (web/x.py)" in text


@pytest.mark.parametrize("server", ["bench.bare.adapter:raw+inline", "bench.adapter:sqlite"])
def test_both_servers_can_be_loaded_both_ways_and_lose_nothing(server: str) -> None:
    words = ["--visitors", "4", "--staff", "2", "--seconds", "0.5", "--rounds", "1", "--rate", "40"]
    options: Namespace = load.parser().parse_args(words)
    (loaded,) = asyncio.run(load.compare([server], ["twoway"], options))
    assert len(loaded.rows) == 1
    assert tables.faults_of(loaded, "twoway") == {}
    assert loaded.rows[0]["back_p50"] > 0
