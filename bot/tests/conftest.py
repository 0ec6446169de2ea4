"""A real server with the real model, started once for all tests."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from helpline import launcher, paths
from helpline.train import train

launcher.leave_out_tensorflow()  # before any test imports a module that imports Rasa

SECRET = "test-secret"  # noqa: S105 - it protects nothing but this test
START_SECONDS = 60
VERSION = 2  # of the contract; written here so that a change of it is noticed


@dataclass
class Server:
    """The server under test."""

    port: int
    log: Path
    process: subprocess.Popen[bytes]

    def call(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        secret: str | None = SECRET,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, Any]:
        """Status and decoded JSON (or None) of one request."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=body, method=method)
        if secret is not None:
            request.add_header("x-bot-secret", secret)
        for name, value in (headers or {}).items():
            request.add_header(name, value)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
                return answer.status, _decode(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, _decode(error.read())

    def post(self, **payload: Any) -> tuple[int, Any]:
        """POST one message."""
        return self.call("POST", "/webhooks/halte/message", json.dumps(payload).encode())

    def say(self, text: str, lang: str = "nl", sender: str = "visitor") -> dict[str, Any]:
        """The decision on a message; it must be 200."""
        status, answer = self.post(version=VERSION, sender=sender, message=text, lang=lang)
        assert status == 200, answer
        return answer


def _decode(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def start(arguments: list[str], environment: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    """A process of ours that writes everything into one log."""
    with log.open("wb") as output:
        return subprocess.Popen(  # noqa: S603 - our own interpreter with our own arguments
            [sys.executable, "-m", *arguments],
            cwd=paths.BOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )


@pytest.fixture(scope="session")
def wrong_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a spelling mistake in its tracker store; it starts beside the good one."""
    folder = tmp_path_factory.mktemp("wrong_store")
    endpoints = folder / "endpoints.yml"
    endpoints.write_text("tracker_store:\n  type: helpline.store.NoSuchStore\n")
    port = free_port()
    arguments = ["helpline.launcher", "run", "--interface", "127.0.0.1", "--port", str(port)]
    arguments += ["--model", str(paths.model_path()), "--endpoints", str(endpoints)]
    arguments += ["--credentials", str(paths.CREDENTIALS)]
    environment = {**launcher.environment(), "BOT_SECRET": SECRET}
    process = start(arguments, environment, folder / "log")
    yield Server(port, folder / "log", process)
    process.kill()
    process.wait()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Server]:
    """The assistant as it is served, ready to answer."""
    if not paths.model_path().is_file():
        train(paths.model_path())
    request.getfixturevalue("wrong_store")
    log = tmp_path_factory.mktemp("server") / "log"
    port = free_port()
    environment = {**os.environ, "BOT_SECRET": SECRET, "BOT_PORT": str(port)}
    process = start(["helpline.serve"], environment, log)
    running = Server(port, log, process)
    deadline = time.monotonic() + START_SECONDS
    while True:
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        try:
            status, answer = running.call("GET", "/webhooks/halte/", secret=None)
        except OSError:
            time.sleep(0.2)
            continue
        if status == 200 and answer["ready"]:
            break
    yield running
    process.terminate()
    process.wait(timeout=20)
