"""The goals of the project for its speed, and whether this run met them."""

import statistics
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from bench.site import Site
from bench.tables import as_row, faults_of, rows_of

BARE, SQLITE, POSTGRES = "bare raw+inline", "halte sqlite", "halte pg"
WIDTH = 56
Run = Mapping[tuple[str, str], Site]  # (step, server) -> its rows


@dataclass(frozen=True)
class Goal:
    """`values` gives the figure of each round; their median is judged."""

    what: str
    step: str
    limit: float
    values: Callable[[Run], list[float]]
    at_least: bool = False

    def met(self, figure: float) -> bool:
        return figure >= self.limit if self.at_least else figure <= self.limit


def against(step: str, key: str, mine: str, other: str = BARE) -> Callable[[Run], list[float]]:
    """Round by round, as a multiple of another server in the same round."""

    def values(run: Run) -> list[float]:
        pairs = zip(rows_of(run[step, mine], step), rows_of(run[step, other], step), strict=True)
        return [a[key] / b[key] for a, b in pairs]

    return values


def own(step: str, key: str, mine: str) -> Callable[[Run], list[float]]:
    return lambda run: [row[key] for row in rows_of(run[step, mine], step)]


def claims(kind: str) -> Callable[[Run], list[float]]:
    return against("claim", "claim_us", f"halte {kind}+waiting10000", f"halte {kind}+waiting100")


GOALS = (
    Goal(
        "acked and durable messages/s, SQLite FULL / bare", "saturate", 0.60, against("saturate", "rate", SQLITE), True
    ),
    Goal(
        "acked and durable messages/s, PostgreSQL / bare", "saturate", 0.50, against("saturate", "rate", POSTGRES), True
    ),
    Goal("server CPU per message / bare", "saturate", 1.8, against("saturate", "cpu_us", SQLITE)),
    Goal("visitor to worker p50 at 200/s / bare", "steady", 2.5, against("steady", "p50", SQLITE)),
    Goal("visitor to worker p99 at 200/s / bare", "steady", 3, against("steady", "p99", SQLITE)),
    Goal("two ways at 200/s: visitor to worker p50 / bare", "twoway", 2.5, against("twoway", "p50", SQLITE)),
    Goal("two ways at 200/s: visitor to worker p99 / bare", "twoway", 3, against("twoway", "p99", SQLITE)),
    Goal("two ways at 200/s: worker to visitor p50 / bare", "twoway", 2.5, against("twoway", "back_p50", SQLITE)),
    Goal("two ways at 200/s: worker to visitor p99 / bare", "twoway", 3, against("twoway", "back_p99", SQLITE)),
    Goal("memory per idle connection / bare", "idle", 1.15, against("idle", "kib_each", SQLITE)),
    Goal("ack among the idle connections / without them", "idle", 5, own("idle", "ack_ratio", SQLITE)),
    Goal("chat p99 with a moving queue / without a queue", "queue", 3, own("queue", "p99_ratio", SQLITE)),
    Goal("CPU of a claim, 10,000 waiting / 100, SQLite", "claim", 1.2, claims("sqlite")),
    Goal("CPU of a claim, 10,000 waiting / 100, PostgreSQL", "claim", 1.2, claims("pg")),
)


@dataclass(frozen=True)
class Verdict:
    what: str
    wanted: str
    figure: str
    spread: str
    met: bool

    def __str__(self) -> str:
        word = "met" if self.met else "MISSED"
        return f"{self.what:{WIDTH}} {self.wanted:>8} {self.figure:>8}  {self.spread:18} {word}"

    def row(self) -> str:
        """For docs/performance.md."""
        return as_row([self.what, self.wanted, self.figure, self.spread, "met" if self.met else "**missed**"])


def verdicts(run: Run) -> Iterator[Verdict]:
    """One for each goal that this run can judge."""
    steps = {step for step, _ in run}
    for goal in GOALS:
        if goal.step in steps:
            values = goal.values(run)
            figure = statistics.median(values)
            wanted = f"{'>=' if goal.at_least else '<='} {goal.limit:g}"
            spread = f"[{min(values):.2f} .. {max(values):.2f}]"
            yield Verdict(goal.what, wanted, f"{figure:.2f}", spread, goal.met(figure))
    wrong = {(step, name): faults_of(site, step) for (step, name), site in run.items() if name != BARE}
    counted = sum(sum(found.values()) for found in wrong.values())
    yield Verdict("messages lost, doubled, reordered, unacked; cut off", "<= 0", str(counted), "", counted == 0)
