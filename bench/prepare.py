"""`python -m bench.prepare IDLE WAITING`: conversations for the load, made with the product's own actions.

Ten thousand visitors who come in through the form one by one would take longer than the measurement. The tokens of
their cookies are printed as JSON: first those with the assistant, then those in the queue.
"""

import json
import secrets
import sys

from web.actions import chat
from web.actions.outcome import Outcome, Work
from web.dispatch import Dispatcher
from web.parts import join
from web.settings import load
from web.storage.engine import make_engine
from web.worker.loop import NoSockets

GROUP = 100  # conversations in one transaction


def several(work: Work, count: int, waiting: bool) -> Outcome[list[str]]:
    """Nobody is connected yet, so nobody has to hear the events."""
    tokens = []
    for _ in range(count):
        started = chat.begin(work, "nl").value
        if waiting:
            chat.ask_person(work, started.conversation_id, secrets.token_hex(8))
        tokens.append(started.token)
    return Outcome(tokens)


def make(dispatcher: Dispatcher, count: int, waiting: bool) -> list[str]:
    tokens: list[str] = []
    while len(tokens) < count:
        tokens += dispatcher.perform(several, min(GROUP, count - len(tokens)), waiting)
    return tokens


def main() -> None:
    idle, waiting = (int(word) for word in sys.argv[1:3])
    settings = load()
    parts = join(settings, make_engine(settings.database_url), NoSockets())
    print(json.dumps([make(parts.dispatcher, idle, False), make(parts.dispatcher, waiting, True)]))


if __name__ == "__main__":
    main()
