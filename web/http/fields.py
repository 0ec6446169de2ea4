"""Reading payloads from outside: `object` in, a typed value out, BAD_PAYLOAD with the field's name otherwise."""

from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from web.core.entries import CLIENT_ID_LENGTHS
from web.core.errors import Code, Refused

Member = TypeVar("Member", bound=StrEnum)


def record(payload: object, *allowed: str) -> dict[str, object]:
    """A JSON object with no other fields than these."""
    if not isinstance(payload, dict):
        raise Refused(Code.BAD_PAYLOAD, field="payload")
    for name in payload:
        if name not in allowed:
            raise Refused(Code.BAD_PAYLOAD, field=str(name)[:40].encode("ascii", "replace").decode())
    return payload


def string(payload: dict[str, object], name: str) -> str:
    value = payload.get(name)
    if not isinstance(value, str):
        raise Refused(Code.BAD_PAYLOAD, field=name)
    return value


def number(payload: dict[str, object], name: str) -> int:
    """A whole number from 0; True is not one."""
    value = payload.get(name)
    if type(value) is not int or not 0 <= value < 2**31:
        raise Refused(Code.BAD_PAYLOAD, field=name)
    return value


def flag(payload: dict[str, object], name: str) -> bool:
    """True or false; left out means false."""
    value = payload.get(name, False)
    if not isinstance(value, bool):
        raise Refused(Code.BAD_PAYLOAD, field=name)
    return value


def client_id(payload: dict[str, object]) -> str:
    value = string(payload, "client_id")
    if len(value) not in CLIENT_ID_LENGTHS or not value.isascii() or not value.isprintable():
        raise Refused(Code.BAD_PAYLOAD, field="client_id")
    return value


def optional_client_id(payload: dict[str, object]) -> str | None:
    return client_id(payload) if "client_id" in payload else None


def one_of(payload: dict[str, object], name: str, kind: type[Member]) -> Member:
    try:
        return kind(string(payload, name))
    except ValueError:
        raise Refused(Code.BAD_PAYLOAD, field=name) from None


def conversation(payload: dict[str, object]) -> UUID:
    try:
        return UUID(hex=string(payload, "conversation"))
    except ValueError:
        raise Refused(Code.BAD_PAYLOAD, field="conversation") from None


def optional_topic(payload: dict[str, object]) -> str | None:
    if payload.get("topic") is None:
        return None
    return string(payload, "topic")[:40] or None
