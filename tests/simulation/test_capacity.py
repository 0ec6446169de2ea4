"""What many visitors would need: the sums, and that the document holds what its costs give."""

from pathlib import Path

import pytest

from simulation import capacity, documents

# Each visitor makes ten entries and nobody talks to a person; a core may be full.
COSTS = {
    **dict.fromkeys(("page_us", "idle_us", "hear_us", "publish_us", "deliver_us", "process_mib", "pages"), 0.0),
    **{"web_us": 1000, "answer_us": 1000, "bot_ms": 10, "database_us": 100, "database_cores": 1, "entry_bytes": 2**30},
    **{"connection_kib": 1024, "connections": 1000, "filled": 1, "busiest_hour": 0.1},
    **{"assistant_minutes": 6, "turns": 5, "changes": 0, "to_a_person": 0, "wait_minutes": 0},
    **{"chat_minutes": 30, "chat_messages": 40, "chats_worth": 2, "worker_share": 1},
}
PER_SECOND = 36_000  # visitors a day, of whom 3,600 come in the busiest hour


def test_the_sums() -> None:
    found = capacity.needed(10 * PER_SECOND, COSTS)
    assert (found.turns_s, found.messages_s, found.entries_s) == (50, 50, 100)
    assert found.chats == 3600
    assert found.web_cores == pytest.approx(0.1)  # 50 messages and 50 answers of a millisecond
    assert found.web_processes == 4  # for the connections
    assert found.bots == 1
    assert found.database_cores == pytest.approx(0.01)
    assert found.stored_gib == pytest.approx(10 * PER_SECOND * 10)


def test_people() -> None:
    found = capacity.needed(PER_SECOND, COSTS | {"to_a_person": 0.5})
    assert found.workers == 450  # every second half a chat begins: 900 at a time, two for each worker
    assert found.chats == 60 * (6 + 15)


def test_hearing_of_the_others_eats_every_process() -> None:
    deaf = capacity.needed(1000 * PER_SECOND, COSTS | {"connections": 10**9})
    hearing = capacity.needed(1000 * PER_SECOND, COSTS | {"connections": 10**9, "hear_us": 50})
    assert deaf.web_processes == 10
    assert hearing.bus_share == pytest.approx(0.5)
    assert hearing.web_processes == 20


def test_what_gives_way_first_stands_first() -> None:
    lines = capacity.limits(capacity.read_costs()).splitlines()[2:]
    enough = [float(line.split("|")[2].replace(",", "")) for line in lines]
    assert enough == sorted(enough)
    assert "workers" in lines[0]


def test_the_document_holds_what_its_costs_give() -> None:
    """Else: python -m simulation.capacity"""
    stands = documents.get(capacity.DOCUMENT, "needed").strip()
    assert stands == capacity.worked_out(capacity.read_costs())


def test_only_what_is_between_the_marks_is_replaced(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- a -->\nold\n<!-- end of a -->\nafter\n")
    documents.put(page, "a", "new\n")
    documents.put(page, "a", "new")
    assert page.read_text() == "before\n<!-- a -->\n\nnew\n\n<!-- end of a -->\nafter\n"
    assert documents.get(page, "a").strip() == "new"
    with pytest.raises(ValueError, match="missing"):
        documents.put(page, "b", "new")
