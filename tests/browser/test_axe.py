"""Every state that a visitor or a worker can see, by axe-core and in narrow windows: both languages, light and dark."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import Inspector
from tests.browser.conftest import Windows
from tests.browser.journeys import do, keep_code, reply, start, stop, to_the_desk, write

# What a page looks like does not depend on the database.
pytestmark = [pytest.mark.browser, pytest.mark.parametrize("service", ["sqlite"], indirect=True)]

PHONE = {"width": 390, "height": 844}
ARTICLE = {"nl": "/nl/bezoek-aan-huis", "en": "/en/a-visit-at-home"}
WORDS = {
    "nl": {"police": "de politie stond vanochtend voor de deur, wat nu", "danger": "ik wil niet meer leven"},
    "en": {"police": "the police were at my door this morning, what now", "danger": "i don't want to live anymore"},
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_state_keeps_to_the_guidelines(windows: Windows, language: str, scheme: str) -> None:
    inspector = Inspector()
    options = {"viewport": PHONE, "color_scheme": scheme}
    pages_of_the_site(windows, inspector, language, options)
    in_danger(windows, inspector, language, options)
    visitor = start(windows, language, **options)
    with_the_assistant(visitor, inspector, language)
    without_connection(windows, visitor, inspector)
    desk = waiting_and_with_a_person(windows, visitor, inspector, language, scheme)
    the_end(visitor, desk, inspector)
    later(windows, inspector, language, options)
    without_scripts(windows, inspector, language, options)
    assert inspector.wrong == []
    assert len(inspector.seen) == len(set(inspector.seen)) >= 34


def pages_of_the_site(windows: Windows, inspector: Inspector, language: str, options: dict) -> None:
    page = windows.open(f"/{language}/", **options)
    inspector.look(page, "home")
    for state, path in (
        ("article", ARTICLE[language]),
        ("start", f"/{language}/chat"),
        ("error", f"/{language}/nergens"),
        ("login", f"/{language}/desk/login"),
    ):
        page.goto(path)
        inspector.look(page, state)
    page.goto(f"/{language}/chat")
    page.click("#about summary")
    inspector.look(page, "start, who it is about")
    page.fill("#code", "zeven woorden die van niemand zijn geweest")
    page.click("#open-code")
    expect(page.locator("#wrong-code")).to_be_visible()
    inspector.look(page, "wrong code")


def with_the_assistant(visitor: Page, inspector: Inspector, language: str) -> None:
    inspector.look(visitor, "assistant with suggestions")
    answers = visitor.locator("#talk > .bot")
    write(visitor, WORDS[language]["police"])
    expect(answers).to_have_count(2)
    expect(answers.last.locator("a").first).to_be_visible()
    inspector.look(visitor, "article card")
    write(visitor, "mail naam@example.org, bel 06-12345678")
    expect(visitor.locator("#details-title")).to_be_focused()
    inspector.look(visitor, "question about details")
    visitor.click("#details-back")
    visitor.fill("#words", "")


def in_danger(windows: Windows, inspector: Inspector, language: str, options: dict) -> None:
    visitor = start(windows, language, **options)
    write(visitor, WORDS[language]["danger"])
    expect(visitor.locator("#talk .crisis")).to_be_visible()
    inspector.look(visitor, "crisis card")
    stop(visitor)


def without_connection(windows: Windows, visitor: Page, inspector: Inspector) -> None:
    windows.service.kill("web")
    expect(visitor.locator("#lost")).to_be_visible()
    write(visitor, "hallo")
    expect(visitor.locator("#talk > .unsent")).to_have_count(1)
    inspector.look(visitor, "connection lost")
    windows.service.start("web")
    expect(visitor.locator("#talk > .unsent")).to_have_count(0, timeout=20_000)
    windows.problems.clear()  # the browser complains of the server that we killed


def waiting_and_with_a_person(
    windows: Windows, visitor: Page, inspector: Inspector, language: str, scheme: str
) -> Page:
    visitor.click("#ask-person")
    expect(visitor.locator("#waiting")).to_be_visible()
    inspector.look(visitor, "waiting, nobody there")
    desk = to_the_desk(windows, language, "noor", color_scheme=scheme)
    expect(desk.locator("#queue > li")).to_have_count(1)
    inspector.look(desk, "desk, waiting")
    expect(visitor.locator("#position")).to_be_visible()
    inspector.look(visitor, "waiting with position")
    desk.click("#next")
    pane = desk.locator("#panes .conv")
    expect(pane).to_have_count(1)
    reply(pane, "Hoi, ik ben Noor.")
    expect(visitor.locator("#talk > .human")).to_have_count(1)
    inspector.look(visitor, "with a person")
    inspector.look(desk, "desk, in a conversation")
    return desk


def the_end(visitor: Page, desk: Page, inspector: Inspector) -> None:
    visitor.click("[data-stop]:visible")
    expect(visitor.locator("#stop-sure")).to_be_visible()
    inspector.look(visitor, "stop, sure?")
    visitor.click("#stop-no")
    do(desk.locator("#panes .conv"), "close")
    expect(visitor.locator("#closed")).to_be_visible()
    inspector.look(visitor, "thank you for coming")
    visitor.click("#feedback-send")
    expect(visitor.locator("#feedback-problem")).to_be_visible()
    inspector.look(visitor, "feedback, nothing chosen")
    visitor.locator('#feedback input[value="yes"]').check()
    visitor.click("#feedback-send")
    expect(visitor.locator("#feedback-thanks")).to_be_focused()
    inspector.look(visitor, "feedback, thanks")
    visitor.click("#forget-ask")
    inspector.look(visitor, "forget, sure?")
    visitor.click("#forget-yes")
    expect(visitor.locator('#closed [data-closed="forgotten"]').first).to_be_visible()
    inspector.look(visitor, "forgotten")


def later(windows: Windows, inspector: Inspector, language: str, options: dict) -> None:
    visitor = start(windows, language, **options)
    visitor.click("#rather-later")
    expect(visitor.locator("#later")).to_be_visible()
    inspector.look(visitor, "rather later")
    visitor.click('#later [data-act="times"]')
    expect(visitor.locator("#times details").first).to_be_visible(timeout=30_000)
    visitor.click("#times-take")
    expect(visitor.locator("#times-problem")).to_be_visible()
    inspector.look(visitor, "times")
    visitor.locator("#times-page [data-back]").first.click()
    visitor.click('#later [data-act="letter"]')
    inspector.look(visitor, "letter")
    visitor.fill("#letter-words", "Beste mensen,\n\nik heb een vraag die kan wachten.")
    visitor.click("#letter-send")
    expect(visitor.locator("#code-words li")).to_have_count(7)
    inspector.look(visitor, "code")
    keep_code(visitor)
    inspector.look(visitor, "letter sent")
    visitor.click("[data-stop]:visible")
    inspector.look(visitor, "letter, stop?")
    visitor.click("#stop-forget")
    expect(visitor.locator('#closed [data-closed="forgotten"]').first).to_be_visible()


def without_scripts(windows: Windows, inspector: Inspector, language: str, options: dict) -> None:
    """The pages of the plain chat; the inspector itself needs scripts, they do not."""
    page = windows.open(f"/{language}/", **options)
    page.context.request.post(f"/{language}/chat", form={"plain": "1"})
    page.goto(f"/{language}/chat/plain")
    expect(page.frame_locator("iframe").locator("#talk > .bot")).to_have_count(1)
    inspector.look(page, "plain chat")
    page.fill("#words", "mail naam@example.org")
    page.click("#send")
    expect(page.locator("#send-as-is")).to_be_visible()
    inspector.look(page, "plain, question about details")
    page.click("#send-as-is")
    page.click("#to-later")
    inspector.look(page, "plain, letter or appointment")
    page.goto(f"/{language}/chat/plain/talk?still=1")
    expect(page.locator("#talk > .you")).to_have_count(1)
    inspector.look(page, "plain, the frame")
    page.goto(f"/{language}/chat/plain")
    page.click("#to-stop")
    inspector.look(page, "plain, stop?")
    page.click("#stop-yes")
    expect(page.locator("#again")).to_be_visible()
    inspector.look(page, "plain, the end")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_in_forced_colours_everything_works_and_focus_is_seen(windows: Windows, language: str) -> None:
    page = windows.open(f"/{language}/", viewport=PHONE, forced_colors="active")
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    seen = focus_rings(page)
    page.goto(f"/{language}/chat")
    seen += focus_rings(page)
    page.click("#start")
    expect(page.locator("#talk > .bot")).to_have_count(1)
    seen += focus_rings(page)
    stop(page)
    assert len(seen) > 30
    assert [name for name, ring in seen if not ring] == []


def focus_rings(page: Page) -> list[tuple[str, bool]]:
    """Tab through the page once: what had the focus, and whether it had a ring."""
    page.locator("body").press("Home")
    stops: list[tuple[str, bool]] = []
    first = None
    for _ in range(60):
        page.keyboard.press("Tab")
        name, ring = page.evaluate("""() => {
          const one = document.activeElement;
          const ring = [undefined, "::after"].some((part) => {  // a whole card is the link's ::after
            const style = getComputedStyle(one, part);
            return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
          });
          return [`${one.tagName}#${one.id} ${one.textContent.trim().slice(0, 30)}`, ring];
        }""")
        if name == first or name.startswith("BODY"):
            break
        first = first or name
        stops.append((name, ring))
    return stops


def test_the_inspector_sees_what_is_wrong(windows: Windows) -> None:
    page = windows.open("/nl/", viewport=PHONE)
    page.evaluate("""() => {
      const field = document.createElement("input");
      field.style.inlineSize = "700px";
      document.querySelector("main").append(field);
      document.querySelector("h1").style.color = "#ccc";
    }""")
    inspector = Inspector()
    inspector.look(page, "broken")
    for wrong in ("label", "color-contrast", "sideways at 320", "sideways at 640"):
        assert any(wrong in found for found in inspector.wrong), (wrong, inspector.wrong)
