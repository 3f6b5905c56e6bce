"""Rounding at display: half-up, from exact counts."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from surveys.statistics.rounding import half_up, largest_remainder, p_text, percent, percent_text, sums_to_hundred
from tests.surveys.reference import expected


@pytest.mark.parametrize("decimals", [0, 1, 2])
def test_percentages_round_half_up_from_counts(decimals: int) -> None:
    for row in expected("e03_rounding")["table"]:
        shown = percent(row["num"], row["den"], decimals)
        assert shown == Decimal(str(row[f"half_up_pct_{decimals}dp"])), row["label"]


def test_rows_of_percentages_are_rounded_one_by_one_and_the_reader_is_told() -> None:
    for row in expected("e03_rounding")["percent_rows"]:
        counts = row["counts"]
        if sum(counts) == 0:
            assert percent(0, 0) is None
            assert largest_remainder(counts) is None
            continue
        independent = [percent(count, sum(counts), 1) for count in counts]
        assert independent == [Decimal(str(share)) for share in row["independent_half_up_1dp"]]
        assert sums_to_hundred(counts, 1) is (row["independent_sum_1dp"] == 100.0)
        assert largest_remainder(counts) == row["largest_remainder_0dp"]


def test_an_eighth_is_thirteen_percent_and_not_pythons_twelve() -> None:
    assert percent_text(1, 8) == "13 %"
    assert f"{0.125:.0%}" == "12%"  # what must not be printed


def test_a_float_is_rounded_as_it_reads() -> None:
    assert (half_up(2.675, 2), half_up(1.005, 2), half_up(-0.5)) == (Decimal("2.68"), Decimal("1.01"), Decimal(-1))
    assert half_up(Fraction(-1, 3), 1) == Decimal("-0.3")
    assert str(half_up(-0.001, 2)) == "0.00"


@pytest.mark.parametrize(("p", "shown"), [(0.0, "< 0.001"), (2.95e-7, "< 0.001"), (0.0499999, "0.050"), (1.0, "1.000")])
def test_a_p_value_is_never_nothing(p: float, shown: str) -> None:
    assert p_text(p) == shown
