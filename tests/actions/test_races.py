"""Two or fifty at once, over two processes, on both databases: one wins, everybody is told, no word is lost."""

import threading
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from tests.actions.witness import Witness
from tests.house import House
from tests.pair import Pair
from tests.racing import Process, by_code, crew, name_of, on_time, together, won
from tests.readings import reading
from web.actions import chat, desk, later, messages, reads, turns, upkeep
from web.core.entries import Sender
from web.core.errors import Refused
from web.core.states import State
from web.storage.entries import Stored
from web.storage.models import SlotRow

COST = reading("cost", 0.9)
ROUNDS = 8

pytestmark = pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")


@pytest.fixture
def two(house: House) -> Iterator[tuple[Process, Process]]:
    on_time(house, house.noor, house.sem)
    processes = Process(house, "p1"), Process(house, "p2")
    for process in processes:
        process.dispatcher.read(lambda work: None)  # the content, see the test of it below
    yield processes
    for process in processes:
        process.engine.dispose()


Two = tuple[Process, Process]


def test_of_fifty_who_claim_one_visitor_one_wins_and_the_others_are_told_who(house: House, two: Two) -> None:
    workers, visitor = crew(house, 50), house.waiting()
    claims = [two[at % 2].does(desk.claim, visitor, staff_id, house.new_id()) for at, staff_id in enumerate(workers)]
    answers = together(*claims)
    [winner] = won(answers)
    losers = [answer for at, answer in enumerate(answers) if at != winner]
    assert by_code(losers) == ["already_claimed"] * 49
    assert {loser.detail["name"] for loser in losers} == {name_of(house, workers[winner])}
    assert house.codes(visitor).count("claimed") == 1


def test_fifty_workers_who_take_the_next_get_fifty_visitors(house: House, two: Two) -> None:
    workers, visitors = crew(house, 50), [house.waiting() for _ in range(50)]
    answers = together(*(two[at % 2].does(desk.claim_next, who, house.new_id()) for at, who in enumerate(workers)))
    assert by_code(answers) == []
    assert sorted(answers) == sorted(visitors)
    Witness(house).look()


def test_more_workers_than_visitors_and_nobody_is_left_waiting(house: House, two: Two) -> None:
    workers = crew(house, 12)
    for _ in range(4):
        visitors = [house.waiting() for _ in range(4)]
        answers = together(*(two[at % 2].does(desk.claim_next, who, house.new_id()) for at, who in enumerate(workers)))
        assert sorted(answers[at] for at in won(answers)) == sorted(visitors)
        assert by_code(answers) == ["not_waiting"] * 8
        for at in won(answers):
            house.do(desk.close, answers[at], workers[at], house.new_id())


def test_a_worker_with_room_for_one_gets_one(house: House, two: Two) -> None:
    [worker] = crew(house, 1, capacity=1)
    for _ in range(ROUNDS):
        visitors = []
        for _ in range(6):
            visitors.append(house.waiting())
            house.later(milliseconds=1)  # so that the next is none of the others
        claims = [two[at % 2].does(desk.claim, which, worker, house.new_id()) for at, which in enumerate(visitors[3:])]
        claims += [two[at].does(desk.claim_next, worker, house.new_id()) for at in range(2)]
        answers = together(*claims)
        assert by_code(answers) == ["at_capacity"] * 4
        house.do(desk.close, answers[won(answers)[0]], worker, house.new_id())
        for visitor in visitors:
            house.do(chat.leave, visitor)


def test_everybody_writes_at_once_into_one_conversation(house: House, two: Two) -> None:
    """The visitor in two tabs on two processes, the assistant, a worker who claims, and then writes."""
    witness = Witness(house)
    for _ in range(3):
        visitor = house.begin()
        asked = house.say(visitor, "wat kost het").number
        question = house.do(turns.prepare, visitor, asked, 1)
        tabs = [[messages.from_visitor(visitor, house.new_id(), f"{tab}-{at}") for at in range(12)] for tab in range(2)]
        answers = together(
            two[0].stores(*tabs[0]),
            two[1].stores(*tabs[1]),
            two[0].does(turns.store_answer, question, COST),
            two[1].does(chat.ask_person, visitor, house.new_id()),
        )
        on_time(house, house.noor)
        replies = [
            messages.from_staff(visitor, house.new_id(), f"antwoord {at}", house.noor, "Noor") for at in range(12)
        ]
        house.do(desk.claim, visitor, house.noor, house.new_id())
        more = [messages.from_visitor(visitor, house.new_id(), f"nog {at}") for at in range(12)]
        answers += together(
            two[0].stores(*more),
            two[1].stores(*replies),
            two[0].does(desk.note, visitor, house.noor, "n" * 8, "let op"),
        )
        for batch, stored in ((tabs[0], answers[0]), (tabs[1], answers[1]), (more, answers[4]), (replies, answers[5])):
            assert stored == sorted(stored), "each one's own words stay in order"
            for message, result in zip(batch, stored, strict=True):
                witness.acked(message, result)
        witness.look()
        entries = witness.entries(visitor)
        assert len([entry for entry in entries if entry.sender in (Sender.VISITOR, Sender.STAFF)]) == 1 + 4 * 12 + 1
        answered = [at for at, entry in enumerate(entries) if entry.sender is Sender.ASSISTANT][1:]
        assert all(entries[at - 1].number == asked for at in answered), "the assistant answered too late"
        house.do(desk.close, visitor, house.noor, house.new_id())


def test_the_same_message_twenty_times_at_once_over_two_processes(house: House, two: Two) -> None:
    for text_of in ("hoi", "ik wil niet meer leven", "hoi"):
        visitor = house.begin()
        message = messages.from_visitor(visitor, house.new_id(), text_of)
        first, second = together(two[0].stores(*[message] * 10), two[1].stores(*[message] * 10))
        assert isinstance(first[0], Stored)
        assert len({*first, *second}) == 1
        assert [entry.body.text for entry in house.history(visitor) if entry.sender is Sender.VISITOR] == [text_of]
        assert len([event for process in two for event in process.heard if _is_entry(event, message)]) == 1


def _is_entry(event: object, message: messages.Message) -> bool:
    entry = getattr(event, "entry", None)
    return entry is not None and entry.client_id == message.client_id


def test_claiming_against_withdrawing(house: House, two: Two) -> None:
    for _ in range(ROUNDS):
        visitor = house.waiting()
        answers = together(
            two[0].does(desk.claim, visitor, house.noor, house.new_id()),
            two[1].does(chat.withdraw, visitor, house.new_id()),
        )
        assert len(won(answers)) == 1
        assert by_code(answers) in (["not_waiting"], ["illegal_move"])
        assert house.state(visitor) is (State.WITH_STAFF if won(answers) == [0] else State.ASSISTANT)
        house.do(chat.leave, visitor)


def test_closing_against_saying(house: House, two: Two) -> None:
    for at in range(ROUNDS):
        on_time(house, house.noor)
        visitor = house.held()
        words = [messages.from_visitor(visitor, house.new_id(), f"{number}") for number in range(4)]
        closed, said = together(
            two[at % 2].does(desk.close, visitor, house.noor, house.new_id()), two[(at + 1) % 2].stores(*words)
        )
        assert closed is None
        entries = house.history(visitor)
        assert entries[-1].body.code == "closed", "words after the end"
        assert by_code(said) == ["closed"] * len(by_code(said))
        kept = [entry.client_id for entry in entries if entry.sender is Sender.VISITOR]
        assert kept == [word.client_id for word, answer in zip(words, said, strict=True) if isinstance(answer, Stored)]


def test_releasing_against_replying(house: House, two: Two) -> None:
    for at in range(ROUNDS):
        on_time(house, house.noor)
        visitor = house.held()
        words = [messages.from_staff(visitor, house.new_id(), f"{number}", house.noor, "Noor") for number in range(4)]
        _, said = together(
            two[at % 2].does(desk.release, visitor, house.noor, house.new_id()), two[(at + 1) % 2].stores(*words)
        )
        assert by_code(said) == ["not_found"] * len(by_code(said))
        entries = house.history(visitor)
        assert entries[-1].body.code == "released", "words of a worker who no longer had the visitor"
        assert len([entry for entry in entries if entry.sender is Sender.STAFF]) == len(won(said))
        assert house.state(visitor) is State.WAITING
        house.do(chat.leave, visitor)


def test_of_twenty_who_book_the_last_place_one_gets_it(house: House, two: Two) -> None:
    house.do(upkeep.offer_slots)
    slot, _ = house.do(later.free_slots)[0]
    visitors = [house.begin() for _ in range(20)]
    bookings = [two[at % 2].does(later.book, which, house.new_id(), slot) for at, which in enumerate(visitors)]
    answers = together(*bookings)
    assert by_code(answers) == ["slot_taken"] * 19
    assert house.do(lambda work: work.session.get(SlotRow, slot).taken) == 1
    booked = visitors[won(answers)[0]]
    together(*(two[at % 2].does(later.cancel, booked, house.new_id()) for at in range(6)))
    assert house.do(lambda work: work.session.get(SlotRow, slot).taken) == 0


def test_accepting_against_taking_back_and_against_releasing(house: House, two: Two) -> None:
    for at in range(ROUNDS):
        on_time(house, house.noor, house.sem)
        visitor = house.held()
        house.do(desk.offer, visitor, house.noor, house.new_id(), house.sem, "weet jij raad?")
        against = (desk.decline, desk.release)[at % 2]
        answers = together(
            two[0].does(desk.accept, visitor, house.sem, house.new_id()),
            two[1].does(against, visitor, house.noor, house.new_id()),
        )
        assert len(won(answers)) == 1
        assert house.do(reads.holder, visitor) == (house.sem if 0 in won(answers) else _left_with(house, against))
        house.do(chat.leave, visitor)


def _left_with(house: House, against: object) -> int | None:
    return house.noor if against is desk.decline else None


def test_two_processes_write_to_the_same_two_conversations_in_opposite_order(house: House, two: Two) -> None:
    """Each remembers states that the other has changed since; neither waits for the other for ever."""
    one, other = house.begin(), house.begin()
    started = time.monotonic()
    for _ in range(ROUNDS):
        there, back = (
            [messages.from_visitor(which, house.new_id(), "hoi") for which in order] * 2
            for order in ((one, other), (other, one))
        )
        for said in together(two[0].stores(*there), two[1].stores(*back)):
            assert by_code(said) == []
    assert time.monotonic() - started < ROUNDS, "they waited for each other"
    Witness(house).look()


def test_a_reply_through_a_process_that_remembers_an_older_state(house: House) -> None:
    pair = Pair(house.engine)
    visitor = pair.waiting()
    assert isinstance(pair.at(0).send(messages.from_visitor(visitor, pair.new_id(), "hoi"))[0], Stored)
    pair.at(1).do(desk.claim, visitor, pair.noor, pair.new_id())
    reply = messages.from_staff(visitor, "reply-01", "dag", pair.noor, "Noor")
    assert isinstance(pair.at(0).send(reply)[0], Stored)
    pair.at(1).do(desk.release, visitor, pair.noor, pair.new_id())
    late = messages.from_staff(visitor, "reply-02", "nog iets", pair.noor, "Noor")
    assert isinstance(pair.at(0).send(late)[0], Refused)
    assert pair.send(reply)[0] == pair.at(1).send(reply)[0]


def test_what_changed_without_words_is_not_written_over_from_memory(house: House) -> None:
    """The slot comes back when the time has come, with no entry whose number could be in the way of an older state."""
    pair = Pair(house.engine)
    visitor = pair.begin()
    pair.do(upkeep.offer_slots)
    slot, at = pair.do(later.free_slots)[0]
    pair.do(later.book, visitor, pair.new_id(), slot)
    pair.do(chat.ask_person, visitor, pair.new_id())
    pair.at(0).send(messages.from_visitor(visitor, pair.new_id(), "hoi"))
    pair.now = at
    assert pair.at(1).upkeep(upkeep.appointments_due, upkeep.begin_appointment) == 0
    pair.at(0).send(messages.from_visitor(visitor, pair.new_id(), "ik wil niet meer leven"))
    Witness(pair).look()


def test_whoever_asks_while_the_content_is_being_read_waits_for_it(house: House, two: Two) -> None:
    """The first moments of a process: a visitor in danger gets the card then too."""
    for _ in range(3):
        process = Process(house, "p3")
        visitors = [house.begin() for _ in range(10)]
        words = [messages.from_visitor(visitor, house.new_id(), "ik wil niet meer leven") for visitor in visitors]
        said = together(*(process.stores(word) for word in words))
        process.engine.dispose()
        assert by_code([answer for answers in said for answer in answers]) == []
        shown = [[entry.kind.value for entry in house.history(visitor)].count("card") for visitor in visitors]
        assert shown == [1] * 10


def test_whose_words_are_being_stored_is_still_the_next(house: House, two: Two) -> None:
    if house.engine.dialect.name == "sqlite":
        return  # one writer at a time: nothing to wait for
    visitor = house.waiting()
    with house.engine.begin() as writing:
        writing.execute(text("SELECT 1 FROM conversation FOR UPDATE"))
        asking: list[object] = []
        claim = two[0].does(desk.claim_next, house.noor, house.new_id())
        thread = threading.Thread(target=lambda: asking.extend(together(claim)))
        thread.start()
        time.sleep(0.3)
    thread.join(10)
    assert asking == [visitor]
