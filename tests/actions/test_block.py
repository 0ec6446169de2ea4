"""A conversation that a worker ended because of abuse, on both databases."""

import pytest

from tests.house import House
from web.actions import audit, chat, desk
from web.core.errors import Code, Refused
from web.core.states import State


def test_a_blocked_visitor_is_told_by_a_line_and_it_is_accounted_for(house: House) -> None:
    visitor, client_id = house.held(), house.new_id()
    house.do(desk.block, visitor, house.noor, client_id)
    house.do(desk.block, visitor, house.noor, client_id)
    assert house.codes(visitor)[-1] == "blocked"
    assert [(record.deed, record.conversation_id) for record in house.do(audit.recent, 2)] == [
        ("visitor_blocked", visitor)
    ]
    with pytest.raises(Refused) as refused:
        house.say(visitor, "nog iets")
    assert refused.value.code is Code.CLOSED


def test_only_the_holder_blocks_and_only_somebody_who_is_there(house: House) -> None:
    waiting, held = house.waiting(), house.held()
    for visitor, worker in ((held, house.sem), (waiting, house.noor)):
        with pytest.raises(Refused) as refused:
            house.do(desk.block, visitor, worker, house.new_id())
        assert refused.value.code is Code.NOT_FOUND
    assert house.do(audit.recent, 5) == []


def test_for_a_day_nothing_new_begins_with_the_same_cookie(house: House) -> None:
    started = house.do(chat.begin, "nl")
    visitor = started.conversation_id
    house.do(chat.ask_person, visitor, house.new_id())
    house.do(desk.claim, visitor, house.noor)
    assert house.do(chat.blocked, started.token) is False
    house.do(desk.block, visitor, house.noor, house.new_id())
    assert house.state(visitor) is State.CLOSED
    assert house.do(chat.blocked, started.token) is True
    assert house.do(chat.blocked, "another") is False
    assert house.do(chat.blocked, None) is False
    house.later(hours=23, minutes=59)
    assert house.do(chat.blocked, started.token) is True
    house.later(minutes=1)
    assert house.do(chat.blocked, started.token) is False


def test_an_ordinary_end_blocks_nobody_and_a_blocked_visitor_may_leave_and_forget(house: House) -> None:
    started = house.do(chat.begin, "nl")
    for end in (desk.close, desk.block):
        if end is desk.block:
            started = house.do(chat.begin, "nl")
        visitor = started.conversation_id
        house.do(chat.ask_person, visitor, house.new_id())
        house.do(desk.claim, visitor, house.noor)
        house.do(end, visitor, house.noor, house.new_id())
        assert house.do(chat.blocked, started.token) is (end is desk.block)
    house.do(chat.leave, visitor)
    assert house.do(chat.blocked, started.token) is False, "safety goes first: after leaving nothing is known"
    house.do(chat.forget, visitor)
    with pytest.raises(Refused) as gone:
        house.state(visitor)
    assert gone.value.code is Code.NOT_FOUND
