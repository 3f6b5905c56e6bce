"""Signs of careless answering, and the Pareto line."""

from __future__ import annotations

import numpy as np

from surveys.statistics.careless import long_string, straight_lining, too_fast
from surveys.statistics.pareto import pareto

NOTHING = np.nan


def test_one_answer_to_everything_is_straight_lining_from_six_items_on() -> None:
    items = np.array([[3] * 6, [3] * 5 + [NOTHING], [3] * 5 + [4]], dtype=np.float64)
    assert straight_lining(items).tolist() == [True, False, False]


def test_a_long_string_covers_more_than_half_and_skipping_does_not_break_it() -> None:
    items = np.array([[2, 2, 2, NOTHING, 2, 2, 2, 5, 1], [2, 2, 2, 2, 2, 1, 5, 1, 5]], dtype=np.float64)
    assert long_string(items).tolist() == [True, False]


def test_an_unknown_time_is_not_too_fast() -> None:
    assert too_fast(np.array([39.0, 40.0, NOTHING, 0.0]), np.array([20, 20, 20, 0])).tolist() == [
        True,
        False,
        False,
        False,
    ]


def test_nobody_can_be_careless_in_a_questionnaire_without_scales() -> None:
    assert not straight_lining(np.empty((3, 0))).any()
    assert not long_string(np.empty((3, 0))).any()


def test_the_row_that_crosses_the_line_is_vital() -> None:
    rows = pareto([10, 50, 0, 30, 10])
    assert [(row.position, row.vital) for row in rows] == [(1, True), (3, True), (0, False), (4, False), (2, False)]
    assert rows[-1].cumulative == 1


def test_exactly_eighty_percent_needs_no_further_row() -> None:
    assert [row.vital for row in pareto([0.7, 0.1, 0.2 - 1e-17])] == [True, True, False]


def test_nothing_is_vital_where_nothing_weighs() -> None:
    assert [(row.share, row.vital) for row in pareto([0, 0])] == [(0, False), (0, False)]
