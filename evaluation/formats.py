"""The formats of the sets (docs/assistant.md): read with errors that say which line and what to do."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

LANGUAGES = ("nl", "en", "mixed")
CRISES = ("none", "suicide", "child_danger", "about_to_act", "medical")
HANDOVERS = ("yes", "no", "either")


class BadSet(SystemExit):
    """A set that cannot be read; ends the program with a line that says why."""


def read_messages(paths: Sequence[Path]) -> list[dict[str, Any]]:
    """Single messages: {id, lang, text, expect, also_ok?, crisis, style?}."""
    items = _read(paths)
    for item in items:
        _must(item, "text", "expect")
        _one_of(item, "lang", LANGUAGES)
        _one_of(item, "crisis", CRISES)
        item.setdefault("also_ok", [])
        item.setdefault("style", "plain")
    return items


def read_dialogues(paths: Sequence[Path]) -> list[dict[str, Any]]:
    """Dialogues: {id, lang, title, turns: [{visitor, expect: {...}}]}."""
    items = _read(paths)
    for item in items:
        _must(item, "turns")
        _one_of(item, "lang", LANGUAGES)
        for turn in item["turns"]:
            if not isinstance(turn, dict) or "visitor" not in turn:
                raise BadSet(f"evaluation: {item['id']}: a turn without `visitor`")
            expect = turn.setdefault("expect", {})
            expect["handover"] = _yes_no(expect.get("handover", "either"))
            expect.setdefault("topic", "any")
            expect.setdefault("crisis_card", "either")
            _one_of(expect, "handover", HANDOVERS, item["id"])
            _one_of(expect, "crisis_card", (*CRISES, "either"), item["id"])
    return items


def write(path: Path | None, document: dict[str, Any]) -> None:
    """The machine-readable result, if one was asked for."""
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")


def _read(paths: Sequence[Path]) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    for path in paths:
        try:
            found = yaml.load(path.read_bytes(), yaml.CSafeLoader)
        except OSError as error:
            raise BadSet(f"evaluation: {path} cannot be read: {error.strerror}") from error
        except yaml.YAMLError as error:
            raise BadSet(f"evaluation: {path} is not YAML: {' '.join(str(error).split())}") from error
        if not isinstance(found, list) or not all(isinstance(item, dict) and "id" in item for item in found):
            raise BadSet(f"evaluation: {path} is not a list of items with an `id`")
        items += found
    return items


def _must(item: dict[str, Any], *names: str) -> None:
    for name in names:
        if not item.get(name):
            raise BadSet(f"evaluation: {item['id']}: `{name}` is missing")


def _one_of(item: dict[str, Any], name: str, allowed: Sequence[str], which: str | None = None) -> None:
    if item.get(name) not in allowed:
        raise BadSet(f"evaluation: {which or item.get('id')}: `{name}` is {item.get(name)!r}, not one of {allowed}")


def _yes_no(value: object) -> object:
    """YAML reads a bare yes as true."""
    return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
