"""Crosstabs, ordinal association, importance–performance."""

from __future__ import annotations

import itertools

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.statistics.crosstab import contingency, crosstab, crosstab_of
from surveys.statistics.importance import Ratings, importance_performance
from surveys.statistics.ordinal import gamma, tau_b

PARTIES = np.array([[762, 327, 468], [484, 239, 477]])  # gender × party, Agresti (2007), table 2.5
INCOME = np.array([[1, 3, 10, 6], [2, 3, 10, 7], [1, 6, 14, 12], [0, 1, 9, 11]])  # × job satisfaction, Agresti (2002)
NAN = np.nan

tables = st.tuples(st.integers(2, 4), st.integers(2, 4)).flatmap(
    lambda shape: st.lists(st.integers(0, 9), min_size=shape[0] * shape[1], max_size=shape[0] * shape[1]).map(
        lambda cells: np.array(cells).reshape(shape)
    )
)


def labels(table: np.ndarray) -> tuple[list[str], list[str]]:
    return [*map(str, range(table.shape[0]))], [*map(str, range(table.shape[1]))]


def test_gender_and_party_have_the_published_test_and_residuals() -> None:
    found = crosstab_of(PARTIES, *labels(PARTIES))
    assert (found.chi_squared, found.df) == (pytest.approx(30.07015, abs=5e-6), 2)
    assert found.p == pytest.approx(2.953589e-07, rel=1e-6)  # R: chisq.test, the example of its help page
    assert found.test == "chi_squared"
    residuals = [[4.5020535, 0.6994517, -5.3159455], [-4.5020535, -0.6994517, 5.3159455]]
    for row, published in zip(found.adjusted_residuals, residuals, strict=True):
        assert row == pytest.approx(published, abs=1e-6)
    v = found.cramers_v
    assert v.value == pytest.approx((30.07015 / 2757) ** 0.5, abs=1e-7)
    assert v.ci_low is not None
    assert v.ci_high is not None
    assert v.ci_low < v.value < v.ci_high  # type: ignore[operator]
    assert (found.cramers_v_corrected or 1) < v.value  # type: ignore[operator]


@pytest.mark.parametrize(
    ("table", "p"),
    [
        ([[3, 1], [1, 3]], 0.4857142857),  # Fisher (1935), the lady tasting tea
        ([[2, 15], [10, 3]], 0.0005367241),  # Fisher (1962), convictions of twins: R's fisher.test
        ([[0, 4], [4, 0]], 2 / 70),
    ],
)
def test_small_tables_have_fishers_exact_p(table: list[list[int]], p: float) -> None:
    found = crosstab_of(np.array(table), ["a", "b"], ["a", "b"])
    assert found.p_fisher == pytest.approx(p, rel=1e-6)
    exact = min(min(row) for row in found.expected) < 5
    assert (found.test, found.p) == (("fisher", found.p_fisher) if exact else ("chi_squared", found.p_chi_squared))


def test_a_large_two_by_two_table_is_tested_by_chi_squared() -> None:
    found = crosstab_of(np.array([[60, 40], [45, 55]]), ["a", "b"], ["a", "b"])
    assert found.test == "chi_squared"
    assert not found.sparse
    assert found.p_fisher == pytest.approx(found.p, abs=0.02)


def test_a_sparse_table_says_so() -> None:
    assert crosstab_of(np.array([[1, 2, 3], [2, 1, 20]]), *labels(np.ones((2, 3)))).sparse


def test_an_empty_row_leaves_nothing_to_test() -> None:
    found = crosstab_of(np.array([[3, 4], [0, 0]]), ["a", "b"], ["a", "b"])
    assert (found.chi_squared, found.p, found.test, found.cramers_v.value) == (None, None, None, None)
    assert crosstab(pl.Series([], dtype=pl.String), pl.Series([], dtype=pl.Int64)).n == 0


def test_people_without_one_of_the_answers_are_missing() -> None:
    rows, columns, counts, missing = contingency(
        pl.Series(["乙", "甲", None, "甲"]), pl.Series([2, 10, 2, None], dtype=pl.Int64)
    )
    assert (rows, columns, counts.tolist(), missing) == (["乙", "甲"], ["2", "10"], [[1, 0], [0, 1]], 2)


@settings(max_examples=80, deadline=None)
@given(tables)
def test_what_holds_of_any_table(table: np.ndarray) -> None:
    found, turned = crosstab_of(table, *labels(table)), crosstab_of(table.T, *labels(table.T))
    assert (found.chi_squared is None) == (not (table.sum(axis=0).all() and table.sum(axis=1).all()))
    if found.chi_squared is not None:
        assert turned.chi_squared == pytest.approx(found.chi_squared)
        assert 0 <= (found.p or 0) <= 1
        assert 0 <= (found.cramers_v.value or 0) <= 1
        assert np.array(found.expected).sum() == pytest.approx(table.sum())
    if table.shape == (2, 2) and found.p_fisher is not None:
        assert turned.p_fisher == pytest.approx(found.p_fisher)


def test_gamma_of_income_and_job_satisfaction() -> None:
    # Agresti (2002), Categorical Data Analysis, §2.4.5 and §3.4.3: 1331 concordant, 849 discordant, SE 0.117
    found = gamma(INCOME)
    assert found.value == pytest.approx((1331 - 849) / (1331 + 849))
    assert found.params["standard_error"] == pytest.approx(0.117, abs=5e-4)


@settings(max_examples=80, deadline=None)
@given(tables)
def test_gamma_and_tau_are_what_counting_pairs_gives(table: np.ndarray) -> None:
    people = [(i, j) for (i, j), n in np.ndenumerate(table) for _ in range(n)]
    concordant = discordant = rows = columns = 0
    for (a, b), (c, d) in itertools.combinations(people, 2):
        order = (a - c) * (b - d)
        concordant, discordant = concordant + (order > 0), discordant + (order < 0)
        rows, columns = rows + (a != c), columns + (b != d)
    untied = concordant + discordant
    expected_gamma = (concordant - discordant) / untied if untied else None
    expected_tau = (concordant - discordant) / (rows * columns) ** 0.5 if rows and columns else None
    found, found_tau = gamma(table), tau_b(table)
    assert found.value == (None if expected_gamma is None else pytest.approx(expected_gamma))
    assert found_tau.value == (None if expected_tau is None else pytest.approx(expected_tau))
    for each in (found, found_tau):
        if each.ci_low is not None and each.ci_high is not None:
            assert -1 <= each.ci_low <= each.value <= each.ci_high <= 1  # type: ignore[operator]
    turned = gamma(table[::-1])
    assert (turned.value or 0) == pytest.approx(-(found.value or 0))


def test_taus_standard_error_is_about_that_of_repeated_samples() -> None:
    draw = np.random.default_rng(17)
    population = INCOME / INCOME.sum()
    drawn = [tau_b(draw.multinomial(400, population.ravel()).reshape(4, 4)) for _ in range(400)]
    spread = np.std([each.value for each in drawn], ddof=1)
    assert np.mean([each.params["standard_error"] for each in drawn]) == pytest.approx(spread, rel=0.12)


def ratings(importance: list[float], performance: list[float]) -> Ratings:
    return Ratings(np.array(importance), np.array(performance))


def test_attributes_fall_into_quadrants_round_the_printed_crosshair() -> None:
    found = importance_performance(
        {
            "speed": ratings([5, 5, 5, 4], [1, 2, 1, 2]),
            "courtesy": ratings([5, 4, 5, 4], [5, 5, 4, 5]),
            "forms": ratings([1, 2, 1, NAN], [1, 2, NAN, 2]),
            "lobby": ratings([1, 1, 2, 1], [5, 5, 5, 5]),
        }
    )
    assert [each.quadrant for each in found.attributes] == [
        "concentrate",
        "keep_up",
        "low_priority",
        "possible_overkill",
    ]
    means = [each.importance.value for each in found.attributes]
    assert found.crosshair is not None
    assert found.crosshair[0] == pytest.approx(sum(m or 0 for m in means) / 4)
    assert found.crosshair_by == "means"
    forms = found.attributes[2]
    assert (forms.gap.n_valid, forms.gap.value) == (2, 0.0)


def test_a_given_crosshair_moves_the_quadrants_and_its_own_points_are_above_it() -> None:
    one = {"speed": ratings([3, 3, 3], [2, 3, 4])}
    found = importance_performance(one, crosshair=(3.0, 3.5))
    assert (found.crosshair, found.crosshair_by) == ((3.0, 3.5), "given")
    assert found.attributes[0].quadrant == "concentrate"
    assert found.attributes[0].uncertain


def test_attributes_nobody_rated_have_no_quadrant() -> None:
    found = importance_performance({"speed": ratings([NAN], [NAN])})
    assert found.crosshair is None
    assert found.attributes[0].quadrant is None
