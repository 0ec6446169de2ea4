"""The only door of the assistant: one message in, one decision out, behind a shared secret.

Rasa's own `rest` channel is not used: it needs no secret, lets a visitor type `/topic` to choose
the answer, and logs the text of a message when something fails.
"""

from __future__ import annotations

import hmac
import inspect
import json
import os
import re
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.shared.core.events import UserUttered
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from helpline import paths
from helpline.build import FALLBACK, crisis_topics
from helpline.store import RamTrackerStore, forget

MAX_CHARS = 2000
MAX_BODY = 256 * 1024
CRISES = crisis_topics()
SENDER = re.compile(r"[A-Za-z0-9._:-]{1,64}")
# Control characters (NUL among them) and lone surrogates, which no encoder accepts.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
# Rasa strips blanks and then reads a leading slash as a command.
COMMAND = re.compile(r"^[\s/]+")


class BadRequestError(Exception):
    """The request does not keep to the contract; the message is the error code."""


def clean(text: str) -> str:
    """The message as Rasa may see it: no control characters, no command, not too long."""
    return COMMAND.sub("", UNPRINTABLE.sub("", text[:MAX_CHARS])).rstrip() or "?"


def read_message(body: bytes) -> tuple[str, str]:
    """Sender and text of a request, or BadRequestError."""
    if len(body) > MAX_BODY:
        raise BadRequestError("too_large")
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadRequestError("not_json") from error
    if not isinstance(data, dict):
        raise BadRequestError("not_json")
    sender, text = data.get("sender"), data.get("message")
    if not isinstance(sender, str) or not SENDER.fullmatch(sender):
        raise BadRequestError("bad_sender")
    if data.get("lang") not in paths.LANGUAGES:
        raise BadRequestError("bad_lang")
    if not isinstance(text, str) or not UNPRINTABLE.sub("", text).strip():
        raise BadRequestError("empty_message")
    return sender, clean(text)


def model_name(agent: Agent) -> str:
    """When the loaded model was trained, and the start of its id."""
    metadata = agent.processor.model_metadata
    return f"{metadata.trained_at:%Y%m%d-%H%M}-{metadata.model_id[:8]}"


async def decide(agent: Agent, message: UserMessage) -> dict[str, Any]:
    """Let Rasa handle the message and put its decision into the form of the contract."""
    await agent.handle_message(message)
    tracker = await agent.tracker_store.retrieve(message.sender_id)
    uttered = next(
        event
        for event in reversed(tracker.events)
        if isinstance(event, UserUttered) and event.message_id == message.message_id
    )
    ranking = [
        (topic["name"], topic["confidence"])
        for topic in uttered.parse_data["intent_ranking"]
        if topic["name"] != FALLBACK and topic["confidence"] > 0
    ]
    return {
        "model": model_name(agent),
        "topic": ranking[0][0] if ranking else None,
        "confidence": round(ranking[0][1], 4) if ranking else 0.0,
        "ranking": [[topic, round(p, 4)] for topic, p in ranking[:5]],
        "crisis": round(sum(p for topic, p in ranking if topic in CRISES), 4),
        "act": message.output_channel.messages[0]["custom"],
    }


async def check_start(app: Sanic, _: object) -> None:
    """End the process unless the model is loaded and conversations are kept in our own store.

    With a wrong path in endpoints.yml Rasa only warns, and keeps every conversation forever.
    """
    agent: Agent | None = getattr(app.ctx, "agent", None)
    if agent is None or not agent.is_ready():
        _stop("no model could be loaded")
    # Rasa wraps the store, and on an error would go on with a store that never forgets.
    wrapper = agent.tracker_store
    if not isinstance(getattr(wrapper, "_tracker_store", None), RamTrackerStore):
        _stop("conversations would not be kept by helpline.store.RamTrackerStore")
    wrapper._on_tracker_store_error = _refuse
    print(f"bot ready, model {model_name(agent)}", flush=True)


def _refuse(_: Exception) -> None:
    raise RuntimeError("the tracker store failed")


def _stop(reason: str) -> None:
    print(f"bot stopped: {reason}", flush=True)
    sys.stderr.flush()
    os._exit(1)  # an exception here would be logged by the server, which then goes on


class HalteInput(InputChannel):
    """Routes under /webhooks/halte."""

    def __init__(self, secret: str) -> None:
        self.secret = secret.encode()

    @classmethod
    def name(cls) -> str:
        """Last part of the address."""
        return "halte"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> HalteInput:
        """The secret comes from the environment, so that no file holds it."""
        secret = os.environ.get("BOT_SECRET", "")
        if not secret:
            _stop("BOT_SECRET is not set")
        return cls(secret)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes. `on_new_message` is not used: it hides the failure of a message."""
        routes = Blueprint("halte", inspect.getmodule(self).__name__)
        routes.listener("after_server_start")(check_start)

        @routes.get("/")
        async def health(request: Request) -> HTTPResponse:
            agent: Agent | None = getattr(request.app.ctx, "agent", None)
            ready = agent is not None and agent.is_ready()
            return response.json({"ready": ready, "model": model_name(agent) if ready else None})

        @routes.post("/message")
        async def message(request: Request) -> HTTPResponse:
            if not self._may_enter(request):
                return response.json({"error": "unauthorized"}, 401)
            try:
                sender, text = read_message(request.body)
            except BadRequestError as error:
                return response.json({"error": str(error)}, 400)
            said = UserMessage(text, CollectingOutputChannel(), sender, input_channel=self.name())
            try:
                return response.json(await decide(request.app.ctx.agent, said))
            except Exception as error:
                # Only the kind of the error: its message may hold what the visitor wrote.
                print(f"bot failure: {type(error).__name__}", flush=True)
                return response.json({"error": "bot_failure"}, 503)

        @routes.delete("/conversation/<sender>")
        async def delete(request: Request, sender: str) -> HTTPResponse:
            if not self._may_enter(request):
                return response.json({"error": "unauthorized"}, 401)
            # Waits for a message that is being handled, which would be remembered again.
            async with request.app.ctx.agent.lock_store.lock(sender):
                forget(sender)
            return response.empty(204)

        return routes

    def _may_enter(self, request: Request) -> bool:
        given = request.headers.get("x-bot-secret", "").encode("utf-8", "replace")
        return hmac.compare_digest(given, self.secret)
