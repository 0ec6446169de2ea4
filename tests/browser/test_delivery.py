"""No word is shown twice: reload, a second tab, answers that overtake each other; and what is not kept at all."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Windows
from tests.browser.journeys import numbers, reply, sign_in, start, stop, write

pytestmark = pytest.mark.browser


def test_no_message_is_doubled_by_a_reload_or_a_second_tab(windows: Windows) -> None:
    visitor = start(windows, "nl")
    write(visitor, "een eerste vraag")
    expect(visitor.locator("#talk > .you .sent")).to_have_count(1)
    expect(visitor.locator("#talk > .bot")).to_have_count(2)
    visitor.reload()
    expect(visitor.locator("#talk > .you")).to_have_count(1)
    tab = visitor.context.new_page()
    tab.goto("/nl/chat")
    expect(tab.locator("#talk > .you")).to_have_count(1)
    write(visitor, "wat kost het eigenlijk")
    expect(tab.locator("#talk > .you").last).to_contain_text("wat kost het eigenlijk")
    write(tab, "en hoe lang duurt het")
    expect(visitor.locator("#talk > .you").last).to_contain_text("en hoe lang duurt het")
    for page in (visitor, tab):
        expect(page.locator("#talk > .you")).to_have_count(3)
        expect(page.locator("#talk > li").last).to_have_class("bot", timeout=15_000)  # the last word is answered
        assert numbers(page) == sorted(set(numbers(page)))
    assert numbers(visitor) == numbers(tab)
    stop(visitor)
    tab.close()


def test_a_button_and_its_answer_come_once_each(windows: Windows) -> None:
    visitor = start(windows, "nl")
    visitor.locator("ul.says button").first.click()  # stored and answered in one go: both come as entries
    expect(visitor.locator("#talk > .bot")).to_have_count(2)
    expect(visitor.locator("#talk > .you")).to_have_count(1)
    expect(visitor.locator('#talk > [data-delivery="sent"]')).to_have_count(1)
    assert numbers(visitor) == [1, 2, 3, 4]
    stop(visitor)


def test_fast_words_of_both_sides_stand_in_the_same_order(windows: Windows) -> None:
    desk = sign_in(windows, "nl", "noor")
    visitor = start(windows, "nl")
    visitor.click("#ask-person")
    expect(desk.locator("#queue > li")).to_have_count(1)
    desk.click("#next")
    pane = desk.locator("#panes .conv")
    expect(visitor.locator("#talk > .change")).to_have_count(1)
    for number in range(6):
        write(visitor, f"bezoeker {number}")
        reply(pane, f"medewerker {number}")
    expect(visitor.locator("#talk > .human")).to_have_count(6)
    expect(pane.locator('[data-list="talk"] > .you')).to_have_count(6)
    expect(pane.locator('[data-list="talk"] > .human[data-number]')).to_have_count(6)
    expect(visitor.locator("#talk > .you[data-number]")).to_have_count(6)
    assert numbers(visitor) == sorted(set(numbers(visitor)))
    shown = "li:is(.you, .human) .words"
    assert visitor.locator(shown).all_inner_texts() == pane.locator(f'[data-list="talk"] {shown}').all_inner_texts()
    stop(visitor)


def test_writing_is_told_and_goes_by(windows: Windows) -> None:
    desk = sign_in(windows, "nl", "noor")
    visitor = start(windows, "nl")
    visitor.click("#ask-person")
    expect(desk.locator("#queue > li")).to_have_count(1)
    desk.click("#next")
    pane = desk.locator("#panes .conv")
    pane.locator("form[data-reply] textarea").press_sequentially("Ho")
    expect(visitor.locator('[data-fill="typing"]')).to_have_text("Noor schrijft …")
    reply(pane, "Hoi")
    expect(visitor.locator("#talk > .human")).to_have_count(1)
    expect(visitor.locator('[data-fill="typing"]')).to_have_text("")
    visitor.locator("#words").press_sequentially("da")
    expect(pane.locator('[data-fill="typing"]')).to_have_text("De bezoeker schrijft …")
    expect(pane.locator('[data-fill="typing"]')).to_have_text("", timeout=8_000)
    stop(visitor)


def test_forgetting_asks_once_and_leaves_nothing(windows: Windows) -> None:
    visitor = start(windows, "nl")
    write(visitor, "dit mag weg")
    expect(visitor.locator("#talk > .bot")).to_have_count(2)
    stop(visitor)
    visitor.click("#forget-ask")
    visitor.click("#forget-yes")
    expect(visitor.locator('#closed [data-closed="forgotten"]').first).to_be_visible()
    assert "dit mag weg" not in visitor.content()
    visitor.goto("/nl/chat")
    expect(visitor.locator("#start")).to_be_visible()
