"""What is left in files after rows were deleted: SQLite's log of changes and stale copies, PostgreSQL's dead rows."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import structlog
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

# Both databases can write a file anew, and keep writers out meanwhile: measured 0.35 s for this size. Larger ones are
# left to SQLite's secure_delete and to PostgreSQL's ordinary VACUUM; docs/keys-and-deletion.md says what that means.
REWRITE_UP_TO_BYTES = 32 * 1024 * 1024
# Cleaning waits this long for others, and they for it; what does not work now is tried again in a later round.
WAIT_MS = 100
POSTGRES_TABLES = ("conversation", "entry", "hold", "feedback", "secret")
# Written anew in the order of their random keys, so that the file does not keep the order in which rows came.
_IN_ORDER = {"feedback": "CLUSTER feedback USING pk_feedback"}
_log = structlog.get_logger()


def truncate_wal(engine: Engine) -> bool:
    """SQLite: what was changed goes from the log into the file, which overwrites deleted bytes, and the log is cut to
    nothing. False if a reader kept part of it. PostgreSQL: nothing to do."""
    if engine.dialect.name != "sqlite":
        return True
    with _sqlite(engine) as cursor:
        # First without keeping anybody out; then little is left to do for the one that does.
        cursor.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        busy, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


def rewrite(engine: Engine) -> bool:
    """Write small files anew, without anything that was deleted. False if somebody was in the way."""
    if engine.dialect.name == "sqlite":
        return _rewrite_sqlite(engine)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        done = [_rewrite_table(connection, table) for table in POSTGRES_TABLES]
    return all(done)


def _rewrite_sqlite(engine: Engine) -> bool:
    """secure_delete overwrites rows where they are; copies from before a page was split can stay. Not after VACUUM."""
    with _sqlite(engine) as cursor:
        (pages,), (page,) = (cursor.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "page_size"))
        if pages * page > REWRITE_UP_TO_BYTES:
            return True
        try:
            cursor.execute("VACUUM")
        except engine.dialect.loaded_dbapi.OperationalError as error:
            _log.info("not_rewritten", error=type(error).__name__)
            return False
    return True


def _rewrite_table(connection: Connection, table: str) -> bool:
    """VACUUM frees the place of dead rows without overwriting it; VACUUM FULL leaves the old file altogether."""
    size = connection.scalar(text(f"SELECT pg_table_size('{table}')")) or 0
    if size > REWRITE_UP_TO_BYTES:
        connection.execute(text(f"VACUUM {table}"))
        return True
    connection.execute(text(f"SET lock_timeout = {WAIT_MS}"))
    try:
        connection.execute(text(_IN_ORDER.get(table, f"VACUUM FULL {table}")))
    except OperationalError as error:
        _log.info("not_rewritten", table=table, error=type(error.orig).__name__)
        return False
    finally:
        connection.execute(text("RESET lock_timeout"))
    return True


@contextmanager
def _sqlite(engine: Engine) -> Iterator[Any]:
    """A cursor outside of any transaction, which gives up soon when others are at work."""
    with closing(engine.raw_connection()) as connection:
        cursor: Any = connection.cursor()
        (usual,) = cursor.execute("PRAGMA busy_timeout").fetchone()
        cursor.execute(f"PRAGMA busy_timeout={WAIT_MS}")
        try:
            yield cursor
        finally:
            cursor.execute(f"PRAGMA busy_timeout={usual}")
            cursor.close()
