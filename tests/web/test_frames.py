"""What no decent client sends: the connection ends, nobody else notices, and no log tells of it at length."""

import json
import urllib.error
import urllib.request
from contextlib import suppress

import pytest

from tests.people import Browser, Visitor
from tests.web.houses import Pair
from tests.web.wire import BINARY, PING, TEXT, Line

SAY = '42/chat,["say",{"client_id":"aaaaaaaa","text":"hoi"}]'
DEEP = "[" * 12 + "]" * 12
HARMLESS = ("an answer to nothing",)  # passed over
VERY_DEEP = "[" * 19_000 + "]" * 19_000


@pytest.fixture(scope="module")
def calm(pair: Pair):
    visitor = Visitor(pair.first)
    yield visitor
    visitor.hang_up()


@pytest.fixture
def rude(pair: Pair, calm: Visitor):
    """One more connection of the same visitor."""
    line = Line(pair.first.url, calm.browser.cookie_header()).join("/chat")
    yield line
    line.close()


def log_after(pair: Pair, at: int) -> str:
    return pair.first.log_text()[at:]


def test_a_decent_client_is_answered(rude: Line) -> None:
    """The control: the same way of sending, with something decent in it."""
    assert rude.call("resume", {"after": 0})["ok"]
    brackets = rude.call("say", {"client_id": "brackets", "text": "[[[[[[[[ {{{{{{{{ niet diep, alleen tekst ]"})
    assert brackets["ok"]


@pytest.mark.parametrize(
    ("name", "packet"),
    [
        ("binary", b"\x00\x01\x02"),
        ("binary event", '451-/chat,["say",{"_placeholder":true,"num":0}]'),
        ("oversized", f'42/chat,["say",{{"client_id":"aaaaaaaa","text":"{"x" * 45_000}"}}]'),
        ("over the frame's limit", "4" * 70_000),
        ("deep", f'42/chat,["resume",{{"after":{DEEP}}}]'),
        ("very deep", f'42/chat,["resume",{{"after":{VERY_DEEP}}}]'),
        ("deep after closing brackets in a text", f'42/chat,["resume",{{"a":"{"]" * 40}","after":{DEEP}}}]'),
        ("very deep after closing ones", f'42/chat,["resume",{{"a":"{"]" * 19_100}","after":{"[" * 19_000}}}]'),
        ("no JSON", "42/chat,[oops"),
        ("an endless number", f'42/chat,["resume",{{"after":{"9" * 10_000}}}]'),
        ("an endless id", f'42/chat,{"9" * 10_000}["resume",{{"after":0}}]'),
        ("an unknown kind", "49/chat,[]"),
        ("no kind", "4"),
        ("a list as an event", '42/chat,[["say"],{}]'),
        ("an object as an event", '42/chat,{"say":1}'),
        ("no event", "42/chat,[]"),
        ("a number as an event", "42/chat,7"),
        ("an answer to nothing", "43/chat,1[]"),
        ("no Engine.IO packet", "x"),
        ("nothing at all", ""),
        ("an unknown Engine.IO packet", "9"),
    ],
)
def test_bad_packets_end_at_most_their_own_connection(pair: Pair, calm: Visitor, rude: Line, name: str, packet) -> None:
    at = len(pair.first.log_text())
    rude.send(packet, kind=BINARY if isinstance(packet, bytes) else TEXT)
    assert rude.ends(1 if name in HARMLESS else 5) != (name in HARMLESS)
    assert calm.emit("resume", {"after": 0})["ok"]
    assert "Traceback" not in log_after(pair, at)


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("no UTF-8", lambda line: line.send(b"\xff\xfe\xfd", kind=TEXT)),
        ("unknown opcode", lambda line: line.send("x", kind=5)),
        ("reserved bits", lambda line: line.send(SAY, first=0xF0)),
        ("no mask", lambda line: line.send(SAY, mask=False)),
        ("goes on without a beginning", lambda line: line.send(SAY, kind=0)),
        ("a ping that is too long", lambda line: line.send("x" * 200, kind=PING)),
        ("rubbish", lambda line: line.socket.sendall(b"GET / HTTP/1.1\r\n\r\n" * 20)),
    ],
)
def test_broken_frames_end_their_own_connection(pair: Pair, calm: Visitor, rude: Line, name: str, sent) -> None:
    at = len(pair.first.log_text())
    sent(rude)
    assert rude.ends(5), f"{name}: the connection goes on"
    assert calm.emit("resume", {"after": 0})["ok"]
    assert "Traceback" not in log_after(pair, at)


def test_a_burst_of_bad_packets_is_one_end(pair: Pair, calm: Visitor, rude: Line) -> None:
    """What was read with the first one is not looked at any more, or at least does no harm."""
    at = len(pair.first.log_text())
    with suppress(OSError):
        for _ in range(200):
            rude.send("49/chat,[]")
            rude.send(SAY)
    assert rude.ends(5)
    assert calm.emit("resume", {"after": 0})["ok"]
    assert "Traceback" not in log_after(pair, at)


def test_a_text_in_parts_is_one_message(rude: Line) -> None:
    rude.send("42/chat,1" + json.dumps(["resume", {"after": 0}])[:-4], first=0)
    rude.send(" 0}]", kind=0)
    assert rude.packet().startswith('43/chat,1[{"ok":true')


def test_polling_is_refused_in_every_way(pair: Pair, calm: Visitor) -> None:
    browser = Browser(pair.first.url)
    cookies = calm.browser.cookie_header()
    for query in ("EIO=4&transport=polling", "EIO=4&transport=polling&j=0", "EIO=3&transport=polling", "EIO=4"):
        status, _, page = browser.open(f"/socket.io/?{query}", headers=cookies)
        assert (status, "sid" in page) == (400, False), query
        request = urllib.request.Request(f"{pair.first.url}/socket.io/?{query}", data=b"40", headers=cookies)
        with pytest.raises(urllib.error.HTTPError, match="400"):
            urllib.request.urlopen(request, timeout=5)
