"""`python -m evaluation messages|dialogues SET... [--json FILE] [--gate]`; the Makefile gives the sets.

With --gate the exit is 1 when a goal is missed (messages) or a turn fails (dialogues).
"""

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from evaluation import dialogues, formats, messages
from evaluation.helpline import opened
from web.settings import ROOT


def main() -> int:
    asked = _arguments()
    if asked.what == "messages":
        items = formats.read_messages(asked.sets)
        with opened() as helpline:
            results = messages.run(helpline, items)
        figures = messages.metrics(results)
        messages.report(figures)
        missed = messages.missed_goals(figures)
        print("\n".join(messages.failures(results)) if asked.failures else "", end="")
        print("\ngoals missed: " + ("; ".join(missed) or "none"))
        for result in results:
            del result["item"]
    else:
        items = formats.read_dialogues(asked.sets)
        with opened() as helpline:
            results = dialogues.run(helpline, items)
        figures = dialogues.totals(results)
        dialogues.report(results, figures)
        missed = figures["failed"]
    formats.write(asked.json, {"meta": _meta(asked.sets), "metrics": figures, "items": results})
    return 1 if asked.gate and missed else 0


def _meta(sets: list[Path]) -> dict[str, Any]:
    ledger = json.loads((ROOT / "bot" / "models" / "built.json").read_text())
    checksum, facts = list(ledger.items())[-1]
    return {
        "model": "bot/models/current.tar.gz",
        "checksum": checksum,
        "trained": facts,
        "date": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "set": [path.name for path in sets],
    }


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m evaluation")
    parser.add_argument("what", choices=("messages", "dialogues"))
    parser.add_argument("sets", nargs="+", type=Path)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--gate", action="store_true")
    parser.add_argument("--failures", action="store_true", help="print each message that went wrong")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
