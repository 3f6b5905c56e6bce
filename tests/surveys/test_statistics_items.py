"""Item analysis against Moodle's own expected values, and what must hold of any exam."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.statistics.correlation import pearson
from surveys.statistics.exam import cut_band, distractors, extreme_groups, livingston_k2, upper_lower_discrimination
from surveys.statistics.item_analysis import item_analysis
from surveys.statistics.reliability import cronbach_alpha, kr20
from tests.surveys.reference import data, expected

NAN = np.nan


def quiz() -> np.ndarray:
    results = data("m02_moodle_quiz00", "results.csv")
    return results.select(pl.col("^slots.*$")).to_numpy().astype(np.float64)


def ratio(figure: Any, tolerance: float) -> Any:
    return pytest.approx(figure, rel=tolerance)


def test_the_question_statistics_of_moodles_fixture_are_equal() -> None:
    case = expected("m01_moodle_question_stats")
    states = data("m01_moodle_question_stats", "states.csv")
    states = states.with_columns(attempt=pl.int_range(pl.len()) // 20)
    marks = states.pivot(on="slot", index="attempt", values="mark").select(map(str, case["slot"]))
    maximum = states.head(20).sort("slot")["maxmark"].to_list()
    totals = states.filter(pl.int_range(pl.len()) % 20 == 0)["sumgrades"].to_numpy().astype(np.float64)
    items = item_analysis(marks.to_numpy().astype(np.float64), maximum, totals).items

    def all_of(figure: Any) -> list[float | None]:
        return [figure(item) for item in items]

    def times(value: float | None, by: float) -> float | None:
        return None if value is None else value * by

    close = {"abs": 1e-6}
    assert all_of(lambda item: times(item.facility.value, 100)) == pytest.approx(case["facility_pct"], **close)
    assert all_of(lambda item: times(item.standard_deviation, 1000)) == pytest.approx(case["sd_times_1000"], **close)
    assert all_of(lambda item: item.effective_weight) == pytest.approx(case["effective_weight_pct"], **close)
    assert all_of(lambda item: item.discrimination_index.value) == pytest.approx(case["discrimination_index"], **close)
    assert all_of(lambda item: item.discriminative_efficiency) == pytest.approx(
        case["discriminative_efficiency"], **close
    )


def test_the_quiz_statistics_of_moodles_fixture_are_equal_and_a_negative_consistency_is_printed() -> None:
    case, found = expected("m02_moodle_quiz00"), item_analysis(quiz(), [1] * 7)
    figures = {
        "n": found.n,
        "mean": found.mean,
        "median": found.median,
        "sd": found.standard_deviation,
        "skewness": found.skewness,
        "kurtosis": found.kurtosis,
        "cic_pct": found.internal_consistency.value,
        "error_ratio_pct": found.error_ratio,
        "standard_error": found.standard_error,
    }
    assert figures == ratio(case["quiz"], 1.5e-5)
    assert figures["cic_pct"] < 0


def test_the_item_statistics_of_moodles_quiz_are_equal() -> None:
    case, found = expected("m02_moodle_quiz00"), item_analysis(quiz(), [1] * 7)
    for item, figures in zip(found.items, case["questions"], strict=True):
        assert item.n == figures["s"]
        assert item.facility.value == ratio(figures["facility"], 1e-6)
        assert item.standard_deviation == ratio(figures["sd"], 1e-6)
        assert item.effective_weight == ratio(figures["effectiveweight"], 1e-6)
        assert item.covariance == ratio(figures["covariance"], 1e-5)
        assert item.mark_variance == ratio(figures["markvariance"], 1e-6)
        assert item.other_mark_variance == ratio(figures["othermarkvariance"], 1e-6)
        assert item.covariance_max == ratio(figures["covariancemax"], 1e-5)
        assert item.discrimination_index.value == ratio(figures["discriminationindex"], 1e-6)
        assert item.discriminative_efficiency == ratio(figures["discriminativeefficiency"], 1e-6)


def test_an_item_that_was_not_presented_is_out_of_its_statistics_only() -> None:
    case, marks = expected("m02_moodle_quiz00"), quiz()
    drawn = data("m02_moodle_quiz00", "steps.csv")["randqs.1"] == "numerical"
    asked = np.where(drawn.to_numpy(), marks[:, 0], NAN)
    found = item_analysis(np.column_stack([asked, marks[:, 1:]]), [1] * 7, marks.sum(axis=1))
    figures, item = case["subquestions_and_variants"][0], found.items[0]
    assert (item.n, item.n_not_shown) == (figures["s"], 13)
    assert item.facility.value == ratio(figures["facility"], 1e-6)
    assert item.standard_deviation == ratio(figures["sd"], 1e-6)
    # Moodle sets drawn questions against the whole total, their own mark included; here an item meets its rest.
    taken = drawn.to_numpy()
    assert 100 * (pearson(marks[taken, 0], marks[taken].sum(axis=1)).value or 0) == ratio(
        figures["discriminationindex"], 1e-6
    )
    rest = pearson(marks[taken, 0], marks[taken, 1:].sum(axis=1)).value
    assert item.discrimination_index.value == ratio(100 * (rest or 0), 1e-9)
    assert found.internal_consistency.value is None
    assert found.internal_consistency.params["reason"] == "not_all_presented"


def test_the_consistency_of_a_part_of_an_exam_is_not_that_of_the_exam() -> None:
    marks = np.array([[1.0, 0], [1, 1], [0, 0], [0, 1]])
    found = item_analysis(marks, [1, 1], marks.sum(axis=1) + np.array([3.0, 2, 1, 0]))
    assert found.internal_consistency.value is None
    assert found.internal_consistency.params["reason"] == "totals_hold_more"
    assert found.items[0].discrimination_index.value is not None


def test_the_lsat_has_its_published_statistics() -> None:
    case = expected("b01_lsat6")["ctt"]
    found = item_analysis(data("b01_lsat6", "lsat6.csv").to_numpy().astype(np.float64), [1] * 5)
    assert (found.mean, found.standard_deviation, found.standard_error) == pytest.approx(
        (case["mean"], case["sd"], case["sem"]), abs=1e-6
    )
    assert found.internal_consistency.value == pytest.approx(100 * case["kr20"], abs=1e-6)
    for item, name in zip(found.items, case["difficulty"], strict=True):
        assert item.facility.value == pytest.approx(case["difficulty"][name], abs=1e-6)
        assert item.discrimination_index.value == pytest.approx(100 * case["r_it_corrected"][name], abs=1e-6)
        assert item.facility.params == {"interval": "wilson"}


marks_at_random = st.integers(2, 25).flatmap(
    lambda people: st.lists(
        st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), min_size=4, max_size=4), min_size=people, max_size=people
    )
)


@settings(max_examples=60, deadline=None)
@given(marks_at_random, st.randoms(use_true_random=False))
def test_what_holds_of_any_exam(rows: list[list[float]], shuffler: Any) -> None:
    marks = np.array(rows)
    found = item_analysis(marks, [1] * 4)
    alpha = cronbach_alpha(marks).value
    assert (found.internal_consistency.value is None) == (alpha is None)
    if alpha is not None:
        assert found.internal_consistency.value == pytest.approx(100 * alpha, abs=1e-6)
    for item in found.items:
        assert item.covariance_max is not None
        assert item.covariance is not None
        assert item.covariance_max >= item.covariance - 1e-9
        assert (item.discrimination_index.value is None) == (not item.mark_variance or not item.other_mark_variance)
        if item.discriminative_efficiency is not None and item.covariance >= 0:
            assert item.discriminative_efficiency <= 100 + 1e-6
    weights = [item.effective_weight for item in found.items if item.effective_weight is not None]
    assert sum(weights) == pytest.approx(100) or sum(weights) == 0
    shuffler.shuffle(rows)
    again = upper_lower_discrimination(np.array(rows), [1] * 4)
    before = upper_lower_discrimination(marks, [1] * 4)
    assert [each.value for each in again] == pytest.approx([each.value for each in before], abs=1e-12)


def test_an_item_everybody_solved_has_no_discrimination_and_is_flagged() -> None:
    found = item_analysis(np.array([[1.0, 1, 0], [1, 0, 0], [1, 1, 1]]), [1, 1, 1]).items[0]
    assert found.discrimination_index.value is None
    assert found.discriminative_efficiency is None
    assert found.flags == ["too_easy", "no_variance"]


def test_one_person_and_nobody_have_an_analysis_without_variances() -> None:
    for marks in (np.array([[1.0, 0.0]]), np.empty((0, 2))):
        found = item_analysis(marks, [1, 1])
        assert found.standard_deviation is None
        assert found.internal_consistency.value is None
        assert [item.discrimination_index.value for item in found.items] == [None, None]


def test_people_at_the_border_of_an_extreme_group_share_its_places() -> None:
    upper, lower = extreme_groups(np.array([5.0, 4, 4, 4, 1, 1, 0, 0, 0, 0]))
    assert upper.tolist() == pytest.approx([1, 2 / 3, 2 / 3, 2 / 3, 0, 0, 0, 0, 0, 0])
    assert lower.tolist() == pytest.approx([0, 0, 0, 0, 0, 0, 0.75, 0.75, 0.75, 0.75])


def test_a_wrong_key_shows_in_the_distractor_table() -> None:
    rest = np.arange(20.0)
    chosen = [{"a"}] * 12 + [{"b"}] * 8
    table = {each.option: each for each in distractors([*chosen, None], ["a", "b", "c"], {"a"}, np.append(rest, 99.0))}
    assert table["a"].flags == ["key_chosen_by_the_weak"]
    assert table["b"].flags == ["chosen_by_the_able"]
    assert table["c"].flags == ["seldom_chosen"]
    assert (table["b"].count, table["b"].share, table["b"].upper, table["b"].lower) == (8, 0.4, 1.0, 0.0)
    assert table["b"].mean_rest == 15.5


def test_livingstons_coefficient_is_the_reliability_at_the_mean_and_grows_away_from_it() -> None:
    totals = np.array([8.0, 10, 12, 14, 16])
    assert livingston_k2(totals, 12.0, 0.6).value == pytest.approx(0.6)
    assert livingston_k2(totals, 8.0, 0.6).value == pytest.approx((0.6 * 10 + 16) / 26)
    assert livingston_k2(totals, 12.0, None).value is None


def test_the_band_round_the_cut_tells_the_sure_from_the_uncertain() -> None:
    band = cut_band(np.array([40.0, 55, 59, 60, 64, 70, 90]), 60, 0.91, confidence=0.95)
    assert band.standard_error == pytest.approx(0.3 * np.std([40, 55, 59, 60, 64, 70, 90], ddof=1))
    assert band.high - 60 == pytest.approx(1.959964 * band.standard_error, abs=1e-5)
    assert band.surely_failed + band.uncertain + band.surely_passed == band.n == 7
    assert (band.surely_failed, band.uncertain, band.surely_passed) == (1, 4, 2)


def test_marks_other_than_right_and_wrong_have_no_kr20() -> None:
    with pytest.raises(ValueError, match="0 and 1"):
        kr20(np.array([[0.5, 1.0], [1.0, 0.0]]))


def test_a_hundred_thousand_attempts_are_analysed_while_one_waits() -> None:
    draw = np.random.default_rng(11)
    marks = (draw.random((100_000, 50), dtype=np.float32) < 0.6).astype(np.float64)
    began = time.perf_counter()
    found = item_analysis(marks, [1] * 50)
    assert time.perf_counter() - began < 5
    assert found.n == 100_000
