"""Difference in differences: what changed in the pilot beyond what changed in the comparison group."""

from __future__ import annotations

import math

import msgspec
import numpy as np
from numpy.typing import NDArray

from surveys.statistics.estimate import CONFIDENCE, Estimate
from surveys.statistics.means import Contrast

Values = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Fit(msgspec.Struct, frozen=True):
    """The four means' regression: design, inverse of X'X, residuals and the rows of each cluster."""

    design: Values
    inverse: Values
    residuals: Values
    clusters: list[NDArray[np.int64]]


def difference_in_differences(
    values: Values,
    treated: Flags,
    after: Flags,
    clusters: NDArray[np.int64] | None = None,
    confidence: float = CONFIDENCE,
) -> Estimate:
    """(pilot after − pilot before) − (comparison after − comparison before) by least squares with the interaction.

    One row per answer. Answers of one cluster (a person seen twice, a team) may hang together: the variance is
    the cluster-robust CR2 of Bell & McCaffrey (2002) with Satterthwaite's degrees of freedom (Pustejovsky & Tipton
    2018), which holds for few clusters too; each row for itself where ``clusters`` is None (HC2). Own closed form.
    params: the four means, cells' n, number of clusters, and ``error_cr1`` (as Stata and statsmodels print it).
    No value where one of the four cells is empty; no interval where nothing varies or one cluster is all there is.
    """
    cells = [values[(treated == t) & (after == a)] for t in (True, False) for a in (True, False)]
    params: dict[str, object] = {"n": [len(cell) for cell in cells]}
    if not all(map(len, cells)):
        return Estimate(
            value=None,
            method="difference_in_differences",
            n_valid=len(values),
            confidence=confidence,
            params=params,
        )
    means = [float(cell.mean()) for cell in cells]
    fit = _fit(values, treated, after, np.arange(len(values)) if clusters is None else clusters)
    contrast = _bell_mccaffrey((means[0] - means[1]) - (means[2] - means[3]), fit)
    low, high = contrast.interval(confidence)
    return Estimate(
        value=contrast.difference,
        method="difference_in_differences",
        n_valid=len(values),
        ci_low=low,
        ci_high=high,
        confidence=confidence,
        params=params
        | {"means": means, "clusters": len(fit.clusters), "error": contrast.error, "error_cr1": _error_cr1(fit)}
        | contrast.test(),
    )


def _fit(values: Values, treated: Flags, after: Flags, clusters: NDArray[np.int64]) -> Fit:
    design = np.column_stack([np.ones(len(values)), treated, after, treated & after]).astype(np.float64)
    inverse = np.linalg.inv(design.T @ design).astype(np.float64)
    residuals = values - design @ (inverse @ (design.T @ values))
    order = np.argsort(clusters, kind="stable")
    starts = np.flatnonzero(np.diff(clusters[order])) + 1
    return Fit(design, inverse, residuals, np.split(order, starts))


def _bell_mccaffrey(difference: float, fit: Fit) -> Contrast:
    """CR2: residuals of a cluster are blown up by (I − H)^−½ of its rows, the symmetric root, found by X's own SVD."""
    count, scale = len(fit.clusters), float(np.abs(fit.residuals).max())
    if count < 2 or scale <= 1e-12 * max(1e-300, abs(difference)):
        return Contrast(difference)
    root = np.linalg.cholesky(fit.inverse)
    lengths, pulls, scores = np.empty(count), np.empty((count, 4)), np.empty(count)
    for place, rows in enumerate(fit.clusters):
        design = fit.design[rows]
        left, sizes, _ = np.linalg.svd(design @ root, full_matrices=False)
        rest = 1 - sizes**2
        # a cluster that alone decides a mean leaves no residual there: the generalised inverse
        lifts = np.where(rest > 1e-10, 1 / np.sqrt(np.maximum(rest, 1e-10)), 0.0) - 1
        target = design @ fit.inverse[:, 3]
        weights = target + left @ (lifts * (left.T @ target))
        lengths[place] = weights @ weights
        pulls[place] = design.T @ weights
        scores[place] = weights @ fit.residuals[rows]
    # the variance is a quadratic form whose matrix is diag(lengths) − pulls · (X'X)⁻¹ · pulls'
    inner = fit.inverse @ (pulls.T @ pulls)
    trace = float(lengths.sum() - np.trace(inner))
    squares = float(
        (lengths**2).sum()
        - 2 * (lengths * np.einsum("ij,jk,ik->i", pulls, fit.inverse, pulls)).sum()
        + np.trace(inner @ inner)
    )
    error = math.sqrt(float(scores @ scores))
    if error <= 1e-12 * scale or squares <= 0:
        return Contrast(difference)
    return Contrast(difference, error, trace**2 / squares)


def _error_cr1(fit: Fit) -> float | None:
    """The usual sandwich with G/(G − 1) · (N − 1)/(N − 4)."""
    count, n = len(fit.clusters), len(fit.residuals)
    if count < 2 or n <= 4:
        return None
    weights = fit.design @ fit.inverse[:, 3]
    scores = np.array([float(weights[rows] @ fit.residuals[rows]) for rows in fit.clusters])
    return math.sqrt(count / (count - 1) * (n - 1) / (n - 4) * float(scores @ scores))
