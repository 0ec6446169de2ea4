"""Topics, phrases, the store and the training, without a server."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from pathlib import Path

import pytest
import yaml

from helpline import build, paths
from helpline.train import TrainingFailedError, reason, train

ORDINARY, CRISIS = 100, 200
TEST_PHRASES = {"dev": 12, "held": 8}


@pytest.mark.parametrize("folder", paths.TRAINING, ids=paths.LANGUAGES)
def test_every_topic_has_enough_phrases(folder: Path) -> None:
    examples = build.read_examples(folder)
    crises = build.crisis_topics()
    assert set(examples) == set(build.read_topics())
    for topic, phrases in examples.items():
        different = {phrase.lower() for phrase in phrases}
        assert len(different) == len(phrases), topic
        assert len(phrases) >= (CRISIS if topic in crises else ORDINARY), topic


def test_no_phrase_is_in_two_topics() -> None:
    build.check_examples(build.read_topics())


@pytest.mark.parametrize("name", TEST_PHRASES)
@pytest.mark.parametrize("language", paths.LANGUAGES)
def test_the_sets_that_nobody_trains_on_cover_every_topic(name: str, language: str) -> None:
    items = yaml.safe_load((paths.NLU / "test" / f"{name}.{language}.yml").read_text(encoding="utf-8"))
    counts = Counter(item["expect"] for item in items)
    assert len({item["id"] for item in items}) == len(items)
    assert {topic: counts[topic] for topic in build.read_topics() if counts[topic] < TEST_PHRASES[name]} == {}
    assert sum(item.get("style") == "hard_negative" for item in items) >= 50


def test_each_topic_becomes_one_intent_one_response_and_one_rule() -> None:
    topics = build.read_topics()
    domain, rules = build.domain_of(topics), build.rules_of(topics)
    assert len(domain["intents"]) == len(topics)
    assert domain["responses"]["utter_cost"] == [{"custom": {"article": "cost"}}]
    assert domain["responses"]["utter_human"] == [{"custom": {"handover": True}}]
    assert len(rules["rules"]) == len(domain["responses"]) == len(topics) + 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("cost: poem", "has kind 'poem'"),
        ("Cost: article", "is not a topic id"),
        ("- cost", "is not a list"),
        ("cost: article\nnew_topic: article", "new_topic has no phrases"),
        ("cost: article", "not a topic"),
    ],
)
def test_a_training_that_fails_leaves_the_old_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, message: str
) -> None:
    topics, model = tmp_path / "topics.yml", tmp_path / "model.tar.gz"
    topics.write_text(text)
    model.write_bytes(b"old")
    monkeypatch.setattr(build.read_topics, "__defaults__", (topics,))
    with pytest.raises(TrainingFailedError, match=message):
        train(model)
    assert model.read_bytes() == b"old"


def test_the_reason_of_a_failure_is_one_line() -> None:
    output = "loading\n\x1b[91mYamlSyntaxException: bad file\nline 3\x1b[0m\n"
    assert reason(output) == "YamlSyntaxException: bad file"
    assert reason("") == "Rasa said nothing"


def test_the_store_forgets() -> None:
    from rasa.shared.core.trackers import DialogueStateTracker

    from helpline import store

    kept = store.RamTrackerStore(ttl_seconds=60, max_conversations=2)
    for sender in ("one", "two", "three"):
        asyncio.run(kept.save(DialogueStateTracker(sender, [])))
    assert asyncio.run(kept.retrieve("one")) is None, "the oldest makes place"
    assert asyncio.run(kept.retrieve("two")) is not None
    store.forget("two")
    assert asyncio.run(kept.retrieve("two")) is None
    store.purge(time.monotonic() + 61)
    assert store.count() == 0
