"""A browser's cookies and forms, for the sign-in that comes before the websocket."""

import asyncio
import http.cookiejar
import urllib.parse
import urllib.request
from typing import Any


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        return None


class Browser:
    def __init__(self, url: str) -> None:
        self.url, self.jar = url, http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar), NoRedirect)

    async def post(self, path: str, **form: str) -> None:
        """A form whose answer is a redirect."""
        status = await asyncio.to_thread(self._post, path, urllib.parse.urlencode(form).encode())
        if status != 303:
            raise SystemExit(f"{path} answered {status}")

    def _post(self, path: str, body: bytes) -> int:
        request = urllib.request.Request(self.url + path, body, {"Origin": self.url})
        try:
            with self._opener.open(request, timeout=30) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as answer:
            return answer.code

    @property
    def headers(self) -> dict[str, str]:
        """The Cookie and Origin headers for a websocket of this browser."""
        return {"Origin": self.url, "Cookie": "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.jar)}
