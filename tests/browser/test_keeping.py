"""Unsent words outlive the page, sealed; what a person has read; sound; strange text; languages of parts."""

import re

import pytest
from playwright.sync_api import Dialog, Page, WebSocketRoute, expect

from tests.browser.conftest import Windows
from tests.browser.journeys import numbers, reply, sign_in, start, stop, write

pytestmark = pytest.mark.browser

MARKER = "zilverduif"
STRANGE = {
    "long": "a" * 4_000,
    "right_to_left": "שלום, אני רוצה לדבר",
    "emoji": "😀👩‍👩‍👧‍👦🏳️‍🌈" * 20,
    "markup": '<img src=x onerror="document.title=1"><script>document.title=2</script><b>vet</b>',
    "control": "voor\x07\x1b[31m na \u202eomgekeerd",
    "accents": "z" + "\u0300\u0316\u0321" * 60 + "algo",
    "address": "https://voorbeeld.invalid/" + "pad-" * 400,
}
# In the page: words that reach over the side of their bubble, which clips them, so that nobody can read them.
CUT_OFF = """[...document.querySelectorAll(".talk .words")].filter((bubble) => {
  const words = document.createRange();
  words.selectNodeContents(bubble);
  const [text, box] = [words.getBoundingClientRect(), bubble.getBoundingClientRect()];
  return text.left < box.left - 1 || text.right > box.right + 1;
}).map((bubble) => bubble.innerText.slice(0, 20))"""


def tab_store(page: Page) -> str:
    return page.evaluate("JSON.stringify({...sessionStorage})")


def test_what_was_written_without_a_connection_arrives_once_after_a_reload(windows: Windows) -> None:
    visitor = start(windows, "nl")
    windows.service.kill("web")
    expect(visitor.locator("#lost")).to_be_visible()
    write(visitor, f"eerst {MARKER}")
    write(visitor, "en dan dit")
    visitor.locator("#words").press_sequentially(f"nog niet af {MARKER}")
    expect(visitor.locator("#talk > .unsent")).to_have_count(2)
    expect(visitor.locator("#talk > .you")).to_have_count(2)
    assert "kept" in tab_store(visitor)
    assert MARKER not in tab_store(visitor)
    windows.service.start("web")
    visitor.reload()
    expect(visitor.locator("#talk > .you[data-number]")).to_have_count(2, timeout=30_000)
    expect(visitor.locator("#talk > .unsent")).to_have_count(0)
    assert visitor.locator("#talk > .you .words").all_inner_texts() == [f"eerst {MARKER}", "en dan dit"]
    expect(visitor.locator("#words")).to_have_value(f"nog niet af {MARKER}")
    visitor.fill("#words", "")
    expect(visitor.locator("#talk > li").last).to_have_class("bot", timeout=15_000)
    visitor.reload()  # nothing is left that could go a second time
    expect(visitor.locator("#talk > .you")).to_have_count(2)
    assert numbers(visitor) == sorted(set(numbers(visitor)))
    assert "kept" not in tab_store(visitor)
    stop(visitor)
    windows.problems.clear()  # the browser complains of the server that we killed


def test_a_message_whose_answer_was_lost_is_not_doubled_by_a_reload(windows: Windows) -> None:
    visitor = start(windows, "nl")
    deaf = []

    def between(page: WebSocketRoute) -> None:
        """What the server says is lost once `deaf` holds something; what the page says arrives."""
        server = page.connect_to_server()
        page.on_message(server.send)
        server.on_message(lambda frame: None if deaf else page.send(frame))

    visitor.route_web_socket("**/socket.io/**", between)
    visitor.reload()
    expect(visitor.locator("#talk > .bot")).to_have_count(1)
    tab = visitor.context.new_page()
    tab.goto("/nl/chat")
    expect(tab.locator("#talk > .bot")).to_have_count(1)
    deaf.append(True)
    write(visitor, "precies een keer")
    expect(tab.locator("#talk > .you")).to_have_count(1)
    expect(visitor.locator("#talk > .you[data-number]")).to_have_count(0)
    deaf.clear()
    tab.close()
    visitor.reload()
    expect(visitor.locator("#talk > .you[data-number]")).to_have_count(1)
    expect(visitor.locator("#talk > li").last).to_have_class("bot", timeout=15_000)
    visitor.reload()
    expect(visitor.locator("#talk > .bot")).to_have_count(2)
    expect(visitor.locator("#talk > .you")).to_have_count(1)
    stop(visitor)


def test_a_draft_survives_another_page_and_belongs_to_one_conversation(windows: Windows) -> None:
    visitor = start(windows, "nl")
    visitor.locator("#words").press_sequentially(f"half {MARKER}")
    visitor.goto("/nl/bezoek-aan-huis")
    assert MARKER not in visitor.content() + tab_store(visitor)
    visitor.go_back()
    expect(visitor.locator("#words")).to_have_value(f"half {MARKER}")
    visitor.click("#rather-later")
    visitor.locator('#later [data-act="letter"]').click()
    visitor.fill("#letter-words", f"een brief {MARKER}")
    visitor.reload()  # the letter's page is there again, not only its words somewhere behind
    expect(visitor.locator("#letter-words")).to_have_value(f"een brief {MARKER}")
    kept = visitor.evaluate("sessionStorage.getItem('kept')")
    visitor.locator("#letter-page [data-back]").click()
    stop(visitor)
    assert tab_store(visitor) == "{}"
    visitor.evaluate("(kept) => sessionStorage.setItem('kept', kept)", kept)  # somebody finds it, and begins anew
    visitor.click("#again")
    expect(visitor.locator("#talk > .bot")).to_have_count(1)
    expect(visitor.locator("#words")).to_have_value("")
    stop(visitor)


def test_words_that_are_being_asked_about_are_kept_too(windows: Windows) -> None:
    visitor = start(windows, "nl")
    words = f"mail {MARKER}@voorbeeld.example"
    write(visitor, words)
    expect(visitor.locator("#details")).to_be_visible()
    visitor.wait_for_function("sessionStorage.getItem('kept') !== null")
    assert MARKER not in tab_store(visitor)
    visitor.reload()
    expect(visitor.locator("#words")).to_have_value(words)
    expect(visitor.locator("#talk > .you")).to_have_count(0)
    stop(visitor)


def test_the_visitor_sees_what_a_person_has_read(windows: Windows) -> None:
    desk = sign_in(windows, "nl", "noor")
    visitor = start(windows, "nl")
    write(visitor, "dit leest eerst alleen de assistent")
    expect(visitor.locator("#talk > .you .sent")).to_have_text("Ontvangen")
    visitor.click("#ask-person")
    expect(desk.locator("#queue > li")).to_have_count(1)
    expect(visitor.locator("#talk > .you .sent")).to_have_text("Ontvangen")
    desk.click("#next")
    expect(visitor.locator("#talk > .you .sent")).to_have_text("Gelezen")
    desk.evaluate("document.hasFocus = () => false")  # the worker is at another window
    write(visitor, "en dit nog niet")
    expect(visitor.locator("#talk > .you .sent")).to_have_text(["Gelezen", "Ontvangen"])
    desk.evaluate("document.hasFocus = () => true; window.dispatchEvent(new Event('focus'))")
    expect(visitor.locator("#talk > .you .sent")).to_have_text(["Gelezen"])
    expect(visitor.locator("#talk > .you").last.locator(".sent")).to_have_text("Gelezen")
    visitor.reload()
    expect(visitor.locator("#talk > .you .sent")).to_have_text(["Gelezen"])
    stop(visitor)


def test_while_waiting_the_assistant_still_offers_answers(windows: Windows) -> None:
    visitor = start(windows, "nl")
    visitor.click("#ask-person")
    expect(visitor.locator("#waiting")).to_be_visible()
    offered = visitor.locator("ul.says button")
    assert offered.count() > 0
    expect(visitor.locator('ul.says [data-topic="human"]')).to_have_count(0)
    offered.first.click()
    expect(visitor.locator("#talk > .bot")).to_have_count(2)
    expect(visitor.locator("#now")).to_have_attribute("data-state", "waiting")
    expect(visitor.locator("#talk > .bot").last.locator("ul.says button").first).to_be_visible()
    stop(visitor)


def test_sound_is_off_until_switched_on_and_ends_with_the_visit(windows: Windows) -> None:
    visitor = start(windows, "nl")
    toggle = visitor.locator("#sound")
    expect(toggle).to_have_attribute("aria-pressed", "false")
    assert toggle.inner_text() == "Geluid: uit"
    toggle.click()
    assert toggle.inner_text() == "Geluid: aan"
    visitor.reload()
    expect(toggle).to_have_attribute("aria-pressed", "true")
    assert tab_store(visitor) == '{"sound":"1"}'
    visitor.context.route("https://www.wikipedia.org/**", lambda route: route.fulfill(body="elsewhere"))
    visitor.click("#leave")
    visitor.wait_for_url("https://www.wikipedia.org/**")
    visitor.goto("/nl/chat")
    visitor.click("#start")
    expect(toggle).to_have_attribute("aria-pressed", "false")
    stop(visitor)


@pytest.mark.parametrize("width", [320, 1280])
def test_strange_text_is_text_and_nothing_scrolls_sideways(windows: Windows, width: int) -> None:
    desk = sign_in(windows, "nl", "noor")
    visitor = start(windows, "nl", viewport={"width": width, "height": 700})
    visitor.click("#ask-person")
    expect(desk.locator("#queue > li")).to_have_count(1)
    desk.click("#next")
    expect(visitor.locator("#talk > .change")).to_have_count(1)
    pane = desk.locator("#panes .conv")
    for count, words in enumerate(STRANGE.values(), 1):
        visitor.fill("#words", words)
        visitor.click("#send")
        expect(pane.locator('[data-list="talk"] > .you')).to_have_count(count, timeout=15_000)
        reply(pane, words)
        expect(visitor.locator("#talk > .human")).to_have_count(count, timeout=15_000)
    for page in (visitor, desk):
        wide = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert wide[0] <= wide[1], f"{wide[0]} wide"
        assert page.evaluate(CUT_OFF) == []
        assert page.locator("#talk img, .conv img, .words b, .words script").count() == 0
        assert page.title() not in ("1", "2")
    said = visitor.locator("#talk > .human .words")
    assert said.nth(3).inner_text() == STRANGE["markup"]
    assert "\u202e" not in said.nth(4).inner_text()
    start_side = "(p) => getComputedStyle(p).direction"
    assert said.nth(1).locator("p").evaluate(start_side) == "rtl"
    assert said.nth(0).locator("p").evaluate(start_side) == "ltr"
    stop(visitor)


def test_when_the_talk_changes_its_language_its_parts_say_so(windows: Windows) -> None:
    visitor = start(windows, "nl")
    expect(visitor.locator("#other-language")).to_be_hidden()
    write(visitor, "can we talk in english please, what does this cost me")
    answer = visitor.locator("#talk > .bot").nth(1)
    expect(answer).to_have_attribute("lang", "en", timeout=15_000)
    expect(answer.locator(".who")).to_have_attribute("lang", "nl")
    go_on = visitor.locator("#other-language a")
    expect(go_on).to_have_text("Go on in English")
    visitor.locator("#words").press_sequentially("and one")
    go_on.click()
    visitor.wait_for_url(re.compile("/en/chat$"))
    expect(visitor.locator("#talk > .you")).to_have_count(1)
    expect(visitor.locator("#words")).to_have_value("and one")
    expect(visitor.locator("#other-language")).to_be_hidden()
    expect(visitor.locator("#talk > .bot").first).to_have_attribute("lang", "nl")
    stop(visitor)


def test_where_nothing_can_be_kept_the_browser_asks_first_but_never_when_leaving(windows: Windows) -> None:
    visitor = windows.open("/nl/")
    visitor.add_init_script(
        "Object.defineProperty(window, 'sessionStorage', {get() { throw new Error('not allowed') }})"
    )
    visitor.context.route("https://www.wikipedia.org/**", lambda route: route.fulfill(body="elsewhere"))
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    visitor.on("dialog", answer)
    visitor.goto("/nl/chat")
    visitor.click("#start")
    expect(visitor.locator("#talk > .bot")).to_have_count(1)
    visitor.locator("#words").press_sequentially("nog niet af")
    visitor.reload()
    assert asked == ["beforeunload"]
    expect(visitor.locator("#talk > .bot")).to_have_count(1)
    visitor.locator("#words").press_sequentially("nog niet af")
    visitor.click("#leave")
    visitor.wait_for_url("https://www.wikipedia.org/**")
    assert asked == ["beforeunload"]
