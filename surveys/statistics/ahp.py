"""Analytic hierarchy process: weights and consistency of one person's pairwise comparisons."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

RANDOM_INDEX = (0.0, 0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49)
"""Saaty (1980), The Analytic Hierarchy Process: mean consistency index of random matrices, by number of criteria."""

ACCEPTABLE = 0.1


class Weighing(NamedTuple):
    """``weights`` add up to 1. ``consistency_ratio`` is 0 for perfect consistency; up to 0.1 is acceptable."""

    weights: tuple[float, ...]
    consistency_ratio: float


def weigh(comparisons: NDArray[np.float64]) -> Weighing:
    """Weights by the geometric mean of rows (Crawford & Williams 1985), and Saaty's consistency ratio.

    ``comparisons``: n × n, 2 ≤ n ≤ 10; [i, j] says how many times as important i is as j, [j, i] its reciprocal. λ is
    the mean of (A w)ᵢ / wᵢ, the consistency index (λ − n) / (n − 1), the ratio that over the random index.
    """
    n = len(comparisons)
    means = np.exp(np.log(comparisons).mean(axis=1))
    weights = means / means.sum()
    largest = float(np.mean(comparisons @ weights / weights))
    index = max(0.0, largest - n) / (n - 1)
    ratio = index / RANDOM_INDEX[n] if RANDOM_INDEX[n] else 0.0
    # Rounding leaves an ulp where every comparison agrees.
    return Weighing(tuple(float(each) for each in weights), 0.0 if math.isclose(ratio, 0, abs_tol=1e-12) else ratio)
