"""Orders that people put the same things into: where each stands, the most frequent order, how far people agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from surveys.statistics.estimate import Estimate

Order = Sequence[str]


def positions(orders: Sequence[Order], code: str) -> NDArray[np.float64]:
    """The place, from 1, that each order gives to ``code``; orders without it are left out."""
    return np.array([list(order).index(code) + 1 for order in orders if code in order], dtype=np.float64)


def frequent_orders(orders: Sequence[Order], most: int) -> list[tuple[tuple[str, ...], int]]:
    """The ``most`` frequent orders with how many people gave each; of equally frequent ones the first by its codes."""
    counted = Counter(tuple(order) for order in orders)
    return sorted(counted.items(), key=lambda each: (-each[1], each[0]))[:most]


def kendall_w(orders: Sequence[Order], codes: Sequence[str]) -> Estimate:
    """Kendall's coefficient of concordance among the orders that hold all ``codes``: 0 no agreement, 1 one order.

    W = 12 S / (m² (k³ − k)) for m orders of k things without ties, S being the sum of squared deviations of the rank
    sums from their mean (Kendall & Babington Smith 1939). None where m < 2 or k < 2. It has no interval here.
    """
    whole = [list(order) for order in orders if set(order) == set(codes)]
    m, k = len(whole), len(codes)
    if m < 2 or k < 2:
        return Estimate(value=None, method="kendall_w", n_valid=m)
    sums = np.array([sum(order.index(code) + 1 for order in whole) for code in codes], dtype=np.float64)
    s = float(np.sum((sums - sums.mean()) ** 2))
    return Estimate(value=12 * s / (m**2 * (k**3 - k)), method="kendall_w", n_valid=m)
