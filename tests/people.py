"""Visitors and helpline workers as programs: real cookies, real forms, a real Socket.IO connection."""

import http.cookiejar
import secrets
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

import socketio

from tests.processes import Service, until


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        return None


class Browser:
    """Cookies and forms. The jar sends Secure cookies to localhost, as browsers do."""

    def __init__(self, url: str) -> None:
        self.url = url
        policy = http.cookiejar.DefaultCookiePolicy(secure_protocols=("http", "https"))
        self.jar = http.cookiejar.CookieJar(policy)
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar), NoRedirect)

    def open(
        self,
        path: str,
        form: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
        timeout: float = 10,
    ):
        """Status, headers and text; redirects are not followed."""
        data = urllib.parse.urlencode(form).encode() if form is not None else None
        request = urllib.request.Request(self.url + path, data=data, headers=headers or {})
        try:
            answer = self._opener.open(request, timeout=timeout)
        except urllib.error.HTTPError as error:
            answer = error
        return answer.status, answer.headers, answer.read().decode()

    def cookie_header(self) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.jar)}


class Person:
    """One Socket.IO connection and everything it heard."""

    namespace = ""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.heard: list[tuple[str, Any]] = []
        self.socket = self._connect()

    def _connect(self) -> socketio.Client:
        socket = socketio.Client(reconnection=False, handle_sigint=False)
        socket.on(
            "*", lambda event, *data: self.heard.append((event, data[0] if data else None)), namespace=self.namespace
        )
        socket.connect(
            self.browser.url,
            headers=self.browser.cookie_header(),
            transports=["websocket"],
            namespaces=[self.namespace],
            wait_timeout=10,
        )
        return socket

    def reconnect(self) -> None:
        self.hang_up()
        self.socket = self._connect()

    def hang_up(self) -> None:
        self.socket.disconnect()

    def emit(self, event: str, payload: Any) -> dict[str, Any]:
        """The acknowledgement."""
        return self.socket.call(event, payload, namespace=self.namespace, timeout=10)

    def hears(self, event: str, seconds: float = 8, **wanted: Any) -> Any:
        """The first payload of that event in which all these values stand."""

        def found() -> Any:
            for name, data in list(self.heard):
                if name == event and all(data.get(key) == value for key, value in wanted.items()):
                    return data
            return None

        return until(found, seconds, f"{event} {wanted}")


def new_id() -> str:
    return secrets.token_hex(8)


class Visitor(Person):
    namespace = "/chat"

    def __init__(self, service: Service, language: str = "nl", browser: Browser | None = None) -> None:
        """With a browser: the conversation whose cookie it has; otherwise a new one."""
        if browser is None:
            browser = Browser(service.url)
            status, _, _ = browser.open(f"/{language}/chat", form={})
            assert status == 303
        super().__init__(browser)

    def say(self, text: str, client_id: str | None = None, **more: Any) -> dict[str, Any]:
        return self.emit("say", {"client_id": client_id or new_id(), "text": text, **more})

    def ask_person(self) -> dict[str, Any]:
        return self.emit("ask_person", {"client_id": new_id()})

    def entries(self, after: int = 0) -> list[dict[str, Any]]:
        return self.emit("resume", {"after": after})["entries"]

    def answered(self, after: int, seconds: float = 15) -> dict[str, Any]:
        """The first entry of the assistant after that number."""

        def found() -> Any:
            return next((entry for entry in self.entries(after) if entry["sender"] == "assistant"), None)

        return until(found, seconds, "an answer")


class Worker(Person):
    namespace = "/desk"

    def __init__(self, service: Service, username: str = "noor") -> None:
        browser = Browser(service.url)
        form = {"username": username, "password": service.passwords[username]}
        status, _, _ = browser.open("/nl/desk/login", form=form)
        assert status == 303
        super().__init__(browser)

    def waiting(self) -> list[dict[str, Any]]:
        return self.emit("board", {})["board"]["waiting"]

    def sees(self, seconds: float = 8) -> dict[str, Any]:
        """The first who waits."""
        return until(self.waiting, seconds, "somebody waiting")[0]

    def claim(self, conversation: str) -> dict[str, Any]:
        return self.emit("claim", {"conversation": conversation})

    def reply(self, conversation: str, text: str, client_id: str | None = None) -> dict[str, Any]:
        return self.emit("reply", {"conversation": conversation, "client_id": client_id or new_id(), "text": text})

    def close(self, conversation: str) -> dict[str, Any]:
        return self.emit("close", {"conversation": conversation, "client_id": new_id()})
