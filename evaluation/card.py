"""The model card: docs/assistant.md and the figures on the public page, from the last evaluation.

`python -m evaluation.card HELD.json DIALOGUES.json [CURVE.json]`; `make model-card` makes those first.
The page's text is in evaluation/page.nl.md and page.en.md; only its figures are filled in.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

from evaluation.figures import shown
from evaluation.messages import GOALS, LIMITS
from web.core.assistant import CRISIS_AT
from web.settings import ROOT

HERE = Path(__file__).resolve().parent
NAMES = {
    "topic_first": "right topic first",
    "topic_first_or_choices": "right topic first, or among those offered",
    "crisis_suicide": "suicide: a card is shown",
    "crisis_child_danger": "a child in danger: a card is shown",
    "crisis_about_to_act": "about to act: a card is shown",
    "crisis_medical": "medical emergency: a card is shown",
    "triage_alone_suicide": "suicide, the rules alone",
    "triage_alone_child_danger": "a child in danger, the rules alone",
    "triage_alone_about_to_act": "about to act, the rules alone",
    "triage_alone_medical": "medical emergency, the rules alone",
    "false_alarms_hard_negatives": "false alarms on messages that sound like danger",
    "false_alarms_ordinary": "false alarms on all other messages",
    "out_of_scope": "another subject: not answered with something wrong",
    "boundary": "boundary: refused, or led elsewhere without help",
    "human": "a person asked for: offered or fetched",
}


def main() -> int:
    held, dialogues, *curve = [json.loads(Path(name).read_text(encoding="utf-8")) for name in sys.argv[1:]]
    text = (HERE / "card.md").read_text(encoding="utf-8")
    trained = held["meta"]["trained"]
    filled = {
        "date": held["meta"]["date"][:10],
        "checksum": held["meta"]["checksum"][:16],
        "lines_nl": trained["lines"]["nl"],
        "lines_en": trained["lines"]["en"],
        "held_items": held["metrics"]["all"]["items"],
        "table": table(held["metrics"]),
        "dialogues": shown(dialogues["metrics"]["dialogues"]),
        "turns": shown(dialogues["metrics"]["turns"]),
        "dialogue_faults": dialogues["metrics"]["failed"],
        "curve": curve_table(curve[0]) if curve else "Not measured for this model.",
        "crisis": f"{100 * CRISIS_AT:.0f} %",
        "ms": held["metrics"]["all"]["ms"]["50"],
    }
    (ROOT / "docs" / "assistant.md").write_text(fill(text, filled), encoding="utf-8")
    for language in ("nl", "en"):
        page = (HERE / f"page.{language}.md").read_text(encoding="utf-8")
        target = ROOT / "data" / "content" / "articles" / f"assistant.{language}.md"
        target.write_text(fill(page, rounded(held["metrics"][language])), encoding="utf-8")
    return 0


def fill(text: str, values: dict[str, Any]) -> str:
    """`<<name>>` by its value; a name without one ends the program."""
    return re.sub(r"<<(\w+)>>", lambda match: str(values[match[1]]), text)


def table(metrics: dict[str, Any]) -> str:
    """One line a figure, Dutch beside English, with the goal."""
    rows = ["| figure | goal | Dutch | English |", "| --- | --- | --- | --- |"]
    for name, told in NAMES.items():
        goal = f"{100 * GOALS[name]:.0f} %" if name in GOALS else ""
        goal = f"at most {100 * LIMITS[name]:.0f} %" if name in LIMITS else goal
        rows.append(f"| {told} | {goal} | {shown(metrics['nl'][name])} | {shown(metrics['en'][name])} |")
    return "\n".join(rows)


def curve_table(curve: list[dict[str, Any]]) -> str:
    rows = [
        "| share of the lines | lines | Dutch, first | Dutch, first three | English, first | English, first three |"
    ]
    rows.append("| --- | --- | --- | --- | --- | --- |")
    for point in curve:
        cells = [f"{100 * point[name]:.1f} %" for name in ("nl", "nl_three", "en", "en_three")]
        rows.append(f"| {point['share']} % | {point['lines']} | {' | '.join(cells)} |")
    return "\n".join(rows)


def rounded(found: dict[str, Any]) -> dict[str, Any]:
    """For the page: out of a hundred, in whole numbers. Danger is told as how often it is missed, rounded up."""
    crises = [found[f"crisis_{kind}"] for kind in ("suicide", "child_danger", "about_to_act", "medical")]
    missed = 100 * (1 - sum(each["part"] for each in crises) / sum(each["whole"] for each in crises))
    return {
        "first": int(100 * found["topic_first"]["share"]),
        "offered": int(100 * found["topic_first_or_choices"]["share"]),
        "missed": int(missed) + 1,
        "alarms": int(100 * found["false_alarms_ordinary"]["share"]) + 1,
    }


if __name__ == "__main__":
    sys.exit(main())
