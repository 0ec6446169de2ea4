"""The chat's two pages: before and during a conversation."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from web.actions import access, chat
from web.http import cookies
from web.http.context import parts, request_token, visitor_cookie

bp = Blueprint("chat", __name__, url_prefix="/<any(nl, en):lang>/chat")
STARTS_PER_MINUTE = 120  # for the whole service: a flood must not fill the database; many share one address (Tor)


@bp.get("")
def show(lang: str) -> ResponseReturnValue:
    row = parts().dispatcher.read(access.by_token, request_token(visitor_cookie(parts().settings)))
    if row is None:
        return render_template("chat/start.html")
    if row.language != lang:  # the conversation goes on in its own language
        return redirect(url_for("chat.show", lang=row.language))
    return render_template("chat/room.html")


@bp.post("")
def start(lang: str) -> ResponseReturnValue:
    """Begin, unless this browser has a conversation that is still open. The only place that sets a visitor's cookie."""
    settings = parts().settings
    row = parts().dispatcher.read(access.by_token, request_token(visitor_cookie(settings)))
    answer = redirect(url_for("chat.show", lang=lang), code=303)
    if row is not None and row.closed_at is None:
        return answer
    parts().limits.spend("starts", STARTS_PER_MINUTE, 60)
    started = parts().dispatcher.perform(chat.begin, lang)
    cookies.give(answer, settings, visitor_cookie(settings), started.token)
    return answer
