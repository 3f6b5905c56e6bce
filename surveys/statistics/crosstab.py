"""Two variables against each other: chi-squared, Cramér's V, residuals, Fisher's exact test."""

from __future__ import annotations

import math
from typing import Literal

import msgspec
import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import chdtr, chdtrc, chndtrinc

from surveys.statistics.estimate import CONFIDENCE, Estimate
from surveys.statistics.proportion_differences import fisher_exact

Table = NDArray[np.int64]
"""Counts, rows × columns."""


class Crosstab(msgspec.Struct, frozen=True, kw_only=True):
    """Counts with what would be expected if rows and columns had nothing to do with each other.

    ``adjusted_residuals`` beyond about ±2 show the cells that make the association. ``p`` is that of ``test``; a table
    with an empty margin, or of one row or column, has no test.
    """

    rows: list[str]
    columns: list[str]
    counts: list[list[int]]
    expected: list[list[float]]
    adjusted_residuals: list[list[float | None]]
    n: int
    n_missing: int
    chi_squared: float | None
    df: int
    p_chi_squared: float | None
    p_fisher: float | None  # of two by two
    test: Literal["chi_squared", "fisher"] | None
    p: float | None
    sparse: bool  # Cochran's rule is broken: do not trust the chi-squared test
    cramers_v: Estimate
    cramers_v_corrected: float | None


def contingency(rows: pl.Series, columns: pl.Series) -> tuple[list[str], list[str], Table, int]:
    """Labels (sorted) and counts of the people who have both values, and the number of those who have not."""
    if len(rows) != len(columns):
        raise ValueError("a table needs a row value and a column value of each person")
    pairs = pl.DataFrame({"row": rows, "column": columns})
    both = pairs.drop_nulls()
    row_values, column_values = (both[name].unique().sort() for name in both.columns)
    places = [(both[name].rank("dense").cast(pl.Int64) - 1).to_numpy() for name in both.columns]
    counts = np.zeros((len(row_values), len(column_values)), dtype=np.int64)
    np.add.at(counts, (places[0], places[1]), 1)
    return [*map(str, row_values)], [*map(str, column_values)], counts, len(pairs) - len(both)


def crosstab(rows: pl.Series, columns: pl.Series, confidence: float = CONFIDENCE) -> Crosstab:
    """The table of two columns of equal length, null: no answer."""
    row_labels, column_labels, counts, missing = contingency(rows, columns)
    return crosstab_of(counts, row_labels, column_labels, missing, confidence)


def crosstab_of(
    counts: Table, rows: list[str], columns: list[str], n_missing: int = 0, confidence: float = CONFIDENCE
) -> Crosstab:
    """Pearson's (1900) χ² without continuity correction; Haberman's (1973) adjusted residuals; Cramér's (1946) V.

    Fisher's (1922) exact test decides where the table is two by two and a count under 5 is expected. Larger tables are
    ``sparse`` where over a fifth of the cells expect under 5 or one expects under 1 (Cochran 1954).
    """
    n = int(counts.sum())
    across, down = counts.sum(axis=1), counts.sum(axis=0)
    expected = np.outer(across, down) / n if n else np.zeros(counts.shape)
    testable = min(counts.shape) > 1 and bool(across.all() and down.all())
    df = (counts.shape[0] - 1) * (counts.shape[1] - 1) if testable else 0
    chi_squared = float(((counts - expected) ** 2 / expected).sum()) if testable else None
    p_chi = float(chdtrc(df, chi_squared)) if chi_squared is not None else None
    p_fisher = None
    if testable and counts.shape == (2, 2):
        (a, b), (c, d) = counts.tolist()
        p_fisher = fisher_exact((a, a + b), (c, c + d))
    few = expected < 5
    sparse = testable and (bool(few.mean() > 0.2) or bool((expected < 1).any()))
    exact = p_fisher is not None and bool(few.any())
    return Crosstab(
        rows=rows,
        columns=columns,
        counts=counts.tolist(),
        expected=expected.tolist(),
        adjusted_residuals=_adjusted_residuals(counts, expected, n),
        n=n,
        n_missing=n_missing,
        chi_squared=chi_squared,
        df=df,
        p_chi_squared=p_chi,
        p_fisher=p_fisher,
        test=None if not testable else "fisher" if exact else "chi_squared",
        p=p_fisher if exact else p_chi,
        sparse=sparse,
        cramers_v=_cramers_v(chi_squared, df, n, n_missing, counts.shape, confidence),
        cramers_v_corrected=_corrected(chi_squared, df, n, counts.shape),
    )


def _adjusted_residuals(counts: Table, expected: NDArray[np.float64], n: int) -> list[list[float | None]]:
    """(observed − expected) / √(expected (1 − row share)(1 − column share)); None where it has no variance."""
    if not n:
        return [[None] * counts.shape[1] for _ in counts]
    rows, columns = 1 - counts.sum(axis=1) / n, 1 - counts.sum(axis=0) / n
    variance = expected * np.outer(rows, columns)
    return [
        [float(gap / math.sqrt(spread)) if spread > 1e-12 else None for gap, spread in zip(gaps, spreads, strict=True)]
        for gaps, spreads in zip(counts - expected, variance, strict=True)
    ]


def _cramers_v(
    chi_squared: float | None, df: int, n: int, n_missing: int, shape: tuple[int, ...], confidence: float
) -> Estimate:
    """√(χ² / (n · (smaller side − 1))), biased upwards by chance; its interval inverts the noncentral χ²
    (Steiger 2004) and so is not."""
    value = low = high = None
    if chi_squared is not None:
        full, tail = n * (min(shape) - 1), (1 - confidence) / 2
        value = min(1.0, math.sqrt(chi_squared / full))
        low, high = (min(1.0, math.sqrt(_noncentrality(chi_squared, df, p) / full)) for p in (1 - tail, tail))
    return Estimate(
        value=value,
        method="cramers_v",
        n_valid=n,
        n_missing=n_missing,
        ci_low=low,
        ci_high=high,
        confidence=confidence,
        params={"chi_squared": chi_squared, "df": df},
    )


def _noncentrality(chi_squared: float, df: int, p: float) -> float:
    """Where ``chi_squared`` is the ``p`` quantile; 0 where even the central distribution has less below it."""
    if chdtr(df, chi_squared) <= p:
        return 0.0
    return float(chndtrinc(chi_squared, df, p))


def _corrected(chi_squared: float | None, df: int, n: int, shape: tuple[int, ...]) -> float | None:
    """V without the bias of chance (Bergsma 2013)."""
    if chi_squared is None or n < 2:
        return None
    rows, columns = (side - (side - 1) ** 2 / (n - 1) for side in shape)
    smaller = min(rows, columns) - 1
    return math.sqrt(max(0.0, chi_squared / n - df / (n - 1)) / smaller) if smaller > 0 else None
