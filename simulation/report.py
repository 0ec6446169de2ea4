"""The figures as text: tables for the terminal and for docs/queue.md, and the goals with what was reached."""

from collections.abc import Callable
from dataclasses import dataclass

from simulation.figures import SOON_ENOUGH, Figures, middle, percentile
from simulation.guest import Outcome
from simulation.weeks import POLICIES, WEEKS, Results
from web.core import queue
from web.core.states import Urgency

NAMES = {Urgency.NOW: "in danger", Urgency.SOON: "soon", Urgency.NORMAL: "normal"}
OUTCOMES = {
    Outcome.PERSON: "talked with a person",
    Outcome.APPOINTMENT: "talked with a person at an appointment",
    Outcome.LETTER: "wrote a letter and got an answer",
    Outcome.ASSISTANT: "the assistant's answer was enough",
    Outcome.LOOKED: "read the opening and the offers only",
    Outcome.MISSED: "made an appointment and did not come",
    Outcome.LEFT: "left, and took none of the doors shown",
    Outcome.NOTHING: "**ended with nothing**",
}


@dataclass(frozen=True)
class Goal:
    what: str
    reached: str
    goal: str
    met: bool


def table(week: str, results: Results) -> str:
    """One kind of week, a column for each policy."""
    columns = [results[week, policy] for policy in POLICIES]
    rows = [
        ["", *(policy.title for policy in POLICIES.values())],
        ["---"] * (len(columns) + 1),
    ]

    def row(name: str, value: Callable[[Figures], str]) -> None:
        rows.append([name, *(value(figures) for figures in columns)])

    for urgency in reversed(Urgency):
        row(f"wait, {NAMES[urgency]}: median / 95 % / longest (min)", lambda f, u=urgency: _waits(f, u))
    for urgency in reversed(Urgency):
        row(
            f"{NAMES[urgency]}: with a person within {SOON_ENOUGH} min",
            lambda f, u=urgency: percent(f.reached_in_time(u)),
        )
    for urgency in reversed(Urgency):
        row(f"{NAMES[urgency]}: gave up waiting", lambda f, u=urgency: percent(f.gave_up[u] / max(1, f.joined[u])))
    row("all: gave up waiting", lambda f: percent(f.given_up))
    for outcome, name in OUTCOMES.items():
        row(name, lambda f, o=outcome: percent(f.share(o)))
    row("letters answered after: median / 95 % (days)", _letters)
    row("the wait was as was said", lambda f: percent(f.told_right / f.told) if f.told else "–")
    row("the wait was longer than was said", lambda f: percent(f.told_short / f.told) if f.told else "–")
    row("times danger was passed over / left waiting", _danger)
    return "\n".join("| " + " | ".join(cells) + " |" for cells in rows)


def heading(week: str, results: Results) -> str:
    figures = results[week, "ours"]
    return f"{WEEKS[week].title}: {figures.runs} weeks, {figures.visitors // figures.runs} visitors in each"


def goals(results: Results) -> list[Goal]:
    """What must hold in every week. Counted at every event, not sampled."""
    found = []
    for week in WEEKS:
        ours, fcfs = results[week, "ours"], results[week, "fcfs"]
        ahead = queue.AHEAD[Urgency.SOON].total_seconds() / 60
        limit = fcfs.longest_normal + ahead
        allowed = f"first come, first served gives {fcfs.longest_normal:.0f}, the bonus is {ahead:.0f}"
        events = f"0 in {ours.watched['events']:,} events"
        found += [
            _zero(week, "danger passed over by a worker who took somebody else", ours.watched["passed_over"], events),
            _zero(week, "danger left waiting while a worker had room", ours.watched["left_waiting"], events),
            _zero(week, "anybody left waiting while the worker for them had room", ours.watched["idle"], events),
            _zero(week, "passed by somebody later than the bonus allows", ours.watched["overtaken"], events),
            _zero(week, "visitors who ended with nothing", ours.outcomes[Outcome.NOTHING], f"0 of {ours.visitors:,}"),
            Goal(
                f"{week}: longest wait of a normal visitor",
                f"{ours.longest_normal:.0f} min",
                f"at most {limit:.0f} min: {allowed}",
                ours.longest_normal <= limit,
            ),
        ]
    return found


def goal_line(goal: Goal) -> str:
    return f"  {'ok  ' if goal.met else 'FAIL'} {goal.what}: {goal.reached} (goal: {goal.goal})"


def percent(share: float) -> str:
    """Nothing that happened is rounded to 0, and nothing that did not to 100."""
    if 0 < share < 0.001:
        return "< 0.1 %"
    return f"{100 * share:.1f} %"


def _zero(week: str, what: str, count: int, goal: str) -> Goal:
    return Goal(f"{week}: {what}", str(count), goal, count == 0)


def _waits(figures: Figures, urgency: Urgency) -> str:
    waits = figures.waits[urgency]
    return f"{middle(waits):.1f} / {percentile(waits, 95):.1f} / {max(waits, default=0):.0f}" if waits else "–"


def _letters(figures: Figures) -> str:
    return f"{middle(figures.letters):.1f} / {percentile(figures.letters, 95):.1f}" if figures.letters else "–"


def _danger(figures: Figures) -> str:
    return f"{figures.watched['passed_over']} / {figures.watched['left_waiting']}"
