"""Who is connected, noted in the database so that every process and a restart know it."""

from uuid import UUID

from web.actions.outcome import Outcome, Work
from web.core.events import QueueChanged
from web.storage import conversations, processes, staff


def beat(work: Work, workers: list[int]) -> Outcome[None]:
    """The heartbeat of one web process and of all workers whose desks are connected to it."""
    processes.beat(work.session, work.process, work.now)
    if workers:
        staff.note_staff(work.session, workers, work.now)
    return Outcome(None)


def note_visitors(work: Work, arrived: list[UUID], gone: list[UUID]) -> Outcome[None]:
    """Visitors who connected to this process, or no longer are, since the last note."""
    if arrived:
        conversations.note_arrived(work.session, arrived, work.process, work.now)
    if gone:
        conversations.note_gone(work.session, gone, work.process, work.now)
    return Outcome(None)


def worker_arrived(work: Work, staff_id: int) -> Outcome[None]:
    """A desk connected: those who wait are told at once that somebody is there."""
    staff.note_staff(work.session, [staff_id], work.now)
    return Outcome(None, (QueueChanged(),))
