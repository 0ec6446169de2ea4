"""The master key changes: everything stays readable, and nothing needs the old key any more."""

import threading
import timeit
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.kept import Kept, kept
from web.actions import keys
from web.storage import secrets
from web.storage.sealing import CannotOpen, MasterKeys, open_entry, open_reason, seal_entry, seal_reason

OLD, NEW = b"o" * 32, b"n" * 32
BEFORE = MasterKeys("k1", {"k1": OLD})
BOTH = MasterKeys("k2", {"k1": OLD, "k2": NEW})
AFTER = MasterKeys("k2", {"k2": NEW})
HERE = UUID(int=7)


@pytest.fixture(params=["sqlite", "postgres"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Kept]:
    yield from kept(request.param, tmp_path, BEFORE, "halte_keys")


def rewrap_all(house: Kept) -> keys.Batch:
    """One pass, as the command makes it."""
    rewrapped = lost = unreadable = 0
    last = None
    while True:
        batch = house.do(keys.rewrap, house.master, last)
        if batch.last is None:
            return keys.Batch(rewrapped, lost, unreadable)
        rewrapped, lost, unreadable = rewrapped + batch.rewrapped, lost + batch.lost, unreadable + batch.unreadable
        last = batch.last


def test_after_the_change_nothing_needs_the_old_key(house: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "BATCH", 3)
    said = {house.conversation(f"woord {number}"): f"woord {number}" for number in range(10)}
    house.master = BOTH
    young = house.conversation("al onder de nieuwe sleutel")
    assert rewrap_all(house).rewrapped == 10
    assert house.do(keys.finish, BOTH, 10) == {"k2": 11}
    assert house.all("SELECT DISTINCT key_id FROM conversation") == ["k2"]
    house.master = AFTER
    assert {which: house.words(which) for which in said} == {which: [word] for which, word in said.items()}
    assert house.words(young) == ["al onder de nieuwe sleutel"]
    assert house.all("SELECT deed FROM audit") == ["keys_rewrapped"]


def test_before_the_change_the_new_key_alone_opens_nothing(house: Kept) -> None:
    conversation_id = house.conversation("woord")
    house.master = AFTER
    with pytest.raises(CannotOpen):
        house.words(conversation_id)
    assert rewrap_all(house) == keys.Batch(unreadable=1)
    assert house.all("SELECT DISTINCT key_id FROM conversation") == ["k1"]


def test_a_second_run_and_one_after_an_interruption_do_only_what_is_left(
    house: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "BATCH", 2)
    for number in range(5):
        house.conversation(str(number))
    house.master = BOTH
    assert house.do(keys.rewrap, BOTH, None).rewrapped == 2
    assert rewrap_all(house).rewrapped == 3
    assert rewrap_all(house) == keys.Batch()


def test_people_write_while_the_keys_are_rewrapped(house: Kept) -> None:
    everybody = [house.conversation("eerste") for _ in range(20)]
    house.master = BOTH
    failed: list[BaseException] = []

    def write() -> None:
        try:
            for number in range(4):
                for which in everybody:
                    house.say(which, f"woord {number}")
        except BaseException as error:
            failed.append(error)

    writer = threading.Thread(target=write)
    writer.start()
    while writer.is_alive():
        rewrap_all(house)
    writer.join()
    rewrap_all(house)
    assert failed == []
    house.master = AFTER
    assert all(len(house.words(which)) == 5 for which in everybody)


def test_the_installations_own_secret_survives_the_change(house: Kept) -> None:
    with house.work() as work:
        first = secrets.make(work.session, BEFORE, secrets.PEPPER)
    house.do(keys.finish, BOTH, 0)
    with house.work() as work:
        assert secrets.make(work.session, AFTER, secrets.PEPPER) == first
    assert house.all("SELECT key_id FROM secret") == ["k2"]


def test_what_is_sealed_opens_only_in_its_place() -> None:
    key = BEFORE.unwrap(*BEFORE.new_key(HERE)[:2], HERE)
    cipher = AESGCM(key)
    sealed = seal_entry(cipher, HERE, 1, b"woord")
    assert open_entry(cipher, HERE, 1, sealed) == b"woord"
    assert open_reason(key, HERE, seal_reason(key, HERE, b"reden")) == b"reden"
    for wrong in (
        lambda: open_entry(cipher, HERE, 2, sealed),
        lambda: open_entry(cipher, uuid4(), 1, sealed),
        lambda: open_entry(AESGCM(b"x" * 32), HERE, 1, sealed),
        lambda: open_reason(key, HERE, sealed),
        lambda: open_entry(cipher, HERE, 1, sealed[:5]),
        lambda: open_entry(cipher, HERE, 1, sealed[:-1]),
        lambda: open_entry(cipher, HERE, 1, b""),
    ):
        with pytest.raises(CannotOpen):
            wrong()


def test_a_wrapped_key_opens_only_for_its_conversation() -> None:
    key_id, wrapped, _ = BEFORE.new_key(HERE)
    with pytest.raises(CannotOpen):
        BEFORE.unwrap(key_id, wrapped, uuid4())
    with pytest.raises(CannotOpen, match="destroyed"):
        BEFORE.unwrap("", b"", HERE)


def test_no_key_stands_in_what_is_printed() -> None:
    assert "ooo" not in repr(BEFORE)


def test_unwrapping_is_quick() -> None:
    """Every message does it. 5 microseconds are the goal; the slowest machine that tests may be four times slower."""
    key_id, wrapped, _ = BEFORE.new_key(HERE)
    seconds = min(timeit.repeat(lambda: BEFORE.unwrap(key_id, wrapped, HERE), number=1_000, repeat=5)) / 1_000
    assert seconds < 20e-6
