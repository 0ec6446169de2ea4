"""Two windows: a visitor and a helpline worker, from the first page to the end of the conversation."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Windows
from tests.browser.journeys import do, reply, sign_in, stop, write

JOURNEYS = {
    "nl": {
        "questions": [
            ("kost dit mij geld?", "gratis"),
            ("de politie stond vanochtend voor de deur, wat nu", "politie"),
            ("wie leest er allemaal mee met wat ik typ", "mee"),
        ],
        "title": "Om wie maak je je zorgen?",
        "number_one": "Jij bent nummer 1",
        "with": "Noor",
    },
    "en": {
        "questions": [
            ("does this cost me anything?", "free"),
            ("the police were at my door this morning, what now", "police"),
            ("who else can read what i type here", "read"),
        ],
        "title": "Who are you worried about?",
        "number_one": "You are number 1",
        "with": "Noor",
    },
}


@pytest.mark.browser
@pytest.mark.parametrize("language", ["nl", "en"])
def test_from_the_first_question_to_a_person_and_the_end(windows: Windows, language: str) -> None:
    words = JOURNEYS[language]
    desk = sign_in(windows, language, "noor")
    visitor = windows.open(f"/{language}/", viewport={"width": 390, "height": 844})
    expect(visitor.locator("h1")).to_have_text(words["title"])
    assert visitor.context.cookies() == []
    visitor.click(f'a[href="/{language}/chat"]')
    visitor.click("#start")
    answers = visitor.locator("#talk > .bot")
    expect(answers).to_have_count(1)
    for number, (question, part) in enumerate(words["questions"], 2):
        write(visitor, question)
        expect(answers).to_have_count(number)
        expect(answers.last).to_contain_text(re.compile(part, re.IGNORECASE))
    assert visitor.title() == "Halte"

    visitor.click("#ask-person")
    expect(visitor.locator("#position")).to_have_text(words["number_one"])
    item = desk.locator("#queue > li")
    expect(item).to_have_count(1)
    desk.click("#next")
    pane = desk.locator("#panes .conv")
    expect(pane).to_have_count(1)
    expect(desk.locator("#queue > li")).to_have_count(0)
    pane.locator("details summary").click()
    expect(pane).to_contain_text(words["questions"][0][0])
    expect(visitor.locator("#status")).to_contain_text(words["with"])
    expect(visitor.locator("#talk > .change")).to_have_count(1)

    reply(pane, "Hoi, ik ben Noor.")
    expect(visitor.locator("#talk > .human")).to_contain_text("Hoi, ik ben Noor.")
    write(visitor, "dag Noor")
    expect(pane.locator('[data-list="talk"]')).to_contain_text("dag Noor")

    visitor.reload()
    expect(visitor.locator("#talk > .you")).to_have_count(4)
    expect(visitor.locator("#talk > .human")).to_have_count(1)

    do(pane, "close")
    expect(visitor.locator("#closed")).to_be_visible()
    expect(desk.locator("#panes .conv")).to_have_count(0)
    expect(desk.locator("#mine > li")).to_have_count(0)


@pytest.mark.browser
def test_two_workers_click_the_same_visitor(windows: Windows) -> None:
    noor, sem = sign_in(windows, "nl", "noor"), sign_in(windows, "en", "sem")
    visitor = windows.open("/nl/chat")
    visitor.click("#start")
    visitor.click("#ask-person")
    for desk in (noor, sem):
        expect(desk.locator("#queue > li")).to_have_count(1)
    noor.context.set_offline(True)  # Noor's screen still shows the visitor
    sem.locator("#queue > li button").first.click()
    expect(sem.locator("#panes .conv")).to_have_count(1)
    noor.context.set_offline(False)
    expect(noor.locator("#queue > li")).to_have_count(0, timeout=20_000)
    stop(visitor)


@pytest.mark.browser
def test_words_wait_for_the_connection_and_arrive_once(windows: Windows) -> None:
    visitor = windows.open("/en/chat")
    visitor.click("#start")
    expect(visitor.locator("#talk > .bot")).to_have_count(1)
    windows.service.kill("web")
    expect(visitor.locator("#lost")).to_be_visible()
    write(visitor, "are you still there")
    expect(visitor.locator("#talk > .unsent")).to_have_count(1)
    windows.service.start("web")
    windows.problems.clear()  # the browser complains of the server that we killed
    expect(visitor.locator("#talk > .unsent")).to_have_count(0, timeout=40_000)
    expect(visitor.locator("#lost")).to_be_hidden()
    expect(visitor.locator("#talk > .you")).to_have_count(1)
    expect(visitor.locator("#talk > .bot")).to_have_count(2)
    windows.problems.clear()


@pytest.mark.browser
def test_leaving_shows_nothing_and_back_finds_nothing(windows: Windows) -> None:
    visitor = windows.open("/nl/chat")
    visitor.context.route("https://www.wikipedia.org/**", lambda route: route.fulfill(body="elsewhere"))
    visitor.click("#start")
    write(visitor, "wat kost het")
    expect(visitor.locator("#talk > .bot")).to_have_count(2)
    visitor.click("#leave")
    visitor.wait_for_url("https://www.wikipedia.org/**")
    expect(visitor.locator("body")).to_have_text("elsewhere")
    visitor.goto("/nl/chat")
    expect(visitor.locator("#start")).to_be_visible()
    assert "wat kost het" not in visitor.content()


@pytest.mark.browser
def test_without_a_script_the_pages_work(windows: Windows) -> None:
    page = windows.open("/nl/", java_script_enabled=False)
    page.click('a[href="/nl/bezoek-aan-huis"]')
    expect(page.locator("h1")).to_be_visible()
    page.click('a[hreflang="en"]')
    assert "/en/" in page.url
    page.goto("/nl/desk/login")
    expect(page.locator("#sign-in")).to_be_visible()


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_page_scrolls_sideways(windows: Windows, width: int) -> None:
    page = windows.open("/nl/", viewport={"width": width, "height": 800})
    for path in ("/nl/", "/en/", "/nl/bezoek-aan-huis", "/nl/chat", "/en/chat", "/nl/desk/login", "/nl/nergens"):
        page.goto(path)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{path} is {wide} wide"
