"""The opening hours and the switch beside them: read and set while the service runs, and written down who did."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from web.actions import audit
from web.actions.outcome import Outcome, Work
from web.core import hours
from web.core.audit import Deed
from web.core.events import QueueChanged
from web.core.hours import Opening, Schedule
from web.core.hours_document import from_document, to_document
from web.core.staff import HERE_WITHIN, ON_DUTY, Status
from web.storage import processes, staff


@dataclass(frozen=True)
class Standing:
    """Whether and when people are on the chat: the hours, and who is really there at this moment.

    present: somebody is on duty. free: somebody of them takes a new visitor.
    """

    opening: Opening
    schedule: Schedule
    now: datetime
    present: bool
    free: bool

    @property
    def state(self) -> str:
        """Which sentence is true: 'people', 'busy' (they are all in conversation), 'nobody' (open, but nobody
        signed in), or the reason why nobody new can wait."""
        if not self.opening.admits:
            return self.opening.reason.value
        if not self.present:
            return "nobody"
        return "people" if self.free else "busy"


def standing(work: Work) -> Standing:
    """What a visitor is told before they begin."""
    here = staff.on_duty(work.session, work.now - HERE_WITHIN)
    return Standing(
        hours.opening(work.schedule, work.now),
        work.schedule,
        work.now,
        any(row.status in ON_DUTY for row in here),
        any(row.status is Status.AVAILABLE for row in here),
    )


def document(work: Work) -> dict[str, Any]:
    """What holds now, in the shape of core/hours_document.py."""
    return to_document(work.schedule)


def set_document(work: Work, wanted: dict[str, Any], by: str, staff_id: int | None = None) -> Outcome[None]:
    """Other hours, seen by every process within a second. Raises BadSchedule, which names the field, for nonsense.

    by: who, for the row itself. Those who wait are told by the worker's next round.
    """
    schedule = from_document(wanted)
    processes.set_document(work.session, processes.OPENING, to_document(schedule), by, work.now)
    audit.note(work, Deed.HOURS_CHANGED, staff_id, detail=schedule.mode.value)
    return Outcome(None, (QueueChanged(),))
