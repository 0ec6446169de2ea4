"""The bare relay: what this stack can do when a chat server does nothing but relay.

A visitor opens a conversation, a worker joins its room, each message is passed on and acknowledged. No database, no
encryption, no sign-in. BARE names the layers to put on top, joined by `+`: `raw` (python-socketio handlers, no Flask
request context around each event) and `inline` (async_handlers=False) are the yardstick; `aes`, `sqlite`, `sqlitefull`,
`core`, `group` add what a product needs, one by one; `throttled` tells queue positions once a second.
"""

import os
import sys

LAYERS = set(filter(None, os.environ.get("BARE", "").split("+")))
sys.modules["geventwebsocket"] = None  # type: ignore[assignment]  # python-engineio prefers it if it can be imported

from secrets import token_hex  # noqa: E402

import gevent  # noqa: E402
from flask import Flask, request  # noqa: E402
from flask_socketio import SocketIO, emit, join_room  # noqa: E402
from layers import seal, store  # noqa: E402

app = Flask(__name__)
socketio = SocketIO(
    app,
    async_mode="gevent",
    transports=["websocket"],
    async_handlers="inline" not in LAYERS,
    manage_session=False,
    ping_interval=25,
    ping_timeout=20,
    max_http_buffer_size=64_000,
)
server = socketio.server
conversations = {}
visitors = {}
waiting = {}
queue_dirty = False


def say(sid, text):
    conversation = conversations[sid]
    store(conversation, seal(conversation, text))
    return conversation


def reply(conversation, text):
    store(conversation, seal(conversation, text))
    return visitors[conversation]


def opened_by(sid):
    conversation = conversations[sid] = token_hex(8)
    visitors[conversation] = sid
    return conversation


def forget(sid):
    visitors.pop(conversations.pop(sid, None), None)
    waiting.pop(sid, None)


def announce():
    """Tell waiting visitors where they stand: at most once a second, and only those whose place changed."""
    global queue_dirty  # noqa: PLW0603
    while True:
        gevent.sleep(1)
        if not queue_dirty:
            continue
        queue_dirty = False
        for position, sid in enumerate(list(waiting), 1):
            if waiting.get(sid, position) != position:
                waiting[sid] = position
                server.emit("position", position, to=sid)
                if position % 50 == 0:
                    gevent.sleep(0)


if "throttled" in LAYERS:
    gevent.spawn(announce)


@server.on("wait")
def wait(sid):
    global queue_dirty
    waiting[sid], queue_dirty = 0, True
    return True


@server.on("advance")
def advance(sid):
    global queue_dirty  # noqa: PLW0603
    waiting.pop(next(iter(waiting)))
    queue_dirty = True
    return True


if "raw" in LAYERS:

    @server.on("open")
    def raw_open(sid):
        return opened_by(sid)

    @server.on("claim")
    def raw_claim(sid, conversation):
        server.enter_room(sid, conversation)
        return True

    @server.on("say")
    def raw_say(sid, text):
        conversation = say(sid, text)
        server.emit("said", [conversation, text], to=conversation)
        return True

    @server.on("reply")
    def raw_reply(sid, conversation, text):
        server.emit("answered", text, to=reply(conversation, text))
        return True

    @server.on("disconnect")
    def raw_left(sid, reason=None):
        forget(sid)

else:

    @socketio.on("open")
    def opened():
        return opened_by(request.sid)

    @socketio.on("claim")
    def claimed(conversation):
        join_room(conversation)
        return True

    @socketio.on("say")
    def said(text):
        conversation = say(request.sid, text)
        emit("said", [conversation, text], to=conversation)
        return True

    @socketio.on("reply")
    def replied(conversation, text):
        emit("answered", text, to=reply(conversation, text))
        return True

    @socketio.on("disconnect")
    def left(reason=None):
        forget(request.sid)


@app.get("/ready")
def ready():
    return "ready"
