"""`make bench-pages`: what Lighthouse says of the pages on its simulated phone, each score beside its goal.

python -m bench.pages [--runs 3] [--docs]

Lighthouse (pinned below) comes through npx at the first run; it needs Chromium. The median of the runs is judged.
Loopback only; ends what it started and nothing else.
"""

import argparse
import asyncio
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import run, tables
from bench.site import Site

LIGHTHOUSE = "lighthouse@12.8.2"  # the last that runs on Node.js 20
GOALS = {"performance": 95, "accessibility": 100, "best-practices": 100}
TIMES = {
    "first-contentful-paint": "first paint",
    "largest-contentful-paint": "largest",
    "total-blocking-time": "blocked",
}
PAGES = {"home": "/nl/", "article": "/nl/bezoek-aan-huis", "before the chat": "/nl/chat", "the chat": "/nl/chat"}
IN_CHAT = "the chat"  # with the cookie of a conversation
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-background-networking --disable-component-update"
MARKS = "<!-- pages -->", "<!-- end of pages -->"
Report = dict[str, Any]


def main() -> int:
    options = arguments()
    site = Site("bench.adapter:sqlite", options)
    site.start()
    try:
        found = {name: measured(site, name, path, options.runs) for name, path in PAGES.items()}
    finally:
        site.stop()
    rows = [tables.as_row(["page", *GOALS, *TIMES.values()]), tables.as_row(["---"] * (1 + len(GOALS) + len(TIMES)))]
    rows.append(tables.as_row(["goal", *map(str, GOALS.values()), *[""] * len(TIMES)]))
    rows += [tables.as_row([name, *scores(reports), *times(reports)]) for name, reports in found.items()]
    print("\n".join(rows))
    missed = [
        f"{name}: {goal}" for name, reports in found.items() for goal in GOALS if score(reports, goal) < GOALS[goal]
    ]
    if options.docs:
        run.into_docs([f"{datetime.now(UTC).date()}, median of {options.runs}.", "", *rows], MARKS)
    print(f"missed: {', '.join(missed)}" if missed else "all goals met")
    return 1 if missed else 0


def measured(site: Site, name: str, path: str, runs: int) -> list[Report]:
    headers = {}
    if name == IN_CHAT:
        browser = site.browser()
        asyncio.run(browser.post(path))
        headers = {"Cookie": browser.headers["Cookie"]}
    return [one(site.url + path, headers) for _ in range(runs)]


def one(url: str, headers: dict[str, str]) -> Report:
    program = next((found for name in ("chromium", "google-chrome") if (found := shutil.which(name))), None)
    if program is None:
        sys.exit("Lighthouse needs Chromium: apt-get install chromium")
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "report.json"
        words = ["npx", "--yes", LIGHTHOUSE, url, "--quiet", "--output=json", f"--output-path={out}"]
        words += [f"--chrome-flags={FLAGS}", f"--only-categories={','.join(GOALS)}"]
        words += [f"--extra-headers={json.dumps(headers)}"] if headers else []
        answer = subprocess.run(
            words, env={**os.environ, "CHROME_PATH": program}, capture_output=True, text=True, check=False
        )
        if answer.returncode:
            sys.exit(f"Lighthouse failed:\n{answer.stderr[-2000:]}")
        report: Report = json.loads(out.read_text())
        return report


def score(reports: list[Report], category: str) -> int:
    return round(statistics.median(report["categories"][category]["score"] * 100 for report in reports))


def scores(reports: list[Report]) -> list[str]:
    return [str(score(reports, category)) for category in GOALS]


def times(reports: list[Report]) -> list[str]:
    found = [statistics.median(report["audits"][key]["numericValue"] for report in reports) for key in TIMES]
    return [f"{value:,.0f} ms" for value in found]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--docs", action="store_true", help="write the figures into docs/performance.md")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
