"""What time does to a conversation, on both databases, with `now` in our hands."""

from sqlalchemy import text

from tests.conftest import MARKER
from tests.house import House
from tests.readings import reading
from web.actions import chat, desk, reads, turns, upkeep
from web.core.assistant import Act, Kind
from web.core.states import State

COST = reading("cost", 0.9)


def test_a_worker_who_is_gone_for_a_minute_loses_the_visitor_to_the_front_of_the_queue(house: House) -> None:
    conversation_id = house.held()
    house.later(seconds=59)
    assert house.upkeep(upkeep.lost, upkeep.return_lost) == 0
    somebody_else = house.waiting()
    house.later(seconds=2)
    assert house.upkeep(upkeep.lost, upkeep.return_lost) == 1
    assert house.do(reads.view, conversation_id).position == 1
    assert house.do(reads.view, somebody_else).position == 2
    _, entries = house.do(reads.resume, conversation_id, 0)
    assert entries[-1].body.code == "staff_lost"


def test_a_worker_who_comes_back_in_time_keeps_the_visitor(house: House) -> None:
    conversation_id = house.held()
    house.later(seconds=50)
    house.here(house.noor)
    house.later(seconds=50)
    assert house.upkeep(upkeep.lost, upkeep.return_lost) == 0
    assert house.state(conversation_id) is State.WITH_STAFF


def test_an_answer_that_comes_after_the_claim_is_dropped(house: House) -> None:
    begun = house.begin()
    number = house.say(begun, "wat kost het").number
    question = house.do(turns.prepare, begun, number, 1)
    house.do(chat.ask_person, begun, "c" * 8)
    house.here(house.noor)
    house.do(desk.claim, begun, house.noor)
    assert house.do(turns.store_answer, question, COST) is None
    _, entries = house.do(reads.resume, begun, number)
    assert [entry.sender.value for entry in entries] == ["system", "system"]


def test_an_answer_to_an_earlier_question_is_dropped_and_the_last_one_is_answered_once(house: House) -> None:
    begun = house.begin()
    first = house.say(begun, "hoi").number
    early = house.do(turns.prepare, begun, first, 1)
    second = house.say(begun, "wat kost het").number
    late = house.do(turns.prepare, begun, second, 1)
    assert house.do(turns.store_answer, early, COST) is None
    assert house.do(turns.store_answer, late, COST).kind is Kind.ANSWER
    assert house.do(turns.store_answer, late, COST) is None


def test_two_misses_offer_a_person(house: House) -> None:
    begun = house.begin()
    lost = reading("out_of_scope", 0.05, Act.FALLBACK)
    said = []
    for _ in range(2):
        number = house.say(begun, "qwerty").number
        house.do(turns.store_answer, house.do(turns.prepare, begun, number, 1), lost)
        said.append(house.do(reads.resume, begun, number)[1][-1].body)
    assert said[0].text != said[1].text
    assert all("human" in [button.topic for button in body.suggestions] for body in said)


def test_an_unanswered_turn_is_found_after_some_seconds(house: House) -> None:
    begun = house.begin()
    number = house.say(begun, "wat kost het").number
    assert house.do(upkeep.overdue_turns) == []
    house.later(seconds=7)
    assert [due.number for due in house.do(upkeep.overdue_turns)] == [number]


def test_a_long_silence_is_announced_and_then_ends_the_conversation(house: House) -> None:
    silent, talking = house.begin(), house.begin()
    house.later(hours=5, minutes=31)
    house.say(talking)
    assert house.upkeep(upkeep.idle, upkeep.warn) == 1
    assert house.do(reads.view, silent).idle_ends_at is not None
    house.later(minutes=29)
    assert house.upkeep(upkeep.silent, upkeep.expire) == 0
    house.later(minutes=2)
    assert house.upkeep(upkeep.silent, upkeep.expire) == 1
    assert house.state(silent) is State.CLOSED
    assert house.codes(silent)[-2:] == ["idle_warning", "expired"]
    assert house.state(talking) is State.ASSISTANT


def test_a_sign_of_life_after_the_warning_keeps_it_open(house: House) -> None:
    visitor = house.begin()
    house.later(hours=5, minutes=31)
    house.upkeep(upkeep.idle, upkeep.warn)
    house.do(chat.stay, visitor)
    house.later(minutes=31)
    assert house.upkeep(upkeep.silent, upkeep.expire) == 0
    assert house.do(reads.view, visitor).idle_ends_at is None


def test_an_hour_of_silence_changes_nothing(house: House) -> None:
    visitor = house.begin()
    house.later(minutes=61)
    assert house.upkeep(upkeep.idle, upkeep.warn) == 0
    assert house.say(visitor).number == 3


def test_who_is_away_from_the_queue_for_an_hour_goes_on_with_the_assistant(house: House) -> None:
    away, here = house.waiting(), house.waiting()
    house.gone(away)
    house.later(minutes=59)
    house.here()
    assert house.upkeep(upkeep.away, upkeep.lapse) == 0
    house.later(minutes=2)
    house.here()
    assert house.upkeep(upkeep.away, upkeep.lapse) == 1
    assert house.state(away) is State.ASSISTANT
    assert house.codes(away)[-1] == "lapsed"
    assert house.state(here) is State.WAITING


def test_who_was_on_a_process_that_died_is_away(house: House) -> None:
    visitor = house.waiting()
    house.later(hours=2)  # no beat of the process since
    assert house.upkeep(upkeep.away, upkeep.lapse) == 1
    assert house.state(visitor) is State.ASSISTANT


def test_words_are_unreadable_in_the_database(house: House) -> None:
    begun = house.begin()
    house.say(begun, f"ik heet {MARKER}")
    with house.engine.connect() as connection:
        dump = repr(connection.execute(text("SELECT * FROM entry")).all())
        dump += repr(connection.execute(text("SELECT * FROM conversation")).all())
    assert MARKER not in dump
