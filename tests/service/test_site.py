"""Pages over HTTP: languages, headers, cookies, error pages."""

import re

import pytest

from tests.people import Browser
from tests.processes import Service

PAGES = ["/nl/", "/en/", "/nl/bezoek-aan-huis", "/nl/chat", "/en/chat", "/nl/desk/login", "/nl/nonsense", "/robots.txt"]


@pytest.fixture
def browser(service: Service) -> Browser:
    return Browser(service.url)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_the_headers_and_sets_no_cookie(browser: Browser, path: str) -> None:
    _, headers, page = browser.open(path)
    assert "unsafe" not in headers["Content-Security-Policy"]
    for name in ("X-Content-Type-Options", "Referrer-Policy", "Permissions-Policy", "Cache-Control"):
        assert len(headers.get_all(name)) == 1, name
    assert headers["Set-Cookie"] is None
    assert not re.search(r"<script(?![^>]* src=)[^>]*>|<style|\sstyle=|\son[a-z]+=", page)
    assert not re.search(r'(src|href)="https?://(?!localhost)[^"]*\.(js|css|png|svg|woff2?)"', page)


def test_the_start_follows_the_browsers_language(browser: Browser) -> None:
    for wish, home in (("nl-BE,nl;q=0.9", "/nl/"), ("en-GB", "/en/"), ("fr", "/nl/")):
        status, headers, _ = browser.open("/", headers={"Accept-Language": wish})
        assert (status, headers["Location"]) == (302, home)


def every_link(page: str) -> set[str]:
    return {href.split("#")[0] for href in re.findall(r'href="(/[^"]*)"', page)} - {""}


def test_no_link_on_any_page_is_dead(browser: Browser) -> None:
    seen, todo = set(), {"/nl/", "/en/"}
    while todo:
        path = todo.pop()
        seen.add(path)
        if "/leave" in path:
            continue
        status, headers, page = browser.open(path)
        assert status in (200, 302), path
        if "text/html" in headers["Content-Type"]:
            todo |= every_link(page) - seen
    assert len(seen) > 30


@pytest.mark.parametrize(("lang", "other"), [("nl", "en"), ("en", "nl")])
def test_the_language_switch_stays_on_the_page(browser: Browser, lang: str, other: str) -> None:
    _, _, home = browser.open(f"/{lang}/")
    slugs = [path for path in every_link(home) if path.startswith(f"/{lang}/") and "/chat" not in path]
    for path in slugs:
        if path == f"/{lang}/" or "/leave" in path or "/desk" in path:
            continue
        _, _, page = browser.open(path)
        switch = re.search(rf'href="(/{other}/[^"]+)" hreflang', page)
        assert switch, path
        _, _, there = browser.open(switch.group(1))
        assert f'href="{path}" hreflang' in there


@pytest.mark.parametrize(
    ("path", "lang", "words"), [("/nl/nergens", "nl", "bestaat niet"), ("/en/nowhere", "en", "does not exist")]
)
def test_an_unknown_page_is_a_page_of_the_site(browser: Browser, path: str, lang: str, words: str) -> None:
    status, _, page = browser.open(path)
    assert status == 404
    assert f'<html lang="{lang}"' in page
    assert words in page
    assert f'href="/{lang}/chat"' in page


def test_a_form_from_another_site_is_refused(browser: Browser) -> None:
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        status, _, _ = browser.open("/nl/chat", form={}, headers=headers)
        assert status == 403
    assert not list(browser.jar)


def test_another_host_name_is_refused(browser: Browser) -> None:
    status, _, page = browser.open("/nl/", headers={"Host": "evil.example"})
    assert status == 400
    assert "evil.example" not in page


def test_the_visitors_cookie(browser: Browser) -> None:
    _, headers, _ = browser.open("/nl/chat", form={})
    cookie = headers["Set-Cookie"]
    assert cookie.startswith("__Host-halte=")
    for part in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/"):
        assert part in cookie
    assert "Expires" not in cookie
    assert "Domain" not in cookie


def test_an_overlong_form_is_refused(browser: Browser) -> None:
    status, _, _ = browser.open("/nl/desk/login", form={"username": "x" * 100_000, "password": "y"})
    assert status == 413
