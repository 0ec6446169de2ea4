"""One slip of the keyboard is put right; a word that is merely rare is left alone."""

from __future__ import annotations

import pytest

from helpline.spelling import Speller

LINES = ["de politie stond voor de deur", "politie en nog eens de politie", "ik wil graag therapie, therapie"]
SPELLER = Speller.of(LINES, known={"polities", "rare"})


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("de poltie", "de politie"),
        ("de poliitie", "de politie"),
        ("de poiltie", "de politie"),
        ("de pilitie", "de politie"),
        ("POLITIE", "politie"),
        ("idk pls", "i don't know please"),
        ("theraipe", "therapie"),
    ],
)
def test_a_slip_is_put_right(typed: str, meant: str) -> None:
    assert SPELLER(typed) == meant


@pytest.mark.parametrize("typed", ["polities", "rare", "xyz", "plt", "deur"])
def test_other_words_stay(typed: str) -> None:
    assert SPELLER(typed) == typed


def test_noise_holds_no_known_word() -> None:
    assert not SPELLER.knows_any("brmpf zzkt")
    assert SPELLER.knows_any("brmpf politie")
