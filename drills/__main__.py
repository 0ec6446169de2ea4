"""`make drill`: run the faults, count, print one row for each; not zero is a failure.

ONLY=sqlite|postgres chooses a setup, FAULTS=kill_web,redis the faults whose names begin so, VISITORS=300 how many;
MINUTES=20 gives more time on a busy machine. KEEP and TELL: see docs/drill.md.
"""

import asyncio
import logging
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from drills.crowd import VISITORS, Crowd
from drills.faults import Fault, faults_of
from drills.ledger import KINDS, Finding
from drills.machine import CannotDrill, install, packages
from drills.setups import SETUPS, Setup

BEFORE, AFTER = 3.0, 4.0  # seconds of writing before a fault, and after it
MINUTES = 12  # for all of it; what has not begun by then fails
SHOWN = 6  # findings that are printed in words under a row
HEAD = f"{'setup':<9} {'fault':<15} " + " ".join(f"{kind:>{max(5, len(kind))}}" for kind in KINDS)
HEAD += f" {'acked':>6} {'again':>6} {'longest':>8}"


def main() -> int:
    for noisy in ("engineio", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.CRITICAL)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    end = time.monotonic() + 60 * float(os.environ.get("MINUTES", MINUTES))
    chosen = [name for name in SETUPS if os.environ.get("ONLY", name) == name]
    if not chosen:
        sys.exit(f"halte: ONLY is one of {', '.join(SETUPS)}")
    try:
        install(packages())
    except CannotDrill as reason:
        sys.exit(f"halte: {reason}")
    print(HEAD, flush=True)
    good = [drill(name, end) for name in chosen]
    print("all counts are 0" if all(good) else "not all counts are 0", flush=True)
    return 0 if all(good) else 1


def drill(name: str, end: float) -> bool:
    with tempfile.TemporaryDirectory(prefix="halte-drill-") as folder:
        Path(folder).chmod(0o755)
        setup: Setup | None = None
        try:
            setup = SETUPS[name](Path(folder) / name)
            setup.start()
            return asyncio.run(rows(setup, end))
        except CannotDrill as reason:
            print(f"{name:<9} FAILED: {reason}", flush=True)
            return False
        finally:
            if setup is not None:
                setup.stop()
                keep_logs(setup)


async def rows(setup: Setup, end: float) -> bool:
    crowd = Crowd(setup.url, setup.accounts, int(os.environ.get("VISITORS", VISITORS)))
    await crowd.arrive()
    good = True
    try:
        for fault in wanted(faults_of(setup)):
            if time.monotonic() > end:
                print(f"{setup.name:<9} {fault.name:<15} FAILED: the time for all drills was used up", flush=True)
                good = False
            else:
                good &= await row(setup, crowd, fault)
        crowd.tally.clear()
        crowd.write(True)
        await crowd.everyone_asks()
        good &= told(setup.name, "all claimed", crowd, await crowd.settle())
    finally:
        await crowd.go_home()
    return good


async def row(setup: Setup, crowd: Crowd, fault: Fault) -> bool:
    crowd.write(True)
    await crowd.mix()
    await asyncio.sleep(BEFORE)
    crowd.tally.clear()
    await crowd.all_at_once()
    trouble: set[Finding] = set()
    try:
        await fault.harm(setup)
    except CannotDrill as reason:
        trouble.add(Finding("stuck", setup.name, str(reason)))
    await asyncio.sleep(AFTER)
    found = await crowd.settle() | trouble
    hurt = crowd.tally.hurt
    good = told(setup.name, fault.name, crowd, found)
    if fault.must_hurt and not hurt:
        print("          FAILED: nobody felt this fault, so it has shown nothing", flush=True)
    return good and (hurt or not fault.must_hurt)


def wanted(faults: Iterable[Fault]) -> list[Fault]:
    names = [name for name in os.environ.get("FAULTS", "").split(",") if name]
    return [fault for fault in faults if not names or fault.name.startswith(tuple(names))]


def told(setup: str, fault: str, crowd: Crowd, found: set[Finding]) -> bool:
    counts = Counter(finding.kind for finding in found)
    tally = crowd.tally
    cells = " ".join(f"{counts[kind]:>{max(5, len(kind))}}" for kind in KINDS)
    print(f"{setup:<9} {fault:<15} {cells} {tally.acked:>6} {tally.repeats:>6} {tally.longest:>6.1f} s", flush=True)
    for finding in sorted(found, key=str)[:SHOWN]:
        print(f"          {finding.kind}: {finding.conversation}: {finding.what}", flush=True)
    if os.environ.get("TELL"):
        print(f"          {dict(tally.refusals)}, {dict(crowd.missed())}", flush=True)
    return not found


def keep_logs(setup: Setup) -> None:
    """KEEP=folder keeps what the processes wrote, to look for the reason."""
    keep = os.environ.get("KEEP")
    if keep:
        Path(keep).mkdir(parents=True, exist_ok=True)
        for log in setup.folder.glob("*.log"):
            (Path(keep) / f"{setup.name}-{log.name}").write_bytes(log.read_bytes())


if __name__ == "__main__":
    sys.exit(main())
