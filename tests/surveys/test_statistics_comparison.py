"""Comparisons against figures computed by R, published, or found by another way of computing."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest, bootstrap, chi2_contingency, fisher_exact, mannwhitneyu, nct, ttest_ind, wilcoxon

from surveys.statistics.bootstrap import bca_bootstrap
from surveys.statistics.comparison import benjamini_hochberg, holm
from surveys.statistics.estimate import Estimate
from surveys.statistics.means import equivalence, hedges_g, hedges_g_paired, mean_against, paired_t, welch_t
from surveys.statistics.proportion import binomial_exact, wilson
from surveys.statistics.proportion_differences import fisher_exact as fisher
from surveys.statistics.proportion_differences import mcnemar, newcombe_difference, newcombe_paired
from surveys.statistics.ranks import cliffs_delta, mann_whitney, wilcoxon_signed_rank
from surveys.statistics.target import Direction, Verdict, one_sided, target_verdict
from tests.surveys.reference import data, expected


def numbers(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float64)


# Student (1908): extra hours of sleep of ten people with two drugs
SLEEP = (
    numbers(0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0),
    numbers(1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4),
)
# Hollander & Wolfe (1973), p. 69: permeability of the human chorioamnion at term and between 12 and 26 weeks
PERMEABILITY = (
    numbers(0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46),
    numbers(1.15, 0.88, 0.90, 0.74, 1.21),
)
# Hollander & Wolfe (1973), p. 29: Hamilton depression scale before and after the first therapy
DEPRESSION = (
    numbers(1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30),
    numbers(0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29),
)


def figures(found: Estimate) -> tuple[float | None, float | None, float | None]:
    return found.value, found.ci_low, found.ci_high


def test_students_sleep_data_have_the_figures_of_r() -> None:
    case, sleep = expected("d01_sleep"), data("d01_sleep", "sleep.csv")
    one, two = (sleep[name].to_numpy().astype(np.float64) for name in ("group1", "group2"))
    for name, found in (("paired", paired_t(one, two)), ("welch", welch_t(one, two))):
        known = case[name]
        assert [found.ci_low, found.ci_high] == pytest.approx(known["ci"], abs=1e-9)
        assert [found.params[key] for key in ("statistic", "df", "p")] == pytest.approx(
            [known[key] for key in ("statistic", "df", "p")], abs=1e-9
        )
    assert paired_t(one, two).params["dz"] == pytest.approx(case["dz"], abs=1e-9)
    ranks = wilcoxon_signed_rank(one, two)
    assert (ranks.params["v"], ranks.params["p"]) == (0, pytest.approx(case["wilcoxon_paired"]["p"], abs=1e-9))
    against, known = mean_against(two, 1.0, one_sided(0.95)), case["one_sample_target_mean1"]
    assert (against.ci_low, against.params["p_greater"]) == pytest.approx((known["ci"][0], known["p"]), abs=1e-9)


def test_welch_and_paired_t_of_the_sleep_data_are_those_published() -> None:
    # R, help pages of sleep and t.test
    welch, paired = welch_t(*SLEEP), paired_t(*SLEEP)
    assert figures(welch)[1:] == pytest.approx((-3.3654832, 0.2054832), abs=5e-8)
    assert (welch.params["df"], welch.params["p"]) == pytest.approx((17.776, 0.07939), abs=5e-4)
    assert figures(paired) == pytest.approx((-1.58, -2.4598858, -0.7001142), abs=5e-8)
    assert paired.params["p"] == pytest.approx(0.002833, abs=5e-7)


def test_the_shift_of_the_permeability_is_that_of_r() -> None:
    # R: wilcox.test(x, y, conf.int = TRUE): W = 35, p = 0.2544, -0.15 to 0.76, difference in location 0.305
    found = mann_whitney(*PERMEABILITY)
    assert figures(found) == pytest.approx((0.305, -0.15, 0.76), abs=1e-9)
    assert (found.params["u"], found.params["p"]) == (35, pytest.approx(0.2544, abs=5e-5))
    assert found.params["exact"]


def test_the_depression_scale_has_hollander_and_wolfes_pseudomedian() -> None:
    # V = 40, one-sided p = 0.01953; estimate 0.46 with 0.010 to 0.786 at 96.1 %
    found = wilcoxon_signed_rank(*DEPRESSION)
    assert figures(found) == pytest.approx((0.46, 0.010, 0.786), abs=1e-9)
    assert (found.params["v"], found.params["p"]) == (40, pytest.approx(2 * 0.01953, abs=1e-5))


@pytest.mark.parametrize("decimals", [0, 1, 9])
def test_rank_tests_are_those_of_scipy_with_and_without_ties(decimals: int) -> None:
    draw = np.random.default_rng(decimals)
    one, two = draw.normal(0.4, 2, 31).round(decimals), draw.normal(0, 2, 31).round(decimals)
    found = mann_whitney(one, two)
    method = "exact" if found.params["exact"] else "asymptotic"
    assert found.params["p"] == pytest.approx(mannwhitneyu(one, two, method=method).pvalue, abs=1e-12)
    signed = wilcoxon_signed_rank(one, two)
    method = "exact" if signed.params["exact"] else "asymptotic"
    known = wilcoxon(one, two, zero_method="wilcox", correction=method != "exact", method=method)
    assert signed.params["p"] == pytest.approx(known.pvalue, abs=1e-12)


def test_the_interval_of_a_shift_holds_the_shifts_that_the_test_does_not_reject() -> None:
    draw = np.random.default_rng(4)
    one, two = draw.normal(1, 1, 14), draw.normal(0, 1, 11)
    _, low, high = figures(mann_whitney(one, two))
    assert low is not None
    assert high is not None
    for shift, rejected in ((low - 1e-6, True), (low + 1e-6, False), (high - 1e-6, False), (high + 1e-6, True)):
        assert bool(mannwhitneyu(one - shift, two, method="exact").pvalue <= 0.05) is rejected


def test_newcombe_differences_equal_those_of_r() -> None:
    for case in expected("c03_propdiff_newcombe")["table"]:
        found = newcombe_difference((case["x1"], case["n1"]), (case["x2"], case["n2"]))
        assert figures(found) == pytest.approx((case["diff"], case["lo"], case["hi"]), abs=1e-9)


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_newcombe_differences_equal_his_table(
    first: tuple[int, int], second: tuple[int, int], low: float, high: float
) -> None:
    # Newcombe (1998), Statistics in Medicine 17:873, table II, method 10
    assert figures(newcombe_difference(first, second))[1:] == pytest.approx((low, high), abs=5e-5)


def test_a_paired_difference_equals_newcombes_table() -> None:
    # Newcombe (1998), Statistics in Medicine 17:2635, table III, method 10: 36, 12, 2, 0
    assert figures(newcombe_paired(36, 12, 2, 0)) == pytest.approx((0.2, 0.0569, 0.3404), abs=5e-5)


@pytest.mark.parametrize(("first", "second"), [((56, 70), (48, 80)), ((3, 40), (0, 25)), ((9, 10), (3, 10))])
def test_a_table_is_tested_as_its_expected_counts_allow(first: tuple[int, int], second: tuple[int, int]) -> None:
    table = [[x, n - x] for x, n in (first, second)]
    params = newcombe_difference(first, second).params
    assert fisher(first, second) == pytest.approx(fisher_exact(table).pvalue, abs=1e-10)
    if chi2_contingency(table).expected_freq.min() < 5:
        assert (params["test"], params["p"]) == ("fisher", pytest.approx(fisher(first, second)))
    else:
        assert (params["test"], params["p"]) == (
            "score",
            pytest.approx(chi2_contingency(table, correction=False).pvalue),
        )


def test_mcnemar_has_exact_and_mid_p() -> None:
    # Agresti (1990), table 10.1: approval of the prime minister, 150 turned one way and 86 the other of 1600
    found = mcnemar(150, 86, 1600)
    exact = binomtest(86, 236, 0.5)
    assert found.params["p_exact"] == pytest.approx(exact.pvalue, rel=1e-9)
    assert found.params["p_mid"] < found.params["p_exact"]
    assert found.params["statistic"] == pytest.approx(63**2 / 236)
    odds = binomtest(150, 236).proportion_ci(0.95, method="exact")
    assert figures(found) == pytest.approx((150 / 86, odds.low / (1 - odds.low), odds.high / (1 - odds.high)), rel=1e-9)
    assert mcnemar(7, 7, 40).params["p_mid"] == pytest.approx(1.0)
    assert mcnemar(5, 0, 40).ci_high is None
    assert mcnemar(0, 0, 40).params["p_exact"] == 1.0


def test_exact_binomial_equals_r() -> None:
    # Conover (1971), p. 97; R: binom.test(682, 925, 0.75)
    found = binomial_exact(682, 925, 0.75)
    assert (found.params["p"], found.ci_low, found.ci_high) == pytest.approx((0.3825, 0.7076683, 0.7654066), abs=5e-5)
    for case in expected("c02_wilson")["newcombe_table_I"] + expected("c02_wilson")["extra"]:
        found = binomial_exact(case["x"], case["n"], 0.5)
        assert (found.ci_low, found.ci_high) == pytest.approx((case["cp_lo"], case["cp_hi"]), abs=1e-9)


def test_target_attainment_equals_the_reference() -> None:
    cases = expected("d10_target_attainment")
    conover = binomial_exact(682, 925, 0.75)
    assert conover.params["p"] == pytest.approx(cases["conover"]["p"], abs=1e-9)
    verdicts: dict[str, Verdict] = {
        "satisfaction_ge_90": "met_not_demonstrated",
        "satisfaction_demonstrated": "demonstrated",
    }
    for name, verdict in verdicts.items():
        case = cases[name]
        share = wilson(case["x"], case["n"], one_sided(0.95))
        assert share.ci_low == pytest.approx(case["one_sided95_lower_wilson"], abs=1e-9)
        assert binomial_exact(case["x"], case["n"], 0.9).params["p_greater"] == pytest.approx(
            case["p_greater_exact"], abs=1e-9
        )
        assert target_verdict(share, 0.9, "at_least") == verdict


@pytest.mark.parametrize(
    ("value", "bound", "direction", "verdict"),
    [
        (0.95, 0.9, "at_least", "demonstrated"),
        (0.95, 0.8999999, "at_least", "met_not_demonstrated"),
        (0.8999999, 0.8, "at_least", "not_met"),
        (47.0, 48.0, "at_most", "demonstrated"),
        (48.0, 48.01, "at_most", "met_not_demonstrated"),
        (48.01, 50.0, "at_most", "not_met"),
        (47.0, None, "at_most", "met_not_demonstrated"),
        (None, None, "at_most", "insufficient"),
    ],
)
def test_unrounded_figures_decide_a_target(
    value: float | None, bound: float | None, direction: Direction, verdict: Verdict
) -> None:
    target = 0.9 if direction == "at_least" else 48.0
    found = Estimate(value=value, method="mean_t", n_valid=30, ci_low=bound, ci_high=bound)
    assert target_verdict(found, target, direction) == verdict


def test_several_tests_are_adjusted_as_r_does() -> None:
    case = expected("c07_multiplicity")
    assert holm(case["p"]) == pytest.approx(case["holm"], abs=1e-9)
    assert benjamini_hochberg(case["p"]) == pytest.approx(case["BH"], abs=1e-9)
    for name, adjusted in (("holm", holm(case["p"])), ("BH", benjamini_hochberg(case["p"]))):
        assert sum(p is not None and p < 0.05 for p in adjusted) == case["rejected_05"][name]


def test_hochbergs_adjustment_leaves_out_what_could_not_be_tested() -> None:
    # Benjamini & Hochberg (1995), section 3.2: the first four of fifteen
    assert benjamini_hochberg([0.04, None, 0.01]) == pytest.approx([0.04, None, 0.02])


def test_hedges_g_is_its_definition_and_its_bounds_are_quantiles() -> None:
    one, two = SLEEP
    found = hedges_g(one, two)
    pooled = np.sqrt((one.var(ddof=1) + two.var(ddof=1)) / 2)
    correction = 1 - 3 / (4 * 18 - 1)  # Hedges' approximation of J, right to three places
    assert found.value == pytest.approx((one.mean() - two.mean()) / pooled * correction, abs=1e-3)
    t = ttest_ind(one, two).statistic
    for bound, p in ((found.ci_low, 0.975), (found.ci_high, 0.025)):
        exact = found.value / ((one.mean() - two.mean()) / pooled)  # type: ignore[operator]
        assert nct.cdf(t, 18, bound / exact / np.sqrt(2 / 10)) == pytest.approx(p, abs=1e-7)


def test_a_paired_g_is_read_in_the_same_units_as_an_unpaired_one() -> None:
    one, two = SLEEP
    unpaired, paired = hedges_g(one, two), hedges_g_paired(one, two)
    assert paired.value == pytest.approx(unpaired.value, abs=0.05)
    assert paired.ci_high is not None
    assert paired.ci_high < 0 < (unpaired.ci_high or 0)  # pairs know more


def test_cliffs_delta_counts_pairs() -> None:
    # 35 of the 50 pairs are won: (35 - 15) / 50
    found = cliffs_delta(*PERMEABILITY)
    assert found.value == pytest.approx(0.4)
    assert found.ci_low is not None
    assert found.ci_low < 0 < 0.4 < (found.ci_high or 0) < 1
    apart = cliffs_delta(numbers(5, 6, 7, 8), numbers(1, 2, 3))
    assert (apart.value, apart.ci_high) == (1.0, 1.0)
    assert apart.ci_low is not None
    assert apart.ci_low < 1


def test_cliffs_variance_is_that_of_its_definition() -> None:
    draw = np.random.default_rng(8)
    one, two = draw.integers(0, 6, 12).astype(float), draw.integers(1, 7, 9).astype(float)
    signs = np.sign(np.subtract.outer(one, two))
    delta = signs.mean()
    rows, columns = signs.mean(axis=1) - delta, signs.mean(axis=0) - delta
    cells = ((signs - delta) ** 2).sum()
    variance = (81 * (rows**2).sum() + 144 * (columns**2).sum() - cells) / (12 * 9 * 11 * 8)
    found = cliffs_delta(one, two)
    z = 2.0930240544  # t(0.975; 19)
    half = z * np.sqrt(variance) * np.sqrt((1 - delta**2) ** 2 + z**2 * variance)
    expected_low = (delta - delta**3 - half) / (1 - delta**2 + z**2 * variance)
    assert (found.value, found.ci_low) == pytest.approx((delta, expected_low), abs=1e-9)


def test_the_bootstrap_is_that_of_scipy_within_its_noise_and_repeats_itself() -> None:
    draw = np.random.default_rng(1)
    one, two = draw.exponential(2, 40), draw.exponential(1.5, 55)
    found = bca_bootstrap(one, two, seed=1)
    known = bootstrap(
        (one, two),
        lambda a, b, axis: a.mean(axis=axis) - b.mean(axis=axis),
        n_resamples=20_000,
        rng=np.random.default_rng(2),
    ).confidence_interval
    assert figures(found)[1:] == pytest.approx((known.low, known.high), abs=0.08)
    assert (found.seed, found.params["resamples"]) == (1, 10_000)
    assert found == bca_bootstrap(one, two, seed=1)
    assert found.ci_low != bca_bootstrap(one, two, seed=2).ci_low


def test_a_bootstrap_of_few_resamples_or_of_equal_values_is_refused() -> None:
    with pytest.raises(ValueError, match="10000"):
        bca_bootstrap(numbers(1, 2, 3), seed=1, resamples=999)
    assert bca_bootstrap(np.full(12, 4.0), seed=1).ci_low is None


def test_equivalence_is_two_one_sided_tests() -> None:
    draw = np.random.default_rng(3)
    one, two = draw.normal(0, 1, 80), draw.normal(0.05, 1.4, 90)
    found = equivalence(one, two, -0.5, 0.5)
    sides = [
        ttest_ind(one + 0.5, two, equal_var=False, alternative="greater").pvalue,
        ttest_ind(one - 0.5, two, equal_var=False, alternative="less").pvalue,
    ]
    assert found.params["p"] == pytest.approx(max(sides), abs=1e-12)
    assert found.params["within"] is ((found.ci_low or 0) > -0.5 and (found.ci_high or 0) < 0.5)
    no_harm = equivalence(one, two, -0.5, None)
    assert no_harm.params["p"] == pytest.approx(sides[0], abs=1e-12)
    with pytest.raises(ValueError, match="margin"):
        equivalence(one, two, None, None)
