"""Trains the two assistants that `bench.assistant` compares: ours and Rasa's default, each in a process of its own."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass

from bench.site import memory
from web.settings import ROOT

BOT = ROOT / "bot"
PYTHON = BOT / ".venv" / "bin" / "python"
FOLDER = BOT / "build" / "bench"  # beside nobody else's model
OURS, DEFAULT = FOLDER / "halte.tar.gz", FOLDER / "default.tar.gz"
LIMIT_SECONDS = 720


@dataclass(frozen=True)
class Training:
    """seconds: from nothing to a model on the disk. mib: the highest that its processes held together."""

    seconds: float
    mib: float


def ours() -> Training:
    """As `make build` does it."""
    return _run("helpline.train", env={"BOT_MODEL": str(OURS)})


def rasas_default(epochs: int, every: int) -> Training:
    paths = os.pathsep.join((str(ROOT), str(BOT)))
    words = ("bench.default_rasa", str(DEFAULT), str(epochs), str(every))
    return _run(*words, env={"HALTE_PLAIN_RASA": "1", "PYTHONPATH": paths})


def _run(*words: str, env: dict[str, str]) -> Training:
    start = time.monotonic()
    command = [PYTHON, "-m", *words]
    process = subprocess.Popen(
        command, cwd=BOT, env={**os.environ, **env}, stdout=subprocess.DEVNULL, start_new_session=True
    )
    most = 0.0
    try:
        while process.poll() is None:
            if time.monotonic() - start > LIMIT_SECONDS:
                sys.exit(f"halte: {words[0]} took longer than {LIMIT_SECONDS} s; --every 10 trains on a tenth")
            most = max(most, memory(process.pid) / 1024)
            time.sleep(0.5)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    if process.returncode:
        sys.exit(f"halte: {words[0]} failed, see {FOLDER.name}/ and train.log in bot/build")
    return Training(time.monotonic() - start, most)
