"""The way of the tables from the first version to this one: data stays, bad rows are refused, models say the same."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from tests.conftest import new_database
from web.core.states import State
from web.prepare import migrate
from web.settings import ROOT
from web.storage.base import Base
from web.storage.conversations import places
from web.storage.engine import make_engine, read_sessions
from web.storage.models import ConversationRow, StaffRow

AT = "2026-11-24 09:00:00.000000"
STATES = {1: "assistant", 2: "waiting", 3: "waiting", 4: "with_staff", 5: "closed"}


def config(url: str) -> Config:
    made = Config(str(ROOT / "alembic.ini"))
    made.attributes["url"] = url
    return made


def hex_of(number: int) -> str:
    return f"{number:032x}"


def fill_first_version(engine: Engine) -> None:
    """A conversation in each state that there was, with words, and a worker."""
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO staff (staff_id, username, name, role, password_hash, active)"
                " VALUES (7, 'noor', 'Noor', 'counsellor', 'x', true)"
            )
        )
        for number, state in STATES.items():
            values: dict[str, Any] = {"which": hex_of(number), "state": state, "at": AT, "sealed": b"s%d" % number}
            values["asked"] = f"2026-11-24 08:0{9 - number}:00.000000" if state == "waiting" and number == 3 else None
            values["staff"] = 7 if state == "with_staff" else None
            values["closed"] = AT if state == "closed" else None
            connection.execute(
                text(
                    "INSERT INTO conversation (conversation_id, alias, language, state, started_at, epoch, last_number,"
                    " last_visible, staff_id, asked_at, urgency, misses, cards, closed_at, key_id, wrapped_key,"
                    " visitor_seen_at, version) VALUES (:which, 'Wilg-1', 'nl', :state, :at, 3, 1, 1, :staff, :asked,"
                    " 0, 0, 'crisis_suicide', :closed, 'k1', :sealed, :at, 5)"
                ),
                values,
            )
            connection.execute(
                text(
                    "INSERT INTO entry (conversation_id, number, prev, sender, kind, sealed, at, client_id)"
                    " VALUES (:which, 1, 0, 'visitor', 'text', :sealed, :at, 'client-1')"
                ),
                values,
            )


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """The tables of the first version with rows in them, brought up to date."""
    url = f"sqlite:///{tmp_path / 'old.sqlite'}"
    if request.param == "postgres":
        url = new_database("halte_migrated").replace("postgresql://", "postgresql+psycopg://")
    command.upgrade(config(url), "0001")
    made = make_engine(url)
    fill_first_version(made)
    migrate(url)
    yield made
    made.dispose()


def test_what_was_there_is_there(engine: Engine) -> None:
    with read_sessions(engine)() as session:
        rows = session.query(ConversationRow).order_by(ConversationRow.conversation_id).all()
        assert [row.state.value for row in rows] == list(STATES.values())
        for number, row in enumerate(rows, 1):
            known = row.to_core()
            assert (known.epoch, known.last_number, known.cards) == (3, 1, {"crisis_suicide"})
            assert (row.version, row.wrapped_key) == (5, b"s%d" % number)
            assert known.active_at == row.visitor_seen_at, "nobody counts as silent for having been there before"
            assert (known.returned, known.letter_state, known.offered_to, known.slot_id) == (False, None, None, None)
        assert rows[3].staff_id == 7
        sealed = session.execute(text("SELECT sealed FROM entry ORDER BY conversation_id")).scalars()
        assert [bytes(each) for each in sealed] == [b"s%d" % number for number in STATES]


def test_who_waited_keeps_the_place(engine: Engine) -> None:
    """By the time of asking, and of starting where there is none."""
    with read_sessions(engine)() as session:
        assert [place.conversation_id.int for place in places(session)] == [3, 2]


def test_a_worker_of_before_takes_visitors_in_both_languages(engine: Engine) -> None:
    with read_sessions(engine)() as session:
        row = session.get_one(StaffRow, 7)
        assert (row.languages, row.skills, row.capacity, row.status) == ("nl en", "", 3, "available")


BAD = [
    "UPDATE conversation SET state = 'nonsense' WHERE state = 'assistant'",
    "UPDATE conversation SET state = 'closed' WHERE state = 'assistant'",
    "UPDATE conversation SET closed_at = NULL, state = 'assistant', staff_id = 7 WHERE state = 'closed'",
    "UPDATE conversation SET closed_at = NULL WHERE state = 'closed'",
    "UPDATE conversation SET state = 'with_staff' WHERE state = 'assistant'",
    "UPDATE conversation SET state = 'answering', staff_id = NULL WHERE state = 'with_staff'",
    "UPDATE conversation SET queue_at = NULL WHERE state = 'waiting'",
    "UPDATE conversation SET queue_at = started_at WHERE state = 'assistant'",
    "UPDATE conversation SET staff_id = 99 WHERE state = 'with_staff'",
    "UPDATE conversation SET offered_to = 99 WHERE state = 'with_staff'",
    "UPDATE conversation SET slot_id = 99 WHERE state = 'assistant'",
    "UPDATE conversation SET active_at = NULL",
    "UPDATE conversation SET code_hash = 'x'",
    "UPDATE conversation SET letter_state = 'nonsense'",
    "UPDATE staff SET status = 'asleep'",
    "INSERT INTO slot (slot_id, starts_at, places, taken) VALUES (1, '2026-11-24 10:00:00', 1, 2)",
    "INSERT INTO slot (slot_id, starts_at, places, taken) VALUES (1, '2026-11-24 10:00:00', 1, -1)",
    "UPDATE entry SET prev = 1",
    "UPDATE entry SET sender = 'nobody'",
    "INSERT INTO entry (conversation_id, number, prev, sender, kind, sealed, at, client_id)"
    f" VALUES ('{hex_of(1)}', 2, 1, 'visitor', 'text', 'x', '{AT}', 'client-1')",
    "INSERT INTO entry (conversation_id, number, prev, sender, kind, sealed, at)"
    f" VALUES ('{hex_of(99)}', 1, 0, 'visitor', 'text', 'x', '{AT}')",
]


@pytest.mark.parametrize("statement", BAD)
def test_the_tables_refuse_what_must_not_be(engine: Engine, statement: str) -> None:
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(text(statement))


def test_every_state_has_its_place_in_the_tables(engine: Engine) -> None:
    more = {
        State.WAITING: {"queue_at": AT},
        State.WITH_STAFF: {"staff_id": 7},
        State.ANSWERING: {"staff_id": 7},
        State.CLOSED: {"closed_at": AT},
    }
    with engine.begin() as connection:
        for state in State:
            values = {
                "queue_at": None,
                "staff_id": None,
                "closed_at": None,
                **more.get(state, {}),
                "state": state.value,
            }
            settings = ", ".join(f"{name} = :{name}" for name in values)
            connection.execute(text(f"UPDATE conversation SET {settings} WHERE alias = 'Wilg-1'"), values)


def test_the_models_say_what_the_tables_are(engine: Engine) -> None:
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_bringing_up_to_date_twice_changes_nothing_and_there_is_one_way(engine: Engine) -> None:
    url = engine.url.render_as_string(hide_password=False)
    migrate(url)
    assert len(ScriptDirectory.from_config(config(url)).get_heads()) == 1
    with read_sessions(engine)() as session:
        assert session.query(ConversationRow).count() == len(STATES)


def test_the_way_back_would_lose_letters_and_is_refused(engine: Engine) -> None:
    with pytest.raises(NotImplementedError, match="backup"):
        command.downgrade(config(engine.url.render_as_string(hide_password=False)), "0001")
