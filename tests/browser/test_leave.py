"""Leaving at once: blank, ended, and nothing of it behind 'back', whatever the server does at that moment."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Windows
from tests.browser.journeys import start, write

pytestmark = pytest.mark.browser

MARKER = "zilverduif"
ELSEWHERE = re.compile(r"https://www\.wikipedia\.org/.*")


@pytest.fixture
def talking(windows: Windows) -> Iterator[Page]:
    """A visitor who came by the first page and has said something, with more in the field."""
    page = windows.open("/nl/")
    page.context.route(ELSEWHERE, lambda route: route.fulfill(body="elsewhere", content_type="text/html"))
    page.goto("/nl/chat")
    page.click("#start")
    expect(page.locator("#talk > .bot")).to_have_count(1)
    write(page, f"wat kost het {MARKER}")
    expect(page.locator("#talk > .bot")).to_have_count(2)
    page.locator("#words").press_sequentially(f"nog {MARKER}")
    yield page
    page.context.unroute_all()
    windows.problems[:] = [problem for problem in windows.problems if "net::ERR" not in problem]


def shift_three_times(page: Page) -> None:
    for _ in range(3):
        page.keyboard.press("Shift")


def is_elsewhere(page: Page) -> None:
    page.wait_for_url(ELSEWHERE)
    expect(page.locator("body")).to_have_text("elsewhere")


def shows_no_talk(page: Page) -> None:
    assert MARKER not in page.content()
    assert MARKER not in page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])")
    expect(page.locator("#room")).to_have_count(0)


def test_back_finds_the_first_page_of_the_chat_and_no_word(talking: Page) -> None:
    shift_three_times(talking)
    is_elsewhere(talking)
    assert talking.context.cookies() == []
    talking.go_back()
    expect(talking.locator("#start, h1").first).to_be_visible()
    shows_no_talk(talking)
    talking.goto("/nl/chat")
    expect(talking.locator("#start")).to_be_visible()
    shows_no_talk(talking)
    assert talking.evaluate("JSON.stringify({...sessionStorage})") == "{}"
    talking.click("#start")  # a new beginning is not mistaken for the old talk
    expect(talking.locator("#talk > .bot")).to_have_count(1)
    expect(talking.locator("#talk > .you")).to_have_count(0)
    expect(talking.locator("#words")).to_have_value("")
    talking.reload()
    expect(talking.locator("#talk > .bot")).to_have_count(1)


def test_a_new_chat_right_after_leaving_begins_on_the_first_page(talking: Page) -> None:
    talking.click("#leave")
    is_elsewhere(talking)
    talking.goto("/nl/")
    talking.click('a[href="/nl/chat"]')
    talking.click("#start")
    expect(talking.locator("#talk > .bot")).to_have_count(1)
    expect(talking.locator("#talk > .you")).to_have_count(0)


def test_a_server_that_hears_nothing_holds_nobody_back_and_back_shows_nothing(talking: Page) -> None:
    talking.context.route("**/nl/leave", lambda route: route.abort())
    talking.click("#leave")
    is_elsewhere(talking)
    assert len(talking.context.cookies()) == 1  # the session is still open
    talking.go_back(wait_until="commit")
    is_elsewhere_again = re.compile(r"elsewhere|Een chat, zonder je naam|Om wie maak je je zorgen")
    expect(talking.locator("body")).to_have_text(is_elsewhere_again)
    assert MARKER not in talking.content()
    talking.goto("/nl/chat", wait_until="commit")  # on purpose, but the server still hears nothing
    is_elsewhere(talking)
    talking.context.unroute("**/nl/leave")
    talking.goto("/nl/chat")
    expect(talking.locator("#start")).to_be_visible()  # now it has heard, and the talk is over
    shows_no_talk(talking)
    assert talking.context.cookies() == []


def test_a_talk_that_the_browser_kept_is_not_shown_by_back(talking: Page) -> None:
    talking.click("a.brand")
    expect(talking.locator("h1")).to_be_visible()
    talking.click("#leave")
    is_elsewhere(talking)
    talking.go_back(wait_until="commit")
    expect(talking.locator("body")).not_to_contain_text(MARKER)
    talking.go_back(wait_until="commit")
    expect(talking.locator("body")).not_to_contain_text(MARKER)
    expect(talking.locator("#start")).to_be_visible()
    shows_no_talk(talking)


def test_every_window_of_the_visitor_leaves(talking: Page) -> None:
    tab = talking.context.new_page()
    tab.goto("/nl/chat")
    expect(tab.locator("#talk > .you")).to_have_count(1)
    tab.locator("#words").press_sequentially(f"hier ook {MARKER}")
    shift_three_times(talking)
    for page in (talking, tab):
        is_elsewhere(page)
        page.goto("/nl/chat")
        expect(page.locator("#start")).to_be_visible()
        shows_no_talk(page)


def test_capitals_are_not_a_wish_to_leave_and_it_is_told_once(windows: Windows) -> None:
    page = start(windows, "en")
    expect(page.get_by_text("press Shift three times")).to_have_count(1)
    page.focus("#words")
    for letter in "HELP":
        page.keyboard.press(f"Shift+{letter}")
    expect(page.locator("#words")).to_have_value("HELP")
    expect(page.locator("#room")).to_be_visible()


def test_an_end_in_one_window_is_the_end_in_the_other(windows: Windows) -> None:
    page = start(windows, "nl")
    tab = page.context.new_page()
    tab.goto("/nl/chat")
    expect(tab.locator("#talk > .bot")).to_have_count(1)
    tab.locator("#words").press_sequentially(f"half {MARKER}")
    page.click("[data-stop]:visible")
    page.click("#stop-forget")
    for window in (page, tab):
        expect(window.locator("#closed")).to_be_visible()
        assert window.evaluate("JSON.stringify({...sessionStorage})") == "{}"
    page.goto("/nl/chat")
    expect(page.locator("#start")).to_be_visible()
