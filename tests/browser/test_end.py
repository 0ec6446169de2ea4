"""The page at the end: by the visitor, by the worker, after abuse; two questions; and beginning again."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Windows
from tests.browser.journeys import do, reply, sign_in, start, stop, write
from tests.people import Worker, new_id

PHONE = {"viewport": {"width": 390, "height": 844}}


def named(page: Page) -> None:
    """Something with a referral and an article comes up."""
    write(page, "de politie stond vanochtend voor de deur, wat nu")
    expect(page.locator("#talk .door").first).to_be_visible()


@pytest.mark.browser
def test_the_visitor_ends_it_gives_an_answer_and_begins_again(windows: Windows) -> None:
    visitor = start(windows, "nl", **PHONE)
    named(visitor)
    stop(visitor)
    expect(visitor.locator("#closed h1 span:visible")).to_have_text("Dank je wel dat je kwam")
    expect(visitor.locator('#passed a[href="tel:113"]')).to_be_visible()
    expect(visitor.locator('#passed a[href="/nl/bezoek-aan-huis"]')).to_be_visible()
    expect(visitor.locator("#next li:visible")).to_have_count(3)

    visitor.fill("#feedback-missing", "   ")
    visitor.click("#feedback-send")
    expect(visitor.locator("#feedback-problem")).to_contain_text("Kies eerst")
    visitor.fill("#feedback-missing", "x" * 1001)
    visitor.click("#feedback-send")
    expect(visitor.locator("#feedback-problem")).to_contain_text("1.000 tekens")
    assert len(visitor.input_value("#feedback-missing")) == 1001, "words are never lost"
    visitor.fill("#feedback-missing", "meer tijd om te typen")
    visitor.get_by_label("Een beetje").check()
    visitor.context.set_offline(True)
    visitor.click("#feedback-send")
    expect(visitor.locator("#feedback-problem")).to_contain_text("Je woorden staan er nog")
    visitor.context.set_offline(False)
    with visitor.expect_request("**/chat/feedback") as sent:
        visitor.click("#feedback-send")
    assert "cookie" not in sent.value.all_headers()
    expect(visitor.locator("#feedback-thanks")).to_be_focused()
    expect(visitor.locator("#feedback-thanks [role=status]")).to_contain_text("Dank je wel")
    expect(visitor.locator("#feedback")).to_have_count(0)

    visitor.click("#again")
    expect(visitor.locator("#talk > .bot")).to_have_count(1)
    stop(visitor)
    expect(visitor.locator("#passed")).to_be_hidden()


@pytest.mark.browser
def test_the_worker_ends_it_and_is_named_also_after_loading_again(windows: Windows) -> None:
    desk, visitor = sign_in(windows, "en", "noor"), start(windows, "en")
    named_before = visitor.locator("#closed .lead")
    visitor.click("#ask-person")
    desk.click("#next")
    reply(desk.locator("#panes .conv"), "Hi, I am Noor.")
    expect(visitor.locator("#talk > .human")).to_be_visible()
    do(desk.locator("#panes .conv"), "close")
    for _ in range(2):
        expect(named_before).to_contain_text("The conversation with Noor is over.")
        expect(visitor.locator("#again")).to_be_visible()
        expect(visitor.locator("#feedback")).to_be_visible()
        visitor.reload()


@pytest.mark.browser
def test_after_abuse_kind_words_every_line_and_no_new_beginning(windows: Windows) -> None:
    visitor, worker = start(windows, "nl", **PHONE), Worker(windows.service)
    visitor.click("#ask-person")
    which = worker.sees()["id"]
    worker.claim(which)
    assert worker.emit("block", {"conversation": which, "client_id": new_id()})["ok"]
    worker.hang_up()
    expect(visitor.locator("#closed .lead")).to_contain_text("Morgen kun je terugkomen")
    expect(visitor.locator('#closed a[href="tel:08002666436"]').first).to_be_visible()
    for gone in ("#again", "#feedback", "#next"):
        expect(visitor.locator(gone)).to_be_hidden()
    visitor.goto("/nl/chat")
    expect(visitor.locator("#blocked")).to_contain_text("Morgen kun je terugkomen")
    expect(visitor.locator("#start")).to_have_count(0)
    visitor.click("#forget-now")
    expect(visitor.locator("#forgotten")).to_be_visible()
    assert visitor.context.cookies() == []


@pytest.mark.browser
def test_without_a_script_the_answer_is_kept_as_well(windows: Windows) -> None:
    visitor = start(windows, "nl")
    used = visitor.locator('#feedback [name="ticket"]').get_attribute("value")
    plain = windows.open("/nl/chat", java_script_enabled=False)
    plain.set_content(
        f'<form action="{windows.service.url}/nl/chat/feedback" method="post">'
        f'<input name="ticket" value="{used}"><textarea name="missing"></textarea><button>x</button></form>'
    )
    plain.click("button")
    expect(plain.locator("#feedback-problem")).to_contain_text("Kies eerst")
    plain.get_by_label("Wat miste je?").fill("niets")
    plain.click("#feedback-send")
    expect(plain.locator("#feedback-given")).to_contain_text("Dank je wel")


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_end_does_not_scroll_sideways(windows: Windows, width: int) -> None:
    visitor = start(windows, "nl", viewport={"width": width, "height": 800})
    named(visitor)
    stop(visitor)
    assert visitor.evaluate("document.documentElement.scrollWidth") <= width
