"""Puts what a program has worked out into a document, between two marks; the rest is written by people."""

from pathlib import Path


def put(path: Path, name: str, text: str) -> None:
    """Raises ValueError when the document does not have the two marks."""
    before, after = _around(path.read_text(encoding="utf-8"), name)
    path.write_text(f"{before}{_mark(name)}\n\n{text.strip()}\n\n{_mark('end of ' + name)}{after}", encoding="utf-8")


def get(path: Path, name: str) -> str:
    """What stands between the marks."""
    text = path.read_text(encoding="utf-8")
    before, after = _around(text, name)
    return text[len(before) + len(_mark(name)) : len(text) - len(after) - len(_mark(f"end of {name}"))]


def _around(text: str, name: str) -> tuple[str, str]:
    before, found, rest = text.partition(_mark(name))
    _, closed, after = rest.partition(_mark(f"end of {name}"))
    if not found or not closed:
        raise ValueError(f"the marks of '{name}' are missing")
    return before, after


def _mark(name: str) -> str:
    return f"<!-- {name} -->"
