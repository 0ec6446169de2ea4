"""Which models are served, and how one follows another without a lost turn."""

from __future__ import annotations

import json
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import VERSION, Server

from helpline import models, paths

MODEL = "/webhooks/halte/model"


def put(server: Server, name: object) -> tuple[int, object]:
    return server.call("PUT", MODEL, json.dumps({"model": name}).encode())


@pytest.fixture
def twin(server: Server) -> Iterator[Path]:
    """The same model under another name, built here."""
    path = paths.model_path().parent / "twin.tar.gz"
    shutil.copy(paths.model_path(), path)
    yield path
    path.unlink()
    put(server, paths.model_path().name)


def test_another_model_is_served_without_a_lost_turn(server: Server, twin: Path) -> None:
    server.say("hallo", sender="stays")
    statuses: list[int] = []
    slowest = 0.0
    over = threading.Event()

    def talk(number: int) -> None:
        nonlocal slowest
        while not over.is_set():
            started = time.monotonic()
            status, _ = server.post(version=VERSION, sender=f"talker-{number}", message="wat kost het", lang="nl")
            slowest = max(slowest, time.monotonic() - started)
            statuses.append(status)

    talkers = [threading.Thread(target=talk, args=(number,)) for number in range(3)]
    for talker in talkers:
        talker.start()
    for name in (twin.name, paths.model_path().name, twin.name):
        assert put(server, name)[0] == 200
    over.set()
    for talker in talkers:
        talker.join()
    assert set(statuses) == {200}
    print(f"{len(statuses)} messages during three swaps, the slowest took {slowest:.2f} s")
    assert server.call("GET", "/webhooks/halte/", secret=None)[1]["conversations"] >= 4, "conversations are kept"


def test_a_model_that_was_not_built_here_is_refused(server: Server) -> None:
    stranger = paths.model_path().parent / "stranger.tar.gz"
    stranger.write_bytes(paths.model_path().read_bytes() + b"\0")
    try:
        assert put(server, stranger.name) == (409, {"error": "not_built_here"})
    finally:
        stranger.unlink()
    assert server.say("wat kost het")["topic"] == "cost", "the old one goes on"


def test_a_broken_model_is_refused_even_if_it_was_built_here(server: Server) -> None:
    broken = paths.model_path().parent / "broken.tar.gz"
    broken.write_bytes(paths.model_path().read_bytes()[:100_000])
    before = models.built(broken.parent)
    models.note(broken, broken.parent, {})
    try:
        assert put(server, broken.name) == (409, {"error": "model_broken"})
    finally:
        broken.unlink()
        (broken.parent / "built.json").write_text(json.dumps(before, indent=1))
    assert server.say("wat kost het")["topic"] == "cost"


@pytest.mark.parametrize("name", ["no.tar.gz", "../bot/models/current.tar.gz", "", None, 7, ["x"]])
def test_only_files_of_the_folder_of_models_have_names(server: Server, name: object) -> None:
    assert put(server, name) == (409, {"error": "no_such_model"})


def test_a_swap_needs_the_secret(server: Server) -> None:
    assert server.call("PUT", MODEL, b'{"model": "current.tar.gz"}', "wrong") == (401, {"error": "unauthorized"})
    assert server.call("PUT", MODEL, b"{") == (400, {"error": "not_json"})


def test_the_ledger_keeps_the_last_five(tmp_path: Path) -> None:
    for number in range(7):
        model = tmp_path / f"{number}.tar.gz"
        model.write_bytes(bytes([number]))
        models.note(model, tmp_path, {"lines": {"nl": number}})
    kept = models.built(tmp_path)
    assert [facts["lines"]["nl"] for facts in kept.values()] == [2, 3, 4, 5, 6]
    models.must_be_built_here(tmp_path / "6.tar.gz")
    with pytest.raises(models.UnusableModelError, match="not_built_here"):
        models.must_be_built_here(tmp_path / "0.tar.gz")
