"""`make bench`: Halte beside the bare relay in one run, and each goal beside its figure. Exits 1 if a goal is missed.

make bench                             everything, five rounds; about half an hour
make bench WHAT=saturate,steady        some of it: saturate, steady, talk, twoway, idle, queue, claim
make bench ROUNDS=9 SECONDS=6          longer
make bench JSON=figures.json           keep every row
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import redis

from bench import goals, load
from bench.site import Site
from tools import services

BARE, SQLITE, POSTGRES = "bench.bare.adapter:raw+inline", "bench.adapter:sqlite", "bench.adapter:pg"
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
    Part(("queue",), (BARE_QUEUE, SQLITE)),
    Part(
        ("claim",),
        tuple(f"bench.adapter:{kind}+waiting{count}" for kind in ("sqlite", "pg") for count in (100, 10_000)),
        {"visitors": 0},
    ),
)


def main() -> int:
    parser = load.parser()
    parser.description, parser.formatter_class = __doc__, argparse.RawDescriptionHelpFormatter
    parser.add_argument("--what", default="saturate,steady,talk,twoway,idle,queue,claim")
    options = parser.parse_args()
    load.prepare_this_process()
    services.needed()
    with tempfile.TemporaryDirectory(prefix="halte-bench-") as folder, services.both(Path(folder)) as settings:
        os.environ.update(settings)
        options.also = database_processes(Path(folder))
        print(f"load average before: {', '.join(f'{value:.2f}' for value in os.getloadavg())}", file=sys.stderr)
        run = asyncio.run(measure(options))
    if options.json:
        rows = {f"{step} | {server}": site.rows for (step, server), site in run.items()}
        Path(options.json).write_text(json.dumps({"options": vars(options), "rows": rows}, indent=1))
    return judge(run)


def database_processes(folder: Path) -> list[int]:
    """PostgreSQL and Redis: their processor time is part of the cost of a message."""
    postmaster = int((folder / "postgres" / "postmaster.pid").read_text().split()[0])
    with redis.Redis.from_url(os.environ["TEST_REDIS_URL"]) as client:
        return [postmaster, int(client.info()["process_id"])]  # type: ignore[index]


async def measure(options: argparse.Namespace) -> dict[tuple[str, str], Site]:
    wanted = options.what.split(",")
    run: dict[tuple[str, str], Site] = {}
    for part in PARTS:
        steps = [step for step in part.steps if step in wanted]
        if not steps:
            continue
        here = argparse.Namespace(**vars(options) | part.options)
        for site in await (in_fresh_rounds if part.fresh else load.compare)(part.servers, steps, here):
            run |= {(step, site.name): site for step in steps}
    return run


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


def judge(run: dict[tuple[str, str], Site]) -> int:
    print(f"\n{goals.line('goal', 'wanted', 'median', 'rounds', True).rsplit(maxsplit=1)[0]}")
    found = list(goals.verdict(run))
    for text, _ in found:
        print(text)
    return 0 if all(met for _, met in found) else 1


if __name__ == "__main__":
    sys.exit(main())
