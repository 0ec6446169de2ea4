"""The drill's counting can fail: each fault that it looks for is put before it here, and nothing else is found."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from drills.crowd import one_sided, unsettled
from drills.ledger import Acked, Record, judge, owed, state_of

Log = list[dict[str, Any]]


def entry(number: int, sender: str, text: str | None = None, code: str | None = None, **more: Any) -> dict[str, Any]:
    kind = "change" if code else "text"
    made = {"number": number, "prev": number - 1, "sender": sender, "kind": kind, "text": text, "code": code, **more}
    return {name: value for name, value in made.items() if value is not None}


def conversation() -> tuple[Record, Log]:
    """A visitor writes twice, is claimed by Ada, and Ada answers twice."""
    log = [
        entry(1, "system", code="started"),
        entry(2, "visitor", "een [v1-1]"),
        entry(3, "assistant", "antwoord"),
        entry(4, "system", code="asked"),
        entry(5, "system", code="claimed", name="Ada"),
        entry(6, "visitor", "twee [v1-2]"),
        entry(7, "staff", "dag [v1-Ada-1]", name="Ada"),
        entry(8, "staff", "ja [v1-Ada-2]", name="Ada"),
    ]
    acked = [(item["sender"], item["text"], item["number"]) for item in log if item["sender"] in ("visitor", "staff")]
    names = {"visitor": "visitor", "staff": "Ada"}
    record = Record("v1", [Acked(names[who], text, text, number) for who, text, number in acked], [("Ada", 5)])
    for item in log:
        record.see("visitor", item)
        record.see("staff", item)
    return record, log


def kinds(record: Record, visitor: Log, staff: Log | None) -> set[str]:
    return {finding.kind for finding in judge(record, visitor, staff)}


def test_a_sound_conversation_has_no_findings() -> None:
    record, log = conversation()
    assert judge(record, log, log) == set()
    assert judge(record, log, None) == set()


def renumbered(log: Log) -> Log:
    return [{**item, "number": number, "prev": number - 1} for number, item in enumerate(log, 1)]


def without(position: int) -> Callable[[Log], Log]:
    return lambda log: renumbered(log[:position] + log[position + 1 :])


def twice(log: Log) -> Log:
    return [*log, entry(9, "visitor", "twee [v1-2]")]


def swapped(log: Log) -> Log:
    return renumbered([*log[:6], log[7], log[6]])


def another_text(log: Log) -> Log:
    return [*log[:2], {**log[2], "text": "iets anders"}, *log[3:]]


def with_a_hole(log: Log) -> Log:
    return [*log[:7], {**log[7], "number": 9}]


def claimed_by_two(log: Log) -> Log:
    return [*log, entry(9, "system", code="claimed", name="Bo")]


def a_stranger_answers(log: Log) -> Log:
    return [*log, entry(9, "staff", "hier ook [v1-Bo-1]", name="Bo")]


def words_of_another(log: Log) -> Log:
    return [*log, entry(9, "visitor", "dit hoort hier niet [v2-1]")]


@pytest.mark.parametrize(
    ("harm", "kind"),
    [
        (without(5), "lost"),
        (without(7), "lost"),
        (without(4), "claims"),
        (without(2), "contradicted"),
        (twice, "doubled"),
        (swapped, "order"),
        (another_text, "contradicted"),
        (words_of_another, "contradicted"),
        (with_a_hole, "gaps"),
        (claimed_by_two, "owners"),
        (a_stranger_answers, "owners"),
    ],
)
def test_each_harm_is_counted(harm: Callable[[Log], Log], kind: str) -> None:
    record, log = conversation()
    assert kind in kinds(record, harm(log), harm(log))


def test_a_loss_on_one_side_only_is_a_loss() -> None:
    record, log = conversation()
    assert "lost" in kinds(record, log, without(5)(log))
    assert "lost" in kinds(record, without(5)(log), log)


def test_the_same_number_pushed_with_two_contents_is_a_contradiction() -> None:
    record, log = conversation()
    record.see("visitor", {**log[6], "text": "iets anders"})
    assert kinds(record, log, log) == {"contradicted"}


def test_the_worker_s_last_claim_counts_as_much_as_the_first() -> None:
    record, log = conversation()
    record.claims.append(("Bo", 9))
    assert kinds(record, log, log) == {"claims"}


def test_who_holds_it_and_who_owes_an_answer() -> None:
    _, log = conversation()
    assert state_of(log) == ("with_staff", "Ada")
    assert not owed(log)
    assert owed(log[:2])
    assert not owed(log[:3])
    back = [*log, entry(9, "system", code="released", name="Ada")]
    assert state_of(back) == ("waiting", None)


def screen(last: int, refused: bool = False) -> Any:
    """A visitor, or a conversation at the desk: what has reached it so far."""
    return SimpleNamespace(thread=SimpleNamespace(last=last), wire=SimpleNamespace(refused=refused))


def test_at_rest_nobody_waits_is_owed_or_has_missed_something() -> None:
    _, log = conversation()
    assert unsettled(screen(8), log, {"state": "with_staff"}) == set()
    assert {kind for kind, _ in unsettled(screen(7), log, {"state": "with_staff"})} == {"unseen"}
    for stuck in (
        unsettled(screen(8), log, {"state": "waiting"}),
        unsettled(screen(4), log[:4], {"state": "waiting"}),
        unsettled(screen(2), log[:2], {"state": "assistant"}),
        unsettled(screen(8, refused=True), log, {"state": "with_staff"}),
    ):
        assert {kind for kind, _ in stuck} == {"stuck"}


def test_the_worker_who_holds_it_sees_all_of_it() -> None:
    _, log = conversation()
    assert one_sided("Ada", screen(8), log) == set()
    assert {kind for kind, _ in one_sided("Ada", screen(7), log)} == {"unseen"}
    assert {kind for kind, _ in one_sided("Ada", screen(8), None)} == {"claims"}
    assert {kind for kind, _ in one_sided("Ada", None, None)} == {"stuck"}
