"""The two cookies of the house, set and ended in one way: session-long, this host only, out of reach of scripts."""

from werkzeug.wrappers import Response

from web.settings import Settings


def give(answer: Response, settings: Settings, name: str, token: str) -> None:
    answer.set_cookie(name, token, path="/", secure=settings.secure_cookies, httponly=True, samesite="Strict")


def end(answer: Response, settings: Settings, name: str) -> None:
    """The cookie is gone, and what the browser kept of the pages with it."""
    answer.delete_cookie(name, path="/", secure=settings.secure_cookies, httponly=True, samesite="Strict")
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
