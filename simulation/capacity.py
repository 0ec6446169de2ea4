"""What many visitors need, worked out from the costs in docs/capacity.md: `python -m simulation.capacity`.

Reads the table of costs there, writes the tables below it, and prints them. Change a cost, run it again.
"""

import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from simulation import documents

DOCUMENT = Path(__file__).parent.parent / "docs" / "capacity.md"
DAYS = (1_000, 100_000, 10_000_000)
_ROW = re.compile(r"^\| `(\w+)` \| ([\d.]+) \|", re.MULTILINE)


@dataclass(frozen=True)
class Needed:
    """At the busiest hour. Cores are full cores of work; processes and machines are filled as far as `filled` says."""

    visitors_a_day: int
    chats: float  # open connections of visitors
    workers: float
    pages_s: float
    messages_s: float  # of visitors and workers
    entries_s: float  # all that is written, answers of the assistant and changes included
    turns_s: float
    web_cores: float
    bus_share: float  # of each web process, spent on hearing of what happens in the others
    web_processes: int
    bots: int
    database_cores: float
    redis_cores: float
    web_gib: float
    stored_gib: float


def read_costs(path: Path = DOCUMENT) -> dict[str, float]:
    return {name: float(value) for name, value in _ROW.findall(documents.get(path, "costs"))}


def needed(visitors_a_day: int, costs: Mapping[str, float]) -> Needed:
    c = costs
    each_s = visitors_a_day * c["busiest_hour"] / 3600
    talking = c["to_a_person"] * c["chat_minutes"]
    workers = each_s * 60 * talking / c["chats_worth"] / c["worker_share"]
    chats = each_s * 60 * (c["assistant_minutes"] + c["to_a_person"] * (c["chat_minutes"] + c["wait_minutes"]))
    turns = each_s * c["turns"]
    messages = turns + each_s * c["to_a_person"] * c["chat_messages"]
    entries = messages + turns + each_s * c["changes"]
    pages = each_s * c["pages"]
    work = messages * c["web_us"] + turns * c["answer_us"] + pages * c["page_us"]
    work += (chats + workers) * c["idle_us"]
    web_cores = work / 1e6
    filled = c["filled"]
    bus_share = entries * c["hear_us"] / 1e6
    processes = max(ceil(web_cores / max(0.01, filled - bus_share)), ceil((chats + workers) / c["connections"]), 1)
    if processes == 1:
        bus_share = 0.0  # nobody to hear from
    return Needed(
        visitors_a_day=visitors_a_day,
        chats=chats,
        workers=workers,
        pages_s=pages,
        messages_s=messages,
        entries_s=entries,
        turns_s=turns,
        web_cores=web_cores,
        bus_share=bus_share,
        web_processes=processes,
        bots=max(1, ceil(turns * c["bot_ms"] / 1000 / filled)),
        database_cores=entries * c["database_us"] / 1e6 / filled,
        redis_cores=entries * (c["publish_us"] + processes * c["deliver_us"]) / 1e6 / filled if processes > 1 else 0.0,
        web_gib=((chats + workers) * c["connection_kib"] / 1024 + processes * c["process_mib"]) / 1024,
        stored_gib=visitors_a_day * entries / each_s * c["entry_bytes"] / 2**30,
    )


def table(costs: Mapping[str, float]) -> str:
    sizes = [needed(visitors, costs) for visitors in DAYS]
    rows: list[tuple[str, Callable[[Needed], str]]] = [
        ("visitors with a chat open", lambda n: _number(n.chats)),
        ("**helpline workers at their desks**", lambda n: f"**{_number(n.workers)}**"),
        ("pages a second", lambda n: _number(n.pages_s)),
        ("messages a second", lambda n: _number(n.messages_s)),
        ("entries written a second", lambda n: _number(n.entries_s)),
        ("questions to the assistant a second", lambda n: _number(n.turns_s)),
        ("web: cores of work", lambda n: _number(n.web_cores)),
        ("web: share of each process spent on hearing of the others", lambda n: f"{100 * n.bus_share:.0f} %"),
        ("web processes", _processes),
        ("web: memory (GiB)", lambda n: _number(n.web_gib)),
        ("bots", lambda n: _number(n.bots)),
        ("PostgreSQL: cores", lambda n: _number(n.database_cores)),
        ("PostgreSQL: GiB kept (24 hours)", lambda n: _number(n.stored_gib)),
        ("Redis: cores", lambda n: _number(n.redis_cores)),
    ]
    head = ["| in the busiest hour, with | " + " | ".join(f"{days:,} a day" for days in DAYS) + " |"]
    head.append("| --- " * (len(DAYS) + 1) + "|")
    return "\n".join([*head, *(f"| {name} | " + " | ".join(show(n) for n in sizes) + " |" for name, show in rows)])


def limits(costs: Mapping[str, float]) -> str:
    """How many visitors a day one of each carries, the scarcest first."""
    found = [
        ("ten helpline workers", _most(costs, lambda n: n.workers <= 10)),
        ("one bot", _most(costs, lambda n: n.bots <= 1)),
        ("one web process", _most(costs, lambda n: n.web_processes <= 1)),
        (
            f"one PostgreSQL with {costs['database_cores']:.0f} cores",
            _most(costs, lambda n: n.database_cores <= costs["database_cores"]),
        ),
        ("one Redis (it uses one core)", _most(costs, lambda n: n.redis_cores <= 1)),
        ("one channel that every web process hears", _most(costs, lambda n: n.bus_share < costs["filled"] / 2)),
    ]
    rows = [f"| {name} | {_number(visitors)} |" for name, visitors in sorted(found, key=lambda item: item[1])]
    return "\n".join(["| gives way, in this order | enough until … visitors a day |", "| --- | --- |", *rows])


def _most(costs: Mapping[str, float], enough: Callable[[Needed], bool]) -> int:
    low, high = 1, 10**12
    while high - low > max(1, low // 1000):
        middle = (low + high) // 2
        low, high = (middle, high) if enough(needed(middle, costs)) else (low, middle)
    return low


def _processes(found: Needed) -> str:
    return "does not add up" if found.web_processes > 100_000 else _number(found.web_processes)


def _number(value: float) -> str:
    """Two digits that count: more would be false precision."""
    if 0 < value < 0.01:
        return "< 0.01"
    if value < 10:
        return f"{value:.2g}"
    digits = len(str(int(value))) - 2
    return f"{round(value / 10**digits) * 10**digits:,}"


def worked_out(costs: Mapping[str, float]) -> str:
    return f"{limits(costs)}\n\n{table(costs)}"


def main() -> int:
    costs = read_costs()
    documents.put(DOCUMENT, "needed", worked_out(costs))
    print(worked_out(costs))
    return 0


if __name__ == "__main__":
    sys.exit(main())
