"""`python -m bench.prepare IDLE WAITING`: conversations for the load, made with the product's own actions.

Ten thousand visitors who come in through the form one by one would take longer than the measurement. The tokens of
their cookies are printed as JSON: first those with the assistant, then those in the queue.
"""

import json
import secrets
import sys
import time
from dataclasses import replace

from sqlalchemy import select

from web.actions import chat
from web.actions.outcome import Outcome, Work
from web.dispatch import Dispatcher
from web.parts import join
from web.settings import load
from web.storage.engine import make_engine
from web.storage.models import ProcessRow
from web.worker.loop import NoSockets

GROUP = 50  # conversations in one transaction
PAUSE_SECONDS = 0.02  # on SQLite there is one writer at a time, and the web process has its own things to note


def several(work: Work, count: int, waiting: bool) -> Outcome[list[str]]:
    """As if they were connected to the web process that runs: who is away would not be claimed."""
    web = work.session.scalars(select(ProcessRow.process_id).order_by(ProcessRow.started_at.desc())).first()
    work = replace(work, process=web or "")
    tokens = []
    for _ in range(count):
        started = chat.begin(work, "nl").value
        if waiting:
            chat.ask_person(work, started.conversation_id, secrets.token_hex(8))
        tokens.append(started.token)
    return Outcome(tokens)  # without events: nobody hears them here


def make(dispatcher: Dispatcher, count: int, waiting: bool) -> list[str]:
    tokens: list[str] = []
    while len(tokens) < count:
        tokens += dispatcher.perform(several, min(GROUP, count - len(tokens)), waiting)
        time.sleep(PAUSE_SECONDS)
    return tokens


def main() -> None:
    idle, waiting = (int(word) for word in sys.argv[1:3])
    settings = load()
    parts = join(settings, make_engine(settings.database_url), NoSockets())
    print(json.dumps([make(parts.dispatcher, idle, False), make(parts.dispatcher, waiting, True)]))


if __name__ == "__main__":
    main()
