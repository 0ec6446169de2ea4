"""Nothing stays longer than promised, on both databases, with `now` in our hands."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from tests.conftest import MARKER
from tests.kept import Kept, kept
from web.actions import audit, holds, retention
from web.core.audit import Deed
from web.core.staff import Role
from web.storage.erasing import rewrite, truncate_wal
from web.storage.sealing import CannotOpen, MasterKeys

KEYS = MasterKeys("k1", {"k1": b"k" * 32})


@pytest.fixture(params=["sqlite", "postgres"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Kept]:
    yield from kept(request.param, tmp_path, KEYS, "halte_retention")


def counts(house: Kept) -> dict[str, int]:
    return {table: house.all(f"SELECT count(*) FROM {table}")[0] for table in ("conversation", "entry", "hold")}


def test_a_day_after_the_end_nothing_is_left(house: Kept) -> None:
    conversation_id = house.conversation(f"ik heet {MARKER}")
    still_open = house.conversation("blijft")
    house.close(conversation_id)
    house.later(hours=22, minutes=59)
    assert house.do(retention.destroy_keys) == 0
    house.later(minutes=2)
    assert house.do(retention.destroy_keys) == 1
    assert house.do(retention.delete_rows) == 1
    assert house.do(retention.destroy_keys) == house.do(retention.delete_rows) == 0
    assert counts(house) == {"conversation": 1, "entry": 3, "hold": 0}
    assert house.words(still_open) == ["blijft"]


def test_the_key_goes_first_and_without_it_nothing_opens(house: Kept) -> None:
    conversation_id = house.conversation("woord")
    house.close(conversation_id)
    house.later(hours=24)
    house.do(retention.destroy_keys)
    assert counts(house)["entry"] == 4
    assert [bytes(key) for key in house.all("SELECT wrapped_key FROM conversation")] == [b""]
    assert house.all("SELECT token_hash FROM conversation") == [None]
    with pytest.raises(CannotOpen):
        house.words(conversation_id)


def test_many_go_in_small_bites(house: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "KEYS_AT_ONCE", 4)
    monkeypatch.setattr(retention, "CONVERSATIONS_AT_ONCE", 3)
    for _ in range(10):
        house.close(house.conversation("woord"))
    house.later(hours=24)
    assert [house.do(retention.destroy_keys) for _ in range(4)] == [4, 4, 2, 0]
    assert [house.do(retention.delete_rows) for _ in range(5)] == [3, 3, 3, 1, 0]
    assert counts(house) == {"conversation": 0, "entry": 0, "hold": 0}


def test_a_letter_stays_for_a_month_after_the_last_words(house: Kept) -> None:
    conversation_id = house.conversation("hallo")
    house.letter(conversation_id, "een brief")
    house.later(days=29)
    assert house.do(retention.silent_letters) == []
    house.say(conversation_id, "nog iets")
    house.later(days=29, hours=23)
    assert house.do(retention.silent_letters) == []
    assert house.do(retention.end_letter, conversation_id) is False
    house.later(hours=2)
    assert house.do(retention.silent_letters) == [conversation_id]
    assert house.do(retention.end_letter, conversation_id) is True
    assert counts(house) == {"conversation": 0, "entry": 0, "hold": 0}


def test_forget_deletes_at_once_and_twice_is_no_error(house: Kept) -> None:
    conversation_id, other = house.conversation("woord"), house.conversation("blijft")
    house.close(conversation_id)
    assert house.do(retention.destroy, conversation_id) is True
    assert house.do(retention.destroy, conversation_id) is True
    assert house.words(other) == ["blijft"]
    assert counts(house)["conversation"] == 1


def test_a_hold_keeps_it_from_both_until_its_end(house: Kept) -> None:
    conversation_id = house.conversation("woord")
    hold(house, conversation_id, days=10)
    house.close(conversation_id)
    assert house.do(retention.destroy, conversation_id) is False
    house.later(days=9, hours=23)
    assert house.do(retention.destroy_keys) == 0
    assert house.words(conversation_id) == ["woord"]
    house.later(hours=2)
    assert house.do(retention.destroy_keys) == 1
    assert house.do(retention.delete_rows) == 1
    assert counts(house) == {"conversation": 0, "entry": 0, "hold": 0}
    assert house.all("SELECT deed FROM audit ORDER BY audit_id") == ["hold_proposed", "hold_confirmed", "hold_ended"]


def test_a_held_letter_is_closed_after_its_month_and_deleted_when_the_hold_ends(house: Kept) -> None:
    conversation_id = house.conversation("hallo")
    house.letter(conversation_id, "een brief")
    hold(house, conversation_id, days=60)
    house.later(days=31)
    assert house.do(retention.end_letter, conversation_id) is True
    assert house.all("SELECT state FROM conversation") == ["closed"]
    house.later(days=30)
    assert house.do(retention.destroy_keys) == 1


def test_a_proposal_alone_keeps_nothing(house: Kept) -> None:
    conversation_id = house.conversation("woord")
    house.close(conversation_id)
    until = house.now.replace(month=12)
    house.do(holds.propose, KEYS, house.person("aisha", Role.SUPERVISOR), conversation_id, "een reden", until)
    house.later(hours=24)
    assert house.do(retention.destroy_keys) == 1
    assert house.do(retention.delete_rows) == 1
    assert counts(house) == {"conversation": 0, "entry": 0, "hold": 0}


def test_records_end_after_a_year(house: Kept) -> None:
    with house.work() as work:
        audit.note(work, Deed.KEYS_REWRAPPED, None)
    house.later(days=364)
    house.do(retention.delete_old_records)
    assert len(house.do(audit.recent, 10)) == 1
    house.later(days=2)
    house.do(retention.delete_old_records)
    assert house.do(audit.recent, 10) == []


def test_the_files_are_cleaned_without_keeping_anybody_out(house: Kept) -> None:
    """A reader at work is no obstacle: what it keeps goes in the next round."""
    house.close(house.conversation("woord"))
    reader = house.engine.connect()
    reader.exec_driver_sql("SELECT count(*) FROM entry").all()
    house.conversation("nieuw")
    on_sqlite = house.engine.dialect.name == "sqlite"
    assert truncate_wal(house.engine) is not on_sqlite
    rewrite(house.engine)
    reader.close()
    assert truncate_wal(house.engine) is True
    rewrite(house.engine)
    assert house.all("SELECT count(*) FROM conversation") == [2]


def hold(house: Kept, conversation_id: UUID, days: int) -> None:
    first, second = house.person("aisha", Role.SUPERVISOR), house.person("admin", Role.ADMINISTRATOR)
    start = house.now
    house.later(days=days)
    until, house.now = house.now, start
    house.do(holds.propose, KEYS, first, conversation_id, "een reden", until)
    house.do(holds.confirm, second, conversation_id)
