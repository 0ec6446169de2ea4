"""Signing in and out, and the page in which the desk runs."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.actions import accounts
from web.core.errors import Code, Refused
from web.core.staff import DESK_ROLES
from web.http import cookies
from web.http.context import desk_cookie, parts, request_token
from web.http.language import path_language
from web.storage.models import StaffRow

bp = Blueprint("desk", __name__, url_prefix="/<language:lang>/desk")
short = Blueprint("desk_short", __name__)
TRIES_PER_NAME, TRIES_IN_ALL, TRY_WINDOW_SECONDS = 8, 60, 60.0
MAX_FIELD = 200


@short.get("/desk")
def to_desk() -> ResponseReturnValue:
    return redirect(url_for("desk.board", lang=path_language()))


@bp.get("/")
def board(lang: str) -> ResponseReturnValue:
    worker = _signed_in()
    if worker is None:
        return redirect(url_for("desk.login", lang=lang))
    staff = {"name": worker.name, "role": worker.role.value}
    template = "desk/board.html" if worker.role in DESK_ROLES else "desk/other_role.html"
    return render_template(template, staff=staff, logout_url=url_for("desk.logout", lang=lang))


@bp.get("/login")
def login(lang: str) -> ResponseReturnValue:
    if _signed_in() is not None:
        return redirect(url_for("desk.board", lang=lang))
    return render_template("desk/login.html", problem=None, username="")


@bp.post("/login")
def sign_in(lang: str) -> ResponseReturnValue:
    username = request.form.get("username", "").strip().lower()[:MAX_FIELD]
    password = request.form.get("password", "")[:MAX_FIELD]
    try:
        token = _token(username, password)
    except Refused as refused:
        if refused.code is Code.BUSY:
            raise
        problem, status = ("too_many", 429) if refused.code is Code.TOO_FAST else ("wrong", 401)
        return render_template("desk/login.html", problem=problem, username=username), status
    settings = parts().settings
    answer = redirect(url_for("desk.board", lang=lang), code=303)
    cookies.give(answer, settings, desk_cookie(settings), token)
    return answer


@bp.post("/logout")
def logout(lang: str) -> ResponseReturnValue:
    settings = parts().settings
    name = desk_cookie(settings)
    token = request_token(name)
    if token:
        parts().dispatcher.perform(accounts.sign_out, token)
    answer = redirect(url_for("desk.login", lang=lang), code=303)
    cookies.end(answer, settings, name)
    return answer


def _token(username: str, password: str) -> str:
    """Only failures count against the budgets: a busy morning locks nobody out."""
    budgets = (("login", TRIES_IN_ALL), (f"login:{username}", TRIES_PER_NAME))
    for key, budget in budgets:
        parts().shared_limits.check(key, budget, TRY_WINDOW_SECONDS)
    try:
        return parts().dispatcher.perform(accounts.sign_in, username, password)
    except Refused as refused:
        if refused.code is Code.NOT_FOUND:
            for key, budget in budgets:
                parts().shared_limits.spend(key, budget, TRY_WINDOW_SECONDS)
        raise


def _signed_in() -> StaffRow | None:
    return parts().dispatcher.read(accounts.signed_in, request_token(desk_cookie(parts().settings)))
