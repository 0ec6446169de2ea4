"""What is left on disk after rows were deleted: SQLite's log of changes, and PostgreSQL's dead rows."""

from contextlib import closing
from typing import Any

import structlog
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

# A checkpoint waits for readers while it keeps writers out, so not for long; the next round tries again.
WAIT_MS = 100
# VACUUM FULL writes the table anew and keeps everybody out meanwhile: some 100 ms for this size.
REWRITE_UP_TO_BYTES = 64 * 1024 * 1024
_log = structlog.get_logger()


def truncate_wal(engine: Engine) -> bool:
    """SQLite: what was changed goes from the log into the file, which overwrites deleted bytes, and the log is cut to
    nothing. False if a reader kept part of it. PostgreSQL: nothing to do."""
    if engine.dialect.name != "sqlite":
        return True
    with closing(engine.raw_connection()) as connection:
        cursor: Any = connection.cursor()
        (usual,) = cursor.execute("PRAGMA busy_timeout").fetchone()
        # First without keeping anybody out; then little is left to do for the one that does.
        cursor.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        cursor.execute(f"PRAGMA busy_timeout={WAIT_MS}")
        try:
            busy, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            cursor.execute(f"PRAGMA busy_timeout={usual}")
            cursor.close()
    return not busy


def vacuum(engine: Engine) -> None:
    """PostgreSQL: dead rows leave the tables, in no transaction. SQLite: nothing to do.

    VACUUM frees their place but does not overwrite it. For sealed words that is enough, they are unreadable without
    their key. The table with the keys is written anew, which leaves its old file to nobody.
    """
    if engine.dialect.name != "postgresql":
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in ("entry", "hold"):
            connection.execute(text(f"VACUUM {table}"))
        if not _rewrite(connection):
            connection.execute(text("VACUUM conversation"))


def _rewrite(connection: Connection) -> bool:
    """Whether the table with the keys was written anew; not if it is large or somebody uses it for long."""
    size = connection.scalar(text("SELECT pg_table_size('conversation')")) or 0
    if size > REWRITE_UP_TO_BYTES:
        _log.info("keys_not_rewritten", bytes=size)
        return False
    connection.execute(text("SET lock_timeout = '500ms'"))
    try:
        connection.execute(text("VACUUM FULL conversation"))
    except OperationalError as error:
        _log.info("keys_not_rewritten", error=type(error.orig).__name__)
        return False
    finally:
        connection.execute(text("RESET lock_timeout"))
    return True
