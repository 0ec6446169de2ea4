"""A conversation as lines of a page: what web/client/shared/entry_view.ts and talk_list.ts make in the browser."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from web.chat import wording
from web.core.assistant import HUMAN
from web.core.entries import ArticleLink, ChangeCode, Door, Entry, Kind, Sender, Suggestion
from web.core.states import ANSWERS, State

ASKED = frozenset(  # from here on they wait
    {ChangeCode.ASKED, ChangeCode.ALARMED, ChangeCode.DUE, ChangeCode.RELEASED, ChangeCode.STAFF_LOST}
)
ENDED = frozenset({ChangeCode.LAPSED, ChangeCode.MISSED, ChangeCode.HOURS_ENDED})  # they waited, and nobody came
SPEAKER_CHANGES = frozenset({ChangeCode.CLAIMED, ChangeCode.HANDED_BACK, ChangeCode.TRANSFERRED})
VOICES = {Sender.VISITOR: "you", Sender.ASSISTANT: "bot", Sender.STAFF: "human", Sender.SYSTEM: "bot"}


@dataclass(frozen=True)
class Line:
    """An entry as it is shown. words: of a change. crosses: from here on somebody else speaks."""

    entry: Entry
    clock: str
    words: str
    crosses: bool
    buttons: tuple[Suggestion, ...]
    sent: str | None = None  # what has become of the visitor's own words: 'sent' or 'read'

    @property
    def voice(self) -> str:
        return VOICES[self.entry.sender]

    @property
    def paragraphs(self) -> list[str]:
        """An empty line makes a paragraph."""
        return re.split(r"\n{2,}", self.entry.body.text) if self.entry.body.text else []


class Story:
    """A letter is claimed, given back and lost like a chat, but that is told in other words."""

    def __init__(self) -> None:
        self._letter = False
        self._kept = False  # a letter that one goes back to out of the queue

    def reads(self, code: ChangeCode | None) -> bool:
        """Whether this entry, read in order, belongs to a letter."""
        if code in (ChangeCode.ASKED, ChangeCode.ALARMED, ChangeCode.DUE):
            self._letter, self._kept = False, self._letter
        if code is ChangeCode.WITHDRAWN or code in ENDED:
            self._letter = self._kept
        if code is ChangeCode.LETTER_SENT:
            self._letter = True
        if code is ChangeCode.HANDED_BACK:
            self._kept = False
        return self._letter


def lines(entries: Sequence[Entry], state: State, read: int, now: datetime, zone: ZoneInfo) -> list[Line]:
    """read: the last number that a person has seen."""
    story = Story()
    told = [_line(entry, story.reads(entry.body.code), now, zone) for entry in entries]
    return _mark(_keep_buttons(told, state), read)


def _line(entry: Entry, letter: bool, now: datetime, zone: ZoneInfo) -> Line:
    is_change = entry.kind is Kind.CHANGE
    words = wording.change(entry, letter, now, zone) if is_change else ""
    crosses = is_change and not letter and entry.body.code in SPEAKER_CHANGES
    # The way to a person always has words; any other button without words is no button.
    offered = (
        replace(item, label=item.label or wording.text("ask_person"))
        for item in entry.body.suggestions
        if item.label or item.topic == HUMAN
    )
    return Line(entry, wording.clock(entry.at, zone), words, crosses, tuple(offered))


def _keep_buttons(told: list[Line], state: State) -> list[Line]:
    """While the assistant answers: those since the last words of the visitor, and those of a crisis card.

    Who waits is offered no way to a person, who is on the way.
    """
    said = max((line.entry.number for line in told if line.entry.sender is Sender.VISITOR), default=0)

    def kept(line: Line) -> tuple[Suggestion, ...]:
        if state not in ANSWERS or not (line.entry.body.crisis or line.entry.number > said):
            return ()
        return tuple(item for item in line.buttons if item.topic != HUMAN or state is not State.WAITING)

    return [replace(line, buttons=kept(line)) for line in told]


def _mark(told: list[Line], read: int) -> list[Line]:
    """Told once: below the last that a person has read, and the last that arrived."""
    mine = [line.entry.number for line in told if line.entry.sender is Sender.VISITOR]
    marks = dict.fromkeys(mine[-1:], "sent")
    marks |= dict.fromkeys([number for number in mine if number <= read][-1:], "read")
    return [replace(line, sent=marks.get(line.entry.number)) for line in told]


def waits_after(told: Sequence[Line]) -> int | None:
    """The number of the entry behind which the place in the queue is told."""
    return next((line.entry.number for line in reversed(told) if line.entry.body.code in ASKED), None)


def crisis_at(told: Sequence[Line]) -> int | None:
    """The crisis card that answers the last words of the visitor, if nobody but them has spoken since."""
    spoken = [line for line in told if line.entry.kind is not Kind.CHANGE]
    return spoken[-1].entry.number if spoken and spoken[-1].entry.body.crisis else None


def newest_answer(told: Sequence[Line]) -> int | None:
    """What the visitor has to read, if it is the last thing that there is."""
    last = told[-1].entry if told else None
    answers = last is not None and last.kind is not Kind.CHANGE and last.sender is not Sender.VISITOR
    return last.number if last is not None and answers else None


def nobody_came(told: Sequence[Line]) -> bool:
    """The waiting ended without a person, and nothing has been said since."""
    return bool(told) and told[-1].entry.body.code in ENDED


def came_up(entries: Iterable[Entry]) -> tuple[list[Door], list[ArticleLink]]:
    """The places and pages that were named, each once."""
    doors = {door.name: door for entry in entries for door in entry.body.doors}
    articles = {entry.body.article.title: entry.body.article for entry in entries if entry.body.article}
    return list(doors.values()), list(articles.values())
