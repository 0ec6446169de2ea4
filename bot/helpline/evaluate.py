"""How well the trained model does: `python -m helpline.evaluate [FILE]`, by language.

Reads a set of labelled messages that the model has not seen (data/nlu/test/dev.yml) and asks
the model directly. It does not pass the web's triage, which `make evaluate` does.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from helpline import launcher, paths
from helpline.build import FALLBACK, crisis_topics

THRESHOLDS = (0.2, 0.25, 0.3, 0.35, 0.4, 0.5)
CRISIS_THRESHOLDS = (0.05, 0.1, 0.15, 0.2, 0.3)
WORST = 12


@dataclass(frozen=True)
class Result:
    """One message of the set, with what the model made of it."""

    item: dict[str, Any]
    topic: str
    confidence: float
    crisis: float
    crisis_first: bool
    top3: tuple[str, ...]

    @property
    def right_topics(self) -> list[str]:
        """The topics that count as right."""
        return [self.item["expect"], *self.item.get("also_ok", [])]

    @property
    def right(self) -> bool:
        """Whether the best topic is right, whatever its confidence."""
        return self.topic in self.right_topics

    @property
    def is_crisis(self) -> bool:
        """Whether the message should bring a crisis card."""
        return self.item["crisis"] != "none"


async def classify(items: list[dict[str, Any]], model: Path) -> list[Result]:
    """Ask the model for each message."""
    # Only here, because the stand-ins of the launcher must be installed before Rasa is imported.
    from rasa.core.agent import Agent
    from rasa.utils.log_utils import configure_structlog

    from helpline.channel import clean

    configure_structlog(logging.ERROR)  # without this, Rasa as a library prints every message
    agent = Agent.load(str(model))
    crises = crisis_topics()
    results = []
    for item in items:
        parsed = await agent.parse_message(clean(item["text"]))
        ranking = {t["name"]: t["confidence"] for t in parsed["intent_ranking"]}
        ranking.pop(FALLBACK, None)
        topic = next(iter(ranking))
        top3 = tuple(ranking)[:3]
        crisis = sum(ranking[name] for name in crises)
        results.append(Result(item, topic, ranking[topic], crisis, topic in crises, top3))
    return results


def share(part: int, whole: int) -> str:
    """A percentage with its counts."""
    return f"{100 * part / whole:5.1f} % ({part}/{whole})" if whole else "  n/a"


def report(name: str, results: list[Result]) -> None:
    """The main figures of one language or of all."""
    crisis = [r for r in results if r.is_crisis]
    others = [r for r in results if not r.is_crisis]
    print(f"\n{name}: {len(results)} messages")
    print(f"  topic right first     {share(sum(r.right for r in results), len(results))}")
    among = sum(not set(r.right_topics).isdisjoint(r.top3) for r in results)
    print(f"  right among the top 3 {share(among, len(results))}")
    print(f"  crisis is top topic   {share(sum(r.crisis_first for r in crisis), len(crisis))}")
    for limit in CRISIS_THRESHOLDS:
        found = share(sum(r.crisis >= limit for r in crisis), len(crisis))
        false = share(sum(r.crisis >= limit for r in others), len(others))
        print(f"  P(crisis) >= {limit:<4}  found {found}  false alarms {false}")


def report_thresholds(results: list[Result]) -> None:
    """What each fallback threshold would give; config.yml holds the one in use."""
    known = [r for r in results if r.item["expect"] != "out_of_scope"]
    unknown = [r for r in results if r.item["expect"] == "out_of_scope"]
    print("\nfallback threshold")
    for limit in THRESHOLDS:
        answered = [r for r in known if r.confidence >= limit]
        rejected = sum(r.confidence < limit or r.right for r in unknown)
        print(
            f"  {limit:<4} answered {share(len(answered), len(known))}"
            f"  right of these {share(sum(r.right for r in answered), len(answered))}"
            f"  out of scope rejected {share(rejected, len(unknown))}"
        )


def main() -> int:
    """Print the figures, and the mistakes of which the model was most sure."""
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else paths.DEV_SET
    items = yaml.safe_load(file.read_text(encoding="utf-8"))
    launcher.leave_out_tensorflow()
    launcher.silence_warnings()
    results = asyncio.run(classify(items, paths.model_path()))
    for language in sorted({r.item["lang"] for r in results}):
        report(language, [r for r in results if r.item["lang"] == language])
    report("all", results)
    report_thresholds(results)
    wrong = sorted((r for r in results if not r.right), key=lambda r: -r.confidence)
    print(f"\nmost certain mistakes ({len(wrong)} in all)")
    for result in wrong[:WORST]:
        print(f"  {result.item['id']:24} {result.topic:22} {result.confidence:.2f}")
    missed = [r.item["id"] for r in results if r.is_crisis and r.crisis < 0.15]
    print(f"crisis messages under 0.15: {', '.join(missed) or 'none'}")
    return 0


if __name__ == "__main__":
    os.environ.update(launcher.environment())
    sys.exit(main())
