"""One engine for each process, with the settings that every connection must have."""

from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session, sessionmaker

LOCK_TIMEOUT_MS = 5_000
# Per process; processes x (size + overflow) must stay below PostgreSQL's max_connections.
POOL_SIZE = 10


def make_engine(url: str) -> Engine:
    """SQLite gets WAL with FULL sync (acknowledged means: survives a power cut); PostgreSQL a pool and a lock limit."""
    if url.startswith("sqlite"):
        engine = create_engine(url)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(
        url,
        pool_size=POOL_SIZE,
        max_overflow=10,
        pool_timeout=5,
        pool_pre_ping=True,
        connect_args={"options": f"-c lock_timeout={LOCK_TIMEOUT_MS} -c timezone=UTC", "connect_timeout": 5},
    )


def write_sessions(engine: Engine) -> sessionmaker[Session]:
    """Sessions that may write. On SQLite they take the write lock at once: two writers wait instead of failing."""
    return sessionmaker(engine.execution_options(halte_writes=True), expire_on_commit=False)


def read_sessions(engine: Engine) -> sessionmaker[Session]:
    return sessionmaker(engine, expire_on_commit=False)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, see _begin_sqlite
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        "wal_autocheckpoint=8000",  # pages. The worker checkpoints sooner; usually every tenth busy commit pays for it
        "cache_size=-16000",  # KiB
        "temp_store=MEMORY",  # statement journals hold whole pages, with keys, in a file otherwise
        f"busy_timeout={LOCK_TIMEOUT_MS}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("halte_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
