"""Two web processes: whatever happens on one is heard on the other."""

from contextlib import suppress
from typing import Any

import psycopg
import pytest
from socketio.exceptions import SocketIOError
from sqlalchemy import create_engine, inspect

from tests.people import Person, Visitor, Worker, new_id
from tests.processes import until
from tests.web.houses import Pair, also_at, talking


@pytest.fixture
def here(pair: Pair, crowd: list[Person]) -> Visitor:
    """A visitor on the first process."""
    visitor = Visitor(pair.first)
    crowd.append(visitor)
    return visitor


@pytest.fixture
def there(pair: Pair, crowd: list[Person]) -> Worker:
    """A worker on the second."""
    worker = Worker(pair.second)
    crowd.append(worker)
    return worker


def heard(person: Person, event: str) -> list[Any]:
    return [data for name, data in list(person.heard) if name == event]


def words(person: Person, sender: str) -> list[str]:
    """What this side heard the other one say, in the order of hearing."""
    entries = [data.get("entry", data) for data in heard(person, "entry")]
    return [entry["text"] for entry in entries if entry["sender"] == sender]


def test_entries_and_views_reach_across(here: Visitor, there: Worker) -> None:
    there.hears("board", waiting_count=0)  # of coming; nothing is left to be told
    here.ask_person()
    wanted = there.hears("board", waiting_count=1)["waiting"][0]["id"]
    assert there.claim(wanted)["ok"]
    here.hears("view", state="with_staff", name="Noor")
    for at in range(5):
        said = here.say(f"vraag {at}")
        assert said["ok"]
        assert there.reply(wanted, f"antwoord {at}")["number"] == said["number"] + 1
    until(lambda: words(there, "visitor") == [f"vraag {at}" for at in range(5)], 8, "all questions, in order")
    until(lambda: words(here, "staff") == [f"antwoord {at}" for at in range(5)], 8, "all answers, in order")
    assert there.close(wanted)["ok"]
    here.hears("view", state="closed")


def test_what_is_said_right_after_a_claim_reaches_the_worker(here: Visitor, there: Worker) -> None:
    """No room of another process has to be joined first."""
    for at in range(5):
        wanted = talking(here, there)
        here.say(f"meteen {at}")
        until(lambda: words(there, "visitor")[-1:] == [f"meteen {at}"], 8, "the entry")  # noqa: B023
        assert there.emit("hand_back", {"conversation": wanted, "client_id": new_id()})["ok"]


def test_the_place_in_the_queue_reaches_across(pair: Pair, crowd: list[Person], there: Worker) -> None:
    first, second = Visitor(pair.first), Visitor(pair.first)
    crowd += [first, second]
    first.ask_person()
    second.ask_person()
    second.hears("place", position=2)  # of asking; nothing is left to be told
    assert there.emit("claim_next", {})["ok"]
    second.hears("place", position=1)


def test_typing_reaches_across_and_is_stored_nowhere(pair: Pair, here: Visitor, there: Worker) -> None:
    wanted = talking(here, there)
    before, keys = rows(pair), set(pair.redis.client.keys("*"))
    assert here.emit("typing", {})["ok"]
    there.hears("typing", conversation=wanted)
    assert there.emit("typing", {"conversation": wanted})["ok"]
    until(lambda: heard(here, "typing"), 8, "typing of the worker")
    assert rows(pair) == before
    assert set(pair.redis.client.keys("*")) == keys


def test_how_far_a_person_has_read_reaches_across(here: Visitor, there: Worker) -> None:
    wanted = talking(here, there)
    number = here.say("lees je dit")["number"]
    assert there.emit("read", {"conversation": wanted, "number": number})["ok"]
    here.hears("read", number=number)


def test_forgetting_reaches_every_window(pair: Pair, here: Visitor, crowd: list[Person]) -> None:
    tab = also_at(here, pair.second)
    crowd.append(tab)
    assert tab.entries()
    tab.heard.clear()
    assert here.emit("forget", {})["ok"]
    until(lambda: heard(tab, "behind"), 8, "the news")
    assert tab.emit("resume", {"after": 0})["code"] == "not_found"


def rows(pair: Pair) -> dict[str, int]:
    """How many rows every table has."""
    url = pair.first.environment["DATABASE_URL"]
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    names = inspect(engine).get_table_names()
    engine.dispose()
    assert "entry" in names
    with psycopg.connect(url) as connection:
        return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # type: ignore[index,arg-type]


def test_signing_out_on_one_process_ends_trust_on_the_other(pair: Pair, here: Visitor, crowd: list[Person]) -> None:
    worker = Worker(pair.first)
    elsewhere, tab = also_at(worker, pair.second), also_at(here, pair.second)
    crowd += [worker, elsewhere, tab]
    wanted = talking(here, worker)
    assert elsewhere.reply(wanted, "ik ben er")["ok"]  # from now on trusted for a while
    status, _, _ = worker.browser.open("/nl/desk/logout", form={})
    assert status == 303
    # Signals come in order: once this is heard on the second process, so is the signing out.
    here.say("nog iets")
    tab.hears("entry", text="nog iets")
    with suppress(SocketIOError):
        elsewhere.reply(wanted, "te laat")
    assert "te laat" not in [entry.get("text") for entry in here.entries()]
    for desk in (worker, elsewhere):
        until(lambda desk=desk: "/desk" not in desk.socket.namespaces, 8, "the end of both connections")


def test_whoever_has_signed_out_hears_no_more_words(pair: Pair, here: Visitor, crowd: list[Person]) -> None:
    worker = Worker(pair.first)
    elsewhere, tab = also_at(worker, pair.second), also_at(here, pair.second)
    crowd += [worker, elsewhere, tab]
    talking(here, worker)
    here.say("voor de collega")
    elsewhere.hears("entry")
    worker.browser.open("/nl/desk/logout", form={})
    here.say("eerst dit")
    tab.hears("entry", text="eerst dit")
    here.say("en dan dit")
    tab.hears("entry", text="en dan dit")
    for desk in (worker, elsewhere):
        assert "en dan dit" not in words(desk, "visitor")
