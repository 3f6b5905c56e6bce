"""Statistics against figures computed elsewhere (R) or published."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.stats import f, ttest_ind

from surveys.statistics.comparison import GroupMoments, holm, welch_anova
from surveys.statistics.distribution import distribution
from surveys.statistics.mean import mean_t, standard_deviation
from surveys.statistics.nps import NotANetPromoterScale, net_promoter_score
from surveys.statistics.proportion import top_two_box, wilson
from surveys.statistics.quantile import median_order_statistic, quantile
from surveys.statistics.reliability import alpha_if_deleted, cronbach_alpha, item_rest_correlations
from tests.surveys.reference import data, expected


def numbers(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float64)


def close(figures: Any) -> Any:
    return pytest.approx(figures, abs=1e-9)


def test_wilson_intervals_equal_those_of_r() -> None:
    cases = expected("c02_wilson")
    for case in cases["newcombe_table_I"] + cases["extra"]:
        found = wilson(case["x"], case["n"])
        assert (found.ci_low, found.ci_high) == pytest.approx((case["wilson_lo"], case["wilson_hi"]), abs=1e-9)


@pytest.mark.parametrize(
    ("x", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_intervals_equal_newcombes_table(x: int, n: int, low: float, high: float) -> None:
    # Newcombe (1998), Statistics in Medicine 17:857, table I, method 3
    found = wilson(x, n)
    assert (found.ci_low, found.ci_high) == pytest.approx((low, high), abs=5e-5)


def test_the_science_battery_has_the_figures_of_r() -> None:
    cases, answers = expected("c04_top2box_science"), data("c04_top2box_science", "science.csv")
    for item, figures in cases.items():
        values = answers[item].to_numpy().astype(np.float64)
        mean, top = mean_t(values), top_two_box(values, 4)
        assert distribution(answers[item], [1, 2, 3, 4]) == list(figures["counts"].values())
        assert (top.value, top.ci_low, top.ci_high) == pytest.approx(
            (figures["top2"], *figures["top2_wilson"]), abs=1e-9
        )
        assert (mean.value, mean.ci_low, mean.ci_high) == pytest.approx(
            (figures["mean"], *figures["mean_ci95"]), abs=1e-9
        )
        assert standard_deviation(values) == pytest.approx(figures["sd"], abs=1e-9)
        assert median_order_statistic(values).value == figures["median"]


P_VALUES = [
    0.0001,
    0.0004,
    0.0019,
    0.0095,
    0.0201,
    0.0278,
    0.0298,
    0.0344,
    0.0459,
    0.324,
    0.4262,
    0.5719,
    0.6528,
    0.759,
    1,
]


def test_holm_equals_r_on_the_published_p_values() -> None:
    # Benjamini & Hochberg (1995), section 3.2; adjusted by R's p.adjust
    adjusted = holm(P_VALUES)
    assert adjusted == pytest.approx(
        [0.0015, 0.0056, 0.0247, 0.114, 0.2211, 0.278, 0.278, 0.278, 0.3213, 1, 1, 1, 1, 1, 1]
    )
    assert expected("c07_multiplicity")["holm"] == pytest.approx(adjusted, abs=1e-9)


def test_a_test_that_could_not_be_computed_is_not_part_of_the_family() -> None:
    assert holm([0.02, None, 0.03]) == pytest.approx([0.04, None, 0.04])


def test_nps_reference_cases() -> None:
    for case in expected("c16_nps_edge")["cases"]:
        if "values" not in case:
            continue
        values = numbers(*(value for value in case["values"] if value is not None))
        if "result" in case:
            with pytest.raises(NotANetPromoterScale):
                net_promoter_score(values)
        else:
            found = net_promoter_score(values)
            assert found.value == (None if case["nps"] is None else pytest.approx(case["nps"], abs=1e-9))
            assert found.n_valid == case["n"]


def test_nps_buckets_add_up_and_all_passive_still_has_an_interval() -> None:
    found = net_promoter_score(numbers(7, 8, 7, 8))
    assert found.params["promoters"] + found.params["passives"] + found.params["detractors"] == found.n_valid
    assert found.ci_low is not None
    assert found.ci_low < 0 < (found.ci_high or 0)
    assert found.params["standard_error"] == 0


def test_quantiles_follow_the_stated_definition() -> None:
    cases = expected("e01_quantiles")
    values = data("e01_quantiles", "x.csv")["x"].to_numpy().astype(np.float64)
    for definition, name in ((2, "type2"), (6, "type6_excel_exc"), (7, "type7_excel_inc_numpy"), (8, "type8")):
        assert [quantile(values, p, definition) for p in cases["order"]] == pytest.approx(cases[name], abs=1e-12)  # type: ignore[arg-type]
    assert median_order_statistic(values).value == cases["type7_excel_inc_numpy"][1]


@pytest.mark.parametrize(
    ("n", "rank"), [(6, 1), (8, 1), (9, 2), (11, 2), (12, 3), (20, 6), (30, 10), (50, 18), (100, 40)]
)
def test_the_medians_interval_takes_the_tabled_order_statistics(n: int, rank: int) -> None:
    # ranks of the sign test's 95 % interval, e.g. Conover (1999), table A3 and Dixon & Massey (1983), table A-25
    found = median_order_statistic(np.arange(1.0, n + 1))
    assert (found.ci_low, found.ci_high) == (rank, n + 1 - rank)
    assert found.params["coverage"] >= 0.95


def test_a_median_of_five_has_no_interval() -> None:
    assert median_order_statistic(numbers(1, 2, 3, 4, 5)).ci_low is None


def test_reliability_equals_the_published_lsat_values() -> None:
    case = expected("b01_lsat6")["ctt"]
    answers = data("b01_lsat6", "lsat6.csv").to_numpy().astype(np.float64)
    assert cronbach_alpha(answers).value == pytest.approx(case["kr20"], abs=1e-9)
    assert alpha_if_deleted(answers) == pytest.approx(list(case["alpha_if_deleted"].values()), abs=1e-9)
    assert item_rest_correlations(answers) == pytest.approx(list(case["r_it_corrected"].values()), abs=1e-9)


def test_feldts_interval_has_its_published_form() -> None:
    # Parallel items: alpha = k·r / (1 + (k − 1)·r); the bounds are pivots of F, so (1 − α)/(1 − bound) gives F back.
    draw = np.random.default_rng(7)
    answers = draw.normal(size=(60, 1)) + draw.normal(size=(60, 4))
    found = cronbach_alpha(answers)
    assert found.value is not None
    assert found.ci_low is not None
    assert found.ci_high is not None

    for bound, p in ((found.ci_low, 0.975), (found.ci_high, 0.025)):
        assert f.cdf((1 - bound) / (1 - found.value), 59, 177) == pytest.approx(p, abs=1e-9)


def test_a_scale_whose_sum_does_not_vary_has_no_alpha() -> None:
    constant = np.full((20, 3), 4.0)
    assert cronbach_alpha(constant).value is None
    assert item_rest_correlations(constant) == [None, None, None]
    assert alpha_if_deleted(constant) == [None, None, None]


def test_alpha_counts_only_people_who_answered_every_item() -> None:
    answers = np.array([[1, 2, 2], [2, 3, 3], [4, 4, 5], [5, np.nan, 5]], dtype=np.float64)
    assert cronbach_alpha(answers).n_valid == 3


def test_welchs_anova_of_two_groups_is_welchs_t_squared() -> None:

    # Student (1908), the sleep data: extra hours with two drugs
    one = numbers(0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0)
    two = numbers(1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4)
    groups = [GroupMoments(len(each), float(each.mean()), float(each.var(ddof=1))) for each in (one, two)]
    found, t = welch_anova(groups), ttest_ind(one, two, equal_var=False)
    assert found is not None
    assert (found.statistic, found.p) == pytest.approx((t.statistic**2, t.pvalue), abs=1e-9)
    assert found.p == pytest.approx(0.07939, abs=5e-6)  # R: t.test(extra ~ group, sleep)
    assert found.effect.ci_low == 0
    assert (found.effect.ci_high or 0) > (found.effect.value or 0) > 0


def test_groups_without_variance_cannot_be_tested() -> None:
    assert welch_anova([GroupMoments(10, 3.0, 0.0), GroupMoments(10, 4.0, 1.0)]) is None
    assert welch_anova([GroupMoments(10, 3.0, 1.0)]) is None
