"""The rules of data/words/README.md that a machine can check."""

import re
from itertools import combinations

import pytest

from web.core.codes import PREFIX, within_one_edit
from web.core.content import LANGUAGES
from web.storage.words import WORDS, read_words

# Beginnings and parts that touch the subject, or that somebody could read so. Not complete: people read the lists too.
AVOIDED = re.compile(
    "abus|arrest|baby|child|cock|crim|death|dood|drug|kill|kind|kid|lolit|minor|misbr|moord|naak|naked|nude|ped[aeo]"
    "|penis|police|politie|porn|prison|rape|school|sex|slacht|slut|^teen|tiener|victim|zelfm|wapen|weapon|jong|meisj"
    "|girl|boy"
)


@pytest.fixture(params=LANGUAGES)
def words(request: pytest.FixtureRequest) -> tuple[str, ...]:
    return read_words(WORDS, request.param)


def test_there_are_1024_in_order_and_none_twice(words: tuple[str, ...]) -> None:
    assert len(words) == 1024
    assert list(words) == sorted(set(words))


def test_each_has_four_to_eight_plain_letters(words: tuple[str, ...]) -> None:
    assert [word for word in words if not re.fullmatch("[a-z]{4,8}", word)] == []


def test_the_first_four_letters_tell_them_apart(words: tuple[str, ...]) -> None:
    assert len({word[:PREFIX] for word in words}) == len(words)


def test_no_mistake_of_one_letter_makes_another_word(words: tuple[str, ...]) -> None:
    assert [pair for pair in combinations(words, 2) if within_one_edit(*pair)] == []


def test_the_lists_share_a_word_only_in_the_same_spelling() -> None:
    dutch, english = read_words(WORDS, "nl"), read_words(WORDS, "en")
    assert [(one, other) for one in dutch for other in english if one != other and within_one_edit(one, other)] == []


def test_none_touches_the_subject(words: tuple[str, ...]) -> None:
    assert [word for word in words if AVOIDED.search(word)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_files_are_one_word_a_line(language: str) -> None:
    text = (WORDS / f"{language}.txt").read_text(encoding="ascii")
    assert text == "\n".join(read_words(WORDS, language)) + "\n"
