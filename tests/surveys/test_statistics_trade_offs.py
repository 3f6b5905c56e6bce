"""Kano, AHP, SUS and designs against published cases and against what must hold of any answers."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.questions.design import balanced_sets
from surveys.statistics.ahp import weigh
from surveys.statistics.kano import CATEGORIES, FEELINGS, better, category_of, verdict, worse
from surveys.statistics.sus import usability_scores
from tests.surveys.reference import data, expected


def test_the_evaluation_table_is_that_of_berger() -> None:
    table = expected("c12_kano")["evaluation_table"]
    for key, category in table.items():
        present, absent = (FEELINGS[int(place) - 1] for place in key.split("-"))
        assert category_of(present, absent) == category, key


def test_kano_features_come_out_as_in_the_reference_case() -> None:
    frame = data("c12_kano", "responses.csv")
    name, present, absent = frame.columns[0], frame.columns[-2], frame.columns[-1]
    for feature, wanted in expected("c12_kano")["features"].items():
        rows = frame.filter(frame[name] == feature).select(present, absent).iter_rows()
        counts = Counter(category_of(FEELINGS[a - 1], FEELINGS[b - 1]) for a, b in rows)
        assert {each: counts[each] for each in CATEGORIES} == wanted["counts"]
        assert (verdict(counts).category, verdict(counts).tie) == (wanted["category"], wanted["tie"])
        assert better(counts).value == pytest.approx(wanted["better_SI"], abs=1e-12)
        assert worse(counts).value == pytest.approx(wanted["worse_DSI"], abs=1e-12)


def test_a_tie_goes_to_the_category_that_hurts_more_when_missed() -> None:
    assert verdict({"A": 3, "M": 3, "O": 3, "I": 3}).category == "M"
    assert verdict({"A": 3, "O": 3, "I": 3}).category == "O"
    assert verdict({}).category is None


def test_the_interval_of_a_dissatisfaction_index_holds_it_on_its_negative_side() -> None:
    index = worse({"O": 6, "M": 4, "A": 5, "I": 5})
    assert index.value is not None
    assert index.ci_low is not None
    assert index.ci_high is not None
    assert -1 <= index.ci_low < index.value < index.ci_high < 0


def test_consistent_comparisons_give_back_the_weights_they_came_from() -> None:
    weights = np.array([0.5, 0.3, 0.15, 0.05])
    found = weigh(weights[:, None] / weights[None, :])
    assert found.weights == pytest.approx(weights)
    assert found.consistency_ratio == 0.0


def test_weights_and_ratio_of_saatys_three_criteria() -> None:
    """A = [1 3 5; 1/3 1 3; 1/5 1/3 1]: the textbook case, λ = 3.0385, CR = 0.033 with RI = 0.58."""
    found = weigh(np.array([[1, 3, 5], [1 / 3, 1, 3], [1 / 5, 1 / 3, 1]]))
    assert found.weights == pytest.approx((0.6370, 0.2583, 0.1047), abs=5e-5)
    assert found.consistency_ratio == pytest.approx(0.0332, abs=5e-4)


def test_going_round_in_circles_is_inconsistent() -> None:
    circle = weigh(np.array([[1, 9, 1 / 9], [1 / 9, 1, 9], [9, 1 / 9, 1]]))
    assert circle.weights == pytest.approx((1 / 3, 1 / 3, 1 / 3))
    assert circle.consistency_ratio > 1


@pytest.mark.parametrize(
    ("answers", "score"),
    [([5, 1] * 5, 100.0), ([1, 5] * 5, 0.0), ([3] * 10, 50.0), ([4, 2, 4, 2, 4, 2, 4, 2, 4, 3], 72.5)],
)
def test_usability_runs_from_0_to_100(answers: list[int], score: float) -> None:
    assert usability_scores(np.array([answers], dtype=float)).tolist() == [score]


def test_a_person_who_skipped_a_usability_item_has_no_score() -> None:
    answers = np.array([[5.0, 1.0] * 5, [5.0, 1.0] * 4 + [5.0, np.nan]])
    assert usability_scores(answers).tolist() == [100.0]
    with pytest.raises(ValueError, match="10 items"):
        usability_scores(np.ones((1, 9)))


@given(st.integers(4, 30), st.integers(3, 6), st.integers(1, 30))
def test_every_option_is_shown_as_often_as_every_other_or_once_more(items: int, size: int, sets: int) -> None:
    design = balanced_sets(items, size, sets)
    shown = Counter(item for members in design for item in members)
    times = [shown[item] for item in range(items)]
    assert max(times) - min(times) <= 1
    assert all(len(set(members)) == len(members) == min(size, items) for members in design)
    assert design == balanced_sets(items, size, sets)


def test_options_meet_one_another_about_as_often() -> None:
    design = balanced_sets(8, 4, 6)
    met = Counter(pair for members in design for pair in combinations(members, 2))
    assert max(met[pair] for pair in combinations(range(8), 2)) <= 3
