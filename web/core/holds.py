"""The hold: two people stop the deletion of one conversation for a while, because the law obliges them to report.

Without it nothing is kept; so it takes two, a reason and an end, and no hold is longer than MAX_HOLD.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from web.core.errors import Code, Refused
from web.core.staff import Role

HOLD_ROLES = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})
MAX_HOLD = timedelta(days=90)
MAX_REASON = 2_000


@dataclass(frozen=True)
class Hold:
    """Proposed by one person; it stops the deletion only after a second one confirmed it, and until its end."""

    proposed_by: int
    until: datetime
    confirmed_by: int | None = None

    def stands(self, now: datetime) -> bool:
        return self.confirmed_by is not None and self.until > now


def propose(earlier: Hold | None, staff_id: int, reason: str, until: datetime, now: datetime) -> Hold:
    """Refused: ILLEGAL_MOVE with `why`: no_reason, long_reason, end (not ahead, or too far), exists."""
    if not reason.strip():
        raise Refused(Code.ILLEGAL_MOVE, why="no_reason")
    if len(reason) > MAX_REASON:
        raise Refused(Code.ILLEGAL_MOVE, why="long_reason")
    if not now < until <= now + MAX_HOLD:
        raise Refused(Code.ILLEGAL_MOVE, why="end")
    if earlier is not None and earlier.until > now:
        raise Refused(Code.ILLEGAL_MOVE, why="exists")
    return Hold(staff_id, until)


def confirm(hold: Hold, staff_id: int, now: datetime) -> Hold:
    """Refused: ILLEGAL_MOVE with `why`: over, confirmed, same_person."""
    if hold.until <= now:
        raise Refused(Code.ILLEGAL_MOVE, why="over")
    if hold.confirmed_by is not None:
        raise Refused(Code.ILLEGAL_MOVE, why="confirmed")
    if hold.proposed_by == staff_id:
        raise Refused(Code.ILLEGAL_MOVE, why="same_person")
    return Hold(hold.proposed_by, hold.until, staff_id)


def lift(hold: Hold, staff_id: int) -> None:
    """Either of the two may end it. Refused: ILLEGAL_MOVE with `why`: not_yours."""
    if staff_id not in (hold.proposed_by, hold.confirmed_by):
        raise Refused(Code.ILLEGAL_MOVE, why="not_yours")
