"""What a visitor's device has to fetch: bytes as they travel, and that nothing comes from anywhere else."""

import re
from http.client import HTTPConnection, HTTPResponse

import pytest

from tests.people import Browser
from tests.processes import Service

BROWSERS = "gzip, deflate, br"
CHAT, INFORMATION = 60_000, 30_000


def fetch(service: Service, path: str, accept: str = BROWSERS, cookie: str = "") -> tuple[HTTPResponse, bytes]:
    """The answer as it travels, nothing unpacked."""
    line = HTTPConnection("localhost", service.port, timeout=10)
    headers = {"Accept-Encoding": accept, **({"Cookie": cookie} if cookie else {})}
    line.request("GET", path, headers=headers)
    answer = line.getresponse()
    body = answer.read()
    line.close()
    return answer, body


def unpacked(browser: Browser, path: str) -> str:
    return browser.open(path)[2]


def assets_of(page: str) -> set[str]:
    """Everything that the browser fetches with the page: scripts, styles, icon."""
    links = {tag for tag in re.findall(r"<link [^>]+>", page) if "alternate" not in tag and "canonical" not in tag}
    found = {re.search(r'href="([^"]+)"', tag) for tag in links}
    sources = re.findall(r'<(?:script|img|iframe|source|object|embed)\b[^>]*?\bsrc(?:set)?="([^"]+)"', page)
    return {match.group(1) for match in found if match} | set(sources)


def weight(service: Service, browser: Browser, path: str) -> dict[str, int]:
    """Bytes with headers, by name without the fingerprint."""
    cookie = browser.cookie_header()["Cookie"]
    weights = {}
    for part in [path, *sorted(assets_of(unpacked(browser, path)))]:
        answer, body = fetch(service, part, cookie=cookie)
        assert answer.status == 200, part
        headers = sum(len(name) + len(value) + 4 for name, value in answer.getheaders())
        weights[re.sub(r"-[A-Z0-9]{8}\.", ".", part.rsplit("/assets/", 1)[-1])] = len(body) + headers
    return weights


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_chat_with_everything_it_needs_is_small(service: Service, lang: str) -> None:
    browser = Browser(service.url)
    browser.open(f"/{lang}/chat", form={})
    try:
        weights = weight(service, browser, f"/{lang}/chat")
    finally:
        browser.open(f"/{lang}/leave")
    assert "chat.js" in weights
    assert sum(weights.values()) <= CHAT, weights


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_information_pages_are_small(service: Service, lang: str) -> None:
    browser = Browser(service.url)
    home = unpacked(browser, f"/{lang}/")
    articles = set(re.findall(rf'href="(/{lang}/[a-z0-9-]+)"', home)) - {f"/{lang}/leave"}
    assert len(articles) > 10
    for path in (f"/{lang}/", *sorted(articles)):  # the page before the chat is one of them
        weights = weight(service, browser, path)
        assert sum(weights.values()) <= INFORMATION, (path, weights)


@pytest.mark.parametrize("path", ["/nl/", "/en/", "/nl/bezoek-aan-huis", "/nl/chat", "/nl/desk/login"])
def test_nothing_comes_from_elsewhere_and_paint_waits_for_no_script(service: Service, path: str) -> None:
    browser = Browser(service.url)
    page = unpacked(browser, path)
    assert all(re.fullmatch(r"/assets/[a-z-]+-[A-Z0-9]{8}\.(css|js|svg)", asset) for asset in assets_of(page))
    assert all(re.search(r"\bdefer\b", tag) for tag in re.findall(r"<script[^>]*>", page))
    for style in (asset for asset in assets_of(page) if asset.endswith(".css")):
        assert not re.search(r"url\(|@import|@font-face", unpacked(browser, style)), style


def test_each_browser_gets_what_it_can_unpack(service: Service) -> None:
    page = unpacked(Browser(service.url), "/nl/chat")
    script = next(asset for asset in assets_of(page) if asset.endswith(".js"))
    sizes = []
    for path, kind in ((script, "text/javascript"), ("/nl/chat", "text/html")):
        for accept, coding in (("br, gzip", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip"), ("identity", None)):
            answer, body = fetch(service, path, accept)
            assert answer.headers["Content-Encoding"] == coding, (path, accept)
            assert "Accept-Encoding" in answer.headers["Vary"]
            assert answer.headers["Content-Type"].startswith(kind)
            assert int(answer.headers["Content-Length"]) == len(body)
            sizes.append(len(body))
        assert sizes == sorted(sizes)
        sizes.clear()
        assert "immutable" in fetch(service, script)[0].headers["Cache-Control"]


@pytest.mark.parametrize("name", ["manifest.json", "chat.js", "site.js.br", "..%2f..%2fapp.py"])
def test_only_what_the_pages_use_is_served(service: Service, name: str) -> None:
    assert fetch(service, f"/assets/{name}")[0].status == 404
