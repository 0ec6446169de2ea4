"""The assistant's words: content picked by key and put into the shape of an entry. No sentence is written here."""

from web.core.content import Article, Content
from web.core.entries import ArticleLink, Body, Draft, Kind, Sender, Suggestion

HUMAN = "human"
DOORS_IN_CHAT = 2  # more would push the words off a phone; the page has them all


def opening(content: Content, language: str, starters: tuple[str, ...]) -> Draft:
    return _said(content.phrase("opening", language), suggestions=_asks(content, starters, language))


def article(content: Content, key: str, language: str) -> Draft | None:
    """The short answer of an article, with the way to its page, to other organisations and to next questions."""
    found = content.article(key, language)
    if found is None:
        return None
    return Draft(
        Sender.ASSISTANT,
        Kind.TEXT,
        Body(
            text=found.answer,
            article=_link(found),
            doors=content.doors(found.doors[:DOORS_IN_CHAT], language),
            suggestions=_asks(content, found.suggestions, language),
        ),
    )


def card(content: Content, key: str, language: str) -> Draft | None:
    found = content.article(key, language)
    if found is None:
        return None
    says = tuple(Suggestion(label, "") for label in found.says)
    body = Body(
        title=found.title,
        text=found.answer,
        crisis=True,
        doors=content.doors(found.doors, language),
        suggestions=says,
    )
    return Draft(Sender.ASSISTANT, Kind.CARD, body)


def choice(content: Content, topics: tuple[str, ...], language: str) -> Draft:
    return _said(content.phrase("choice", language), suggestions=_asks(content, (*topics, HUMAN), language))


def unknown(content: Content, query: str, language: str, misses: int, down: bool) -> Draft:
    """Not known, or nobody to ask: what the site's search found, and the way to a person."""
    found = content.search(query, language)
    if down:
        phrase = "bot_down" if found else "nothing_found"
    else:
        phrase = "unknown_again" if misses > 1 else "unknown"
    topics = tuple(item.key for item in found[1:])
    return Draft(
        Sender.ASSISTANT,
        Kind.TEXT,
        Body(
            text=content.phrase(phrase, language),
            article=_link(found[0]) if found else None,
            suggestions=_asks(content, (*topics, HUMAN), language),
        ),
    )


def closed(content: Content, language: str) -> Draft:
    """A person was asked for while none may be waited for: what is possible instead."""
    return _said(content.phrase("handover_closed", language))


def _said(text: str, suggestions: tuple[Suggestion, ...] = ()) -> Draft:
    return Draft(Sender.ASSISTANT, Kind.TEXT, Body(text=text, suggestions=suggestions))


def _link(found: Article) -> ArticleLink | None:
    if found.slug is None:
        return None
    return ArticleLink(found.title, found.summary, f"/{found.language}/{found.slug}")


def _asks(content: Content, keys: tuple[str, ...], language: str) -> tuple[Suggestion, ...]:
    """Buttons for topics that exist, and for a person."""
    buttons = []
    for key in keys:
        found = content.article(key, language)
        if key == HUMAN:
            buttons.append(Suggestion(content.phrase("ask_person", language), HUMAN))
        elif found is not None:
            buttons.append(Suggestion(found.ask or found.title, key))
    return tuple(buttons)
