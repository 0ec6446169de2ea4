"""Identifying details: the same examples as the browser's (web/client/test/details.test.ts), and no slow message."""

import json
import time

import pytest
import yaml

from web.core.details import Kind, find
from web.settings import ROOT

EXAMPLES = json.loads((ROOT / "tests" / "details.json").read_text())


def kinds(text: str) -> list[Kind]:
    return [one.kind for one in find(text)]


@pytest.mark.parametrize(("text", "wanted"), EXAMPLES["found"])
def test_what_could_name_somebody_is_found(text: str, wanted: list[str]) -> None:
    assert kinds(text) == wanted


@pytest.mark.parametrize("text", EXAMPLES["clear"])
def test_what_names_nobody_is_left_alone(text: str) -> None:
    assert find(text) == ()


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("mail naar (naam@example.org).", "naam@example.org"),
        ("bel (020) 123 45 67, na zessen", "(020) 123 45 67"),
        ("bel 06 12345678 12 jaar", "06 12345678"),
        ("NL91 ABNA 0417 1643 00 en dan", "NL91 ABNA 0417 1643 00"),
        ("ik woon Voorbeeldstraat 12, 1234 AB in Nergensdam", "Voorbeeldstraat 12, 1234 AB"),
        ("mijn insta is jan_123, volg me", "jan_123"),
        ("kijk op t.me/voorbeeld.", "t.me/voorbeeld"),
    ],
)
def test_no_more_than_the_detail_is_found(text: str, part: str) -> None:
    (one,) = find(text)
    assert one.text == part == text[one.start : one.end]


def test_numbers_of_our_own_referrals_name_nobody() -> None:
    for item in yaml.safe_load((ROOT / "data" / "content" / "referrals.yml").read_text()):
        if item["phone"]:
            assert find(f"bel {item['phone']['dial']} of {item['phone']['shown']} nu") == (), item["id"]


@pytest.mark.parametrize(
    "piece",
    [
        *("1", "9 ", "06 ", "0-1-", "+31 6 ", "0612345679", "0612345678 ", "@", "a@", "a@a.", ".", "a.", "a-", " at "),
        *("insta @a", "x.com/a/", "NL91ABNA0417164301 ", "12 1234 ab ", "straat 12 ", "1 a b street "),
        *("mijn insta is jan ", "85.07.30-033-29 "),
    ],
)
def test_no_message_is_slow(piece: str) -> None:
    text = ("@ 1234 " + piece * 4000)[:4000]
    find(text)  # what is loaded for the first time is not the message's
    spent = []
    for _ in range(3):
        started = time.process_time()
        find(text)
        spent.append(time.process_time() - started)
    assert min(spent) < 0.1  # 30 ms by day; the machine of the tests may be busy
