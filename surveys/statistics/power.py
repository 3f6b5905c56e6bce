"""Before anything is launched: how many answers show a change, and which change so many answers can show."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal

from surveys.statistics.distributions import noncentral_t, normal_below, normal_quantile, root, t_quantile
from surveys.statistics.estimate import Estimate

POWER, ALPHA = 0.8, 0.05
_MOST = 1e9
Design = Literal["independent", "paired"]


def power_means(n: float, difference: float, sd: float, design: Design = "independent", alpha: float = ALPHA) -> float:
    """The probability that a two-sided t test shows ``difference``, by the noncentral t (Cohen 1988, ch. 2).

    ``n`` per group, or pairs. ``sd``: of one group's values, or of the changes where paired (``sd_of_changes``). The
    chance of a significant difference in the wrong direction is left out, as R's power.t.test does.
    """
    df = (n - 1) * (2 if design == "independent" else 1)
    noncentrality = abs(difference) / sd * math.sqrt(n / (2 if design == "independent" else 1))
    return 1 - noncentral_t(t_quantile(1 - alpha / 2, df), df, noncentrality)


def power_proportions(n: float, first: float, second: float, alpha: float = ALPHA) -> float:
    """The probability that ``n`` answers per group show the difference of two shares (Fleiss 1981; power.prop.test)."""
    pooled = (first + second) / 2
    null = normal_quantile(1 - alpha / 2) * math.sqrt(2 * pooled * (1 - pooled))
    spread = math.sqrt(first * (1 - first) + second * (1 - second))
    if spread == 0:
        return 1.0 if first != second else 0.0
    return normal_below((math.sqrt(n) * abs(first - second) - null) / spread)


def sd_of_changes(sd: float, correlation: float) -> float:
    """The standard deviation of one person's change, both times varying by ``sd`` and correlated."""
    return sd * math.sqrt(2 * (1 - correlation))


def needed_for_means(
    difference: float, sd: float, design: Design = "independent", power: float = POWER, alpha: float = ALPHA
) -> Estimate:
    """Answers per group (or pairs) for ``power`` to show ``difference``; value whole, ``params.exact`` not rounded.

    None where ``difference`` or ``sd`` is 0: no number shows no difference, and any shows one without spread.
    """
    exact = None
    if difference and sd > 0:
        exact = _least(lambda n: power_means(n, difference, sd, design, alpha), power)
    return Estimate(
        value=None if exact is None else float(math.ceil(exact - 1e-9)),
        method="needed_for_means",
        n_valid=0,
        params={"difference": difference, "sd": sd, "design": design, "power": power, "alpha": alpha, "exact": exact},
    )


def needed_for_proportions(first: float, second: float, power: float = POWER, alpha: float = ALPHA) -> Estimate:
    """Answers per group for ``power`` to show the difference of two shares; None where they are equal."""
    exact = None
    if first != second:
        exact = _least(lambda n: power_proportions(n, first, second, alpha), power)
    return Estimate(
        value=None if exact is None else float(math.ceil(exact - 1e-9)),
        method="needed_for_proportions",
        n_valid=0,
        params={"first": first, "second": second, "power": power, "alpha": alpha, "exact": exact},
    )


def detectable_difference(
    n: int, sd: float, design: Design = "independent", power: float = POWER, alpha: float = ALPHA
) -> Estimate:
    """The smallest difference of means that ``n`` answers per group (or pairs) show with ``power``."""
    value = None
    if n > 1 and sd > 0:
        value = sd * root(lambda size: power_means(n, size, 1.0, design, alpha) - power, 1e-9, _reach(n))
    return Estimate(
        value=value,
        method="detectable_difference",
        n_valid=0,
        params={"n": n, "sd": sd, "design": design, "power": power, "alpha": alpha},
    )


def detectable_share(
    n: int, before: float, direction: Literal["up", "down"], power: float = POWER, alpha: float = ALPHA
) -> Estimate:
    """The share nearest to ``before`` that ``n`` answers per group tell from it; None where none does."""
    end = 1.0 if direction == "up" else 0.0
    value = None
    if n > 0 and power_proportions(n, end, before, alpha) >= power:
        nearest = before + (1e-9 if direction == "up" else -1e-9)
        value = root(lambda share: power_proportions(n, share, before, alpha) - power, nearest, end)
    return Estimate(
        value=value,
        method="detectable_share",
        n_valid=0,
        params={"n": n, "before": before, "direction": direction, "power": power, "alpha": alpha},
    )


def _least(power_of: Callable[[float], float], power: float) -> float | None:
    """The smallest n from 2 whose power reaches ``power``."""
    high = 2.0
    if power_of(high) >= power:
        return high
    while power_of(high) < power:
        if high > _MOST:
            return None
        high *= 2
    return root(lambda n: power_of(n) - power, high / 2, high)


def _reach(n: int) -> float:
    """A standardised difference that any ``n`` from two shows."""
    return 400.0 / math.sqrt(n)
