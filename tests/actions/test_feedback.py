"""The two questions afterwards, on both databases: an answer is kept once, apart from everything, and not for long."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import inspect, text

from tests.house import House
from web.actions import audit, feedback, retention
from web.core import feedback as core
from web.core.errors import Code, Refused
from web.core.feedback import Given, Helpful
from web.storage.erasing import rewrite


def ticket(house: House) -> str:
    return house.do(feedback.ticket) or house.do(feedback.first_ticket)  # type: ignore[no-any-return]


def give(house: House, used: str | None = None, helpful: Helpful | None = None, missing: str = "") -> Given:
    return house.do(feedback.give, used or ticket(house), "nl", helpful, missing)  # type: ignore[no-any-return]


def rows(house: House, query: str = "SELECT * FROM feedback") -> list[Any]:
    with house.engine.connect() as connection:
        return list(connection.execute(text(query)).mappings())


def test_an_answer_is_kept_with_a_day_and_nothing_else(house: House) -> None:
    assert give(house, None, Helpful.PARTLY, "een  rustiger begin") is Given.KEPT
    [row] = rows(house)
    assert set(row) == {"ticket_hash", "day", "language", "helpful", "sealed_missing"}
    assert (str(row["day"]), row["language"], row["helpful"]) == ("2026-11-24", "nl", "partly")
    assert b"rustiger" not in bytes(row["sealed_missing"])
    assert inspect(house.engine).get_foreign_keys("feedback") == []
    assert house.do(feedback.texts, house.noor, 30) == [], "one text alone is shown to nobody"


def test_the_file_keeps_no_order_of_coming(house: House) -> None:
    """SQLite would number the rows by itself; PostgreSQL's file is written anew in the order of chance."""
    for _ in range(8):
        give(house, None, Helpful.YES)
    assert rewrite(house.engine)
    if house.engine.dialect.name == "sqlite":
        with pytest.raises(Exception, match="no such column"):
            rows(house, "SELECT rowid FROM feedback")
        return
    hashes = [bytes(row["ticket_hash"]) for row in rows(house, "SELECT ticket_hash FROM feedback ORDER BY ctid")]
    assert hashes == sorted(hashes)


def test_a_ticket_serves_once(house: House) -> None:
    used = ticket(house)
    assert give(house, used, Helpful.YES) is Given.KEPT
    assert give(house, used, Helpful.NO, "toch niet") is Given.BEFORE
    assert [row["helpful"] for row in rows(house)] == ["yes"]


@pytest.mark.parametrize(
    "spoiled", [lambda it: "", lambda it: "A" * 48, lambda it: it[:-3] + "AAA", lambda it: "é" + it]
)
def test_a_ticket_that_is_not_ours_keeps_nothing(house: House, spoiled: Any) -> None:
    assert give(house, spoiled(ticket(house)) or " ", Helpful.YES, "woorden") is Given.TOO_OLD
    assert rows(house) == []


def test_a_ticket_written_otherwise_does_not_serve_again(house: House) -> None:
    used = ticket(house)
    while "-" not in used and "_" not in used:
        used = ticket(house)
    assert give(house, used, Helpful.YES) is Given.KEPT
    for again in (used + "==", used + "\n", used.replace("-", "+").replace("_", "/")):
        assert give(house, again, Helpful.YES) is Given.TOO_OLD
    assert len(rows(house)) == 1


def test_a_ticket_serves_today_and_tomorrow(house: House) -> None:
    first, second = ticket(house), ticket(house)
    house.later(days=1)
    assert give(house, first, Helpful.YES) is Given.KEPT
    house.later(days=1)
    assert give(house, second, Helpful.YES) is Given.TOO_OLD


def test_two_tickets_of_one_moment_have_nothing_in_common_but_the_day(house: House) -> None:
    one, two = ticket(house), ticket(house)
    assert one != two
    assert core.ticket_hash(one) != core.ticket_hash(two)


def test_nothing_is_asked_for_nothing_and_too_much_is_said(house: House) -> None:
    for missing, code in (
        ("", Code.EMPTY),
        (" \n", Code.EMPTY),
        ("x" * 1001, Code.TOO_LONG),
        ("x" * 5000, Code.TOO_LONG),
    ):
        with pytest.raises(Refused) as refused:
            give(house, None, None, missing)
        assert refused.value.code is code
    assert give(house, None, None, "x" * 1000) is Given.KEPT


def test_what_could_name_somebody_is_masked_before_it_is_kept(house: House) -> None:
    for number in range(5):
        give(house, None, Helpful.NO, f"bel mij op 06 1234567{number} of iemand@voorbeeld.example")
    assert set(house.do(feedback.texts, house.noor, 30)) == {"bel mij op [number] of [e-mail]"}
    [record] = house.do(audit.recent, 1)
    assert (record.deed, record.username) == ("feedback_read", "noor")


def test_small_counts_are_not_told_nor_what_they_are_by_subtraction(house: House) -> None:
    for helpful in [Helpful.YES] * 6 + [Helpful.NO] * 2:
        give(house, None, helpful, "")
    summary = house.do(feedback.counts, 30)
    assert summary.helpful == {"yes": "6", "partly": "0", "no": "<5", "not said": "0", "all": "at least 6"}
    assert summary.texts == "0"


def test_after_ninety_days_answers_and_their_key_are_gone(house: House) -> None:
    give(house, None, Helpful.YES, "uit november")
    house.later(days=40)
    give(house, None, Helpful.YES, "uit januari")
    house.now -= timedelta(days=40)
    house.later(days=90)
    house.do(retention.delete_old_records)
    assert len(rows(house)) == 2, "the last day still counts"
    house.later(days=1)
    house.do(retention.delete_old_records)
    assert [str(row["day"]) for row in rows(house)] == ["2027-01-03"]
    assert keys(house) == {"pepper", "feedback 2026-11", "feedback 2027-01"}
    house.later(days=7)
    house.do(retention.delete_old_records)
    assert keys(house) == {"pepper", "feedback 2027-01"}


def keys(house: House) -> set[str]:
    return {row["name"] for row in rows(house, "SELECT name FROM secret")}
