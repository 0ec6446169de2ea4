"""What people and time can do, as rules that chance puts in an order; see test_machine.py."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import Engine

from tests.actions.witness import Witness
from tests.house import NINE_TO_FIVE
from tests.pair import Pair, plain
from tests.readings import reading
from web.actions import chat, desk, later, messages, presence, turns, upkeep
from web.core import hours
from web.core.assistant import Act, BotAnswer
from web.core.entries import ChangeCode, Sender
from web.core.errors import Code, Refused
from web.core.staff import Status
from web.core.states import State
from web.storage.entries import Stored
from web.worker.loop import SLOWLY, SOON

VISITORS = 4
TEXTS = ("hoi", "wat kost het", "ik wil niet meer leven", "twee\nregels met é")
ANSWERS = (
    reading("cost", 0.9),
    reading("human", 0.9, Act.HANDOVER),
    reading("crisis_suicide", 0.9, Act.CARD, 0.9),
    reading("out_of_scope", 0.05, Act.FALLBACK),
    None,
)
ACTS = (desk.hand_back, desk.close, desk.block, desk.accept, desk.decline)
STILL_THE_ASSISTANTS = (ChangeCode.BOOKED, ChangeCode.CANCELLED, ChangeCode.IDLE_WARNING)

which = st.integers(0, VISITORS - 1)
who = st.integers(0, 2)
text = st.sampled_from(TEXTS)
topic = st.sampled_from((None, None, "minor_self"))


class Machine(RuleBasedStateMachine):
    make_engine: Callable[[], Engine]

    def __init__(self) -> None:
        super().__init__()
        self.house = house = Pair(type(self).make_engine())
        house.change(house.sem, languages="nl", skills="youth", capacity=1)
        self.workers = [house.noor, house.sem, house.hire("aisha", "Aïsha", languages="en")]
        house.do(upkeep.offer_slots)
        self.witness = Witness(house)
        self.visitors: list[UUID] = []
        self.questions: list[turns.Question] = []
        self.done: list[tuple[Callable[..., Any], tuple[Any, ...], Any]] = []  # all that may be asked for again
        self.said: list[messages.Message] = []

    def teardown(self) -> None:
        self.witness.look(everything=True)
        self.witness.walk_the_queue()
        self.house.engine.dispose()

    @invariant()
    def everything_holds(self) -> None:
        self.witness.look()

    def try_(self, action: Callable[..., Any], *arguments: Any, repeatable: bool = True) -> Any:
        """A refusal is an answer that changes nothing."""
        try:
            value = self.house.do(action, *arguments)
        except Refused as refused:
            self.untouched()
            return refused
        before = [self.witness.state(one) for one in self.visitors]
        self.witness.look()
        # What changed nothing leaves no trace by which a repeat could be known.
        if repeatable and before != [self.witness.state(one) for one in self.visitors]:
            self.done.append((action, arguments, value))
        return value

    def untouched(self) -> None:
        before = [self.witness.state(one) for one in self.visitors]
        self.witness.look()
        assert [self.witness.state(one) for one in self.visitors] == before

    def open(self) -> list[UUID]:
        return [one for one in self.visitors if self.witness.state(one).state is not State.CLOSED]

    def one(self, number: int) -> UUID:
        last = self.visitors[-VISITORS:]
        return last[number % len(last)]

    @initialize()
    def furnish(self) -> None:
        """One with a worker, one who waits, one with the assistant, one with a letter."""
        self.visitors += [self.house.held(), self.house.waiting(), self.house.begin("en"), self.house.begin()]
        self.house.do(later.send_letter, messages.from_visitor(self.visitors[3], self.house.new_id(), "een brief"))

    # Visitors

    @rule(language=st.sampled_from(("nl", "nl", "en")), side=st.integers(0, 1))
    @precondition(lambda self: len(self.open()) < VISITORS)
    def begin(self, language: str, side: int) -> None:
        self.visitors.append(self.house.at(side).begin(language))

    @rule(
        parts=st.lists(st.tuples(which, text, topic, who), min_size=1, max_size=4),
        again=st.lists(st.integers(0, 200), max_size=2),
        side=st.integers(0, 1),
        careful=st.sampled_from((False, False, True)),
    )
    @precondition(lambda self: self.visitors)
    def write(self, parts: list[Any], again: list[int], side: int, careful: bool) -> None:
        """Words of visitors and of workers, and some of earlier, in one transaction."""
        batch = []
        for number, said, topic, staff in parts:
            worker = self.holder_or(number, staff)
            batch.append(messages.from_visitor(self.one(number), self.house.new_id(), said, topic))
            batch.append(messages.from_staff(self.one(number), self.house.new_id(), said, worker, "Noor"))
        batch += [self.said[at % len(self.said)] for at in again if self.said]
        foretold = self.house.foretold(*batch)
        results = self.house.at(side).send(*batch, careful=careful)
        assert [plain(result) for result in results] == [plain(result) for result in foretold]
        self.said += batch
        self.witness.look()
        for message, result in zip(batch, results, strict=True):
            if isinstance(result, Stored):
                self.witness.acked(message, result)

    @rule(number=which, action=st.sampled_from((chat.ask_person, chat.withdraw, later.cancel)))
    @precondition(lambda self: self.visitors)
    def ask(self, number: int, action: Callable[..., Any]) -> None:
        self.try_(action, self.one(number), self.house.new_id())

    @rule(number=which, said=text)
    @precondition(lambda self: self.visitors)
    def letter(self, number: int, said: str) -> None:
        self.try_(later.send_letter, messages.from_visitor(self.one(number), self.house.new_id(), said))

    @rule(number=which, slot=st.integers(0, 1))
    @precondition(lambda self: self.visitors)
    def book(self, number: int, slot: int) -> None:
        free = self.house.do(later.free_slots)
        wanted = free[slot][0] if len(free) > slot else 1
        self.try_(later.book, self.one(number), self.house.new_id(), wanted)

    @rule(number=which, action=st.sampled_from((chat.stay, chat.stay, chat.leave)), often=st.integers(1, 2))
    @precondition(lambda self: self.visitors)
    def stay_or_leave(self, number: int, action: Callable[..., Any], often: int) -> None:
        for _ in range(often):
            self.try_(action, self.one(number), repeatable=False)

    @rule(number=which)
    @precondition(lambda self: len(self.visitors) > VISITORS)
    def forget(self, number: int) -> None:
        gone = self.one(number)
        self.house.do(chat.forget, gone)
        self.visitors.remove(gone)
        self.witness.forgotten(gone)
        assert plain(self.house.send(messages.from_visitor(gone, "c" * 8, "hoi"))[0]) == (Code.NOT_FOUND, {})

    @rule(number=which, here=st.booleans())
    @precondition(lambda self: self.visitors)
    def come_or_go(self, number: int, here: bool) -> None:
        arrived, gone = ([self.one(number)], []) if here else ([], [self.one(number)])
        self.house.do(presence.note_visitors, arrived, gone)

    # Workers

    @rule(number=which, staff=who, side=st.integers(0, 1))
    @precondition(lambda self: self.visitors)
    def claim(self, number: int, staff: int, side: int) -> None:
        self.house.at(side)
        self.try_(desk.claim, self.one(number), self.workers[staff], self.house.new_id())

    @rule(staff=who)
    def claim_next(self, staff: int) -> None:
        self.try_(desk.claim_next, self.workers[staff], self.house.new_id())

    @rule(number=which, staff=who, action=st.sampled_from(ACTS))
    @precondition(lambda self: self.visitors)
    def act(self, number: int, staff: int, action: Callable[..., Any]) -> None:
        by_holder = action in (desk.hand_back, desk.close, desk.block)
        worker = self.holder_or(number, staff) if by_holder else self.workers[staff]
        self.try_(action, self.one(number), worker, self.house.new_id())

    @rule(number=which, staff=who, said=text, action=st.sampled_from((desk.release, desk.note, desk.answer)))
    @precondition(lambda self: self.visitors)
    def act_in_words(self, number: int, staff: int, said: str, action: Callable[..., Any]) -> None:
        self.try_(action, self.one(number), self.holder_or(number, staff), self.house.new_id(), said)

    @rule(number=which, staff=who, to=who, then=st.sampled_from((None, desk.accept, desk.decline)))
    @precondition(lambda self: self.visitors)
    def offer(self, number: int, staff: int, to: int, then: Callable[..., Any] | None) -> None:
        holder, colleague = self.holder_or(number, staff), self.workers[to]
        self.try_(desk.offer, self.one(number), holder, self.house.new_id(), colleague, "weet jij raad?")
        if then is not None:
            self.try_(then, self.one(number), colleague, self.house.new_id())

    def holder_or(self, number: int, staff: int) -> int:
        """Most often whoever holds the conversation: the others' attempts all end in the same way."""
        held_by = self.witness.state(self.one(number)).staff_id
        return held_by if held_by is not None and staff else self.workers[staff]

    @rule(staff=who, status=st.sampled_from((Status.AVAILABLE, Status.AVAILABLE, Status.BUSY, Status.BREAK)))
    def status(self, staff: int, status: Status) -> None:
        self.house.do(desk.set_status, self.workers[staff], status)

    # What was done already

    @rule(at=st.integers(0, 200), side=st.integers(0, 1))
    @precondition(lambda self: self.done)
    def repeat(self, at: int, side: int) -> None:
        """The acknowledgement was lost and the browser asks again, on any process, however much later."""
        action, arguments, first = self.done[at % len(self.done)]
        try:
            again = self.house.at(side).do(action, *arguments)
        except Refused as refused:
            again = refused
        self.untouched()
        if isinstance(again, Refused):
            # What was taken and is no longer one's own is not shown again; a deleted conversation to nobody.
            about = arguments[0].conversation_id if action is later.send_letter else arguments[0]
            assert about not in self.visitors or action in (desk.claim, desk.accept)
        else:
            assert again == first

    # The assistant

    @rule(number=which)
    @precondition(lambda self: self.visitors)
    def prepare(self, number: int) -> None:
        state = self.witness.state(self.one(number))
        if state.turn_number is not None:
            self.questions.append(self.house.do(turns.prepare, state.conversation_id, state.turn_number, state.epoch))

    @rule(at=st.integers(0, 200), answer=st.sampled_from(ANSWERS))
    @precondition(lambda self: self.questions)
    def answer_turn(self, at: int, answer: BotAnswer | None) -> None:
        question = self.questions[at % len(self.questions)]
        since = self.witness.entries(question.conversation_id)[question.number :]
        late = [
            entry
            for entry in since
            if entry.sender in (Sender.VISITOR, Sender.STAFF)
            or (entry.sender is Sender.ASSISTANT and not entry.body.crisis)
            or (entry.body.code is not None and entry.body.code not in STILL_THE_ASSISTANTS)
        ]
        gone = question.conversation_id not in self.visitors
        kind = self.house.do(turns.store_answer, question, answer)
        if late or gone:
            assert kind is None, "a late answer"
        elif not since:
            assert kind is not None, "an answer that was wanted"

    # Time

    @rule(minutes=st.sampled_from((0.1, 0.4, 0.9, 2, 16, 61, 400)), lost=st.sets(who, max_size=2), rounds=st.booleans())
    def clock(self, minutes: float, lost: set[int], rounds: bool) -> None:
        """Time goes by; desks and visitors are connected, except some. Then the worker process makes its round."""
        self.house.later(minutes=minutes)
        self.house.here(*(self.workers[staff] for staff in range(3) if staff not in lost))
        for find, line in (*SOON, *SLOWLY) if rounds else ():
            self.house.upkeep(find, line)
            assert self.house.upkeep(find, line) == 0, "the same rule twice in a moment"
            self.witness.look()

    @rule(opening=st.sampled_from(("always", "always", "nine to five", "closed")))
    def hours(self, opening: str) -> None:
        closed = hours.Schedule(**{**vars(hours.ALWAYS), "closed_until": self.house.now + timedelta(hours=1)})
        schedules = {"always": hours.ALWAYS, "nine to five": NINE_TO_FIVE, "closed": closed}
        self.house.schedule = schedules[opening]

    @rule()
    def walk_the_queue(self) -> None:
        self.witness.walk_the_queue()
