"""Several assistants behind one address: a conversation stays with its assistant, and survives it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import SECRET, START_SECONDS, VERSION, Server, free_port, start

from helpline import paths

CONVERSATIONS = 24


@pytest.fixture(scope="module")
def pair(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Server, Server]]:
    """The address of both, and each of the two; the first is not the one that other tests use."""
    folder = tmp_path_factory.mktemp("many")
    bots = []
    for number in range(2):
        port = free_port()
        environment = {**os.environ, "BOT_SECRET": SECRET, "BOT_PORT": str(port)}
        log = folder / f"bot{number}.log"
        bots.append(Server(port, log, start(["helpline.serve"], environment, log)))
    front = proxy(folder, [bot.port for bot in bots])
    try:
        for each in (*bots, front):
            until_ready(each)
        yield front, bots[0], bots[1]
    finally:
        for each in (front, *bots):
            each.process.kill()
            each.process.wait()


def proxy(folder: Path, ports: list[int]) -> Server:
    """nginx with the file that is deployed."""
    if shutil.which("nginx") is None:
        pytest.fail("this test needs nginx: apt-get install nginx")
    port = free_port()
    servers = " ".join(f"server 127.0.0.1:{each};" for each in ports)
    text = (paths.BOT.parent / "deploy" / "bots.conf").read_text(encoding="utf-8")
    values = {"@RUN@": str(folder), "@LISTEN@": f"127.0.0.1:{port}", "@SERVERS@": servers}
    for name, value in values.items():
        text = text.replace(name, value)
    (folder / "bots.conf").write_text(text, encoding="utf-8")
    command = ["nginx", "-c", str(folder / "bots.conf"), "-g", "daemon off;"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
    return Server(port, folder / "bots.conf", process)


def until_ready(server: Server) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            if server.call("GET", "/webhooks/halte/", secret=None)[1]["ready"]:
                return
        except (OSError, TypeError):
            pass
        time.sleep(0.2)
    raise AssertionError(server.log.read_text())


def say(front: Server, sender: str) -> int:
    body = {"version": VERSION, "sender": sender, "message": "wat kost het", "lang": "nl"}
    return front.call("POST", "/webhooks/halte/message", json.dumps(body).encode(), headers={"x-conversation": sender})[
        0
    ]


def remembered(bot: Server) -> int:
    return bot.call("GET", "/webhooks/halte/", secret=None)[1]["conversations"]


def test_a_conversation_stays_with_its_assistant_and_survives_it(pair: tuple[Server, Server, Server]) -> None:
    front, first, second = pair
    for _ in range(3):
        assert {say(front, f"visitor-{number}") for number in range(CONVERSATIONS)} == {200}
    shares = remembered(first), remembered(second)
    assert sum(shares) == CONVERSATIONS, "each is known to one of them only"
    assert min(shares) > 0, "both have some"
    first.process.kill()
    first.process.wait()
    assert {say(front, f"visitor-{number}") for number in range(CONVERSATIONS)} == {200}
    assert remembered(second) == CONVERSATIONS
