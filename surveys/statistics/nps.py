"""Net promoter score, only of whole numbers 0 to 10 and only where a question is declared as such."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from surveys.statistics.distributions import normal_quantile
from surveys.statistics.estimate import CONFIDENCE, Estimate


class NotANetPromoterScale(ValueError):
    """The answers are not whole numbers from 0 to 10, so that promoters and detractors mean nothing."""


def net_promoter_score(values: NDArray[np.float64], confidence: float = CONFIDENCE) -> Estimate:
    """Percent promoters (9, 10) minus percent detractors (0–6), −100 to 100; no value where n = 0.

    The interval is the adjusted Wald of Rocks (2016, The American Statistician 70(4)): three answers are added, ¾ to
    promoters and to detractors each, so that it has a width where all are passive. params carry the three counts, the
    adjusted centre and the plain trinomial standard error √((p + d − (p − d)²) / n), all in points.

    Raises NotANetPromoterScale for anything but whole numbers 0 to 10.
    """
    if np.any((values < 0) | (values > 10) | (values != np.floor(values))):
        raise NotANetPromoterScale("net promoter scores need whole numbers from 0 to 10")
    n = len(values)
    promoters, detractors = int(np.count_nonzero(values >= 9)), int(np.count_nonzero(values <= 6))
    params: dict[str, float] = {
        "promoters": promoters,
        "passives": n - promoters - detractors,
        "detractors": detractors,
    }
    if n == 0:
        return Estimate(value=None, method="nps_adjusted_wald", n_valid=0, confidence=confidence, params=params)
    centre, error = _score(promoters + 0.75, detractors + 0.75, n + 3)
    margin = normal_quantile(0.5 + confidence / 2) * error
    params |= {"standard_error": 100 * _score(promoters, detractors, n)[1], "adjusted_centre": 100 * centre}
    return Estimate(
        value=100 * (promoters - detractors) / n,
        method="nps_adjusted_wald",
        n_valid=n,
        ci_low=max(-100.0, 100 * (centre - margin)),
        ci_high=min(100.0, 100 * (centre + margin)),
        confidence=confidence,
        params=params,
    )


def _score(promoters: float, detractors: float, n: float) -> tuple[float, float]:
    """The score and its standard error as shares."""
    score = (promoters - detractors) / n
    return score, math.sqrt(max(0.0, (promoters + detractors) / n - score**2) / n)
