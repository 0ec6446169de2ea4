"""The steps from a fresh clone to something that runs; each is done again only when what it reads has changed.

Standard library only: this runs before anything is installed.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("HALTE_HOME") or ROOT / ".halte")
STAMPS = ROOT / ".halte" / "stamps"
WEB_PYTHON = ROOT / ".venv" / "bin" / "python"
BOT_PYTHON = ROOT / "bot" / ".venv" / "bin" / "python"
LOG = ROOT / ".halte" / "setup.log"
OLDEST_NODE = 20


class Missing(Exception):
    """Something on this machine is missing; the message is one line that says what to do."""


def web_environment() -> None:
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        raise Missing(f"Python 3.11 to 3.13 is needed, this is {sys.version.split()[0]}: run make PYTHON=python3.11")
    lock = ROOT / "requirements.txt"

    def install() -> None:
        run(sys.executable, "-m", "venv", ROOT / ".venv")
        pinned = next(line.split()[0] for line in lock.read_text().splitlines() if line.startswith("uv=="))
        run(WEB_PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", pinned)
        run(WEB_PYTHON, "-m", "uv", "pip", "install", "-q", "--python", WEB_PYTHON, "-r", lock)

    step("Python packages of the web", [lock], [WEB_PYTHON], install)


def dev_environment() -> None:
    lock = ROOT / "requirements-dev.txt"
    step(
        "Python packages for tests and checks",
        [lock],
        [WEB_PYTHON.parent / "pytest"],
        lambda: run(WEB_PYTHON, "-m", "uv", "pip", "install", "-q", "--python", WEB_PYTHON, "-r", lock),
    )


def bot_environment() -> None:
    lock = ROOT / "bot" / "requirements.txt"

    def install() -> None:
        python = find_old_python()
        run(WEB_PYTHON, "-m", "uv", "venv", "-q", "--clear", "--python", python, ROOT / "bot" / ".venv")
        run(WEB_PYTHON, "-m", "uv", "pip", "install", "-q", "--python", BOT_PYTHON, "-r", lock)

    step("Python packages of the bot (Rasa)", [lock], [BOT_PYTHON], install)


def find_old_python() -> str:
    """Rasa 3.6 runs on Python 3.10 and nothing newer. A pyenv shim may exist and still not work."""
    for name in ("python3.10", str(Path.home() / ".pyenv/versions/3.10/bin/python")):
        if shutil.which(name) is None:
            continue
        asked = [name, "-c", "import sys; print(sys.executable)"]
        answer = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
        if answer.returncode == 0:
            return answer.stdout.strip()
    raise Missing("Python 3.10 is needed for the bot: install it, for example with `pyenv install 3.10`")


def front_end() -> None:
    node = shutil.which("node")
    asked = [node or "node", "--version"]
    version = subprocess.run(asked, capture_output=True, text=True, check=False).stdout if node else ""
    if not version or int(version.lstrip("v").split(".")[0]) < OLDEST_NODE:
        raise Missing(f"Node.js {OLDEST_NODE} or newer with npm is needed: install the packages nodejs and npm")
    packages = [ROOT / "package-lock.json"]
    step(
        "packages of the front end",
        packages,
        [ROOT / "node_modules" / ".bin" / "esbuild"],
        lambda: run("npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"),
    )
    sources = [*packages, ROOT / "esbuild.mjs", *files("web/client"), *files("web/static", skip="dist")]
    manifest = ROOT / "web" / "static" / "dist" / "manifest.json"
    step("front end", sources, [manifest], lambda: run("node", "esbuild.mjs"))


def catalogues() -> None:
    sources = sorted((ROOT / "web" / "translations").rglob("*.po"))
    step(
        "translations",
        sources,
        [path.with_suffix(".mo") for path in sources],
        lambda: run(WEB_PYTHON.parent / "pybabel", "-q", "compile", "-d", "web/translations"),
    )


def training() -> None:
    inputs = [
        *files("data/nlu", skip="test"),
        *files("bot/helpline"),
        ROOT / "bot/topics.yml",
        ROOT / "bot/config.yml",
    ]
    model = ROOT / "bot" / "models" / "current.tar.gz"
    step(
        "training of the assistant",
        inputs,
        [model],
        lambda: run(BOT_PYTHON, "-m", "helpline.train", cwd=ROOT / "bot"),
    )


def everything() -> None:
    """What `make run` and the tests both need."""
    for task in (web_environment, bot_environment, front_end, catalogues, training):
        task()


def step(name: str, inputs: Iterable[Path], outputs: Iterable[Path], task: Callable[[], None]) -> None:
    """Do the task unless its inputs are unchanged and its outputs are there. One line of progress each."""
    digest = hashlib.sha256()
    for path in inputs:
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    stamp = STAMPS / name.replace(" ", "-").replace("(", "").replace(")", "")
    if stamp.exists() and stamp.read_text() == digest.hexdigest() and all(path.exists() for path in outputs):
        say(f"  {name}: up to date")
        return
    started = time.monotonic()
    say(f"  {name} …")
    task()
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(digest.hexdigest())
    say(f"  {name}: done in {time.monotonic() - started:.0f} s")


def files(folder: str, skip: str = "") -> list[Path]:
    found = (ROOT / folder).rglob("*")
    return sorted(
        path
        for path in found
        if path.is_file() and "__pycache__" not in path.parts and (not skip or skip not in path.parts)
    )


def run(*command: str | Path, cwd: Path = ROOT) -> None:
    """Run quietly; on failure show the end of what it printed."""
    LOG.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    words = [str(word) for word in command]
    answer = subprocess.run(words, cwd=cwd, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    with LOG.open("a") as log:
        log.write(f"$ {' '.join(words)}\n{answer.stdout}\n")
    if answer.returncode:
        tail = "\n".join(answer.stdout.strip().splitlines()[-15:])
        raise Missing(f"{Path(words[0]).name} {' '.join(words[1:4])} failed:\n{tail}")


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    try:
        for wanted in sys.argv[1:]:
            globals()[wanted]()
    except Missing as problem:
        sys.exit(f"halte: {problem}")
