"""Queries for conversations."""

import time
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, func, literal, or_, select, tuple_, update
from sqlalchemy.orm import Session

from web.core.conversation import Conversation
from web.core.queue import Kind, Place, skill_for
from web.core.states import State, Urgency
from web.storage.base import UtcDateTime
from web.storage.models import ConversationRow, ProcessRow

BREATH = 100  # rows of a long queue, then others come in between
PLACE = (
    ConversationRow.conversation_id,
    ConversationRow.language,
    ConversationRow.topic,
    ConversationRow.urgency,
    ConversationRow.queue_at,
)


def by_id(session: Session, conversation_id: UUID) -> ConversationRow | None:
    return session.get(ConversationRow, conversation_id)


def by_token_hash(session: Session, token_hash: bytes) -> ConversationRow | None:
    return session.scalar(select(ConversationRow).where(ConversationRow.token_hash == token_hash))


def by_code_hash(session: Session, code_hash: bytes) -> ConversationRow | None:
    return session.scalar(select(ConversationRow).where(ConversationRow.code_hash == code_hash))


# The queue


def _queue() -> Select[ConversationRow]:
    """Everyone who waits, in the order of core/queue.py."""
    waits = select(ConversationRow).where(ConversationRow.queue_at.is_not(None))
    return waits.order_by(ConversationRow.queue_at, ConversationRow.conversation_id)


def places(session: Session) -> list[Place]:
    """The queue in order, as little of it as the positions need."""
    found: list[Place] = []
    for rows in session.execute(_queue().with_only_columns(*PLACE)).partitions(BREATH):
        found += [
            Place(which, language, skill_for(topic, Urgency(urgency)), at)
            for which, language, topic, urgency, at in rows
            if at is not None
        ]
        time.sleep(0)
    return found


def ahead_of(session: Session, queue_at: datetime, conversation_id: UUID) -> Counter[Kind]:
    """How many of each kind stand before somebody. Counted by the database: a queue may be long."""
    before = tuple_(ConversationRow.queue_at, ConversationRow.conversation_id) < tuple_(
        literal(queue_at, UtcDateTime), literal(conversation_id, Uuid)
    )
    kinds = ConversationRow.language, ConversationRow.topic, ConversationRow.urgency
    counted = select(*kinds, func.count()).where(ConversationRow.queue_at.is_not(None), before).group_by(*kinds)
    ahead: Counter[Kind] = Counter()
    for language, topic, urgency, count in session.execute(counted):
        ahead[language, skill_for(topic, Urgency(urgency))] += count
    return ahead


def waiting(session: Session, limit: int) -> list[Conversation]:
    """The first of the queue, in order."""
    return [row.to_core() for row in session.scalars(_queue().limit(limit))]


def count_waiting(session: Session) -> int:
    return session.scalar(select(func.count()).where(ConversationRow.queue_at.is_not(None))) or 0


def first_waiting(
    session: Session, languages: Collection[str], others: Collection[tuple[str, str]], seen_since: datetime
) -> ConversationRow | None:
    """Whom a worker gets next, locked: two workers at once get two visitors. Who is away keeps their place.

    others: language and topic of those who are left to a colleague, see core/queue.py.
    """
    wanted = _queue().where(ConversationRow.language.in_(languages), _is_here(seen_since)).limit(1)
    if others:
        in_danger = ConversationRow.urgency == int(Urgency.NOW)
        free = tuple_(ConversationRow.language, ConversationRow.topic).not_in(others)
        wanted = wanted.where(or_(in_danger, ConversationRow.topic.is_(None), free))
    free = session.scalar(wanted.with_for_update(of=ConversationRow, key_share=True, skip_locked=True))
    # The only one who waits may be locked for the moment in which their words are stored: that is waited for.
    return free or session.scalar(wanted.with_for_update(of=ConversationRow, key_share=True))


def letters(session: Session, limit: int) -> list[Conversation]:
    """Letters to answer: danger first, then the longest waiting."""
    written = select(ConversationRow).where(ConversationRow.state == State.LETTER)
    ordered = written.order_by(ConversationRow.urgency.desc(), ConversationRow.active_at)
    return [row.to_core() for row in session.scalars(ordered.limit(limit))]


# Who holds what


def held_by(session: Session, staff_id: int) -> list[Conversation]:
    rows = session.scalars(select(ConversationRow).where(ConversationRow.staff_id == staff_id))
    return [row.to_core() for row in rows]


def held_counts(session: Session) -> dict[int, int]:
    """How many conversations each worker has. Letters count too: they are work."""
    counted = (
        select(ConversationRow.staff_id, func.count())
        .where(ConversationRow.staff_id.is_not(None))
        .group_by(ConversationRow.staff_id)
    )
    return {staff_id: count for staff_id, count in session.execute(counted) if staff_id is not None}


def held_by_any(session: Session, staff_ids: Iterable[int]) -> list[UUID]:
    held = select(ConversationRow.conversation_id).where(ConversationRow.staff_id.in_(list(staff_ids)))
    return list(session.scalars(held))


def with_offers(session: Session, offered_before: datetime) -> list[UUID]:
    held = select(ConversationRow.conversation_id).where(ConversationRow.staff_id.is_not(None))
    return list(session.scalars(held.where(ConversationRow.offered_at <= offered_before)))


def served(session: Session, closed_since: datetime, limit: int = 50) -> list[timedelta]:
    """How long recent conversations with a worker lasted."""
    lasted = (
        select(ConversationRow.claimed_at, ConversationRow.closed_at)
        .where(ConversationRow.closed_at > closed_since, ConversationRow.claimed_at.is_not(None))
        .order_by(ConversationRow.closed_at.desc())
        .limit(limit)
    )
    return [closed - claimed for claimed, closed in session.execute(lasted) if claimed and closed]


# Who is here


def _is_here(seen_since: datetime):  # type: ignore[no-untyped-def]  # SQLAlchemy's own, unspeakable type
    alive = select(ProcessRow.process_id).where(ProcessRow.seen_at > seen_since)
    return ConversationRow.visitor_process.in_(alive)


def here(session: Session, conversation_ids: Sequence[UUID], seen_since: datetime) -> frozenset[UUID]:
    """Those of them whose visitor is connected to a web process that lives."""
    found = select(ConversationRow.conversation_id).where(
        ConversationRow.conversation_id.in_(conversation_ids), _is_here(seen_since)
    )
    return frozenset(session.scalars(found))


def note_arrived(session: Session, conversation_ids: Sequence[UUID], process_id: str, at: datetime) -> None:
    """Presence is not part of the conversation's state, so it must not turn another writer away: no version check."""
    _note(session, _lock(session, conversation_ids), process_id, at)


def note_gone(session: Session, conversation_ids: Sequence[UUID], process_id: str, at: datetime) -> None:
    """Only for those who are not connected to another process by now."""
    mine = ConversationRow.visitor_process == process_id
    _note(session, _lock(session, conversation_ids, mine), None, at)


def _lock(session: Session, conversation_ids: Sequence[UUID], *conditions: ColumnElement[bool]) -> list[UUID]:
    """In the one order in which everybody locks several conversations: no two then wait for each other."""
    wanted = select(ConversationRow.conversation_id).where(
        ConversationRow.conversation_id.in_(conversation_ids), *conditions
    )
    return list(session.scalars(wanted.order_by(ConversationRow.conversation_id).with_for_update(key_share=True)))


def _note(session: Session, conversation_ids: Sequence[UUID], process_id: str | None, at: datetime) -> None:
    session.execute(
        update(ConversationRow)
        .where(ConversationRow.conversation_id.in_(conversation_ids))
        .values(visitor_process=process_id, visitor_seen_at=at)
        .execution_options(synchronize_session=False)
    )


def note_read(session: Session, conversation_id: UUID, number: int) -> bool:
    """Whether this is further than was read before. Like presence it turns no other writer away."""
    told = (
        update(ConversationRow)
        .where(ConversationRow.conversation_id == conversation_id, ConversationRow.read_number < number)
        .values(read_number=number)
        .execution_options(synchronize_session=False)
    )
    return session.connection().execute(told).rowcount > 0


# What is due


def with_overdue_turn(session: Session, before: datetime) -> list[Conversation]:
    rows = session.scalars(
        select(ConversationRow).where(ConversationRow.turn_since < before, ConversationRow.state == State.ASSISTANT)
    )
    return [row.to_core() for row in rows]


def idle_since(session: Session, before: datetime, states: Collection[State], warned: bool) -> list[UUID]:
    """Open conversations in which nobody wrote since then."""
    told = ConversationRow.warned_at.is_not(None) if warned else ConversationRow.warned_at.is_(None)
    idle = select(ConversationRow.conversation_id).where(
        ConversationRow.active_at < before, ConversationRow.state.in_(states), told
    )
    return list(session.scalars(idle))


def away_since(session: Session, before: datetime, alive_since: datetime) -> list[UUID]:
    """Waiting visitors who have been gone since then; with a process that died, since its last beat."""
    gone = (
        select(ConversationRow.conversation_id)
        .outerjoin(ProcessRow, ProcessRow.process_id == ConversationRow.visitor_process)
        .where(
            ConversationRow.queue_at.is_not(None),
            func.coalesce(ProcessRow.seen_at, ConversationRow.visitor_seen_at) < min(before, alive_since),
        )
    )
    return list(session.scalars(gone))


def with_appointment_before(session: Session, at: datetime) -> list[UUID]:
    booked = select(ConversationRow.conversation_id).where(ConversationRow.slot_id.is_not(None))
    return list(session.scalars(booked.where(ConversationRow.appointment_at <= at)))
