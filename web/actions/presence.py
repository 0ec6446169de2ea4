"""Who is connected, noted in the database so that every process and a restart know it."""

from uuid import UUID

from web.actions.outcome import Outcome, Work
from web.core.events import QueueChanged
from web.core.staff import HERE_WITHIN
from web.storage import conversations, staff


def note(work: Work, visitors: list[UUID], workers: list[int]) -> Outcome[None]:
    """The heartbeat of one process: all that are connected to it now."""
    if visitors:
        conversations.note_visitors(work.session, visitors, work.now)
    if workers:
        staff.note_staff(work.session, workers, work.now)
    return Outcome(None)


def worker_arrived(work: Work, staff_id: int) -> Outcome[None]:
    """A desk connected: those who wait are told at once that somebody is there."""
    staff.note_staff(work.session, [staff_id], work.now)
    return Outcome(None, (QueueChanged(),))


def people_present(work: Work) -> bool:
    """Whether a helpline worker is on duty right now."""
    return bool(staff.on_duty(work.session, work.now - HERE_WITHIN))
