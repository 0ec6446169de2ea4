"""All tables, so that Alembic and the tests see the whole of the metadata."""

from web.storage.models.audit import AuditRow
from web.storage.models.content import ContentRow
from web.storage.models.conversation import ConversationRow, EntryRow
from web.storage.models.feedback import FeedbackRow
from web.storage.models.hold import HoldRow
from web.storage.models.secret import SecretRow
from web.storage.models.service import ProcessRow, SettingRow, SlotRow
from web.storage.models.signal import SignalRow
from web.storage.models.staff import StaffRow, StaffSessionRow

__all__ = [
    "AuditRow",
    "ContentRow",
    "ConversationRow",
    "EntryRow",
    "FeedbackRow",
    "HoldRow",
    "ProcessRow",
    "SecretRow",
    "SettingRow",
    "SignalRow",
    "SlotRow",
    "StaffRow",
    "StaffSessionRow",
]
