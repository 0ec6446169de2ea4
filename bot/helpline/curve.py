"""How much the model gains from more lines: `python -m helpline.curve` writes docs/learning-curve.json.

Each point takes the same share of the lines of each topic and language, chosen by a fixed seed, and is measured on the
development sets: ordinary topics, right first and among the first three.
"""

from __future__ import annotations

import json
import random
import sys

import numpy as np
import yaml

from helpline import launcher, paths

SHARES = (10, 25, 50, 75, 100)
NOT_ORDINARY = ("out_of_scope", "boundary", "human")


def lines(share: int) -> tuple[list[str], list[str]]:
    """Texts and topics of that share of the training lines."""
    from helpline.build import read_examples

    chance, texts, topics = random.Random(share), [], []  # noqa: S311 - no secret
    for folder in paths.TRAINING:
        for topic, examples in read_examples(folder).items():
            chosen = chance.sample(examples, max(2, len(examples) * share // 100))
            texts += chosen
            topics += [topic] * len(chosen)
    return texts, topics


def measured(share: int) -> dict[str, float]:
    """The point of the curve at that share."""
    from helpline.classifier import TopicClassifier

    texts, topics = lines(share)
    model = TopicClassifier(TopicClassifier.get_default_config(), None, None)
    model.fit(texts, topics)
    point: dict[str, float] = {"share": share, "lines": len(texts)}
    for path in paths.DEV_SETS:
        language = path.name.split(".")[1]
        firsts, threes = [], []
        for item in yaml.safe_load(path.read_text(encoding="utf-8")):
            if item["crisis"] != "none" or item.get("style") == "hard_negative" or item["expect"] in NOT_ORDINARY:
                continue
            wanted = {item["expect"], *item.get("also_ok", [])}
            best = [model.topics[i] for i in np.argsort(-model.probabilities(str(item["text"])))[:3]]
            firsts.append(best[0] in wanted)
            threes.append(bool(wanted.intersection(best)))
        point[language], point[f"{language}_three"] = float(np.mean(firsts)), float(np.mean(threes))
    return point


def main() -> int:
    """Measure each point and write them all."""
    launcher.leave_out_tensorflow()
    launcher.silence_warnings()
    points = []
    for share in SHARES:
        points.append(measured(share))
        print(points[-1], flush=True)
    target = paths.BOT.parent / "docs" / "learning-curve.json"
    target.write_text(json.dumps(points, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
