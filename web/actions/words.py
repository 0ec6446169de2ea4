"""The assistant's words: content picked by key and put into the shape of an entry. No sentence is written here."""

from dataclasses import replace
from typing import NamedTuple

from web.core.assistant import HUMAN
from web.core.content import Article, ArticleKind, Content, DoorRef
from web.core.conversation import Conversation
from web.core.cues import Audience
from web.core.entries import ArticleLink, Body, Door, Draft, Kind, Sender, Suggestion
from web.core.states import State
from web.core.triage import SUICIDE

BUTTONS = 3
CARD_REPLIES = ("safe_yes", "safe_no", "safe_other")  # what the buttons of a card mean, in their order
DOORS_IN_CHAT = 2  # more would push the words off a phone; the page has them all
YOUTH_LINE = DoorRef("nl-kindertelefoon")
# After contact with the police the danger of suicide is greatest, whatever was asked (DOMAIN notes, 2.4).
AFTER_POLICE = frozenset({"police_visit", "house_search", "arrested_partner"})
SUICIDE_LINE = DoorRef("nl-113")
LEGAL_LINE = DoorRef("nl-juridisch-loket")


class Beginning(NamedTuple):
    """How a conversation starts: our first words, the questions below them, and whose page and doors come with them."""

    phrase: str
    starters: tuple[str, ...]
    page: str | None = None


# None: nothing was chosen; then why most people come.
BEGINNINGS: dict[Audience | None, Beginning] = {
    None: Beginning("opening", ("police_visit", "stop_viewing", "about_other", "minor_self")),
    Audience.SELF: Beginning("opening", ("own_thoughts", "stop_viewing", "own_behaviour_online", "police_visit")),
    Audience.OTHER: Beginning("opening", ("other_adult", "found_images", "arrested_partner", "partner_support")),
    Audience.CHILD: Beginning("opening", ("child_behaviour", "child_harmful_behaviour", "protect_child")),
    Audience.PROFESSIONAL: Beginning("opening", ("professional", "report_someone", "protect_child", "therapy")),
    Audience.VICTIM: Beginning("opening_victim", ("victim_recent", "victim_adult", "legal_process"), "victim_adult"),
    Audience.MINOR: Beginning(
        "opening_minor", ("own_thoughts", "victim_adult", "sextortion", "anonymity"), "minor_self"
    ),
}


# Who else is there, for whom it is about: named while somebody waits, and when nobody can come.
LINES: dict[Audience | None, tuple[str, ...]] = {
    None: ("nl-112", "nl-stopitnow", "nl-113", "nl-veilig-thuis"),
    Audience.SELF: ("nl-112", "nl-stopitnow", "nl-113"),
    Audience.OTHER: ("nl-112", "nl-stopitnow", "nl-veilig-thuis"),
    Audience.CHILD: ("nl-112", "nl-veilig-thuis", "nl-stopitnow"),
    Audience.PROFESSIONAL: ("nl-112", "nl-veilig-thuis", "nl-stopitnow"),
    Audience.VICTIM: ("nl-112", "nl-csg", "nl-slachtofferhulp"),
    Audience.MINOR: ("nl-kindertelefoon", "nl-112", "nl-fier"),
}


def lines(content: Content, language: str, audience: Audience | None, country: str | None) -> tuple[Door, ...]:
    return content.doors((DoorRef(key) for key in LINES[audience]), language, country)


class Voice(NamedTuple):
    """To whom the assistant speaks, and out of which content."""

    content: Content
    language: str
    audience: Audience | None = None
    country: str | None = None
    declined: bool = False  # a person is not offered: it was declined, or is on the way
    in_danger: bool = False  # the card about suicide was shown: its line stays in sight

    @classmethod
    def to(cls, content: Content, conversation: Conversation) -> "Voice":
        asked = conversation
        no_offer = asked.declined or asked.state is State.WAITING
        return cls(content, asked.language, asked.audience, asked.country, no_offer, SUICIDE in asked.cards)

    def article(self, key: str) -> Article | None:
        found = self.content.article(key, self.language)
        return found.seen_by(self.audience) if found else None

    def phrase(self, key: str) -> str:
        return self.content.phrase(key, self.language, self.country)


def opening(content: Content, language: str, audience: Audience | None = None) -> Draft:
    """The first words. Who needs another door first gets that door, and the page that leads to it."""
    voice = Voice(content, language, audience)
    first = BEGINNINGS[audience]
    own = voice.article(first.page) if first.page else None
    draft = said(voice, first.phrase, first.starters, own.doors[:DOORS_IN_CHAT] if own else ())
    return draft._replace(body=replace(draft.body, article=_link(own))) if own else draft


def article(
    voice: Voice,
    key: str,
    more: bool = False,
    before: str | None = None,
    others: tuple[str, ...] = (),
    legal: bool = False,
) -> Draft | None:
    """The short answer of an article, with the way to its page, to other organisations and to next questions.

    before: a line of ours to say first. others: what the visitor may have meant instead; their buttons come first.
    legal: the question touches the law, on which we give no advice: a lawyer does.
    """
    found = voice.article(key)
    if found is None or found.kind is ArticleKind.CARD or (more and found.more is None):
        return None
    text = voice.content.filled(found.more if more and found.more else found.answer, voice.country)
    if voice.declined and found.offers_person and not more:
        text = text.rpartition("\n\n")[0] or text  # its last paragraph offers what was declined
    doors = _doors(voice, key, found)
    if legal and LEGAL_LINE.referral not in {ref.referral for ref in doors}:
        text = f"{text}\n\n{voice.phrase('legal_gentle')}"
        doors = (*doors, LEGAL_LINE)
    if key in AFTER_POLICE and SUICIDE_LINE.referral not in {ref.referral for ref in doors}:
        text = f"{text}\n\n{voice.phrase('suicide_gentle')}"
        doors = (SUICIDE_LINE, *doors)
    if before is not None:
        text = f"{voice.phrase(before)}\n\n{text}"
    next_keys = tuple(dict.fromkeys((*others, *found.suggestions)))
    body = Body(
        text=text,
        article=_link(found),
        doors=voice.content.doors(doors, voice.language, voice.country),
        suggestions=_asks(voice, next_keys if not others else (*next_keys[:BUTTONS], HUMAN)),
        lang=voice.language,
    )
    return Draft(Sender.ASSISTANT, Kind.TEXT, body)


def card(voice: Voice, key: str, again: bool = False) -> Draft | None:
    """A crisis card; `again`: shorter, when this one was shown before."""
    found = voice.article(key)
    if found is None:
        return None
    doors = voice.content.doors(found.doors, voice.language, voice.country)
    if again:
        text = voice.phrase("card_again" if key == SUICIDE else "card_again_other")
        short = Body(text=text, crisis=True, doors=doors[:DOORS_IN_CHAT], lang=voice.language)
        return Draft(Sender.ASSISTANT, Kind.CARD, short)
    says = tuple(Suggestion(label, reply) for label, reply in zip(found.says, CARD_REPLIES, strict=False))
    text = voice.content.filled(found.answer, voice.country)
    body = Body(title=found.title, text=text, crisis=True, doors=doors, suggestions=says, lang=voice.language)
    return Draft(Sender.ASSISTANT, Kind.CARD, body)


def beside_card(voice: Voice, crisis: str | None, phrase: str) -> Draft:
    """One of our lines after a crisis card, with the lines of that card in sight."""
    found = voice.article(crisis) if crisis else None
    return said(voice, phrase, (HUMAN,), found.doors[:DOORS_IN_CHAT] if found else ())


def choice(voice: Voice, topics: tuple[str, ...]) -> Draft:
    return said(voice, "choice", (*topics, HUMAN))


def unknown(voice: Voice, query: str, phrase: str, declined: bool) -> Draft:
    """Not known, or nobody to ask: what the site's search found, and the way to a person unless that was declined."""
    found = voice.content.search(query, voice.language)
    if phrase == "bot_down" and not found:
        phrase = "nothing_found"
    topics = tuple(item.key for item in found[1:])
    draft = said(voice, phrase, topics if declined else (*topics, HUMAN))
    return draft._replace(body=replace(draft.body, article=_link(found[0]) if found else None))


def said(voice: Voice, phrase: str, suggestions: tuple[str, ...] = (), doors: tuple[DoorRef, ...] = ()) -> Draft:
    """One of the assistant's own lines, with buttons and doors below it."""
    body = Body(
        text=voice.phrase(phrase),
        doors=voice.content.doors(doors, voice.language, voice.country),
        suggestions=_asks(voice, suggestions),
        lang=voice.language,
    )
    return Draft(Sender.ASSISTANT, Kind.TEXT, body)


def _doors(voice: Voice, key: str, found: Article) -> tuple[DoorRef, ...]:
    """Somebody under 18 gets the children's line first, whatever the subject."""
    doors = found.doors
    if voice.audience is Audience.MINOR and found.kind is ArticleKind.ARTICLE and Audience.MINOR not in found.variants:
        doors = (YOUTH_LINE, *(ref for ref in doors if ref.referral != YOUTH_LINE.referral))
    if voice.in_danger:
        return (SUICIDE_LINE, *(ref for ref in doors if ref.referral != SUICIDE_LINE.referral))[:DOORS_IN_CHAT]
    return doors[:DOORS_IN_CHAT]


def _link(found: Article) -> ArticleLink | None:
    if found.slug is None:
        return None
    return ArticleLink(found.title, found.summary, f"/{found.language}/{found.slug}")


def _asks(voice: Voice, keys: tuple[str, ...]) -> tuple[Suggestion, ...]:
    """Buttons for topics that exist, and for a person."""
    buttons = []
    for key in keys:
        found = voice.article(key)
        if key == HUMAN and voice.declined:
            continue  # the way to a person stands above the conversation; it is not pressed on anyone
        if key == HUMAN:
            buttons.append(Suggestion(voice.phrase("ask_person"), HUMAN))
        elif found is not None:
            buttons.append(Suggestion(found.ask or found.title, key))
    return tuple(buttons)
