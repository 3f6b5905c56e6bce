"""Kano: what a feature is to people, from how they would feel with it and without it."""

from __future__ import annotations

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


def _index(counts: Mapping[Category, int], *categories: Category) -> Estimate:
    n = sum(counts.get(each, 0) for each in ("A", "O", "M", "I"))
    share = wilson(sum(counts.get(each, 0) for each in categories), n)
    return msgspec.structs.replace(share, method="kano", params={"categories": list(categories), **share.params})
