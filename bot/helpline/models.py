"""Models that were built here: only those are loaded, at the start and while serving.

A model file is code in a sense: who can replace it decides what frightened people are told. So each training notes the
checksum of what it made in `models/built.json`, and a file with another checksum is refused.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpline import paths

if TYPE_CHECKING:
    from rasa.core.agent import Agent

KEPT = 5  # the checksums of so many models stay valid: the one in use and those to go back to
TRIAL = "hallo"  # a model that cannot even say hello is not served


class UnusableModelError(Exception):
    """The model is not served; the message is a code that says why."""


def checksum(model: Path) -> str:
    """SHA-256 of the file."""
    return hashlib.sha256(model.read_bytes()).hexdigest()


def note(model: Path, folder: Path, facts: dict[str, Any]) -> None:
    """Remember that this file, which will stand in `folder`, was built here, with facts about its training."""
    known = built(folder)
    known.pop(checksum(model), None)
    known[checksum(model)] = {**facts, "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}
    kept = dict(list(known.items())[-KEPT:])
    ledger = folder / "built.json"
    fresh = ledger.with_suffix(".new")
    fresh.write_text(json.dumps(kept, indent=1), encoding="utf-8")
    os.replace(fresh, ledger)


def built(folder: Path) -> dict[str, dict[str, Any]]:
    """The models that were built here, by checksum, oldest first."""
    try:
        known = json.loads((folder / "built.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def must_be_built_here(model: Path) -> None:
    """Raises UnusableModelError: no_such_model, or not_built_here."""
    if not model.is_file():
        raise UnusableModelError("no_such_model")
    if checksum(model) not in built(model.parent):
        raise UnusableModelError("not_built_here")


async def loaded(name: object, serving: Agent) -> Agent:
    """The agent of another model in the folder of models, with the conversations of the one that serves.

    Read in a thread, so that nobody waits; tried with a greeting before anyone gets it. Raises UnusableModelError.
    """
    from rasa.core.agent import Agent

    from helpline.store import RamTrackerStore

    if not isinstance(name, str) or Path(name).name != name:
        raise UnusableModelError("no_such_model")
    path = paths.model_path().parent / name
    must_be_built_here(path)

    def read() -> Agent:
        # Rasa empties the domain of a store that it is given, so the new agent gets a store of its own: both are
        # doors to the same conversations.
        return Agent.load(str(path), tracker_store=RamTrackerStore(), lock_store=serving.lock_store)

    try:
        agent = await asyncio.get_running_loop().run_in_executor(None, read)
        parsed = await agent.parse_message(TRIAL)
    except Exception as error:
        raise UnusableModelError("model_broken") from error
    if not parsed["intent"].get("name") or agent.domain is None or agent.domain.is_empty():
        raise UnusableModelError("model_broken")  # half a model: it would answer nothing, and say that all is well
    return agent
