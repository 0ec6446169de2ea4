"""How the bench starts Halte and talks to it: as in production, with limits raised by settings only.

Variants, joined by `+`: `sqlite` (the default) or `pg` (PostgreSQL and Redis), `w2`, `w3` … for web processes, and
`waitingN` for a queue of N before the start. No bot runs: only conversations with workers are measured.
"""

import asyncio
import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

from bench.site import Refusal, Site
from bench.wire import Socket

ROOT = Path(__file__).resolve().parent.parent
READY = "/health"
CWD = str(ROOT)
# It copies SQLite's log into the file, among other things, so its time is part of the cost of a message.
BESIDE = ([sys.executable, "-m", "web.worker"],)
# A port on which nobody listens: the assistant is down, as in a night without it.
NO_BOT = "http://127.0.0.1:9"
SETTINGS = {"MESSAGES_PER_10S": "100000", "STARTS_PER_MINUTE": "100000", "BOT_URL": NO_BOT}


def command(port: int, variant: str, folder: Path) -> tuple[list[str], dict[str, str]]:
    """A fresh database, then the command of the Procfile (without tools/keep.py, which would start it again)."""
    words = variant.split("+")
    env = {name: value for name, value in os.environ.items() if not name.startswith("TEST_")}
    env |= SETTINGS | {"HALTE_HOME": str(folder), "PORT": str(port)}
    if "pg" in words:
        env |= {"DATABASE_URL": new_database(f"bench_{folder.name}"), "REDIS_URL": os.environ["TEST_REDIS_URL"]}
    env["WEB_PROCESSES"] = next((word[1:] for word in words if word[0] == "w" and word[1:].isdigit()), "1")
    python(env, "-m", "web.prepare", "--demo")
    return [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "web.wsgi:application"], env


async def started(site: Site) -> None:
    """The queue of the variant, once the web process is there: who is connected to none would not be claimed."""
    for word in site.variant.split("+"):
        if word.startswith("waiting"):
            await join_queue(site, int(word.removeprefix("waiting")))


def new_database(name: str) -> str:
    """On the PostgreSQL that tools/services.py started."""
    url = os.environ["TEST_DATABASE_URL"]
    name = name.replace("-", "_").lower()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return url.rsplit("/", 1)[0] + f"/{name}"


def python(env: dict[str, str], *words: str) -> str:
    answer = subprocess.run([sys.executable, *words], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    if answer.returncode:
        raise SystemExit(f"{' '.join(words)}:\n{answer.stderr[-2000:]}")
    return answer.stdout


class Person:
    """A connection; the answers of the server are taken apart here."""

    def __init__(self, site: Site, socket: Socket) -> None:
        self.site, self.socket = site, socket

    async def ask(self, event: str, **payload: Any) -> dict[str, Any]:
        (answer,) = await self.socket.emit(event, payload)
        if not answer["ok"]:
            raise Refusal(answer["code"])
        return answer

    async def act(self, event: str, **payload: Any) -> dict[str, Any]:
        return await self.ask(event, client_id=secrets.token_hex(8), **payload)

    @property
    def closed(self) -> bool:
        return self.socket.closed

    def close(self) -> None:
        self.socket.close()


class Visitor(Person):
    conversation = ""  # known once a worker has the conversation: the browser of a visitor never learns it

    async def say(self, text: str) -> None:
        await self.act("say", text=text)

    async def answered(self, text: str) -> None:
        """The worker who has this conversation replies; returns once that is acknowledged."""
        await self.site.holder[self.conversation].act("reply", conversation=self.conversation, text=text)


class Worker(Person):
    async def claim(self, visitor: Visitor) -> None:
        """Visitors are claimed in the order in which they asked, one at a time, so the first is this one."""
        await visitor.act("ask_person")
        visitor.conversation = await self.claim_next()
        self.site.holder[visitor.conversation] = self

    async def claim_next(self) -> str:
        answer = await self.act("claim_next")
        return str(answer["conversation"]["id"])


async def staff(site: Site, number: int) -> Worker:
    name = f"bench{number}"
    password = (await asyncio.to_thread(make_account, site, name)).split()[-1]
    browser = site.browser()
    await browser.post("/nl/desk/login", username=name, password=password)
    worker = Worker(site, await site.socket(headers=browser.headers, namespace="/desk"))
    worker.socket.on("entry", heard(site.to_staff.received, "visitor"))
    worker.socket.send("status", {"status": "available"})
    await worker.ask("board")
    return worker


def make_account(site: Site, name: str) -> str:
    words = "-m web.cli create-staff", name, name.title(), "counsellor --capacity 100000"
    return python(site.env, *" ".join(words).split())


def heard(received: Callable[[str], None], sender: str) -> Callable[[dict[str, Any]], None]:
    def handler(payload: dict[str, Any]) -> None:
        entry = payload.get("entry", payload)
        if entry["sender"] == sender:
            received(entry["text"])

    return handler


async def visitor(site: Site, number: int) -> Visitor:
    """Through the form, as people come."""
    browser = site.browser()
    await browser.post("/nl/chat")
    return await connected(site, browser.headers)


async def connected(site: Site, headers: dict[str, str]) -> Visitor:
    """What the browser does on a page of the chat: connect, and fetch what there is."""
    found = Visitor(site, await site.socket(headers=headers, namespace="/chat"))
    found.socket.on("entry", heard(site.to_visitor.received, "staff"))
    await found.ask("resume", after=0)
    return found


async def supply(site: Site, count: int) -> None:
    """Conversations with the assistant, for `idle` and `waiting` to connect to."""
    site.cookies += (await made(site, count, 0))[0]


async def made(site: Site, idle: int, waiting: int) -> list[list[str]]:
    printed = await asyncio.to_thread(python, site.env, "-m", "bench.prepare", str(idle), str(waiting))
    tokens: list[list[str]] = json.loads(printed.splitlines()[-1])
    return tokens


async def idle(site: Site, number: int) -> Visitor:
    headers = {"Origin": site.url, "Cookie": f"__Host-halte={site.cookies.pop()}"}
    return await connected(site, headers)


async def waiting(site: Site, number: int) -> Visitor:
    """Somebody in the queue; tells each position that they hear."""
    found = await idle(site, number)
    found.socket.on("place", site.told)
    await found.act("ask_person")
    return found


async def stop_waiting(site: Site, found: Visitor) -> None:
    await found.act("leave")
    found.close()


async def advance(site: Site, worker: Worker) -> None:
    """The queue moves by one: a worker takes the first and is done with it."""
    await worker.act("close", conversation=await worker.claim_next())


async def claim(site: Site, worker: Worker) -> float:
    """Seconds until the claim was acknowledged; the closing after it is part of the work that is counted."""
    start = time.perf_counter()
    conversation = await worker.claim_next()
    took = time.perf_counter() - start
    await worker.act("close", conversation=conversation)
    return took


async def join_queue(site: Site, count: int) -> None:
    """More people in the queue, written by the product's own actions: 10,000 connections would prove nothing more."""
    await made(site, 0, count)
