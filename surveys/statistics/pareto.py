"""The vital few and the useful many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

VITAL = 0.8


class ParetoRow(NamedTuple):
    """``position`` in the weights given; share and cumulative share of their sum (0–1)."""

    position: int
    weight: float
    share: float
    cumulative: float
    vital: bool


def pareto(weights: Sequence[float], line: float = VITAL) -> list[ParetoRow]:
    """Heaviest first, ties as given (Juran 1951).

    ``vital`` are the rows needed to reach ``line``: the row that crosses it is one of them. Nothing is vital, and all
    shares are 0, where the weights add up to nothing.
    """
    total = float(sum(weights))
    rows: list[ParetoRow] = []
    before = 0.0
    for position in sorted(range(len(weights)), key=lambda i: (-weights[i], i)):
        weight = float(weights[position])
        cumulative = (before + weight) / total if total else 0.0
        # A hair of tolerance: 0.1 + 0.7 must count as having reached 0.8.
        vital = total > 0 and weight > 0 and before / total < line - 1e-12
        rows.append(ParetoRow(position, weight, weight / total if total else 0.0, cumulative, vital))
        before += weight
    return rows
