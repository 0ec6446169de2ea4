"""What the drill does to the machine: processes that it starts and kills, a small disk, a clock, missing packages."""

import os
import shutil
import signal
import subprocess
import time
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from tools.services import postgres_programs

ROOT = Path(__file__).resolve().parent.parent
FAKETIME = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), Path("/usr/lib/faketime/libfaketime.so.1"))
HOUR = 3600


class CannotDrill(Exception):
    """A drill that could not be done; that is a failure, and its message says what is missing."""


class Process:
    """One process of the service, in a group of its own so that its children die with it."""

    def __init__(
        self,
        command: Sequence[object],
        log: Path,
        environment: Mapping[str, str] | None = None,
        cwd: Path = ROOT,
        user: int | None = None,
    ) -> None:
        self._command = [str(word) for word in command]
        self._log, self._environment, self._cwd, self._user = log, environment, cwd, user
        self._running: subprocess.Popen[bytes] | None = None

    @property
    def alive(self) -> bool:
        return self._running is not None and self._running.poll() is None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._running = subprocess.Popen(
                self._command,
                cwd=self._cwd,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                user=self._user,
                group=self._user,
            )

    def send(self, number: signal.Signals) -> None:
        """To the whole group."""
        if self._running is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._running.pid, number)

    def kill(self) -> None:
        """kill -9: no time to say goodbye."""
        self.send(signal.SIGKILL)
        if self._running is not None:
            self._running.wait()

    def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        """As an operator does it; only then by force."""
        if self._running is None or self._running.poll() is not None:
            return
        self._running.send_signal(number)
        try:
            self._running.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.kill()


class Disk:
    """A small file system in memory that can be filled to the last byte."""

    def __init__(self, folder: Path, megabytes: int) -> None:
        self.folder = folder
        self._filler = folder / "filler"
        folder.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "tmpfs", str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise CannotDrill(f"a small disk cannot be mounted here: {done.stderr.strip()}")

    def fill(self) -> None:
        for size in (65_536, 512):
            with suppress(OSError), self._filler.open("ab", buffering=0) as file:
                while True:
                    file.write(b"\0" * size)

    def free(self) -> None:
        self._filler.unlink(missing_ok=True)

    def unmount(self) -> None:
        until(
            lambda: subprocess.run(["umount", str(self.folder)], capture_output=True, check=False).returncode == 0, 10
        )


class Clock:
    """The wall clock of all processes that were started with `environment`; the monotonic clock is left alone."""

    def __init__(self, folder: Path) -> None:
        if not FAKETIME.exists():
            raise CannotDrill(f"{FAKETIME} is missing: apt-get install faketime")
        self._file = folder / "clock"
        self.set(0)
        self.environment = {
            "LD_PRELOAD": str(FAKETIME),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_CACHE_DURATION": "1",  # look at the file once a second
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_FORCE_MONOTONIC_FIX": "0",  # the fix makes waits for a lock between threads spin
            "FAKETIME_DISABLE_SHM": "1",  # a killed process would leave its shared memory behind
            "NO_FAKE_STAT": "1",
        }

    def set(self, seconds: int) -> None:
        fresh = self._file.with_suffix(".new")
        fresh.write_text(f"{seconds:+d}\n")
        fresh.replace(self._file)


def install(wanted: Mapping[str, bool]) -> None:
    """The Debian packages whose programs are not here, where that is possible."""
    missing = [package for package, here in wanted.items() if not here]
    if not missing:
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
        subprocess.run(["apt-get", "update", "-qq"], check=False, **quiet)
        if subprocess.run(["apt-get", "install", "-y", "-qq", *missing], check=False, **quiet).returncode == 0:
            return
    raise CannotDrill(f"the drill needs {' and '.join(missing)}: apt-get install {' '.join(missing)}")


def packages() -> dict[str, bool]:
    return {
        "redis-server": bool(shutil.which("redis-server")),
        "postgresql": postgres_programs() is not None,
        "nginx": bool(shutil.which("nginx")),
        "faketime": FAKETIME.exists(),
    }


def until(check: Callable[[], bool], seconds: float, what: str = "it") -> None:
    end = time.monotonic() + seconds
    while not check():
        if time.monotonic() > end:
            raise CannotDrill(f"{what} did not come within {seconds:.0f} s")
        time.sleep(0.1)


def answers(url: str, headers: Mapping[str, str] | None = None) -> bool:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=dict(headers or {})), timeout=3) as answer:
            return answer.status == 200
    except (OSError, ValueError):
        return False
