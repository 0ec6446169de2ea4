"""Published content: rows to the core's values and back, and a copy in memory that follows the database."""

import time
from collections.abc import Iterable
from threading import Lock
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from web.core.content import HOME, Article, ArticleKind, Content, DoorRef, Referral, Source, Variant
from web.core.cues import Audience
from web.core.entries import Phone
from web.storage.models.content import ContentKind, ContentRow

LOOK_SECONDS = 0.5  # what is published is seen everywhere within a second
_log = structlog.get_logger()


class Library:
    """The content, read again as soon as the database holds other rows; safe to share between requests."""

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self._sessions = sessions
        self._version: tuple[str, ...] | None = None
        self._looked_at = float("-inf")
        self._content = Content({}, {}, {})
        self._first = Lock()

    def content(self) -> Content:
        """Every action asks for it, so the database is looked at no more often than LOOK_SECONDS.

        At the very first all wait for whoever reads it; later what was published until now goes on meanwhile.
        """
        if self._version is None:
            with self._first:
                if self._version is None:
                    self._look()
        elif time.monotonic() - self._looked_at > LOOK_SECONDS:
            self._looked_at = time.monotonic()  # first, so that nobody else looks meanwhile
            try:
                self._look()
            except SQLAlchemyError as error:
                _log.warning("content_unreadable", error=type(error).__name__)
        return self._content

    def _look(self) -> None:
        with self._sessions() as session:
            version = _version(session)
            if version != self._version:
                self._content = load(session)
                self._version = version


def load(session: Session) -> Content:
    rows = list(session.scalars(select(ContentRow)))
    articles = {(row.key, row.language): _article(row) for row in _of(rows, ContentKind.ARTICLE)}
    return Content(
        articles=articles,
        phrases={(row.key, row.language): row.document["text"] for row in _of(rows, ContentKind.PHRASE)},
        referrals={row.key: _referral(row) for row in _of(rows, ContentKind.REFERRAL)},
        slugs={(article.slug, article.language): article.key for article in articles.values() if article.slug},
    )


def _version(session: Session) -> tuple[str, ...]:
    """Any change of any row changes a digest, and a row more or less the length."""
    digests = session.scalars(select(ContentRow.digest).order_by(ContentRow.kind, ContentRow.key, ContentRow.language))
    return tuple(digests)


def _of(rows: Iterable[ContentRow], kind: ContentKind) -> Iterable[ContentRow]:
    return (row for row in rows if row.kind is kind)


def _article(row: ContentRow) -> Article:
    document = row.document
    return Article(
        key=row.key,
        language=row.language,
        slug=row.slug,
        kind=ArticleKind(document["kind"]),
        title=document["title"],
        summary=document["summary"],
        answer=document["answer"],
        ask=document.get("ask"),
        tab=document.get("tab"),
        body=document.get("body", ""),
        doors=tuple(DoorRef(**door) for door in document.get("doors", ())),
        suggestions=tuple(document.get("suggestions", ())),
        says=tuple(document.get("says", ())),
        sources=tuple(Source(**source) for source in document.get("sources", ())),
        checked=document.get("checked"),
        more=document.get("more"),
        offers_person=document.get("offers_person", False),
        variants={Audience(who): _variant(item) for who, item in document.get("variants", {}).items()},
    )


def _variant(item: dict[str, Any]) -> Variant:
    doors, suggestions = item.get("doors"), item.get("suggestions")
    return Variant(
        item["answer"],
        item.get("more"),
        None if doors is None else tuple(DoorRef(**door) for door in doors),
        None if suggestions is None else tuple(suggestions),
    )


def _referral(row: ContentRow) -> Referral:
    document = row.document
    phone = document.get("phone")
    return Referral(
        referral_id=row.key,
        name=document["name"],
        for_whom=document["for_whom"],
        phone=Phone(**phone) if phone else None,
        url=document.get("url"),
        cost=document.get("cost"),
        hours=document.get("hours"),
        source=document.get("source"),
        checked=document["checked"],
        country=document.get("country") or HOME,
        instead=document.get("instead") or {},
    )
