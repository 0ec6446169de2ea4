"""What is written down about people's deeds: who, what, when, about which conversation. Never anybody's words."""

from enum import StrEnum


class Deed(StrEnum):
    HOLD_PROPOSED = "hold_proposed"
    HOLD_CONFIRMED = "hold_confirmed"
    HOLD_LIFTED = "hold_lifted"
    HOLD_ENDED = "hold_ended"
    HOURS_CHANGED = "hours_changed"
    VISITOR_BLOCKED = "visitor_blocked"
    FEEDBACK_READ = "feedback_read"
    KEYS_REWRAPPED = "keys_rewrapped"
