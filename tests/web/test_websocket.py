"""The holes of a stock WebSocket server that web/http/websocket.py closes, seen from the wire."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.people import Person, Visitor, Worker, new_id
from tests.processes import until
from tests.web.houses import Pair, Small, kib, open_sockets, talking, worker_pid
from tests.web.wire import TEXT, Line, head

LONG = "€" * 4000  # 24 KB as JSON
MANY = 400  # of those: more than the kernel holds for one connection, which is some 6 MB
SMALL_BUFFER = 16_384
MUCH_KIB = 20_000


@pytest.fixture(scope="module")
def impatient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Small]:
    """Gives up a peer that does not answer after one second, and a reader that takes nothing after one second."""
    running = Small(tmp_path_factory.mktemp("small"), send_seconds=1, ping_timeout=1)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def patient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Small]:
    """Pings, but gives nobody up during a test for silence; for taking nothing after two seconds."""
    running = Small(tmp_path_factory.mktemp("small"), send_seconds=2, ping_timeout=600)
    yield running
    running.stop()


@pytest.fixture
def visitor(pair: Pair, crowd: list[Person]) -> Visitor:
    someone = Visitor(pair.first)
    crowd.append(someone)
    return someone


def test_a_visitor_who_stops_reading_and_reads_on_gets_every_frame_whole(visitor: Visitor) -> None:
    for _ in range(20):
        assert visitor.say(LONG)["ok"]
    slow = Line(visitor.browser.url, visitor.browser.cookie_header(), SMALL_BUFFER).join("/chat")
    for _ in range(MANY // 20):
        slow.emit("resume", {"after": 0})
    time.sleep(1)  # now the buffers are full, and the server waits in the middle of a frame
    for number in range(1, MANY // 20 + 1):
        start = f"43/chat,{number}"
        packet = next(packet for packet in iter(slow.packet, "") if packet.startswith("43"))
        assert packet.startswith(start)
        texts = [entry.get("text") for entry in json.loads(packet[len(start) :])[0]["entries"]]
        assert texts.count(LONG) == 20
    slow.close()


def test_a_worker_who_stops_reading_and_reads_on_gets_every_frame_whole(
    pair: Pair, visitor: Visitor, crowd: list[Person]
) -> None:
    worker = Worker(pair.second)
    crowd.append(worker)
    wanted = talking(visitor, worker)
    slow = Line(pair.second.url, worker.browser.cookie_header(), SMALL_BUFFER).join("/desk")
    worker.hang_up()
    chat = Line(pair.first.url, visitor.browser.cookie_header()).join("/chat")
    for number in range(MANY):
        chat.emit("say", {"client_id": new_id(), "text": f"{number} {LONG}"[:4000]})
    last = chat.call("say", {"client_id": new_id(), "text": "klaar"}, 60)
    assert last["ok"]
    numbers: list[int] = []
    while numbers[-1:] != [last["number"]]:
        event, data = json.loads(slow.packet().removeprefix("42/desk,"))
        if event == "entry":
            assert data["conversation"] == wanted
            numbers.append(data["entry"]["number"])
    assert numbers == list(range(last["number"] - MANY, last["number"] + 1))
    slow.close()
    chat.close()


def test_a_frame_over_the_limit_is_cut_off_and_holds_nobody_up(pair: Pair, visitor: Visitor) -> None:
    """Announced as 200 MB; what comes of it is not collected, as one frame or in small parts."""
    pid = worker_pid(pair.first)
    for parts in (False, True):
        rude = Line(pair.first.url, visitor.browser.cookie_header()).join("/chat")
        before = kib(pid)
        done = threading.Event()
        threading.Thread(target=pour, args=(rude, parts, done), daemon=True).start()
        said = 0
        while not done.is_set() or said < 5:
            asked = time.monotonic()
            assert visitor.say("hoi")["ok"]
            assert time.monotonic() - asked < 3
            said += 1
        assert kib(pid) - before < MUCH_KIB
        rude.close()


def pour(rude: Line, parts: bool, done: threading.Event) -> None:
    """60 MB, unless the server hangs up."""
    block = b"x" * 100_000
    with suppress(OSError):
        if not parts:
            rude.socket.sendall(head(200_000_000))
        for at in range(600):
            if parts:
                rude.send(block[:50_000], kind=0 if at else 1, first=0)
                rude.send(block[50_000:], kind=0, first=0)
            else:
                rude.socket.sendall(block)
    done.set()


def test_peers_that_answer_no_ping_are_freed(impatient: Small) -> None:
    before = impatient.settled()
    dead = [impatient.line() for _ in range(20)]
    assert open_sockets(impatient.pid) == before + 20
    until(lambda: open_sockets(impatient.pid) == before, 15, "the sockets of the dead")
    for line in dead:
        line.close()


def test_a_peer_that_answers_stays(impatient: Small) -> None:
    """The control of the test above."""
    alive = impatient.line()
    pings = 0
    while pings < 3:
        kind, payload = alive.frame(5)
        assert (kind, payload) == (TEXT, b"2")
        alive.send("3")
        pings += 1
    assert alive.call("work", {})["ok"]
    alive.close()


def test_whoever_takes_nothing_is_cut_off(patient: Small) -> None:
    before, memory = patient.settled(), kib(patient.pid)
    stuck = patient.line(SMALL_BUFFER)
    stuck.emit("flood", {"events": 2000, "size": 20_000})
    until(lambda: kib(patient.pid) - memory > MUCH_KIB, 5, "what waits to be read")
    until(lambda: open_sockets(patient.pid) == before, 15, "the end of the one who takes nothing")
    stuck.close()


def test_one_connection_that_floods_holds_nobody_up(patient: Small) -> None:
    """4,000 packets at once are eight seconds of work; whoever asks meanwhile is answered between them."""
    decent, rude = patient.line(), patient.line()
    for _ in range(4000):
        rude.emit("work", {})
    for _ in range(5):
        assert decent.call("work", {}, seconds=4)["ok"]
    decent.close()
    rude.close()


def test_what_is_not_handled_is_not_collected(patient: Small) -> None:
    """Whoever sends faster than we handle is held back by the network, not collected in memory."""
    memory, rude = kib(patient.pid), patient.line()
    packet = f'42/small,["rest","{"x" * 30_000}"]'.encode()
    rude.socket.settimeout(2)
    with pytest.raises(TimeoutError):
        rude.socket.sendall((head(len(packet)) + packet) * 2000)
    assert kib(patient.pid) - memory < MUCH_KIB
    rude.close()


def test_compression_is_declined(pair: Pair, visitor: Visitor) -> None:
    """It would cost 100 KiB a connection; every browser offers it. A compressed frame would fail in Line.frame."""
    offer = {"Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits"}
    line = Line(pair.first.url, {**visitor.browser.cookie_header(), **offer})
    assert line.answer.startswith("http/1.1 101")
    assert "extensions" not in line.answer
    line.join("/chat")
    assert line.call("resume", {"after": 0})["ok"]
    line.close()
