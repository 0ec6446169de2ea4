"""Remembers what was promised and looks after every step whether it still holds."""

from itertools import cycle
from uuid import UUID

from sqlalchemy import func, select

from tests.house import KEYS, PROCESS, House
from web.actions import desk, presence, reads, shift
from web.actions.messages import Message
from web.actions.outcome import Work
from web.core import queue
from web.core.conversation import Conversation
from web.core.entries import Entry
from web.core.errors import Code, Refused
from web.core.states import HELD, State
from web.storage import conversations
from web.storage.entries import EntryStore, Stored
from web.storage.models import ConversationRow, EntryRow, SlotRow


class Witness:
    def __init__(self, house: House) -> None:
        self._house = house
        self._acked: list[tuple[Message, Stored]] = []
        self._entries: dict[UUID, list[Entry]] = {}
        self._states: dict[UUID, Conversation] = {}
        self._versions: dict[UUID, tuple[int, int]] = {}

    def acked(self, message: Message, stored: Stored) -> None:
        self._acked.append((message, stored))

    def forgotten(self, conversation_id: UUID) -> None:
        self._states.pop(conversation_id, None)
        self._entries.pop(conversation_id, None)
        self._acked = [item for item in self._acked if item[0].conversation_id != conversation_id]

    def entries(self, conversation_id: UUID) -> list[Entry]:
        return self._entries.get(conversation_id, [])

    def state(self, conversation_id: UUID) -> Conversation:
        return self._states[conversation_id]

    def look(self, everything: bool = False) -> None:
        """At what changed since the last time; `everything` reads all words again."""
        if everything:
            self._versions.clear()
        self._house.do(self._look)
        for message, stored in self._acked:
            self._still_there(message, stored)

    def _look(self, work: Work) -> None:
        rows = list(work.session.scalars(select(ConversationRow)))
        assert set(self._states) <= {row.conversation_id for row in rows}, "a conversation is gone"
        counted = select(EntryRow.conversation_id, func.count()).group_by(EntryRow.conversation_id)
        counts = dict(iter(work.session.execute(counted)))
        assert set(counts) == {row.conversation_id for row in rows}
        for row in rows:
            version = (row.version, counts[row.conversation_id])
            if self._versions.get(row.conversation_id) == version:
                continue
            self._versions[row.conversation_id] = version
            state = row.to_core()
            # Its own store, which remembers nothing.
            entries = EntryStore(KEYS).after(work.session, row, 0)
            _numbered(state, entries)
            _owned(state)
            self._goes_on(state, entries)
            self._states[row.conversation_id], self._entries[row.conversation_id] = state, entries
        for slot in work.session.scalars(select(SlotRow)):
            holding = [row for row in rows if row.slot_id == slot.slot_id and row.state is not State.CLOSED]
            assert slot.taken == len(holding), "a slot that nobody has, or that is sold twice"

    def _goes_on(self, state: Conversation, entries: list[Entry]) -> None:
        """Only appended, never after the end."""
        earlier = self._entries.get(state.conversation_id, [])
        assert entries[: len(earlier)] == earlier
        before = self._states.get(state.conversation_id)
        if before is not None and before.state is State.CLOSED:
            assert state == before
            assert len(entries) == len(earlier)
        if before is not None and (before.state, before.staff_id) != (state.state, state.staff_id):
            assert state.epoch > before.epoch, "another owner in the same epoch"

    def _still_there(self, message: Message, stored: Stored) -> None:
        entry = self._entries[message.conversation_id][stored.number - 1]
        assert (entry.sender, entry.body.text, entry.client_id) == (message.sender, message.text, message.client_id)
        assert Stored(entry.number, entry.prev, entry.at) == stored

    def walk_the_queue(self) -> None:
        """Everybody who waits and is here is taken, in the order that was told. None of it stays."""
        with self._house.sessions() as session:
            work = Work(session, EntryStore(KEYS), self._house.content, self._house.now, self._house.schedule, PROCESS)
            everyone = [row.staff_id for row in reads.staff.on_duty(session, work.now - shift.HERE_WITHIN)]
            for staff_id in everyone:
                desk.worker(work, staff_id).capacity = 100
            presence.beat(work, everyone)
            waiting = conversations.places(session)
            presence.note_visitors(work, [place.conversation_id for place in waiting], [])
            assert waiting == queue.in_order(waiting)
            told, _ = reads.positions(work)
            for place in waiting:
                assert reads.view(work, place.conversation_id).position == told[place.conversation_id][0]
            on_duty = shift.on_duty(work)
            servers = cycle(server for server in on_duty if desk.worker(work, server.staff_id).status == "available")
            refused = 0
            while waiting and refused < len(on_duty) and (server := next(servers, None)):
                first = queue.first_for(server, waiting, on_duty)
                taken = _claimed(work, server.staff_id)
                assert taken == (first.conversation_id if first is not None else None)
                if taken is None or first is None:
                    refused += 1
                    continue
                refused = 0
                # Nobody who was told a better place, and could have been taken by this worker, is passed over.
                assert told[taken][0] == min(told[place.conversation_id][0] for place in _same_kind(first, waiting))
                waiting = [place for place in waiting if place.conversation_id != taken]
            session.rollback()


def _claimed(work: Work, staff_id: int) -> UUID | None:
    try:
        return desk.claim_next(work, staff_id).value
    except Refused as refused:
        if refused.code is Code.NOT_WAITING:
            return None
        raise


def _same_kind(first: queue.Place, waiting: list[queue.Place]) -> list[queue.Place]:
    return [place for place in waiting if (place.language, place.skill) == (first.language, first.skill)]


def _numbered(state: Conversation, entries: list[Entry]) -> None:
    assert [entry.number for entry in entries] == list(range(1, len(entries) + 1))
    assert state.last_number == len(entries)
    visible = 0
    for entry in entries:
        assert entry.prev == visible
        visible = entry.number if entry.for_visitors else visible
    assert state.last_visible == visible


def _owned(state: Conversation) -> None:
    """What the checks of the table say, and what they cannot say."""
    assert (state.staff_id is not None) == (state.state in HELD)
    assert (state.queue_at is not None) == (state.state is State.WAITING)
    assert (state.closed_at is not None) == (state.state is State.CLOSED)
    assert state.asked_at is not None or state.state is not State.WAITING
    if state.queue_at is not None and state.asked_at is not None:
        booked = state.appointment_at is not None and state.slot_id is None
        assert state.queue_at == queue.rank(state.asked_at, state.urgency, booked, state.returned)
    if state.offered_to is not None:
        assert state.state is State.WITH_STAFF
        assert state.offered_to != state.staff_id
    if state.turn_number is not None:
        assert state.state is State.ASSISTANT
    if state.slot_id is not None:
        assert state.appointment_at is not None, "a slot without an appointment is never given back"
