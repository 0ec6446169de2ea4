"""Where the server's time goes under load: `python -m bench.profile [sqlite] [--step saturate] [--top 40]`.

Starts Halte as the bench does, loads it, and looks into its web process with py-spy 200 times a second. Prints packages
and functions by what they cost themselves, and functions with all that they call, as shares of the time in which
Python runs: waiting for the disk is not in it. `--raw FILE` keeps the stacks, one a line, as flame graph tools read
them. Needs the right to trace (root, or ptrace_scope 0).
"""

import argparse
import asyncio
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from bench import load, run, steps
from bench.site import Site, with_children
from tools import services

RATE = 200


def main() -> None:
    parser = load.parser()
    parser.description = __doc__
    parser.add_argument("variant", nargs="?", default="sqlite")
    parser.add_argument("--step", default="saturate", help="saturate, steady, talk, twoway or queue")
    parser.add_argument("--top", type=int, default=40)
    parser.add_argument("--raw", help="keep the stacks here")
    options = parser.parse_args()
    load.prepare_this_process()
    if "pg" not in options.variant.split("+"):
        profile(options)
        return
    with tempfile.TemporaryDirectory(prefix="halte-bench-") as folder, services.both(Path(folder)) as settings:
        os.environ.update(settings)
        options.also = run.database_processes(Path(folder))
        profile(options)


def profile(options: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory(prefix="halte-profile-") as folder:
        stacks = Path(options.raw or Path(folder) / "stacks.txt")
        asyncio.run(watch(f"bench.adapter:{options.variant}", stacks, options))
        print(summary(stacks.read_text(), options.top))


async def watch(spec: str, stacks: Path, options: argparse.Namespace) -> None:
    site = Site(spec, options)
    try:
        site.start()
        await steps.people(site, options.visitors, options.staff)
        await steps.saturate(site)  # warms up
        # `queue` measures twice: first without a queue.
        wanted = site.measurements + (2 if options.step == "queue" else 1)
        running = asyncio.ensure_future(getattr(steps, options.step)(site))
        while site.measurements < wanted and not running.done():
            await asyncio.sleep(0.05)
        spy = look(site, stacks, int(options.seconds))
        row = await running
        if await asyncio.to_thread(spy.wait, 60):
            raise SystemExit("py-spy could not look into the process")
        print(" ".join(f"{key}={value:.4g}" for key, value in row.items() if isinstance(value, float | int)))
    finally:
        site.stop()


def look(site: Site, stacks: Path, seconds: int) -> "subprocess.Popen[bytes]":
    web = with_children(site.process.pid)[-1]
    # --gil: what runs Python, not the threads that wait for the disk or for something to do.
    options = ["-p", str(web), "-r", str(RATE), "-d", str(max(1, seconds)), "--gil", "-f", "raw", "-o", stacks]
    spy = Path(sys.executable).parent / "py-spy"
    return subprocess.Popen([spy, "record", *options], stdout=subprocess.DEVNULL)


def summary(stacks: str, top: int) -> str:
    """Two lists from lines like `a (file:1);b (file:2) 17`."""
    own: Counter[str] = Counter()
    whole: Counter[str] = Counter()
    packages: Counter[str] = Counter()
    total = 0
    for line in stacks.splitlines():
        calls, _, count = line.rpartition(" ")
        names = [re.sub(r":\d+\)$", ")", name) for name in calls.split(";")]
        total += int(count)
        own[names[-1]] += int(count)
        packages[package(names[-1])] += int(count)
        for name in set(names):
            whole[name] += int(count)
    lines = [f"{total} samples"]
    for title, counted in (("by package", packages), ("by itself", own), ("with what it calls", whole)):
        lines.append(f"\n{title}")
        lines += [f"{count / max(1, total):7.1%}  {name}" for name, count in counted.most_common(top)]
    return "\n".join(lines)


def package(name: str) -> str:
    """`read (web/core/triage.py)` -> `web/core/triage.py`; of other people's packages only the first folder."""
    path = name.rpartition("(")[2].rstrip(")")
    return path if path.startswith("web/") else path.split("/")[0]


if __name__ == "__main__":
    main()
