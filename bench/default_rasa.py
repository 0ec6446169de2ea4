"""Rasa's own default, trained on the assistant's lines, domain and rules: the yardstick of `bench.assistant`.

    HALTE_PLAIN_RASA=1 python -m bench.default_rasa MODEL EPOCHS EVERY      with the bot's Python (3.10)

The pipeline and the policies are those that Rasa writes for a project without any; only the epochs are fewer. Each rule
is also told as a story: two of the policies (TED, UnexpecTED) learn from stories only, and would do nothing otherwise.
EVERY: of the lines of each topic and language one in so many. The model's checksum is noted, so that helpline.serve
loads it.
"""

from __future__ import annotations

import importlib.resources
import sys
import tarfile
from pathlib import Path
from typing import Any

import yaml
from helpline import launcher, models, paths
from helpline.build import build, read_examples, read_topics, rules_of

LEARNED = ("DIETClassifier.tf_model", "unexpected_intent_policy.tf_model", "ted_policy.tf_model", "rule_policy.json")
DEFAULTS = importlib.resources.files("rasa.engine.recipes.config_files") / "default_config.yml"


def config(epochs: int) -> dict[str, Any]:
    """Rasa's default, with fewer epochs where something learns in epochs."""
    found: dict[str, Any] = yaml.safe_load(DEFAULTS.read_text(encoding="utf-8"))
    for component in (*found["pipeline"], *found["policies"]):
        if "epochs" in component:
            component["epochs"] = epochs
    return {**found, "assistant_id": "default", "language": "nl"}


def examples(every: int) -> dict[str, Any]:
    """The lines in Rasa's form, all topics in both languages."""
    lines = [
        {"intent": topic, "examples": "".join(f"- {phrase}\n" for phrase in phrases[::every])}
        for folder in paths.TRAINING
        for topic, phrases in read_examples(folder).items()
    ]
    return {"version": "3.1", "nlu": lines}


def stories() -> dict[str, Any]:
    """The rules once more, as stories."""
    told = [{"story": f"{rule['rule']} told", "steps": rule["steps"]} for rule in rules_of(read_topics())["rules"]]
    return {"version": "3.1", "stories": told}


def main() -> int:
    model, epochs, every = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    build()
    model.parent.mkdir(parents=True, exist_ok=True)
    written = {"config": config(epochs), "lines": examples(every), "stories": stories()}
    files = {name: model.parent / f"default-{name}.yml" for name in written}
    for name, content in written.items():
        # Rasa looks for a line that begins with `nlu:` before it reads a file: JSON, though YAML, would be passed over.
        with files[name].open("w", encoding="utf-8") as file:
            yaml.dump(content, file, yaml.CSafeDumper, allow_unicode=True, sort_keys=False)
    result = launcher.run(
        [
            *("train", "--force", "--skip-validation", "--domain", paths.DOMAIN, "--config", files["config"]),
            *("--data", paths.RULES, files["lines"], files["stories"]),
            *("--out", model.parent, "--fixed-model-name", model.name.removesuffix(".tar.gz")),
        ]
    )
    (model.parent / "default-train.log").write_text(result.stdout, encoding="utf-8")
    if result.returncode != 0 or not is_whole(model):
        return 1
    models.note(model, model.parent, {"pipeline": "default", "epochs": epochs, "every": every})
    return 0


def is_whole(model: Path) -> bool:
    """Whether everything that learns has learned: Rasa warns and goes on when it finds nothing to learn from."""
    with tarfile.open(model) as archive:
        names = " ".join(archive.getnames())
    return all(part in names for part in LEARNED)


if __name__ == "__main__":
    sys.exit(main())
