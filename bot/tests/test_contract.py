"""The HTTP contract between the web and the assistant."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from conftest import VERSION, Server

from helpline import paths
from helpline.build import KINDS

MESSAGE = "/webhooks/halte/message"
CONVERSATION = "/webhooks/halte/conversation"


def test_health_names_the_model(server: Server) -> None:
    status, answer = server.call("GET", "/webhooks/halte/", secret=None)
    assert status == 200
    assert answer["ready"] is True
    assert answer["model"] == server.say("hallo")["model"]


@pytest.mark.parametrize("secret", [None, "", "wrong", "test-secret2"])
def test_without_the_secret_nobody_enters(server: Server, secret: str | None) -> None:
    body = json.dumps({"version": VERSION, "sender": "a", "message": "hallo", "lang": "nl"}).encode()
    assert server.call("POST", MESSAGE, body, secret) == (401, {"error": "unauthorized"})
    assert server.call("DELETE", f"{CONVERSATION}/a", None, secret)[0] == 401


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "not_json"),
        (b"{", "not_json"),
        (b"[]", "not_json"),
        (b"\xff\xfe", "not_json"),
        (b"[" * 100_000, "not_json"),
        (b'{"sender": "a", "message": "hallo", "lang": "nl"}', "bad_version"),
        (b'{"version": 1, "sender": "a", "message": "hallo", "lang": "nl"}', "bad_version"),
        (b'{"version": 2, "message": "hallo", "lang": "nl"}', "bad_sender"),
        (b'{"version": 2, "sender": "", "message": "hallo", "lang": "nl"}', "bad_sender"),
        (b'{"version": 2, "sender": 7, "message": "hallo", "lang": "nl"}', "bad_sender"),
        (b'{"version": 2, "sender": "a b", "message": "hallo", "lang": "nl"}', "bad_sender"),
        (b'{"version": 2, "sender": "%s", "message": "hallo", "lang": "nl"}' % (b"a" * 65), "bad_sender"),
        (b'{"version": 2, "sender": "a", "message": "hallo"}', "bad_lang"),
        (b'{"version": 2, "sender": "a", "message": "hallo", "lang": "fr"}', "bad_lang"),
        (b'{"version": 2, "sender": "a", "message": "hallo", "lang": ["nl"]}', "bad_lang"),
        (b'{"version": 2, "sender": "a", "lang": "nl"}', "empty_message"),
        (b'{"version": 2, "sender": "a", "message": 5, "lang": "nl"}', "empty_message"),
        (b'{"version": 2, "sender": "a", "message": " \\n\\u00a0", "lang": "nl"}', "empty_message"),
        (b'{"version": 2, "sender": "a", "message": "\\u0000", "lang": "nl"}', "empty_message"),
        (b'{"version": 2, "sender": "a", "message": "\\ud800", "lang": "nl"}', "empty_message"),
        (b'{"version": 2, "sender": "a", "message": "%s", "lang": "nl"}' % (b"a" * 300_000), "too_large"),
    ],
)
def test_bad_requests(server: Server, body: bytes, code: str) -> None:
    assert server.call("POST", MESSAGE, body) == (400, {"error": code})


@pytest.mark.parametrize(
    "text",
    ["/crisis_suicide", "  /crisis_suicide", "\u00a0//crisis_suicide", "\u0000/crisis_suicide"],
)
def test_a_typed_command_is_only_text(server: Server, text: str) -> None:
    answer = server.say(text)
    assert answer == server.say("crisis_suicide")
    assert answer["confidence"] < 1
    assert len(answer["ranking"]) == 8


def test_a_typed_command_with_arguments_is_only_text(server: Server) -> None:
    answer = server.say('/goodbye{"lang": "nl"}', sender="command")
    assert answer["confidence"] < 1
    assert len(answer["ranking"]) == 8


@pytest.mark.parametrize(
    "text",
    [
        "woord " * 10_000,
        "x" * 50_000,
        "\ud800 tot hoe laat zijn jullie open \udfff",
        "tot hoe laat \u0000 zijn jullie open",
        "\U0001f600" * 2500,
        "あいう",
        "/",
        "?",
        "{}[]()",
        "EXTERNAL: x",
    ],
)
def test_strange_messages_are_answered(server: Server, text: str) -> None:
    answer = server.say(text, sender="strange")
    assert 0 <= answer["crisis"] <= 1
    assert answer["act"] in KINDS


def test_an_unreadable_message_claims_nothing(server: Server) -> None:
    answer = server.say("あいう")
    assert answer["topic"] is None
    assert answer["confidence"] == 0
    assert answer["crisis"] == 0
    assert answer["act"] == "fallback"


def test_the_shape_of_an_answer(server: Server) -> None:
    answer = server.say("tot wanneer kan ik vanavond chatten")
    assert set(answer) == {"version", "model", "topic", "confidence", "ranking", "crisis", "act"}
    assert answer["ranking"][0] == [answer["topic"], answer["confidence"], "article"]
    chances = [chance for _, chance, _ in answer["ranking"]]
    assert chances == sorted(chances, reverse=True)
    assert "nlu_fallback" not in [topic for topic, _, _ in answer["ranking"]]


def test_a_conversation_can_be_forgotten(server: Server) -> None:
    server.say("hallo", sender="leaves")
    assert server.call("DELETE", f"{CONVERSATION}/leaves") == (204, None)
    assert server.call("DELETE", f"{CONVERSATION}/leaves") == (204, None)
    assert server.say("hallo", sender="leaves")["act"] == "smalltalk"


def test_a_long_conversation_keeps_working(server: Server) -> None:
    acts = [server.say("wat kost het", sender="long")["act"] for _ in range(40)]
    assert acts == ["article"] * 40


@pytest.mark.parametrize(
    "path",
    ["/webhooks/rest/webhook", "/status", "/model", "/conversations/visitor/tracker", "/domain"],
)
def test_there_is_no_other_door(server: Server, path: str) -> None:
    assert server.call("GET", path)[0] == 404


def test_nothing_that_a_visitor_types_is_logged(server: Server) -> None:
    marker, sender = "Zwaluwstaartje", "sender-4711"
    server.say(f"ik heet {marker} en wil weten wat het kost", sender=sender)
    server.say(f"/{marker}{{kapot", sender=sender)
    server.post(version=VERSION, sender=sender, message=f"{marker}", lang="xx")
    server.call("POST", MESSAGE, f'{{"message": "{marker}'.encode())
    server.call("DELETE", f"{CONVERSATION}/{sender}")
    log = server.log.read_text()
    assert marker.lower() not in log.lower()
    assert sender not in log
    assert "Traceback" not in log
    assert len(log.splitlines()) < 5


def test_the_start_fails_when_conversations_would_be_kept_elsewhere(wrong_store: Server) -> None:
    assert wrong_store.process.wait(timeout=60) == 1
    assert "bot stopped: conversations would not be kept" in wrong_store.log.read_text()


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"BOT_SECRET": ""}, "BOT_SECRET is not set"),
        ({"BOT_SECRET": "x", "BOT_PORT": "99999"}, "BOT_PORT is not a port number"),
        ({"BOT_SECRET": "x", "BOT_MODEL": "models/none.tar.gz"}, "no_such_model"),
    ],
)
def test_a_start_that_cannot_work_says_why(settings: dict[str, str], reason: str) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "helpline.serve"],
        cwd=paths.BOT,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert reason in result.stdout
    assert len(result.stdout.splitlines()) == 1
    assert result.stderr == ""
