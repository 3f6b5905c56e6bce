"""How large an effect is, in words: conventions for the reader, never part of a verdict."""

from __future__ import annotations

import math
from typing import Literal

Size = Literal["negligible", "small", "medium", "large"]

_SIZES: tuple[Size, ...] = ("negligible", "small", "medium", "large")
STANDARDISED = (0.2, 0.5, 0.8)  # Cohen (1988): d, g and h
DOMINANCE = (0.147, 0.33, 0.474)  # Romano et al. (2006): Cliff's delta at Cohen's d


def size_in_words(figure: float, limits: tuple[float, float, float] = STANDARDISED) -> Size:
    """The word for the unsigned ``figure``: each limit begins the next larger word."""
    return _SIZES[sum(abs(figure) >= limit for limit in limits)]


def cohens_h(first: float, second: float) -> float:
    """2 asin √first − 2 asin √second, the distance of two shares (Cohen 1988, ch. 6)."""
    return 2 * math.asin(math.sqrt(first)) - 2 * math.asin(math.sqrt(second))


def superiority(delta: float) -> float:
    """Of two cases, one from each group, the probability that the first is larger, ties half: (δ + 1)/2.

    What a lead can picture of Cliff's delta (McGraw & Wong 1992; Vargha & Delaney 2000).
    """
    return (delta + 1) / 2
