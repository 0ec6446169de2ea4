"""create_app: the only place where the parts are joined."""

from datetime import date
from typing import Any

import gevent
from flask import Flask, request, url_for
from flask_babel import Babel, format_date
from flask_socketio import SocketIO

from web.actions import opening
from web.chat import feedback as chat_feedback
from web.chat import pages as chat_pages
from web.chat import plain, plain_later
from web.chat.sockets import ChatSockets
from web.core.content import DoorRef
from web.core.errors import Refused
from web.desk import pages as desk_pages
from web.desk.sockets import DeskSockets
from web.http import assets, errors, headers, language, wire
from web.http.context import content, parts
from web.http.opening import Hours
from web.http.sockets import TextPacket, guard_frames
from web.http.websocket import harden
from web.parts import join
from web.settings import ROOT, Settings
from web.site import pages as site_pages
from web.site import rendering
from web.storage.engine import make_engine

MAX_REQUEST_BYTES = 64_000
FOOTER = ("nl-112", "nl-veilig-thuis", "nl-kindertelefoon")


def create_app(settings: Settings) -> Flask:
    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder=None)
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_REQUEST_BYTES,
        TRUSTED_HOSTS=[url.split("//", 1)[1].split(":")[0] for url in settings.public_urls],
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "web" / "translations"),
    )
    assets.register(app)
    app.url_map.converters["language"] = language.LanguageConverter
    Babel(app, locale_selector=language.path_locale)
    server = make_socket_server(app, settings)
    joined = join(settings, make_engine(settings.database_url), server)
    app.extensions["halte"] = joined
    ChatSockets(server, joined).register()
    DeskSockets(server, joined).register()
    chat = (chat_pages.bp, chat_feedback.bp, plain.bp, plain_later.bp)
    for blueprint in (desk_pages.short, desk_pages.bp, *chat, site_pages.bp):
        app.register_blueprint(blueprint)
    headers.register(app)
    errors.register(app)
    app.context_processor(page_values)
    app.jinja_env.filters["day"] = day
    for task in (joined.push.follow, joined.announcer.run):
        gevent.spawn(task)
    gevent.spawn(joined.presence.beat, joined.dispatcher)
    return app


def make_socket_server(app: Flask, settings: Settings) -> Any:
    """Socket.IO as measured and attacked in docs/decisions.md. Any: python-socketio has no types."""
    options: dict[str, Any] = dict(
        async_mode="gevent",
        transports=["websocket"],  # polling can be blocked for good by a dozen requests; see docs/decisions
        async_handlers=False,  # in order, per connection
        manage_session=False,
        cors_allowed_origins=list(settings.public_urls),
        ping_interval=25,
        ping_timeout=20,
        max_http_buffer_size=64_000,
        json=wire,
        serializer=TextPacket,
        logger=False,
        engineio_logger=False,
    )
    server: Any = SocketIO(app, **options)
    server = server.server
    harden(server)
    guard_frames(server)
    return server


def page_values() -> dict[str, Any]:
    """What every template may use."""
    lang, published = language.path_language(), content()
    settings = parts().settings
    articles = (a for (_, written_in), a in published.articles.items() if written_in == lang and a.slug)
    referrals = [published.referrals[key].checked for key in FOOTER if key in published.referrals]
    return {
        "lang": lang,
        "language": language.about(lang),
        "language_names": language.names(lang),
        "plural_forms": language.plural_forms(lang),
        "go_on": language.go_on,
        "switches": [(other, switch_url(lang, other.code)) for other in language.others(lang)],
        "operator": settings.operator,
        "exit_url": settings.exit_url,
        "home_url": f"/{lang}/",
        "chat_url": f"/{lang}/chat",
        "leave_url": f"/{lang}/leave",
        "login_url": f"/{lang}/desk/login",
        "page_url": lambda key: rendering.url_of(published, key, lang),
        "pages": {article.key: rendering.listed(published, article) for article in articles},
        "phrase": lambda key: published.phrase(key, lang),
        "hours": hours_now(),
        "footer_doors": published.doors((DoorRef(key) for key in FOOTER), lang),
        "people_checked": min(referrals, default=None),
    }


def day(iso: str | None) -> str:
    """'2026-11-24' as people write it, in the language of the page."""
    return str(format_date(date.fromisoformat(iso), "long")) if iso else ""


def hours_now() -> Hours | None:
    """None when the database does not answer: an error page must come out all the same."""
    try:
        return Hours(parts().dispatcher.read(opening.standing))
    except Refused:
        return None


def switch_url(lang: str, other: str) -> str:
    """The same page in the other language; its home page where there is none."""
    values = dict(request.view_args or {})
    if request.endpoint == "site.article":
        article = content().by_slug(values.get("slug", ""), lang)
        return rendering.url_of(content(), article.key, other) if article else f"/{other}/"
    if request.endpoint in ("site.home", "chat.show", "desk.board", "desk.login"):
        return url_for(request.endpoint, lang=other)
    return url_for("desk.login", lang=other) if request.endpoint == "desk.sign_in" else f"/{other}/"
