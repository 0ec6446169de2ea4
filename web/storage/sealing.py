"""Encryption at rest: one random key for each conversation, wrapped by a master key that is not in the database.

AES-256-GCM (NIST SP 800-38D) with a fresh random 96-bit nonce each time. What a text belongs to (conversation and
number) is authenticated along with it, so a row that is moved elsewhere does not open.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_NONCE_BYTES = 12
_VERSION = b"\x01"


class CannotOpen(Exception):
    """A sealed value was changed, moved, or belongs to a key that is gone."""


@dataclass(frozen=True)
class MasterKeys:
    """Wrapping keys by id; new conversations use `current`. Old ones stay readable until they are re-wrapped."""

    current: str
    keys: Mapping[str, bytes]

    def new_key(self, conversation_id: UUID) -> tuple[str, bytes, bytes]:
        """Id of the wrapping key, the wrapped key, and the plain key of a new conversation."""
        plain = os.urandom(KEY_BYTES)
        wrapped = _seal(self.keys[self.current], plain, conversation_id.bytes)
        return self.current, wrapped, plain

    def unwrap(self, key_id: str, wrapped: bytes, conversation_id: UUID) -> bytes:
        if key_id not in self.keys:
            raise CannotOpen(f"master key {key_id} is not configured")
        return _open(self.keys[key_id], wrapped, conversation_id.bytes)


def seal_entry(key: bytes, conversation_id: UUID, number: int, plain: bytes) -> bytes:
    return _seal(key, plain, _place(conversation_id, number))


def open_entry(key: bytes, conversation_id: UUID, number: int, sealed: bytes) -> bytes:
    """Raises CannotOpen."""
    return _open(key, sealed, _place(conversation_id, number))


def _place(conversation_id: UUID, number: int) -> bytes:
    return conversation_id.bytes + number.to_bytes(8, "big")


def _seal(key: bytes, plain: bytes, place: bytes) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return _VERSION + nonce + AESGCM(key).encrypt(nonce, plain, place)


def _open(key: bytes, sealed: bytes, place: bytes) -> bytes:
    if sealed[:1] != _VERSION:
        raise CannotOpen("unknown version of a sealed value")
    nonce, rest = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, rest, place)
    except InvalidTag:
        raise CannotOpen("a sealed value does not fit its place or key") from None
