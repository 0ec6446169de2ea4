"""Write Rasa's domain and rules from topics.yml, so that a topic is one line in one file.

Every topic gets an intent, a response that carries no text but says what the web must do, and
one rule from the first to the second. The words that a visitor reads live in the web's content.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from helpline import paths

FALLBACK = "nlu_fallback"  # the intent that Rasa's FallbackClassifier sets when it is not sure
KINDS = ("article", "card", "handover", "refusal", "smalltalk", "fallback")
WITHOUT_TOPIC = ("handover", "fallback")
TOPIC_ID = re.compile(r"[a-z][a-z_]*")
HEADER = "# Written by helpline/build.py from topics.yml. Edit that file, not this one.\n"


class BuildError(Exception):
    """The topics or the example phrases are not fit to train on; the message says why."""


def read_topics(path: Path = paths.TOPICS) -> dict[str, str]:
    """Topic ids with their kind, in the order of the file."""
    topics = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(topics, dict):
        raise BuildError(f"{path.name} is not a list of `topic: kind` lines")
    for topic, kind in topics.items():
        if not isinstance(topic, str) or not TOPIC_ID.fullmatch(topic):
            raise BuildError(f"{path.name}: {topic!r} is not a topic id (a-z and _)")
        if kind not in KINDS:
            raise BuildError(f"{path.name}: {topic} has kind {kind!r}, not one of {KINDS}")
    return topics


def crisis_topics() -> frozenset[str]:
    """The topics that show a crisis card."""
    return frozenset(topic for topic, kind in read_topics().items() if kind == "card")


def read_examples(folder: Path) -> dict[str, list[str]]:
    """The example phrases of one language, by topic."""
    examples: dict[str, list[str]] = {}
    for file in sorted(folder.glob("*.yml")):
        try:
            content = yaml.safe_load(file.read_text(encoding="utf-8"))
            for item in content["nlu"]:
                lines = [line.strip() for line in item["examples"].splitlines()]
                phrases = [line.removeprefix("- ") for line in lines if line]
                examples.setdefault(item["intent"], []).extend(phrases)
        except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
            reason = " ".join(str(error).split())
            raise BuildError(f"{file.parent.name}/{file.name} cannot be read: {reason}") from error
    return examples


def check_examples(topics: dict[str, str]) -> None:
    """Refuse a topic without phrases, phrases without a topic, and a phrase in two topics."""
    seen: dict[str, str] = {}
    for folder in paths.TRAINING:
        examples = read_examples(folder)
        for topic in topics.keys() - examples.keys():
            raise BuildError(f"topic {topic} has no phrases in data/nlu/{folder.name}")
        for topic, phrases in examples.items():
            if topic not in topics:
                raise BuildError(f"data/nlu/{folder.name} has phrases for {topic}, not a topic")
            for phrase in phrases:
                other = seen.setdefault(" ".join(phrase.lower().split()), topic)
                if other != topic:
                    raise BuildError(f"a phrase is in two topics, {other} and {topic}: {phrase}")


def act_of(topic: str, kind: str) -> dict[str, Any]:
    """What the web must do for this topic, as it stands in the answer of the channel."""
    return {kind: True if kind in WITHOUT_TOPIC else topic}


def domain_of(topics: dict[str, str]) -> dict[str, Any]:
    """Rasa's domain: one intent and one response a topic."""
    responses = {f"utter_{t}": [{"custom": act_of(t, kind)}] for t, kind in topics.items()}
    responses[f"utter_{FALLBACK}"] = [{"custom": act_of(FALLBACK, "fallback")}]
    return {
        "version": "3.1",
        # No entities or slots: the assistant remembers nothing about a person.
        "intents": [{topic: {"use_entities": False}} for topic in topics],
        "responses": responses,
        # The store forgets a conversation by its own clock; Rasa needs none of its own.
        "session_config": {"session_expiration_time": 0, "carry_over_slots_to_new_session": False},
    }


def rules_of(topics: dict[str, str]) -> dict[str, Any]:
    """Rasa's rules: each intent leads to its response, whatever was said before."""
    rules = [{"rule": name, "steps": [{"intent": name}, {"action": f"utter_{name}"}]} for name in [*topics, FALLBACK]]
    return {"version": "3.1", "rules": rules}


def build() -> None:
    """Check topics and phrases and write bot/build/domain.yml and bot/build/rules.yml."""
    topics = read_topics()
    check_examples(topics)
    paths.BUILD.mkdir(exist_ok=True)
    for file, content in ((paths.DOMAIN, domain_of(topics)), (paths.RULES, rules_of(topics))):
        text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
        file.write_text(HEADER + text, encoding="utf-8")
