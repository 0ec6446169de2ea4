"""The one narrow way to the bot: HTTP on loopback, with a time limit and a shared secret."""

import json
from typing import Protocol

import structlog
import urllib3

from web.assistant import contract
from web.core.assistant import BotAnswer

MAX_ANSWER_BYTES = 64_000
SENDER_HEADER = "x-conversation"  # with several bots, deploy/bots.conf chooses by it
_log = structlog.get_logger()


class Bot(Protocol):
    def ask(self, sender: str, text: str, language: str) -> BotAnswer | None:
        """The bot's reading of a text; None if it is down, slow, or makes no sense. Never raises."""

    def forget(self, sender: str) -> None:
        """The conversation is with a person or over: the bot keeps nothing of it. Never raises."""

    def ready(self) -> bool: ...


class RasaBot:
    """sender: a random id per conversation, nobody's name. What could name somebody is masked before it leaves."""

    def __init__(self, url: str, secret: str, timeout: float) -> None:
        self._url = f"{url}/webhooks/halte"
        self._headers = {"x-bot-secret": secret, "content-type": "application/json"}
        limit = urllib3.Timeout(connect=min(1.0, timeout), read=timeout, total=timeout)
        self._pool = urllib3.PoolManager(maxsize=20, timeout=limit, retries=False)

    def ask(self, sender: str, text: str, language: str) -> BotAnswer | None:
        asked = contract.question(sender, text, language)
        headers = {**self._headers, SENDER_HEADER: sender}
        try:
            answer = self._pool.request(
                "POST", f"{self._url}/message", body=asked, headers=headers, preload_content=False
            )
            body = answer.read(MAX_ANSWER_BYTES)
            answer.release_conn()
            if answer.status != 200:
                _log.warning("bot_refused", status=answer.status)
                return None
            return contract.answer(json.loads(body))
        except (urllib3.exceptions.HTTPError, ValueError, OSError) as error:
            _log.warning("bot_unreachable", error=type(error).__name__)
            return None

    def forget(self, sender: str) -> None:
        try:
            headers = {**self._headers, SENDER_HEADER: sender}
            self._pool.request("DELETE", f"{self._url}/conversation/{sender}", headers=headers)
        except (urllib3.exceptions.HTTPError, OSError):
            _log.info("bot_forget_missed")  # it forgets by itself after half an hour

    def ready(self) -> bool:
        try:
            answer = self._pool.request("GET", f"{self._url}/", headers=self._headers)
            return bool(answer.status == 200 and answer.json().get("ready"))
        except (urllib3.exceptions.HTTPError, ValueError, OSError):
            return False
