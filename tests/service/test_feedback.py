"""Around the end, against the running service: feedback as a plain form, a blocked visitor, wrong codes."""

import re
import subprocess
import sys
import threading
import time

import pytest

from tests.conftest import MARKER, People
from tests.people import Browser, Visitor, new_id
from tests.processes import ROOT, Service

WRONG = "appel appel appel appel appel appel appel"
BLOCKED = {"nl": "Morgen kun je terugkomen", "en": "You can come back tomorrow"}


def ticket_of(browser: Browser, language: str = "nl") -> str:
    _, _, page = browser.open(f"/{language}/chat")
    found = re.search(r'name="ticket" value="([^"]+)"', page)
    assert found
    return found[1]


def test_the_form_is_kept_once_and_no_cookie_is_needed(people: People) -> None:
    used, stranger = ticket_of(people.visitor().browser), Browser(people.service.url)
    form = {"ticket": used, "helpful": "yes", "missing": f"meer tijd, {MARKER}"}
    for given in ("kept", "before"):
        status, headers, page = stranger.open("/nl/chat/feedback", form=form)
        assert (status, f'data-given="{given}"' in page) == (200, True)
        assert headers["Set-Cookie"] is None
    assert MARKER not in people.service.log_text()


def test_a_problem_is_said_and_the_words_are_still_there(people: People) -> None:
    browser = people.visitor("en").browser
    used = ticket_of(browser, "en")
    status, _, page = browser.open("/en/chat/feedback", form={"ticket": used, "missing": " "})
    assert (status, "Choose an answer or write something first" in page) == (400, True)
    words = "<b>too much</b> " * 80
    status, _, page = browser.open("/en/chat/feedback", form={"ticket": used, "helpful": "no", "missing": words})
    assert status == 413
    assert page.count("&lt;b&gt;too much&lt;/b&gt;") == 80
    assert re.search(r'value="no" checked', page)
    assert browser.open("/en/chat/feedback", form={"ticket": used, "helpful": "no"})[0] == 200, (
        "the ticket still serves"
    )


@pytest.mark.parametrize(
    "form", [{}, {"helpful": "yes"}, {"ticket": "x" * 5000, "helpful": "yes"}, {"ticket": "'--", "missing": "a"}]
)
def test_without_a_ticket_nothing_is_kept(people: People, form: dict[str, str]) -> None:
    status, _, page = Browser(people.service.url).open("/nl/chat/feedback", form=form)
    assert (status, 'data-given="too_old"' in page) == ((400, False) if form == {} else (410, True))


def test_another_site_cannot_send_the_form(people: People) -> None:
    form = {"ticket": ticket_of(people.visitor().browser), "helpful": "yes"}
    answer = people.visitor().browser.open("/nl/chat/feedback", form=form, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer[0] == 403


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_blocked_visitor_is_told_and_begins_nothing_today(people: People, language: str) -> None:
    visitor, worker = people.visitor(language), people.worker()
    visitor.ask_person()
    card = worker.sees()
    worker.claim(card["id"])
    assert worker.emit("block", {"conversation": card["id"], "client_id": new_id()})["ok"]
    visitor.hears("view", state="closed")
    assert visitor.hears("entry", code="blocked")["name"] == "Noor"
    for form, status in ((None, 200), ({}, 403)):
        answered, _, page = visitor.browser.open(f"/{language}/chat", form=form)
        assert (answered, BLOCKED[language] in page, 'id="start"' in page) == (status, True, False)
        for line in ("tel:112", "tel:113", "tel:08002666436"):
            assert line in page, "all lines are there, not only those of the footer"
    assert visitor.say("nog iets")["code"] == "closed"
    status, headers, page = visitor.browser.open(f"/{language}/chat/forget", form={})
    assert (status, 'id="forgotten"' in page) == (200, True)
    assert headers["Clear-Site-Data"]


def test_leaving_clears_the_cookie_of_a_blocked_visitor_too(people: People) -> None:
    """Safety goes first: whoever must hide this page hides it, also from a block."""
    visitor, worker = people.visitor(), people.worker()
    visitor.ask_person()
    card = worker.sees()
    worker.claim(card["id"])
    assert worker.emit("block", {"conversation": card["id"], "client_id": new_id()})["ok"]
    assert visitor.browser.open("/nl/leave")[0] == 303
    _, _, page = visitor.browser.open("/nl/chat")
    assert BLOCKED["nl"] not in page


def test_wrong_codes_are_slowed_and_a_right_one_opens_at_once(own_service: Service) -> None:
    visitor = Visitor(own_service)
    code = " ".join(visitor.emit("letter", {"client_id": new_id(), "text": "een brief"})["code"])
    visitor.hang_up()
    nearly = " ".join([*code.split()[:6], "appel" if code.split()[6] != "appel" else "water"])
    answers = [tried(own_service, typed) for typed in (WRONG, nearly, "", "niets dat erop lijkt", "x" * 5000)]
    assert {status for status, _, _ in answers} == {404}
    assert len({same(page) for _, page, _ in answers}) == 1, "the same page, however near"
    assert all(0.5 <= seconds < 1.5 for *_, seconds in answers)

    flood = [threading.Thread(target=tried, args=(own_service, WRONG)) for _ in range(70)]
    for one in flood:
        one.start()
    time.sleep(1)
    status, _, seconds = tried(own_service, code)
    assert status == 303, "guessing locks nobody out"
    assert seconds < 2
    late = [tried(own_service, typed) for typed in (WRONG, nearly)]
    assert [status for status, _, _ in late] == [429, 429]
    assert len({same(page) for _, page, _ in late}) == 1
    assert "te veel pogingen" in late[0][1]
    assert all(seconds >= 8 for *_, seconds in late)
    for one in flood:
        one.join()


def tried(service: Service, typed: str) -> tuple[int, str, float]:
    began = time.monotonic()
    status, _, page = Browser(service.url).open("/nl/chat/return", form={"code": typed})
    return status, page, time.monotonic() - began


def same(page: str) -> str:
    return re.sub(r'(data-people|class="(open|card)).*', "", page)


def test_the_shell_shows_counts_to_all_and_texts_to_supervisors(own_service: Service) -> None:
    visitor = Visitor(own_service)
    for number in range(6):
        form = {"ticket": ticket_of(visitor.browser), "helpful": "yes", "missing": f"wens {number}"}
        assert visitor.browser.open("/nl/chat/feedback", form=form)[0] == 200
    visitor.hang_up()

    def shell(*words: str, password: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "web.cli", "feedback", *words]
        return subprocess.run(
            command,
            cwd=ROOT,
            env=own_service.environment,
            input=f"{password}\n",
            capture_output=True,
            text=True,
            check=False,
        )

    counts = shell()
    assert counts.returncode == 0, counts.stderr
    assert re.search(r"yes +6\n", counts.stdout)
    assert re.search(r"texts +6\n", counts.stdout)
    assert "wens" not in counts.stdout
    read = shell("aisha", "--password-stdin", password=own_service.passwords["aisha"]).stdout
    assert {f"wens {number}" for number in range(6)} == set(re.findall(r"-- (.*)", read))
    assert shell("noor", "--password-stdin", password=own_service.passwords["noor"]).returncode == 1
