"""The chat's two pages: before and during a conversation."""

import hmac
import time
from base64 import b64encode

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.actions import access, chat, later, words
from web.chat import feedback
from web.chat.plain_forms import new_key
from web.core.content import HOME, DoorRef
from web.core.cues import Audience
from web.core.entries import Door
from web.core.errors import Code, Refused
from web.http import cookies
from web.http.context import content, parts, request_token, visitor_cookie
from web.http.language import path_language

bp = Blueprint("chat", __name__, url_prefix="/<language:lang>/chat")
CODE_LIMIT = 400  # characters; seven words are under a hundred


@bp.get("")
def show(lang: str) -> ResponseReturnValue:
    row = parts().dispatcher.read(access.by_token, request_token(visitor_cookie(parts().settings)))
    if row is None:
        return render_template("chat/start.html")
    if _blocked():
        return _blocked_page()
    if row.language != lang:  # the conversation goes on in its own language
        return redirect(url_for("chat.show", lang=row.language))
    keep = _keep(request_token(visitor_cookie(parts().settings)) or "")
    return render_template(
        "chat/room.html",
        keep=keep,
        key=new_key(),
        feedback_ticket=feedback.ticket(),
        all_lines=_all_lines(),
        near_lines=words.lines(content(), lang, row.audience, row.country),
    )


def _keep(token: str) -> str:
    """What the browser seals unsent words with. It comes out of the cookie, so once that is gone nothing opens them."""
    return b64encode(hmac.digest(token.encode(), b"kept words", "sha256")).decode()


@bp.post("")
def start(lang: str) -> ResponseReturnValue:
    """Begin, unless this browser has a conversation that is still open. The only place that sets a visitor's cookie."""
    settings = parts().settings
    row = parts().dispatcher.read(access.by_token, request_token(visitor_cookie(settings)))
    answer = redirect(_to_chat(lang), code=303)
    if row is not None and row.closed_at is None:
        return answer
    if _blocked():
        return _blocked_page(), 403
    # For the whole service: a flood must not fill the database.
    parts().shared_limits.spend("starts", settings.starts_per_minute, 60)
    started = parts().dispatcher.perform(chat.begin, lang, chosen_audience())
    cookies.give(answer, settings, visitor_cookie(settings), started.token)
    return answer


def chosen_audience() -> Audience | None:
    """The form field `audience`. What is not known is as if nothing was chosen: nobody is refused for it."""
    try:
        return Audience(request.form.get("audience", ""))
    except ValueError:
        return None


@bp.post("/return")
def come_back(lang: str) -> ResponseReturnValue:
    """The form field `code`: the seven words. The conversation is there again, or the page says what to look at."""
    settings, began = parts().settings, time.monotonic()
    typed = request.form.get("code", "")[:CODE_LIMIT]
    if not parts().dispatcher.read(later.is_known, typed):
        return _wrong_code(began)
    try:
        token = parts().dispatcher.perform(later.come_back, typed)
    except Refused as refused:
        if refused.code is not Code.WRONG_CODE:  # as when it was forgotten a moment ago
            raise
        return _wrong_code(began)
    answer = redirect(_to_chat(lang), code=303)
    cookies.give(answer, settings, visitor_cookie(settings), token)
    return answer


def _to_chat(lang: str) -> str:
    """The form field `plain` stands in a noscript: whoever sends it has no script."""
    return url_for("plain.show" if request.form.get("plain") else "chat.show", lang=lang)


@bp.post("/forget")
def forget(lang: str) -> ResponseReturnValue:
    """Without a script: what this browser's cookie opens is destroyed at once, and the cookie with it."""
    settings, name = parts().settings, visitor_cookie(parts().settings)
    row = parts().dispatcher.read(access.by_token, request_token(name))
    if row is not None:
        parts().dispatcher.perform(chat.forget, row.conversation_id)
    answer = make_response(render_template("chat/forgotten.html"))
    if request.cookies.get(name):
        cookies.end(answer, settings, name)
    return answer


def _wrong_code(began: float) -> ResponseReturnValue:
    too_many = parts().wrong_codes.slow(began)
    page = render_template("chat/start.html", wrong_code=True, too_many_codes=too_many)
    return page, 429 if too_many else 404


def _blocked() -> bool:
    token = request_token(visitor_cookie(parts().settings))
    return parts().dispatcher.read(chat.blocked, token)


def _blocked_page() -> str:
    return render_template("chat/blocked.html", all_lines=_all_lines())


def _all_lines() -> tuple[Door, ...]:
    """Every other line of this country that can be reached."""
    published = content()
    home = (DoorRef(key) for key, line in published.referrals.items() if line.country == HOME)
    return tuple(door for door in published.doors(home, path_language()) if door.phone or door.url)
