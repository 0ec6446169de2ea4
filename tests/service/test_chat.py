"""The visitor's connection against the running service: delivery, repeats, resuming, bad input, the assistant."""

import threading

import pytest
import socketio

from tests.conftest import MARKER, People
from tests.people import Browser, new_id


def test_numbers_are_gapless_and_a_repeat_changes_nothing(people: People) -> None:
    visitor = people.visitor()
    first = visitor.say("hoi", client_id="a" * 16)
    assert visitor.say("hoi", client_id="a" * 16) == first
    visitor.answered(first["number"])
    numbers = [entry["number"] for entry in visitor.entries()]
    assert numbers == list(range(1, len(numbers) + 1))
    assert [entry["text"] for entry in visitor.entries() if entry["sender"] == "visitor"] == ["hoi"]


def test_the_same_message_twenty_times_at_once_is_one_entry(people: People) -> None:
    visitor = people.visitor()
    others = [visitor]
    for _ in range(3):
        other = type(visitor).__new__(type(visitor))
        other.browser, other.heard = visitor.browser, []
        other.socket = other._connect()
        others.append(other)
    answers = []
    threads = [
        threading.Thread(target=lambda who=others[i % 4]: answers.append(who.say("een keer", client_id="b" * 16)))
        for i in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({str(answer) for answer in answers}) == 1, answers
    said = [entry for entry in visitor.entries() if entry["sender"] == "visitor"]
    assert len(said) == 1
    for other in others[1:]:
        other.hang_up()


def test_after_a_lost_connection_the_rest_comes_by_number(people: People) -> None:
    visitor, worker = people.visitor(), people.worker()
    visitor.ask_person()
    card = worker.sees()
    worker.claim(card["id"])
    known = visitor.entries()[-1]["number"]
    visitor.hang_up()
    for text in ("een", "twee", "drie"):
        assert worker.reply(card["id"], text)["ok"]
    visitor.reconnect()
    missed = visitor.entries(known)
    assert [entry["text"] for entry in missed] == ["een", "twee", "drie"]
    assert [entry["prev"] for entry in missed] == [known, known + 1, known + 2]


@pytest.mark.parametrize(
    ("event", "payload", "code", "field"),
    [
        ("say", {"client_id": "c" * 16, "text": ""}, "empty", None),
        ("say", {"client_id": "c" * 16, "text": " \n "}, "empty", None),
        ("say", {"client_id": "c" * 16, "text": "x" * 4001}, "too_long", None),
        ("say", {"client_id": "c" * 16, "text": 7}, "bad_payload", "text"),
        ("say", {"client_id": "short", "text": "x"}, "bad_payload", "client_id"),
        ("say", {"client_id": "c" * 16, "text": "x", "role": "staff"}, "bad_payload", "role"),
        ("say", {"client_id": "c" * 16, "text": "x", "topic": ["a"]}, "bad_payload", "topic"),
        ("say", "text", "bad_payload", "payload"),
        ("say", None, "bad_payload", "payload"),
        ("say", ["a", "b"], "bad_payload", "payload"),
        ("resume", {"after": -1}, "bad_payload", "after"),
        ("resume", {"after": True}, "bad_payload", "after"),
        ("resume", {"after": 1.5}, "bad_payload", "after"),
        ("ask_person", {}, "bad_payload", "client_id"),
    ],
)
def test_bad_input_is_answered_and_changes_nothing(people: People, event, payload, code, field) -> None:
    visitor = people.visitor()
    before = visitor.entries()
    answer = visitor.emit(event, payload)
    assert (answer["ok"], answer["code"], answer.get("field")) == (False, code, field)
    assert visitor.entries() == before
    assert visitor.say("hoi")["ok"]


def test_binary_frames_and_deep_nesting_end_the_connection_only(people: People) -> None:
    rude, calm = people.visitor(), people.visitor()
    rude.socket.emit("say", {"client_id": "d" * 16, "text": b"\x00\x01"}, namespace="/chat")
    nested: list = []
    for _ in range(50):
        nested = [nested]
    other = people.visitor()
    other.socket.emit("say", nested, namespace="/chat")
    for person in (rude, other):
        person.socket.sleep(0.5)
        assert not person.socket.connected
    assert calm.say("hoi")["ok"]


def test_without_a_cookie_nobody_connects(people: People) -> None:
    socket = socketio.Client(reconnection=False)
    with pytest.raises(socketio.exceptions.ConnectionError):
        socket.connect(people.service.url, transports=["websocket"], namespaces=["/chat"], wait_timeout=5)


def test_a_foreign_origin_and_polling_are_refused(people: People) -> None:
    visitor = people.visitor()
    socket = socketio.Client(reconnection=False)
    headers = {**visitor.browser.cookie_header(), "Origin": "https://evil.example"}
    with pytest.raises(socketio.exceptions.ConnectionError):
        socket.connect(people.service.url, headers=headers, transports=["websocket"], namespaces=["/chat"])
    status, _, _ = Browser(people.service.url).open("/socket.io/?EIO=4&transport=polling")
    assert status == 400


def test_danger_shows_the_whole_card_once_and_goes_first(people: People) -> None:
    calm, desperate = people.visitor(), people.visitor()
    calm.ask_person()
    desperate.say("ik wil niet meer leven")
    card = next(entry for entry in desperate.entries() if entry["kind"] == "card")
    assert card["crisis"]
    assert card["doors"][0]["phone"]["dial"] == "112"
    view = desperate.emit("resume", {"after": 0})["view"]
    assert (view["state"], view["position"], view["urgent"]) == ("waiting", 1, True)
    desperate.say("ik wil echt niet meer leven")
    whole, short = [entry for entry in desperate.entries() if entry["kind"] == "card"]
    assert "title" in whole
    assert "title" not in short
    assert short["crisis"]
    assert short["doors"][0]["phone"]["dial"] == "112"


def test_a_button_is_answered_without_a_guess(people: People) -> None:
    visitor = people.visitor("en")
    number = visitor.say("Is this anonymous?", topic="anonymity")["number"]
    answer = visitor.entries(number)[0]
    assert (answer["sender"], answer["number"]) == ("assistant", number + 1)


@pytest.mark.parametrize(
    ("language", "text", "part"),
    [
        ("nl", "is het gratis of moet ik ervoor betalen", "gratis"),
        ("en", "do i have to pay for this chat", "free"),
        ("nl", "praat ik met een robot of met een mens", "assistent"),
        ("en", "the police were here this morning and took my laptop", "police"),
    ],
)
def test_the_trained_assistant_answers(people: People, language: str, text: str, part: str) -> None:
    visitor = people.visitor(language)
    answer = visitor.answered(visitor.say(text)["number"])
    assert part in answer["text"].lower()


def test_typed_commands_of_the_bot_are_plain_text(people: People) -> None:
    visitor = people.visitor()
    for text in ("/restart", "/session_start", '/human{"a": "b"} nee hoor, wat kost het'):
        number = visitor.say(text)["number"]
        visitor.answered(number)
        assert visitor.entries(number - 1)[0]["text"] == text
    assert visitor.emit("resume", {"after": 0})["view"]["state"] == "assistant"


def test_asking_in_words_and_withdrawing(people: People) -> None:
    visitor = people.visitor("en")
    visitor.say("can i please talk to a real person")
    visitor.hears("view", state="waiting", position=1, seconds=15)
    assert visitor.emit("withdraw", {"client_id": new_id()})["view"]["state"] == "assistant"


def test_leaving_kills_the_cookie(people: People) -> None:
    visitor = people.visitor()
    headers = visitor.browser.cookie_header()
    status, answer, _ = visitor.browser.open("/nl/leave")
    assert (status, answer["Location"]) == (303, "https://www.wikipedia.org")
    stolen = Browser(people.service.url)
    _, _, page = stolen.open("/nl/chat", headers=headers)
    assert 'id="room"' not in page
    assert visitor.say("nog iets")["code"] == "closed"


def test_no_log_holds_a_visitors_words(people: People) -> None:
    visitor = people.visitor()
    visitor.answered(visitor.say(f"mijn naam is {MARKER}")["number"])
    assert MARKER not in people.service.log_text()
