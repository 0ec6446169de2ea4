"""`make diagram`: docs/states.md from the table of states in web/core/states.py. A test compares the two."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from web.core.states import BACK_TO_LETTER, HELD, LETTERS, TELLS, TRANSITIONS, Move, State  # noqa: E402

PAGE = ROOT / "docs" / "states.md"
# Who makes each move.
WHO = {
    "visitor": (Move.ASK, Move.WITHDRAW, Move.SEND_LETTER, Move.BOOK, Move.CANCEL, Move.LEAVE),
    "worker": (
        Move.CLAIM,
        Move.RELEASE,
        Move.OFFER,
        Move.ACCEPT,
        Move.DECLINE,
        Move.HAND_BACK,
        Move.ANSWER,
        Move.CLOSE,
        Move.BLOCK,
    ),
    "time": (Move.LAPSE, Move.STAFF_LOST, Move.DUE, Move.WARN, Move.EXPIRE),
}


def page() -> str:
    lines = [
        "# The states of a conversation",
        "",
        "Made by `make diagram` from `TRANSITIONS` in `web/core/states.py`; change that table, not this page.",
        "A move that is not here is refused with `illegal_move` (or `closed`) and the name of the state.",
        "",
        "```mermaid",
        "stateDiagram-v2",
        "    [*] --> assistant",
    ]
    arrows: dict[tuple[State, State], list[str]] = {}
    for move, ways in TRANSITIONS.items():
        for before, after in ways.items():
            arrows.setdefault((before, after), []).append(move.value)
    for move in sorted(BACK_TO_LETTER):
        for letter in (State.LETTER, State.ANSWERED):
            arrows.setdefault((State.WAITING, letter), []).append(move.value)
    lines += [f"    {a.value} --> {b.value}: {', '.join(moves)}" for (a, b), moves in arrows.items()]
    lines += ["    closed --> [*]", "```", "", "| move | made by | from → to | told as |", "| --- | --- | --- | --- |"]
    for move, ways in TRANSITIONS.items():
        who = next(name for name, moves in WHO.items() if move in moves)
        paths = ", ".join(f"{before.value} → {after.value}" for before, after in ways.items())
        lines.append(f"| `{move.value}` | {who} | {paths} | `{TELLS[move].value}` |")
    held, letters = (", ".join(sorted(state.value for state in group)) for group in (HELD, LETTERS))
    lines += [
        "",
        f"With a worker: {held}. Kept behind a return code for 30 days: {letters}.",
        "Every change of owner raises `epoch`; an answer of the assistant that names another epoch is dropped.",
        "`offer`, `decline`, `cancel` and `warn` change nothing about who holds the conversation.",
        "`withdraw`, `lapse` and `book` lead back to a letter where there was one.",
        "`leave` from a letter, or with an appointment, ends the session only.",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    PAGE.write_text(page())
