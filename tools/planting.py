"""The life of some conversations through the public doors, with marked words in every field that takes words."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from tests.people import Visitor, Worker, new_id
from tests.processes import Service


class Stuck(Exception):
    """The service refused a step."""


def some_end_and_some_go_on(service: Service, marker: str) -> set[str]:
    """The ids of those that ended. Others go on beside them, so that the tables are not simply empty afterwards."""
    others = [Visitor(service) for _ in range(6)]
    for number, other in enumerate(others):
        done(other.say(f"{marker} blijft nog {number}"))
    worker, ended = Worker(service), set()
    for number in range(4):
        ended.add(_one(service, worker, f"{marker} {number}"))
        for other in others:
            done(other.say(f"{marker} ondertussen"))
    for person in (*others, worker):
        person.hang_up()
    return ended


def _one(service: Service, worker: Worker, marker: str) -> str:
    """Talks with the assistant, asks for a person, is helped, and the worker ends it."""
    visitor = Visitor(service)
    for text in (f"hallo, {marker}", f"ik heb een vraag {marker}", f"{marker} " + "lang " * 300):
        done(visitor.say(text))
    done(visitor.ask_person())
    conversation = str(worker.sees()["id"])
    done(worker.claim(conversation))
    done(worker.reply(conversation, f"goed dat je er bent {marker}"))
    done(worker.emit("note", {"conversation": conversation, "client_id": new_id(), "text": f"notitie {marker}"}))
    done(visitor.say(f"dank je {marker}"))
    done(worker.close(conversation))
    visitor.hang_up()
    return conversation.replace("-", "")


def letter(service: Service, marker: str) -> None:
    """One that waits for its answer."""
    visitor = Visitor(service)
    done(visitor.emit("letter", {"client_id": new_id(), "text": f"een brief over {marker}"}))
    visitor.hang_up()


@contextmanager
def to_be_forgotten(service: Service, marker: str) -> Iterator[None]:
    """One whose visitor has everything deleted, at the end of the block."""
    visitor = Visitor(service)
    done(visitor.say(f"weg hiermee {marker} {secrets.token_hex(4)}"))
    yield
    done(visitor.emit("forget", {}))
    visitor.hang_up()


def done(answer: dict) -> None:
    if not answer or not answer.get("ok"):
        raise Stuck(f"the service refused a step of the life cycle: {answer}")
