"""The parts below the ways in, joined once for each process."""

from dataclasses import dataclass

import gevent
from sqlalchemy import Engine

from web import answering
from web.assistant.client import Bot, RasaBot
from web.bus import Bus, RedisBus, TableBus
from web.core.events import TurnDue
from web.dispatch import Dispatcher
from web.limits import Limits
from web.presence import Presence
from web.push import Emitter, Push
from web.settings import Settings
from web.storage.content import Library
from web.storage.engine import read_sessions
from web.storage.entries import EntryStore
from web.storage.sealing import MasterKeys


@dataclass(frozen=True)
class Parts:
    settings: Settings
    dispatcher: Dispatcher
    library: Library
    presence: Presence
    push: Push
    bot: Bot
    limits: Limits


def join(settings: Settings, engine: Engine, emitter: Emitter, is_worker: bool = False) -> Parts:
    """The web process gives its Socket.IO server as emitter; others one that has no sockets."""
    library = Library(read_sessions(engine))
    store = EntryStore(MasterKeys(settings.master_key_id, settings.master_keys))
    connected = Presence()
    push = Push(emitter, connected, _bus(settings, engine, is_worker))
    dispatcher = Dispatcher(engine, store, library, push.deliver)
    bot: Bot = RasaBot(settings.bot_url, settings.bot_secret, settings.bot_timeout)

    def answer(due: TurnDue) -> None:
        gevent.spawn(answering.answer, dispatcher, bot, due)

    push.dispatcher, push.on_turn = dispatcher, answer
    return Parts(settings, dispatcher, library, connected, push, bot, Limits())


def _bus(settings: Settings, engine: Engine, is_worker: bool) -> Bus:
    return RedisBus(settings.redis_url) if settings.redis_url else TableBus(engine, publishes=is_worker)
