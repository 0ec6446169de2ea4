"""The first page in a browser: one tap, a choice that is optional, hours in the visitor's own time."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Windows
from tests.browser.journeys import change_hours
from tests.people import Browser
from tests.processes import Service, until

pytestmark = pytest.mark.browser

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@pytest.fixture
def office_hours(windows: Windows, tmp_path: Path) -> Iterator[None]:
    """Nine to nine; afterwards always open again, for the other tests."""
    set_hours(windows.service, tmp_path, [["09:00", "21:00"]])
    until(lambda: "<table>" in Browser(windows.service.url).open("/en/chat")[2], 5, "the hours")
    yield
    set_hours(windows.service, tmp_path, [["00:00", "24:00"]])


def set_hours(service: Service, folder: Path, pairs: list[list[str]]) -> None:
    document = folder / "hours.json"
    document.write_text(json.dumps({"timezone": "Europe/Amsterdam", "weekly": dict.fromkeys(DAYS, pairs)}))
    change_hours(service, "set", str(document))


def test_one_tap_begins(windows: Windows) -> None:
    page = windows.open("/en/chat", viewport={"width": 390, "height": 844})
    expect(page.locator("#start")).to_be_in_viewport()
    page.click("#start")
    expect(page.locator("#talk > .bot")).to_contain_text("What is it about?")


@pytest.mark.parametrize(
    ("language", "value", "words"), [("nl", "minor", "Je mag hier zijn"), ("en", "victim", "It is not your fault")]
)
def test_who_it_is_about_changes_the_first_words(windows: Windows, language: str, value: str, words: str) -> None:
    page = windows.open(f"/{language}/chat", viewport={"width": 320, "height": 700})
    page.focus("#about summary")
    page.keyboard.press("Enter")
    page.check(f'input[name="audience"][value="{value}"]')
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.click("#start")
    expect(page.locator("#talk > .bot")).to_contain_text(words)
    expect(page.locator("#talk > .bot .door")).not_to_have_count(0)


def test_hours_are_also_told_in_the_visitors_own_time(windows: Windows, office_hours: None) -> None:
    far = windows.open("/en/chat", timezone_id="America/New_York")
    far.click("details.hours summary")
    own = far.locator("details.hours .own").first
    expect(own).to_be_visible()
    # Amsterdam is six hours ahead, five in the weeks in which only one of them has changed the clock.
    assert re.fullmatch(r"\([34]:00–(14|15|16):00 where you are\)", own.inner_text())
    near = windows.open("/nl/chat", timezone_id="Europe/Brussels")
    near.click("details.hours summary")
    expect(near.locator("details.hours time").first).to_have_text("9.00")
    expect(near.locator(".own")).to_have_count(0)
