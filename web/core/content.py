"""The published words: articles, phrases and referrals, in one language or in both, and the search over them."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

from web.core.cues import Audience
from web.core.entries import Door, Phone

# The one place that names the languages; docs/languages.md says what each needs.
LANGUAGES = ("nl", "en")
LOCALES = {"en": "en_GB"}  # whose way of writing dates, where that is not the language's own
HOME = "NL"  # whose lines are shown as long as a visitor has not said to live elsewhere
_PLACEHOLDER = re.compile(r"\{([a-z0-9-]+)(\.name)?\}")
PHRASES = (
    "opening",
    "opening_minor",
    "opening_victim",
    "promise",
    "ask_person",
    "choice",
    "perhaps",
    "unknown",
    "unknown_declined",
    "unknown_again",
    "bot_down",
    "nothing_found",
    "handover_started",
    "handover_nobody",
    "handover_closed",
    "handover_offer",
    "already_waiting",
    "heard_waiting",
    "heard_again",
    "declined",
    "gladly",
    "which_one",
    "corrected",
    "no_more",
    "safe_yes",
    "safe_no",
    "safe_other",
    "card_again",
    "card_again_other",
    "card_stay",
    "refused_again",
    "other_language",
    "only_signs",
    "no_links",
    "suicide_gentle",
    "legal_gentle",
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
class Variant:
    """What an article says to one audience instead. None: as to everybody."""

    answer: str
    more: str | None = None
    doors: tuple[DoorRef, ...] | None = None
    suggestions: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Article:
    """One text in one language. With a slug it is a page; without, only an answer of the assistant.

    tab: the neutral short title for the browser's tab. ask: how a visitor would ask for it; a button's label.
    more: what the assistant adds when asked to go on. offers_person: the answer ends by asking whether to fetch one.
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
    more: str | None = None
    offers_person: bool = False
    variants: Mapping[Audience, Variant] = field(default_factory=dict)

    def seen_by(self, audience: Audience | None) -> "Article":
        """The article as it speaks to this audience."""
        variant = self.variants.get(audience) if audience else None
        if variant is None:
            return self
        return replace(
            self,
            answer=variant.answer,
            more=variant.more or self.more,
            doors=self.doors if variant.doors is None else variant.doors,
            suggestions=self.suggestions if variant.suggestions is None else variant.suggestions,
        )


@dataclass(frozen=True)
class Referral:
    """Another organisation. Every field that may be None is None unless it was verified at `source`.

    instead: its counterpart for who lives elsewhere, by country (ISO 3166).
    """

    referral_id: str
    name: str
    for_whom: Mapping[str, str]
    phone: Phone | None
    url: str | None
    cost: Mapping[str, str] | None
    hours: Mapping[str, str] | None
    source: str | None
    checked: str
    country: str = HOME
    instead: Mapping[str, str] = field(default_factory=dict)

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

    def phrase(self, key: str, language: str, country: str | None = None) -> str:
        return self.filled(self.phrases[(key, language)], country)

    def doors(self, refs: Iterable[DoorRef], language: str, country: str | None = None) -> tuple[Door, ...]:
        """The lines, each its counterpart in the country where there is one, none twice."""
        found = {
            referral.referral_id: referral.door(language, ref.why)
            for ref in reversed(tuple(refs))
            if (referral := self.referral(ref.referral, country)) is not None
        }
        return tuple(reversed(found.values()))

    def referral(self, referral_id: str, country: str | None = None) -> Referral | None:
        home = self.referrals.get(referral_id)
        if home is None:
            return None
        return self.referrals.get(home.instead.get(country or HOME, referral_id), home)

    def filled(self, text: str, country: str | None = None) -> str:
        """The text with `{nl-112}` as that line's number and `{nl-113.name}` as its name, for that country."""

        def line(match: re.Match[str]) -> str:
            referral = self.referral(match[1], country)
            if referral is None:
                return match[0]
            return referral.name if match[2] or referral.phone is None else referral.phone.shown

        return _PLACEHOLDER.sub(line, text)

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
    words = re.findall(r"[^\W_]{4,}", "".join(c for c in folded if not unicodedata.combining(c)))
    return frozenset(word[:_STEM] for word in words if word not in _SMALL_WORDS)
