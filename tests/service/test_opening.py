"""Opening hours from the shell to the visitor, and letters and appointments where nobody can be waited for."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.people import Browser, Visitor, Worker, new_id
from tests.processes import ROOT, Service, until

CLOSED = {"timezone": "Europe/Amsterdam", "weekly": {}}


def hours(service: Service, *words: str, password: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "web.cli", "hours", *words],
        cwd=ROOT,
        env=service.environment,
        input=f"{password or service.passwords['aisha']}\n",
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def closed(own_service: Service, tmp_path: Path) -> Service:
    """A helpline that never opens."""
    document = tmp_path / "hours.json"
    document.write_text(json.dumps(CLOSED))
    done = hours(own_service, "set", "aisha", "--password-stdin", str(document))
    assert done.returncode == 0, done.stderr
    return own_service


def test_closed_means_a_letter_and_its_answer_and_no_queue(closed: Service) -> None:
    visitor, worker = Visitor(closed), Worker(closed)
    refused = until(lambda: refusal(visitor), 5, "closing")
    assert (refused["code"], refused["reason"], refused["opens_at"]) == ("not_open", "closed", None)
    view = visitor.emit("resume", {"after": 0})["view"]
    assert view["offers"]["letter"]
    assert not view["offers"]["wait"]

    sent = visitor.emit("letter", {"client_id": new_id(), "text": "kunt u mij terugschrijven"})
    assert len(sent["code"]) == 7
    assert sent["view"]["state"] == "letter"
    visitor.emit("leave", {"client_id": new_id()})
    visitor.hang_up()

    letter = until(lambda: worker.emit("board", {})["board"]["letters"], 8, "the letter")[0]
    held = letter["id"]
    assert worker.claim(held)["entries"][-2]["text"] == "kunt u mij terugschrijven"
    assert worker.emit("answer", {"conversation": letter["id"], "client_id": new_id(), "text": "dit is het antwoord"})[
        "ok"
    ]
    assert worker.emit("board", {})["board"]["mine"] == []

    browser = Browser(closed.url)
    assert browser.open("/nl/chat/return", form={"code": "appel appel appel appel appel appel appel"})[0] == 404
    assert browser.open("/nl/chat/return", form={"code": " ".join(sent["code"]).upper()})[0] == 303
    back = Visitor(closed, browser=browser)
    assert "dit is het antwoord" in [entry.get("text") for entry in back.entries()]
    for person in (back, worker):
        person.hang_up()


def refusal(visitor: Visitor) -> dict | None:
    """The hours are seen within a second: until then somebody may still begin to wait."""
    answer = visitor.ask_person()
    if answer["ok"]:
        visitor.emit("withdraw", {"client_id": new_id()})
    return None if answer["ok"] else answer


def test_only_those_who_may_set_the_hours_and_nonsense_is_told(own_service: Service, tmp_path: Path) -> None:
    wrong = hours(own_service, "mode", "noor", "--password-stdin", "no_new", password=own_service.passwords["noor"])
    assert (wrong.returncode, "supervisors" in wrong.stderr) == (1, True)
    document = tmp_path / "hours.json"
    document.write_text(json.dumps({"timezone": "Europe/Amsterdam", "weekly": {"mon": ["nine to five"]}}))
    bad = hours(own_service, "set", "aisha", "--password-stdin", str(document))
    assert bad.returncode == 1
    assert "weekly.mon" in bad.stderr
    assert hours(own_service, "mode", "aisha", "--password-stdin", "no_new").returncode == 0
    assert '"no_new"' in hours(own_service, "show").stdout


def test_a_slot_is_booked_kept_and_opens_with_its_code(own_service: Service) -> None:
    visitor, other = Visitor(own_service), Visitor(own_service, "en")
    slots = until(lambda: visitor.emit("slots", {})["slots"], 40, "slots")
    booked = visitor.emit("book", {"client_id": new_id(), "slot": slots[0]["slot"]})
    assert booked["view"]["appointment_at"] == slots[0]["at"]
    assert other.emit("book", {"client_id": new_id(), "slot": slots[0]["slot"]})["code"] == "slot_taken"
    visitor.hang_up()
    browser = Browser(own_service.url)
    assert browser.open("/nl/chat/return", form={"code": ",".join(booked["code"])})[0] == 303
    back = Visitor(own_service, browser=browser)
    assert back.emit("cancel", {"client_id": new_id()})["view"]["appointment_at"] is None
    assert other.emit("book", {"client_id": new_id(), "slot": slots[0]["slot"]})["ok"]
    for person in (back, other):
        person.hang_up()
