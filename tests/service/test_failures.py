"""Processes die; words do not."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import make_service
from tests.people import Visitor, Worker
from tests.processes import ROOT, Service, free_port


@pytest.fixture
def without_bot(tmp_path: Path) -> Iterator[Service]:
    running = make_service("sqlite", tmp_path / "nobot", "s" * 32, f"http://127.0.0.1:{free_port()}")
    yield running
    running.stop()


def test_without_the_bot_the_search_answers_and_a_person_is_offered(without_bot: Service) -> None:
    visitor = Visitor(without_bot)
    answer = visitor.answered(visitor.say("de politie stond aan de deur")["number"], seconds=6)
    assert answer["article"]["url"].startswith("/nl/")
    assert "human" in [button["topic"] for button in answer["suggestions"]]
    visitor.say("ik wil dood")
    assert any(entry.get("crisis") for entry in visitor.entries())
    visitor.hang_up()


def test_kill_the_web_while_people_wait_and_talk(own_service: Service) -> None:
    talking, waiting, worker = Visitor(own_service), Visitor(own_service), Worker(own_service)
    talking.ask_person()
    held = worker.emit("claim_next", {})["conversation"]["id"]
    waiting.ask_person()
    assert worker.reply(held, "ik ben er")["ok"]
    before = talking.entries()
    own_service.kill("web")
    own_service.start("web")
    for person in (talking, waiting, worker):
        person.reconnect()
    assert talking.entries() == before
    assert waiting.emit("resume", {"after": 0})["view"]["position"] == 1
    assert worker.reply(held, "nog steeds")["ok"]
    assert talking.hears("entry", sender="staff", text="nog steeds")
    for person in (talking, waiting, worker):
        person.hang_up()


def test_a_turn_whose_process_died_is_answered_by_the_worker(own_service: Service) -> None:
    visitor = Visitor(own_service)
    own_service.kill("worker")
    number = visitor.say("wat kost het om te chatten")["number"]
    own_service.kill("web")  # most often before the answer is stored; either way there must be exactly one
    own_service.start("worker", "web")
    visitor.reconnect()
    answer = visitor.answered(number, seconds=15)
    assert answer["number"] == number + 1
    assert len([e for e in visitor.entries(number) if e["sender"] == "assistant"]) == 1
    visitor.hang_up()


def test_an_operator_makes_an_account_that_can_sign_in(own_service: Service) -> None:
    command = [sys.executable, "-m", "web.cli", "create-staff", "Wim", "Wim", "counsellor"]
    made = subprocess.run(
        command, cwd=ROOT, env=own_service.environment, capture_output=True, text=True, check=True
    ).stdout
    own_service.passwords["wim"] = made.split()[-1]
    worker = Worker(own_service, "wim")
    assert worker.emit("board", {})["ok"]
    worker.hang_up()
