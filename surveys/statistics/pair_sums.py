"""The k-th smallest of all sums of pairs, and distributions of ranks: what Hodges–Lehmann intervals are made of."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
AT_ONCE = 2_000_000  # pairs that are simply written out


class PairSums:
    """All a + b, or with ``within`` the sums a[i] + a[j] of i ≤ j, in order; a hundred thousand values take seconds."""

    def __init__(self, a: Values, b: Values | None = None) -> None:
        self.a, self.within = np.sort(a), b is None
        self.b = self.a if b is None else np.sort(b)
        self.size = len(a) * (len(a) + 1) // 2 if b is None else len(a) * len(b)
        self._written: Values | None = None
        if self.size <= AT_ONCE:
            sums = np.add.outer(self.a, self.b)
            self._written = np.sort(sums[np.triu_indices(len(a))] if self.within else sums.ravel())

    def smallest(self, rank: int) -> float:
        """The sum of ``rank``, counted from 1."""
        if self._written is not None:
            return float(self._written[rank - 1])
        low, high = float(self.a[0] + self.b[0]), float(self.a[-1] + self.b[-1])
        while low < (middle := low + (high - low) / 2) < high:
            low, high = (low, middle) if self._up_to(middle) >= rank else (middle, high)
        return low if self._up_to(low) >= rank else high

    def median(self) -> float:
        return (self.smallest((self.size + 1) // 2) + self.smallest(self.size // 2 + 1)) / 2

    def _up_to(self, limit: float) -> int:
        found = int(np.searchsorted(self.b, limit - self.a, side="right").sum())
        return (found + int((2 * self.a <= limit).sum())) // 2 if self.within else found


def rank_sum_counts(m: int, n: int) -> Values:
    """In how many of the orders of m and n values the Mann–Whitney statistic is 0, 1, …, m·n (Mann & Whitney 1947)."""
    ways = np.zeros((m + 1, m * (2 * n + m + 1) // 2 + 1))
    ways[0, 0] = 1
    for rank in range(1, m + n + 1):
        ways[1:, rank:] += ways[:-1, :-rank].copy()
    return ways[m, m * (m + 1) // 2 :]


def signed_rank_counts(n: int) -> Values:
    """In how many of the 2ⁿ choices of signs the positive ranks sum to 0, 1, …, n(n + 1)/2 (Wilcoxon 1945)."""
    ways = np.zeros(n * (n + 1) // 2 + 1)
    ways[0] = 1
    for rank in range(1, n + 1):
        ways[rank:] += ways[:-rank].copy()
    return ways


def lower_tail(counts: Values) -> Callable[[int], float]:
    """P(statistic ≤ x) from ``counts``, 0 below their first place."""
    shares = np.cumsum(counts) / counts.sum()
    return lambda x: float(shares[min(x, len(shares) - 1)]) if x >= 0 else 0.0


def tie_sum(values: Values) -> float:
    """Σ(t³ − t) over the groups of t equal values: what ties take from the variance of ranks."""
    _, sizes = np.unique(values, return_counts=True)
    sizes = sizes.astype(np.float64)
    return float((sizes**3 - sizes).sum())
