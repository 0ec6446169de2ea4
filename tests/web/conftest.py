"""One pair of web processes for the tests of this folder."""

from collections.abc import Iterator

import pytest

from tests.conftest import new_database
from tests.people import Person
from tests.web.houses import OwnRedis, Pair


@pytest.fixture(scope="session")
def own_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnRedis]:
    running = OwnRedis(tmp_path_factory.mktemp("redis"))
    yield running
    running.let_go()
    running.stop()


@pytest.fixture(autouse=True)
def redis_is_back(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that fails while Redis is away shall not take the next ones with it."""
    yield
    if "own_redis" in request.fixturenames:
        request.getfixturevalue("own_redis").be_there()


@pytest.fixture(scope="session")
def pair(own_redis: OwnRedis, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    running = Pair(tmp_path_factory.mktemp("pair"), new_database("halte_web_pair"), own_redis)
    yield running
    running.stop()


@pytest.fixture
def crowd() -> Iterator[list[Person]]:
    """Whoever is put in here goes home at the end; nobody is left in the queue."""
    people: list[Person] = []
    yield people
    for person in people:
        if person.namespace == "/chat" and person.socket.connected:
            person.emit("leave", {"client_id": "0" * 16})
        person.hang_up()
