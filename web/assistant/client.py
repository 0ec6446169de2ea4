"""The one narrow way to the bot: HTTP on loopback, with a time limit and a shared secret."""

import json
from typing import Any, Protocol

import structlog
import urllib3

from web.core.assistant import Act, BotAnswer
from web.core.scrub import mask

MAX_ANSWER_BYTES = 64_000
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
        asked = json.dumps({"sender": sender, "message": mask(text), "lang": language}).encode()
        try:
            answer = self._pool.request(
                "POST", f"{self._url}/message", body=asked, headers=self._headers, preload_content=False
            )
            body = answer.read(MAX_ANSWER_BYTES)
            answer.release_conn()
            if answer.status != 200:
                _log.warning("bot_refused", status=answer.status)
                return None
            return parse(json.loads(body))
        except (urllib3.exceptions.HTTPError, ValueError, OSError) as error:
            _log.warning("bot_unreachable", error=type(error).__name__)
            return None

    def forget(self, sender: str) -> None:
        try:
            self._pool.request("DELETE", f"{self._url}/conversation/{sender}", headers=self._headers)
        except (urllib3.exceptions.HTTPError, OSError):
            _log.info("bot_forget_missed")  # it forgets by itself after half an hour

    def ready(self) -> bool:
        try:
            answer = self._pool.request("GET", f"{self._url}/", headers=self._headers)
            return bool(answer.status == 200 and answer.json().get("ready"))
        except (urllib3.exceptions.HTTPError, ValueError, OSError):
            return False


def parse(data: Any) -> BotAnswer | None:
    """The bot's JSON as a value; None for any shape that we do not know."""
    try:
        act = next((act for act in Act if act.value in data["act"]), None)
        if act is None:
            return None
        topic = data["topic"]
        ranking = tuple((str(name), float(chance)) for name, chance in data["ranking"])
        return BotAnswer(
            topic if isinstance(topic, str) else None,
            float(data["confidence"]),
            ranking,
            float(data["crisis"]),
            act,
        )
    except (KeyError, TypeError, ValueError):
        return None
