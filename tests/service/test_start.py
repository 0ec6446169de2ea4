"""Before and at the first words: the promise, who it is about, and when people are on the chat."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import People
from tests.people import Browser, Visitor, Worker
from tests.processes import Service, until
from tests.service.test_opening import hours
from web.core.content import LANGUAGES
from web.core.cues import Audience

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def begin(people: People, language: str = "nl", **form: str) -> Visitor:
    browser = Browser(people.service.url)
    assert browser.open(f"/{language}/chat", form=form)[0] == 303
    visitor = Visitor(people.service, browser=browser)
    people._all.append(visitor)
    return visitor


def first_words(visitor: Visitor) -> dict:
    return next(entry for entry in visitor.entries() if entry["sender"] == "assistant")


@pytest.mark.parametrize("audience", [*Audience, "", "somebody else", "MINOR"])
def test_begins_with_every_audience_and_with_none(people: People, audience: str) -> None:
    visitor = begin(people, audience=audience)
    words = first_words(visitor)
    assert words["text"]
    topics = [button["topic"] for button in words["suggestions"]]
    assert len(topics) >= 3
    usual = [button["topic"] for button in first_words(begin(people))["suggestions"]]
    assert (topics == usual) == (audience not in list(Audience))


@pytest.mark.parametrize("language", LANGUAGES)
def test_under_18_gets_the_youth_page_and_the_youth_line_first_and_is_never_refused(
    people: People, language: str
) -> None:
    visitor = begin(people, language, audience="minor")
    words = first_words(visitor)
    assert words["doors"][0]["name"] == "De Kindertelefoon"
    assert words["article"]["url"] in ("/nl/jonger-dan-18", "/en/under-18")
    assert max(len(sentence.split()) for sentence in re.split(r"[.?!:]", words["text"])) <= 10
    # It stays so: an answer later on speaks to somebody under 18 too.
    number = visitor.say("...", topic="therapy")["number"]
    assert visitor.answered(number)["doors"][0]["name"] == "De Kindertelefoon"
    assert visitor.ask_person()["ok"]


def test_who_was_hurt_gets_their_doors_first(people: People) -> None:
    words = first_words(begin(people, "en", audience="victim"))
    assert [door["name"] for door in words["doors"]] == ["Centrum Seksueel Geweld", "Slachtofferhulp Nederland"]
    assert "not your fault" in words["text"]


@pytest.mark.parametrize(
    ("language", "promise"), [("nl", "We geven alleen iets door als"), ("en", "We pass something on only if")]
)
def test_the_one_promise_stands_before_the_first_message(people: People, language: str, promise: str) -> None:
    for path in (f"/{language}/chat", f"/{language}/"):
        page = Browser(people.service.url).open(path)[2]
        assert page.count(promise) == 1
        assert 'class="example"' in page  # until an operator has put its own in its place
    start = Browser(people.service.url).open(f"/{language}/chat")[2]
    required = re.findall(r"<(?:input|select|textarea)[^>]*\brequired\b[^>]*>", start[: start.index('id="return"')])
    assert required == []  # one tap is enough


def plan(opens: float, closes: float, **more: object) -> dict:
    """The same hours every day, counted in hours from now."""
    now = datetime.now(UTC)
    pair = [f"{now + timedelta(hours=after):%H:%M}" for after in (opens, closes)]
    return {"timezone": "UTC", "weekly": {day: [pair] for day in DAYS}, **more}


def test_every_state_of_the_chat_has_its_own_true_sentence(own_service: Service, tmp_path: Path) -> None:
    browser, document = Browser(own_service.url), tmp_path / "hours.json"

    def change(wanted: dict) -> None:
        document.write_text(json.dumps(wanted))
        done = hours(own_service, "set", "aisha", "--password-stdin", str(document))
        assert done.returncode == 0, done.stderr

    def told(state: str) -> str:
        def found() -> str | None:
            page = browser.open("/en/chat")[2]
            match = re.search(r'id="presence" [^>]*data-state="(\w+)"><span>(.*?)</p>', page, re.DOTALL)
            return re.sub(r"<[^>]+>|\s+", " ", match[2]) if match and match[1] == state else None

        return " ".join(until(found, 8, state).split())

    assert told("nobody").startswith("The chat is open, but nobody is there just now.")
    worker = Worker(own_service)
    assert told("people") == "Open now: people are on the chat."
    change(plan(-1, 3))
    assert re.search(r"until \d?\d:\d\d", until(lambda: until_told(told("people")), 5, "the closing time"))
    worker.emit("status", {"status": "busy"})
    assert "Everybody is in a conversation" in told("busy")
    worker.emit("status", {"status": "available"})
    change(plan(-2, 0.1))
    assert re.search(r"stop soon.* again (today|tomorrow) at \d?\d:\d\d", told("last_admission"))
    change(plan(2, 4))
    assert re.search(r"here again (today|tomorrow) at \d?\d:\d\d", told("closed"))
    change({"timezone": "UTC", "weekly": {}})
    assert told("closed").startswith("Nobody is on the chat right now.")
    change(plan(-1, 3, mode="no_new"))
    assert "so busy that nobody new can wait" in told("no_new")
    change(plan(-1, 3, mode="assistant_only"))
    assert "only the digital assistant" in told("assistant_only")
    worker.hang_up()


def until_told(words: str) -> str | None:
    return words if "until" in words else None


def test_the_week_stands_there_with_its_closures(own_service: Service, tmp_path: Path) -> None:
    closed = (datetime.now(UTC) + timedelta(days=3)).date()
    document = tmp_path / "hours.json"
    weekly = {day: [["09:00", "12:30"], ["13:00", "21:00"]] for day in DAYS}
    document.write_text(json.dumps({"timezone": "UTC", "weekly": weekly, "exceptions": {closed.isoformat(): []}}))
    assert hours(own_service, "set", "aisha", "--password-stdin", str(document)).returncode == 0

    def rows() -> list[str]:
        page = Browser(own_service.url).open("/nl/")[2]
        return re.findall(r"<tr.*?</tr>", page, re.DOTALL)

    shown = until(rows, 5, "the week")
    assert len(shown) == 7
    assert [index for index, row in enumerate(shown) if "data-changed" in row] == [3]
    assert "Gesloten" in shown[3]
    words = " ".join(re.sub(r"<[^>]+>", " ", shown[2]).split())
    assert words.endswith("9.00 – 12.30 13.00 – 21.00")
    assert re.search(r'<time datetime="\d{4}-\d\d-\d\dT09:00Z">9.00</time>', shown[2])


def test_only_our_languages_have_addresses_and_each_offers_the_others(people: People) -> None:
    browser = Browser(people.service.url)
    assert browser.open("/fr/")[0] == 404
    assert browser.open("/fr/chat")[0] == 404
    page = browser.open("/nl/")[2]
    assert '<html lang="nl" dir="ltr"' in page
    assert '<a href="/en/" hreflang="en" lang="en" dir="ltr">English</a>' in page
    assert '<a href="/nl/chat" hreflang="nl" lang="nl" dir="ltr">Nederlands</a>' in browser.open("/en/chat")[2]
