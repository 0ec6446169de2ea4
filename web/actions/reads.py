"""Data for pages, for catching up and for the desk's board. No writes."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from web.actions import access, presence
from web.actions.outcome import Work
from web.core import queue
from web.core.content import ArticleKind
from web.core.conversation import Conversation, State, Urgency
from web.core.entries import Entry
from web.core.staff import HERE_WITHIN, Role
from web.storage import conversations, staff


@dataclass(frozen=True)
class View:
    """What a visitor may know of the state."""

    state: State
    last_number: int
    name: str | None
    position: int | None
    people_present: bool
    urgent: bool


@dataclass(frozen=True)
class Card:
    """A conversation as the desk lists it: no words of the visitor."""

    conversation: Conversation
    topic_label: str | None
    visitor: str
    mine: bool
    name: str | None


@dataclass(frozen=True)
class Colleague:
    staff_id: int
    name: str
    role: Role
    busy: int


@dataclass(frozen=True)
class Board:
    waiting: tuple[Card, ...]
    held: tuple[Card, ...]
    colleagues: tuple[Colleague, ...]


def resume(work: Work, conversation_id: UUID, after: int) -> tuple[Conversation, list[Entry]]:
    """What a visitor missed: the entries after that number that visitors see."""
    row = access.for_visitor(work, conversation_id)
    found = work.entries.after(work.session, row, after)
    return row.to_core(), [entry for entry in found if entry.for_visitors]


def view(work: Work, conversation_id: UUID) -> View:
    conversation = access.for_visitor(work, conversation_id).to_core()
    place = None
    if conversation.state is State.WAITING:
        place = queue.positions(queue.in_order(conversations.waiting(work.session))).get(conversation_id)
    return view_of(work, conversation, place, presence.people_present(work))


def view_of(work: Work, conversation: Conversation, place: int | None, people_present: bool) -> View:
    return View(
        state=conversation.state,
        last_number=conversation.last_visible,
        name=_name(work, conversation.staff_id),
        position=place,
        people_present=people_present,
        urgent=conversation.urgency is Urgency.NOW,
    )


def waiting_views(work: Work) -> dict[UUID, View]:
    """The view of everyone in the queue, from the very ordering that the claim uses."""
    ordered = queue.in_order(conversations.waiting(work.session))
    present = presence.people_present(work)
    return {
        conversation.conversation_id: view_of(work, conversation, place, present)
        for place, conversation in enumerate(ordered, 1)
    }


def history(work: Work, conversation_id: UUID, staff_id: int, after: int) -> tuple[Card, list[Entry]]:
    """All entries, notes too, of a conversation that this worker holds."""
    row = access.for_staff(work, conversation_id, staff_id)
    entries = work.entries.after(work.session, row, after)
    return card(work, row.to_core(), staff_id), entries


def board(work: Work) -> Board:
    """The desk's picture of this moment; `held` are all conversations with a worker, whoever that is."""
    on_duty = staff.on_duty(work.session, work.now - HERE_WITHIN)
    ordered = queue.in_order(conversations.waiting(work.session))
    held = [item for row in on_duty for item in conversations.held_by(work.session, row.staff_id)]
    seen = conversations.seen_at(work.session, [item.conversation_id for item in (*ordered, *held)])
    names = {row.staff_id: row.name for row in on_duty}
    busy = [item.staff_id for item in held]
    return Board(
        waiting=tuple(_card(work, item, seen, None, None) for item in ordered),
        held=tuple(_card(work, item, seen, item.staff_id, names.get(item.staff_id or 0)) for item in held),
        colleagues=tuple(Colleague(row.staff_id, row.name, row.role, busy.count(row.staff_id)) for row in on_duty),
    )


def card(work: Work, conversation: Conversation, staff_id: int) -> Card:
    seen = conversations.seen_at(work.session, [conversation.conversation_id])
    return _card(work, conversation, seen, staff_id, _name(work, conversation.staff_id))


def _card(work: Work, item: Conversation, seen: dict[UUID, datetime], staff_id: int | None, name: str | None) -> Card:
    mine = staff_id is not None and item.staff_id == staff_id
    return Card(item, _topic_label(work, item), _presence(work, item, seen), mine, name)


def _presence(work: Work, item: Conversation, seen: dict[UUID, datetime]) -> str:
    if item.state is State.CLOSED:
        return "left"
    at = seen.get(item.conversation_id)
    return "here" if at is not None and at > work.now - HERE_WITHIN else "away"


def _topic_label(work: Work, item: Conversation) -> str | None:
    """The subject in neutral words, never as a visitor would say it: a card's button could pass for a quote."""
    article = work.content.article(item.topic, item.language) if item.topic else None
    if article is None:
        return None
    return article.summary if article.kind is ArticleKind.CARD else article.tab or article.ask or article.title


def _name(work: Work, staff_id: int | None) -> str | None:
    row = staff.by_id(work.session, staff_id) if staff_id is not None else None
    return row.name if row is not None else None
