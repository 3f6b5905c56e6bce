"""Power, rates, ratios, difference in differences and trends; and properties that hold whatever the data."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import linregress, poisson

from surveys.statistics.difference_in_differences import difference_in_differences
from surveys.statistics.effect_size import cohens_h, size_in_words, superiority
from surveys.statistics.means import paired_t, welch_t
from surveys.statistics.pair_sums import PairSums
from surveys.statistics.power import (
    detectable_difference,
    detectable_share,
    needed_for_means,
    needed_for_proportions,
    power_means,
    power_proportions,
    sd_of_changes,
)
from surveys.statistics.proportion_differences import newcombe_difference, newcombe_paired
from surveys.statistics.ranks import cliffs_delta, mann_whitney
from surveys.statistics.ratios import geometric_mean_ratio, mean_count_ratio, poisson_rate, poisson_rate_ratio
from surveys.statistics.trend import linear_trend


def test_power_of_means_is_that_of_r() -> None:
    # R, help page of power.t.test
    assert power_means(20, 1, 1) == pytest.approx(0.8689528, abs=5e-8)
    needed = needed_for_means(1, 1, power=0.9)
    assert needed.params["exact"] == pytest.approx(22.02110, abs=5e-6)
    assert needed.value == 23


def test_power_of_proportions_is_that_of_r() -> None:
    # R, help page of power.prop.test
    assert power_proportions(50, 0.5, 0.75) == pytest.approx(0.7401659, abs=5e-8)
    assert needed_for_proportions(0.5, 0.75, power=0.9).params["exact"] == pytest.approx(76.7, abs=0.05)


def test_a_medium_effect_takes_cohens_64_people_a_group() -> None:
    # Cohen (1988), table 2.4.1: d = 0.5, power 0.8, two-sided 0.05
    assert needed_for_means(0.5, 1).value == 64


def test_linked_answers_need_fewer_people() -> None:
    paired = needed_for_means(0.5, sd_of_changes(1, 0.7), "paired").value
    assert paired is not None
    assert paired < (needed_for_means(0.5, 1).value or 0) / 2


def test_what_is_detectable_with_what_is_needed_is_what_was_hoped_for() -> None:
    exact = needed_for_means(0.4, 1.3).params["exact"]
    assert detectable_difference(exact, 1.3).value == pytest.approx(0.4, abs=1e-6)
    exact = needed_for_proportions(0.6, 0.75).params["exact"]
    assert detectable_share(exact, 0.6, "up").value == pytest.approx(0.75, abs=1e-6)
    assert detectable_share(3, 0.6, "up").value is None


def test_no_number_of_answers_shows_no_difference() -> None:
    assert needed_for_means(0, 1).value is None
    assert needed_for_proportions(0.4, 0.4).value is None


def test_rates_are_those_of_r() -> None:
    # R, help page of poisson.test: yearly deaths (137 in 24.19893) and 11 of 800 against 6 + 8 + 7 of 3011
    rate = poisson_rate(137, 24.19893)
    assert (rate.value, rate.ci_low, rate.ci_high) == pytest.approx((5.661407, 4.753125, 6.692709), abs=5e-7)
    ratio = poisson_rate_ratio((11, 800), (21, 3011))
    assert (ratio.value, ratio.ci_low, ratio.ci_high) == pytest.approx((1.971488, 0.8584264, 4.2772659), abs=5e-7)
    assert ratio.params["p"] == pytest.approx(0.07967, abs=5e-6)


def test_no_event_still_has_an_upper_bound() -> None:
    # the rule of three, exactly
    none = poisson_rate(0, 1.0, confidence=0.9)
    assert (none.ci_low, none.ci_high) == (0.0, pytest.approx(2.9957, abs=5e-5))
    assert poisson_rate_ratio((3, 1.0), (0, 1.0)).value is None


def test_counts_in_bunches_are_less_sure_than_single_events() -> None:
    draw = np.random.default_rng(2)
    bunched = [draw.negative_binomial(0.5, 0.5 / (0.5 + mean), 200).astype(float) for mean in (2.0, 3.0)]
    robust = mean_count_ratio(*bunched)
    exact = poisson_rate_ratio(*((int(counts.sum()), 200.0) for counts in bunched))
    assert robust.value == pytest.approx(exact.value)
    assert min(robust.params["dispersion"]) > 2
    assert np.log(robust.ci_high / robust.ci_low) > 1.5 * np.log(exact.ci_high / exact.ci_low)  # type: ignore[operator]


def test_a_ratio_of_durations_is_refused_where_one_is_nothing() -> None:
    found = geometric_mean_ratio(np.array([0.0, 3.0, 4.0]), np.array([3.0, 4.0, 5.0]))
    assert (found.value, found.ci_low, found.params["reason"]) == (None, None, "not_positive")


def test_a_ratio_of_durations_does_not_depend_on_their_unit() -> None:
    draw = np.random.default_rng(6)
    one, two = draw.lognormal(3, 1, 30), draw.lognormal(3.4, 1, 40)
    hours, minutes = geometric_mean_ratio(one, two), geometric_mean_ratio(one * 60, two * 60)
    assert (hours.value, hours.ci_low, hours.params["p"]) == pytest.approx(
        (minutes.value, minutes.ci_low, minutes.params["p"])
    )


PANEL = [  # team, pilot, after, value
    *((1, 1, 0, 3.0), (1, 1, 0, 4.0), (1, 1, 1, 5.0), (1, 1, 1, 4.5), (2, 1, 0, 2.5), (2, 1, 1, 4.0), (2, 1, 1, 3.5)),
    *((3, 1, 0, 3.5), (3, 1, 1, 4.0), (4, 0, 0, 3.0), (4, 0, 1, 3.5), (4, 0, 1, 3.0), (5, 0, 0, 2.0), (5, 0, 0, 2.5)),
    *((5, 0, 1, 2.5), (6, 0, 0, 4.0), (6, 0, 1, 3.5), (6, 0, 1, 4.5)),
]


def panel() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    team, pilot, after, value = (np.array(column) for column in zip(*PANEL, strict=True))
    return value.astype(float), pilot == 1, after == 1, team


def test_the_effect_is_the_difference_of_the_differences() -> None:
    value, pilot, after, team = panel()
    found = difference_in_differences(value, pilot, after, team)
    assert found.value == pytest.approx((4.2 - 3.25) - (3.4 - 2.875))
    assert found.params["n"] == [5, 4, 5, 4]
    assert found.params["clusters"] == 6


def test_its_variance_is_that_of_the_textbook_matrices() -> None:
    # Pustejovsky & Tipton (2018), eq. 6 and 10, with whole matrices: root of I − H by eigenvalues
    value, pilot, after, team = panel()
    x = np.column_stack([np.ones(len(value)), pilot, after, pilot & after]).astype(float)
    bread = np.linalg.inv(x.T @ x)
    residual_maker = np.eye(len(value)) - x @ bread @ x.T
    weights = []
    for each in np.unique(team):
        rows = np.flatnonzero(team == each)
        sizes, directions = np.linalg.eigh(residual_maker[np.ix_(rows, rows)])
        root = directions @ np.diag([size**-0.5 if size > 1e-10 else 0 for size in sizes]) @ directions.T
        whole = np.zeros(len(value))
        whole[rows] = root @ x[rows] @ bread[:, 3]
        weights.append(whole)
    scores = np.array(weights) @ residual_maker @ value
    form = np.array(weights) @ residual_maker @ np.array(weights).T
    found = difference_in_differences(value, pilot, after, team)
    assert found.params["error"] == pytest.approx(np.sqrt(scores @ scores), rel=1e-9)
    assert found.params["df"] == pytest.approx(np.trace(form) ** 2 / (form**2).sum(), rel=1e-9)
    simple = np.array([(x[team == each] @ bread[:, 3]) @ (residual_maker @ value)[team == each] for each in set(team)])
    assert found.params["error_cr1"] == pytest.approx(np.sqrt(6 / 5 * 17 / 14 * (simple @ simple)), rel=1e-9)


def test_without_clusters_it_is_welch_over_four_groups() -> None:
    value, pilot, after, _ = panel()
    cells = [value[(pilot == p) & (after == a)] for p in (True, False) for a in (True, False)]
    found = difference_in_differences(value, pilot, after)
    assert found.params["error"] == pytest.approx(np.sqrt(sum(cell.var(ddof=1) / len(cell) for cell in cells)))


def test_a_balanced_panel_of_people_has_the_effect_of_their_changes() -> None:
    draw = np.random.default_rng(9)
    before, change = draw.normal(3, 1, 40), draw.normal(0.2, 0.5, 40)
    pilot = np.arange(40) < 15
    change[pilot] += 0.5
    people = np.arange(40)
    found = difference_in_differences(
        np.concatenate([before, before + change]),
        np.concatenate([pilot, pilot]),
        np.repeat([False, True], 40),
        np.concatenate([people, people]),
    )
    changes = welch_t(change[pilot], change[~pilot])
    assert (found.value, found.params["statistic"]) == pytest.approx((changes.value, changes.params["statistic"]))


def test_an_effect_needs_all_four_groups() -> None:
    value, pilot, after, _ = panel()
    seen = pilot | after
    assert difference_in_differences(value[seen], pilot[seen], after[seen]).value is None


def test_a_trend_is_the_line_of_least_squares() -> None:
    draw = np.random.default_rng(5)
    when = draw.uniform(0, 90, 40)
    values = 70 - 0.2 * when + draw.normal(0, 5, 40)
    found, known = linear_trend(when, values), linregress(when, values)
    assert (found.value, found.params["p"]) == pytest.approx((known.slope, known.pvalue), rel=1e-9)
    assert linear_trend(np.full(10, 3.0), np.arange(10.0)).value is None


def test_sizes_have_the_words_of_their_conventions() -> None:
    assert [size_in_words(g) for g in (0.19, -0.2, 0.5, -1.4)] == ["negligible", "small", "medium", "large"]
    assert cohens_h(0.5, 0.5) == 0
    assert superiority(0.4) == pytest.approx(0.7)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.integers(0, 12), min_size=3, max_size=20),
    st.lists(st.integers(0, 12), min_size=3, max_size=20),
)
def test_groups_may_change_places(one: list[int], two: list[int]) -> None:
    first, second = np.array(one, dtype=float), np.array(two, dtype=float)
    for method in (welch_t, mann_whitney, cliffs_delta):
        there, back = method(first, second), method(second, first)
        assert there.value == pytest.approx(-(back.value or 0.0), abs=1e-12)
        if there.ci_low is not None:
            assert there.ci_low == pytest.approx(-(back.ci_high or 0.0), abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(*[st.integers(0, 30)] * 4)
def test_a_difference_of_shares_lies_within_its_interval_and_turns_with_its_sides(
    a: int, b: int, c: int, d: int
) -> None:
    for there, back in (
        (newcombe_paired(a, b, c, d), newcombe_paired(a, c, b, d)),
        (newcombe_difference((a, a + b), (c, c + d)), newcombe_difference((c, c + d), (a, a + b))),
    ):
        if there.value is None:
            continue
        assert -1 <= (there.ci_low or 0.0) <= there.value + 1e-12
        assert there.value - 1e-12 <= (there.ci_high or 0.0) <= 1
        assert there.ci_low == pytest.approx(-(back.ci_high or 0.0), abs=1e-12)


def test_a_sum_of_pairs_too_many_to_write_out_is_found_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = np.random.default_rng(3)
    one, two = draw.normal(size=40).round(1), draw.normal(size=31).round(1)
    written = PairSums(one, two), PairSums(one)
    monkeypatch.setattr("surveys.statistics.pair_sums.AT_ONCE", 0)
    for known, found in zip(written, (PairSums(one, two), PairSums(one)), strict=True):
        for rank in (1, 2, 77, known.size // 2, known.size):
            assert found.smallest(rank) == pytest.approx(known.smallest(rank), abs=1e-12)


def test_intervals_hold_what_they_promise() -> None:
    draw = np.random.default_rng(11)
    held = {"welch": 0, "shift": 0, "newcombe": 0, "paired": 0, "counts": 0}
    rounds = 400
    for _ in range(rounds):
        one, two = draw.normal(0.5, 2, 14), draw.normal(0, 0.7, 25)
        shifted = draw.normal(0.5, 1, 14), draw.normal(0, 1, 25)
        shares = newcombe_difference((draw.binomial(20, 0.8), 20), (draw.binomial(30, 0.6), 30))
        counts = mean_count_ratio(*(poisson.rvs(mean, size=60, random_state=draw).astype(float) for mean in (2, 4)))
        for name, found, truth in (
            ("welch", welch_t(one, two), 0.5),
            ("shift", mann_whitney(*shifted), 0.5),
            ("newcombe", shares, 0.2),
            ("paired", paired_t(one, one - draw.normal(0.5, 1, 14)), 0.5),
            ("counts", counts, 0.5),
        ):
            held[name] += (found.ci_low or 0.0) <= truth <= (found.ci_high or 0.0)
    assert all(0.92 <= count / rounds <= 0.985 for count in held.values()), held


def test_eight_teams_are_enough_for_an_effect_that_is_not_too_sure() -> None:
    draw = np.random.default_rng(12)
    team = np.repeat(np.arange(8), 12)
    pilot, after = team < 3, np.tile([False, True], 48)
    robust = naive = 0
    for _ in range(300):
        shifts = draw.normal(0, 0.6, (8, 2))[team, after.astype(int)]
        values = 3 + shifts + 0.4 * (pilot & after) + draw.normal(0, 1, 96)
        for clusters in (team, None):
            found = difference_in_differences(values, pilot, after, clusters)
            held = (found.ci_low or 0.0) <= 0.4 <= (found.ci_high or 0.0)
            robust, naive = (robust + held, naive) if clusters is not None else (robust, naive + held)
    assert 0.91 <= robust / 300 <= 0.995
    assert naive / 300 < 0.88  # answers of one team are not independent
