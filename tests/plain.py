"""A visitor without a script, as a program: forms, pages, and a frame that is asked for again and again."""

import html
import re
import threading
import time

from tests.people import Browser, new_id
from tests.processes import Service, until


class PlainVisitor(Browser):
    """Begins a conversation, unless it is given another browser's cookies."""

    def __init__(self, service: Service, language: str = "nl", begin: bool = True) -> None:
        super().__init__(service.url)
        self.home = f"/{language}/chat/plain"
        if begin:
            status, headers, _ = self.open(f"/{language}/chat", {"plain": "1"})
            assert (status, headers["Location"]) == (303, self.home)

    def post(self, path: str, **form: str) -> tuple[int, str]:
        """Status, and the page or where it sends to."""
        status, headers, page = self.open(f"{self.home}/{path}".rstrip("/"), {"client_id": new_id(), **form})
        return status, headers["Location"] if status == 303 else page

    def say(self, text: str, **form: str) -> tuple[int, str]:
        return self.post("say", text=text, **form)

    def frame(self, address: str = "") -> "Frame":
        status, headers, page = self.open(address or f"{self.home}/talk", timeout=90)
        assert status == 200, page
        return Frame(headers.get("Refresh"), page)

    def next_frame(self, frame: "Frame") -> "Frame":
        """As a browser does when the time is up; it comes when there is news."""
        return self.frame(frame.again)

    def sees(self, words: str, seconds: float = 10) -> "Frame":
        return until(lambda: shown if words in (shown := self.frame()).text else None, seconds, words)

    def hears_of(self, frame: "Frame", words: str) -> "Heard":
        """Asks for the frame again, beside what the test does, until these words are in it."""
        return Heard(self, frame, words)


class Frame:
    def __init__(self, refresh: str | None, page: str) -> None:
        self.refresh, self.page = refresh, page
        self.text = html.unescape(re.sub(r"<[^>]+>", "", page))
        self.state = found[1] if (found := re.search(r'data-state="(\w+)"', page)) else None
        self.own = re.findall(r'<li class="you"[^>]* data-number="(\d+)"', page)

    @property
    def again(self) -> str:
        assert self.refresh is not None
        return self.refresh.split("url=", 1)[1]


class Heard:
    """When the words came."""

    def __init__(self, visitor: PlainVisitor, frame: Frame, words: str) -> None:
        self.at: float | None = None
        self._visitor, self._frame, self._words = visitor, frame, words
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def _listen(self) -> None:
        for _ in range(8):
            self._frame = self._visitor.next_frame(self._frame)
            if self._words in self._frame.text:
                self.at = time.monotonic()
                return
            assert self._frame.refresh is not None
            time.sleep(int(self._frame.refresh.split(";")[0]))

    def wait(self) -> float:
        self._thread.join(60)
        assert self.at is not None, f"{self._words} did not come"
        return self.at


def field(page: str) -> str:
    """What stands in the writing field."""
    found = re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", page, re.DOTALL)
    return html.unescape(found[1]) if found else ""


def key_of(page: str) -> str:
    found = re.search(r'name="client_id" value="(\w+)"', page)
    assert found
    return found[1]


def code_of(page: str) -> str:
    found = re.search(r'id="code-words">(.*?)</ol>', page, re.DOTALL)
    assert found
    return " ".join(re.findall(r"<li>(.*?)</li>", found[1]))
