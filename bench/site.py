"""One server under test: started, watched (processor time, memory) and stopped; and the count of what arrived."""

import contextlib
import http.client
import importlib
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from argparse import Namespace
from pathlib import Path
from typing import Any

from bench.browser import Browser
from bench.wire import Socket
from tools import services

START_SECONDS = 60
STOP_SECONDS = 10
PROBLEM = re.compile(r"^.*(?:Error|Traceback|CRITICAL|WARNING|error|warning).*$", re.M)


class Refusal(Exception):
    """The server answered with a refusal."""


class Way:
    """Messages in one direction: when each was sent, and which came late, double or out of order (by conversation)."""

    def __init__(self, word: str) -> None:
        self.word, self.mark = word, re.compile(word + r"-(\d+)-(\d+) ")
        self.sent: dict[tuple[int, int], float] = {}
        self.last: dict[int, int] = {}
        self.counters: dict[int, int] = {}
        self.given_up: set[tuple[int, int]] = set()
        self.clear()

    def clear(self) -> None:
        self.late: list[float] = []
        self.doubled = self.reordered = self.unacked = 0

    def next(self, who: int) -> tuple[tuple[int, int], str]:
        """A key and the beginning of the text of that person's next message."""
        number = self.counters[who] = self.counters.get(who, -1) + 1
        return (who, number), f"{self.word}-{who}-{number} "

    def received(self, text: str) -> None:
        now = time.perf_counter()
        found = self.mark.search(text)
        if not found:
            return
        key = who, number = int(found[1]), int(found[2])
        sent = self.sent.pop(key, None)
        if sent is None:
            # After the end of its round a message counts as lost, once.
            self.doubled += key not in self.given_up
            self.given_up.discard(key)
            return
        self.late.append(now - sent)
        self.reordered += number < self.last.get(who, -1)
        self.last[who] = number

    def give_up(self) -> int:
        """How many have not arrived."""
        lost = len(self.sent)
        self.given_up |= self.sent.keys()
        self.sent.clear()
        return lost


class Site:
    """`spec` is an adapter module and a variant: `bench.adapter:sqlite`. docs/performance.md says what it must have."""

    def __init__(self, spec: str, options: Namespace) -> None:
        module, _, self.variant = spec.partition(":")
        self.adapter = importlib.import_module(module)
        self.name = f"{getattr(self.adapter, 'NAME', 'halte')} {self.variant}".strip()
        self.port, self.options = services.free_port(), options
        self.url = f"http://127.0.0.1:{self.port}"
        self._folder = tempfile.TemporaryDirectory(prefix="load-")
        self.folder = Path(self._folder.name)
        self.to_staff, self.to_visitor = Way("load"), Way("back")
        self.visitors: list[Any] = []
        self.staff: list[Any] = []
        self.holder: dict[str, Any] = {}
        self.cookies: list[str] = []
        self.positions = self.measurements = 0
        self.beside: list[subprocess.Popen[bytes]] = []
        self.rows: list[dict[str, Any]] = []

    @property
    def ways(self) -> tuple[Way, Way]:
        return self.to_staff, self.to_visitor

    def start(self) -> None:
        argv, self.env = self.adapter.command(self.port, self.variant, self.folder)
        self.log = (self.folder / "server.log").open("w+")
        self.process = self.run(argv)
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self.process.poll() is None:
            with contextlib.suppress(OSError, http.client.HTTPException):
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                connection.request("GET", self.adapter.READY)
                if connection.getresponse().status < 500:
                    self.beside += [self.run(argv) for argv in getattr(self.adapter, "BESIDE", ())]
                    return
            time.sleep(0.2)
        self.log.seek(0)
        text = self.log.read()
        self.stop()
        raise SystemExit(f"{self.name} did not start:\n{text[-3000:]}")

    def run(self, argv: list[str]) -> "subprocess.Popen[bytes]":
        quiet = {"stdout": self.log, "stderr": self.log, "start_new_session": True}
        return subprocess.Popen(argv, env=self.env, cwd=self.adapter.CWD, **quiet)

    def stop(self) -> None:
        if not hasattr(self, "process"):
            return
        for process in (self.process, *self.beside):
            process.send_signal(signal.SIGTERM)
        for process in (self.process, *self.beside):
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        if not self.log.closed:
            self.log.seek(0)
            problems = PROBLEM.findall(self.log.read())
            if problems:
                print(f"  log of {self.name}: {len(problems)} lines, first: {problems[0][:160]}", file=sys.stderr)
            self.log.close()
        self._folder.cleanup()

    def browser(self) -> Browser:
        return Browser(self.url)

    async def socket(self, namespace: str = "/", headers: dict[str, str] | None = None) -> Socket:
        return await Socket.open(self.url, namespace=namespace, headers=headers)

    def told(self, *_: Any) -> None:
        self.positions += 1

    def processes(self) -> list[int]:
        """The server and its children, what runs beside it, and a database that is counted along with it."""
        also = self.options.also if "pg" in self.variant.split("+") else []
        return [
            pid
            for parent in (self.process.pid, *(one.pid for one in self.beside), *also)
            for pid in with_children(parent)
        ]

    def cpu(self) -> float:
        """Seconds of processor time used so far, by all of them."""
        total = 0
        for pid in self.processes():
            with contextlib.suppress(OSError):
                for task in os.listdir(f"/proc/{pid}/task"):
                    total += int(Path(f"/proc/{pid}/task/{task}/schedstat").read_text().split()[0])
        return total / 1e9

    def memory(self) -> int:
        """Of the server's processes, in KiB."""
        return memory(self.process.pid)


def memory(pid: int) -> int:
    """Proportional set size of a process and its children, in KiB: what they share counts once."""
    total = 0
    for one in with_children(pid):
        with contextlib.suppress(OSError):
            text = Path(f"/proc/{one}/smaps_rollup").read_text()
            total += int(text.split("Pss:", 1)[1].split()[0])
    return total


def with_children(pid: int) -> list[int]:
    found, todo = [], [pid]
    while todo:
        one = todo.pop()
        found.append(one)
        with contextlib.suppress(OSError):
            for task in os.listdir(f"/proc/{one}/task"):
                todo += map(int, Path(f"/proc/{one}/task/{task}/children").read_text().split())
    return found
