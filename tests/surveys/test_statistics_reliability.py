"""Omega, KR-21, intraclass correlation, kappa and the moments they are made of."""

from __future__ import annotations

import numpy as np
import pytest

from surveys.statistics.agreement import Form, intraclass_correlation, rating_table, weighted_kappa
from surveys.statistics.correlation import pearson
from surveys.statistics.factor import one_factor
from surveys.statistics.moments import CrossMoments, cross_moments, pairwise_covariance
from surveys.statistics.reliability import cronbach_alpha, kr20, kr21, omega_total, reliability
from tests.surveys.reference import data, expected

NAN = np.nan

SHROUT_FLEISS = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7.0]])
SKIN = np.array([[10, 4, 1, 0], [5, 10, 12, 2], [2, 4, 12, 5], [0, 2, 6, 13]])


@pytest.mark.parametrize(
    ("form", "value", "low", "high"),
    [
        ("1,1", 0.17, -0.133, 0.723),
        ("2,1", 0.29, 0.019, 0.761),
        ("3,1", 0.71, 0.342, 0.946),
        ("1,k", 0.44, -0.884, 0.912),
        ("2,k", 0.62, 0.071, 0.927),
        ("3,k", 0.91, 0.676, 0.986),
    ],
)
def test_intraclass_correlations_of_shrout_and_fleiss(form: Form, value: float, low: float, high: float) -> None:
    # Shrout & Fleiss (1979), tables 2 and 4; intervals as printed by R's psych::ICC
    found = intraclass_correlation(SHROUT_FLEISS, form)
    assert found.value == pytest.approx(value, abs=0.005)
    assert (found.ci_low, found.ci_high) == pytest.approx((low, high), abs=0.001)


def test_the_consistency_of_all_raters_mean_is_alpha() -> None:
    found, alpha = intraclass_correlation(SHROUT_FLEISS, "3,k"), cronbach_alpha(SHROUT_FLEISS)
    assert (found.value, found.ci_low, found.ci_high) == pytest.approx((alpha.value, alpha.ci_low, alpha.ci_high))


def test_raters_who_cannot_be_compared_have_no_correlation() -> None:
    assert intraclass_correlation(np.full((5, 2), 3.0)).value is None
    assert intraclass_correlation(SHROUT_FLEISS[:, :1]).value is None
    same = intraclass_correlation(np.repeat([[1.0], [2.0], [4.0]], 2, axis=1))
    assert (same.value, same.ci_low) == (1.0, None)


def test_kappa_of_two_dermatologists() -> None:
    # SAS/STAT user's guide, PROC FREQ, example "Cohen's kappa coefficient" (skin condition, 88 patients)
    simple, linear = weighted_kappa(SKIN, "none"), weighted_kappa(SKIN, "linear")
    assert (simple.value, simple.params["standard_error"]) == pytest.approx((0.3449, 0.0724), abs=5e-5)
    assert (simple.ci_low, simple.ci_high) == pytest.approx((0.2030, 0.4868), abs=5e-5)
    assert (linear.value, linear.params["standard_error"]) == pytest.approx((0.5082, 0.0655), abs=5e-5)
    assert (linear.ci_low, linear.ci_high) == pytest.approx((0.3798, 0.6366), abs=5e-5)


def test_quadratic_kappa_is_an_intraclass_correlation_when_there_are_many() -> None:
    # Fleiss & Cohen (1973)
    cells = np.argwhere(SKIN > -1)
    ratings = np.repeat(cells, SKIN.ravel() * 200, axis=0).astype(np.float64)
    kappa = weighted_kappa(SKIN * 200, "quadratic").value
    assert kappa == pytest.approx(intraclass_correlation(ratings, "2,1").value, abs=1e-3)


def test_kappa_needs_one_set_of_categories_and_something_to_disagree_about() -> None:
    with pytest.raises(ValueError, match="square"):
        weighted_kappa(np.ones((2, 3), dtype=np.int64))
    assert weighted_kappa(np.array([[9, 0], [0, 0]])).value is None
    categories, counts = rating_table(np.array([1.0, 2, 5, NAN]), np.array([1.0, 5, 5, 2]))
    assert (categories, counts.tolist()) == ([1, 2, 5], [[1, 0, 0], [0, 0, 1], [0, 0, 1]])


def test_kr21_of_the_lsat() -> None:
    case = expected("b01_lsat6")["ctt"]
    answers = data("b01_lsat6", "lsat6.csv").to_numpy().astype(np.float64)
    assert kr21(answers) == pytest.approx(case["kr21"], abs=1e-9)
    assert kr20(answers).value == pytest.approx(case["kr20"], abs=1e-9)


def answers_from(loadings: np.ndarray, people: int = 400, seed: int = 5) -> np.ndarray:
    draw = np.random.default_rng(seed)
    noise = draw.normal(size=(people, len(loadings)))
    return draw.normal(size=(people, 1)) * loadings + noise


def test_the_factor_comes_back_from_the_covariances_it_makes() -> None:
    loadings, unique = np.array([0.9, 1.4, 0.5, 2.0]), np.array([1.0, 0.7, 2.0, 1.5])
    found = one_factor(np.outer(loadings, loadings) + np.diag(unique))
    assert found is not None
    assert found.loadings == pytest.approx(loadings, abs=1e-5)
    assert found.uniquenesses == pytest.approx(unique, abs=1e-5)


def test_the_information_of_a_factor_is_the_trace_it_stands_for() -> None:
    loadings, unique = np.array([0.9, 1.4, 0.5]), np.array([1.0, 0.7, 2.0])
    fit = one_factor(np.outer(loadings, loadings) + np.diag(unique))
    assert fit is not None
    inverse, units = np.linalg.inv(np.outer(fit.loadings, fit.loadings) + np.diag(fit.uniquenesses)), np.eye(3)
    slopes = [np.outer(unit, fit.loadings) + np.outer(fit.loadings, unit) for unit in units]
    slopes += [np.diag(unit) for unit in units]
    traces = [[50 * np.trace(inverse @ a @ inverse @ b) for b in slopes] for a in slopes]
    assert fit.information(100) == pytest.approx(np.array(traces), rel=1e-9)


def test_omega_is_alpha_where_items_load_equally_and_more_where_they_do_not() -> None:
    # 1 with 0.5 beside it: an exactly parallel sample
    parallel = CrossMoments(50, np.zeros(4), 49 * (np.full((4, 4), 0.5) + 0.5 * np.eye(4)))
    assert omega_total(parallel).value == pytest.approx(cronbach_alpha(parallel).value, abs=1e-6)
    unequal = answers_from(np.array([0.2, 0.5, 1.5, 2.0]))
    omega = omega_total(unequal)
    assert omega.value is not None
    assert omega.value > (cronbach_alpha(unequal).value or 1)
    assert omega.ci_low is not None
    assert omega.ci_high is not None
    assert 0 <= omega.ci_low < omega.value < omega.ci_high <= 1


def test_omegas_interval_covers_the_true_value_about_as_often_as_it_says() -> None:
    loadings = np.array([0.6, 0.9, 1.1, 0.8])
    true = loadings.sum() ** 2 / (loadings.sum() ** 2 + 4)
    found = [omega_total(answers_from(loadings, 300, seed)) for seed in range(60)]
    covered = sum((each.ci_low or 0) <= true <= (each.ci_high or 0) for each in found)
    assert 52 <= covered <= 60


def test_omega_is_refused_where_no_factor_is_identified() -> None:
    assert omega_total(answers_from(np.array([1.0, 1.0]))).value is None
    assert omega_total(answers_from(np.ones(4), people=4)).value is None
    constant = answers_from(np.ones(4))
    constant[:, 0] = 3
    assert omega_total(constant).value is None
    doubled = answers_from(np.ones(3))
    assert omega_total(np.column_stack([doubled, doubled[:, 0]])).value is None


def test_moments_of_two_waves_add_up_to_those_of_both() -> None:
    answers = answers_from(np.array([1.0, 0.5, 2.0, 1.0])) + 1e6
    answers[3, 1] = NAN
    both, whole = cross_moments(answers[:150]) + cross_moments(answers[150:]), cross_moments(answers)
    assert both.n == whole.n == 399
    assert both.mean == pytest.approx(whole.mean)
    assert both.covariance == pytest.approx(whole.covariance)
    complete = answers[~np.isnan(answers).any(axis=1)]
    assert whole.covariance == pytest.approx(np.cov(complete, rowvar=False), rel=1e-9)


def test_a_table_from_moments_is_that_from_answers() -> None:
    answers = answers_from(np.array([1.0, 0.5, 2.0]))
    assert reliability(cross_moments(answers)) == reliability(answers)
    assert reliability(np.empty((0, 3))).means == [None, None, None]


def test_pairwise_covariances_use_whoever_answered_both() -> None:
    answers = answers_from(np.array([1.0, 0.5, 2.0]), people=30)
    answers[:5, 0], answers[20:, 2] = NAN, NAN
    covariance, n = pairwise_covariance(answers)
    assert (n[0, 2], n[0, 1], n[2, 2]) == (15, 25, 20)
    both = answers[5:20]
    assert covariance[0, 2] == pytest.approx(np.cov(both[:, 0], both[:, 2])[0, 1])
    assert np.isnan(pairwise_covariance(np.array([[1.0, NAN], [NAN, 2.0]]))[0][0, 1])


def test_a_correlation_has_fishers_interval() -> None:
    # R: cor.test(mtcars$mpg, mtcars$wt): r = −0.8676594, n = 32, interval −0.9338264 … −0.7440872
    from surveys.statistics.correlation import fisher_interval

    assert fisher_interval(-0.8676594, 32) == pytest.approx((-0.9338264, -0.7440872), abs=1e-6)
    assert pearson(np.array([1.0, 2, 3]), np.array([2.0, 2, 2])).value is None
    assert pearson(np.array([1.0, 2, NAN, 4]), np.array([2.0, 4, 1, 8])).value == pytest.approx(1)
