"""What create_app joined, for views and socket handlers; and who is asking."""

from collections.abc import Mapping
from typing import cast

from flask import current_app, g, request
from werkzeug.http import parse_cookie

from web.core.content import Content
from web.parts import Parts
from web.settings import Settings


def parts() -> Parts:
    return cast(Parts, current_app.extensions["halte"])


def content() -> Content:
    """The published content, one look at the database a request."""
    if "content" not in g:
        g.content = parts().library.content()
    return cast(Content, g.content)


def visitor_cookie(settings: Settings) -> str:
    """`__Host-`: only over a secure connection, only for this host, the whole of it."""
    return "__Host-halte" if settings.secure_cookies else "halte"


def desk_cookie(settings: Settings) -> str:
    return "__Host-halte-desk" if settings.secure_cookies else "halte-desk"


def request_token(name: str) -> str | None:
    return request.cookies.get(name)


def environ_token(environ: Mapping[str, object], name: str) -> str | None:
    """The cookie of a socket's handshake."""
    return parse_cookie(str(environ.get("HTTP_COOKIE", ""))).get(name)
