"""`make bench`: Halte beside the bare relay in one run, and each goal beside its figure. Exits 1 if a goal is missed.

make bench                             everything, five rounds; about half an hour
make bench WHAT=saturate,steady        some of it: saturate, steady, talk, twoway, idle, queue, claim
make bench ROUNDS=9 SECONDS=6          longer
make bench JSON=figures.json           keep every row
make bench DOCS=1                      write the figures into docs/performance.md
"""

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import redis

from bench import goals, load, tables
from bench.site import Site
from tools import services

BARE, SQLITE, POSTGRES = "bench.bare.adapter:raw+inline", "bench.adapter:sqlite", "bench.adapter:pg"
DOCS = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
MARKS = "<!-- figures -->", "<!-- end of figures -->"
Run = dict[tuple[str, str], Site]  # (step, server) -> its rows
BARE_QUEUE = "bench.bare.adapter:raw+inline+throttled"


@dataclass(frozen=True)
class Part:
    """Steps that are measured on the same servers. `fresh`: new servers for each round, because the first crowd of a
    process takes memory that the next one finds already there."""

    steps: tuple[str, ...]
    servers: tuple[str, ...]
    options: dict[str, float] = field(default_factory=dict)
    fresh: bool = False


PARTS = (
    Part(("saturate", "steady", "talk", "twoway"), (BARE, SQLITE, POSTGRES)),
    # Longer than one interval of pings.
    Part(("idle",), (BARE, SQLITE), {"visitors": 1, "staff": 1, "idle": 10_000, "rest": 27}, fresh=True),
    # Long enough for those far behind to be told of their place, which Halte does every 15 s.
    Part(("queue",), (BARE_QUEUE, SQLITE), {"seconds": 20}),
    Part(
        ("claim",),
        tuple(f"bench.adapter:{kind}+waiting{count}" for kind in ("sqlite", "pg") for count in (100, 10_000)),
        {"visitors": 0},
    ),
)


def main() -> int:
    parser = load.parser()
    parser.description, parser.formatter_class = __doc__, argparse.RawDescriptionHelpFormatter
    parser.add_argument("--docs", action="store_true", help="write the figures into docs/performance.md")
    parser.add_argument("--what", default="saturate,steady,talk,twoway,idle,queue,claim")
    options = parser.parse_args()
    load.prepare_this_process()
    services.needed()
    with tempfile.TemporaryDirectory(prefix="halte-bench-") as folder, services.both(Path(folder)) as settings:
        os.environ.update(settings)
        options.also = database_processes(Path(folder))
        before = calm(Path(folder))
        print(f"before: {before}", flush=True)
        run, failed = asyncio.run(measure(options))
        after = calm(Path(folder))
        print(f"\nafter: {after}")
    if options.json:
        rows = {f"{step} | {server}": site.rows for (step, server), site in run.items()}
        Path(options.json).write_text(json.dumps({"options": vars(options), "rows": rows}, indent=1))
    found = list(goals.verdicts(run))
    if options.docs:
        into_docs(figures(run, found, (before, after)), MARKS)
    return judge(found, failed)


def calm(folder: Path) -> str:
    """How far to trust the figures: who else works on this machine, and how long its disk takes for one commit."""
    times = []
    with (folder / "probe").open("wb", buffering=0) as probe:
        for _ in range(100):
            probe.write(bytes(4096))
            start = time.perf_counter()
            os.fdatasync(probe.fileno())
            times.append((time.perf_counter() - start) * 1e3)
    others = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    synced = statistics.quantiles(times, n=100)
    return f"load average {others}; {os.cpu_count()} cores; fdatasync p50 {synced[49]:.2f} ms, p99 {synced[98]:.2f} ms"


def database_processes(folder: Path) -> list[int]:
    """PostgreSQL and Redis: their processor time is part of the cost of a message."""
    postmaster = int((folder / "postgres" / "postmaster.pid").read_text().split()[0])
    with redis.Redis.from_url(os.environ["TEST_REDIS_URL"]) as client:
        return [postmaster, int(client.info()["process_id"])]  # type: ignore[index]


async def measure(options: argparse.Namespace) -> tuple[Run, list[str]]:
    """The rows of each step and server, and the steps that broke off: the others are measured all the same."""
    wanted = options.what.split(",")
    run: Run = {}
    failed: list[str] = []
    for part in PARTS:
        steps = [step for step in part.steps if step in wanted]
        if not steps:
            continue
        here = argparse.Namespace(**vars(options) | part.options)
        try:
            sites = await (in_fresh_rounds if part.fresh else load.compare)(part.servers, steps, here)
        except Exception:
            traceback.print_exc()
            failed += steps
        else:
            run |= {(step, site.name): site for site in sites for step in steps}
    return run, failed


async def in_fresh_rounds(servers: tuple[str, ...], steps: list[str], options: argparse.Namespace) -> list[Site]:
    kept: list[Site] = []
    for _ in range(options.rounds):
        one = argparse.Namespace(**vars(options) | {"rounds": 1})
        sites = await load.compare(servers, steps, one)
        kept = kept or sites
        for site, more in zip(kept, sites, strict=True):
            if site is not more:
                site.rows += more.rows
    return kept


def figures(run: Run, found: list[goals.Verdict], calmness: tuple[str, str]) -> list[str]:
    today = datetime.now(UTC).date()
    lines = [f"{today}. Before: {calmness[0]}. After: {calmness[1]}.", "", "| goal | wanted | median | rounds | |"]
    lines += [tables.as_row(["---"] * 5), *(one.row() for one in found)]
    for step in dict.fromkeys(step for step, _ in run):
        lines += ["", tables.markdown([site for (which, _), site in run.items() if which == step], step)]
    return lines


def into_docs(lines: Sequence[str], marks: tuple[str, str]) -> None:
    """The figures of this run, in the place of those that stand there."""
    start, found_it, rest = DOCS.read_text().partition(marks[0])
    _, _, end = rest.partition(marks[1])
    if not found_it:
        sys.exit(f"{DOCS.name} has no line {marks[0]}")
    DOCS.write_text("\n".join([start + marks[0], "", *lines, "", marks[1] + end]))


def judge(found: list[goals.Verdict], failed: list[str]) -> int:
    print(f"\n{'goal':{goals.WIDTH}} {'wanted':>8} {'median':>8}  lowest .. highest")
    for one in found:
        print(one)
    for step in failed:
        print(f"{step:{goals.WIDTH}} not measured: it broke off, see above")
    return 0 if all(one.met for one in found) and not failed else 1


if __name__ == "__main__":
    sys.exit(main())
