"""Whatever visitors, workers, the assistant and time do, in whatever order, on two processes that do not know of each
other's writes: what was acknowledged stays, in order, once, and the rules of the tables hold (see witness.py).

Each run of `make test` tries the same few hundred steps. To look for longer, with chance:
MACHINE_EXAMPLES=2000 python3 tools/services.py run .venv/bin/python -m pytest -q tests/actions/test_machine.py
"""

import os
import shutil
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import Engine, event, text

from tests.actions.machine import Machine
from tests.conftest import new_database
from web.storage.engine import make_engine

LONG = int(os.environ.get("MACHINE_EXAMPLES", "0"))
SETTINGS = settings(
    max_examples=LONG or 14,
    stateful_step_count=80,
    derandomize=not LONG,
    deadline=None,
    database=None,
    phases=(Phase.generate, Phase.shrink) if LONG else (Phase.generate,),
    suppress_health_check=list(HealthCheck),
)
numbers = count()


@pytest.fixture(params=["sqlite", "postgres"])
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Engine]:
    """Makes a database as it is before anybody came. What survives a power cut is not asked here, so no disk waits."""
    if request.param == "sqlite":
        seeded = request.getfixturevalue("seeded_file")
        return lambda: _hasty(make_engine(f"sqlite:///{shutil.copy(seeded, tmp_path / f'{next(numbers)}.sqlite')}"))
    url = new_database("halte_machine", request.getfixturevalue("seeded_database"))
    return lambda: _emptied(make_engine(url.replace("postgresql://", "postgresql+psycopg://")))


def _hasty(engine: Engine) -> Engine:
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF").close())
    return engine


def _emptied(engine: Engine) -> Engine:
    with engine.begin() as connection:
        connection.execute(text("TRUNCATE entry, hold, conversation, slot, process RESTART IDENTITY"))
        connection.execute(text("UPDATE staff SET status = 'available', seen_at = NULL"))
        connection.execute(text("ALTER DATABASE halte_machine SET synchronous_commit = off"))
    engine.dispose()
    return engine


@pytest.mark.timeout(0 if LONG else 300)
def test_whatever_happens_in_whatever_order(fresh: Callable[[], Engine]) -> None:
    class Here(Machine):
        make_engine = staticmethod(fresh)

    run_state_machine_as_test(Here, settings=SETTINGS)
