"""How strongly features belong to their Kano categories."""

from __future__ import annotations

import pytest

from surveys.statistics.kano import category_strength, distinct, total_strength
from tests.surveys.reference import expected


def test_strengths_and_fongs_test_are_those_of_the_reference() -> None:
    for figures in expected("c12_kano")["features"].values():
        counts = figures["counts"]
        assert 100 * (category_strength(counts) or 0) == pytest.approx(figures["category_strength_pct"], abs=1e-9)
        assert 100 * (total_strength(counts) or 0) == pytest.approx(figures["total_strength_pct"], abs=1e-9)
        assert distinct(counts) == figures["fong_significant"]


def test_a_lead_is_distinct_from_its_threshold_on() -> None:
    # n = 100: 40 against 27 leads by 13, 1.65 · √(67 · 133 / 200) = 11.01; against 30 by 10, 1.65 · √45.5 = 11.13
    assert distinct({"M": 40, "O": 27, "A": 20, "I": 13})
    assert not distinct({"M": 40, "O": 30, "A": 20, "I": 10})


def test_a_feature_nobody_judged_has_no_strength() -> None:
    assert (category_strength({}), total_strength({}), distinct({})) == (None, None, False)
