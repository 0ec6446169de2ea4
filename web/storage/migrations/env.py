"""Alembic's entry point; the address of the database comes from web.prepare or from the settings."""

from typing import Any

from alembic import context

from web.settings import load
from web.storage.base import Base, UtcDateTime
from web.storage.engine import make_engine
from web.storage.models import ConversationRow  # noqa: F401 (importing the package fills the metadata)


def render_item(kind: str, item: Any, _context: Any) -> str | bool:
    """A released migration must not lean on our own types, which may change."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


url = context.config.attributes.get("url") or load().database_url
engine = make_engine(url)
with engine.connect() as connection:
    if connection.dialect.name == "sqlite":
        # A table is changed by making it anew: with foreign keys on, dropping the old one deletes what hangs on it.
        connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=render_item,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
engine.dispose()
