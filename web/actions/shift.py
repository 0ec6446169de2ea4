"""Who is on duty, how many more each would take, and what that means for those who wait."""

from datetime import timedelta

from web.actions.outcome import Outcome, Work
from web.core.errors import Code, Refused
from web.core.events import QueueChanged
from web.core.queue import Server
from web.core.staff import HERE_WITHIN, ON_DUTY, Status
from web.storage import conversations, staff
from web.storage.models import StaffRow

RECENT = timedelta(hours=3)  # conversations that ended since then say how long one takes now


def on_duty(work: Work) -> list[Server]:
    """Workers whose desk is connected and who take somebody new, or will after those they have."""
    busy = conversations.held_counts(work.session)
    rows = staff.on_duty(work.session, work.now - HERE_WITHIN)
    return [_server(row, busy.get(row.staff_id, 0)) for row in rows if row.status in ON_DUTY]


def must_be_free(work: Work, row: StaffRow) -> None:
    """Refused: NOT_AVAILABLE for who is away or on a break, AT_CAPACITY for who has enough, both with the name."""
    here = row.seen_at is not None and row.seen_at > work.now - HERE_WITHIN
    if not row.active or row.status is not Status.AVAILABLE or not here:
        raise Refused(Code.NOT_AVAILABLE, name=row.name, status=row.status.value)
    must_have_room(work, row)


def must_have_room(work: Work, row: StaffRow) -> None:
    """Refused: AT_CAPACITY, with the name, for who has as many conversations as they take."""
    if conversations.held_counts(work.session).get(row.staff_id, 0) >= row.capacity:
        raise Refused(Code.AT_CAPACITY, name=row.name, capacity=row.capacity)


def set_status(work: Work, row: StaffRow, status: Status) -> Outcome[None]:
    row.status = status
    return Outcome(None, (QueueChanged(),))


def served(work: Work) -> list[timedelta]:
    """How long recent conversations with a worker lasted."""
    return conversations.served(work.session, work.now - RECENT)


def _server(row: StaffRow, busy: int) -> Server:
    free = max(0, row.capacity - busy) if row.status is Status.AVAILABLE else 0
    languages, skills = frozenset(row.languages.split()), frozenset(row.skills.split())
    return Server(row.staff_id, languages, skills, row.capacity, free)
