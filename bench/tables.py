"""Tables of medians, ratios to the first server, and faults."""

import statistics
from collections.abc import Sequence

from bench.site import Site
from bench.steps import Row

ACK = [("ackp50", "ack p50 ms"), ("ackp99", "ack p99 ms")]
COLUMNS = {
    "saturate": [("rate", "acked/s"), ("cpu_us", "server CPU us/msg"), ("client_us", "client CPU us/msg"), *ACK],
    "steady": [("p50", "v->s p50 ms"), ("p99", "v->s p99 ms"), *ACK, ("cpu_us", "server CPU us/msg")],
    "talk": [("rate", "acked/s"), ("cpu_us", "server CPU us/msg"), ("client_us", "client CPU us/msg"), *ACK],
    "twoway": [
        ("p50", "v->s p50 ms"),
        ("p99", "v->s p99 ms"),
        ("back_p50", "s->v p50 ms"),
        ("back_p99", "s->v p99 ms"),
        ("cpu_us", "server CPU us/msg"),
    ],
    "idle": [
        ("kib_each", "KiB each"),
        ("opened_per_s", "opened/s"),
        ("idle_cpu_percent", "idle CPU %"),
        ("free_ack", "ack ms without"),
        ("crowd_ack", "ack ms among them"),
    ],
    "queue": [
        ("free_p50", "p50 without"),
        ("p50", "p50 ms"),
        ("free_p99", "p99 without"),
        ("p99", "p99 ms"),
        ("free_cpu_ms_per_s", "CPU ms/s without"),
        ("cpu_ms_per_s", "CPU ms/s"),
        ("positions", "told"),
    ],
    "claim": [
        ("claim_us", "CPU us/claim+close"),
        ("claim_p50", "claim ack p50 ms"),
        ("background_ms_per_s", "other CPU ms/s"),
    ],
}
FAULTS = ("lost", "reordered", "doubled", "unacked", "missing")


def rows_of(site: Site, step: str) -> list[Row]:
    return [row for row in site.rows if row["step"] == step]


def median(site: Site, step: str, key: str) -> float:
    return statistics.median(row[key] for row in rows_of(site, step))


def ratio(site: Site, first: Site, step: str, key: str) -> float:
    """Median of the ratios round by round: rounds are interleaved, so noise hits both servers alike."""
    pairs = zip(rows_of(site, step), rows_of(first, step), strict=True)
    return statistics.median(mine[key] / other[key] for mine, other in pairs if other[key])


def faults_of(site: Site, step: str) -> dict[str, int]:
    counted = {name: sum(row.get(name, 0) for row in rows_of(site, step)) for name in FAULTS}
    return {name: count for name, count in counted.items() if count}


def table(sites: Sequence[Site], step: str) -> str:
    """Each cell: median, ratio to the first server, [lowest .. highest]."""
    lines = [f"\n{step} (rounds: {len(rows_of(sites[0], step))})"]
    lines.append("  ".join([f"{'server':24}", *(f"{title:>30}" for _, title in COLUMNS[step]), "faults"]))
    for site in sites:
        cells = [cell(site, sites[0], step, key).rjust(30) for key, _ in COLUMNS[step]]
        wrong = ", ".join(f"{count} {name}" for name, count in faults_of(site, step).items()) or "none"
        lines.append("  ".join([f"{site.name:24}", *cells, wrong]))
    return "\n".join(lines)


def cell(site: Site, first: Site, step: str, key: str) -> str:
    values = [row[key] for row in rows_of(site, step)]
    return (
        f"{statistics.median(values):.4g} {ratio(site, first, step, key):.2f}x [{min(values):.4g} .. {max(values):.4g}]"
    )


def markdown(sites: Sequence[Site], step: str) -> str:
    """The same for docs/performance.md: median (ratio)."""
    titles = ["server", *(title for _, title in COLUMNS[step]), "faults"]
    lines = [f"`{step}`, {len(rows_of(sites[0], step))} rounds", "", as_row(titles), as_row(["---"] * len(titles))]
    for site in sites:
        keys = [key for key, _ in COLUMNS[step]]
        cells = [f"{shown(median(site, step, key))} ({ratio(site, sites[0], step, key):.2f})" for key in keys]
        wrong = ", ".join(f"{count} {name}" for name, count in faults_of(site, step).items()) or "none"
        lines.append(as_row([site.name, *cells, wrong]))
    return "\n".join(lines)


def shown(figure: float) -> str:
    return f"{figure:,.0f}" if figure >= 100 else f"{figure:.2g}"


def as_row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
