"""Was a target reached: three verdicts, decided by unrounded figures."""

from __future__ import annotations

from typing import Literal

from surveys.statistics.estimate import Estimate

Direction = Literal["at_least", "at_most"]
Verdict = Literal["demonstrated", "met_not_demonstrated", "not_met", "insufficient"]


def one_sided(confidence: float) -> float:
    """The confidence of the two-sided interval whose bounds each hold ``confidence`` alone: 0.90 for 0.95."""
    return 2 * confidence - 1


def target_verdict(estimate: Estimate, target: float, direction: Direction) -> Verdict:
    """``demonstrated``: the bound towards the target reaches it; ``met_not_demonstrated``: only the value does.

    Give an estimate made at ``one_sided(0.95)``: a target asks in one direction. ``insufficient`` without a value;
    where there is no bound (no variance, too few) nothing can be demonstrated.
    """
    if estimate.value is None:
        return "insufficient"
    bound = estimate.ci_low if direction == "at_least" else estimate.ci_high
    if bound is not None and _reaches(bound, target, direction):
        return "demonstrated"
    return "met_not_demonstrated" if _reaches(estimate.value, target, direction) else "not_met"


def _reaches(figure: float, target: float, direction: Direction) -> bool:
    return figure >= target if direction == "at_least" else figure <= target
