"""`make simulate`: runs the weeks, prints what came out beside the goals, and writes it into docs/.

Without --write nothing is written. The same seeds give the same figures, on any machine.
"""

import argparse
import sys
from pathlib import Path

from simulation import chart, documents, report
from simulation.parameters import SEEDS
from simulation.weeks import WEEKS, all_weeks

DOCS = Path(__file__).parent.parent / "docs"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m simulation")
    parser.add_argument("--weeks", type=int, default=SEEDS, help="how many weeks of each kind")
    parser.add_argument("--write", action="store_true", help="write docs/queue.md and docs/queue.svg")
    options = parser.parse_args()
    results = all_weeks(options.weeks)
    goals = report.goals(results)
    tables = [f"### {report.heading(week, results)}\n\n{report.table(week, results)}" for week in WEEKS]
    lines = [report.goal_line(goal) for goal in goals]
    print("\n\n".join(tables), "\nThe goals:", *lines, sep="\n")
    for week in WEEKS:
        for example in results[week, "ours"].examples:
            print(f"  {week}: {example}")
    if options.write:
        said = "\n".join(["```", *lines, "```"])
        documents.put(DOCS / "queue.md", "results", "\n\n".join([*tables, "### The goals", said]))
        (DOCS / "queue.svg").write_text(chart.drawing(results), encoding="utf-8")
    return 0 if all(goal.met for goal in goals) else 1


if __name__ == "__main__":
    sys.exit(main())
