"""The wordings of data/triage/ and data/dialogue/: read once, at the start."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from web.core.content import LANGUAGES
from web.core.context import Context
from web.core.cues import Cues
from web.core.triage import Triage

_DATA = Path(__file__).resolve().parents[2] / "data"


def read_all() -> None:
    """At the start: a file that cannot be read must not be found out by a visitor, nor make the first one wait."""
    triage()
    cues()
    context()


@cache
def triage() -> Triage:
    """The rules for danger. Raises web.core.wording.BadPhrase, which names the rule."""
    return Triage(read("triage"))


@cache
def cues() -> Cues:
    """What a message says beside its topic. Raises web.core.wording.BadPhrase."""
    return Cues(read("dialogue"))


@cache
def context() -> Context:
    """What was said before changes what is meant now."""
    document = _load(_DATA / "dialogue" / "context.yml")
    families = tuple(frozenset(family) for family in document["families"])
    return Context(document["follow_ups"], document["likelier"], families)


def read(folder: str) -> dict[str, Any]:
    """The document of each language in one folder of data/."""
    return {language: _load(_DATA / folder / f"{language}.yml") for language in LANGUAGES}


def _load(path: Path) -> Any:
    return yaml.load(path.read_bytes(), yaml.CSafeLoader)
