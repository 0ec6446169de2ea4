"""The only door of the assistant: one message in, one decision out, behind a shared secret.

Rasa's own `rest` channel is not used: it needs no secret, lets a visitor type `/topic` to choose
the answer, and logs the text of a message when something fails.
"""

from __future__ import annotations

import hmac
import inspect
import os
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.shared.core.events import UserUttered
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from helpline import contract, models
from helpline.build import FALLBACK, crisis_topics
from helpline.contract import BadRequestError
from helpline.store import RamTrackerStore, count, forget

CRISES = crisis_topics()


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
    crisis = sum(chance for topic, chance in ranking if topic in CRISES)
    act = message.output_channel.messages[0]["custom"]
    return contract.answer(model_name(agent), ranking, crisis, act)


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
        for handler, path, method in (
            (self.health, "/", "GET"),
            (self.message, "/message", "POST"),
            (self.swap, "/model", "PUT"),
            (self.delete, "/conversation/<sender>", "DELETE"),
        ):
            routes.add_route(_plain(handler), path, methods=[method])
        return routes

    async def health(self, request: Request) -> HTTPResponse:
        """Open to anyone who can reach the port: it tells nothing about a person."""
        agent: Agent | None = getattr(request.app.ctx, "agent", None)
        ready = agent is not None and agent.is_ready()
        return response.json(
            {
                "version": contract.VERSION,
                "ready": ready,
                "model": model_name(agent) if ready else None,
                "conversations": count(),
            }
        )

    async def message(self, request: Request) -> HTTPResponse:
        """One message in, one decision out."""
        if not self._may_enter(request):
            return _error("unauthorized", 401)
        try:
            sender, text = contract.read_message(request.body)
        except BadRequestError as error:
            return _error(str(error), 400)
        said = UserMessage(text, CollectingOutputChannel(), sender, input_channel=self.name())
        try:
            return response.json(await decide(request.app.ctx.agent, said))
        except Exception as error:
            # Only the kind of the error: its message may hold what the visitor wrote.
            print(f"bot failure: {type(error).__name__}", flush=True)
            return _error("bot_failure", 503)

    async def swap(self, request: Request) -> HTTPResponse:
        """Serve another model from now on; messages that are being read go on with the old one."""
        if not self._may_enter(request):
            return _error("unauthorized", 401)
        try:
            name = contract.read_object(request.body).get("model")
            agent = await models.loaded(name, request.app.ctx.agent)
        except BadRequestError as error:
            return _error(str(error), 400)
        except models.UnusableModelError as error:
            return _error(str(error), 409)
        request.app.ctx.agent = agent
        print(f"bot serves model {model_name(agent)}", flush=True)
        return response.json({"version": contract.VERSION, "model": model_name(agent)})

    async def delete(self, request: Request, sender: str) -> HTTPResponse:
        """Forget a conversation now."""
        if not self._may_enter(request):
            return _error("unauthorized", 401)
        # Waits for a message that is being handled, which would be remembered again.
        async with request.app.ctx.agent.lock_store.lock(sender):
            forget(sender)
        return response.empty(204)

    def _may_enter(self, request: Request) -> bool:
        given = request.headers.get("x-bot-secret", "").encode("utf-8", "replace")
        return hmac.compare_digest(given, self.secret)


def _plain(handler: Callable[..., Awaitable[HTTPResponse]]) -> Callable[..., Awaitable[HTTPResponse]]:
    """A function of its own: this version of Sanic writes a mark on it, which a method does not take."""

    async def route(request: Request, **parts: str) -> HTTPResponse:
        return await handler(request, **parts)

    route.__name__ = handler.__name__
    return route


def _error(code: str, status: int) -> HTTPResponse:
    return response.json({"error": code}, status)
