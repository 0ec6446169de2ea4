"""The two ways in which the service is set up, each with all that it needs, on loopback, in a folder of its own."""

import os
import pwd
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from drills.machine import ROOT, CannotDrill, Clock, Disk, Process, answers, until
from tools.services import free_port, postgres_programs

WORKERS = ("Ada", "Bo", "Cas", "Dana", "Eli", "Fay", "Gus", "Hana")
DISK_MB = {"sqlite": 64, "postgres": 320}
ACCOUNT_OPTIONS = ("--capacity", "100000")


class Setup:
    """`processes`: everything that was started, in order; it is stopped the other way round."""

    name = ""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(mode=0o755)
        self.clock = Clock(folder)
        self.disk = Disk(folder / "disk", DISK_MB[self.name])
        self.processes: dict[str, Process] = {}
        self.bot_url, self.bot_secret = f"http://127.0.0.1:{free_port()}", secrets.token_urlsafe(32)
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.accounts: dict[str, tuple[str, str]] = {}

    def start(self) -> None:
        self._start_bot()
        self._start_services()
        self._python("-m", "web.prepare")
        with ThreadPoolExecutor(2) as pool:
            made = dict(zip(WORKERS, pool.map(self._account, WORKERS), strict=True))
        self.accounts = {name: (name.lower(), password) for name, password in made.items()}
        self._start_web()
        self.add("worker", [sys.executable, "-m", "web.worker"], self.environment())
        self.wait_for_bot()

    def stop(self) -> None:
        self.disk.free()
        for process in reversed(self.processes.values()):
            process.stop()
        self.disk.unmount()

    def web(self) -> list[str]:
        return [name for name in self.processes if name.startswith("web")]

    def again(self, name: str) -> None:
        """Start what was killed or stopped; it is not waited for."""
        self.processes[name].start()

    def add(self, name: str, command: list[object], environment: dict[str, str] | None = None, **more: object) -> None:
        process = Process(command, self.folder / f"{name}.log", environment, **more)  # type: ignore[arg-type]
        self.processes[name] = process
        process.start()

    def environment(self, port: int | None = None) -> dict[str, str]:
        inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return {
            **inherited,
            **self.clock.environment,
            "HALTE_HOME": str(self.folder / "home"),
            "PORT": str(port or self.port),
            "PUBLIC_URL": self.url,
            "BOT_URL": self.bot_url,
            "BOT_SECRET": self.bot_secret,
            "MESSAGES_PER_10S": "100000",
            "STARTS_PER_MINUTE": "100000",
            **self._own_environment(),
        }

    def wait_for_bot(self) -> None:
        until(lambda: answers(f"{self.bot_url}/webhooks/halte/", {"x-bot-secret": self.bot_secret}), 60, "the bot")

    def _start_bot(self) -> None:
        port = self.bot_url.rsplit(":", 1)[1]
        environment = {**self.environment(), "BOT_PORT": port}
        self.add("bot", [ROOT / "bot/.venv/bin/python", "-m", "helpline.serve"], environment, cwd=ROOT / "bot")

    def _add_web(self, name: str, port: int) -> None:
        command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "web.wsgi:application"]
        self.add(name, command, self.environment(port))
        until(lambda: answers(f"http://localhost:{port}/health"), 30, name)

    def _account(self, name: str) -> str:
        words = ("-m", "web.cli", "create-staff", name.lower(), name, "counsellor")
        return self._python(*words, *ACCOUNT_OPTIONS).split()[-1]

    def _python(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, *words], cwd=ROOT, env=self.environment(), capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise CannotDrill(f"{' '.join(words[:3])}: {done.stderr[-800:]}")
        return done.stdout

    def _own_environment(self) -> dict[str, str]:
        raise NotImplementedError

    def _start_services(self) -> None: ...

    def _start_web(self) -> None:
        raise NotImplementedError


class Sqlite(Setup):
    """One web process, the worker and the bot. The database lies on the small disk."""

    name = "sqlite"

    def _own_environment(self) -> dict[str, str]:
        return {"DATABASE_URL": f"sqlite:///{self.disk.folder / 'halte.sqlite'}"}

    def _start_web(self) -> None:
        self._add_web("web", self.port)


class Postgres(Setup):
    """Two web processes behind nginx, PostgreSQL on the small disk, Redis, the worker and the bot."""

    name = "postgres"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.postgres_port, self.redis_port = free_port(), free_port()
        self._data = self.disk.folder / "data"

    def wait_for_postgres(self) -> None:
        """A killed one leaves children behind for a moment, and refuses to start until they are gone."""
        ready = [str(self._programs() / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.postgres_port)]

        def check() -> bool:
            if not self.processes["postgres"].alive:
                self.processes["postgres"].start()
            return subprocess.run(ready, check=False).returncode == 0

        until(check, 30, "PostgreSQL")

    def _own_environment(self) -> dict[str, str]:
        return {
            "DATABASE_URL": f"postgresql://halte@127.0.0.1:{self.postgres_port}/postgres",
            "REDIS_URL": f"redis://127.0.0.1:{self.redis_port}/0",
        }

    def _start_services(self) -> None:
        options: list[object] = ["--port", self.redis_port, "--bind", "127.0.0.1", "--save", "", "--dir", self.folder]
        self.add("redis", ["redis-server", *options])
        # PostgreSQL refuses to run as root; the Debian package made a user for it.
        user = pwd.getpwnam("postgres").pw_uid if os.geteuid() == 0 else os.geteuid()
        self._data.mkdir()
        os.chown(self._data, user, user)
        made = [self._programs() / "initdb", "-D", self._data, "-U", "halte", "--auth=trust", "-E", "UTF8", "--no-sync"]
        # Small pieces of log, so that a full disk is felt at once.
        pieces = ["--wal-segsize=1"]
        subprocess.run(
            [str(word) for word in made + pieces], check=True, stdout=subprocess.DEVNULL, cwd="/", user=user, group=user
        )
        settings = ("listen_addresses=127.0.0.1", f"unix_socket_directories={self._data}", "max_connections=200")
        settings += ("max_wal_size=16MB", "min_wal_size=4MB")
        flags = [word for setting in settings for word in ("-c", setting)]
        command = [self._programs() / "postgres", "-D", self._data, "-p", self.postgres_port, *flags]
        self.add("postgres", command, user=user, cwd=Path("/"))
        self.wait_for_postgres()

    def _start_web(self) -> None:
        ports = [free_port(), free_port()]
        for number, port in enumerate(ports, 1):
            self._add_web(f"web{number}", port)
        run = self.folder / "nginx"
        run.mkdir()
        filled = {
            "@RUN@": str(run),
            "@LISTEN@": f"127.0.0.1:{self.port}",
            "@SERVERS@": " ".join(f"server 127.0.0.1:{port} max_fails=0;" for port in ports),
        }
        text = (ROOT / "deploy" / "nginx.conf").read_text()
        for mark, value in filled.items():
            text = text.replace(mark, value)
        (run / "nginx.conf").write_text(text)
        self.add("nginx", [shutil.which("nginx"), "-p", run, "-c", run / "nginx.conf", "-g", "daemon off;"])
        until(lambda: answers(f"{self.url}/health"), 10, "nginx")

    @staticmethod
    def _programs() -> Path:
        found = postgres_programs()
        if found is None:
            raise CannotDrill("no PostgreSQL found")
        return found


SETUPS: dict[str, Callable[[Path], Setup]] = {"sqlite": Sqlite, "postgres": Postgres}
