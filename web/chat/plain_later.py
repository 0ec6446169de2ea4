"""The pages beside the conversation, without a script: a letter, an appointment, their seven words, and the end.

They take the place of the whole window, so the words in the writing field come along as `text`, and go back with it.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby

from flask import Blueprint, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from web.actions import chat, later, reads
from web.actions.reads import View
from web.chat import feedback, telling, wording
from web.chat import plain_forms as forms
from web.core.entries import Entry, Sender
from web.core.errors import Code, Refused
from web.core.states import LETTERS, State
from web.http import cookies, fields
from web.http.context import parts, request_token, visitor_cookie
from web.storage.models import ConversationRow

bp = Blueprint("plain_later", __name__, url_prefix="/<language:lang>/chat/plain")
CARRIES = ("GET", "POST")  # POST brings words along and stores nothing


@bp.route("/later", methods=CARRIES)
def choose(lang: str) -> ResponseReturnValue:
    """A letter or an appointment."""
    row = forms.row()
    if row is None:
        return forms.to_start(lang)
    view = _view(row)
    return forms.page("plain_later.html", words=_carried(), view=view, why=_why(view))


@bp.route("/write", methods=CARRIES)
def write(lang: str) -> ResponseReturnValue:
    """The letter's page; what stood in the writing field is its beginning."""
    row = forms.row()
    if row is None:
        return forms.to_start(lang)
    return forms.page("plain_letter.html", words=_carried(), waits=row.state is State.WAITING)


@bp.post("/letter")
def letter(lang: str) -> ResponseReturnValue:
    """Send it. The answer shows the seven words; the same form sent again shows the same ones."""
    words = forms.typed()
    try:
        code = parts().dispatcher.perform(later.send_letter, forms.message(words))
    except Refused as refused:
        return forms.refused_words(
            "plain_letter.html", refused, words, action=request.path, back_to=url_for("plain_later.write", lang=lang)
        )
    return forms.page("plain_code.html", code=code, when=None, words="")


@bp.route("/times", methods=CARRIES)
def times(lang: str) -> ResponseReturnValue:
    row = forms.row()
    if row is None:
        return forms.to_start(lang)
    return forms.page("plain_times.html", words=_carried(), **_times())


@bp.post("/book")
def book(lang: str) -> ResponseReturnValue:
    words, key, row = forms.typed(), forms.key(), forms.row()
    try:
        if row is None:
            raise Refused(Code.NOT_FOUND)
        slot = request.form.get("slot", "")
        if not slot.isdecimal():
            chosen = {"words": words, "key": key, "problem": wording.text("choose_first")}
            return forms.page("plain_times.html", **chosen, **_times()), 409
        forms.spend_words(row.conversation_id)
        slot_id = fields.number({"slot": int(slot)}, "slot")
        code = parts().dispatcher.perform(later.book, row.conversation_id, key, slot_id)
    except Refused as refused:
        return forms.refused_page("plain_times.html", refused, words=words, **_times())
    at = _view(row).appointment_at
    return forms.page("plain_code.html", code=code, when=forms.moment(at) if at else None, words=words)


@bp.route("/stop", methods=CARRIES)
def stop(lang: str) -> ResponseReturnValue:
    """Are you sure, and what becomes of it."""
    row = forms.row()
    if row is None:
        return forms.to_start(lang)
    return forms.page("plain_stop.html", words=_carried(), keeps=_keeps(_view(row)), waits=row.state is State.WAITING)


@bp.post("/leave")
def leave(lang: str) -> ResponseReturnValue:
    """End it. What came up in the conversation is read before: afterwards the cookie opens nothing."""
    row = forms.row()
    if row is None:
        return _end("gone")
    _, entries = parts().dispatcher.read(reads.resume, row.conversation_id, 0)
    parts().dispatcher.perform(chat.leave, row.conversation_id)
    view = _view(row)
    if view.state is State.CLOSED:
        return _end("ended", entries)
    if view.state in LETTERS:
        return _end("letter", entries)
    return _end("booked", entries, until=view.appointment_at)


@bp.post("/forget")
def forget(lang: str) -> ResponseReturnValue:
    """Close and destroy it, now."""
    row = forms.row()
    if row is None:
        return _end("gone")
    parts().dispatcher.perform(chat.forget, row.conversation_id)
    return _end("forgotten")


@bp.get("/end")
def end(lang: str) -> ResponseReturnValue:
    """Of a conversation that was closed from the other side; its cookie still opens it, so it can be erased at once."""
    row = forms.row()
    if row is None:
        return forms.to_start(lang)
    if row.closed_at is None:
        return redirect(url_for("plain.show", lang=lang), code=303)
    if parts().dispatcher.read(chat.blocked, request_token(visitor_cookie(parts().settings))):
        return forms.to_start(lang)  # which has a page for that
    _, entries = parts().dispatcher.read(reads.resume, row.conversation_id, 0)
    return _end_page("ended", entries, can_forget=True)


def _end(why: str, entries: Sequence[Entry] = (), until: datetime | None = None) -> ResponseReturnValue:
    """The last page, and no cookie any more."""
    answer = make_response(_end_page(why, entries, until=forms.moment(until) if until else ""))
    cookies.end(answer, parts().settings, visitor_cookie(parts().settings))
    return answer


def _end_page(why: str, entries: Sequence[Entry], until: str = "", can_forget: bool = False) -> str:
    doors, articles = telling.came_up(entries)
    workers = [entry.body.name for entry in entries if entry.sender is Sender.STAFF]
    return forms.page(
        "plain_end.html",
        why=why,
        doors=doors,
        articles=articles,
        worker=workers[-1] if workers else None,
        until=until,
        can_forget=can_forget,
        feedback_ticket=feedback.ticket(),
    )


def _carried() -> str:
    return forms.typed() if request.method == "POST" else ""


def _view(row: ConversationRow) -> View:
    return parts().dispatcher.read(reads.view, row.conversation_id)


def _keeps(view: View) -> str:
    """What stays after stopping, as moves.leave decides it."""
    if view.state in LETTERS:
        return "letter"
    return "appointment" if view.appointment_at and view.state is not State.WITH_STAFF else "nothing"


def _why(view: View) -> str:
    if view.offers.wait or view.state is State.WAITING:
        return ""
    return wording.not_open(view.offers.reason, view.offers.opens_at, datetime.now(UTC), forms.zone())


def _times() -> dict[str, object]:
    """Free appointments by day, in the time of the helpline."""
    zone = forms.zone()
    free = parts().dispatcher.read(later.free_slots)
    told = [(wording.day(at, zone), slot_id, wording.clock(at, zone)) for slot_id, at in free]
    days = [(day, [(slot_id, clock) for _, slot_id, clock in found]) for day, found in groupby(told, lambda it: it[0])]
    return {"days": days, "place": wording.place_of(zone)}
