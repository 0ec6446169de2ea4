"""Two desks: handing over with a note, notes that stay inside, back to the assistant, and who gets nobody new."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Windows
from tests.browser.journeys import do, reply, sign_in, start, stop, write

pytestmark = pytest.mark.browser


def test_a_visitor_is_handed_over_with_a_note_and_back_to_the_assistant(windows: Windows) -> None:
    noor, sem = sign_in(windows, "nl", "noor"), sign_in(windows, "en", "sem")
    visitor = start(windows, "nl", viewport={"width": 390, "height": 844})
    visitor.click("#ask-person")
    expect(visitor.locator("#wait")).to_have_text("Het duurt minder dan 5 minuten. Dat is een schatting.")
    expect(noor.locator("#queue > li")).to_have_count(1)
    noor.click("#next")
    pane = noor.locator("#panes .conv")
    reply(pane, "Hoi, ik ben Noor.")
    do(pane, "note", "blijf rustig bij dit gesprek")
    expect(pane.locator(".note")).to_contain_text("blijf rustig bij dit gesprek")

    do(pane, "offer", "ik moet zo weg")
    expect(pane.locator("[data-offered]")).to_be_visible()
    offer = sem.locator("#offers .offer")
    expect(offer).to_contain_text("ik moet zo weg")
    offer.locator('[data-act="decline"]').click()
    expect(pane.locator("[data-offered]")).to_be_hidden()
    expect(offer).to_have_count(0)

    do(pane, "offer", "toch nog een keer")
    sem.locator('#offers [data-act="accept"]').click()
    theirs = sem.locator("#panes .conv")
    expect(theirs).to_contain_text("Hoi, ik ben Noor.")
    expect(theirs).to_contain_text("blijf rustig bij dit gesprek")
    expect(noor.locator("#panes .conv")).to_have_count(0)
    expect(visitor.locator("#status")).to_contain_text("Sem")
    expect(visitor.locator("#talk > .change")).to_have_count(2)
    write(visitor, "dag Sem")
    expect(theirs.locator('[data-list="talk"]')).to_contain_text("dag Sem")

    do(theirs, "hand_back")
    expect(visitor.locator("#ask-person")).to_be_visible()
    expect(visitor.locator("#talk > .change")).to_have_count(3)
    for words in ("blijf rustig bij dit gesprek", "ik moet zo weg", "toch nog een keer"):
        assert words not in visitor.content()
    stop(visitor)


def test_on_a_break_nobody_new_comes(windows: Windows) -> None:
    desk = sign_in(windows, "nl", "noor")
    desk.select_option("#my-status", "break")
    visitor = start(windows, "nl")
    visitor.click("#ask-person")
    expect(desk.locator("#queue > li")).to_have_count(1)
    desk.click("#next")
    expect(desk.locator("#desk-notice")).to_contain_text("Beschikbaar")
    expect(desk.locator("#panes .conv")).to_have_count(0)
    desk.reload()
    expect(desk.locator("#my-status")).to_have_value("break")
    desk.select_option("#my-status", "available")
    expect(desk.locator("#queue > li")).to_have_count(1)
    desk.click("#next")
    pane = desk.locator("#panes .conv")
    do(pane, "release", "mijn dienst is om")
    expect(desk.locator("#queue > li")).to_have_count(1)
    expect(visitor.locator("#waiting")).to_be_visible()
    assert "mijn dienst is om" not in visitor.content()
    stop(visitor)
