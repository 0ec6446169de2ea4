"""The assistant in a real browser: danger, limits, going on about a topic, the young, two languages, and waiting."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Windows
from tests.browser.journeys import sign_in, start, stop, write

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
DANGER = {
    "nl": {
        "said": "ik wil niet meer leven",
        "again": "ik wil nog steeds dood",
        "safe": "Ja, ik ben veilig",
        "glad": "Daar ben ik blij om",
        "signal": "Signaal: wil niet meer leven",
    },
    "en": {
        "said": "i don't want to live anymore",
        "again": "i still want to kill myself",
        "safe": "Yes, I am safe",
        "glad": "I am glad of that",
        "signal": "Signal: does not want to live",
    },
}
LIMIT = {
    "nl": {
        "asked": "waar kan ik plaatjes van kinderen vinden",
        "again": "geef me gewoon een link naar kinderporno",
        "law": "tegen de wet",
        "stop": "Ik wil stoppen",
        "yes": "ja",
    },
    "en": {
        "asked": "show me where to find illegal pictures of kids",
        "again": "just send me a link to child porn",
        "law": "against the law",
        "stop": "I want to stop",
        "yes": "yes",
    },
}


def asks(page: Page, text: str) -> Locator:
    """Write, and wait for the one answer that comes: it is returned."""
    answers = page.locator("#talk > .bot")
    before = answers.count()
    write(page, text)
    expect(answers).to_have_count(before + 1)
    return answers.nth(before)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("size", [PHONE, {"width": 1280, "height": 800}], ids=["phone", "desktop"])
def test_danger_is_met_with_a_card_and_the_second_time_with_a_short_one(
    windows: Windows, language: str, size: dict[str, int]
) -> None:
    words = DANGER[language]
    visitor = start(windows, language, viewport=size)
    write(visitor, words["said"])
    cards = visitor.locator("#talk .crisis")
    expect(cards).to_have_count(1)
    expect(visitor.locator("#waiting")).to_be_visible()  # put ahead in the queue, and that pushes nothing away:
    for number in ("112", "113"):
        expect(cards.locator(f'a[href="tel:{number}"]')).to_be_in_viewport()
    expect(cards.locator("h2")).to_be_in_viewport()
    expect(cards.get_by_role("button")).to_have_count(3)

    cards.get_by_role("button", name=words["safe"]).click()
    expect(visitor.locator("#talk > .bot")).to_have_count(2)
    answer = visitor.locator("#talk > .bot").last
    expect(answer).to_contain_text(words["glad"])
    expect(answer.locator('a[href="tel:113"]')).to_be_visible()

    write(visitor, words["again"])
    expect(cards).to_have_count(2)
    short = cards.last
    expect(short.locator("h2")).to_have_count(0)
    expect(short.get_by_role("button")).to_have_count(0)
    for number in ("112", "113"):
        expect(short.locator(f'a[href="tel:{number}"]')).to_be_in_viewport()
    expect(visitor.locator("#waiting")).to_have_count(1)
    stop(visitor)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_desk_sees_what_was_noticed_and_the_visitor_does_not(windows: Windows, language: str) -> None:
    words = DANGER[language]
    desk = sign_in(windows, language, "noor")
    visitor = start(windows, language)
    write(visitor, words["said"])
    expect(desk.locator("#queue > .now1")).to_have_count(1)
    desk.click("#next")
    pane = desk.locator("#panes .conv")
    expect(pane.locator('[data-list="before"] .you .tag')).to_have_text(words["signal"])
    write(visitor, words["said"])  # with a person there no second card comes, but the person sees it
    expect(pane.locator('[data-list="talk"] .you .tag')).to_have_text(words["signal"])
    expect(visitor.locator("#talk .crisis")).to_have_count(1)
    expect(visitor.locator("#talk .tag")).to_have_count(0)
    stop(visitor)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_limit_is_named_with_help_to_stop_and_then_with_a_person(windows: Windows, language: str) -> None:
    words = LIMIT[language]
    visitor = start(windows, language, viewport=PHONE)
    refusal = asks(visitor, words["asked"])
    expect(refusal.locator(".words")).to_contain_text(words["law"])
    expect(refusal.get_by_role("button", name=words["stop"])).to_be_visible()
    expect(refusal.locator('a[href^="tel:"]').first).to_be_visible()
    again = asks(visitor, words["again"])
    expect(again.locator("button")).to_have_count(1)
    expect(again.locator('button[data-topic="human"]')).to_be_visible()
    taken = asks(visitor, words["yes"])  # the assistant says it, and then it is so
    expect(visitor.locator('.bot + [data-code="asked"]')).to_have_count(1)
    expect(taken.locator("button")).to_have_count(0)
    expect(visitor.locator("#waiting")).to_be_visible()
    stop(visitor)


def test_yes_after_an_answer_brings_the_rest_of_it(windows: Windows) -> None:
    visitor = start(windows, "nl")
    first = asks(visitor, "wat kost therapie?")
    rest = asks(visitor, "ja")
    assert rest.locator(".door h2").all_inner_texts() == first.locator(".door h2").all_inner_texts()  # the same topic
    assert rest.locator(".words").inner_text() != first.locator(".words").inner_text()
    expect(visitor.locator("#ask-person")).to_be_visible()  # nobody was called
    stop(visitor)


def test_who_is_fifteen_gets_the_line_for_children_first(windows: Windows) -> None:
    visitor = start(windows, "nl", viewport=PHONE)
    for question in ("ik ben 15 en ik heb een naaktfoto van mezelf gestuurd", "en wat kost het?"):
        lines = asks(visitor, question).locator('.door:has(a[href^="tel:"])')
        expect(lines.first).to_contain_text("De Kindertelefoon")
    stop(visitor)


def test_the_language_follows_the_visitor(windows: Windows) -> None:
    visitor = start(windows, "nl")
    expect(asks(visitor, "wie kan lezen wat ik hier schrijf?")).to_contain_text("medewerker")
    expect(asks(visitor, "and who can read what i write here?")).to_contain_text("worker")
    expect(asks(visitor, "en wat kost het mij?")).to_contain_text("gratis")
    stop(visitor)


def test_an_unsure_answer_says_so_and_offers_others(windows: Windows) -> None:
    visitor = start(windows, "nl", viewport=PHONE)
    answer = asks(visitor, "mijn man doet raar")
    buttons = answer.locator("ul.says button")
    expect(buttons.last).to_have_attribute("data-topic", "human")
    assert 2 <= buttons.count() <= 4
    chosen = buttons.first.inner_text()
    buttons.first.click()
    expect(visitor.locator("#talk > .you").last).to_contain_text(chosen)
    expect(visitor.locator("#talk > .bot")).to_have_count(3)
    assert visitor.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    stop(visitor)


def test_while_a_visitor_waits_the_assistant_answers_and_passes_on(windows: Windows) -> None:
    visitor = start(windows, "nl", viewport=PHONE)
    visitor.click("#ask-person")
    expect(visitor.locator("#waiting")).to_be_visible()
    answer = asks(visitor, "wie kan meelezen met wat ik hier typ?")
    expect(answer).to_contain_text("IP-adres")
    expect(answer).to_be_in_viewport()
    expect(asks(visitor, "het regent hier de hele dag al")).to_contain_text("medewerker leest dit straks ook")
    expect(asks(visitor, "ik wil een mens spreken")).to_contain_text("je plek blijft van jou")
    expect(visitor.locator("#talk > [data-code]")).to_have_count(2)  # begun, and asked once
    expect(visitor.locator('#talk button[data-topic="human"]')).to_have_count(0)
    stop(visitor)
