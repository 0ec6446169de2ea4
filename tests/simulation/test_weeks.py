"""Whole weeks: the same every time, the people as the model says, and a watch that notices a wrong policy."""

from collections import Counter
from dataclasses import replace
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest

from simulation import chart, report
from simulation.figures import Figures, percentile
from simulation.guest import Outcome
from simulation.parameters import ACTION, HOURS, MODEL, NORMAL
from simulation.policies import FCFS, LIFO, OURS, PLAIN
from simulation.visitors import visitors_of
from simulation.weeks import POLICIES, WEEKS, Results, one_week
from web.core import hours
from web.core.states import Urgency


@pytest.fixture(scope="module")
def results() -> Results:
    """One week of each kind; `lifo` beside the three that are compared."""
    policies = (PLAIN, FCFS, OURS, LIFO)
    return {(week.name, policy.name): one_week(week, policy, 1) for week in (NORMAL, ACTION) for policy in policies}


def test_the_same_seed_gives_the_same_figures(results: Results) -> None:
    assert one_week(ACTION, OURS, 1) == results["action", "ours"]
    assert one_week(ACTION, OURS, 2) != results["action", "ours"]


def test_the_action_week_brings_ten_times_the_visitors_on_two_days() -> None:
    days = Counter()
    for seed in range(5):
        for visitor in visitors_of(ACTION, MODEL, seed):
            if visitor.measured:
                days[visitor.at.astimezone(ZoneInfo(MODEL.schedule.timezone)).weekday()] += 1
    assert (days[1] + days[2]) / 2 == pytest.approx(10 * MODEL.visitors_a_day * 5, rel=0.05)
    assert days[0] == pytest.approx(MODEL.visitors_a_day * 5, rel=0.2)


def test_three_in_ten_come_at_night_when_the_line_is_closed() -> None:
    assert sum(HOURS[22:] + HOURS[:10]) / sum(HOURS) == pytest.approx(0.30)
    weekdays = [
        hours.opening(MODEL.schedule, visitor.at).open
        for seed in range(5)
        for visitor in visitors_of(NORMAL, MODEL, seed)
        if visitor.at.weekday() < 5
    ]
    assert weekdays.count(False) / len(weekdays) == pytest.approx(0.30, abs=0.03)


def test_every_policy_meets_the_same_people(results: Results) -> None:
    assert len({results["action", policy].visitors for policy in POLICIES}) == 1
    shares = {results["action", policy].outcomes[Outcome.ASSISTANT] for policy in ("fcfs", "ours")}
    assert len(shares) == 1


def test_every_visitor_ends_somehow_and_none_with_nothing(results: Results) -> None:
    for week in WEEKS:
        figures = results[week, "ours"]
        assert sum(figures.outcomes.values()) == figures.visitors
        assert figures.outcomes[Outcome.NOTHING] == 0
        assert results[week, "plain"].outcomes[Outcome.NOTHING] > 0


def test_danger_waits_less_than_when_first_come_is_first_served(results: Results) -> None:
    ours, fcfs = results["action", "ours"], results["action", "fcfs"]
    assert percentile(ours.waits[Urgency.NOW], 95) < percentile(fcfs.waits[Urgency.NOW], 95)
    assert ours.reached_in_time(Urgency.NOW) > fcfs.reached_in_time(Urgency.NOW)


def test_all_goals_are_met(results: Results) -> None:
    assert [report.goal_line(goal) for goal in report.goals(results) if not goal.met] == []


def test_a_wrong_policy_misses_the_goals(results: Results) -> None:
    wrong = results | {("action", "ours"): results["action", "lifo"]}
    missed = {goal.what for goal in report.goals(wrong) if not goal.met}
    assert "action: danger passed over by a worker who took somebody else" in missed
    assert "action: passed by somebody later than the bonus allows" in missed


def test_one_visitor_with_nothing_misses_a_goal(results: Results) -> None:
    figures = replace(results["normal", "ours"], outcomes=Counter({Outcome.NOTHING: 1}))
    missed = [goal for goal in report.goals(results | {("normal", "ours"): figures}) if not goal.met]
    assert "normal: visitors who ended with nothing" in {goal.what for goal in missed}


def test_figures_of_several_weeks_add_up() -> None:
    one, two = one_week(NORMAL, OURS, 1), one_week(NORMAL, OURS, 2)
    visitors, waits = one.visitors + two.visitors, len(one.waits[Urgency.NORMAL]) + len(two.waits[Urgency.NORMAL])
    both = Figures().merge(one).merge(two)
    assert (both.runs, both.visitors, len(both.waits[Urgency.NORMAL])) == (2, visitors, waits)


def test_percentile() -> None:
    assert percentile(range(1, 101), 95) == 95
    assert percentile([7], 95) == 7
    assert percentile([], 95) == 0


def test_the_drawing_is_well_formed_and_says_in_words_what_it_shows(results: Results) -> None:
    drawing = chart.drawing(results)
    root = ElementTree.fromstring(drawing)
    words = {element.tag.rpartition("}")[2]: element.text for element in root}
    assert "Halte: 95 % of those in danger" in words["desc"]
    assert "prefers-color-scheme: dark" in words["style"]
    assert drawing == chart.drawing(results)


def test_the_table_has_a_column_for_each_policy(results: Results) -> None:
    lines = report.table("action", results).splitlines()
    assert {line.count("|") for line in lines} == {len(POLICIES) + 2}
