"""Shares with the 95 % interval of Wilson (E. B. Wilson, JASA 22, 1927), which holds for few items and near 0 and 1."""

from collections.abc import Iterable
from math import sqrt
from typing import Any

Z = 1.96


def share(hits: Iterable[bool]) -> dict[str, Any]:
    """{part, whole, share, low, high}; share is None without any item."""
    found = list(hits)
    part, whole = sum(found), len(found)
    if not whole:
        return {"part": 0, "whole": 0, "share": None, "low": None, "high": None}
    p = part / whole
    middle = (p + Z * Z / (2 * whole)) / (1 + Z * Z / whole)
    reach = Z * sqrt(p * (1 - p) / whole + Z * Z / (4 * whole * whole)) / (1 + Z * Z / whole)
    low, high = max(0.0, middle - reach), min(1.0, middle + reach)
    return {"part": part, "whole": whole, "share": round(p, 4), "low": round(low, 4), "high": round(high, 4)}


def shown(figure: dict[str, Any]) -> str:
    """`91.2 % (365/400; 88.0 to 93.6)`."""
    if figure["share"] is None:
        return "no items"
    percent = [100 * figure[name] for name in ("share", "low", "high")]
    return f"{percent[0]:.1f} % ({figure['part']}/{figure['whole']}; {percent[1]:.1f} to {percent[2]:.1f})"


def percentile(values: Iterable[float], percent: float) -> float:
    """The value that so many percent do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))] if ordered else 0.0
