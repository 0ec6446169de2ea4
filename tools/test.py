"""`make test`: everything, with the real things. Started by services.py, which provides PostgreSQL and Redis."""

import shutil
import subprocess
import sys

import steps


def main() -> int:
    if not any(shutil.which(name) for name in ("chromium", "google-chrome", "chrome")):
        return fail("the browser tests need Chromium: apt-get install chromium")
    if not any(shutil.which(name) for name in ("firefox-esr", "firefox")):
        return fail("the browser tests need Firefox: apt-get install firefox-esr")
    suites = (
        ("bot", [steps.BOT_PYTHON, "-m", "pytest", "bot/tests", "-q"]),
        ("front end", ["npm", "test", "--silent"]),
        ("web, service and browser", [sys.executable, "-m", "pytest", "-q", *sys.argv[1:]]),
    )
    failed = []
    for name, command in suites:
        print(f"\n== {name}", flush=True)
        if subprocess.run([str(word) for word in command], cwd=steps.ROOT, check=False).returncode:
            failed.append(name)
    return fail(f"tests failed: {', '.join(failed)}") if failed else 0


def fail(why: str) -> int:
    print(f"halte: {why}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
