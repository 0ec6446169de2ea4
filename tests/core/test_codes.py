"""Return codes: made by chance, read with goodwill, stored as a digest."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from contextlib import suppress
from string import ascii_lowercase

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from web.core.codes import LENGTH, derive, digest, normalise, within_one_edit
from web.core.errors import Code, Refused
from web.storage.words import WORDS, read_words

NL, EN = read_words(WORDS, "nl"), read_words(WORDS, "en")
LISTS = (NL, EN)
SHORT = ("appel", "molen", "kaars", "tuinhek", "regen", "fiets", "citroen", "brug")
CODE = SHORT[:LENGTH]

quietly = settings(max_examples=100, deadline=None, database=None)
codes = st.sampled_from(LISTS).flatmap(lambda words: st.tuples(*[st.sampled_from(words)] * LENGTH))


def refused(typed: str, lists: Sequence[Sequence[str]] = (SHORT,)) -> bool:
    with pytest.raises(Refused) as no:
        normalise(typed, lists)
    return no.value.code is Code.WRONG_CODE and no.value.detail == {}


def test_a_conversation_has_one_code_and_another_one_another() -> None:
    conversations = [secrets.token_bytes(16) for _ in range(200)]
    made = [derive(NL, b"pepper", conversation) for conversation in conversations]
    assert made == [derive(NL, b"pepper", conversation) for conversation in conversations]
    assert len(set(made)) == 200
    assert all(len(code) == LENGTH and set(code) <= set(NL) for code in made)
    assert derive(NL, b"another", conversations[0]) != made[0]


def test_every_place_of_a_code_uses_the_whole_list() -> None:
    made = [derive(SHORT, b"pepper", number.to_bytes(16)) for number in range(400)]
    for place in range(LENGTH):
        counts = [sum(code[place] == word for code in made) for word in SHORT]
        assert min(counts) > 20  # 50 on average; 20 is 4.5 standard deviations away


@pytest.mark.parametrize(
    "typed",
    [
        "appel molen kaars tuinhek regen fiets citroen",
        "  APPEL Molen\tkaars\r\ntuinhek\n\nregen FIETS citroen. ",
        "appel-molen-kaars-tuinhek-regen-fiets-citroen",
        "appel, molen; kaars / tuinhek, regen, fiets, citroen",
        "1. appel\n2. molen\n3. kaars\n4. tuinhek\n5. regen\n6. fiets\n7. citroen",
        "1appel 2molen 3kaars 4tuinhek 5regen 6fiets 7citroen",
        "áppel mólen kaars tuïnhek regen fiets citröen",
        "appe mole kaar tuin rege fiet citr",  # the first four letters
        "apple moln kaarsen tuinhekje reegen fites cittroen",
        "uppel nolen aars tuinhek egen fiest zitroen",  # wrong at the beginning, missing, swapped
        "ｍolen".join(["appel ", " kaars tuinhek regen fiets citroen"]),  # a full-width letter of another keyboard
    ],
)
def test_what_people_type(typed: str) -> None:
    assert normalise(typed, [SHORT]) == CODE


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "appel molen kaars tuinhek regen fiets",
        "appel molen kaars tuinhek regen fiets citroen brug",
        "appel molen kaars tuinhek regen fiets water",
        "appel molen kaars tuinhek regen fiets cit",
        "appel molen kaars tuinhek regen fiets 7",
        "appel " * 1000,
    ],
)
def test_what_is_no_code(typed: str) -> None:
    assert refused(typed)


def test_a_mistake_that_could_be_two_words_is_refused() -> None:
    words = ("band", "hand", *SHORT)
    assert normalise("band molen kaars tuinhek regen fiets citroen", [words])[0] == "band"
    assert refused("land molen kaars tuinhek regen fiets citroen", [words])


def test_one_mistake_weighs_less_than_four_letters_of_another_word() -> None:
    words = ("laarzen", *SHORT)
    assert normalise("appel molen laars tuinhek regen fiets citroen", [words])[2] == "kaars"
    assert normalise("appel molen laar tuinhek regen fiets citroen", [words])[2] == "laarzen"


def test_a_code_is_wholly_of_one_language() -> None:
    assert refused("wizard molen kaars tuinhek regen fiets citroen", LISTS)


def test_the_reading_with_the_fewest_mistakes_is_meant() -> None:
    first, second = ("tafel",), ("tafels",)
    assert normalise("tafel " * 7, [second, first]) == ("tafel",) * 7
    assert normalise("tafels " * 7, [second, first]) == ("tafels",) * 7
    assert refused("tafelss " * 7, [second, first])
    assert normalise("tafelss " * 7, [first, first]) == ("tafel",) * 7


@quietly
@given(codes)
def test_every_code_is_read_back(code: tuple[str, ...]) -> None:
    for joined in (
        " ".join(code),
        "-".join(code).upper(),
        "\n".join(f"{at}. {word}" for at, word in enumerate(code, 1)),
    ):
        assert normalise(joined, LISTS) == code
    home = NL if set(code) <= set(NL) else EN
    assert normalise(" ".join(word[:4] for word in code), [home]) == code


@quietly
@given(codes, st.integers(0, 6), st.data())
def test_one_mistake_never_leads_to_another_code(code: tuple[str, ...], place: int, data: st.DataObject) -> None:
    """It is understood or refused; a wrong letter in a list without near-doubles must not name its neighbour."""
    word = code[place]
    at, letter = data.draw(st.integers(0, len(word) - 1)), data.draw(st.sampled_from(ascii_lowercase))
    typed = word[:at] + letter + word[at + 1 :]
    home = NL if set(code) <= set(NL) else EN
    try:
        read = normalise(" ".join((*code[:place], typed, *code[place + 1 :])), [home])
    except Refused:
        return
    assert read == code or (at < 4 and typed[:4] in {other[:4] for other in home})


@quietly
@given(st.text(max_size=500))
def test_any_text_is_read_or_refused(typed: str) -> None:
    with suppress(Refused):  # and nothing else
        assert len(normalise(typed, LISTS)) == LENGTH


@pytest.mark.parametrize("other", ["molen", "molens", "molem", "olen", "moln", "moeln", "mmolen", "omlen", "molne"])
def test_one_edit(other: str) -> None:
    assert within_one_edit("molen", other)
    assert within_one_edit(other, "molen")


@pytest.mark.parametrize("other", ["molenss", "mol", "nolem", "enmol", "moenl", "", "lomen"])
def test_more_than_one_edit(other: str) -> None:
    assert not within_one_edit("molen", other)
    assert not within_one_edit(other, "molen")


def test_the_digest_is_an_hmac_over_the_words() -> None:
    expected = hmac.new(b"pepper", b"appel molen kaars tuinhek regen fiets citroen", hashlib.sha256).digest()
    assert digest(CODE, b"pepper") == expected
    assert len(expected) == 32
    assert digest(CODE, b"other") != expected
    assert digest(CODE[::-1], b"pepper") != expected
