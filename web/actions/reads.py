"""Data for pages, for catching up and for the desk's board. No writes."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from web.actions import access, shift
from web.actions.outcome import Work
from web.core import hours, moves, queue
from web.core.content import ArticleKind
from web.core.conversation import Conversation
from web.core.entries import Entry
from web.core.queue import Place, Server, Wait
from web.core.staff import HERE_WITHIN, Role, Status
from web.core.states import LETTERS, State, Urgency
from web.storage import conversations, staff
from web.storage.models import ConversationRow

BOARD_LIMIT = 60  # more waiting visitors than anybody can look at; the count is told beside them


@dataclass(frozen=True)
class Offers:
    """What a visitor can choose now. `reason`: why there is no waiting, in the words of hours.Reason."""

    wait: bool
    letter: bool
    appointment: bool
    reason: str
    opens_at: datetime | None
    closes_at: datetime | None


@dataclass(frozen=True)
class View:
    """What a visitor may know of the state."""

    state: State
    last_number: int
    read_number: int
    language: str
    name: str | None
    position: int | None
    wait: Wait | None
    people_present: bool
    urgent: bool
    offers: Offers
    appointment_at: datetime | None
    idle_ends_at: datetime | None


@dataclass(frozen=True)
class Card:
    """A conversation as the desk lists it: no words of the visitor."""

    conversation: Conversation
    topic_label: str | None
    visitor: str
    mine: bool
    name: str | None
    offered: bool


@dataclass(frozen=True)
class Colleague:
    staff_id: int
    name: str
    role: Role
    status: Status
    busy: int
    capacity: int
    languages: tuple[str, ...]


@dataclass(frozen=True)
class Board:
    """`waiting` and `letters` are the first of them, in order; the counts are of all."""

    waiting: tuple[Card, ...]
    waiting_count: int
    letters: tuple[Card, ...]
    held: tuple[Card, ...]
    colleagues: tuple[Colleague, ...]


def resume(work: Work, conversation_id: UUID, after: int) -> tuple[Conversation, list[Entry]]:
    """What a visitor missed: the entries after that number that visitors see."""
    row = access.for_visitor(work, conversation_id)
    found = work.entries.after(work.session, row, after)
    return row.to_core(), [entry for entry in found if entry.for_visitors]


def holder(work: Work, conversation_id: UUID) -> int | None:
    """The worker who has this conversation now, if any."""
    row = conversations.by_id(work.session, conversation_id)
    return row.staff_id if row is not None else None


def view(work: Work, conversation_id: UUID) -> View:
    row = access.for_visitor(work, conversation_id)
    conversation = row.to_core()
    on_duty, place = shift.on_duty(work), None
    if conversation.queue_at is not None:
        mine = conversation.language, queue.skill_for(conversation.topic, conversation.urgency)
        ahead = conversations.ahead_of(work.session, conversation.queue_at, conversation_id)
        place = queue.position(mine, ahead, on_duty)
    return _view(work, row, place, on_duty, shift.served(work) if place else [])


def positions(work: Work) -> tuple[dict[UUID, tuple[int, Wait | None]], bool]:
    """Place and wait of everyone in the queue, from the claim's own ordering; and whether anybody is there."""
    on_duty, served = shift.on_duty(work), shift.served(work)
    ordered = conversations.places(work.session)
    waits = Waits(on_duty, served)
    told: dict[UUID, tuple[int, Wait | None]] = {}
    for place, position in queue.each_position(ordered, on_duty):
        told[place.conversation_id] = position, waits.of(position, place)
        if position % conversations.BREATH == 0:
            time.sleep(0)  # the chat itself goes on
    return told, bool(on_duty)


class Waits:
    """Estimates of one moment: the same place in the same language is worked out once."""

    def __init__(self, on_duty: list[Server], served: list[timedelta]) -> None:
        self._on_duty, self._served = on_duty, served
        self._known: dict[tuple[int, str, str | None], Wait | None] = {}

    def of(self, position: int, place: Place) -> Wait | None:
        key = position, place.language, place.skill
        if key not in self._known:
            self._known[key] = queue.estimated_wait(*key, self._on_duty, self._served)
        return self._known[key]


def _view(work: Work, row: ConversationRow, place: int | None, on_duty: list[Server], served: list[timedelta]) -> View:
    conversation = row.to_core()
    skill = queue.skill_for(conversation.topic, conversation.urgency)
    wait = queue.estimated_wait(place, conversation.language, skill, on_duty, served) if place else None
    return View(
        state=conversation.state,
        last_number=conversation.last_visible,
        read_number=row.read_number,
        language=conversation.language,
        name=_name(work, conversation.staff_id),
        position=place,
        wait=wait,
        people_present=bool(on_duty),
        urgent=conversation.urgency is Urgency.NOW,
        offers=_offers(work, conversation),
        appointment_at=conversation.appointment_at,
        idle_ends_at=_idle_end(conversation),
    )


def _idle_end(conversation: Conversation) -> datetime | None:
    if conversation.warned_at is None or conversation.state is State.WAITING:
        return None
    return conversation.warned_at + moves.WARN_BEFORE


def _offers(work: Work, conversation: Conversation) -> Offers:
    opening = hours.opening(work.schedule, work.now)
    here = conversation.state in (State.ASSISTANT, State.WAITING)
    letter = here or conversation.state is State.ANSWERED
    wait = opening.admits and conversation.state in (State.ASSISTANT, *LETTERS)
    return Offers(wait, letter, here, opening.reason.value, opening.opens_at, opening.closes_at)


def history(work: Work, conversation_id: UUID, staff_id: int, after: int) -> tuple[Card, list[Entry]]:
    """All entries, notes too, of a conversation that this worker holds."""
    row = access.for_staff(work, conversation_id, staff_id)
    entries = work.entries.after(work.session, row, after)
    return card(work, row.to_core(), staff_id), entries


def board(work: Work) -> Board:
    """The desk's picture of this moment; `held` are all conversations with a worker on duty, whoever that is."""
    rows = staff.on_duty(work.session, work.now - HERE_WITHIN)
    waiting = conversations.waiting(work.session, BOARD_LIMIT)
    letters = conversations.letters(work.session, BOARD_LIMIT)
    held = [item for row in rows for item in conversations.held_by(work.session, row.staff_id)]
    known = [item.conversation_id for item in (*waiting, *letters, *held)]
    here = conversations.here(work.session, known, work.now - HERE_WITHIN)
    names = {row.staff_id: row.name for row in rows}
    busy = [item.staff_id for item in held]
    return Board(
        waiting=tuple(_card(work, item, here, None, None) for item in waiting),
        waiting_count=len(waiting) if len(waiting) < BOARD_LIMIT else conversations.count_waiting(work.session),
        letters=tuple(_card(work, item, here, None, None) for item in letters),
        held=tuple(_card(work, item, here, item.staff_id, names.get(item.staff_id or 0)) for item in held),
        colleagues=tuple(
            Colleague(
                row.staff_id,
                row.name,
                row.role,
                row.status,
                busy.count(row.staff_id),
                row.capacity,
                tuple(row.languages.split()),
            )
            for row in rows
        ),
    )


def card(work: Work, conversation: Conversation, staff_id: int) -> Card:
    here = conversations.here(work.session, [conversation.conversation_id], work.now - HERE_WITHIN)
    return _card(work, conversation, here, staff_id, _name(work, conversation.staff_id))


def _card(work: Work, item: Conversation, here: frozenset[UUID], staff_id: int | None, name: str | None) -> Card:
    mine = staff_id is not None and item.staff_id == staff_id
    offered = staff_id is not None and item.offered_to == staff_id
    return Card(item, _topic_label(work, item), _presence(item, here), mine, name, offered)


def _presence(item: Conversation, here: frozenset[UUID]) -> str:
    if item.state is State.CLOSED:
        return "left"
    return "here" if item.conversation_id in here else "away"


def _topic_label(work: Work, item: Conversation) -> str | None:
    """The subject in neutral words, never as a visitor would say it: a card's button could pass for a quote."""
    article = work.content.article(item.topic, item.language) if item.topic else None
    if article is None:
        return None
    return article.summary if article.kind is ArticleKind.CARD else article.tab or article.ask or article.title


def _name(work: Work, staff_id: int | None) -> str | None:
    row = staff.by_id(work.session, staff_id) if staff_id is not None else None
    return row.name if row is not None else None
