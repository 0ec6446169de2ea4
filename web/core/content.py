"""The published words: articles, phrases and referrals, in one language or in both, and the search over them."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from web.core.entries import Door, Phone

LANGUAGES = ("nl", "en")
PHRASES = (
    "opening",
    "ask_person",
    "choice",
    "unknown",
    "unknown_again",
    "bot_down",
    "nothing_found",
    "handover_started",
    "handover_nobody",
    "handover_closed",
)


class ArticleKind(StrEnum):
    ARTICLE = "article"
    CARD = "card"
    SMALLTALK = "smalltalk"
    REFUSAL = "refusal"


@dataclass(frozen=True)
class Source:
    text: str
    url: str | None = None


@dataclass(frozen=True)
class DoorRef:
    """A referral by id, with the reason to turn there on this card."""

    referral: str
    why: str | None = None


@dataclass(frozen=True)
class Article:
    """One text in one language. With a slug it is a page; without, only an answer of the assistant.

    tab: the neutral short title for the browser's tab. ask: how a visitor would ask for it; a button's label.
    """

    key: str
    language: str
    kind: ArticleKind
    title: str
    summary: str
    answer: str
    ask: str | None = None
    tab: str | None = None
    slug: str | None = None
    body: str = ""
    doors: tuple[DoorRef, ...] = ()
    suggestions: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    checked: str | None = None


@dataclass(frozen=True)
class Referral:
    """Another organisation. Every field that may be None is None unless it was verified at `source`."""

    referral_id: str
    name: str
    for_whom: Mapping[str, str]
    phone: Phone | None
    url: str | None
    cost: Mapping[str, str] | None
    hours: Mapping[str, str] | None
    source: str | None
    checked: str

    def door(self, language: str, why: str | None = None) -> Door:
        return Door(
            name=self.name,
            for_whom=self.for_whom[language],
            phone=self.phone,
            url=self.url,
            cost=(self.cost or {}).get(language),
            hours=(self.hours or {}).get(language),
            why=why,
        )


@dataclass(frozen=True)
class Content:
    """All that is published, at one moment. Built once per version and shared: never changed."""

    articles: Mapping[tuple[str, str], Article]
    phrases: Mapping[tuple[str, str], str]
    referrals: Mapping[str, Referral]
    slugs: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def article(self, key: str, language: str) -> Article | None:
        return self.articles.get((key, language))

    def by_slug(self, slug: str, language: str) -> Article | None:
        key = self.slugs.get((slug, language))
        return self.article(key, language) if key else None

    def phrase(self, key: str, language: str) -> str:
        return self.phrases[(key, language)]

    def doors(self, refs: Iterable[DoorRef], language: str) -> tuple[Door, ...]:
        known = (ref for ref in refs if ref.referral in self.referrals)
        return tuple(self.referrals[ref.referral].door(language, ref.why) for ref in known)

    @cached_property
    def _stemmed(self) -> list[tuple[Article, frozenset[str], frozenset[str]]]:
        """The pages with the stems of their heads and of their bodies."""
        return [
            (article, _stems(f"{article.title} {article.ask or ''} {article.summary}"), _stems(article.body))
            for article in self.articles.values()
            if article.slug is not None
        ]

    def search(self, query: str, language: str, limit: int = 3) -> tuple[Article, ...]:
        """The pages that share most with the query, best first; none if nothing fits.

        Words count by their first five letters (which joins 'politie' and 'politiebezoek'), title and
        question three times as much as the body.
        """
        wanted = _stems(query)
        scored = []
        for article, strong, weak in self._stemmed:
            if article.language != language:
                continue
            score = 3 * len(wanted & strong) + len(wanted & weak)
            if score >= 3:
                scored.append((-score, article.key, article))
        return tuple(article for _, _, article in sorted(scored, key=lambda row: row[:2])[:limit])


_STEM = 5
_SMALL_WORDS = frozenset(
    [
        "waar",
        "wanneer",
        "hoeveel",
        "welke",
        "wordt",
        "worden",
        "wordt",
        "iemand",
        "niets",
        "alles",
        "maken",
        "moet",
        "moeten",
        "heeft",
        "hebben",
        "gaan",
        "over",
        "voor",
        "naar",
        "door",
        "deze",
        "zijn",
        "geen",
        "niet",
        "meer",
        "dan",
        "dat",
        "wat",
        "wie",
        "hoe",
        "with",
        "this",
        "that",
        "what",
        "when",
        "where",
        "which",
        "have",
        "does",
        "about",
        "from",
        "into",
        "they",
        "them",
        "there",
        "their",
        "your",
    ]
)


def _stems(text: str) -> frozenset[str]:
    folded = unicodedata.normalize("NFKD", text.casefold())
    words = re.findall(r"[a-z0-9]{4,}", "".join(c for c in folded if not unicodedata.combining(c)))
    return frozenset(word[:_STEM] for word in words if word not in _SMALL_WORDS)
