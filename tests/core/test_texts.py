"""What is done with a text before it is stored, sent to the bot or searched for."""

import pytest

from web.core.entries import TEXT_LIMIT, clean_text
from web.core.errors import Code, Refused
from web.core.scrub import mask


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("  hoi\r\nja ", "hoi\nja"),
        ("a\x00b\x07", "ab"),
        ("e\u0301", "é"),
        ("ab\u202ecd", "abcd"),
        ("x" * 4000, "x" * 4000),
    ],
)
def test_texts_are_normalised(given: str, kept: str) -> None:
    assert clean_text(given) == kept


@pytest.mark.parametrize(
    ("given", "code"),
    [("", Code.EMPTY), (" \n\t", Code.EMPTY), ("x" * (TEXT_LIMIT + 1), Code.TOO_LONG), ("\ud800", Code.BAD_PAYLOAD)],
)
def test_texts_that_are_refused(given: str, code: Code) -> None:
    with pytest.raises(Refused) as refused:
        clean_text(given)
    assert refused.value.code is code


def test_what_could_name_somebody_is_masked() -> None:
    text = (
        "ik ben jan@example.org, 06-12345678, NL91 ABNA 0417 1643 00, 1234 AB 12, https://example.org/me, leeftijd 34"
    )
    masked = mask(text)
    for part in ("jan@", "12345678", "ABNA", "1234 AB", "example.org"):
        assert part not in masked
    assert "34" in masked
