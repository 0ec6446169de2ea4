"""What could name the visitor is asked about before it goes; nothing that was typed is ever lost."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Windows
from tests.browser.journeys import keep_code, sign_in, start, stop, write

pytestmark = pytest.mark.browser
WORDS = "ja graag, mail maar naar j.voorbeeld@example.org"


def said(page: Page) -> list[str]:
    return page.locator("#talk > .you .words").all_inner_texts()


def test_an_address_is_left_out_or_sent_or_thought_about_again(windows: Windows) -> None:
    visitor = start(windows, "nl")
    write(visitor, WORDS)
    title = visitor.locator("#details-title")
    expect(title).to_be_focused()
    expect(title).to_have_text(re.compile("Er staat een mailadres in je bericht"))
    expect(visitor.locator("#details-mine mark")).to_have_text("j.voorbeeld@example.org")
    expect(visitor.locator("#words")).to_be_hidden()
    assert said(visitor) == []
    visitor.keyboard.press("Escape")
    expect(visitor.locator("#words")).to_have_value(WORDS)
    expect(visitor.locator("#words")).to_be_focused()
    visitor.press("#words", "Enter")
    visitor.click("#details-without")
    expect(visitor.locator("#talk > .you .sent")).to_have_count(1)
    assert said(visitor) == ["ja graag, mail maar naar [mailadres weggelaten]"]
    write(visitor, "bel 06-12345678, mail naam@example.org")
    expect(title).to_have_text(re.compile("Er staan gegevens in je bericht"))
    visitor.click("#details-as-is")
    expect(visitor.locator("#talk > .you")).to_have_count(2)
    expect(visitor.locator("#talk > .you").last.locator(".sent")).to_be_visible()
    visitor.reload()
    expect(visitor.locator("#talk > .you")).to_have_count(2)
    assert said(visitor)[1] == "bel 06-12345678, mail naam@example.org"
    stop(visitor)


def test_of_a_bare_number_nothing_is_left(windows: Windows) -> None:
    visitor = start(windows, "en")
    write(visitor, "06-12345678")
    expect(visitor.locator("#details-title")).to_have_text(re.compile("There is a phone number in your message"))
    expect(visitor.locator("#details-without")).to_be_hidden()
    visitor.click("#details-back")
    expect(visitor.locator("#words")).to_have_value("06-12345678")
    write(visitor, "bel ik 0800-0113 of 113?")
    expect(visitor.locator("#talk > .you .sent")).to_have_count(1)
    stop(visitor)


def test_what_only_the_server_notices_is_asked_about_too(windows: Windows) -> None:
    visitor = start(windows, "nl")
    missed = "0411 623 456 is van thuis"  # an area code that the browser does not know
    write(visitor, missed)
    expect(visitor.locator("#details-mine mark")).to_have_text("0411 623 456")
    expect(visitor.locator("#talk > .you")).to_have_count(0)
    visitor.click("#details-without")
    expect(visitor.locator("#talk > .you .sent")).to_have_count(1)
    assert said(visitor) == ["[telefoonnummer weggelaten] is van thuis"]
    stop(visitor)


def test_a_letter_is_asked_about_in_its_own_place(windows: Windows) -> None:
    visitor = start(windows, "nl")
    visitor.click("#rather-later")
    visitor.click('#later [data-act="letter"]')
    visitor.fill("#letter-words", "mijn rekening is NL91 ABNA 0417 1643 00")
    visitor.click("#letter-send")
    expect(visitor.locator("#letter-form #details-title")).to_be_focused()
    visitor.click("#details-back")
    expect(visitor.locator("#letter-words")).to_have_value("mijn rekening is NL91 ABNA 0417 1643 00")
    visitor.click("#letter-send")
    visitor.click("#details-as-is")
    keep_code(visitor)
    assert said(visitor) == ["mijn rekening is NL91 ABNA 0417 1643 00"]
    visitor.click("[data-stop]:visible")
    visitor.click("#stop-forget")  # a letter would stay on the desk of the next test
    expect(visitor.locator("#closed")).to_be_visible()


def test_the_words_stay_when_the_conversation_ends_meanwhile(windows: Windows) -> None:
    desk = sign_in(windows, "nl", "noor")
    visitor = start(windows, "nl")
    visitor.click("#ask-person")
    expect(desk.locator("#queue > li")).to_have_count(1)
    write(visitor, WORDS)
    expect(visitor.locator("#details")).to_be_visible()
    desk.click("#next")
    expect(visitor.locator("#talk > .change")).to_have_count(1)  # a person came: the question stands
    expect(visitor.locator("#details-mine mark")).to_be_visible()
    desk.locator('#panes [data-act="close"]').click()
    desk.locator('#panes [data-act="panel-yes"]').click()
    expect(visitor.locator("#closed")).to_be_visible()
    expect(visitor.locator("#reread .you.unsent .words")).to_have_text(WORDS)
