"""tools/keep.py: a process that dies is started again; one that cannot start is given up; stopping stops it."""

import signal
import subprocess
import sys
from pathlib import Path

from tests.processes import ROOT, until

KEEP = ROOT / "tools" / "keep.py"


def lines(path: Path) -> int:
    return len(path.read_text().splitlines()) if path.exists() else 0


def test_a_process_that_dies_is_started_again_until_told_to_stop(tmp_path: Path) -> None:
    log = tmp_path / "starts"
    # Notes each start; dies at the first two, stays at the third.
    script = f"import time; f = open({str(log)!r}, 'a+'); f.write('x\\n'); f.flush(); f.seek(0)\n"
    script += "if len(f.read().split()) < 3: raise SystemExit(1)\ntime.sleep(60)"
    keeper = subprocess.Popen([sys.executable, KEEP, sys.executable, "-c", script], stderr=subprocess.DEVNULL)
    until(lambda: lines(log) == 3, 20, "the third start")
    keeper.send_signal(signal.SIGTERM)
    assert keeper.wait(timeout=10) == 0


def test_what_cannot_start_is_given_up(tmp_path: Path) -> None:
    answer = subprocess.run(
        [sys.executable, KEEP, sys.executable, "-c", "raise SystemExit(3)"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert answer.returncode == 1
    assert "cannot start (exit 3)" in answer.stderr
