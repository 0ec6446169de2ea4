"""The opening hours and the switch beside them: read and set while the service runs, and written down who did."""

from typing import Any

from web.actions import audit
from web.actions.outcome import Outcome, Work
from web.core.audit import Deed
from web.core.events import QueueChanged
from web.core.hours_document import from_document, to_document
from web.storage import processes


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
