"""Load chat servers side by side and print tables of ratios, the first server being the yardstick.

    python -m bench.load bench.bare.adapter:raw+inline bench.adapter:sqlite --what saturate,steady

All servers are started, then measured in turns (1, 2, 3, 1, 2, 3 …), so that other work on the machine hits all of them
alike. `make bench` runs the project's own comparison with its goals; this is for looking at one thing.
"""

import argparse
import asyncio
import gc
import json
import os
import resource
import sys
from collections.abc import Sequence
from pathlib import Path

import uvloop

from bench import steps, tables
from bench.site import Site

WARMED = ("saturate", "steady", "talk", "twoway")  # the first round of these only warms up


def parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = found.add_argument
    add("--visitors", type=int, default=50)
    add("--staff", type=int, default=5)
    add("--seconds", type=float, default=4, help="of each measurement")
    add("--rounds", type=int, default=5, help="over all servers, after one to warm up")
    add("--rate", type=float, default=200, help="messages a second of the steady load")
    add("--window", type=int, default=1, help="messages in flight per visitor at saturation")
    add("--length", type=int, default=120, help="characters of a message")
    add("--idle", type=int, default=2000, help="connections that do nothing")
    add("--rest", type=float, default=10, help="seconds to watch them")
    add("--waiting", type=int, default=2000, help="visitors in the queue")
    add("--moves", type=float, default=2, help="queue changes a second")
    add("--also", type=int, action="append", default=[], metavar="PID", help="count with servers on PostgreSQL")
    add("--json", help="write every row to this file")
    return found


async def compare(specs: Sequence[str], what: Sequence[str], options: argparse.Namespace) -> list[Site]:
    """Start the servers, measure them in turns, stop them. The rows are in the sites."""
    sites = [Site(spec, options) for spec in specs]
    try:
        for site in sites:
            await asyncio.to_thread(site.start)  # connections that are open already must go on answering pings
            if hasattr(site.adapter, "started"):
                await site.adapter.started(site)
            await steps.people(site, options.visitors, options.staff)
        gc.freeze()
        for step in what:
            warming = step in WARMED
            for number in range(options.rounds + warming):
                for site in sites:
                    row = await getattr(steps, step)(site)
                    if number or not warming:
                        site.rows.append({"step": step, **row})
                told = " ".join(f"{site.name}: {row_in_short(site, step)}" for site in sites)
                print(f"  {step} {number + 1 - warming}/{options.rounds} {told}", file=sys.stderr, flush=True)
            print(tables.table(sites, step), flush=True)
    finally:
        for site in sites:
            site.stop()
    return sites


def row_in_short(site: Site, step: str) -> str:
    key, _ = tables.COLUMNS[step][0]
    return f"{site.rows[-1][key]:.4g}" if tables.rows_of(site, step) else "-"


def prepare_this_process() -> None:
    """Room for 10,000 connections, and a loop that costs less than the server."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())


def as_json(sites: Sequence[Site]) -> dict[str, object]:
    return {"load_average": os.getloadavg(), "servers": {site.name: site.rows for site in sites}}


def main() -> None:
    wanted = parser()
    wanted.add_argument("targets", nargs="+", metavar="adapter[:variant]")
    wanted.add_argument("--what", default="saturate,steady", help=", ".join(tables.COLUMNS))
    options = wanted.parse_args()
    prepare_this_process()
    sites = asyncio.run(compare(options.targets, options.what.split(","), options))
    if options.json:
        Path(options.json).write_text(json.dumps(as_json(sites), indent=1))


if __name__ == "__main__":
    main()
