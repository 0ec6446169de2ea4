"""One bot and two services for the whole run: on SQLite, and on PostgreSQL and Redis with two web processes."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import psycopg
import pytest

from tests.house import House
from tests.people import Visitor, Worker
from tests.processes import Bot, Service
from web.prepare import migrate
from web.storage.engine import make_engine

P = TypeVar("P", Visitor, Worker)
# One word that stands in visitors' messages of all tests and must be found in no log.
MARKER = "zilverduif"


@pytest.fixture(scope="session")
def bot() -> Iterator[Bot]:
    running = Bot()
    running.wait()
    yield running
    running.stop()


def services_for_tests() -> tuple[str, str]:
    try:
        return os.environ["TEST_DATABASE_URL"], os.environ["TEST_REDIS_URL"]
    except KeyError:
        pytest.fail(
            "run the tests with `make test`, or with the two settings that `make services` prints", pytrace=False
        )


def new_database(name: str, template: str = "template1") -> str:
    """A fresh database on the PostgreSQL of the tests."""
    url, _ = services_for_tests()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}"')  # type: ignore[arg-type]
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')  # type: ignore[arg-type]
    return url.rsplit("/", 1)[0] + f"/{name}"


def make_service(kind: str, home: Path, secret: str, bot_url: str) -> Service:
    if kind == "sqlite":
        return Service(home, secret, bot_url)
    database = new_database(f"halte_{home.name.replace('-', '_')}")
    extra = {"DATABASE_URL": database, "REDIS_URL": services_for_tests()[1], "WEB_PROCESSES": "2"}
    return Service(home, secret, bot_url, extra)


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def service(request: pytest.FixtureRequest, bot: Bot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """With the bot."""
    running = make_service(request.param, tmp_path_factory.mktemp(f"with-bot-{request.param}"), bot.secret, bot.url)
    yield running
    running.stop()


@pytest.fixture
def own_service(request: pytest.FixtureRequest, bot: Bot, tmp_path: Path) -> Iterator[Service]:
    """For tests that kill a process: on SQLite, with nobody else on it."""
    running = make_service("sqlite", tmp_path / "own", bot.secret, bot.url)
    yield running
    running.stop()


@pytest.fixture
def people(service: Service) -> Iterator["People"]:
    crowd = People(service)
    yield crowd
    crowd.go_home()


class People:
    """Makes visitors and workers and hangs up for all of them; nobody is left in the queue."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self._all: list[Visitor | Worker] = []

    def visitor(self, language: str = "nl") -> Visitor:
        return self._keep(Visitor(self.service, language))

    def worker(self, username: str = "noor") -> Worker:
        return self._keep(Worker(self.service, username))

    def _keep(self, person: P) -> P:
        self._all.append(person)
        return person

    def go_home(self) -> None:
        for person in self._all:
            if isinstance(person, Visitor) and person.socket.connected:
                person.emit("leave", {"client_id": "0" * 16})
            person.hang_up()


@pytest.fixture(scope="session")
def seeded_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with tables, content and two workers, to be copied."""
    path = tmp_path_factory.mktemp("seeded") / "halte.sqlite"
    seed(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def seeded_database() -> str:
    """The same on PostgreSQL; new databases are made from it."""
    url = new_database("halte_seeded")
    seed(url.replace("postgresql://", "postgresql+psycopg://"))
    return "halte_seeded"


def seed(url: str) -> None:
    migrate(url)
    engine = make_engine(url)
    House(engine).furnish()
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgres"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    """The actions on a real database, without processes."""
    if request.param == "sqlite":
        url = f"sqlite:///{shutil.copy(request.getfixturevalue('seeded_file'), tmp_path)}"
    else:
        url = new_database("halte_actions", template=request.getfixturevalue("seeded_database"))
        url = url.replace("postgresql://", "postgresql+psycopg://")
    engine = make_engine(url)
    yield House(engine)
    engine.dispose()
