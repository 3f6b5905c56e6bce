"""Answers that look careless: counted, never dropped, and what the scales would be without them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from surveys.analysis.findings import ScaleFinding, WithoutFlagged
from surveys.analysis.groups import Filter, Groups
from surveys.analysis.levels import items, unless_unanimous
from surveys.analysis.view import View
from surveys.frame import answered_columns
from surveys.scoring import score_column
from surveys.statistics.careless import long_string, straight_lining, too_fast
from surveys.statistics.estimate import Counts
from surveys.statistics.mean import mean_t

Flags = NDArray[np.bool_]


def careless_flags(view: View) -> dict[str, Flags]:
    """For each sign, which of the responses show it."""
    answers = view.matrix(tuple(column.name for column in items(view)))
    answered = answered_columns(view.frame, list(view.columns.values()))
    return {
        "straight_lining": straight_lining(answers),
        "long_string": long_string(answers),
        "too_fast": too_fast(view.matrix(("_seconds",))[:, 0], answered),
    }


def without_flagged(
    view: View, groups: Groups, conditions: Filter, scales: Sequence[ScaleFinding], flags: Mapping[str, Flags]
) -> tuple[WithoutFlagged, ...]:
    """Scales with answers flagged by any sign and without them, in the questionnaire's order.

    Those who are left, and those who are not, are groups beside all others. So of a protected wave they are told once,
    when it is settled and nothing was erased, of everybody, and only where both stand apart from every other group.
    """
    if not flags or (groups.protects and (conditions or groups.moving or view.policy.erasures)):
        return ()
    flagged = np.logical_or.reduce([*flags.values()])
    columns = {scale.code: score_column(scale) for scale in view.questionnaire.scales}
    found = []
    for scale in scales:
        scores = view.matrix((columns[scale.code],))[:, 0]
        there = ~np.isnan(scores)
        left, out = there & ~flagged, there & flagged
        if scale.mean.value is None or not out.any():
            continue
        if groups.protects and not _apart(groups, left, out, there):
            continue
        counts = Counts(int(left.sum()), view.n - int(left.sum()))
        estimate = unless_unanimous(view, mean_t(scores[left]), scores[left]).among(counts)
        without = view.policy.figure(estimate)
        if without.value is not None:
            found.append(
                WithoutFlagged(
                    code=scale.code, label=scale.label, low=scale.low, high=scale.high, everybody=scale.mean,
                    without=without,
                )
            )  # fmt: skip
    return tuple(found)


def _apart(groups: Groups, left: Flags, out: Flags, there: Flags) -> bool:
    enough = min(int(left.sum()), int(out.sum())) >= groups.least
    return enough and groups.stands_apart(left, there) and groups.stands_apart(out, there)
