"""What the pages without a script share: whose conversation it is, what a form brings, and what it may cost."""

import hashlib
import secrets
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.actions import access
from web.actions.messages import Message, from_visitor
from web.actions.outcome import Work
from web.chat import wording
from web.chat.details import left_out, without
from web.chat.sockets import EVENTS_PER_MESSAGE, WINDOW_SECONDS
from web.core import details
from web.core.entries import clean_text
from web.core.errors import Code, Refused
from web.http import fields
from web.http.context import parts, request_token, visitor_cookie
from web.http.errors import STATUS
from web.storage.models import ConversationRow

WORDS_LIMIT = 20_000  # characters that a field takes: a text that is too long comes back with the reason, not cut off
FORM_BYTES = 400_000


def row() -> ConversationRow | None:
    """The conversation that the cookie opens."""
    return parts().dispatcher.read(access.by_token, request_token(visitor_cookie(parts().settings)))


def key() -> str:
    """Made when the form was, so that the same form sent twice is one deed."""
    return fields.client_id(dict(request.form.items()))


def key_of(words: str) -> str:
    """The same form with the same words is one message; an old form that comes back with other words is another."""
    return hashlib.sha256(f"{key()} {words}".encode()).hexdigest()[:32]


def new_key() -> str:
    return secrets.token_hex(8)


def typed() -> str:
    """The words of the form, also those that are only passed on."""
    request.max_content_length = request.max_form_memory_size = FORM_BYTES
    return request.form.get("text", "")


def still() -> dict[str, str]:
    """The messages are to be left still: goes along with every address, since it is kept nowhere."""
    wanted = request.values.getlist("still")
    return {"still": "1"} if wanted and wanted[-1] else {}  # the last: a button counts more than the field before it


def address(endpoint: str, lang: str, **values: Any) -> str:
    known: dict[str, Any] = {**values, **still()}
    return url_for(endpoint, lang=lang, **known)


def spend_words(conversation_id: UUID) -> None:
    """The budget of messages, the same one as over the socket. Refused: TOO_FAST."""
    parts().limits.spend(conversation_id.hex, parts().settings.messages_per_10s, WINDOW_SECONDS)


def spend_event(conversation_id: UUID) -> None:
    """Whatever it is that is asked costs a transaction or a reading. Refused: TOO_FAST."""
    most = EVENTS_PER_MESSAGE * parts().settings.messages_per_10s
    parts().limits.spend(f"event:{conversation_id.hex}", most, WINDOW_SECONDS)


def zone() -> ZoneInfo:
    """Of the helpline's hours; a page does not know its reader's."""
    return ZoneInfo(parts().dispatcher.read(_timezone))


def _timezone(work: Work) -> str:
    return work.schedule.timezone


def moment(at: datetime) -> str:
    return wording.moment(at, datetime.now(UTC), zone())


def page(template: str, **values: Any) -> str:
    """With what every form of these pages needs."""
    known = {"still": still(), "words_limit": WORDS_LIMIT, "text": wording.text}
    return render_template(f"chat/{template}", **known | {"key": new_key()} | values)


def refused_page(template: str, refused: Refused, **values: Any) -> ResponseReturnValue:
    """The same page again, with the words, the same key and the reason."""
    shown = page(template, key=key(), problem=wording.refusal(refused), **values)
    return shown, STATUS.get(refused.code, 409)


def message(words: str) -> Message:
    """The words of this form, ready to be stored. Refused: without a conversation, too fast, or asked about first."""
    known = row()
    if known is None:
        raise Refused(Code.NOT_FOUND)
    spend_words(known.conversation_id)
    return from_visitor(known.conversation_id, key_of(words), words, as_is=as_is())


def as_is() -> bool:
    """They were asked about what could identify them, and want it sent."""
    return bool(request.form.get("as_is"))


def refused_words(template: str, refused: Refused, words: str, **values: Any) -> ResponseReturnValue:
    """Words were not taken: the same page with the reason; or the question about what could identify their writer."""
    if refused.code is not Code.IDENTIFYING:
        return refused_page(template, refused, words=words, **values)
    return page("plain_question.html", key=key(), **_question(clean_text(words)), **values), 409


def _question(words: str) -> dict[str, Any]:
    """Both versions of a message, in pieces: (text, whether it is a detail)."""
    found = details.find(words)
    mine: list[tuple[str, bool]] = []
    safe: list[tuple[str, bool]] = []
    at = 0
    for one in found:
        before = (words[at : one.start], False)
        mine += [before, (one.text, True)]
        safe += [before, (left_out(one.kind), True)]
        at = one.end
    rest = (words[at:], False)
    kinds = {one.kind.value for one in found}
    return {
        "words": words,
        "without": without(words, found),
        "mine": [*mine, rest],
        "safe": [*safe, rest],
        "left": any(c.isalnum() for part, is_detail in [*mine, rest] if not is_detail for c in part),
        "kind": kinds.pop() if len(kinds) == 1 else "many",
        "one": len(found) == 1,
    }


def to_start(lang: str) -> ResponseReturnValue:
    """There is no conversation here (any more). Words that came along stay on the screen, with the reason."""
    words = typed() if request.method == "POST" else ""
    if words.strip():
        return page("plain.html", words=words, problem=wording.refusal(Refused(Code.NOT_FOUND))), 404
    return redirect(url_for("chat.show", lang=lang), code=303)
