"""Patterns in a control chart that chance seldom makes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

RuleSet = Literal["western_electric", "nelson"]
Points = NDArray[np.float64]
"""Distances from the centre line in sigmas, in order of time; NaN: no point, which no pattern reaches across."""


class Signal(NamedTuple):
    """``rule``: its number in the rule set; the pattern began at ``start`` and is complete at ``position`` (from 0)."""

    rule: int
    start: int
    position: int


Pattern = tuple[int, Callable[[Points], NDArray[np.bool_]]]
"""How many points it takes, and which rows of windows show it."""


def run_signals(points: Points, rules: RuleSet = "western_electric") -> list[Signal]:
    """Every completed pattern, by position and rule.

    Western Electric (1956): 1 a point beyond 3σ; 2 two of three beyond 2σ on one side; 3 four of five beyond 1σ on one
    side; 4 eight on one side. Nelson (1984): 1 a point beyond 3σ; 2 nine on one side; 3 six rising or falling; 4
    fourteen alternating; 5 two of three beyond 2σ; 6 four of five beyond 1σ; 7 fifteen within 1σ; 8 eight beyond 1σ on
    either side. Of "two of three" and "four of five" the last point is one of them.
    """
    found = []
    for rule, (length, shows) in enumerate(_RULES[rules], start=1):
        if len(points) < length:
            continue
        windows = sliding_window_view(points, length)
        with np.errstate(invalid="ignore"):  # the step from infinity to infinity
            complete = shows(windows) & ~np.isnan(windows).any(axis=1)
        found += [Signal(rule, int(at), int(at) + length - 1) for at in np.flatnonzero(complete)]
    return sorted(found, key=lambda signal: (signal.position, signal.rule))


def _beyond(limit: float, enough: int) -> Callable[[Points], NDArray[np.bool_]]:
    def shows(windows: Points) -> NDArray[np.bool_]:
        above, below = windows > limit, windows < -limit
        up, down = (each[:, -1] & (each.sum(axis=1) >= enough) for each in (above, below))
        return np.asarray(up | down)

    return shows


def _one_side(windows: Points) -> NDArray[np.bool_]:
    return np.asarray((windows > 0).all(axis=1) | (windows < 0).all(axis=1))


def _trend(windows: Points) -> NDArray[np.bool_]:
    steps = np.diff(windows, axis=1)
    return np.asarray((steps > 0).all(axis=1) | (steps < 0).all(axis=1))


def _alternating(windows: Points) -> NDArray[np.bool_]:
    steps = np.diff(windows, axis=1)
    return np.asarray((steps[:, 1:] * steps[:, :-1] < 0).all(axis=1))


def _within(windows: Points) -> NDArray[np.bool_]:
    return np.asarray((np.abs(windows) < 1).all(axis=1))


def _avoiding(windows: Points) -> NDArray[np.bool_]:
    return np.asarray((np.abs(windows) > 1).all(axis=1))


_RULES: dict[RuleSet, tuple[Pattern, ...]] = {
    "western_electric": ((1, _beyond(3, 1)), (3, _beyond(2, 2)), (5, _beyond(1, 4)), (8, _one_side)),
    "nelson": (
        (1, _beyond(3, 1)),
        (9, _one_side),
        (6, _trend),
        (14, _alternating),
        (3, _beyond(2, 2)),
        (5, _beyond(1, 4)),
        (15, _within),
        (8, _avoiding),
    ),
}
