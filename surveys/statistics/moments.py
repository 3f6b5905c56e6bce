"""Means and cross products of many columns in one pass: what every scale and item statistic is computed from.

Moments of two sets of people add up to those of all of them, so that a thousand new answers to a million cost a
thousand, and a table that does not fit into memory is read in pieces.
"""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
"""People × items, reverse keys applied, NaN where an item has no answer."""

_BLOCK = 1 << 13  # rows that stay in the processor's cache
_ALONE = 1 << 18  # multiplications up to which OpenBLAS works alone


class CrossMoments(msgspec.Struct, frozen=True):
    """``n`` people who answered every item, the items' means, and the sums of products about them (items × items)."""

    n: int
    mean: NDArray[np.float64]
    products: NDArray[np.float64]

    @property
    def covariance(self) -> NDArray[np.float64]:
        """Divisor n − 1. Needs n ≥ 2."""
        return self.products / (self.n - 1)

    def __add__(self, other: CrossMoments) -> CrossMoments:
        """The moments of both sets of people together (Chan, Golub & LeVeque 1979)."""
        n = self.n + other.n
        if n == 0:
            return self
        apart = other.mean - self.mean
        shift = np.outer(apart, apart) * (self.n * other.n / n)
        return CrossMoments(n, self.mean + apart * (other.n / n), self.products + other.products + shift)


def listwise(items: Matrix) -> Matrix:
    """The people who answered every item."""
    missing = np.isnan(items).any(axis=1)
    return items[~missing] if missing.any() else items


def cross_moments(items: Matrix) -> CrossMoments:
    """Moments of the people who answered every item (listwise)."""
    k = items.shape[1]
    found = CrossMoments(0, np.zeros(k), np.zeros((k, k)))
    for start in range(0, len(items), _BLOCK):
        block = items[start : start + _BLOCK]
        mean = block.mean(axis=0)
        if np.isnan(mean).any():
            block = listwise(block)
            if not len(block):
                continue
            mean = block.mean(axis=0)
        found += CrossMoments(len(block), mean, _products(block - mean))
    return found


def _products(centred: Matrix) -> NDArray[np.float64]:
    """X'X in pieces too small for threads: on a busy machine they wait for each other longer than they work, and their
    number must not decide the last digit."""
    n, k = centred.shape
    rows = max(16, _ALONE // max(1, k * k))
    even = n - n % rows
    stacked, rest = centred[:even].reshape(-1, rows, k), centred[even:]
    products: NDArray[np.float64] = np.matmul(stacked.transpose(0, 2, 1), stacked).sum(axis=0) + rest.T @ rest
    return products


def pairwise_covariance(items: Matrix) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Covariances of each two items over the people who answered both, and how many these were (items × items).

    NaN where fewer than two people answered both. Such a matrix need not be one that any people could have: it is for
    showing pairs, and alpha and its kin are computed listwise.
    """
    answered = ~np.isnan(items)
    mask = answered.astype(np.float64)
    n = mask.T @ mask
    means = np.where(answered, items, 0).sum(axis=0) / np.maximum(mask.sum(axis=0), 1)
    filled = np.where(answered, items - means, 0)
    sums = filled.T @ mask  # of item i over those who answered j too
    with np.errstate(divide="ignore", invalid="ignore"):
        covariance = (filled.T @ filled - sums * sums.T / n) / (n - 1)
    return np.where(n > 1, covariance, np.nan), np.rint(n).astype(np.int64)
