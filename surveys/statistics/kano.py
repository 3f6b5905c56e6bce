"""Kano: what a feature is to people, from how they would feel with it and without it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal, NamedTuple

import msgspec

from surveys.statistics.estimate import Estimate
from surveys.statistics.proportion import wilson

Feeling = Literal["like", "expect", "neutral", "tolerate", "dislike"]
Category = Literal["M", "O", "A", "I", "R", "Q"]

FEELINGS: tuple[Feeling, ...] = ("like", "expect", "neutral", "tolerate", "dislike")
CATEGORIES: tuple[Category, ...] = ("M", "O", "A", "I", "R", "Q")
"""Must-be, one-dimensional, attractive, indifferent, reverse, questionable; where two tie the first of them counts."""

_TABLE = ("QAAAO", "RIIIM", "RIIIM", "RIIIM", "RRRRQ")
"""Rows: with the feature; columns: without it; both from like to dislike (Berger et al. 1993). Not Pouliot's variant,
which calls expecting or tolerating both ways questionable."""

_FONG = 1.65  # the normal quantile as Fong prints it


class Verdict(NamedTuple):
    """``category`` has the most answers (None where there are none); ``tie``: another one has as many."""

    category: Category | None
    tie: bool


def category_of(present: str, absent: str) -> Category:
    """What one person's two feelings make of a feature. Raises ``ValueError`` on anything but a feeling."""
    row = _TABLE[[*FEELINGS].index(present)]  # type: ignore[arg-type]
    found = row[[*FEELINGS].index(absent)]  # type: ignore[arg-type]
    return found  # type: ignore[return-value]


def verdict(counts: Mapping[Category, int]) -> Verdict:
    """The category of most answers; ties go to M over O over A over I over R over Q."""
    most = max(counts.get(each, 0) for each in CATEGORIES)
    if not most:
        return Verdict(None, False)
    leaders = [each for each in CATEGORIES if counts.get(each, 0) == most]
    return Verdict(leaders[0], len(leaders) > 1)


def category_strength(counts: Mapping[Category, int]) -> float | None:
    """How far the first category leads the second, as a share of all answers; None where there are none.

    Lee & Newcomb (1997) call a feature mixed where it is below 0.06.
    """
    first, second = _leading(counts)
    n = sum(counts.values())
    return (first - second) / n if n else None


def total_strength(counts: Mapping[Category, int]) -> float | None:
    """The share of answers that are M, O or A: how many care for the feature at all (Lee & Newcomb 1997)."""
    n = sum(counts.values())
    return sum(counts.get(each, 0) for each in ("M", "O", "A")) / n if n else None


def distinct(counts: Mapping[Category, int]) -> bool:
    """Whether the first category leads the second by more than chance does at 10 %, by Fong's (1996) test:
    |a − b| ≥ 1.65 · √((a + b)(2n − a − b) / 2n)."""
    first, second = _leading(counts)
    n = sum(counts.values())
    return n > 0 and first - second >= _FONG * math.sqrt((first + second) * (2 * n - first - second) / (2 * n))


def better(counts: Mapping[Category, int]) -> Estimate:
    """Satisfaction index (A + O) / (A + O + M + I), 0 to 1, with Wilson's interval."""
    return _index(counts, "A", "O")


def worse(counts: Mapping[Category, int]) -> Estimate:
    """Dissatisfaction index −(O + M) / (A + O + M + I), −1 to 0, with Wilson's interval turned round."""
    share = _index(counts, "O", "M")
    return msgspec.structs.replace(
        share,
        value=None if share.value is None else -share.value,
        ci_low=None if share.ci_high is None else -share.ci_high,
        ci_high=None if share.ci_low is None else -share.ci_low,
    )


def _leading(counts: Mapping[Category, int]) -> tuple[int, int]:
    """The largest count and the next."""
    first, second, *_ = sorted((counts.get(each, 0) for each in CATEGORIES), reverse=True)
    return first, second


def _index(counts: Mapping[Category, int], *categories: Category) -> Estimate:
    n = sum(counts.get(each, 0) for each in ("A", "O", "M", "I"))
    share = wilson(sum(counts.get(each, 0) for each in categories), n)
    return msgspec.structs.replace(share, method="kano", params={"categories": list(categories), **share.params})
