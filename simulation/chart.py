"""docs/queue.svg: waits, outcomes and the length of the queue as one drawing, readable on light and dark ground."""

from html import escape

from simulation.figures import Figures, percentile
from simulation.guest import Outcome
from simulation.report import NAMES
from simulation.weeks import POLICIES, WEEKS, Results
from web.core.states import Urgency

WIDTH = 800
LEFT, RIGHT = 190, 20

# Outcomes that mean much the same to a visitor share a colour; the legend says so in words.
GROUPS = (
    ("p", "a person", (Outcome.PERSON, Outcome.APPOINTMENT)),
    ("l", "a letter, answered", (Outcome.LETTER,)),
    ("a", "the assistant's answer", (Outcome.ASSISTANT,)),
    ("o", "only looked, or missed their appointment", (Outcome.LOOKED, Outcome.MISSED)),
    ("d", "left, doors shown", (Outcome.LEFT,)),
    ("n", "nothing", (Outcome.NOTHING,)),
)
LINES = (("plain", "n"), ("ours", "p"))  # first come, first served has the same length as ours

STYLE = """
  .ground { fill: #f3f5f1 } text { fill: #1a2a33; font: 14px system-ui, sans-serif } .small { font-size: 12px }
  .title { font-weight: 600; font-size: 16px } .grid { stroke: #c8d1ce; stroke-width: 1 }
  .p { fill: #1d4d63 } .l { fill: #3f7d92 } .a { fill: #6f9f7d }
  .o { fill: #b6c0bd } .d { fill: #e0a92e } .n { fill: #96301d }
  .plain { fill: #96301d } .fcfs { fill: #8a979c } .ours { fill: #1d4d63 }
  .in-p, .in-l, .in-n { fill: #fff } .in-a, .in-o, .in-d { fill: #1a2a33 }
  .line { fill: none; stroke-width: 2 } .line-p { stroke: #1d4d63 } .line-n { stroke: #96301d; stroke-dasharray: 5 3 }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #10191e } text { fill: #e6ebe9 } .grid { stroke: #2f3f47 }
    .p { fill: #93cbe0 } .l { fill: #5b9ab0 } .a { fill: #95d0a7 }
    .o { fill: #55666e } .d { fill: #f0c25a } .n { fill: #f2a896 }
    .plain { fill: #f2a896 } .fcfs { fill: #8a979c } .ours { fill: #93cbe0 }
    .in-p, .in-l, .in-a, .in-d, .in-n { fill: #10191e } .in-o { fill: #e6ebe9 }
    .line-p { stroke: #93cbe0 } .line-n { stroke: #f2a896 }
  }
"""


def drawing(results: Results) -> str:
    parts, y = [], 30
    for week in WEEKS:
        parts += _waits(week, results, y)
        y += 196
    parts += _outcomes(results, y)
    y += 300
    parts += _queue(results, y)
    height = y + 210
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="t d">\n'
        f'<title id="t">The queue, simulated</title>\n<desc id="d">{escape(_described(results))}</desc>\n'
        f'<style>{STYLE}</style>\n<rect class="ground" width="{WIDTH}" height="{height}"/>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def _waits(week: str, results: Results, y: int) -> list[str]:
    """Bars of the wait that 95 % do not exceed."""
    most = max(_wait(results["action", policy], urgency) for policy in POLICIES for urgency in Urgency)
    parts = [_text(20, y, f"{WEEKS[week].title}: 95 % of those who got a person waited at most … minutes", "title")]
    for row, urgency in enumerate(reversed(Urgency)):
        top = y + 18 + row * 52
        parts.append(_text(LEFT - 12, top + 27, NAMES[urgency], anchor="end"))
        for place, (name, policy) in enumerate(POLICIES.items()):
            minutes = _wait(results[week, name], urgency)
            long = minutes / most * (WIDTH - LEFT - RIGHT - 210)
            parts.append(_bar(name, LEFT, top + place * 15, max(1.0, long), 13))
            label = f"{minutes:.0f} min, {policy.title}"
            parts.append(_text(LEFT + max(1.0, long) + 8, top + place * 15 + 11, label, "small"))
    return parts


def _outcomes(results: Results, y: int) -> list[str]:
    """One bar of 100 % for each policy in each week."""
    parts = [_text(20, y, "What the visitors ended with (% of all visitors)", "title")]
    top = y + 16
    for week, kind in WEEKS.items():
        parts.append(_text(20, top + 14, kind.title, "small"))
        top += 22
        for name, policy in POLICIES.items():
            parts.append(_text(LEFT - 12, top + 15, policy.title, "small", "end"))
            x = float(LEFT)
            for group, _, outcomes in GROUPS:
                share = results[week, name].share(*outcomes)
                wide = share * (WIDTH - LEFT - RIGHT)
                if share > 0:
                    parts.append(_bar(group, x, top, wide, 20))
                if share >= 0.04:
                    parts.append(_text(x + wide / 2, top + 15, f"{100 * share:.0f}", f"small in-{group}", "middle"))
                x += wide
            top += 26
        top += 6
    for place, (group, words, _) in enumerate(GROUPS):
        x, row = (20, 310, 520)[place % 3], top + place // 3 * 20
        parts += [_bar(group, x, row, 12, 12), _text(x + 18, row + 11, words, "small")]
    return parts


def _queue(results: Results, y: int) -> list[str]:
    """How many waited, half hour by half hour."""
    series = {name: results["action", name].waiting_by_half_hour() for name, _ in LINES}
    most = max(1.0, *(max(values) for values in series.values()))
    high, wide = 130, WIDTH - 60 - RIGHT
    parts = [_text(20, y, "The police action week: how many waited, on average of the weeks", "title")]
    base = y + 20 + high
    for step in range(int(most) // 5 + 1):
        level = base - step * 5 / most * high
        parts.append(f'<line class="grid" x1="60" x2="{WIDTH - RIGHT}" y1="{level:.1f}" y2="{level:.1f}"/>')
        parts.append(_text(52, level + 4, str(step * 5), "small", "end"))
    for day, name in enumerate(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")):
        parts.append(_text(60 + (day + 0.5) * wide / 7, base + 18, name, "small", "middle"))
    for place, (name, group) in enumerate(LINES):
        values = series[name]
        points = " ".join(
            f"{60 + at * wide / len(values):.1f},{base - value / most * high:.1f}" for at, value in enumerate(values)
        )
        parts.append(f'<polyline class="line line-{group}" points="{points}"/>')
        x = LEFT + place * 200
        parts.append(f'<line class="line line-{group}" x1="{x}" x2="{x + 26}" y1="{base + 38}" y2="{base + 38}"/>')
        parts.append(_text(x + 34, base + 42, POLICIES[name].title, "small"))
    return parts


def _described(results: Results) -> str:
    return " ".join(
        f"{WEEKS[week].title}, {POLICIES[name].title}: 95 % of those in danger who got a person waited at most "
        f"{_wait(results[week, name], Urgency.NOW):.0f} minutes; "
        f"{100 * results[week, name].share(Outcome.NOTHING):.0f} % ended with nothing."
        for week in WEEKS
        for name in POLICIES
    )


def _wait(figures: Figures, urgency: Urgency) -> float:
    return percentile(figures.waits[urgency], 95)


def _bar(name: str, x: float, y: float, wide: float, high: float) -> str:
    return f'<rect class="{name}" x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high}"/>'


def _text(x: float, y: float, words: str, style: str = "", anchor: str = "start") -> str:
    return f'<text class="{style}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'
