"""Takes over `data/content/` into the database: what is new or changed in the files, and nothing else."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from web.actions.outcome import Outcome, Work
from web.core.content import LANGUAGES, PHRASES, ArticleKind
from web.storage.models.content import ContentKind, ContentRow

_PLAIN = ("title", "summary", "answer", "more", "ask", "tab", "checked")


class BadContent(Exception):
    """One line: the file and what is wrong in it."""


@dataclass(frozen=True)
class Item:
    kind: ContentKind
    key: str
    language: str
    slug: str | None
    document: dict[str, Any]

    @property
    def digest(self) -> str:
        plain = json.dumps([self.slug, self.document], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(plain.encode()).hexdigest()


def read_folder(folder: Path) -> list[Item]:
    """All content files of a folder. Raises BadContent."""
    items = [*_articles(folder / "articles"), *_phrases(folder), *_referrals(folder / "referrals.yml")]
    known = {item.key for item in items if item.kind is ContentKind.REFERRAL}
    for item in items:
        variants = item.document.get("variants", {}).values()
        for door in [door for part in (item.document, *variants) for door in part.get("doors") or ()]:
            if door["referral"] not in known:
                raise BadContent(f"{item.key}.{item.language}: unknown referral {door['referral']}")
    return items


def take_over(work: Work, items: list[Item]) -> Outcome[int]:
    """Write what differs from the database; returns how many texts."""
    changed = 0
    for item in items:
        row = work.session.get(ContentRow, (item.kind, item.key, item.language))
        if row is None:
            row = ContentRow(kind=item.kind, key=item.key, language=item.language)
            work.session.add(row)
        elif row.digest == item.digest:
            continue
        row.slug, row.document, row.digest = item.slug, item.document, item.digest
        changed += 1
    return Outcome(changed)


def _articles(folder: Path) -> Iterator[Item]:
    for path in sorted(folder.glob("*.md")):
        key, language, _ = path.name.split(".")
        if language not in LANGUAGES:
            raise BadContent(f"{path.name}: unknown language {language}")
        _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
        data = yaml.safe_load(front)
        missing = [name for name in ("title", "summary", "answer", "kind") if not data.get(name)]
        if missing:
            raise BadContent(f"{path.name}: {', '.join(missing)} missing")
        says = data.get("suggestions", ())
        document: dict[str, Any] = {name: str(data[name]).strip() for name in _PLAIN if data.get(name)}
        document |= {
            "kind": ArticleKind(data["kind"]).value,
            "body": body.strip(),
            "doors": _doors(data) or [],
            "offers_person": data.get("offer") == "person",
            "variants": {str(who): _variant(path, item) for who, item in (data.get("for") or {}).items()},
            "suggestions": [item for item in says if isinstance(item, str)],
            "says": [item["say"] for item in says if isinstance(item, dict)],
            "sources": data.get("sources") or [],
        }
        yield Item(ContentKind.ARTICLE, key, language, data.get("slug"), document)


def _doors(data: dict[str, Any]) -> list[dict[str, str]] | None:
    if "doors" in data:
        return list(data["doors"])
    return [{"referral": name} for name in data["referrals"]] if "referrals" in data else None


def _variant(path: Path, data: dict[str, Any]) -> dict[str, Any]:
    if not data.get("answer"):
        raise BadContent(f"{path.name}: a variant without an answer")
    texts = {name: str(data[name]).strip() for name in ("answer", "more") if data.get(name)}
    return {**texts, "doors": _doors(data), "suggestions": data.get("suggestions")}


def _phrases(folder: Path) -> Iterator[Item]:
    for language in LANGUAGES:
        path = folder / f"phrases.{language}.yml"
        phrases = yaml.safe_load(path.read_text(encoding="utf-8"))
        for key in PHRASES:
            if not phrases.get(key):
                raise BadContent(f"{path.name}: {key} missing")
            document = {"text": phrases[key].strip()}
            yield Item(ContentKind.PHRASE, key, language, None, document)


def _referrals(path: Path) -> Iterator[Item]:
    for data in yaml.safe_load(path.read_text(encoding="utf-8")):
        names = ("name", "for_whom", "phone", "url", "cost", "hours", "source", "checked", "country", "instead")
        document = {name: data.get(name) for name in names}
        document["checked"] = str(data["checked"])
        for language in LANGUAGES:
            if language not in data["for_whom"]:
                raise BadContent(f"{path.name}: {data['id']}: for_whom.{language} missing")
        yield Item(ContentKind.REFERRAL, data["id"], "", None, document)
