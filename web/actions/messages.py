"""Words of visitors and workers: most of what a helpline does, so they are stored many at a time.

All messages that arrive while a commit is on its way go into the next one (group commit, see lane.py). What a message
does to its conversation is decided in memory, from rows that are locked until the commit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm.exc import StaleDataError

from web.actions import words
from web.actions.outcome import Work
from web.actions.words import Voice
from web.core import conversation as core
from web.core import details, hours, moves
from web.core.context import remembering
from web.core.conversation import Change, Conversation, append, ranked
from web.core.cues import Audience, Heard, Offer
from web.core.danger import card_reply
from web.core.entries import ChangeCode, Sender, clean_text
from web.core.errors import Code, Refused
from web.core.events import Event, of_changes
from web.core.states import ANSWERS, State, Urgency
from web.core.triage import Alarm
from web.storage import entries, wordings
from web.storage.entries import Key, Loaded, Stored


class Message(NamedTuple):
    """A message on its way in.

    alarms: what the triage saw in the text. heard: what else the text says, read only with an alarm.
    topic: the button that was pressed. via: the connection.
    """

    conversation_id: UUID
    sender: Sender
    client_id: str
    text: str
    alarms: tuple[Alarm, ...] = ()
    heard: Heard = Heard()
    topic: str | None = None
    staff_id: int = 0
    name: str = ""
    via: str | None = None

    @property
    def key(self) -> Key:
        return self.conversation_id, self.sender, self.client_id


def from_visitor(
    conversation_id: UUID,
    client_id: str,
    text: str,
    topic: str | None = None,
    via: str | None = None,
    *,
    as_is: bool = False,
) -> Message:
    """Danger is seen here, without the bot; it is acted on in the message's own transaction.

    as_is: the writer was asked about what could name somebody, and wants it sent.
    Raises Refused: IDENTIFYING when that is still to be asked. A button (topic) says our own words, and words that
    tell of danger to a life are never held up: an address in them may be what saves it.
    """
    cleaned = clean_text(text)
    alarms = wordings.triage().read(text)
    asks = not as_is and topic is None and not any(alarm.crisis for alarm in alarms)
    noticed = details.find(cleaned) if asks else ()
    if noticed:
        raise Refused(Code.IDENTIFYING, found=[{"kind": one.kind.value, "text": one.text} for one in noticed])
    heard = wordings.cues().read(text) if alarms else Heard()
    return Message(conversation_id, Sender.VISITOR, client_id, cleaned, alarms, heard, topic, via=via)


def from_staff(
    conversation_id: UUID, client_id: str, text: str, staff_id: int, name: str, via: str | None = None
) -> Message:
    cleaned = clean_text(text)
    return Message(conversation_id, Sender.STAFF, client_id, cleaned, staff_id=staff_id, name=name, via=via)


Result = Stored | Refused


@dataclass(frozen=True, slots=True)
class Batch:
    """A result for each message, in their order; what others must hear, and what is remembered, after the commit."""

    results: list[Result]
    events: list[Event]
    written: dict[UUID, Loaded]


def store(work: Work, messages: Sequence[Message], careful: bool) -> Batch:
    """Store them all.

    A message that was stored before gets the first result. `careful` looks for those beforehand, and reads each
    conversation anew. Without it the database refuses a second copy (IntegrityError) or a state that somebody else
    changed (StaleDataError), and the caller comes again, careful: both are rare.
    """
    known = entries.stored(work.session, [message.key for message in messages]) if careful else {}
    loaded = work.entries.load_many(work.session, [message.conversation_id for message in messages], anew=careful)
    current = {which: item.conversation for which, item in loaded.items()}
    results: list[Result] = []
    changes: list[Change] = []
    events: list[Event] = []
    for message in messages:
        earlier = known.get(message.key)
        if earlier is not None:
            results.append(earlier)
            continue
        try:
            made = decide(work, current.get(message.conversation_id), message)
        except Refused as refused:
            results.append(refused)
            continue
        entry = next(e for change in made for e in change.entries if e.client_id == message.client_id)
        known[message.key] = stored = Stored(entry.number, entry.prev, entry.at)
        results.append(stored)
        current[message.conversation_id] = made[-1].after
        changes += made
        events += of_changes(made, message.via)
    if not careful:
        _look_again(work, messages, results, loaded)
    return Batch(results, events, work.entries.write_many(work.session, loaded, changes))


def decide(work: Work, before: Conversation | None, message: Message) -> list[Change]:
    """What a message does to its conversation."""
    if before is None:
        raise Refused(Code.NOT_FOUND)
    if message.sender is Sender.STAFF:
        said = core.reply(before, message.staff_id, message.name, message.text, message.client_id, work.now)
        return [said]
    rule = message.alarms[0].rule if message.alarms else None
    said = core.say(before, message.text, message.client_id, work.now, rule)
    if message.alarms:
        return [said, *noticed(work, said.after, message)]
    if message.topic in words.CARD_REPLIES and before.offer is Offer.SAFE and said.after.state in ANSWERS:
        return [said, reply_to_card(work, said.after, message.topic)]
    if message.topic and said.after.state in ANSWERS:
        answer = words.article(Voice.to(work.content, before), message.topic)
        if answer is not None:
            settled = {"turn_number": None, "turn_since": None, "misses": 0, "topic": message.topic}
            return [said, append(Change(said.after, said.after), work.now, answer, **settled)]
    return [said]


def noticed(work: Work, before: Conversation, message: Message) -> list[Change]:
    """What the triage saw is acted on with the message itself: danger at once, the rest by not letting wait long."""
    knows = remembering(before, message.heard)
    crisis = message.alarms[0].crisis
    if crisis is not None:
        return [Change(before, knows), *raise_alarm(work, knows, crisis, message.heard.audience)]
    sooner = knows.with_(urgency=max(knows.urgency, Urgency.SOON))
    return [Change(before, ranked(sooner, work.now))]


def reply_to_card(work: Work, before: Conversation, button: str) -> Change:
    """A button of a crisis card was pressed: what it means is known, whatever it says."""
    answered = {"turn_number": None, "turn_since": None, "misses": 0, **card_reply(button, before).remember}
    draft = words.beside_card(Voice.to(work.content, before), before.topic, button)
    return append(Change(before, before), work.now, draft, **answered)


def raise_alarm(work: Work, before: Conversation, crisis: str, about: Audience | None) -> list[Change]:
    """Show the crisis card, whole at the first time, and put the visitor ahead in the queue.

    about: whom this very message is about; the card speaks to that person, and not to whom was meant before.
    With a worker already there, the worker sees it and the visitor is not interrupted. Outside opening hours nobody
    would come: then the card's doors are the help, and the assistant stays.
    """
    pressing = ranked(before.with_(topic=crisis, urgency=Urgency.NOW), work.now)
    if before.state is State.WITH_STAFF:
        return [Change(before, pressing)]
    answered = {"turn_number": None, "turn_since": None, "misses": 0, "offer": Offer.SAFE}
    shown = Change(before, pressing.with_(cards=before.cards | {crisis}, **answered))
    speaks_to = before.audience if before.audience is Audience.MINOR else about
    voice = Voice.to(work.content, before)._replace(audience=speaks_to)
    card = words.card(voice, crisis, again=crisis in before.cards)
    if card is not None:
        shown = append(shown, work.now, card)
    if not hours.opening(work.schedule, work.now).open or before.state is not State.ASSISTANT:
        return [shown]
    return [shown, moves.ask(shown.after, work.now, urgency=Urgency.NOW, told=ChangeCode.ALARMED)]


def _look_again(work: Work, messages: Sequence[Message], results: list[Result], loaded: Mapping[UUID, Loaded]) -> None:
    """A refusal counts only if it was not of a state that is past, and not of a repeat: then the first result counts.

    Raises StaleDataError for the former. What is written needs no such look: there the version is compared.
    """
    refused = [at for at, result in enumerate(results) if isinstance(result, Refused)]
    if not refused:
        return
    earlier = entries.stored(work.session, [messages[at].key for at in refused])
    fresh = work.entries.load_many(work.session, [messages[at].conversation_id for at in refused], anew=True)
    for at in refused:
        which = messages[at].conversation_id
        if which in loaded and (which not in fresh or fresh[which].version != loaded[which].version):
            work.entries.forget(which)
            raise StaleDataError("refused on a state that is past")
        results[at] = earlier.get(messages[at].key, results[at])
