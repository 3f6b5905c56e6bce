"""A straight trend over time: what was under way before anything was changed."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from surveys.statistics.estimate import CONFIDENCE, Estimate
from surveys.statistics.means import Contrast

Values = NDArray[np.float64]


def linear_trend(when: Values, values: Values, confidence: float = CONFIDENCE) -> Estimate:
    """The slope of ``values`` per unit of ``when`` by least squares with Student's t at n − 2 degrees of freedom.

    No value where fewer than three points or no two different times are there; no interval on an exact line.
    """
    n = len(values)
    centred = when - when.mean() if n else when
    spread = float(centred @ centred)
    if n < 3 or spread <= 0:
        return Estimate(value=None, method="linear_trend", n_valid=n, confidence=confidence)
    slope = float(centred @ values) / spread
    residuals = values - values.mean() - slope * centred
    error = math.sqrt(float(residuals @ residuals) / (n - 2) / spread)
    contrast = Contrast(slope, error, n - 2.0) if error > 1e-12 * abs(slope) and error > 0 else Contrast(slope)
    low, high = contrast.interval(confidence)
    return Estimate(
        value=slope,
        method="linear_trend",
        n_valid=n,
        ci_low=low,
        ci_high=high,
        confidence=confidence,
        params=contrast.test(),
    )
