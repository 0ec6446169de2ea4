"""The chat without a script: a page to write on, and in it a frame with the conversation.

The frame asks for itself again a second after it came (the header `Refresh`), and that request is held (web/held.py)
until there is news, so the page around it, with what somebody is typing, never has to load anew.
"""

import hashlib
import time
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from web.actions import chat, later, messages, reads
from web.actions import words as words_of
from web.actions.reads import View
from web.chat import plain_forms as forms
from web.chat import telling, wording
from web.core.assistant import HUMAN
from web.core.entries import Door
from web.core.errors import Code, Refused
from web.core.states import State, Urgency
from web.held import Waiter
from web.http.context import content, parts

bp = Blueprint("plain", __name__, url_prefix="/<language:lang>/chat/plain")
TOPIC_LIMIT = 40
HOLD_SECONDS = {State.WAITING: 20.0, State.WITH_STAFF: 25.0}  # whoever waits sees life
QUIET_HOLD_SECONDS = 75.0  # less than the proxy waits (deploy/nginx.conf)
AGAIN_SECONDS = 1  # the frame asks anew; browsers put no new step behind 'back' for so short a time
SLOW_SECONDS = 15  # one window too many, or trouble of ours


@bp.route("", methods=["GET", "POST"])
def show(lang: str) -> ResponseReturnValue:
    """The page around the messages. A POST stores nothing: it brings the words of the field back from another page."""
    words = forms.typed() if request.method == "POST" else ""
    row = forms.row()
    if row is None:
        return forms.to_start(lang)
    if not words and row.closed_at is not None:
        return redirect(url_for("plain_later.end", lang=lang), code=303)
    if request.method == "GET" and row.language != lang:  # the conversation goes on in its own language
        return redirect(forms.address("plain.show", row.language))
    danger = row.urgency == Urgency.NOW and row.closed_at is None
    near = words_of.lines(content(), lang, row.audience, row.country) if danger else ()
    return forms.page("plain.html", words=words, sent=request.args.get("sent"), danger=danger, near_lines=near)


@bp.post("/say")
def say(lang: str) -> ResponseReturnValue:
    """Words that are not taken stand in the field again, with the reason."""
    words = forms.typed()
    try:
        parts().dispatcher.send(forms.message(words))
    except Refused as refused:
        return forms.refused_words("plain.html", refused, words, action=request.path)
    # The next page has a key of its own, and its field has the focus.
    return redirect(forms.address("plain.show", lang, sent="1"), code=303)


@bp.get("/talk")
def talk(lang: str) -> ResponseReturnValue:
    """The frame. `seen` is what it shows already: then the answer waits until there is something else."""
    try:
        row = forms.row()
        if row is None:
            return forms.page("plain_gone.html")
        if row.language != lang:
            return redirect(url_for("plain.talk", lang=row.language, still=request.args.get("still")))
        forms.spend_event(row.conversation_id)
        with parts().held.request(row.conversation_id) as waiter:
            view = _news(waiter, row.conversation_id, request.args.get("seen"))
        near = words_of.lines(content(), lang, row.audience, row.country)
        return _frame(lang, row.conversation_id, view, waiter.displaced, near)
    except Refused as refused:
        if refused.code is Code.NOT_FOUND:
            return forms.page("plain_gone.html")
        return _pause(lang, refused)


@bp.post("/tap")
def tap(lang: str) -> ResponseReturnValue:
    """A button below an answer: said as if it were typed, with its topic."""
    topic = request.form.get("topic", "")[:TOPIC_LIMIT]
    if topic == HUMAN:
        return wish(lang, "ask")
    words, key = forms.typed(), forms.key()

    def press(conversation_id: UUID) -> None:
        forms.spend_words(conversation_id)
        parts().dispatcher.send(messages.from_visitor(conversation_id, key, words, topic or None, as_is=True))

    return _and_talk(lang, press)


@bp.post("/<any(ask, withdraw, stay, cancel):wanted>")
def wish(lang: str, wanted: str) -> ResponseReturnValue:
    """What is done with one button in the frame. Afterwards the frame shows what has become of it."""
    key, perform = forms.key(), parts().dispatcher.perform

    def act(conversation_id: UUID) -> None:
        forms.spend_event(conversation_id)
        match wanted:
            case "ask":
                perform(chat.ask_person, conversation_id, key)
            case "withdraw":
                perform(chat.withdraw, conversation_id, key)
            case "cancel":
                perform(later.cancel, conversation_id, key)
            case _:
                perform(chat.stay, conversation_id)

    return _and_talk(lang, act)


def _and_talk(lang: str, act: Callable[[UUID], None]) -> ResponseReturnValue:
    row, note = forms.row(), {}
    try:
        if row is not None:
            act(row.conversation_id)
    except Refused as refused:
        note = {"note": refused.code.value}
    return redirect(forms.address("plain.talk", lang, **note), code=303)


def _news(waiter: Waiter, conversation_id: UUID, seen: str | None) -> View:
    """The state, once it is another one than was seen, or when waiting has been long enough."""
    view = parts().dispatcher.read(reads.view, conversation_id)
    end = time.monotonic() + HOLD_SECONDS.get(view.state, QUIET_HOLD_SECONDS)
    while _mark(view) == seen and not waiter.displaced and (left := end - time.monotonic()) > 0:
        waiter.wait(left)
        view = parts().dispatcher.read(reads.view, conversation_id)
    return view


def _mark(view: View) -> str:
    """The same for the same picture, in every process."""
    return hashlib.sha256(repr(view).encode()).hexdigest()[:16]


def _frame(
    lang: str, conversation_id: UUID, view: View, displaced: bool, near: tuple[Door, ...]
) -> ResponseReturnValue:
    _, entries = parts().dispatcher.read(reads.resume, conversation_id, 0)
    now, zone = datetime.now(UTC), forms.zone()
    told = telling.lines(entries, view.state, view.read_number, now, zone)
    mark = _mark(view)
    note = request.args.get("note", "") if request.args.get("seen", mark) == mark else ""  # of what is past by now
    closed = note == Code.NOT_OPEN
    shown = forms.page(
        "plain_talk.html",
        view=view,
        lines=told,
        near_lines=near,
        newest=telling.newest_answer(told),
        crisis_at=telling.crisis_at(told),
        waits_after=telling.waits_after(told) if view.state is State.WAITING else None,
        offer_later=view.state is State.ASSISTANT and (closed or telling.nobody_came(told)),
        why=wording.not_open(view.offers.reason, view.offers.opens_at, now, zone) if not view.offers.wait else "",
        wait=wording.wait(view.wait),
        note="" if closed else wording.note(note),
        moment=lambda at: wording.moment(at, now, zone),
        clock=wording.clock(now, zone),
        place=wording.place_of(zone),
    )
    answer = make_response(shown)
    if view.state is not State.CLOSED and not forms.still():
        again = forms.address("plain.talk", lang, seen=mark, **({"note": note} if closed else {}))
        answer.headers["Refresh"] = f"{SLOW_SECONDS if displaced else AGAIN_SECONDS}; url={again}"
    return answer


def _pause(lang: str, refused: Refused) -> ResponseReturnValue:
    """A frame with nothing but an error would stand there for ever: this one asks again."""
    seconds = refused.detail.get("retry_after", SLOW_SECONDS)
    answer = make_response(forms.page("plain_gone.html", problem=wording.refusal(refused)))
    answer.headers["Refresh"] = f"{seconds}; url={url_for('plain.talk', lang=lang)}"
    return answer
