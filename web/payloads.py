"""Core values to the JSON of docs/protocol.md. Visitors' payloads are made apart from the staff's."""

from datetime import UTC, datetime
from typing import Any

from web.actions.reads import Board, Card, Colleague, View
from web.core.entries import Entry, Sender
from web.core.queue import Wait
from web.core.staff import ON_DUTY
from web.storage.entries import Stored


def entry_for_visitor(entry: Entry) -> dict[str, Any]:
    assert entry.for_visitors  # noqa: S101 (the last lock: a note must never leave the house)
    data = _entry(entry, entry.prev)
    data.pop("noticed", None)
    if entry.client_id and entry.sender is not Sender.STAFF:
        data["client_id"] = entry.client_id
    return data


def entry_for_staff(entry: Entry) -> dict[str, Any]:
    data = _entry(entry, entry.number - 1)
    if entry.client_id and entry.sender is Sender.STAFF:
        data["client_id"] = entry.client_id
    return data


def _entry(entry: Entry, prev: int) -> dict[str, Any]:
    return {
        "number": entry.number,
        "prev": prev,
        "sender": entry.sender.value,
        "kind": entry.kind.value,
        "at": when(entry.at),
        **entry.body.to_json(),
    }


def stored(message: Stored) -> dict[str, Any]:
    """The acknowledgement: all that the sender does not know of its own entry."""
    return {"number": message.number, "prev": message.prev, "at": when(message.at)}


def view(shown: View) -> dict[str, Any]:
    return {
        "state": shown.state.value,
        "last_number": shown.last_number,
        "read_number": shown.read_number,
        "language": shown.language,
        "name": shown.name,
        **place(shown.position, shown.wait, shown.people_present),
        "urgent": shown.urgent,
        "offers": {
            "wait": shown.offers.wait,
            "letter": shown.offers.letter,
            "appointment": shown.offers.appointment,
            "reason": shown.offers.reason,
            "opens_at": _when(shown.offers.opens_at),
            "closes_at": _when(shown.offers.closes_at),
        },
        "appointment_at": _when(shown.appointment_at),
        "idle_ends_at": _when(shown.idle_ends_at),
    }


def place(position: int | None, wait: Wait | None, people_present: bool) -> dict[str, Any]:
    """What changes while somebody waits. `wait` in minutes; without `high` it is longer than `low`."""
    minutes = {"low": wait.low, "high": wait.high} if wait is not None else None
    return {"position": position, "wait": minutes, "people_present": people_present}


def card(shown: Card) -> dict[str, Any]:
    conversation = shown.conversation
    return {
        "id": conversation.conversation_id.hex,
        "alias": conversation.alias,
        "language": conversation.language,
        "state": conversation.state.value,
        "urgency": int(conversation.urgency),
        "topic": conversation.topic,
        "topic_label": shown.topic_label,
        "waiting_since": _when(conversation.asked_at),
        "appointment_at": _when(conversation.appointment_at),
        "returned": conversation.returned,
        "active_at": when(conversation.active_at),
        "started_at": when(conversation.started_at),
        "last_number": conversation.last_number,
        "visitor": shown.visitor,
        "mine": shown.mine,
        "name": shown.name,
        "offered": shown.offered,
    }


class Boards:
    """The board of one moment for many workers: what is the same for all is made once."""

    def __init__(self, shown: Board) -> None:
        self._shown = shown
        self._waiting = [card(item) for item in shown.waiting]
        self._letters = [card(item) for item in shown.letters]

    def of(self, staff_id: int) -> dict[str, Any]:
        """One worker's: everyone who waits, letters, their own conversations, colleagues with their load."""
        held = self._shown.held
        return {
            "waiting": self._waiting,
            "waiting_count": self._shown.waiting_count,
            "letters": self._letters,
            "mine": [card(item) for item in held if item.conversation.staff_id == staff_id],
            "offered": [
                {**card(item), "mine": False, "offered": True}
                for item in held
                if item.conversation.offered_to == staff_id
            ],
            "me": next((_colleague(who) for who in self._shown.colleagues if who.staff_id == staff_id), None),
            "colleagues": [_colleague(who) for who in self._shown.colleagues if who.staff_id != staff_id],
            "people_present": any(who.status in ON_DUTY for who in self._shown.colleagues),
        }


def _colleague(who: Colleague) -> dict[str, Any]:
    return {
        "staff_id": who.staff_id,
        "name": who.name,
        "role": who.role.value,
        "status": who.status.value,
        "busy": who.busy,
        "capacity": who.capacity,
        "languages": list(who.languages),
    }


def when(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _when(at: datetime | None) -> str | None:
    return when(at) if at is not None else None
