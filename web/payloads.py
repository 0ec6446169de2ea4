"""Core values to the JSON of docs/protocol.md. Visitors' payloads are made apart from the staff's."""

from datetime import UTC, datetime
from typing import Any

from web.actions.reads import Board, Card, View
from web.core.entries import Entry, Sender


def entry_for_visitor(entry: Entry) -> dict[str, Any]:
    assert entry.for_visitors  # noqa: S101 (the last lock: a note must never leave the house)
    data = _entry(entry, entry.prev)
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


def view(shown: View) -> dict[str, Any]:
    return {
        "state": shown.state.value,
        "last_number": shown.last_number,
        "name": shown.name,
        "position": shown.position,
        "people_present": shown.people_present,
        "urgent": shown.urgent,
    }


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
        "waiting_since": when(conversation.asked_at) if conversation.asked_at else None,
        "started_at": when(conversation.started_at),
        "last_number": conversation.last_number,
        "visitor": shown.visitor,
        "mine": shown.mine,
        "name": shown.name,
    }


def board(shown: Board, staff_id: int) -> dict[str, Any]:
    """One worker's board: everyone who waits, their own conversations, colleagues with their load."""
    return {
        "waiting": [card(item) for item in shown.waiting],
        "mine": [card(item) for item in shown.held if item.conversation.staff_id == staff_id],
        "colleagues": [
            {"name": who.name, "role": who.role.value, "busy": who.busy}
            for who in shown.colleagues
            if who.staff_id != staff_id
        ],
        "people_present": bool(shown.colleagues),
    }


def when(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
