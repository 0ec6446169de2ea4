"""The real path without sockets: the database, the actions, the triage, the masking, and the bot's own server.

Only the push to browsers is missing: an answer is read from the conversation once it is stored.
"""

import json
import os
import secrets
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from web import answering
from web.actions import access, chat, messages, reads
from web.core.assistant import HUMAN, BotAnswer, Decision
from web.core.conversation import Conversation
from web.core.cues import Offer
from web.core.entries import Entry, Kind, Sender
from web.core.events import TurnDue
from web.core.states import State
from web.core.triage import CRISES
from web.parts import Parts, join
from web.prepare import migrate
from web.seed import read_folder, take_over
from web.settings import ROOT, load
from web.storage.engine import make_engine
from web.worker.loop import NoSockets

BOT_STOP_SECONDS = 20
BOT_READY_SECONDS = 180  # ours needs ten; Rasa's neural default on a busy machine far more
CRISIS_NAMES = {
    "crisis_suicide": "suicide",
    "crisis_child_danger": "child_danger",
    "crisis_about_to_act": "about_to_act",
    "medical_emergency": "medical",
}


@dataclass
class Turn:
    """What one message brought about, in the terms of the evaluation format."""

    decision: str
    topic: str | None
    choices: list[str]
    confidence: float
    crisis: str
    triage_rule: str | None
    handover: str
    reply: str
    reply_lang: str
    ms: float
    ranking: list[tuple[str, float]] = field(default_factory=list)


class Helpline:
    """A helpline that is open, with nobody at the desk. One conversation at a time."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._due: list[TurnDue] = []
        self._ids = 0
        parts.push.on_turn = self._due.append
        parts.push.on_forgotten = lambda _: None
        self.bot = Listening(parts)

    @property
    def content(self) -> Any:
        return self._parts.library.content()

    def begin(self, language: str) -> UUID:
        return self._parts.dispatcher.perform(chat.begin, language).conversation_id

    def say(self, conversation_id: UUID, text: str) -> Turn:
        """One message of the visitor and what came back; web.core.errors.Refused is the caller's."""
        before = self._parts.dispatcher.read(_core, conversation_id)
        self._ids += 1
        self.bot.said, self.bot.ms = None, 0.0
        started = time.perf_counter()
        message = messages.from_visitor(conversation_id, f"evaluation-{self._ids:06}", text, as_is=True)
        self._parts.dispatcher.send(message)
        decision = None
        while self._due:
            decision = answering.answer(self._parts.dispatcher, self.bot, self._due.pop(0)) or decision
        ms = (time.perf_counter() - started) * 1000
        after = self._parts.dispatcher.read(_core, conversation_id)
        _, entries = self._parts.dispatcher.read(reads.resume, conversation_id, before.last_number)
        return _turn(before, after, entries, decision, self.bot.said, message, ms)


class Listening:
    """The real bot; what it said last can be looked at, how long it took, and how often it failed."""

    def __init__(self, parts: Parts) -> None:
        self._bot = parts.bot
        self.said: BotAnswer | None = None
        self.ms = 0.0
        self.failed = 0

    def ask(self, sender: str, text: str, language: str) -> BotAnswer | None:
        started = time.perf_counter()
        self.said = self._bot.ask(sender, text, language)
        self.ms = (time.perf_counter() - started) * 1000
        self.failed += self.said is None
        return self.said

    def forget(self, sender: str) -> None:
        self._bot.forget(sender)

    def ready(self) -> bool:
        return self._bot.ready()


def _core(work: Any, conversation_id: UUID) -> Conversation:
    return access.for_visitor(work, conversation_id).to_core()


def _turn(
    before: Conversation,
    after: Conversation,
    entries: list[Entry],
    decision: Decision | None,
    bot: BotAnswer | None,
    message: messages.Message,
    ms: float,
) -> Turn:
    said = [entry for entry in entries if entry.sender is Sender.ASSISTANT]
    carded = any(entry.kind is Kind.CARD for entry in said)
    ranking = list(bot.ranking) if bot else []
    topic = after.topic if carded and after.topic in CRISES else (decision.topic if decision else None)
    alarm = message.alarms[0] if message.alarms else None
    kind = "card" if carded else (decision.kind.value if decision else "unknown")
    return Turn(
        decision=kind,
        topic=topic or (ranking[0][0] if ranking else None),
        choices=list(decision.choices) if decision else [],
        confidence=round(ranking[0][1], 4) if ranking else (1.0 if carded else 0.0),
        crisis=CRISIS_NAMES.get(after.topic or "", "none") if carded else "none",
        triage_rule=alarm.rule if alarm and alarm.crisis else None,
        handover=_handover(before, after, said, topic),
        reply="\n\n".join(filter(None, map(as_read, said))),
        reply_lang=after.language,
        ms=round(ms, 1),
        ranking=[(name, round(chance, 4)) for name, chance in ranking],
    )


def _handover(before: Conversation, after: Conversation, said: list[Entry], topic: str | None) -> str:
    carded = any(entry.kind is Kind.CARD for entry in said)
    if after.state is State.WAITING and (before.state is not State.WAITING or carded or topic == HUMAN):
        return "started"  # or it has been, and the answer says so
    buttons = {button.topic for entry in said for button in entry.body.suggestions}
    return "offered" if after.offer is Offer.PERSON or HUMAN in buttons else "none"


def as_read(entry: Entry) -> str:
    """An entry of the assistant as the visitor reads it: title, text, other lines, the page, the buttons."""
    body = entry.body
    parts = [body.title, body.text]
    parts += [" ".join(filter(None, (door.name, door.phone.shown if door.phone else None))) for door in body.doors]
    parts.append(f"> {body.article.title}" if body.article else None)
    parts += [f"[{button.label}]" for button in body.suggestions]
    return "\n".join(part for part in parts if part)


@dataclass(frozen=True)
class BotServer:
    """The bot's own server, which runs. ready_seconds: from its start until it said that it is ready."""

    url: str
    secret: str
    pid: int
    ready_seconds: float


@contextmanager
def opened() -> Iterator[Helpline]:
    """A helpline in a folder of its own, and the bot's server, until the end of the block."""
    with served() as bot, opened_with(bot) as helpline:
        yield helpline


@contextmanager
def opened_with(bot: BotServer) -> Iterator[Helpline]:
    """A helpline in a folder of its own, with a bot that runs."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/evaluation.db"
        environment = {"HALTE_HOME": folder, "DATABASE_URL": url, "BOT_URL": bot.url, "BOT_SECRET": bot.secret}
        migrate(url)
        parts = join(load(environment), make_engine(url), NoSockets())
        parts.dispatcher.perform(take_over, read_folder(ROOT / "data" / "content"))
        yield Helpline(parts)


@contextmanager
def served(settings: Mapping[str, str] | None = None) -> Iterator[BotServer]:
    """The bot's server on a free port until the end of the block. settings: more of its environment, as BOT_MODEL."""
    port, secret = _free_port(), secrets.token_urlsafe(24)
    environment = {**os.environ, **(settings or {}), "BOT_PORT": str(port), "BOT_SECRET": secret}
    command = [str(ROOT / "bot" / ".venv" / "bin" / "python"), "-m", "helpline.serve"]
    started = time.monotonic()
    process = subprocess.Popen(command, cwd=ROOT / "bot", env=environment, stdout=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}"
        _until_ready(process, f"{url}/webhooks/halte/")
        yield BotServer(url, secret, process.pid, time.monotonic() - started)
    finally:
        process.terminate()
        try:
            process.wait(BOT_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _until_ready(process: subprocess.Popen[bytes], url: str) -> None:
    deadline = time.monotonic() + BOT_READY_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise SystemExit("evaluation: the bot did not start; is there a model? (make build)")
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if json.load(answer)["ready"]:
                    return
        except (OSError, ValueError):
            time.sleep(0.2)
    raise SystemExit("evaluation: the bot was not ready in time")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
