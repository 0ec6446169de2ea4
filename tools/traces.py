"""The search: where bytes that must be gone can still be found, in whatever dress.

Every file under a folder is read whole; nothing is skipped because of its name.
"""

import base64
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

# (part of a path, the place it is called in the table); the first that fits.
PLACES = (
    ("/pg_wal/", "PostgreSQL WAL"),
    ("/pg_stat", "PostgreSQL statistics"),
    ("/postgres/base/", "PostgreSQL tables"),
    ("/postgres/global/", "PostgreSQL tables"),
    ("/postgres.log", "PostgreSQL log"),
    ("/postgres/", "PostgreSQL, other files"),
    (".sqlite-wal", "SQLite WAL"),
    (".sqlite-shm", "SQLite, shared memory"),
    (".sqlite", "SQLite file"),
    (".rdb", "Redis dump"),
    ("log.txt", "logs of web and worker"),
)
Found = Counter[tuple[str, str]]  # (place, what) -> how often


def of_text(text: str) -> set[bytes]:
    """The encodings in which words could stand somewhere."""
    plain = {text.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be")}
    return {form for data in plain for form in of_bytes(data)}


def of_bytes(data: bytes) -> set[bytes]:
    """Raw, hexadecimal, and Base64 wherever it may begin."""
    return {data, data.hex().encode(), data.hex().upper().encode(), *_base64(data)}


def _base64(data: bytes) -> Iterable[bytes]:
    """For each of the three alignments, the characters that no neighbouring byte can change."""
    for shift in range(3):
        encoded = base64.b64encode(bytes(shift) + data).rstrip(b"=")
        yield encoded[shift + (1 if shift else 0) : -1]


def search(folder: Path, wanted: Mapping[str, set[bytes]]) -> Found:
    """How often each wanted thing stands in each place. Counted once for each form of each thing and file."""
    found: Found = Counter()
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        try:
            content = path.read_bytes()
        except FileNotFoundError:  # a database's file, gone meanwhile
            continue
        place = place_of(path)
        for what, forms in wanted.items():
            hits = sum(form in content for form in forms)
            if hits:
                found[place, what] += hits
    return found


def place_of(path: Path) -> str:
    return next((place for part, place in PLACES if part in str(path)), "other files")


def places(folder: Path) -> list[str]:
    """All places that were looked at, also those without a find."""
    return sorted({place_of(path) for path in folder.rglob("*") if path.is_file()})
