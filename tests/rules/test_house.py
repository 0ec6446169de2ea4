"""The project's own laws: sizes, who commits, who emits, and that topics, texts and training data fit together."""

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import yaml

from web.core.content import LANGUAGES
from web.core.entries import ChangeCode
from web.core.errors import Code
from web.core.triage import CRISES
from web.seed import read_folder
from web.settings import ROOT
from web.storage.models.content import ContentKind

MAX_LINES = 320
SOURCES = (".py", ".ts", ".css", ".html", ".mjs")
TOPICS: dict[str, str] = yaml.safe_load((ROOT / "bot" / "topics.yml").read_text())


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def test_no_file_grows_too_long() -> None:
    long = [
        path.name for path in tracked() if path.suffix in SOURCES and len(path.read_text().splitlines()) > MAX_LINES
    ]
    assert long == []


def python_files_with(pattern: str) -> set[str]:
    return {
        str(path.relative_to(ROOT))
        for path in (ROOT / "web").rglob("*.py")
        if "migrations" not in path.parts and re.search(pattern, path.read_text())
    }


def test_only_dispatch_commits_and_only_push_emits() -> None:
    assert python_files_with(r"\.commit\(\)|_writes\.begin\(\)") == {"web/dispatch.py", "web/bus.py"}
    assert python_files_with(r"_emitter\.emit\(|server\.emit\(") == {"web/push.py"}


@pytest.fixture(scope="module")
def articles() -> dict[tuple[str, str], dict]:
    items = read_folder(ROOT / "data" / "content")
    return {(item.key, item.language): item.document for item in items if item.kind is ContentKind.ARTICLE}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_topic_of_the_bot_has_its_words_and_its_examples(articles, language: str) -> None:
    wanted = {topic for topic, kind in TOPICS.items() if kind not in ("handover", "fallback")}
    assert {topic for topic in wanted if (topic, language) not in articles} == set()
    trained: Counter[str] = Counter()
    for path in (ROOT / "data" / "nlu" / language).glob("*.yml"):
        for intent in yaml.safe_load(path.read_text())["nlu"]:
            trained[intent["intent"]] += len(intent["examples"].strip().splitlines())
    assert set(trained) == set(TOPICS)
    few = {topic: count for topic, count in trained.items() if count < (200 if topic in CRISES else 100)}
    assert few == {}


def test_every_crisis_of_the_triage_has_a_card_with_a_number(articles) -> None:
    for crisis in CRISES:
        assert TOPICS[crisis] == "card"
        for language in LANGUAGES:
            assert articles[crisis, language]["kind"] == "card"
            assert articles[crisis, language]["doors"]


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_language_has_the_same_texts(articles, language: str) -> None:
    first = {key for key, written in articles if written == LANGUAGES[0]}
    assert {key for key, written in articles if written == language} == first


def test_no_phone_number_stands_in_a_text(articles) -> None:
    for (key, _), document in articles.items():
        words = f"{document['answer']} {document.get('body', '')}"
        assert not re.search(r"\b0[0-9][0-9 -]{6,}", words), key


def test_a_verified_source_stands_beside_every_number() -> None:
    for item in yaml.safe_load((ROOT / "data" / "content" / "referrals.yml").read_text()):
        if item["phone"]:
            assert item["source"], item["id"]
            assert item["source_status"] in ("verified", "verified_secondary"), item["id"]
            assert re.fullmatch(r"\d{4}-\d\d-\d\d", str(item["checked"]))


def test_every_refusal_is_in_the_protocol() -> None:
    protocol = (ROOT / "docs" / "protocol.md").read_text()
    assert [code.value for code in Code if f"`{code.value}`" not in protocol] == []


def test_every_change_is_in_the_protocol() -> None:
    protocol = (ROOT / "docs" / "protocol.md").read_text()
    assert [code.value for code in ChangeCode if f"`{code.value}`" not in protocol] == []


def test_the_page_of_states_is_drawn_from_the_table() -> None:
    drawn = subprocess.run(
        [sys.executable, "-c", "from tools import diagram; print(diagram.page(), end='')"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert (ROOT / "docs" / "states.md").read_text() == drawn, "run `make diagram`"


def test_every_event_of_the_sockets_is_in_the_protocol() -> None:
    protocol = (ROOT / "docs" / "protocol.md").read_text()
    for path in ("web/chat/sockets.py", "web/desk/sockets.py"):
        source = (ROOT / path).read_text()
        listed = source[source.index("def register(") : source.index("def connect(")]
        events = set(re.findall(r"self\.([a-z]\w*)[,)]", listed)) - {"connect", "disconnect"}
        assert len(events) > 10
        assert {event for event in events if f"| `{event} " not in protocol} == set()


def test_every_rule_of_the_triage_has_words_for_the_desk() -> None:
    told = (ROOT / "templates" / "desk" / "signals.html").read_text()
    files = [ROOT / "data" / "triage" / f"{language}.yml" for language in LANGUAGES]
    rules = {rule["name"] for path in files for rule in yaml.safe_load(path.read_text())["rules"]}
    assert {rule for rule in rules if f'"rule_{rule}"' not in told} == set()
