"""What could name somebody is not stored before its writer has chosen: over the socket, against the running service."""

from tests.conftest import People
from tests.people import new_id


def said(visitor) -> list[str]:
    return [entry["text"] for entry in visitor.entries() if entry["sender"] == "visitor"]


def test_a_detail_is_asked_about_and_then_sent_as_it_is(people: People) -> None:
    visitor = people.visitor()
    words, key = "mail naar naam@example.org of bel 06-12345678", new_id()
    refused = visitor.say(words, client_id=key)
    assert (refused["ok"], refused["code"]) == (False, "identifying")
    assert refused["found"] == [
        {"kind": "email", "text": "naam@example.org"},
        {"kind": "phone", "text": "06-12345678"},
    ]
    assert said(visitor) == []
    assert visitor.say(words, client_id=key, as_is=True)["ok"]
    assert said(visitor) == [words]


def test_numbers_of_helplines_and_buttons_are_not_asked_about(people: People) -> None:
    visitor = people.visitor()
    assert visitor.say("moet ik 113 bellen, of 0800-0113?")["ok"]
    assert visitor.say("bel mij op 06-12345678", topic="cost")["ok"]
    assert len(said(visitor)) == 2


def test_words_that_tell_of_danger_are_never_held_up(people: People) -> None:
    visitor = people.visitor()
    words = "ik wil niet meer leven, ik zit in de Lindelaan 12, 1234 AB Voorbeeldstad"
    assert visitor.say(words)["ok"]
    assert said(visitor) == [words]
    assert [entry["crisis"] for entry in visitor.entries() if entry.get("crisis")] == [True]


def test_a_letter_is_asked_about_too(people: People) -> None:
    visitor = people.visitor()
    letter = {"client_id": new_id(), "text": "mijn rekening is NL91 ABNA 0417 1643 00"}
    refused = visitor.emit("letter", letter)
    assert (refused["code"], [one["kind"] for one in refused["found"]]) == ("identifying", ["iban"])
    assert said(visitor) == []
    assert visitor.emit("letter", {**letter, "as_is": True})["view"]["state"] == "letter"
    assert said(visitor) == [letter["text"]]


def test_as_is_is_a_yes_or_a_no(people: People) -> None:
    visitor = people.visitor()
    for event in ("say", "letter"):
        answer = visitor.emit(event, {"client_id": new_id(), "text": "hoi", "as_is": "yes"})
        assert (answer["code"], answer["field"]) == ("bad_payload", "as_is")
