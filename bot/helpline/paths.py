"""Where the files of the assistant are, whatever the current directory is."""

from __future__ import annotations

import os
from pathlib import Path

BOT = Path(__file__).resolve().parent.parent
NLU = BOT.parent / "data" / "nlu"
LANGUAGES = ("nl", "en")
# Training reads these folders and nothing else, so data/nlu/test is never learned by heart.
TRAINING = [NLU / language for language in LANGUAGES]
DEV_SETS = [NLU / "test" / f"dev.{language}.yml" for language in LANGUAGES]

TOPICS = BOT / "topics.yml"
CONFIG = BOT / "config.yml"
ENDPOINTS = BOT / "endpoints.yml"
CREDENTIALS = BOT / "credentials.yml"

BUILD = BOT / "build"
DOMAIN = BUILD / "domain.yml"
RULES = BUILD / "rules.yml"


def model_path() -> Path:
    """The model file to write and to serve: BOT_MODEL, relative to the folder of the bot."""
    return BOT / os.environ.get("BOT_MODEL", "models/current.tar.gz")
