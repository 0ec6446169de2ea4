"""`make check`: linters, types, layers, catalogues, training data, known holes in dependencies."""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

import steps
from babel.messages.pofile import read_po

BIN = steps.WEB_PYTHON.parent


def main() -> int:
    checks = (
        ("ruff", lambda: done(BIN / "ruff", "check", ".")),
        ("ruff format", lambda: done(BIN / "ruff", "format", "--check", ".")),
        ("mypy", lambda: done(BIN / "mypy")),
        ("layers", lambda: done(BIN / "lint-imports")),
        ("TypeScript and eslint", lambda: done("npm", "run", "--silent", "check")),
        ("translations", catalogues_complete),
        ("rasa data validate", lambda: done(steps.BOT_PYTHON, "-m", "helpline.validate", cwd=steps.ROOT / "bot")),
        ("locks", locks_are_full),
        ("pip-audit", audit),
    )
    failed = [name for name, check in checks if not told(name, check())]
    if failed:
        print(f"halte: failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def told(name: str, problem: str | None) -> bool:
    print(f"  {name}: {'ok' if problem is None else problem}", flush=True)
    return problem is None or problem.startswith("not checked")


def done(*command: str | Path, cwd: Path = steps.ROOT) -> str | None:
    answer = subprocess.run([str(word) for word in command], cwd=cwd, capture_output=True, text=True, check=False)
    return None if answer.returncode == 0 else f"FAILED\n{answer.stdout[-4000:]}{answer.stderr[-2000:]}"


def catalogues_complete() -> str | None:
    """Every text of the templates and the code is in every catalogue; none is fuzzy, none has lost its text."""
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "messages.pot"
        extract = [BIN / "pybabel", "-q", "extract", "-F", "babel.cfg", "-k", "lazy_gettext", "-o", template, "."]
        problem = done(*extract)
        if problem:
            return problem
        with template.open("rb") as source:
            wanted = {message.id for message in read_po(source) if message.id}
    problems = []
    for path in sorted((steps.ROOT / "web" / "translations").glob("*/LC_MESSAGES/messages.po")):
        with path.open("rb") as source:
            messages = [m for m in read_po(source) if m.id and not m.fuzzy]
        # A text with a number has a form for each plural of the language: all of them must be there.
        translated = {m.id for m in messages if (all(m.string) if isinstance(m.string, tuple) else m.string)}
        missing, stale = sorted(map(str, wanted - translated)), sorted(map(str, translated - wanted))
        if missing or stale:
            problems.append(f"{path.parts[-3]}: without translation: {missing}\nno longer used: {stale}")
    return "FAILED\n" + "\n".join(problems) if problems else None


def locks_are_full() -> str | None:
    """Every line of a lock names one exact version."""
    for path in ("requirements.txt", "requirements-dev.txt", "bot/requirements.txt"):
        for line in (steps.ROOT / path).read_text().splitlines():
            if line and not re.match(r"\s*#|[\w.\[\]-]+==[\w.+!-]+", line):
                return f"FAILED: {path}: {line}"
    return None


def audit() -> str | None:
    """A clean report counts only if the database answered, which a version with a known hole proves."""
    with tempfile.TemporaryDirectory() as folder:
        probe = Path(folder) / "probe.txt"
        probe.write_text("flask==0.12\n")
        known_bad = [BIN / "pip-audit", "--no-deps", "--disable-pip", "--progress-spinner=off", "-r", probe]
        if done(*known_bad) is None or "PYSEC" not in (done(*known_bad) or ""):
            return "not checked: the vulnerability database cannot be reached from here"
    return done(BIN / "pip-audit", "--no-deps", "--disable-pip", "--progress-spinner=off", "-r", "requirements.txt")


if __name__ == "__main__":
    sys.exit(main())
