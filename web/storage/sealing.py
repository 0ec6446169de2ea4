"""Encryption at rest: one random key for each conversation, wrapped by a master key that is not in the database.

AES-256-GCM (NIST SP 800-38D) with a fresh random 96-bit nonce each time. What a text belongs to (conversation and
number) is authenticated along with it, so a row that is moved elsewhere does not open.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_NONCE_BYTES = 12
_VERSION = b"\x01"
_FEEDBACK = b"feedback"
_REASON = b"hold"  # a reason never opens as an entry, nor an entry as a reason
NO_KEY = ""  # in place of a master key's id: the conversation's key was destroyed


class CannotOpen(Exception):
    """A sealed value was changed, moved, or belongs to a key that is gone."""


@dataclass(frozen=True)
class MasterKeys:
    """Wrapping keys by id; new conversations use `current`. Old ones stay readable until they are re-wrapped."""

    current: str
    keys: Mapping[str, bytes] = field(repr=False)
    # Made once: every message unwraps a key, and setting up a cipher costs more than using it.
    _ciphers: Mapping[str, AESGCM] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_ciphers", {key_id: AESGCM(key) for key_id, key in self.keys.items()})

    def new_key(self, conversation_id: UUID) -> tuple[str, bytes, bytes]:
        """Id of the wrapping key, the wrapped key, and the plain key of a new conversation."""
        plain = os.urandom(KEY_BYTES)
        return self.current, self.wrap(plain, conversation_id.bytes), plain

    def unwrap(self, key_id: str, wrapped: bytes, conversation_id: UUID) -> bytes:
        """The plain key of a conversation. Raises CannotOpen."""
        return self.open(key_id, wrapped, conversation_id.bytes)

    def wrap(self, plain: bytes, place: bytes) -> bytes:
        """Under the current master key. place: what the key is for; it opens for nothing else."""
        return _seal(self._ciphers[self.current], plain, place)

    def open(self, key_id: str, wrapped: bytes, place: bytes) -> bytes:
        """Raises CannotOpen."""
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise CannotOpen("the key was destroyed" if key_id == NO_KEY else f"master key {key_id} is not configured")
        return _open(cipher, wrapped, place)

    def rewrap(self, key_id: str, wrapped: bytes, place: bytes) -> bytes:
        """The same key, wrapped by the current master key. Raises CannotOpen."""
        return self.wrap(self.open(key_id, wrapped, place), place)


def seal_entry(cipher: AESGCM, conversation_id: UUID, number: int, plain: bytes) -> bytes:
    """cipher: made from the conversation's key, once for all its entries at hand."""
    return _seal(cipher, plain, _place(conversation_id, number))


def open_entry(cipher: AESGCM, conversation_id: UUID, number: int, sealed: bytes) -> bytes:
    """Raises CannotOpen."""
    return _open(cipher, sealed, _place(conversation_id, number))


def seal_reason(key: bytes, conversation_id: UUID, plain: bytes) -> bytes:
    """Why somebody holds the conversation; see holds.py."""
    return _seal(AESGCM(key), plain, _REASON + conversation_id.bytes)


def open_reason(key: bytes, conversation_id: UUID, sealed: bytes) -> bytes:
    """Raises CannotOpen."""
    return _open(AESGCM(key), sealed, _REASON + conversation_id.bytes)


def seal_missing(key: bytes, ticket_hash: bytes, plain: bytes) -> bytes:
    """What somebody missed; see core/feedback.py."""
    return _seal(AESGCM(key), plain, _FEEDBACK + ticket_hash)


def open_missing(key: bytes, ticket_hash: bytes, sealed: bytes) -> bytes:
    """Raises CannotOpen."""
    return _open(AESGCM(key), sealed, _FEEDBACK + ticket_hash)


def _place(conversation_id: UUID, number: int) -> bytes:
    return conversation_id.bytes + number.to_bytes(8, "big")


def _seal(cipher: AESGCM, plain: bytes, place: bytes) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return _VERSION + nonce + cipher.encrypt(nonce, plain, place)


def _open(cipher: AESGCM, sealed: bytes, place: bytes) -> bytes:
    if sealed[:1] != _VERSION:
        raise CannotOpen("unknown version of a sealed value")
    nonce, rest = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    try:
        return cipher.decrypt(nonce, rest, place)
    except (InvalidTag, ValueError):  # the second: cut off before the end of the nonce
        raise CannotOpen("a sealed value does not fit its place or key") from None
