"""What a row of the table says beside the counts: how much was said, how often again, and the longest wait."""

from collections import Counter
from dataclasses import dataclass, field

HURT_SECONDS = 1.0


@dataclass
class Tally:
    acked: int = 0
    repeats: int = 0
    longest: float = 0.0  # seconds between writing and acknowledgement, for a visitor
    refusals: Counter[str] = field(default_factory=Counter)

    def settled(self, seconds: float, repeats: int, visitor: bool) -> None:
        self.acked += 1
        self.repeats += repeats
        if visitor:
            self.longest = max(self.longest, seconds)

    @property
    def hurt(self) -> bool:
        """Somebody felt it: had to send a message again, or waited for a second."""
        return self.repeats > 0 or self.longest >= HURT_SECONDS

    def clear(self) -> None:
        self.acked = self.repeats = 0
        self.longest = 0.0
        self.refusals.clear()
