"""Signs of careless answering: counted and shown, never a reason to drop an answer silently."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

ENOUGH_ITEMS = 6  # below that, equal answers say nothing
SECONDS_PER_ITEM = 2.0

Flags = NDArray[np.bool_]


def straight_lining(items: NDArray[np.float64]) -> Flags:
    """People (rows) who gave one answer to all of at least six scaled items (columns, NaN: none), before reversal."""
    answered = ~np.isnan(items)
    low = np.where(answered, items, np.inf).min(axis=1, initial=np.inf)
    high = np.where(answered, items, -np.inf).max(axis=1, initial=-np.inf)
    return np.asarray((answered.sum(axis=1) >= ENOUGH_ITEMS) & (low == high))


def long_string(items: NDArray[np.float64]) -> Flags:
    """People whose longest run of one answer covers more than half of their scaled items, and at least six.

    Johnson (2005); the half is Curran's (2016) rule of thumb. Items in the order asked; skipped ones neither break
    nor lengthen a run.
    """
    people, count = items.shape
    previous = np.full(people, np.nan)
    run, longest = np.zeros(people, dtype=np.int64), np.zeros(people, dtype=np.int64)
    for column in range(count):
        answer = items[:, column]
        answered = ~np.isnan(answer)
        run = np.where(answered, np.where(answer == previous, run + 1, 1), run)
        previous = np.where(answered, answer, previous)
        longest = np.maximum(longest, run)
    answers = np.count_nonzero(~np.isnan(items), axis=1)
    return np.asarray((longest >= ENOUGH_ITEMS) & (2 * longest > answers))


def too_fast(seconds: NDArray[np.float64], answered: NDArray[np.int64]) -> Flags:
    """People who took under two seconds per answered column (Huang et al. 2012); unknown times (NaN) are not fast."""
    return np.asarray((answered > 0) & (seconds < SECONDS_PER_ITEM * answered))
