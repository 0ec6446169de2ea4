"""Home, articles, leaving, and the addresses without a language."""

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.actions import access, chat
from web.core.content import LANGUAGES
from web.http import cookies
from web.http.context import content, parts, request_token, visitor_cookie
from web.http.language import path_language
from web.site import rendering

bp = Blueprint("site", __name__)
RELATED = 3


@bp.get("/")
def start() -> ResponseReturnValue:
    answer = redirect(url_for("site.home", lang=path_language()))
    answer.vary.add("Accept-Language")
    return answer


@bp.get("/<language:lang>/")
def home(lang: str) -> ResponseReturnValue:
    return render_template("site/home.html")


@bp.get("/<language:lang>/<slug>")
def article(lang: str, slug: str) -> ResponseReturnValue:
    found = content().by_slug(slug, lang)
    if found is None:
        abort(404)
    keys = [key for key in found.suggestions if key != found.key]
    candidates = (content().article(key, lang) for key in keys)
    related = [rendering.listed(content(), item) for item in candidates if item is not None and item.slug]
    return render_template("site/article.html", page=rendering.page(content(), found), related=related[:RELATED])


@bp.route("/<language:lang>/leave", methods=["GET", "POST"])
def leave(lang: str) -> ResponseReturnValue:
    """End the conversation and the session, and go somewhere neutral. A plain link, so that it works without a script;
    the cookie is SameSite=Strict, so no other site can make a browser do this."""
    settings, name = parts().settings, visitor_cookie(parts().settings)
    row = parts().dispatcher.read(access.by_token, request_token(name))
    if row is not None:
        parts().dispatcher.perform(chat.leave, row.conversation_id)
    # The script's beacon (POST) has sent the window away already; a redirect would only follow it to another host.
    answer = Response(status=204) if request.method == "POST" else redirect(settings.exit_url, code=303)
    if request.cookies.get(name):
        cookies.end(answer, settings, name)
    return answer


@bp.get("/robots.txt")
def robots() -> ResponseReturnValue:
    hidden = "".join(f"Disallow: /{lang}/{part}\n" for part in ("chat", "desk") for lang in LANGUAGES)
    return f"User-agent: *\n{hidden}", 200, {"Content-Type": "text/plain; charset=utf-8"}


@bp.get("/health")
def health() -> ResponseReturnValue:
    """For the operator's monitoring: the database must answer; the bot may be away, then the site's search answers."""
    articles = len(content().articles)
    return {"ok": articles > 0, "articles": articles, "bot": parts().bot.ready()}
