"""The word lists of return codes; see data/words/README.md."""

from functools import cache
from pathlib import Path

WORDS = Path(__file__).resolve().parents[2] / "data" / "words"


@cache
def read_words(folder: Path, language: str) -> tuple[str, ...]:
    """One list, in the order of its file."""
    return tuple((folder / f"{language}.txt").read_text(encoding="ascii").split())
