"""PostgreSQL and Redis for the tests: own folder, own ports, on loopback, stopped at the end.

services.py run COMMAND …   start both, run the command with TEST_DATABASE_URL and TEST_REDIS_URL, stop both
services.py hold            start both, print the two settings, stop at Ctrl-C
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

START_WITHIN_SECONDS = 30


def main() -> int:
    needed()
    with tempfile.TemporaryDirectory(prefix="halte-services-") as folder, both(Path(folder)) as settings:
        if sys.argv[1:2] == ["run"]:
            return subprocess.run(sys.argv[2:], env={**os.environ, **settings}, check=False).returncode
        for name, value in settings.items():
            print(f"export {name}={value}", flush=True)
        with suppress(KeyboardInterrupt):
            signal.pause()
        return 0


def needed() -> None:
    """The Debian packages, installed where that is possible and otherwise asked for in one line."""
    missing = []
    if not shutil.which("redis-server"):
        missing.append("redis-server")
    if not postgres_programs():
        missing.append("postgresql")
    if not shutil.which("nginx"):
        missing.append("nginx")  # in front of several assistants
    if not missing:
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
        subprocess.run(["apt-get", "update", "-qq"], check=False, **quiet)
        if subprocess.run(["apt-get", "install", "-y", "-qq", *missing], check=False, **quiet).returncode == 0:
            return
    sys.exit(f"halte: the tests need {' and '.join(missing)}: apt-get install {' '.join(missing)}")


def postgres_programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    return Path(initdb).parent if initdb else None


@contextmanager
def both(folder: Path) -> Iterator[dict[str, str]]:
    folder.chmod(0o755)
    redis_port, postgres_port = free_port(), free_port()
    processes = [start_redis(folder, redis_port), start_postgres(folder, postgres_port)]
    try:
        for port in (redis_port, postgres_port):
            wait_for(port)
        yield {
            "TEST_DATABASE_URL": f"postgresql://halte@127.0.0.1:{postgres_port}/postgres",
            "TEST_REDIS_URL": f"redis://127.0.0.1:{redis_port}/0",
        }
    finally:
        for process in processes:
            process.send_signal(signal.SIGINT)
        for process in processes:
            process.wait(timeout=20)


def start_redis(folder: Path, port: int) -> subprocess.Popen[bytes]:
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)


def start_postgres(folder: Path, port: int) -> subprocess.Popen[bytes]:
    programs, data = postgres_programs(), folder / "postgres"
    if programs is None:
        sys.exit("halte: no PostgreSQL found")
    data.mkdir()
    # PostgreSQL refuses to run as root; the Debian package made a user for it.
    account = pwd.getpwnam("postgres") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    as_user = {"user": account.pw_uid, "group": account.pw_gid} if os.geteuid() == 0 else {}
    os.chown(data, account.pw_uid, account.pw_gid)
    made = [programs / "initdb", "-D", data, "-U", "halte", "--auth=trust", "-E", "UTF8", "--no-sync"]
    subprocess.run(made, check=True, stdout=subprocess.DEVNULL, cwd=folder, **as_user)
    options = ["-p", str(port), "-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={data}"]
    command = [programs / "postgres", "-D", data, *options, "-c", "max_connections=200"]
    log = (folder / "postgres.log").open("wb")
    return subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, start_new_session=True, **as_user)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    until = time.monotonic() + START_WITHIN_SECONDS
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            time.sleep(0.5)
            return
        time.sleep(0.1)
    sys.exit(f"halte: a service for the tests did not start on port {port}")


if __name__ == "__main__":
    sys.exit(main())
