"""Control charts against textbook data, and the run rules one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.statistics.control_chart import count_chart, proportion_chart, rate_chart, xmr
from surveys.statistics.run_rules import RuleSet, run_signals

# Montgomery, Introduction to Statistical Quality Control, the examples of the p chart (orange juice cans, samples of
# 50) and of the c chart (printed circuit boards, 26 samples)
CANS = np.array(
    [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6.0]
)
BOARDS = np.array(
    [21, 24, 16, 12, 15, 5, 28, 20, 31, 25, 20, 24, 16, 19, 10, 17, 13, 22, 18, 39, 30, 24, 16, 19, 17, 15.0]
)


def numbers(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float64)


def beyond(chart_signals: list) -> list[int]:
    return [signal.position for signal in chart_signals if signal.rule == 1]


def test_individuals_have_limits_from_their_moving_ranges() -> None:
    found = xmr(numbers(10, 12, 11, 13, 12))
    assert found.baseline.centre == pytest.approx(11.6)
    assert found.baseline.mean_range == pytest.approx(1.5)
    assert (found.lower[0], found.upper[0]) == pytest.approx((11.6 - 2.66 * 1.5, 11.6 + 2.66 * 1.5))
    assert found.baseline.upper_range == pytest.approx(3.268 * 1.5)
    assert found.moving_ranges == [None, 2, 1, 2, 1]
    assert found.baseline.provisional
    assert found.signals == []


def test_one_great_jump_does_not_widen_the_limits_of_median_ranges() -> None:
    values = numbers(10, 12, 11, 13, 12, 40, 11, 12, 10, 12)
    mean, median = xmr(values), xmr(values, by_median=True)
    assert median.baseline.mean_range == 2
    assert median.upper[0] == pytest.approx(values.mean() + 3.145 * 2)
    assert beyond(mean.signals) == [] or (mean.upper[0] or 0) > (median.upper[0] or 0)
    assert beyond(median.signals) == [5]
    assert median.range_signals == [5, 6]


def test_a_frozen_baseline_judges_what_comes_later() -> None:
    before, after = numbers(10, 12, 11, 13, 12, 11, 10, 12, 11, 13, 12, 11), numbers(18, 19, 18)
    whole = np.concatenate([before, after])
    first = xmr(before)
    frozen, counted = xmr(whole, first.baseline), xmr(whole, 12)
    assert frozen == counted
    assert not frozen.baseline.provisional
    assert beyond(frozen.signals) == [12, 13, 14]
    assert xmr(after, first.baseline).baseline == first.baseline
    with pytest.raises(ValueError, match="xmr, not c"):
        count_chart(after, first.baseline)


def test_orange_juice_cans_have_the_textbooks_limits() -> None:
    found = proportion_chart(CANS, np.full(30, 50.0), kind="p")
    assert found.baseline.centre == pytest.approx(0.2313, abs=5e-5)
    assert (found.lower[0], found.upper[0]) == pytest.approx((0.0524, 0.4102), abs=1e-4)
    assert beyond(found.signals) == [14, 22]


def test_circuit_boards_have_the_textbooks_limits() -> None:
    found = count_chart(BOARDS)
    assert found.baseline.centre == pytest.approx(19.85, abs=5e-3)
    assert (found.lower[0], found.upper[0]) == pytest.approx((6.48, 33.22), abs=1e-2)
    assert beyond(found.signals) == [5, 19]


def test_rates_of_equal_sizes_are_counts_in_other_units() -> None:
    counts, rates = count_chart(BOARDS), rate_chart(BOARDS, np.full(26, 100.0))
    assert rates.sigmas == pytest.approx(counts.sigmas)
    assert rates.upper[3] == pytest.approx((counts.upper[3] or 0) / 100)
    wide, narrow = rate_chart(numbers(4, 4, 4), numbers(10, 40, 0)).upper[:2]
    assert (wide or 0) > (narrow or 0)


def test_laneys_limits_are_used_only_where_shares_vary_more_than_chance() -> None:
    draw = np.random.default_rng(23)
    sizes = np.full(40, 20_000.0)
    steady = draw.binomial(20_000, 0.1, size=40).astype(float)
    shaken = draw.binomial(20_000, np.clip(draw.normal(0.1, 0.01, 40), 0, 1)).astype(float)
    calm, wild = proportion_chart(steady, sizes), proportion_chart(shaken, sizes)
    assert calm.baseline.kind == "p"
    assert (calm.sigma_z or 9) < 1.2
    assert wild.baseline.kind == "laney_p"
    assert wild.sigma_z == wild.baseline.spread
    plain = proportion_chart(shaken, sizes, kind="p")
    assert len(beyond(plain.signals)) > 10 > len(beyond(wild.signals))
    width = (wild.upper[0] or 0) - wild.baseline.centre
    assert width == pytest.approx(((plain.upper[0] or 0) - plain.baseline.centre) * wild.baseline.spread)
    again = proportion_chart(shaken[:5], sizes[:5], wild.baseline)
    assert again.sigmas == wild.sigmas[:5]


def test_a_day_on_which_nothing_was_counted_is_no_point() -> None:
    found = proportion_chart(numbers(1, 0, 2, 1), numbers(10, 0, 10, 10))
    assert found.points[1] is None
    assert found.upper[1] is None
    with pytest.raises(ValueError, match="between 0 and the size"):
        proportion_chart(numbers(3, 1), numbers(2, 2))
    with pytest.raises(ValueError, match="limits need two"):
        xmr(numbers(3))


PATTERNS: list[tuple[RuleSet, int, list[float]]] = [
    ("western_electric", 1, [0, 3.1]),
    ("western_electric", 2, [2.1, 0, 2.2]),
    ("western_electric", 3, [-1.1, -1.2, 0.5, -1.3, -1.4]),
    ("western_electric", 4, [0.1] * 8),
    ("nelson", 1, [0, -3.1]),
    ("nelson", 2, [-0.1] * 9),
    ("nelson", 3, [-0.3, -0.2, -0.1, 0.1, 0.2, 0.3]),
    ("nelson", 4, [0.2, -0.2] * 7),
    ("nelson", 5, [0, 2.1, 2.2]),
    ("nelson", 6, [1.1, -1.2, 1.3, 1.4, 1.5]),
    ("nelson", 7, [0.5, 0.6, -0.5, -0.4, 0.3] * 3),
    ("nelson", 8, [1.1, -1.1, -1.2, 1.2, 1.3, -1.3, 1.1, -1.1]),
]


@pytest.mark.parametrize(("rules", "rule", "points"), PATTERNS)
def test_each_rule_sees_its_pattern_when_it_is_complete_and_not_before(
    rules: RuleSet, rule: int, points: list[float]
) -> None:
    found = [signal for signal in run_signals(np.array(points), rules) if signal.rule == rule]
    assert [signal.position for signal in found] == [len(points) - 1]
    assert not [signal for signal in run_signals(np.array(points[:-1]), rules) if signal.rule == rule]


def test_two_of_three_on_opposite_sides_are_no_pattern() -> None:
    assert run_signals(numbers(2.1, 0, -2.2)) == []


def test_no_pattern_reaches_across_a_gap() -> None:
    points = np.array([0.1] * 4 + [np.nan] + [0.1] * 7)
    assert run_signals(points) == []
    assert [signal.position for signal in run_signals(np.append(points, 0.1))] == [12]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(-4, 4), max_size=40))
def test_signals_are_the_same_upside_down(points: list[float]) -> None:
    for rules in ("western_electric", "nelson"):
        assert run_signals(np.array(points), rules) == run_signals(-np.array(points), rules)


def test_a_process_that_never_varied_signals_its_first_change() -> None:
    assert beyond(xmr(numbers(5, 5, 5, 5, 6), 4).signals) == [4]
