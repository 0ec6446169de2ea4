"""The claim, the places that are told and core/queue.py agree, whoever waits and whoever is on duty."""

import random
from datetime import timedelta
from uuid import UUID

import pytest

from tests.actions.witness import Witness
from tests.house import House
from tests.racing import crew
from web.actions import desk
from web.actions.outcome import Outcome, Work, store
from web.core import moves
from web.core.states import Urgency
from web.storage import conversations

TOPICS = (None, "cost", "minor_self", "teen_sexting")


def asks(house: House, language: str, **news: object) -> UUID:
    """Somebody who asks now. `news`: what is known of them by then."""
    visitor = house.begin(language)

    def action(work: Work) -> Outcome[None]:
        row = conversations.by_id(work.session, visitor)
        assert row is not None
        urgency = Urgency(news.pop("urgency", Urgency.NORMAL))
        change = moves.ask(row.to_core().with_(**news), work.now, urgency=urgency)
        return Outcome(None, store(work, row, change))

    house.do(action)
    return visitor


@pytest.mark.parametrize("seed", range(6))
def test_a_mixed_queue_is_taken_in_the_order_that_was_told(house: House, seed: int) -> None:
    chance = random.Random(seed)
    for worker in crew(house, 3):
        languages = chance.choice(("nl", "en", "nl en"))
        house.change(worker, languages=languages, skills=chance.choice(("", "youth")))
    house.change(house.noor, languages="nl", skills="")
    house.change(house.sem, languages="nl", skills=chance.choice(("", "youth")))
    for _ in range(16):
        house.now += timedelta(minutes=chance.choice((0, 1, 15, 30)))
        asks(
            house,
            chance.choice(("nl", "nl", "en")),
            topic=chance.choice(TOPICS),
            urgency=chance.choice((Urgency.NORMAL, Urgency.NORMAL, Urgency.SOON, Urgency.NOW)),
            returned=chance.random() < 0.2,
            appointment_at=house.now if chance.random() < 0.2 else None,
        )
    house.here(house.noor, house.sem)
    Witness(house).walk_the_queue()


def test_a_worker_without_training_passes_by_who_waits_for_a_trained_one_but_not_who_is_in_danger(house: House) -> None:
    house.change(house.sem, skills="youth")
    young, normal = asks(house, "nl", topic="minor_self"), asks(house, "nl", topic="cost")
    danger = asks(house, "nl", topic="teen_sexting", urgency=Urgency.NOW)
    house.here(house.noor, house.sem)
    assert [house.do(desk.claim_next, house.noor, house.new_id()) for _ in range(2)] == [danger, normal]
    assert house.do(desk.claim_next, house.sem, house.new_id()) == young
    again = asks(house, "nl", topic="minor_self")
    house.later(minutes=1)
    house.here(house.noor)  # nobody with training any more
    assert house.do(desk.claim_next, house.noor, house.new_id()) == again


def test_a_worker_without_the_language_takes_nobody_who_speaks_it(house: House) -> None:
    house.change(house.noor, languages="nl")
    english, dutch = asks(house, "en"), asks(house, "nl")
    house.here(house.noor, house.sem)
    assert house.do(desk.claim_next, house.noor, house.new_id()) == dutch
    assert house.do(desk.claim_next, house.sem, house.new_id()) == english
