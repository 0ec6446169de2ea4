"""What is done with a text before it is stored, sent to the bot or searched for."""

import pytest

from web.core import triage
from web.core.assistant import Act, BotAnswer, Kind, decide
from web.core.entries import TEXT_LIMIT, clean_text
from web.core.errors import Code, Refused
from web.core.scrub import mask


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("  hoi\r\nja ", "hoi\nja"),
        ("a\x00b\x07", "ab"),
        ("e\u0301", "é"),
        ("ab\u202ecd", "abcd"),
        ("x" * 4000, "x" * 4000),
    ],
)
def test_texts_are_normalised(given: str, kept: str) -> None:
    assert clean_text(given) == kept


@pytest.mark.parametrize(
    ("given", "code"),
    [("", Code.EMPTY), (" \n\t", Code.EMPTY), ("x" * (TEXT_LIMIT + 1), Code.TOO_LONG), ("\ud800", Code.BAD_PAYLOAD)],
)
def test_texts_that_are_refused(given: str, code: Code) -> None:
    with pytest.raises(Refused) as refused:
        clean_text(given)
    assert refused.value.code is code


@pytest.mark.parametrize(
    ("text", "crisis"),
    [
        ("ik wil niet meer leven", triage.SUICIDE),
        ("ik ga er een eind aan maken", triage.SUICIDE),
        ("voor mijn gezin is het beter als ik er niet meer ben", triage.SUICIDE),
        ("ik kan niet meer", triage.SUICIDE),
        ("i want to die", triage.SUICIDE),
        ("I can’t go on", triage.SUICIDE),
        ("my stepfather is touching my sister right now", triage.CHILD_DANGER),
        ("ik ben alleen met mijn nichtje en bang dat het misgaat", triage.ABOUT_TO_ACT),
        ("i am scared that i'll do something tonight", triage.ABOUT_TO_ACT),
        ("ze heeft te veel pillen geslikt", triage.MEDICAL),
    ],
)
def test_danger_is_noticed(text: str, crisis: str) -> None:
    assert crisis in [alarm.crisis for alarm in triage.read(text)]


@pytest.mark.parametrize(
    "text",
    [
        "wat kost therapie",
        "mijn opa is vorig jaar overleden door zelfdoding, hoe vertel ik dat",
        "ik denk niet aan zelfmoord hoor",
        "the documentary about suicide prevention",
        "ik ben alleen thuis met mijn dochter, mag ik een vraag stellen",
        "my grandfather died by suicide last year",
        "wanneer zijn jullie open",
    ],
)
def test_ordinary_messages_raise_no_alarm(text: str) -> None:
    assert triage.read(text) == ()


def test_what_could_name_somebody_is_masked() -> None:
    text = (
        "ik ben jan@example.org, 06-12345678, NL91 ABNA 0417 1643 00, 1234 AB 12, https://example.org/me, leeftijd 34"
    )
    masked = mask(text)
    for part in ("jan@", "12345678", "ABNA", "1234 AB", "example.org"):
        assert part not in masked
    assert "34" in masked


def bot_answer(topic: str, confidence: float, act: Act, crisis: float = 0.0) -> BotAnswer:
    return BotAnswer(topic, confidence, ((topic, confidence), ("cost", 0.1), ("hours", 0.08)), crisis, act)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (None, Kind.DOWN),
        (bot_answer("cost", 0.8, Act.ARTICLE), Kind.ANSWER),
        (bot_answer("cost", 0.3, Act.FALLBACK), Kind.CHOICE),
        (bot_answer("cost", 0.1, Act.FALLBACK), Kind.UNKNOWN),
        (bot_answer("human", 0.9, Act.HANDOVER), Kind.HANDOVER),
        (bot_answer("boundary", 0.9, Act.REFUSAL), Kind.REFUSAL),
        (bot_answer("crisis_suicide", 0.5, Act.CARD, 0.5), Kind.CARD),
        (bot_answer("crisis_suicide", 0.2, Act.FALLBACK, 0.2), Kind.CARD),
    ],
)
def test_one_decision_for_one_answer(answer: BotAnswer | None, kind: Kind) -> None:
    assert decide(answer).kind is kind
