"""Train the assistant: `python -m helpline.train`, in the folder of the bot.

The new model replaces the old one only when it is complete, in one step.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
import tarfile
import time
from pathlib import Path
from typing import Any

from helpline import launcher, models, paths
from helpline.build import BuildError, build, read_examples

CANDIDATE = "candidate"
LOG = paths.BUILD / "train.log"
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
FAILURE = re.compile(r"(Error|Exception)\b|^error:", re.IGNORECASE)


class TrainingFailedError(Exception):
    """There is no new model; the message says why."""


def train(target: Path) -> None:
    """Build domain and rules, train, and put the model at `target`."""
    try:
        build()
    except BuildError as error:
        raise TrainingFailedError(str(error)) from error
    candidate = paths.BUILD / f"{CANDIDATE}.tar.gz"
    candidate.unlink(missing_ok=True)
    result = launcher.run(
        [
            *("train", "--force", "--skip-validation", "--domain", paths.DOMAIN, "--config", paths.CONFIG),
            *("--data", paths.RULES, *paths.TRAINING),
            *("--out", paths.BUILD, "--fixed-model-name", CANDIDATE),
        ]
    )
    LOG.write_text(result.stdout, encoding="utf-8")
    if result.returncode != 0:
        raise TrainingFailedError(reason(result.stdout))
    if not is_complete(candidate):
        raise TrainingFailedError("Rasa wrote no complete model")
    target.parent.mkdir(parents=True, exist_ok=True)
    # First the checksum, then the file: a bot that starts in between finds a model that it may load.
    models.note(candidate, target.parent, facts())
    os.replace(candidate, target)


def facts() -> dict[str, Any]:
    """What the model has learned from: lines a language, and the checksum of the files."""
    files = sorted(file for folder in paths.TRAINING for file in folder.glob("*.yml"))
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    lines = {f.name: sum(len(x) for x in read_examples(f).values()) for f in paths.TRAINING}
    return {"lines": lines, "data": digest}


def is_complete(model: Path) -> bool:
    """Whether the file holds both halves of a model: the classifier and the rules."""
    try:
        with tarfile.open(model) as archive:
            names = " ".join(archive.getnames())
    except (OSError, tarfile.TarError):
        return False
    return all(part in names for part in ("metadata.json", "TopicClassifier", "RulePolicy"))


def reason(output: str) -> str:
    """The last line that names an error, or else the last line at all."""
    lines = [line.strip() for line in COLOUR.sub("", output).splitlines() if line.strip()]
    errors = [line for line in lines if FAILURE.search(line)]
    return (errors or lines or ["Rasa said nothing"])[-1][:300]


def main() -> int:
    """Train and say in one line how it went."""
    start = time.monotonic()
    target = paths.model_path()
    try:
        train(target)
    except TrainingFailedError as error:
        print(f"training failed, the old model stays: {error} (all output: {LOG})")
        return 1
    print(f"trained {target.name} in {time.monotonic() - start:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
