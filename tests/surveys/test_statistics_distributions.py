"""The distributions and formulas written here say what scipy's say where scipy has an answer, and more where not."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import binom, binomtest, f_oneway, ncf

from surveys.statistics.comparison import GroupMoments, omega_squared, welch_anova
from surveys.statistics.distributions import noncentral_f, root
from surveys.statistics.proportion import wilson
from surveys.statistics.quantile import median_order_statistic


@pytest.mark.parametrize("value", [0.4, 1.7, 12.0])
@pytest.mark.parametrize("noncentrality", [0.0, 0.3, 8.0, 90.0])
def test_the_noncentral_f_is_that_of_scipy(value: float, noncentrality: float) -> None:
    assert noncentral_f(value, 4, 61.5, noncentrality) == pytest.approx(
        ncf.cdf(value, 4, 61.5, noncentrality), abs=1e-12
    )


def test_a_hundred_thousand_answers_have_an_effect_with_an_interval() -> None:
    found = welch_anova([GroupMoments(12_500, 3 + 0.2 * place, 1.0) for place in range(8)])
    assert found is not None
    assert found.p == 0.0
    assert found.effect.value is not None
    assert found.effect.ci_low is not None
    assert found.effect.ci_high is not None
    assert 0.15 < found.effect.ci_low < found.effect.value < found.effect.ci_high < 0.20


def test_an_effect_stays_between_its_bounds_however_many_answer() -> None:
    for people in (10**3, 10**4, 10**5, 10**6):
        for statistic in (1.0, 5.0, 80.0, 2000.0):
            effect = omega_squared(statistic, (5.0, people / 2), people)
            assert effect.ci_low is not None
            assert effect.ci_high is not None
            assert 0 <= effect.ci_low <= effect.ci_high < 1


def test_welch_is_the_analysis_of_variance_that_scipy_makes() -> None:
    draw = np.random.default_rng(5)
    groups = [draw.normal(mean, spread, n) for mean, spread, n in ((3, 1, 40), (3.2, 0.6, 25), (2.9, 1.4, 61))]
    found = welch_anova([GroupMoments(len(g), float(g.mean()), float(g.var(ddof=1))) for g in groups])
    expected = f_oneway(*groups, equal_var=False)
    assert found is not None
    assert (found.statistic, found.p) == pytest.approx((expected.statistic, expected.pvalue), abs=1e-12)


def test_wilson_is_that_of_scipy() -> None:
    draw = random.Random(5)
    for _ in range(100):
        n = draw.randint(1, 500)
        successes = draw.randint(0, n)
        expected = binomtest(successes, n).proportion_ci(0.95, method="wilson")
        found = wilson(successes, n)
        assert [found.ci_low, found.ci_high] == pytest.approx([expected.low, expected.high], abs=1e-12)


@pytest.mark.parametrize("n", [*range(1, 60), 190, 1000, 99_999])
def test_a_median_interval_takes_the_narrowest_order_statistics_that_cover_95_percent(n: int) -> None:
    found = median_order_statistic(np.arange(n, dtype=np.float64))
    rank = found.params.get("rank", 0)
    assert binom.cdf(rank - 1, n, 0.5) <= 0.025 < binom.cdf(rank, n, 0.5)
    assert (found.ci_low is None) is (rank == 0)


@pytest.mark.parametrize("function", [lambda x: x**3 - 2, lambda x: math.exp(-x) - 0.3, lambda x: 1 - x / 7])
def test_a_root_is_found(function) -> None:
    assert root(function, 0.0, 9.0) == pytest.approx(brentq(function, 0.0, 9.0, xtol=1e-13), abs=1e-9)
