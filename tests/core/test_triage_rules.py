"""The rules of data/triage/ against their own examples. What they miss elsewhere is measured, not tested."""

from time import perf_counter
from typing import Any, NamedTuple

import pytest

from web.core.content import LANGUAGES
from web.core.triage import CRISES, Triage
from web.storage.wordings import read, triage


class Example(NamedTuple):
    language: str
    rule: str
    crisis: str | None
    text: str


DOCUMENTS = read("triage")
RULES = [(language, rule) for language in LANGUAGES for rule in DOCUMENTS[language]["rules"]]


def examples(field: str) -> list[Any]:
    return [
        pytest.param(Example(language, rule["name"], rule["crisis"], text), id=f"{language}-{rule['name']}-{at}")
        for language, rule in RULES
        for at, text in enumerate(rule[field])
    ]


def alone(example: Example) -> Triage:
    """Only the rule of an example, so that no other rule speaks first."""
    document = DOCUMENTS[example.language]
    return Triage(
        {example.language: {**document, "rules": [r for r in document["rules"] if r["name"] == example.rule]}}
    )


@pytest.mark.parametrize("example", examples("fires"))
def test_the_rule_sees_its_example(example: Example) -> None:
    assert [alarm.rule for alarm in alone(example).read(example.text)] == [example.rule]


@pytest.mark.parametrize("example", examples("fires"))
def test_all_rules_together_raise_the_crisis_of_an_example(example: Example) -> None:
    assert example.crisis in [alarm.crisis for alarm in triage().read(example.text)]


@pytest.mark.parametrize("example", examples("quiet"))
def test_the_rule_stays_quiet(example: Example) -> None:
    assert alone(example).read(example.text) == ()


@pytest.mark.parametrize(
    ("language", "rule"), RULES, ids=lambda value: value if isinstance(value, str) else value["name"]
)
def test_every_rule_has_examples_and_a_known_crisis(language: str, rule: dict[str, Any]) -> None:
    assert rule["crisis"] in (*CRISES, None)
    assert len(rule["fires"]) >= 4, f"{language}: too few examples that fire"
    assert len(rule["quiet"]) >= 3, f"{language}: too few examples that stay quiet"


def test_no_name_stands_twice_in_a_language() -> None:
    names = [(language, rule["name"]) for language, rule in RULES]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    "text", ["sorry maar I just want to die, echt", "my husband zegt dat hij dood wil", "help he ademt niet"]
)
def test_a_sentence_in_two_languages_is_seen(text: str) -> None:
    assert any(alarm.crisis for alarm in triage().read(text))


def test_a_long_message_of_one_letter_is_read_quickly() -> None:
    triage().read("")  # makes the rules ready
    start = perf_counter()
    assert triage().read("a" * 4000) == ()
    assert perf_counter() - start < 0.5
