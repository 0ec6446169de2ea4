"""Both kinds of week under every policy, several times; on all cores, with the same result on any number of them."""

from concurrent.futures import ProcessPoolExecutor

from simulation.figures import Figures
from simulation.line import Line
from simulation.parameters import ACTION, MODEL, NORMAL, Model, Week
from simulation.policies import FCFS, OURS, PLAIN, Policy
from simulation.visitors import losses_of, visitors_of

WEEKS = {week.name: week for week in (NORMAL, ACTION)}
POLICIES = {policy.name: policy for policy in (PLAIN, FCFS, OURS)}

Results = dict[tuple[str, str], Figures]


def one_week(week: Week, policy: Policy, seed: int, model: Model = MODEL) -> Figures:
    line = Line(model, policy, visitors_of(week, model, seed), losses_of(model, seed))
    return Figures().add(line.run(week.called_in))


def all_weeks(seeds: int) -> Results:
    """(week, policy) -> figures of all seeds together."""
    jobs = [(week, policy, seed) for week in WEEKS for policy in POLICIES for seed in range(seeds)]
    results: Results = {}
    with ProcessPoolExecutor() as pool:
        for (week, policy, _), figures in zip(jobs, pool.map(_job, jobs), strict=True):
            results.setdefault((week, policy), Figures()).merge(figures)
    return results


def _job(job: tuple[str, str, int]) -> Figures:
    week, policy, seed = job
    return one_week(WEEKS[week], POLICIES[policy], seed)
