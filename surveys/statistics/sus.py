"""The System Usability Scale: ten items of alternating direction, one score from 0 to 100."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

ITEMS = 10


def usability_scores(answers: NDArray[np.float64]) -> NDArray[np.float64]:
    """2.5 × (Σ odd items (x − 1) + Σ even items (5 − x)) of each person who answered all ten, others left out.

    ``answers``: people × 10 on 1–5 as answered, NaN for nothing. Source: Brooke (1996), "SUS: a quick and dirty
    usability scale". Raises ``ValueError`` where there are not ten items.
    """
    if answers.shape[1] != ITEMS:
        raise ValueError(f"the scale has {ITEMS} items, not {answers.shape[1]}")
    complete = answers[~np.isnan(answers).any(axis=1)]
    odd, even = complete[:, 0::2], complete[:, 1::2]
    scores: NDArray[np.float64] = 2.5 * ((odd - 1).sum(axis=1) + (5 - even).sum(axis=1))
    return scores
