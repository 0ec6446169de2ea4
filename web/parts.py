"""The parts below the ways in, joined once for each process."""

import secrets
from dataclasses import dataclass

import gevent
from sqlalchemy import Engine

from web import answering
from web.announcer import Announcer
from web.assistant.client import Bot, RasaBot
from web.bus import Bus, RedisBus, TableBus
from web.core.events import Forgotten, TurnDue
from web.dispatch import Dispatcher
from web.limits import Limits, SharedLimits, WrongCodes
from web.presence import Presence
from web.push import Emitter, Push
from web.settings import Settings
from web.storage import wordings
from web.storage.content import Library
from web.storage.engine import read_sessions
from web.storage.entries import EntryStore
from web.storage.sealing import MasterKeys


@dataclass(frozen=True)
class Parts:
    """limits: of this process. shared_limits, wrong_codes: of the whole service."""

    settings: Settings
    dispatcher: Dispatcher
    library: Library
    presence: Presence
    push: Push
    announcer: Announcer
    bot: Bot
    limits: Limits
    shared_limits: SharedLimits
    wrong_codes: WrongCodes


def join(settings: Settings, engine: Engine, emitter: Emitter, is_worker: bool = False) -> Parts:
    """The web process gives its Socket.IO server as emitter; others one that has no sockets."""
    wordings.read_all()
    library = Library(read_sessions(engine))
    store = EntryStore(MasterKeys(settings.master_key_id, settings.master_keys))
    connected = Presence()
    push = Push(emitter, connected, _bus(settings, engine, is_worker))
    # A new name at every start: whoever was connected to the one before is away until they connect again.
    process = secrets.token_hex(8)
    dispatcher = Dispatcher(engine, store, library, push.deliver, process)
    bot: Bot = RasaBot(settings.bot_url, settings.bot_secret, settings.bot_timeout)

    def answer(due: TurnDue) -> None:
        gevent.spawn(answering.answer, dispatcher, bot, due)

    def forget(gone: Forgotten) -> None:
        gevent.spawn(bot.forget, gone.conversation_id.hex)

    push.dispatcher, push.on_turn, push.on_forgotten = dispatcher, answer, forget
    announcer = Announcer(push, connected, dispatcher)
    limits = Limits()
    shared = SharedLimits(settings.redis_url, limits)
    return Parts(
        settings,
        dispatcher,
        library,
        connected,
        push,
        announcer,
        bot,
        limits,
        shared,
        WrongCodes(shared),
    )


def _bus(settings: Settings, engine: Engine, is_worker: bool) -> Bus:
    return RedisBus(settings.redis_url) if settings.redis_url else TableBus(engine, publishes=is_worker)
