"""What was acknowledged and what was seen, compared with what the service says at the end. No sockets, no clock.

An entry is a payload of docs/protocol.md. Every text that the drill writes is unique, so that it can be found again.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

Entry = dict[str, Any]
Mark = tuple[str | None, ...]

KINDS = ("lost", "doubled", "order", "gaps", "contradicted", "stuck", "unseen", "claims", "owners")

# What a change makes of the conversation. Who holds it then stands in `name` of those that give it to a worker.
BECOMES = {
    "started": "assistant",
    "withdrawn": "assistant",
    "handed_back": "assistant",
    "lapsed": "assistant",
    "missed": "assistant",
    "hours_ended": "assistant",
    "asked": "waiting",
    "alarmed": "waiting",
    "due": "waiting",
    "released": "waiting",
    "staff_lost": "waiting",
    "claimed": "with_staff",
    "transferred": "with_staff",
    "closed": "closed",
    "left": "closed",
    "expired": "closed",
}
GIVES = ("claimed", "transferred")


@dataclass(frozen=True)
class Finding:
    """One thing that must not be. The same finding is counted once, in the row of the fault that it came with."""

    kind: str
    conversation: str
    what: str


@dataclass(frozen=True)
class Acked:
    """A message that the service acknowledged. `writer`: "visitor", or a worker's name."""

    writer: str
    client_id: str
    text: str
    number: int


@dataclass
class Record:
    """One conversation: what its two sides were told."""

    name: str
    acked: list[Acked] = field(default_factory=list)  # of one writer: in the order in which it was written
    claims: list[tuple[str, int]] = field(default_factory=list)  # worker, number of the entry "claimed"
    seen: dict[str, dict[int, Mark]] = field(default_factory=lambda: {"visitor": {}, "staff": {}})
    clashes: set[str] = field(default_factory=set)

    def see(self, side: str, entry: Entry) -> None:
        """An entry that reached this side, pushed or fetched. The same number must always be the same entry."""
        known = self.seen[side].setdefault(entry["number"], mark(entry))
        if known != mark(entry):
            self.clashes.add(f"{side} saw two different entries as number {entry['number']}")


def mark(entry: Entry) -> Mark:
    return tuple(entry.get(name) for name in ("sender", "kind", "text", "code", "name", "title"))


def judge(record: Record, visitor: list[Entry], staff: list[Entry] | None) -> set[Finding]:
    """`visitor`: all that the visitor gets from 0; `staff`: the same for the worker who holds it, if there is one."""
    found = {("contradicted", clash) for clash in record.clashes}
    for side, log in (("visitor", visitor), ("staff", staff)):
        if log is None:
            continue
        found |= missing(record.acked, side, log) | doubled(side, log) | disordered(record.acked, side, log)
        found |= contradicted(record.seen[side], side, log) | strangers(record.name, side, log)
    found |= gaps(visitor, staff) | claims_lost(record.claims, visitor) | owners(visitor)
    return {Finding(kind, record.name, what) for kind, what in found}


def missing(acked: Iterable[Acked], side: str, log: list[Entry]) -> set[tuple[str, str]]:
    texts = {entry["number"]: entry.get("text") for entry in log}
    return {
        ("lost", f"{side}: {item.text!r} of {item.writer}, acknowledged as {item.number}")
        for item in acked
        if texts.get(item.number) != item.text and item.text not in texts.values()
    }


def doubled(side: str, log: list[Entry]) -> set[tuple[str, str]]:
    counts = Counter(entry["text"] for entry in log if entry["sender"] in ("visitor", "staff") and entry.get("text"))
    return {("doubled", f"{side}: {text!r} {count} times") for text, count in counts.items() if count > 1}


def disordered(acked: list[Acked], side: str, log: list[Entry]) -> set[tuple[str, str]]:
    """Acknowledged under another number than the one it has, or not in the order in which it was written."""
    found: set[tuple[str, str]] = set()
    numbers = {entry["text"]: entry["number"] for entry in log if entry.get("text")}
    last: dict[str, Acked] = {}
    for item in acked:
        number = numbers.get(item.text, item.number)
        if number != item.number:
            found.add(("order", f"{side}: {item.text!r} acknowledged as {item.number} is number {number}"))
        before = last.get(item.writer)
        if before is not None and numbers.get(before.text, before.number) >= number:
            found.add(("order", f"{side}: {item.text!r} stands before {before.text!r}"))
        last[item.writer] = item
    listed = [entry["number"] for entry in log]
    if listed != sorted(listed):
        found.add(("order", f"{side}: the numbers are given out of order"))
    return found


def contradicted(seen: dict[int, Mark], side: str, log: list[Entry]) -> set[tuple[str, str]]:
    final = {entry["number"]: mark(entry) for entry in log}
    return {
        ("contradicted", f"{side}: number {number} was {known[:4]}, is {final.get(number, ('gone',))[:4]}")
        for number, known in seen.items()
        if final.get(number) != known
    }


def strangers(name: str, side: str, log: list[Entry]) -> set[tuple[str, str]]:
    """Words of another conversation. Each text of the drill carries the name of its own."""
    said = (entry for entry in log if entry["sender"] in ("visitor", "staff") and entry.get("text"))
    return {
        ("contradicted", f"{side}: {entry['text']!r} is from another conversation")
        for entry in said
        if f"[{name}-" not in entry["text"]
    }


def gaps(visitor: list[Entry], staff: list[Entry] | None) -> set[tuple[str, str]]:
    """For staff 1, 2, 3 …; for visitors each names the visible one before it."""
    found: set[tuple[str, str]] = set()
    last = 0
    for entry in visitor:
        if entry["prev"] != last:
            found.add(("gaps", f"visitor: {entry['number']} follows {last}, says {entry['prev']}"))
        last = entry["number"]
    numbers = [entry["number"] for entry in staff or []]
    if sorted(numbers) != list(range(1, len(numbers) + 1)):
        found.add(("gaps", f"staff: {len(numbers)} entries, not numbered 1 to {len(numbers)}"))
    return found


def claims_lost(claims: Iterable[tuple[str, int]], log: list[Entry]) -> set[tuple[str, str]]:
    told = {(entry.get("name"), entry["number"]) for entry in log if entry.get("code") in GIVES}
    return {
        ("claims", f"{name} was given it at {number}; nobody else knows") for name, number in claims
        if (name, number) not in told
    }  # fmt: skip


def owners(log: list[Entry]) -> set[tuple[str, str]]:
    """A claim of what is held already, a transfer of what nobody holds; words of a worker who does not hold it."""
    found: set[tuple[str, str]] = set()
    holder: str | None = None
    for entry in log:
        code, number = entry.get("code"), entry["number"]
        if code in GIVES:
            if (holder is None) != (code == "claimed"):
                found.add(("owners", f"{number}: {entry.get('name')} has it, {code}, while {holder} holds it"))
            holder = entry.get("name")
        elif code in BECOMES:
            holder = None
        elif entry["sender"] == "staff" and entry.get("name") != holder:
            found.add(("owners", f"{number}: {entry.get('name')} writes while {holder} holds it"))
    return found


def state_of(log: Iterable[Entry]) -> tuple[str, str | None]:
    """The state that the entries tell of, and who holds the conversation."""
    state, holder = "assistant", None
    for entry in log:
        code = entry.get("code")
        if code in BECOMES:
            state, holder = BECOMES[code], entry.get("name") if code in GIVES else None
    return state, holder


def owed(log: list[Entry]) -> bool:
    """The assistant has the conversation and has not answered the visitor's last words."""
    for entry in reversed(log):
        if entry["sender"] == "visitor":
            return state_of(log)[0] == "assistant"
        if entry["sender"] == "assistant" or entry.get("code"):
            return False
    return False
