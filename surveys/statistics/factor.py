"""One common factor, fitted by maximum likelihood."""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray

_LEAST = 0.005  # the least share of an item's variance that is left unique, as in R's factanal
_TINY = 1e-12


class OneFactor(msgspec.Struct, frozen=True):
    """``loadings`` and ``uniquenesses`` in the items' own units; ``standardised`` loadings are correlations."""

    loadings: NDArray[np.float64]
    uniquenesses: NDArray[np.float64]
    standardised: NDArray[np.float64]
    heywood: bool  # an item's unique variance ended at the least allowed

    def information(self, n: int) -> NDArray[np.float64]:
        """Expected information of (loadings, uniquenesses) from n people: n/2 · tr(Σ⁻¹ ∂Σ Σ⁻¹ ∂Σ)."""
        inverse = np.linalg.inv(np.outer(self.loadings, self.loadings) + np.diag(self.uniquenesses))
        pulled = inverse @ self.loadings
        of_loadings = 2 * (np.outer(pulled, pulled) + (self.loadings @ pulled) * inverse)
        mixed = 2 * inverse * pulled
        return n / 2 * np.block([[of_loadings, mixed], [mixed.T, inverse**2]])


def one_factor(covariance: NDArray[np.float64]) -> OneFactor | None:
    """The factor that makes the covariances of three or more items most likely (Jöreskog 1967; Lawley & Maxwell 1971).

    Turned so that its loadings add up to something positive. None where an item does not vary, where items determine
    one another, or where the search does not converge.
    """
    from scipy.optimize import minimize  # slow to load, and few pages need it

    deviations = np.sqrt(np.diag(covariance))
    if np.any(deviations <= _TINY):
        return None
    correlation = covariance / np.outer(deviations, deviations)
    if np.linalg.eigvalsh(correlation)[0] <= _TINY:
        return None
    k = len(covariance)
    start = np.clip((1 - 0.5 / k) / np.diag(np.linalg.inv(correlation)), 2 * _LEAST, 1)
    found = minimize(
        _misfit,
        start,
        args=(correlation,),
        jac=True,
        method="L-BFGS-B",
        bounds=[(_LEAST, 1.0)] * k,
        options={"ftol": 1e-15, "gtol": 1e-9, "maxiter": 1000},
    )
    _, gradient = _misfit(found.x, correlation)
    inside = (found.x > _LEAST) & (found.x < 1)
    if np.any(np.abs(gradient[inside]) > 1e-4):
        return None
    standardised = _loadings(found.x, correlation)
    standardised = standardised if standardised.sum() >= 0 else -standardised
    return OneFactor(
        loadings=standardised * deviations,
        uniquenesses=found.x * deviations**2,
        standardised=standardised,
        heywood=bool(np.any(found.x <= _LEAST)),
    )


def _scaled(unique: NDArray[np.float64], correlation: NDArray[np.float64]) -> NDArray[np.float64]:
    root = np.sqrt(unique)
    scaled: NDArray[np.float64] = correlation / np.outer(root, root)
    return scaled


def _loadings(unique: NDArray[np.float64], correlation: NDArray[np.float64]) -> NDArray[np.float64]:
    """The best loadings for given unique variances."""
    values, vectors = np.linalg.eigh(_scaled(unique, correlation))
    best: NDArray[np.float64] = np.sqrt(unique) * vectors[:, -1] * np.sqrt(max(values[-1] - 1, 0.0))
    return best


def _misfit(unique: NDArray[np.float64], correlation: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
    """The discrepancy that maximum likelihood minimises, profiled over the loadings, and its gradient."""
    others = np.linalg.eigvalsh(_scaled(unique, correlation))[:-1]
    loadings = _loadings(unique, correlation)
    gradient = (loadings**2 + unique - np.diag(correlation)) / unique**2
    return float(np.sum(others - np.log(others)) - len(others)), gradient
