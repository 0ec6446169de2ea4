"""Error pages in the site's style and the visitor's language; JSON is never needed over HTTP."""

import structlog
from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from werkzeug.exceptions import HTTPException

from web.core.errors import Code, Refused

STATUS = {Code.NOT_FOUND: 404, Code.TOO_FAST: 429, Code.BUSY: 503, Code.INTERNAL: 500, Code.TOO_LONG: 413}
_log = structlog.get_logger()

TEXTS = {
    400: (_("This request was not understood"), _("Go back and try again.")),
    403: (_("This is not allowed"), _("Open the page from this site and try again.")),
    404: (
        _("This page does not exist"),
        _("Perhaps the address has a small mistake, or the page has moved."),
    ),
    405: (_("This is not possible here"), _("The address exists, but not for this action.")),
    413: (_("That was too much at once"), _("Wait a moment and try again.")),
    429: (_("That was too much at once"), _("Wait a moment and try again.")),
    500: (_("Something went wrong on our side"), _("It is not your fault. Try again in a moment.")),
    503: (_("We cannot answer right now"), _("Nothing you sent was lost. Try again in a moment.")),
}


def register(app: Flask) -> None:
    app.register_error_handler(HTTPException, show_http)
    app.register_error_handler(Refused, show_refused)
    app.register_error_handler(Exception, show_unexpected)


def show_http(error: HTTPException) -> ResponseReturnValue:
    if error.code is not None and error.code < 400:
        return error.get_response()
    return _page(error.code or 500)


def show_refused(refused: Refused) -> ResponseReturnValue:
    return _page(STATUS.get(refused.code, 400))


def show_unexpected(error: Exception) -> ResponseReturnValue:
    _log.error("request_failed", endpoint=request.endpoint, error=type(error).__name__)
    return _page(500)


def _page(code: int) -> ResponseReturnValue:
    heading, text = TEXTS.get(code, TEXTS[400 if code < 500 else 500])
    try:
        page = render_template("errors/error.html", code=code, heading=heading, text=text)
    except Exception as error:  # the page itself needs the database; a plain sentence does not
        _log.error("error_page_failed", error=type(error).__name__)
        page = f"<!doctype html><title>Halte</title><h1>{heading}</h1><p>{text}</p><p>112</p>"
    return page, code
