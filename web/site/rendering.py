"""Markdown of the articles to HTML, with links to pages and referrals by name."""

import re
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markupsafe import Markup

from web.core.content import Article, Content, Source
from web.core.entries import Door

# html=False: an editor's text can never bring a script or an image of another site along.
_markdown = MarkdownIt("commonmark", {"html": False}).disable("image")
_LINK = re.compile(r"\]\((page|referral):([\w-]+)\)")


@dataclass(frozen=True)
class Page:
    """An article as a template needs it."""

    key: str
    title: str
    tab: str
    summary: str
    url: str
    html: str = ""
    doors: tuple[Door, ...] = ()
    sources: tuple[Source, ...] = ()
    checked: str | None = None


def url_of(content: Content, key: str, language: str) -> str:
    """The address of a page; the home page for a key that has none, so that no link is dead."""
    article = content.article(key, language)
    return f"/{language}/{article.slug}" if article is not None and article.slug else f"/{language}/"


def listed(content: Content, article: Article) -> Page:
    """A page as a link: without its body."""
    url = url_of(content, article.key, article.language)
    return Page(article.key, article.title, article.tab or "Halte", article.summary, url)


def page(content: Content, article: Article) -> Page:
    link = listed(content, article)
    return Page(
        link.key,
        link.title,
        link.tab,
        link.summary,
        link.url,
        html=Markup(_markdown.render(_resolve(content, article))),  # noqa: S704 (markdown-it escapes HTML)
        doors=content.doors(article.doors, article.language),
        sources=article.sources,
        checked=article.checked,
    )


def _resolve(content: Content, article: Article) -> str:
    def target(found: re.Match[str]) -> str:
        kind, key = found.groups()
        if kind == "page":
            return f"]({url_of(content, key, article.language)})"
        referral = content.referrals.get(key)
        if referral is not None and referral.phone is not None:
            return f"](tel:{referral.phone.dial})"
        return f"]({referral.url})" if referral is not None and referral.url else "](#doors)"

    return _LINK.sub(target, article.body)
