"""Dialogues: each is played as one conversation; every turn is checked."""

from dataclasses import asdict
from typing import Any

from evaluation import checks
from evaluation.figures import share, shown
from evaluation.helpline import Helpline


def run(helpline: Helpline, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One result a turn, in the form of the evaluation format."""
    return [turn for item in items for turn in _play(helpline, item)]


def _play(helpline: Helpline, item: dict[str, Any]) -> list[dict[str, Any]]:
    conversation = helpline.begin("nl" if item["lang"] == "mixed" else item["lang"])
    played: list[dict[str, Any]] = []
    for number, turn in enumerate(item["turns"], 1):
        said = asdict(helpline.say(conversation, str(turn["visitor"])))
        expect = turn["expect"]
        failed = checks.failed(said, played[-1] if played else None, expect, helpline.content)
        reader = checks.for_a_reader(expect)
        played.append(
            {
                "id": item["id"],
                "turn": number,
                **said,
                "failed": failed,
                "for_a_reader": reader,
                "visitor": turn["visitor"],
            }
        )
    return played


def totals(results: list[dict[str, Any]]) -> dict[str, Any]:
    dialogues = {result["id"] for result in results}
    broken = {result["id"] for result in results if result["failed"]}
    kinds = sorted({check.partition(":")[0] for result in results for check in result["failed"]})
    return {
        "dialogues": share(name not in broken for name in dialogues),
        "turns": share(not result["failed"] for result in results),
        "failed": {kind: sum(any(c.startswith(kind) for c in r["failed"]) for r in results) for kind in kinds},
        "for_a_reader": sum(len(result["for_a_reader"]) for result in results),
    }


def report(results: list[dict[str, Any]], figures: dict[str, Any]) -> None:
    """What `make evaluate-dialogues` prints."""
    for result in results:
        if result["failed"]:
            print(f"{result['id']} turn {result['turn']}: {', '.join(result['failed'])}")
            print(f"    visitor: {result['visitor']}\n    {result['decision']} {result['topic']} {result['choices']}")
            print("    " + result["reply"].replace("\n", "\n    "))
    print(f"\ndialogues without a fault  {shown(figures['dialogues'])}")
    print(f"turns without a fault      {shown(figures['turns'])}")
    print(f"faults by kind             {figures['failed'] or 'none'}")
    print(f"left to a reader           {figures['for_a_reader']} checks (in the JSON, with the replies)")
