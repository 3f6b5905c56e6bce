"""The one record behind every printed number."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

CONFIDENCE = 0.95


class Counts(NamedTuple):
    """How many people gave a valid answer and how many gave each kind of nothing; they add up to the responses."""

    valid: int
    missing: int = 0
    not_applicable: int = 0
    not_shown: int = 0


class Estimate(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A figure with its n, interval and method. No record, no figure.

    ``value`` is None where it cannot be computed (n = 0, variance 0) or must not be shown (``suppressed``).
    Proportions are 0–1, times minutes, scale scores in points of their answer scale.
    """

    value: float | None
    method: str  # key of a text on the methods page and in docs/statistics.md, e.g. "mean_t", "wilson"
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

    @property
    def counts(self) -> Counts:
        return Counts(self.n_valid, self.n_missing, self.n_not_applicable, self.n_not_shown)

    def among(self, counts: Counts) -> Estimate:
        """The same estimate with the kinds of nothing beside its n."""
        return msgspec.structs.replace(
            self,
            n_missing=counts.missing,
            n_not_applicable=counts.not_applicable,
            n_not_shown=counts.not_shown,
        )

    def without_value(self, reason: str, *, suppressed: bool = False) -> Estimate:
        """The record without its figure. ``reason``: few (n < 10), small_group (n < k), unanimous, blocked.

        Where it is ``suppressed`` no count is left either: those who said nothing tell how many said something.
        """
        counts = Counts(0) if suppressed else self.counts
        return msgspec.structs.replace(
            self,
            value=None,
            ci_low=None,
            ci_high=None,
            params={"reason": reason},
            n_valid=counts.valid,
            suppressed=suppressed,
        ).among(counts)
