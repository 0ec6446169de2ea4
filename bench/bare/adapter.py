"""How the bench starts the bare relay and talks to it. The variant is the layers of bare/server.py."""

import os
import sys
from pathlib import Path
from typing import Any

from bench.site import Site
from bench.wire import Socket

NAME = "bare"
READY = "/ready"
CWD = str(Path(__file__).resolve().parent)


def command(port: int, variant: str, folder: Path) -> tuple[list[str], dict[str, str]]:
    """The command line and environment of the server under test."""
    options = "-k gevent -w 1 --worker-connections 20000 --backlog 4096 --graceful-timeout 2 --log-level warning"
    argv = [sys.executable, "-m", "gunicorn", *options.split(), "-b", f"127.0.0.1:{port}", "server:app"]
    database = f"sqlite:///{folder / 'bare.sqlite'}"
    if "pg" in variant.split("+"):
        database = os.environ["TEST_DATABASE_URL"].replace("postgresql:", "postgresql+psycopg:", 1)
    return argv, {**os.environ, "BARE": variant, "BARE_DATABASE": database}


class Person:
    def __init__(self, site: Site, socket: Socket) -> None:
        self.site, self.socket = site, socket

    @property
    def closed(self) -> bool:
        return self.socket.closed

    def close(self) -> None:
        self.socket.close()


class Visitor(Person):
    conversation = ""

    async def say(self, text: str) -> None:
        """Returns once the server has acknowledged the message."""
        await self.socket.emit("say", text)

    async def answered(self, text: str) -> None:
        await self.site.holder[self.conversation].socket.emit("reply", self.conversation, text)


class Worker(Person):
    async def claim(self, visitor: Visitor) -> None:
        await self.socket.emit("claim", visitor.conversation)
        self.site.holder[visitor.conversation] = self


async def staff(site: Site, number: int) -> Worker:
    socket = await site.socket()
    socket.on("said", lambda said: site.to_staff.received(said[1]))
    return Worker(site, socket)


async def visitor(site: Site, number: int) -> Visitor:
    socket = await site.socket()
    socket.on("answered", site.to_visitor.received)
    found = Visitor(site, socket)
    (found.conversation,) = await socket.emit("open")
    return found


async def idle(site: Site, number: int) -> Socket:
    return await site.socket()


async def waiting(site: Site, number: int) -> Socket:
    """A visitor in the queue: gets a position with each change."""
    socket = await site.socket()
    socket.on("position", site.told)
    await socket.emit("wait")
    return socket


async def stop_waiting(site: Site, found: Socket) -> None:
    found.close()


async def advance(site: Site, worker: Any) -> None:
    """The first of the queue leaves it."""
    await worker.socket.emit("advance")
