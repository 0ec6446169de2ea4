"""A real Halte for the tests: gunicorn, the worker and the trained bot, on free ports, in a folder of its own."""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BOT_PYTHON = ROOT / "bot" / ".venv" / "bin" / "python"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(check, seconds: float = 20, what: str = "condition"):
    """Poll until `check` gives something true, and give that."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with suppress(OSError, ValueError):
            found = check()
            if found:
                return found
        time.sleep(0.05)
    raise AssertionError(f"{what} did not come within {seconds} s")


def get_json(url: str, headers: dict[str, str] | None = None):
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers or {}), timeout=3) as answer:
        return json.loads(answer.read())


class Bot:
    """The trained model behind its own door."""

    def __init__(self) -> None:
        self.secret, self.port = secrets.token_urlsafe(32), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        environment = {**os.environ, "BOT_SECRET": self.secret, "BOT_PORT": str(self.port)}
        command = [str(BOT_PYTHON), "-m", "helpline.serve"]
        self.process = subprocess.Popen(command, cwd=ROOT / "bot", env=environment, stdout=subprocess.DEVNULL)

    def wait(self) -> None:
        headers = {"x-bot-secret": self.secret}
        until(lambda: get_json(f"{self.url}/webhooks/halte/", headers)["ready"], 60, "the bot")

    def stop(self) -> None:
        end(self.process)


class Service:
    """Web and worker over one database. `bot_url` may point nowhere: then the bot is down."""

    def __init__(self, home: Path, secret: str, bot_url: str, extra: dict[str, str] | None = None) -> None:
        self.home, self.port = home, free_port()
        self.url = f"http://localhost:{self.port}"
        home.mkdir(parents=True, exist_ok=True)
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("TEST_")},
            "HALTE_HOME": str(home),
            "PORT": str(self.port),
            "BOT_URL": bot_url,
            "BOT_SECRET": secret,
            "MESSAGES_PER_10S": "1000",
            "STARTS_PER_MINUTE": "10000",
            **(extra or {}),
        }
        self.log = (home / "log.txt").open("ab")
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        prepare = [sys.executable, "-m", "web.prepare", "--demo"]
        subprocess.run(prepare, cwd=ROOT, env=self.environment, check=True, stdout=self.log)
        self.passwords = json.loads((home / "demo-accounts.json").read_text())
        self.start("web", "worker")

    def start(self, *names: str) -> None:
        commands = {
            "web": ["-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "web.wsgi:application"],
            "worker": ["-m", "web.worker"],
        }
        for name in names:
            self.processes[name] = subprocess.Popen(
                [sys.executable, *commands[name]],
                cwd=ROOT,
                env=self.environment,
                stdout=self.log,
                stderr=self.log,
                start_new_session=True,
            )
        if "web" in names:
            try:
                until(lambda: get_json(f"{self.url}/health")["ok"], 30, "the site")
            except AssertionError:
                self.stop()  # nobody else will: the fixture that would has not got this service yet
                raise

    def kill(self, name: str) -> None:
        """kill -9, the whole process group: no time to say goodbye."""
        process = self.processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        for process in self.processes.values():
            end(process)
        self.log.close()

    def log_text(self) -> str:
        self.log.flush()
        return (self.home / "log.txt").read_text()


def end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
