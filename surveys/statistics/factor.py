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
    unique = np.clip((1 - 0.5 / k) / np.diag(np.linalg.inv(correlation)), 2 * _LEAST, 1)
    heaviest = np.linalg.eigh(correlation)[1][:, -1]
    start = np.concatenate([np.sqrt(1 - unique) * np.where(heaviest < 0, -1, 1), unique])
    found = minimize(
        _misfit,
        start,
        args=(correlation,),
        jac=True,
        method="L-BFGS-B",
        bounds=[(None, None)] * k + [(_LEAST, 1.0)] * k,
        options={"ftol": 1e-15, "gtol": 1e-9, "maxiter": 2000, "maxfun": 5000, "maxcor": 20},
    )
    standardised, unique = found.x[:k], found.x[k:]
    slope = _misfit(found.x, correlation)[1]
    free = np.concatenate([np.full(k, True), (unique > _LEAST) & (unique < 1)])
    if np.any(np.abs(slope[free]) > 1e-4):
        return None
    standardised = standardised if standardised.sum() >= 0 else -standardised
    return OneFactor(
        loadings=standardised * deviations,
        uniquenesses=unique * deviations**2,
        standardised=standardised,
        heywood=bool(np.any(unique <= _LEAST)),
    )


def _misfit(parameters: NDArray[np.float64], correlation: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
    """log|Σ| + tr(RΣ⁻¹) for Σ = λλ' + ψ, and its gradient by λ and ψ.

    Σ⁻¹ by Sherman and Morrison's formula: nothing is decomposed, so that no threads are waited for.
    """
    loadings, unique = np.split(parameters, 2)
    pulled = loadings / unique
    common = 1 + loadings @ pulled
    seen = correlation @ pulled
    explained = pulled @ seen
    value = np.log(unique).sum() + np.log(common) + (np.diag(correlation) / unique).sum() - explained / common
    # Σ⁻¹λ and the diagonals of Σ⁻¹ and Σ⁻¹RΣ⁻¹
    turned = pulled / common
    inverse = 1 / unique - pulled * turned
    back = np.diag(correlation) / unique**2 - 2 * turned * seen / unique + turned**2 * explained
    by_loadings = 2 * (turned - (seen / unique - pulled * explained / common) / common)
    return float(value), np.concatenate([by_loadings, inverse - back])
