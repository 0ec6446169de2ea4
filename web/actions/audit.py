"""The record of deeds that must be accounted for: who, what, when, about which conversation."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from web.actions.outcome import Work
from web.core.audit import Deed
from web.storage import audit, staff
from web.storage.models import AuditRow


@dataclass(frozen=True)
class Record:
    """`username` is None for what the service did itself."""

    at: datetime
    username: str | None
    deed: str
    conversation_id: UUID | None
    detail: str


def note(work: Work, deed: Deed, staff_id: int | None, conversation_id: UUID | None = None, detail: str = "") -> None:
    """Part of the transaction of the deed itself: none without its record. detail: values we made, never words."""
    row = AuditRow(at=work.now, staff_id=staff_id, deed=deed.value, conversation_id=conversation_id, detail=detail)
    work.session.add(row)


def recent(work: Work, count: int) -> list[Record]:
    """The newest first."""
    return [
        Record(row.at, _username(work, row.staff_id), row.deed, row.conversation_id, row.detail)
        for row in audit.last(work.session, count)
    ]


def _username(work: Work, staff_id: int | None) -> str | None:
    row = staff.by_id(work.session, staff_id) if staff_id is not None else None
    return row.username if row is not None else None
