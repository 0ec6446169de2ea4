"""A visitor on their way through the service: the real conversation, and what the model notes beside it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from simulation.policies import Policy
from simulation.visitors import Visitor
from web.core import queue
from web.core.conversation import Conversation
from web.core.states import Urgency


class Shown(StrEnum):
    """What stood on the visitor's screen that helps further."""

    ANSWER = "answer"  # of the assistant
    CARD = "card"  # of a crisis: other lines that are open now
    WAIT = "wait"  # a place in the queue with an estimate
    LETTER = "letter"
    APPOINTMENT = "appointment"


class Outcome(StrEnum):
    PERSON = "person"
    APPOINTMENT = "appointment"  # made one, came, and had a person
    LETTER = "letter"  # and was answered
    ASSISTANT = "assistant"  # its answer was enough
    LOOKED = "looked"  # read the opening with the offers, wrote nothing
    MISSED = "missed"  # made an appointment, did not come
    LEFT = "left"  # took none of the doors that were shown
    NOTHING = "nothing"  # was shown no answer, door, letter or appointment; or wrote a letter that nobody answered


# The doors that make leaving something else than leaving with nothing. A place in the queue alone is none of them.
WAYS_ON = frozenset({Shown.ANSWER, Shown.CARD, Shown.LETTER, Shown.APPOINTMENT})


@dataclass(eq=False)
class Guest:
    visitor: Visitor
    talk: Conversation
    here: bool = True
    shown: set[Shown] = field(default_factory=set)
    outcome: Outcome | None = None
    stage: int = 0  # rises with every change; what was planned for an earlier one no longer holds
    asked: bool = False
    joined_at: datetime | None = None
    wait: timedelta | None = None  # until the first person came
    longest_wait: timedelta = timedelta(0)  # in any stretch of waiting, also one that led to nothing
    gave_up: bool = False
    told: queue.Wait | None = None
    kept_appointment: bool = False
    work_left: float = 0
    letter_left: float = 0
    letter_at: datetime | None = None
    letter_took: timedelta | None = None
    urgency_at_end: Urgency = Urgency.NORMAL  # of the wait

    @property
    def urgency(self) -> Urgency:
        return self.talk.urgency

    def place(self, policy: Policy) -> queue.Place:
        talk = self.talk
        skill = queue.skill_for(talk.topic, talk.urgency)
        return queue.Place(talk.conversation_id, talk.language, skill, policy.rank(talk))
