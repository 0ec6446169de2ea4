"""All tables, so that Alembic and the tests see the whole of the metadata."""

from web.storage.models.content import ContentRow
from web.storage.models.conversation import ConversationRow, EntryRow
from web.storage.models.signal import SignalRow
from web.storage.models.staff import StaffRow, StaffSessionRow

__all__ = ["ContentRow", "ConversationRow", "EntryRow", "SignalRow", "StaffRow", "StaffSessionRow"]
