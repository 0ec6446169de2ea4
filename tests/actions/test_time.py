"""What time does to a conversation, on both databases, with `now` in our hands."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, text

from tests.conftest import MARKER, new_database
from web.actions import accounts, chat, desk, presence, reads, turns, upkeep
from web.actions.outcome import Outcome, Work
from web.core.assistant import Act, BotAnswer
from web.core.conversation import State
from web.core.errors import Code, Refused
from web.core.staff import Role
from web.prepare import migrate
from web.seed import read_folder, take_over
from web.settings import ROOT
from web.storage.content import load
from web.storage.engine import make_engine, write_sessions
from web.storage.entries import EntryStore
from web.storage.sealing import MasterKeys

START = datetime(2026, 11, 24, 9, tzinfo=UTC)
KEYS = MasterKeys("k1", {"k1": b"k" * 32})
COST = BotAnswer("cost", 0.9, (("cost", 0.9),), 0.0, Act.ARTICLE)


class House:
    """A database with content and one worker; every action runs at the time that the test says."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.now = START
        self._sessions = write_sessions(engine)
        self.do(take_over, read_folder(ROOT / "data" / "content"))
        self.noor = self.do(accounts.create, "noor", "Noor", Role.COUNSELLOR, "a made-up password")

    def do(self, action: Callable[..., Any], *arguments: Any) -> Any:
        with self._sessions.begin() as session:
            result = action(Work(session, EntryStore(KEYS), load(session), self.now), *arguments)
        return result.value if isinstance(result, Outcome) else result

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)

    def waiting(self) -> UUID:
        begun = self.do(chat.begin, "nl")
        self.do(chat.ask_person, begun.conversation_id, "a" * 8)
        return begun.conversation_id  # type: ignore[no-any-return]

    def held(self) -> UUID:
        conversation_id = self.waiting()
        self.do(presence.note, [], [self.noor])
        self.do(desk.claim, conversation_id, self.noor)
        return conversation_id

    def state(self, conversation_id: UUID) -> State:
        return self.do(reads.view, conversation_id).state  # type: ignore[no-any-return]


@pytest.fixture(params=["sqlite", "postgres"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    url = f"sqlite:///{tmp_path / 'halte.sqlite'}"
    if request.param == "postgres":
        url = new_database("halte_actions").replace("postgresql://", "postgresql+psycopg://")
    migrate(url)
    engine = make_engine(url)
    yield House(engine)
    engine.dispose()


def test_a_worker_who_is_gone_for_a_minute_loses_the_visitor_to_the_front_of_the_queue(house: House) -> None:
    conversation_id = house.held()
    house.later(seconds=59)
    assert house.do(upkeep.return_lost) == 0
    somebody_else = house.waiting()
    house.later(seconds=2)
    assert house.do(upkeep.return_lost) == 1
    assert house.do(reads.view, conversation_id).position == 1
    assert house.do(reads.view, somebody_else).position == 2
    _, entries = house.do(reads.resume, conversation_id, 0)
    assert entries[-1].body.code == "staff_lost"


def test_a_worker_who_comes_back_in_time_keeps_the_visitor(house: House) -> None:
    conversation_id = house.held()
    house.later(seconds=50)
    house.do(presence.note, [], [house.noor])
    house.later(seconds=50)
    assert house.do(upkeep.return_lost) == 0
    assert house.state(conversation_id) is State.WITH_STAFF


def test_an_answer_that_comes_after_the_claim_is_dropped(house: House) -> None:
    begun = house.do(chat.begin, "nl")
    number = house.do(chat.say, begun.conversation_id, "b" * 8, "wat kost het", None)
    question = house.do(turns.prepare, begun.conversation_id, number, 1)
    house.do(chat.ask_person, begun.conversation_id, "c" * 8)
    house.do(desk.claim, begun.conversation_id, house.noor)
    assert house.do(turns.store_answer, question, COST) is None
    _, entries = house.do(reads.resume, begun.conversation_id, number)
    assert [entry.sender.value for entry in entries] == ["system", "system"]


def test_an_answer_to_an_earlier_question_is_dropped_and_the_last_one_is_answered_once(house: House) -> None:
    begun = house.do(chat.begin, "nl")
    first = house.do(chat.say, begun.conversation_id, "b" * 8, "hoi", None)
    early = house.do(turns.prepare, begun.conversation_id, first, 1)
    second = house.do(chat.say, begun.conversation_id, "c" * 8, "wat kost het", None)
    late = house.do(turns.prepare, begun.conversation_id, second, 1)
    assert house.do(turns.store_answer, early, COST) is None
    assert house.do(turns.store_answer, late, COST) == "answer"
    assert house.do(turns.store_answer, late, COST) is None


def test_two_misses_offer_a_person(house: House) -> None:
    begun = house.do(chat.begin, "nl")
    lost = BotAnswer(None, 0.05, (), 0.0, Act.FALLBACK)
    said = []
    for client_id in ("b" * 8, "c" * 8):
        number = house.do(chat.say, begun.conversation_id, client_id, "qwerty", None)
        house.do(turns.store_answer, house.do(turns.prepare, begun.conversation_id, number, 1), lost)
        said.append(house.do(reads.resume, begun.conversation_id, number)[1][-1].body)
    assert said[0].text != said[1].text
    assert all("human" in [button.topic for button in body.suggestions] for body in said)


def test_an_unanswered_turn_is_found_after_some_seconds(house: House) -> None:
    begun = house.do(chat.begin, "nl")
    number = house.do(chat.say, begun.conversation_id, "b" * 8, "wat kost het", None)
    assert house.do(upkeep.overdue_turns) == []
    house.later(seconds=7)
    assert [due.number for due in house.do(upkeep.overdue_turns)] == [number]


def test_a_long_silence_ends_the_conversation_but_not_a_visitor_who_is_here(house: House) -> None:
    silent, here = house.waiting(), house.waiting()
    house.later(hours=7)
    house.do(presence.note, [here], [])
    for conversation_id in house.do(upkeep.unseen):
        house.do(upkeep.expire, conversation_id)
    assert house.state(silent) is State.CLOSED
    assert house.state(here) is State.WAITING


def test_a_day_after_the_end_nothing_is_left(house: House) -> None:
    conversation_id = house.held()
    house.do(chat.say, conversation_id, "b" * 8, f"ik heet {MARKER}", None)
    house.do(desk.close, conversation_id, house.noor, "c" * 8)
    house.later(hours=22)
    assert house.do(upkeep.delete_due) == 0
    house.later(hours=2)
    assert house.do(upkeep.delete_due) == 1
    with pytest.raises(Refused) as refused:
        house.do(reads.view, conversation_id)
    assert refused.value.code is Code.NOT_FOUND
    with house.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM entry")) == 0


def test_words_are_unreadable_in_the_database(house: House) -> None:
    begun = house.do(chat.begin, "nl")
    house.do(chat.say, begun.conversation_id, "b" * 8, f"ik heet {MARKER}", None)
    with house.engine.connect() as connection:
        dump = repr(connection.execute(text("SELECT * FROM entry")).all())
        dump += repr(connection.execute(text("SELECT * FROM conversation")).all())
    assert MARKER not in dump
    assert begun.token not in dump
