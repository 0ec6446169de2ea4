"""The ten rules of the handover between assistant, queue and workers, through the doors that people use.

Rules 2 and 9 are also in test_chat.py and test_opening.py, rule 3 in test_desk.py, rule 10 in test_failures.py; races
among many, and what takes hours, in tests/actions/.
"""

import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests.conftest import People, make_service
from tests.people import Visitor, Worker, new_id
from tests.processes import Service, until
from tests.slow_bot import SLOW_SECONDS, SlowBot
from web.storage.engine import make_engine


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[tuple[Service, SlowBot]]:
    bot = SlowBot()
    running = make_service("sqlite", tmp_path / "slow", "s" * 32, bot.url)
    yield running, bot
    running.stop()
    bot.shutdown()


def held(people: People, visitor: Visitor, username: str = "noor") -> tuple[Worker, str]:
    """The visitor asks and that worker takes them: the worker and the id."""
    worker = people.worker(username)
    visitor.ask_person()
    taken = worker.emit("claim_next", {"client_id": new_id()})
    assert taken["ok"], taken
    return worker, taken["conversation"]["id"]


def deed(worker: Worker, event: str, conversation: str, **more: Any) -> dict[str, Any]:
    return worker.emit(event, {"conversation": conversation, "client_id": new_id(), **more})


def staff_id(worker: Worker) -> int:
    return worker.emit("board", {})["board"]["me"]["staff_id"]  # type: ignore[no-any-return]


def view(visitor: Visitor) -> dict[str, Any]:
    return visitor.emit("resume", {"after": 0})["view"]  # type: ignore[no-any-return]


def in_database(service: Service, *statements: str) -> None:
    """What time would do, at once."""
    url = service.environment.get("DATABASE_URL", f"sqlite:///{service.home / 'halte.sqlite'}")
    engine = make_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    past = (datetime.now(UTC) - timedelta(minutes=5)).replace(tzinfo=None).isoformat(" ", "microseconds")
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement), {"past": past})
    engine.dispose()


def test_rule_1_the_bots_answer_after_a_takeover_is_dropped(slow: tuple[Service, SlowBot]) -> None:
    service, bot = slow
    visitor, worker = Visitor(service), Worker(service)
    number = visitor.say("wat kost het")["number"]
    until(lambda: bot.asked, 5, "the question")
    visitor.ask_person()
    conversation = worker.emit("claim_next", {"client_id": new_id()})["conversation"]["id"]
    visitor.say("ben jij een mens?")
    time.sleep(SLOW_SECONDS + 0.5)
    assert [entry["sender"] for entry in visitor.entries(number)] == ["system", "system", "visitor"]
    assert bot.asked == ["wat kost het"], "with a person there the bot hears nothing"
    assert bot.forgotten == [conversation], "and keeps nothing"
    deed(worker, "hand_back", conversation)
    number = visitor.say("wat kost het dan")["number"]
    assert visitor.answered(number)["number"] == number + 1, "after handing back the assistant answers again"
    for person in (visitor, worker):
        person.hang_up()


def test_rule_2_commands_of_the_bot_are_plain_words_to_a_person(people: People) -> None:
    visitor = people.visitor()
    worker, _ = held(people, visitor)
    said = visitor.say("/restart")
    heard = until(lambda: [data["entry"] for name, data in worker.heard if name == "entry"][1:], 8, "the words")
    assert (heard[0].get("text"), heard[0]["number"]) == ("/restart", said["number"])
    assert view(visitor)["state"] == "with_staff"


def test_rule_3_the_loser_of_a_claim_is_told_who_has_the_visitor_and_sees_no_word(people: People) -> None:
    visitor, loser = people.visitor(), people.worker("sem")
    _, conversation = held(people, visitor)
    assert loser.claim(conversation) == {"ok": False, "code": "already_claimed", "name": "Noor"}
    visitor.say("alleen voor Noor")
    assert loser.emit("history", {"conversation": conversation, "after": 0})["code"] == "not_found"
    until(lambda: not loser.waiting(), 5, "an empty queue")
    assert not [name for name, _ in loser.heard if name == "entry"]


def test_rule_4_a_worker_back_within_the_grace_has_the_visitor_untouched(people: People) -> None:
    visitor = people.visitor()
    worker, conversation = held(people, visitor)
    before = visitor.entries()
    worker.hang_up()
    visitor.say("ben je er nog?")
    time.sleep(3)  # a round of the worker process
    worker.reconnect()
    known = before[-1]["number"]
    missed = worker.emit("history", {"conversation": conversation, "after": known})["entries"]
    assert [entry["text"] for entry in missed] == ["ben je er nog?"]
    assert worker.reply(conversation, "ja, ik ben terug")["ok"]
    assert len(visitor.entries()) == len(before) + 2


def test_rule_4_a_worker_who_is_gone_for_a_minute_loses_the_visitor_to_the_front(people: People) -> None:
    visitor, other, colleague = people.visitor(), people.visitor(), people.worker("sem")
    worker, conversation = held(people, visitor)
    other.ask_person()
    worker.hang_up()
    time.sleep(1)
    in_database(
        people.service,
        "UPDATE staff SET seen_at = :past WHERE username = 'noor'",
        "UPDATE process SET started_at = :past",  # a service that has just begun gives everybody time to come back
    )
    visitor.hears("entry", code="staff_lost", name="Noor")
    assert (view(visitor)["state"], view(visitor)["position"], view(other)["position"]) == ("waiting", 1, 2)
    card = until(lambda: colleague.waiting()[0], 5, "the visitor")
    assert (card["id"], card["returned"]) == (conversation, True)
    assert colleague.emit("claim_next", {"client_id": new_id()})["conversation"]["id"] == conversation


def test_rule_5_who_is_away_is_passed_by_keeps_the_place_and_is_not_closed(people: People) -> None:
    away, here, worker = people.visitor(), people.visitor(), people.worker()
    away.ask_person()
    here.ask_person()
    away.hang_up()
    seen = until(lambda: [card for card in worker.waiting() if card["visitor"] == "away"], 8, "who is away")
    taken = worker.emit("claim_next", {"client_id": new_id()})["conversation"]
    assert taken["id"] != seen[0]["id"]
    assert worker.emit("claim_next", {"client_id": new_id()})["code"] == "not_waiting"
    away.reconnect()
    assert (view(away)["state"], view(away)["position"]) == ("waiting", 1)
    until(lambda: worker.waiting()[0]["visitor"] == "here", 8, "who is back")
    assert worker.emit("claim_next", {"client_id": new_id()})["conversation"]["id"] == seen[0]["id"]


def test_rule_6_a_transfer_is_an_offer_and_changes_nothing_until_it_is_accepted(people: People) -> None:
    visitor, sem = people.visitor(), people.worker("sem")
    noor, conversation = held(people, visitor)
    noted = "de bezoeker praat liever met jou"
    assert deed(noor, "offer", conversation, to=staff_id(sem), text="  ")["code"] == "empty"
    sem.emit("status", {"status": "break"})
    refused = deed(noor, "offer", conversation, to=staff_id(sem), text=noted)
    assert (refused["code"], refused["name"], refused["status"]) == ("not_available", "Sem", "break")
    sem.emit("status", {"status": "available"})
    assert deed(noor, "offer", conversation, to=staff_id(sem), text=noted)["ok"]
    offered = until(lambda: sem.emit("board", {})["board"]["offered"], 5, "the offer")
    assert [card["id"] for card in offered] == [conversation]
    assert visitor.say("wie is dat?")["ok"]
    noor.hears("entry", conversation=conversation)
    assert noor.reply(conversation, "ik ben er nog")["ok"]
    assert view(visitor)["name"] == "Noor"
    opened = deed(sem, "accept", conversation)
    assert [entry["text"] for entry in opened["entries"] if entry["kind"] == "note"] == [noted]
    visitor.hears("view", name="Sem")
    noor.hears("conversation", id=conversation, mine=False)
    assert noor.reply(conversation, "te laat")["code"] == "not_found"
    assert noted not in json.dumps(visitor.entries(), ensure_ascii=False)
    codes = [entry["code"] for entry in visitor.entries() if "code" in entry]
    assert codes == ["started", "asked", "claimed", "transferred"], "and the greeting is not said again"


def test_rule_6_an_offer_to_somebody_who_goes_away_leaves_the_visitor_where_they_are(people: People) -> None:
    visitor, sem = people.visitor(), people.worker("sem")
    noor, conversation = held(people, visitor)
    assert deed(noor, "offer", conversation, to=staff_id(sem), text="graag")["ok"]
    sem.hang_up()
    in_database(people.service, "UPDATE conversation SET offered_at = :past WHERE offered_at IS NOT NULL")

    def gone() -> Any:
        entries = noor.emit("history", {"conversation": conversation, "after": 0})["entries"]
        return [entry for entry in entries if entry.get("code") == "offer_expired"]

    until(gone, 8, "the end of the offer")
    assert noor.reply(conversation, "ik blijf bij je")["ok"]
    assert view(visitor)["name"] == "Noor"


def test_rule_7_words_are_accepted_and_in_order_through_every_owner_until_the_end(people: People) -> None:
    visitor, sem = people.visitor(), people.worker("sem")
    said = [visitor.say("bij de assistent")]
    visitor.ask_person()
    said.append(visitor.say("in de rij"))
    noor = people.worker()
    conversation = noor.emit("claim_next", {"client_id": new_id()})["conversation"]["id"]
    said.append(visitor.say("bij Noor"))
    deed(noor, "offer", conversation, to=staff_id(sem), text="graag")
    said.append(visitor.say("tijdens het aanbod"))
    deed(sem, "accept", conversation)
    said.append(visitor.say("bij Sem"))
    deed(sem, "release", conversation)
    said.append(visitor.say("weer in de rij"))
    assert [answer["ok"] for answer in said] == [True] * 6
    entries = [entry for entry in visitor.entries() if entry["sender"] == "visitor"]
    assert [entry["number"] for entry in entries] == [answer["number"] for answer in said]
    assert [entry["text"] for entry in entries][2:5] == ["bij Noor", "tijdens het aanbod", "bij Sem"]
    for before, after in zip(visitor.entries(), visitor.entries()[1:], strict=False):
        assert after["prev"] == before["number"]
    visitor.emit("leave", {"client_id": new_id()})
    assert visitor.say("na het einde")["code"] == "closed"


def test_rule_8_the_place_is_told_when_it_changes_and_when_somebody_comes_on_duty(people: People) -> None:
    first, second = people.visitor(), people.visitor()
    first.ask_person()
    second.ask_person()
    assert (view(first)["position"], view(second)["position"]) == (1, 2)
    worker = people.worker()
    second.hears("place", position=2, people_present=True, seconds=10)
    assert view(second)["wait"] is not None
    first.emit("withdraw", {"client_id": new_id()})
    second.hears("place", position=1, seconds=10)
    taken = worker.emit("claim_next", {"client_id": new_id()})
    assert taken["ok"], "the place came from the very order in which they are taken"
    second.hears("view", state="with_staff", position=None)


def test_rule_9_after_two_misses_and_at_any_time_there_is_a_button_for_a_person(people: People) -> None:
    visitor = people.visitor()
    assert view(visitor)["offers"]["wait"]
    for nonsense in ("qwerty", "asdf asdf"):
        answer = visitor.answered(visitor.say(nonsense)["number"])
    assert "human" in [button["topic"] for button in answer["suggestions"]]
    visitor.ask_person()
    assert view(visitor)["state"] == "waiting"


def test_rule_10_closing_against_sending(people: People) -> None:
    for _ in range(5):
        visitor = people.visitor()
        worker, conversation = held(people, visitor)
        answers: dict[str, dict[str, Any]] = {}
        gate = threading.Barrier(2)

        def at_once(name: str, task: Any, gate: threading.Barrier = gate, answers: Any = answers) -> None:
            gate.wait()
            answers[name] = task()

        threads = [
            threading.Thread(target=at_once, args=("said", lambda visitor=visitor: visitor.say("nog iets"))),
            threading.Thread(target=at_once, args=("closed", lambda w=worker, c=conversation: w.close(c))),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert answers["closed"]["ok"]
        entries = visitor.entries()
        assert entries[-1]["code"] == "closed", "nothing comes after the end"
        kept = [entry["text"] for entry in entries if entry["sender"] == "visitor"]
        assert kept == (["nog iets"] if answers["said"]["ok"] else [])
        assert answers["said"]["ok"] or answers["said"]["code"] == "closed"
