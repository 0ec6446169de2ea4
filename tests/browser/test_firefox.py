"""The visitor's chat in Firefox, each journey in a browser of its own. Fails, never skips, where there is none."""

import json
import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.browser.journeys import close_until
from tests.people import Worker, new_id
from tests.processes import ROOT, Service
from web.core.staff import DESK_ROLES
from web.prepare import DEMO

# What a browser does does not depend on the database.
pytestmark = [pytest.mark.browser, pytest.mark.parametrize("service", ["sqlite"], indirect=True)]

SECONDS = 75  # for one journey, Firefox's own start included
JOURNEYS = [
    ("assistant", "nl", "phone"),
    ("assistant", "en", "desktop"),
    ("crisis", "nl", "desktop"),
    ("crisis", "en", "phone"),
    ("person", "nl", "phone"),
    ("person", "en", "desktop"),
    ("leaving", "nl", "desktop"),
    ("leaving", "en", "phone"),
    ("keyboard", "nl", "desktop"),
    ("keyboard", "en", "desktop"),
    ("connection", "nl", "phone"),
    ("tabs", "en", "desktop"),
    ("beginning", "nl", "phone"),
    ("beginning", "en", "desktop"),
    ("ending", "nl", "desktop"),
    ("ending", "en", "phone"),
    ("forgetting", "nl", "phone"),
    ("details", "nl", "phone"),
    ("details", "en", "desktop"),
    ("draft", "nl", "desktop"),
    ("strange", "nl", "phone"),
    ("flood", "en", "desktop"),
    ("letter", "en", "phone"),
    ("appointment", "nl", "phone"),
]


def person_comes(service: Service) -> None:
    """Noor at her desk: for a browser that cannot show the desk, since it has no scripts."""
    noor = Worker(service, "noor")
    conversation = noor.sees()["id"]
    assert noor.claim(conversation)["ok"]
    assert noor.reply(conversation, "Hoi, ik ben Noor.")["ok"]
    noor.hang_up()


def letter_is_answered(service: Service) -> None:
    noor = Worker(service, "noor")
    (written,) = noor.emit("board", {})["board"]["letters"]
    assert noor.claim(written["id"])["ok"]
    answer = {
        "conversation": written["id"],
        "client_id": new_id(),
        "text": "Beste schrijver, dank je wel voor je brief.",
    }
    assert noor.emit("answer", answer)["ok"]
    noor.hang_up()


@contextmanager
def nobody_at_the_desk(service: Service) -> Iterator[None]:
    """Everybody has a break: also those of other tests, whom the house counts as here for some seconds more."""
    workers = [Worker(service, username) for username, _, role in DEMO if role in DESK_ROLES]
    try:
        for worker in workers:
            assert worker.emit("status", {"status": "break"})["ok"]
        yield
    finally:
        for worker in workers:
            worker.emit("status", {"status": "available"})
            worker.hang_up()


@contextmanager
def nobody_until_tomorrow(service: Service) -> Iterator[None]:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    close_until(service, tomorrow.replace(hour=8, minute=0).isoformat(timespec="seconds"))
    try:
        yield
    finally:
        close_until(service, "2026-01-01T00:00:00+00:00")


WISHES: dict[str, Callable[[Service], None]] = {
    "kill": lambda service: service.kill("web"),
    "start": lambda service: service.start("web"),
    "person": person_comes,
    "answer": letter_is_answered,
}


def drive(service: Service, home: Path, journey: str, language: str, size: str, scripts: bool = True) -> None:
    """Run a journey; what it prints on its output it wants done."""
    program = shutil.which("firefox-esr") or shutil.which("firefox")
    assert program, "these tests need Firefox: apt-get install firefox-esr"
    profile, errors = home / "profile", home / "errors.txt"
    profile.mkdir()
    order = dict(journey=journey, language=language, size=size, scripts=scripts)
    order |= dict(url=service.url, passwords=service.passwords, profile=str(profile), program=program)
    with errors.open("w") as told:
        running = subprocess.Popen(
            ["node", "tests/firefox/run.mjs", json.dumps(order)],
            cwd=ROOT,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=told,
            env={**os.environ, "HOME": str(home)},  # nothing of whoever runs this
            start_new_session=True,
        )
    assert running.stdin
    assert running.stdout
    too_long = threading.Timer(SECONDS, end_all_of, [running])
    too_long.start()
    try:
        for wish in running.stdout:
            WISHES[wish.strip()](service)
            running.stdin.write("done\n")
            running.stdin.flush()
        code = running.wait()
    finally:
        too_long.cancel()
        end_all_of(running)
    assert code == 0, f"{journey} failed, or took longer than {SECONDS} s:\n{errors.read_text()}"


def end_all_of(running: subprocess.Popen[str]) -> None:
    """Node, and the Firefox that it started: that has a group of its own, and goes when Node is interrupted."""
    with suppress(ProcessLookupError):
        os.killpg(running.pid, signal.SIGINT)
    with suppress(subprocess.TimeoutExpired):
        running.wait(timeout=5)
    with suppress(ProcessLookupError):
        os.killpg(running.pid, signal.SIGKILL)


@pytest.mark.parametrize(("journey", "language", "size"), JOURNEYS)
def test_firefox(service: Service, tmp_path: Path, journey: str, language: str, size: str) -> None:
    drive(service, tmp_path, journey, language, size)


def test_firefox_while_the_chat_is_closed(service: Service, tmp_path: Path) -> None:
    with nobody_until_tomorrow(service):
        drive(service, tmp_path, "closed", "en", "desktop")


def test_firefox_while_nobody_is_there(service: Service, tmp_path: Path) -> None:
    with nobody_at_the_desk(service):
        drive(service, tmp_path, "alone", "nl", "phone")


@pytest.mark.parametrize(
    ("journey", "language", "size"),
    [
        ("withoutScripts", "nl", "phone"),
        ("withoutScripts", "en", "desktop"),
        ("withoutScriptsLater", "nl", "phone"),
    ],
)
def test_firefox_without_javascript(service: Service, tmp_path: Path, journey: str, language: str, size: str) -> None:
    drive(service, tmp_path, journey, language, size, scripts=False)
