"""A hold takes two people, a reason and an end, on both databases."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm.exc import StaleDataError

from tests.kept import Kept, kept
from web.actions import audit, holds, retention
from web.core.errors import Code, Refused
from web.core.staff import Role
from web.storage import keys
from web.storage import retention as rows
from web.storage.conversations import by_id
from web.storage.holds import touch
from web.storage.sealing import MasterKeys

KEYS = MasterKeys("k1", {"k1": b"k" * 32})
REASON = "melding nodig, zie overleg van dinsdag"


class Office(Kept):
    """With the people of a helpline."""

    def staff(self) -> None:
        self.aisha, self.mila = self.person("aisha", Role.SUPERVISOR), self.person("mila", Role.ADMINISTRATOR)
        self.noor, self.joris = self.person("noor", Role.COUNSELLOR), self.person("joris", Role.EDITOR)

    def propose(self, who: int, conversation_id: UUID, days: float = 30, reason: str = REASON) -> None:
        self.do(holds.propose, KEYS, who, conversation_id, reason, self.now + timedelta(days=days))


@pytest.fixture(params=["sqlite", "postgres"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    for made in kept(request.param, tmp_path, KEYS, "halte_holds"):
        office = Office(made.engine, KEYS)
        office.staff()
        yield office


def why(refused: pytest.ExceptionInfo[Refused]) -> object:
    return refused.value.detail.get("why", refused.value.code)


def test_one_proposes_another_confirms_and_both_stand_in_the_record(house: Office) -> None:
    conversation_id = house.conversation("woord")
    house.propose(house.aisha, conversation_id)
    house.do(holds.confirm, house.mila, conversation_id)
    (listed,) = house.do(holds.listed, KEYS, house.mila)
    assert (listed.proposed_by, listed.confirmed_by, listed.stands) == ("aisha", "mila", True)
    assert listed.reason == REASON
    records = house.do(audit.recent, 10)
    assert [(record.username, record.deed) for record in records] == [
        ("mila", "hold_confirmed"),
        ("aisha", "hold_proposed"),
    ]
    assert all(record.conversation_id == conversation_id for record in records)


def test_the_reason_is_sealed_and_stands_in_no_record(house: Office) -> None:
    conversation_id = house.conversation("woord")
    house.propose(house.aisha, conversation_id)
    kept_rows = repr(house.all("SELECT * FROM hold")) + repr(house.all("SELECT * FROM audit"))
    assert "overleg" not in kept_rows


def test_nobody_confirms_the_own_proposal(house: Office) -> None:
    conversation_id = house.conversation("woord")
    house.propose(house.aisha, conversation_id)
    with pytest.raises(Refused) as refused:
        house.do(holds.confirm, house.aisha, conversation_id)
    assert why(refused) == "same_person"


def test_only_supervisors_and_administrators_have_anything_to_do_with_it(house: Office) -> None:
    conversation_id = house.conversation("woord")
    for who in (house.noor, house.joris, 999):
        with pytest.raises(Refused) as refused:
            house.propose(who, conversation_id)
        assert why(refused) is Code.NOT_FOUND
    house.propose(house.aisha, conversation_id)
    for action in (holds.confirm, holds.lift):
        with pytest.raises(Refused):
            house.do(action, house.noor, conversation_id)
    with pytest.raises(Refused):
        house.do(holds.listed, KEYS, house.noor)


@pytest.mark.parametrize(
    ("days", "reason", "expected"),
    [
        (91, REASON, "end"),
        (-1, REASON, "end"),
        (0, REASON, "end"),
        (30, "  ", "no_reason"),
        (30, "x" * 2_001, "long_reason"),
    ],
)
def test_what_is_wrong_with_a_proposal(house: Office, days: float, reason: str, expected: str) -> None:
    with pytest.raises(Refused) as refused:
        house.propose(house.aisha, house.conversation("woord"), days, reason)
    assert why(refused) == expected
    assert house.all("SELECT count(*) FROM audit") == [0]


def test_a_hold_cannot_be_made_longer_but_a_proposal_that_lapsed_can_be_made_again(house: Office) -> None:
    conversation_id = house.conversation("woord")
    house.propose(house.aisha, conversation_id, days=2)
    with pytest.raises(Refused) as refused:
        house.propose(house.mila, conversation_id, days=90)
    assert why(refused) == "exists"
    house.later(days=3)
    with pytest.raises(Refused) as refused:
        house.do(holds.confirm, house.mila, conversation_id)
    assert why(refused) == "over"
    house.propose(house.mila, conversation_id)
    house.do(holds.confirm, house.aisha, conversation_id)


def test_either_of_the_two_lifts_it_and_nobody_else(house: Office) -> None:
    other = house.person("bram", Role.ADMINISTRATOR)
    for who in (house.aisha, house.mila):
        conversation_id = house.conversation("woord")
        house.propose(house.aisha, conversation_id)
        house.do(holds.confirm, house.mila, conversation_id)
        with pytest.raises(Refused) as refused:
            house.do(holds.lift, other, conversation_id)
        assert why(refused) == "not_yours"
        house.do(holds.lift, who, conversation_id)
        assert house.all("SELECT count(*) FROM hold") == [0]
        house.close(conversation_id)
        assert house.do(retention.destroy, conversation_id) is True


def test_there_is_no_hold_on_what_is_gone(house: Office) -> None:
    with pytest.raises(Refused):
        house.propose(house.aisha, uuid4())
    conversation_id = house.conversation("woord")
    house.close(conversation_id)
    house.later(hours=24)
    house.do(retention.destroy_keys)
    with pytest.raises(Refused):
        house.propose(house.aisha, conversation_id)


def test_of_a_confirmation_and_a_deletion_at_the_same_moment_exactly_one_wins(house: Office) -> None:
    conversation_id = house.conversation("woord")
    house.propose(house.aisha, conversation_id, days=30)
    house.close(conversation_id)
    house.later(hours=24)
    # The deletion looked before the confirmation and comes to its writing after it.
    with house.work() as work:
        due = rows.closed_before(work.session, house.now, house.now, 10)
    assert [which for which, _ in due] == [conversation_id]
    house.do(holds.confirm, house.mila, conversation_id)
    with house.work() as work:
        assert keys.destroy(work.session, due) == 0
    assert house.words(conversation_id) == ["woord"]


def test_a_confirmation_that_is_slower_than_the_deletion_loses(house: Office) -> None:
    conversation_id = house.conversation("woord")
    house.propose(house.aisha, conversation_id, days=30)
    house.close(conversation_id)
    house.later(hours=24)
    with house.work() as work:
        row = by_id(work.session, conversation_id)
    assert row is not None
    house.do(retention.destroy_keys)
    with pytest.raises(StaleDataError), house.work() as work:
        touch(work.session, row)  # the last step of a confirmation that had read the row before
    with pytest.raises(Refused):
        house.do(holds.confirm, house.mila, conversation_id)  # and its next attempt
