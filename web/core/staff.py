"""Helpline workers: roles, what each may do, and when a connection counts as lost."""

from datetime import timedelta
from enum import StrEnum

# A worker's connection may drop and come back within this time without anything changing for the visitor.
STAFF_LOST_AFTER = timedelta(seconds=60)
# Connections are noted in the database this often; 'here' means seen within three beats.
BEAT = timedelta(seconds=15)
HERE_WITHIN = 3 * BEAT


class Role(StrEnum):
    COUNSELLOR = "counsellor"
    SUPERVISOR = "supervisor"
    EDITOR = "editor"
    ADMINISTRATOR = "administrator"


# Who may work at the desk. Editors and administrators never see a conversation.
DESK_ROLES = frozenset({Role.COUNSELLOR, Role.SUPERVISOR})


class Status(StrEnum):
    """What a worker says of themselves; only `available` gets anybody new."""

    AVAILABLE = "available"
    BUSY = "busy"
    BREAK = "break"
    AWAY = "away"


ON_DUTY = frozenset({Status.AVAILABLE, Status.BUSY})  # who takes somebody new, or will after those they have
