"""Group commit: while one commit is on its way, the messages that arrive wait together and go into the next one.

A disk takes as long for one message as for fifty. Each sender is answered only after the commit of their own message.
"""

from collections.abc import Callable, Sequence

import gevent
import structlog
from gevent.event import AsyncResult, Event

from web.actions.messages import Message, Result
from web.core.errors import Code, Refused
from web.storage.entries import Stored

# One transaction should not hold its locks for long, whatever has piled up.
MOST_AT_ONCE = 200
_log = structlog.get_logger()


class Lane:
    """`store` writes a batch and gives a result for each, in order; it raises when it could write none of them."""

    def __init__(self, store: Callable[[Sequence[Message]], list[Result]]) -> None:
        self._store = store
        self._waiting: list[tuple[Message, AsyncResult[Result]]] = []
        self._wake = Event()
        self._writer: gevent.Greenlet[[], None] | None = None

    def put(self, message: Message) -> Stored:
        """Wait until the message is durable. Refused: what the store refuses for it."""
        result: AsyncResult[Result] = AsyncResult()
        self._waiting.append((message, result))
        self._wake.set()
        if self._writer is None or self._writer.dead:
            self._writer = gevent.spawn(self._write)
        answer = result.get()
        if isinstance(answer, Stored):
            return answer
        raise answer if answer is not None else Refused(Code.INTERNAL)

    def _write(self) -> None:
        while True:
            self._wake.wait()
            self._wake.clear()
            while self._waiting:
                batch, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
                answers: list[Result] = []
                try:
                    answers = self._answers([message for message, _ in batch])
                finally:  # whatever happened, nobody may wait for ever
                    for at, (_, result) in enumerate(batch):
                        result.set(answers[at] if at < len(answers) else None)

    def _answers(self, batch: Sequence[Message]) -> list[Result]:
        try:
            return self._store(batch)
        except Refused as refused:
            return [refused] * len(batch)
        except Exception as error:  # a mistake of ours with one of them: the others must not suffer for it
            _log.error("batch_failed", error=type(error).__name__, size=len(batch))
            if len(batch) == 1:
                return [Refused(Code.INTERNAL)]
            return [answer for message in batch for answer in self._answers([message])]
