"""Coming back later: a letter and its answer, an appointment, and what is offered when nobody new can wait."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Windows
from tests.browser.journeys import close_until, keep_code, set_mode, sign_in, start, stop, write

pytestmark = pytest.mark.browser


@pytest.fixture
def open_again(windows: Windows) -> Iterator[None]:
    """Whatever the test does to the hours, the next one finds the chat open."""
    yield
    set_mode(windows.service, "open")
    close_until(windows.service, "2026-01-01T00:00:00+00:00")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_letter_its_seven_words_and_its_answer(windows: Windows, language: str) -> None:
    visitor = start(windows, language, viewport={"width": 390, "height": 844})
    visitor.click("#rather-later")
    visitor.click('#later [data-act="letter"]')
    visitor.fill("#letter-words", "Beste mensen,\n\nik heb een vraag die kan wachten.")
    visitor.click("#letter-send")
    code = keep_code(visitor)
    expect(visitor.locator('[data-stage="letter"]')).to_have_attribute("aria-current", "step")
    expect(visitor.locator("#talk > .you")).to_have_count(1)
    write(visitor, "en nog iets")
    stop(visitor)

    desk = sign_in(windows, language, "noor")
    expect(desk.locator("#letters > li")).to_have_count(1)
    desk.locator("#letters button").click()
    pane = desk.locator("#panes .conv")
    expect(pane.locator('[data-list="talk"]')).to_contain_text("en nog iets")
    pane.locator("form[data-reply] textarea").fill("Beste schrijver,\n\ndank je wel voor je brief.")
    pane.locator('[data-act="send"]').click()
    expect(desk.locator("#panes .conv")).to_have_count(0)
    expect(desk.locator("#letters > li")).to_have_count(0)

    again = windows.open(f"/{language}/chat")  # another browser: nothing but the words
    again.fill("#code", "zeven woorden die van niemand zijn geweest")
    again.click("#open-code")
    expect(again.locator("#wrong-code")).to_be_visible()
    again.fill("#code", code.upper())
    again.click("#open-code")
    expect(again.locator("#talk > .human")).to_contain_text("dank je wel voor je brief.")
    expect(again.locator('[data-stage="answered"]')).to_have_attribute("aria-current", "step")
    write(again, "dat helpt")
    expect(again.locator('[data-stage="letter"]')).to_have_attribute("aria-current", "step")
    again.click("[data-stop]:visible")
    again.click("#stop-forget")
    expect(again.locator('#closed [data-closed="forgotten"]').first).to_be_visible()
    assert "dat helpt" not in again.content()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_an_appointment_is_made_comes_back_with_the_words_and_is_cancelled(windows: Windows, language: str) -> None:
    visitor = start(windows, language, viewport={"width": 390, "height": 844})
    visitor.click("#rather-later")
    visitor.click('#later [data-act="times"]')
    expect(visitor.locator("#times details").first).to_be_visible(
        timeout=30_000
    )  # the worker offers times at its start
    visitor.click("#times-take")
    expect(visitor.locator("#times-problem")).to_be_visible()
    visitor.locator("#times details").nth(1).locator("summary").click()
    visitor.locator("#times details").nth(1).locator("label").first.click()
    visitor.click("#times-take")
    code = keep_code(visitor)
    expect(visitor.locator("#appointment")).to_be_visible()
    stop(visitor)
    expect(visitor.locator('#closed [data-closed="booked"]').first).to_be_visible()

    again = windows.open(f"/{language}/chat")
    again.fill("#code", code)
    again.click("#open-code")
    expect(again.locator("#appointment")).to_be_visible()
    again.click("#cancel")
    expect(again.locator('#talk > [data-code="cancelled"]')).to_be_visible()
    expect(again.locator("#appointment")).to_be_hidden()
    stop(again)


def test_when_the_chat_is_closed_it_says_until_when_and_offers_a_letter(windows: Windows, open_again: None) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    close_until(windows.service, tomorrow.replace(hour=8, minute=0).isoformat(timespec="seconds"))
    visitor = start(windows, "en", timezone_id="Europe/Amsterdam")

    def asked() -> None:
        visitor.click("#ask-person")
        expect(visitor.locator("#why")).to_have_text(re.compile(r"again tomorrow at \d+:00\.$"), timeout=2_000)

    _eventually(asked)
    expect(visitor.locator("#later-title")).to_be_focused()
    expect(visitor.locator('#later [data-act="letter"]')).to_be_visible()
    expect(visitor.locator('#later [data-act="times"]')).to_be_visible()
    expect(visitor.locator("#waiting")).to_have_count(0)
    stop(visitor)


def test_when_nobody_new_may_wait_that_is_said(windows: Windows, open_again: None) -> None:
    set_mode(windows.service, "no_new")
    visitor = start(windows, "nl")

    def asked() -> None:
        visitor.click("#ask-person")
        expect(visitor.locator("#why")).to_have_text(re.compile("zo druk"), timeout=2_000)

    _eventually(asked)
    write(visitor, "dan vraag ik het de assistent")
    expect(visitor.locator("#talk > .bot")).to_have_count(2)
    stop(visitor)


def test_a_person_comes_while_a_letter_is_written_and_no_word_of_it_is_lost(windows: Windows) -> None:
    desk = sign_in(windows, "nl", "noor")
    visitor = start(windows, "nl")
    visitor.click("#ask-person")
    visitor.click('#waiting [data-act="letter"]')
    visitor.fill("#letter-words", "ik was net begonnen")
    expect(desk.locator("#queue > li")).to_have_count(1)
    desk.click("#next")
    expect(visitor.locator("#room")).to_be_visible()
    expect(visitor.locator("#words")).to_have_value("ik was net begonnen")
    stop(visitor)


def _eventually(try_it, times: int = 5) -> None:
    """Other hours hold everywhere within a second."""
    for attempt in range(times):
        try:
            try_it()
        except AssertionError:
            if attempt == times - 1:
                raise
        else:
            return
