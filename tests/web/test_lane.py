"""A batch that fails answers everybody who waits for it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

import gevent
import pytest

from web.actions import messages
from web.actions.messages import Message, Result
from web.core.errors import Code, Refused
from web.lane import MOST_AT_ONCE, Lane
from web.storage.entries import Stored

WHICH = UUID(int=7)
AT = datetime(2026, 11, 24, 9, tzinfo=UTC)


def message(text: str) -> Message:
    return messages.from_visitor(WHICH, f"client-{text}", text)


def put(lane: Lane, texts: Sequence[str]) -> list[Stored | Code | str]:
    """All at once; what each hears, or 'waits'."""

    def one(text: str) -> Stored | Code:
        try:
            return lane.put(message(text))
        except Refused as refused:
            return refused.code

    # Other tests ran meanwhile: without this a timer would count from the last time that this loop ran.
    gevent.get_hub().loop.update_now()
    senders = [gevent.spawn(one, text) for text in texts]
    gevent.joinall(senders, timeout=3)
    heard = [sender.value if sender.ready() else "waits" for sender in senders]
    gevent.killall(senders)
    return heard


class Store:
    """Numbers what it stores; `fails` is raised for a batch with 'bad' in it."""

    def __init__(self, fails: BaseException | None = None) -> None:
        self.fails, self.batches = fails, list[list[str]]()
        self.stored = list[str]()

    def __call__(self, batch: Sequence[Message]) -> list[Result]:
        texts = [one.text for one in batch]
        self.batches.append(texts)
        if self.fails is not None and "bad" in texts:
            raise self.fails
        gevent.sleep(0.01)  # the disk
        self.stored += texts
        return [Stored(len(self.stored) - len(texts) + at, None, AT) for at in range(1, len(texts) + 1)]


def test_everybody_is_answered_in_order_after_few_commits() -> None:
    store = Store()
    texts = [str(number) for number in range(500)]
    heard = put(Lane(store), texts)
    assert [one.number for one in heard if isinstance(one, Stored)] == list(range(1, 501))
    assert store.stored == texts
    assert max(len(batch) for batch in store.batches) <= MOST_AT_ONCE
    assert len(store.batches) < 10


def test_one_that_cannot_be_stored_takes_nobody_with_it() -> None:
    store = Store(RuntimeError("a mistake of ours"))
    lane = Lane(store)
    heard = put(lane, ["one", "bad", "two", "three"])
    assert heard[1] is Code.INTERNAL
    assert [type(one) for one in heard] == [Stored, Code, Stored, Stored]
    assert store.stored == ["one", "two", "three"]
    assert [type(one) for one in put(lane, ["four"])] == [Stored]


def test_a_database_that_does_not_answer_is_told_to_all() -> None:
    lane = Lane(Store(Refused(Code.BUSY)))
    assert put(lane, ["one", "bad", "two"]) == [Code.BUSY] * 3
    assert [type(one) for one in put(lane, ["again"])] == [Stored]


@pytest.mark.parametrize("fails", [gevent.Timeout(1), gevent.GreenletExit()])
def test_even_what_is_no_exception_leaves_nobody_waiting(fails: BaseException) -> None:
    lane = Lane(Store(fails))
    heard = put(lane, ["one", "bad"])
    assert "waits" not in heard
    assert [type(one) for one in put(lane, ["two"])] == [Stored]


def test_a_store_that_answers_too_few_leaves_nobody_waiting() -> None:
    lane = Lane(lambda batch: [Stored(1, None, AT)])
    assert "waits" not in put(lane, ["one", "two", "three"])
