"""Who may hold a conversation, and every move between the holders, in one table.

The diagram in docs/states.md is drawn from this table (`make diagram`); a test compares the two.
"""

from collections.abc import Mapping
from enum import IntEnum, StrEnum

from web.core.entries import ChangeCode


class State(StrEnum):
    ASSISTANT = "assistant"
    WAITING = "waiting"
    WITH_STAFF = "with_staff"
    LETTER = "letter"  # written, and waits for a written answer
    ANSWERING = "answering"  # a worker holds the letter
    ANSWERED = "answered"
    CLOSED = "closed"


class Move(StrEnum):
    ASK = "ask"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"
    CLAIM = "claim"
    RELEASE = "release"
    STAFF_LOST = "staff_lost"
    OFFER = "offer"
    DECLINE = "decline"
    ACCEPT = "accept"
    HAND_BACK = "hand_back"
    BOOK = "book"
    CANCEL = "cancel"
    DUE = "due"
    WARN = "warn"
    SEND_LETTER = "send_letter"
    ANSWER = "answer"
    CLOSE = "close"
    BLOCK = "block"
    LEAVE = "leave"
    EXPIRE = "expire"


class Urgency(IntEnum):
    NORMAL = 0
    SOON = 1
    NOW = 2


HELD = frozenset({State.WITH_STAFF, State.ANSWERING})  # exactly these have a worker
ANSWERS = frozenset({State.ASSISTANT, State.WAITING})  # here the assistant answers; while they wait, what it is sure of
LETTERS = frozenset({State.LETTER, State.ANSWERING, State.ANSWERED})  # kept for a month, behind a return code
OPEN = tuple(state for state in State if state is not State.CLOSED)
_BACK = {State.WITH_STAFF: State.WAITING, State.ANSWERING: State.LETTER}

# Every move, and from which state it leads where. What is not here is refused with the name of the state.
TRANSITIONS: Mapping[Move, Mapping[State, State]] = {
    Move.ASK: dict.fromkeys((State.ASSISTANT, State.LETTER, State.ANSWERED), State.WAITING),
    Move.WITHDRAW: {State.WAITING: State.ASSISTANT},
    Move.LAPSE: {State.WAITING: State.ASSISTANT},
    Move.CLAIM: {State.WAITING: State.WITH_STAFF, State.LETTER: State.ANSWERING},
    Move.RELEASE: _BACK,
    Move.STAFF_LOST: _BACK,
    Move.OFFER: {State.WITH_STAFF: State.WITH_STAFF},
    Move.DECLINE: {State.WITH_STAFF: State.WITH_STAFF},
    Move.ACCEPT: {State.WITH_STAFF: State.WITH_STAFF},
    Move.HAND_BACK: {State.WITH_STAFF: State.ASSISTANT},
    Move.BOOK: {State.ASSISTANT: State.ASSISTANT, State.WAITING: State.ASSISTANT},
    Move.CANCEL: {state: state for state in OPEN if state is not State.WITH_STAFF},
    Move.DUE: dict.fromkeys((State.ASSISTANT, State.LETTER, State.ANSWERED), State.WAITING),
    Move.WARN: {State.ASSISTANT: State.ASSISTANT, State.WITH_STAFF: State.WITH_STAFF},
    Move.SEND_LETTER: dict.fromkeys((State.ASSISTANT, State.WAITING, State.ANSWERED), State.LETTER),
    Move.ANSWER: {State.ANSWERING: State.ANSWERED},
    Move.CLOSE: dict.fromkeys((State.WITH_STAFF, State.ANSWERING), State.CLOSED),
    Move.BLOCK: {State.WITH_STAFF: State.CLOSED},
    Move.LEAVE: dict.fromkeys((State.ASSISTANT, State.WAITING, State.WITH_STAFF), State.CLOSED),
    Move.EXPIRE: dict.fromkeys(OPEN, State.CLOSED),
}

# Who leaves the queue this way and had a letter before goes back to it, and not to the assistant.
BACK_TO_LETTER = frozenset({Move.WITHDRAW, Move.LAPSE, Move.BOOK})

# What each move writes into the conversation, for the visitor and for staff.
TELLS: Mapping[Move, ChangeCode] = {
    Move.ASK: ChangeCode.ASKED,
    Move.WITHDRAW: ChangeCode.WITHDRAWN,
    Move.LAPSE: ChangeCode.LAPSED,
    Move.CLAIM: ChangeCode.CLAIMED,
    Move.RELEASE: ChangeCode.RELEASED,
    Move.STAFF_LOST: ChangeCode.STAFF_LOST,
    Move.OFFER: ChangeCode.OFFERED,
    Move.DECLINE: ChangeCode.DECLINED,
    Move.ACCEPT: ChangeCode.TRANSFERRED,
    Move.HAND_BACK: ChangeCode.HANDED_BACK,
    Move.BOOK: ChangeCode.BOOKED,
    Move.CANCEL: ChangeCode.CANCELLED,
    Move.DUE: ChangeCode.DUE,
    Move.WARN: ChangeCode.IDLE_WARNING,
    Move.SEND_LETTER: ChangeCode.LETTER_SENT,
    Move.ANSWER: ChangeCode.ANSWERED,
    Move.CLOSE: ChangeCode.CLOSED,
    Move.BLOCK: ChangeCode.BLOCKED,
    Move.LEAVE: ChangeCode.LEFT,
    Move.EXPIRE: ChangeCode.EXPIRED,
}
