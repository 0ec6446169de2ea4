"""Real threads against real dispatchers, as many processes would: who was first is for the database to say."""

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import gevent
from sqlalchemy import select

from tests.house import KEYS, House
from web.actions.messages import Message
from web.actions.outcome import Outcome, Work
from web.core.errors import Refused
from web.core.events import Event
from web.core.staff import Role
from web.dispatch import Dispatcher
from web.storage.content import Library
from web.storage.engine import make_engine, read_sessions
from web.storage.entries import EntryStore
from web.storage.models import StaffRow

Task = Callable[[], Any]


class Process:
    """A dispatcher with its own connections and its own memory."""

    def __init__(self, house: House, name: str) -> None:
        self.engine = make_engine(house.engine.url.render_as_string(hide_password=False))
        self.heard: list[Event] = []
        self._name = name
        self._entries = EntryStore(KEYS)
        self._library = Library(read_sessions(self.engine))
        self.dispatcher = self._dispatcher()

    def does(self, action: Callable[..., Any], *arguments: Any) -> Task:
        return lambda: self.dispatcher.perform(action, *arguments)

    def stores(self, *messages: Message) -> Task:
        """All of them sent at once; the results in their order. A lane lives in one thread: each task has its own."""

        def task() -> list[Any]:
            lane = self._dispatcher()
            waiting = [gevent.spawn(_answer, lambda message=message: lane.send(message)) for message in messages]
            gevent.joinall(waiting)
            return [_plain(each.value) for each in waiting]

        return task

    def _dispatcher(self) -> Dispatcher:
        return Dispatcher(self.engine, self._entries, self._library, self.heard.extend, self._name)


def together(*tasks: Task) -> list[Any]:
    """Start them in the same moment, each in its thread. What they answered, in order; a refusal is an answer."""
    answers: list[Any] = [None] * len(tasks)
    gate = threading.Barrier(len(tasks))

    def run(at: int, task: Task) -> None:
        gate.wait()
        answers[at] = _answer(task)
        gevent.get_hub().destroy(destroy_loop=True)

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(tasks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return [_plain(answer) for answer in answers]


def by_code(answers: Sequence[Any]) -> list[Any]:
    return [answer.code.value for answer in answers if isinstance(answer, Refused)]


def won(answers: Sequence[Any]) -> list[int]:
    """Which of them were not refused."""
    return [at for at, answer in enumerate(answers) if not isinstance(answer, Refused)]


def crew(house: House, size: int, **more: Any) -> list[int]:
    """Workers at their desks, without the time that hashing passwords takes."""

    def hire(work: Work) -> Outcome[list[int]]:
        rows = [
            StaffRow(username=f"w{at}", name=f"Worker {at}", role=Role.COUNSELLOR, password_hash="-", active=True)
            for at in range(size)
        ]
        work.session.add_all(rows)
        work.session.flush()
        return Outcome([row.staff_id for row in rows])

    workers: list[int] = house.do(hire)
    for staff_id in workers if more else ():
        house.change(staff_id, **more)
    on_time(house, *workers)
    return workers


def on_time(house: House, *workers: int) -> None:
    """Dispatchers read the clock of the machine."""
    house.now = datetime.now(UTC)
    house.here(*workers)


def name_of(house: House, staff_id: int) -> str:
    return house.do(lambda work: work.session.scalar(select(StaffRow.name).where(StaffRow.staff_id == staff_id)))  # type: ignore[no-any-return]


def _answer(task: Task) -> Any:
    """What the task gives; a refusal or a fault as a value, since a thread has nobody to raise it to."""
    try:
        return task()
    except Exception as error:
        return error


def _plain(answer: Any) -> Any:
    if isinstance(answer, Exception) and not isinstance(answer, Refused):
        raise answer
    return answer
