"""The two questions after a conversation: a plain form, which the script sends without leaving the page."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from web.actions import feedback
from web.core.errors import Code, Refused
from web.core.feedback import Given, Helpful
from web.http.context import parts
from web.http.errors import STATUS

bp = Blueprint("feedback", __name__, url_prefix="/<language:lang>/chat/feedback")
PER_MINUTE = 120  # for the whole service
TICKET_LIMIT = 100  # characters
GONE = 410


def ticket() -> str:
    """For a page that holds the form."""
    return parts().dispatcher.read(feedback.ticket) or parts().dispatcher.perform(feedback.first_ticket)


@bp.post("")
def give(lang: str) -> ResponseReturnValue:
    """Form fields `ticket`, `helpful` (yes, partly, no) and `missing`; one of the two is enough. No cookie is read."""
    used, missing = request.form.get("ticket", "")[:TICKET_LIMIT], request.form.get("missing", "")
    chosen = request.form.get("helpful", "")
    helpful = Helpful(chosen) if chosen in set(Helpful) else None
    try:
        parts().shared_limits.spend("feedback", PER_MINUTE, 60)
        given = parts().dispatcher.perform(feedback.give, used, lang, helpful, missing)
    except Refused as refused:
        if refused.code not in (Code.EMPTY, Code.TOO_LONG, Code.TOO_FAST, Code.BUSY):
            raise
        page = render_template(
            "chat/feedback_page.html",
            problem=refused.code.value,
            feedback_ticket=used,
            feedback_helpful=chosen,
            feedback_missing=missing,
        )
        return page, STATUS.get(refused.code, 400)
    page = render_template("chat/feedback_page.html", given=given.value)
    return page, GONE if given is Given.TOO_OLD else 200
