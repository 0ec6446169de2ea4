"""Coming back later, on both databases: letters, the return code, appointments."""

from uuid import UUID

import pytest
from sqlalchemy import text

from tests.house import NINE_TO_FIVE, House
from web.actions import access, chat, desk, later, messages, reads, upkeep
from web.core.entries import Sender
from web.core.errors import Code, Refused
from web.core.events import LettersChanged
from web.core.states import State, Urgency


def write(house: House, visitor: UUID, words: str = "Kan iemand mij raad geven?") -> tuple[str, ...]:
    """The return code."""
    return house.do(later.send_letter, messages.from_visitor(visitor, house.new_id(), words))  # type: ignore[no-any-return]


def refused(house: House, *call: object) -> Code:
    with pytest.raises(Refused) as answer:
        house.do(*call)  # type: ignore[arg-type]
    return answer.value.code


# Letters


def test_a_letter_is_answered_in_writing_and_found_again_with_the_code(house: House) -> None:
    visitor = house.begin()
    code = write(house, visitor)
    house.do(chat.leave, visitor)
    assert house.state(visitor) is State.LETTER
    assert [item.conversation.conversation_id for item in house.do(reads.board).letters] == [visitor]
    house.do(desk.claim, visitor, house.noor, house.new_id())
    house.do(desk.answer, visitor, house.noor, house.new_id(), "Dag, dit kun je doen.")
    assert house.state(visitor) is State.ANSWERED
    token = house.do(later.come_back, " ".join(code))
    assert house.do(access.by_token, token).conversation_id == visitor
    words = [entry.body.text for entry in house.history(visitor) if entry.sender in (Sender.VISITOR, Sender.STAFF)]
    assert words == ["Kan iemand mij raad geven?", "Dag, dit kun je doen."]


def test_more_words_after_a_letter_belong_to_it_and_after_the_answer_they_are_the_next(house: House) -> None:
    visitor = house.begin()
    write(house, visitor)
    house.say(visitor, "nog iets")
    assert house.state(visitor) is State.LETTER
    house.do(desk.claim, visitor, house.noor, house.new_id())
    house.say(visitor, "en dit")
    assert house.state(visitor) is State.ANSWERING
    house.do(desk.answer, visitor, house.noor, house.new_id(), "Antwoord")
    house.say(visitor, "dank, en nog een vraag")
    assert house.state(visitor) is State.LETTER
    assert house.codes(visitor) == ["started", "letter_sent", "claimed", "answered", "letter_sent"]


def test_a_letter_given_back_or_of_a_lost_worker_waits_again(house: House) -> None:
    visitor = house.begin()
    write(house, visitor)
    house.do(desk.claim, visitor, house.noor, house.new_id())
    house.do(desk.release, visitor, house.noor, house.new_id(), "kan iemand anders dit doen?")
    assert house.state(visitor) is State.LETTER
    house.do(desk.claim, visitor, house.sem, house.new_id())
    house.later(seconds=61)
    assert house.upkeep(upkeep.lost, upkeep.return_lost) == 1
    assert house.state(visitor) is State.LETTER
    assert house.do(reads.board).waiting_count == 0


def test_letters_are_read_danger_first_then_the_longest_waiting(house: House) -> None:
    letters = []
    for words in ("eerste", "tweede", "ik wil niet meer leven"):
        letters.append(house.begin())
        write(house, letters[-1], words)
        house.later(minutes=1)
    listed = [item.conversation.conversation_id for item in house.do(reads.board).letters]
    assert listed == [letters[2], letters[0], letters[1]]
    entries = house.history(letters[2])
    assert [entry.kind.value for entry in entries].count("card") == 1, "danger in a letter shows its card too"
    assert entries[-1].body.doors


def test_a_letter_needs_words_and_is_not_for_who_has_a_person(house: House) -> None:
    with pytest.raises(Refused) as empty:
        messages.from_visitor(house.begin(), house.new_id(), " \n ")
    assert empty.value.code is Code.EMPTY
    letter = messages.from_visitor(house.held(), house.new_id(), "een brief")
    assert refused(house, later.send_letter, letter) is Code.ILLEGAL_MOVE


def test_who_waited_and_writes_a_letter_gives_up_the_place(house: House) -> None:
    visitor = house.waiting()
    write(house, visitor)
    assert house.do(reads.board).waiting_count == 0
    house.do(chat.ask_person, visitor, house.new_id())
    house.do(chat.withdraw, visitor, house.new_id())
    assert house.state(visitor) is State.LETTER, "the letter is still to be answered"


def test_who_asked_from_a_letter_and_books_a_time_keeps_the_letter(house: House) -> None:
    visitor = house.begin()
    write(house, visitor)
    house.do(chat.ask_person, visitor, house.new_id())
    house.do(upkeep.offer_slots)
    house.do(later.book, visitor, house.new_id(), house.do(later.free_slots)[0][0])
    assert [item.conversation.conversation_id for item in house.do(reads.board).letters] == [visitor]


def test_the_desk_hears_of_letters(house: House) -> None:
    visitor = house.begin()
    with house.sessions.begin() as session:
        from web.actions.outcome import Work

        work = Work(session, house.entries, house.content, house.now)
        outcome = later.send_letter(work, messages.from_visitor(visitor, "client-1", "een brief"))
    assert LettersChanged() in outcome.events


# The return code


def test_a_repeated_letter_gets_the_same_code_and_is_one_letter(house: House) -> None:
    visitor = house.begin()
    letter = messages.from_visitor(visitor, house.new_id(), "een brief")
    first = house.do(later.send_letter, letter)
    assert house.do(later.send_letter, letter) == first
    assert write(house, visitor, "nog een") == first, "what was written down stays right"
    assert house.do(later.come_back, " ".join(first))
    assert len([entry for entry in house.history(visitor) if entry.sender is Sender.VISITOR]) == 2


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_code_may_be_typed_as_people_type(house: House, language: str) -> None:
    visitor = house.begin(language)
    code = write(house, visitor)
    assert len(code) == 7
    typed = "  " + ",  ".join(code).upper() + ".\n"
    token = house.do(later.come_back, typed)
    assert house.do(access.by_token, token).conversation_id == visitor


def test_coming_back_ends_the_cookie_of_the_device_that_was_left(house: House) -> None:
    started = house.do(chat.begin, "nl")
    code = write(house, started.conversation_id)
    first = house.do(later.come_back, " ".join(code))
    assert house.do(access.by_token, started.token) is None
    second = house.do(later.come_back, " ".join(code))
    assert house.do(access.by_token, first) is None
    assert house.do(access.by_token, second) is not None


def test_a_wrong_code_and_that_of_a_forgotten_or_ended_conversation_open_nothing(house: House) -> None:
    forgotten, ended = house.begin(), house.begin()
    codes = [write(house, each) for each in (forgotten, ended)]
    house.do(chat.forget, forgotten)
    house.do(desk.claim, ended, house.noor, house.new_id())
    house.do(desk.close, ended, house.noor, house.new_id())
    for typed in ("", "een twee drie vier vijf zes zeven", *(" ".join(code) for code in codes)):
        assert refused(house, later.come_back, typed) is Code.WRONG_CODE


def test_codes_of_different_conversations_differ_and_none_is_in_the_database(house: House) -> None:
    codes = [write(house, house.begin()) for _ in range(5)]
    assert len(set(codes)) == 5
    with house.engine.connect() as connection:
        dump = repr(connection.execute(text("SELECT * FROM conversation")).all())
    assert " ".join(codes[0]) not in dump
    assert refused(house, later.come_back, " ".join((*codes[0][:6], codes[1][6]))) is Code.WRONG_CODE


def test_danger_in_a_letter_while_closed_shows_the_doors_and_goes_first_at_the_desk(house: House) -> None:
    house.schedule = NINE_TO_FIVE
    house.now = house.now.replace(hour=20)
    visitor = house.begin()
    write(house, visitor, "ik wil niet meer leven")
    [letter] = house.do(reads.board).letters
    assert letter.conversation.urgency is Urgency.NOW
    assert house.state(visitor) is State.LETTER
