"""A real browser: Debian's Chromium, driven by Playwright. Fails, never skips, where there is none."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.processes import Service

# As root and without a network: no sandbox, and none of Chromium's own calls home.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    program = next((found for name in ("chromium", "google-chrome", "chrome") if (found := shutil.which(name))), None)
    assert program, "the browser tests need Chromium: apt-get install chromium"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield running
        running.close()


class Windows:
    """Opens windows, each with cookies of its own, and watches that nothing goes wrong in any of them."""

    def __init__(self, chromium: Browser, service: Service) -> None:
        self.service = service
        self._chromium = chromium
        self.problems: list[str] = []
        self._open: list[Page] = []

    def open(self, path: str, **options) -> Page:
        context = self._chromium.new_context(base_url=self.service.url, **options)
        context.set_default_timeout(15_000)
        page = context.new_page()
        page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))
        page.on("console", self._listen)
        page.on("request", self._watch)
        page.goto(path)
        self._open.append(page)
        return page

    def close(self) -> None:
        """Nobody is left in the queue, also after a test that failed."""
        for page in self._open:
            page.context.request.get("/nl/leave", max_redirects=0)
            page.context.close()

    def _listen(self, message) -> None:
        # A 404 or 401 page that a test opens on purpose is reported by Chromium as an error of loading.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.problems.append(f"console: {message.text}")

    def _watch(self, request) -> None:
        if f"localhost:{self.service.port}" not in request.url and not request.is_navigation_request():
            self.problems.append(f"request to another host: {request.url}")


@pytest.fixture
def windows(chromium: Browser, service: Service) -> Iterator[Windows]:
    opened = Windows(chromium, service)
    yield opened
    opened.close()
    assert opened.problems == []
