"""What the browser tests do again and again: sign in, start, write."""

import json
import subprocess
import sys

from playwright.sync_api import Page, expect

from tests.browser.conftest import Windows
from tests.processes import ROOT, Service


def sign_in(windows: Windows, language: str, username: str) -> Page:
    """At the desk, and nobody is waiting."""
    desk = to_the_desk(windows, language, username)
    expect(desk.locator("#queue-empty")).to_be_visible()
    return desk


def to_the_desk(windows: Windows, language: str, username: str, **options) -> Page:
    desk = windows.open(f"/{language}/desk/", **options)
    desk.fill("#username", username)
    desk.fill("#password", windows.service.passwords[username])
    desk.click("#sign-in")
    expect(desk.locator("#my-status")).to_be_enabled()
    return desk


def start(windows: Windows, language: str, **options) -> Page:
    """A new conversation; the opening words of the assistant are there."""
    visitor = windows.open(f"/{language}/chat", **options)
    visitor.click("#start")
    expect(visitor.locator("#talk > .bot")).to_have_count(1)
    return visitor


def write(page: Page, text: str) -> None:
    page.fill("#words", text)
    page.press("#words", "Enter")


def reply(pane, text: str) -> None:
    field = pane.locator("form[data-reply] textarea")
    field.fill(text)
    field.press("Enter")


def do(pane, act: str, words: str = "") -> None:
    """One of the buttons below a conversation, and what is asked then."""
    pane.locator(f'[data-act="{act}"]').click()
    if words:
        pane.locator("[data-panel] textarea").fill(words)
    pane.locator('[data-act="panel-yes"]').click()


def keep_code(page: Page) -> str:
    """The seven words of the page, as a visitor writes them down."""
    expect(page.locator("#code-words li")).to_have_count(7)
    words = " ".join(page.locator("#code-words li").all_inner_texts())
    page.click("#code-done")
    expect(page.locator("#code-problem")).to_be_visible()  # not before they say that they have them
    page.check("#code-kept")
    page.click("#code-done")
    expect(page.locator("#room")).to_be_visible()
    assert words.split()[0] not in page.locator("#code-page").inner_text()
    return words


def keep_plain_code(page: Page) -> str:
    """The same without a script: the browser itself asks for the tick."""
    words = " ".join(page.locator("#code-words li").all_inner_texts())
    page.click("#code-done")
    expect(page.locator("#code-words li")).to_have_count(7)
    page.check("#code-kept")
    page.click("#code-done")
    expect(page.locator("#words")).to_be_visible()
    return words


def stop(page: Page) -> None:
    page.click("[data-stop]:visible")
    page.click("#stop-yes")
    expect(page.locator("#closed")).to_be_visible()


def set_mode(service: Service, mode: str) -> None:
    """The supervisor's switch, as an operator turns it."""
    change_hours(service, "mode", mode)


def close_until(service: Service, moment: str) -> None:
    """A sudden closure; a moment that has passed ends it."""
    change_hours(service, "close", moment)


def change_hours(service: Service, what: str, value: str) -> None:
    """`python -m web.cli hours WHAT VALUE`, by the supervisor of the demo."""
    command = [sys.executable, "-m", "web.cli", "hours", what, "--password-stdin", "aisha", value]
    typed = service.passwords["aisha"] + "\n"
    subprocess.run(command, cwd=ROOT, env=service.environment, input=typed, text=True, check=True, capture_output=True)


def numbers(page: Page) -> list[int]:
    """The numbers of the entries on the screen, in the order of the screen."""
    shown = page.evaluate(
        "JSON.stringify([...document.querySelectorAll('#talk > [data-number]')].map((li) => li.dataset.number))"
    )
    return [int(number) for number in json.loads(shown)]
