"""The one record behind every printed number."""

from __future__ import annotations

from typing import Any

import msgspec


class Estimate(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A figure with its n, interval and method. No record, no figure.

    ``value`` is None where it cannot be computed (n = 0, variance 0) or must not be shown (``suppressed``).
    Proportions are 0–1, times minutes, scale scores in points of their answer scale.
    """

    value: float | None
    method: str  # key of a method text on the methods page, e.g. "mean_t", "wilson", "alpha_feldt", "median_order_statistic"
    n_valid: int
    n_missing: int = 0
    n_not_applicable: int = 0
    n_not_shown: int = 0
    ci_low: float | None = None
    ci_high: float | None = None
    confidence: float = 0.95
    params: dict[str, Any] = msgspec.field(default_factory=dict)
    seed: int | None = None
    suppressed: bool = False
    library_versions: dict[str, str] = msgspec.field(default_factory=dict)
    data_hash: str = ""
