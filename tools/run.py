"""`make run`: from a fresh clone to a running service. Ctrl-C stops it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import steps

ANSWER_WITHIN_SECONDS = 60


def main() -> None:
    port = chosen_port()
    steps.say("Halte: setting up (only what has changed)")
    steps.everything()
    environment = {**os.environ, "PORT": str(port)}
    demo = environment.get("HALTE_ENV", "development") == "development"
    steps.say("  database and texts …")
    prepare = [str(steps.WEB_PYTHON), "-m", "web.prepare", *(["--demo"] if demo else [])]
    done = subprocess.run(prepare, cwd=steps.ROOT, env=environment, check=False)
    if done.returncode:
        sys.exit(done.returncode)
    start(port, {**bot_environment(), **environment})


def chosen_port() -> int:
    raw = os.environ.get("PORT", "8000")
    if not raw.isdigit() or not 0 < int(raw) < 65536:
        raise steps.Missing(f"Setting PORT is {raw!r}. Expected: a number from 1 to 65535.")
    if not is_free(int(raw)):
        raise steps.Missing(f"Port {raw} is taken: stop what uses it, or choose another with `make run PORT=8080`")
    return int(raw)


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def bot_environment() -> dict[str, str]:
    """A port of its own and the shared secret of this installation."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    made = {"BOT_PORT": port, "BOT_URL": f"http://127.0.0.1:{port}"}
    stored = steps.HOME / "secrets.json"
    return made | (json.loads(stored.read_text()) if stored.exists() else {})


def start(port: int, environment: dict[str, str]) -> None:
    """Run the Procfile under honcho until it ends or somebody stops it."""
    steps.say("  starting web, bot and worker …")
    honcho = [str(steps.WEB_PYTHON), "-m", "honcho", "start", "--no-prefix", "web", "bot", "worker"]
    manager = subprocess.Popen(honcho, cwd=steps.ROOT, env=environment, start_new_session=True)

    def stop(*_: object) -> None:
        manager.send_signal(signal.SIGTERM)

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    site = f"http://localhost:{port}"
    if answers(f"http://127.0.0.1:{port}/health", manager):
        steps.say(f"\nHalte runs.\n  Site:  {site}/\n  Desk:  {site}/desk")
        show_accounts()
        steps.say("  The bot is up some seconds later; until then the site's search answers. Stop with Ctrl-C.\n")
    sys.exit(manager.wait())


def answers(url: str, manager: subprocess.Popen[bytes]) -> bool:
    until = time.monotonic() + ANSWER_WITHIN_SECONDS
    while time.monotonic() < until and manager.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=3) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    return False


def show_accounts() -> None:
    path = steps.HOME / "demo-accounts.json"
    if not path.exists():
        return
    roles = {
        "noor": "counsellor",
        "sem": "counsellor",
        "aisha": "supervisor",
        "editor": "editor",
        "admin": "administrator",
    }
    steps.say("  Demo accounts (passwords were made at the first start):")
    for username, password in json.loads(path.read_text()).items():
        steps.say(f"    {roles.get(username, ''):14} {username:8} {password}")


if __name__ == "__main__":
    try:
        main()
    except steps.Missing as problem:
        sys.exit(f"halte: {problem}")
