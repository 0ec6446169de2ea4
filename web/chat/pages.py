"""The chat's two pages: before and during a conversation."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.actions import access, chat, later
from web.core.errors import Code, Refused
from web.http import cookies
from web.http.context import parts, request_token, visitor_cookie

bp = Blueprint("chat", __name__, url_prefix="/<any(nl, en):lang>/chat")
RETURNS_PER_MINUTE = 60  # for the whole service, since many share one address (Tor); a code has 70 bits
CODE_LIMIT = 400  # characters; seven words are under a hundred


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
    answer = redirect(_to_chat(lang), code=303)
    if row is not None and row.closed_at is None:
        return answer
    # For the whole service: a flood must not fill the database.
    parts().shared_limits.spend("starts", settings.starts_per_minute, 60)
    started = parts().dispatcher.perform(chat.begin, lang)
    cookies.give(answer, settings, visitor_cookie(settings), started.token)
    return answer


@bp.post("/return")
def come_back(lang: str) -> ResponseReturnValue:
    """The form field `code`: the seven words. The conversation is there again, or the page says what to look at."""
    settings = parts().settings
    parts().shared_limits.spend("returns", RETURNS_PER_MINUTE, 60)
    try:
        token = parts().dispatcher.perform(later.come_back, request.form.get("code", "")[:CODE_LIMIT])
    except Refused as refused:
        if refused.code is not Code.WRONG_CODE:
            raise
        return render_template("chat/start.html", wrong_code=True), 404
    answer = redirect(_to_chat(lang), code=303)
    cookies.give(answer, settings, visitor_cookie(settings), token)
    return answer


def _to_chat(lang: str) -> str:
    """The form field `plain` stands in a noscript: whoever sends it has no script."""
    return url_for("plain.show" if request.form.get("plain") else "chat.show", lang=lang)
