"""The chat in a browser that runs no script: what is typed stays while the conversation beside it goes on."""

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.browser.conftest import Windows
from tests.browser.journeys import do, keep_plain_code, reply, sign_in

pytestmark = pytest.mark.browser
WORDS = {
    "nl": ("kost dit mij geld?", "gratis", "Jij bent nummer 1", "ik wil niet meer leven"),
    "en": ("does this cost me anything?", "free", "You are number 1", "i want to kill myself"),
}


def start(windows: Windows, language: str, **options) -> tuple[Page, FrameLocator]:
    visitor = windows.open(f"/{language}/chat", java_script_enabled=False, **options)
    visitor.click("#start")
    talk = visitor.frame_locator('iframe[name="talk"]')
    expect(talk.locator("#talk > .bot")).to_have_count(1)
    return visitor, talk


def write(visitor: Page, text: str) -> None:
    visitor.fill("#words", text)
    visitor.click("#send")


@pytest.mark.parametrize(("language", "width"), [("nl", 390), ("en", 1280)])
def test_the_whole_way_to_a_person_and_the_end(windows: Windows, language: str, width: int) -> None:
    question, part, number_one, _ = WORDS[language]
    desk = sign_in(windows, language, "noor")
    visitor, talk = start(windows, language, viewport={"width": width, "height": 844})
    write(visitor, question)
    expect(visitor.locator("#words")).to_be_focused()
    expect(talk.locator("#talk > .bot").nth(1)).to_contain_text(part)

    visitor.fill("#words", "half een zin")  # from here on nothing loads the page around the frame
    talk.locator('[data-deed="ask"]').click()
    expect(talk.locator("#position")).to_have_text(number_one)
    desk.click("#next")
    pane = desk.locator("#panes .conv")
    expect(talk.locator("#status")).to_contain_text("Noor")
    reply(pane, "Dag, ik ben Noor.")
    expect(talk.locator("#talk > .human")).to_contain_text("Dag, ik ben Noor.", timeout=4_000)
    expect(talk.locator("#talk > .human")).to_be_in_viewport()
    reply(pane, "Neem de tijd.")
    expect(talk.locator("#talk > .human")).to_have_count(2)
    expect(visitor.locator("#words")).to_have_value("half een zin")

    visitor.click("#send")
    expect(pane.locator('[data-list="talk"]')).to_contain_text("half een zin")
    visitor.go_back()
    visitor.go_forward()
    visitor.reload()
    expect(talk.locator("#talk > .you")).to_have_count(2)
    do(pane, "close")
    expect(talk.locator("#to-end")).to_be_visible(timeout=5_000)
    talk.locator("#to-end").click()
    expect(visitor.locator("#next")).to_be_visible()
    expect(visitor.locator("h1")).to_be_visible()
    visitor.locator("#forget summary").click()
    visitor.click("#forget-yes")
    expect(visitor.locator('[data-why="forgotten"]')).to_be_visible()


def test_a_button_in_the_frame_leaves_what_is_typed(windows: Windows) -> None:
    visitor, talk = start(windows, "nl")
    visitor.fill("#words", "ik was net")
    talk.locator("ul.says button").first.click()
    expect(talk.locator("#talk > .you")).to_have_count(1)
    expect(talk.locator("#talk > .bot")).to_have_count(2)
    expect(visitor.locator("#words")).to_have_value("ik was net")
    visitor.click("#hold")
    expect(visitor.locator("#words")).to_have_value("ik was net")
    expect(visitor.locator("#move")).to_be_visible()


def test_danger_shows_its_card_on_the_first_screen(windows: Windows) -> None:
    visitor, talk = start(windows, "nl", viewport={"width": 390, "height": 844})
    write(visitor, WORDS["nl"][3])
    expect(talk.locator(".crisis h2")).to_be_in_viewport()
    expect(talk.locator('.crisis a[href="tel:112"]').first).to_be_in_viewport()
    expect(visitor.locator("#words")).to_be_in_viewport()


def test_words_go_along_to_a_letter_and_its_code_is_kept(windows: Windows) -> None:
    visitor, talk = start(windows, "nl", viewport={"width": 320, "height": 640})
    visitor.fill("#words", "beste mensen, bel mij op wilg@example.org")
    visitor.click("#to-later")
    visitor.click("#back")
    expect(visitor.locator("#words")).to_have_value("beste mensen, bel mij op wilg@example.org")
    visitor.click("#to-later")
    visitor.click("#to-letter")
    visitor.click("#letter-send")
    expect(visitor.locator("#mine mark")).to_have_text("wilg@example.org")
    visitor.click("#send-without")
    code = keep_plain_code(visitor)
    expect(talk.locator("#talk > .you")).to_have_count(1)
    visitor.click("#to-stop")
    visitor.click("#stop-yes")
    expect(visitor.locator('[data-why="letter"]')).to_be_visible()
    again = windows.open("/nl/chat", java_script_enabled=False)
    again.fill("#code", code)
    again.click("#open-code")
    expect(again.frame_locator("iframe").locator("#talk > .you")).to_have_count(1)


def test_the_chat_page_without_a_script_leads_to_the_plain_one(windows: Windows) -> None:
    visitor, _ = start(windows, "en")
    visitor.goto("/en/chat")
    visitor.wait_for_url("**/en/chat/plain")
    expect(visitor.locator("#words")).to_be_visible()


@pytest.mark.parametrize("width", [320, 390])
def test_no_plain_page_scrolls_sideways(windows: Windows, width: int) -> None:
    visitor = windows.open("/nl/chat", viewport={"width": width, "height": 700})
    visitor.click("#start")
    for path in ("", "/talk", "/later", "/write", "/times", "/stop"):
        visitor.goto(f"/nl/chat/plain{path}")
        wide = visitor.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{path} is {wide} wide"


def test_where_the_script_never_comes_the_same_form_goes_the_way_without_it(windows: Windows) -> None:
    visitor = windows.open("/nl/chat")
    visitor.route("**/assets/chat-*.js", lambda route: route.abort())
    visitor.click("#start")
    expect(visitor.locator("#talk")).to_be_empty()
    write(visitor, "kost dit mij geld?")
    talk = visitor.frame_locator('iframe[name="talk"]')
    expect(talk.locator("#talk > .bot").nth(1)).to_contain_text("gratis")
    expect(talk.locator("#talk > .you")).to_have_count(1)


def test_where_no_live_connection_is_possible_a_link_leads_to_the_chat_without_one(windows: Windows) -> None:
    visitor = windows.open("/en/chat")
    visitor.route_web_socket("**/socket.io/**", lambda socket: socket.close())
    visitor.click("#start")
    visitor.click("#to-plain")
    talk = visitor.frame_locator('iframe[name="talk"]')
    expect(talk.locator("#talk > .bot")).to_have_count(1)
