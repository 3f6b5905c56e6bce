"""Raking, design effects, weighted means and response rates."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.statistics.mean import mean_t
from surveys.statistics.response import Dispositions, response_rates, response_rates_by_audience
from surveys.statistics.weighting import CannotRake, kish_design_effect, rake, weighted_mean


def crew(cells: dict[tuple[str, str], int]) -> pl.DataFrame:
    rows = [pair for pair, n in cells.items() for _ in range(n)]
    return pl.DataFrame(rows, schema=["shift", "site"], orient="row")


def cell_weights(people: pl.DataFrame, weights: np.ndarray) -> dict[tuple[str, str], float]:
    sums = people.with_columns(w=weights).group_by("shift", "site").agg(pl.col("w").sum())
    return {(row["shift"], row["site"]): row["w"] for row in sums.to_dicts()}


CREW = crew({("day", "north"): 30, ("day", "south"): 10, ("night", "north"): 5, ("night", "south"): 15})
TARGETS = {"shift": {"day": 0.5, "night": 0.5}, "site": {"north": 40, "south": 60}}


def test_raked_margins_are_the_targets_and_associations_stay() -> None:
    found = rake(CREW, TARGETS)
    cells = cell_weights(CREW, found.weights)
    assert found.converged
    assert found.deviation <= 1e-12
    assert sum(cells.values()) == pytest.approx(60)
    assert cells["day", "north"] + cells["day", "south"] == pytest.approx(30, abs=1e-9)
    assert cells["day", "north"] + cells["night", "north"] == pytest.approx(24, abs=1e-9)
    # Fitting margins leaves the cross-product ratio alone (Deming & Stephan 1940; Bishop, Fienberg & Holland 1975)
    ratio = cells["day", "north"] * cells["night", "south"] / (cells["day", "south"] * cells["night", "north"])
    assert ratio == pytest.approx(30 * 15 / (10 * 5))


def test_weights_add_up_to_the_population_and_start_from_base_weights() -> None:
    assert rake(CREW, TARGETS, total=1200).weights.sum() == pytest.approx(1200)
    base = np.where(CREW["site"] == "north", 2.0, 1.0)
    assert rake(CREW, {}, base).weights == pytest.approx(base * 60 / base.sum())
    one = rake(CREW, {"shift": {"day": 0.5, "night": 0.5}})
    assert one.iterations == 1
    assert cell_weights(CREW, one.weights)["night", "north"] == pytest.approx(7.5)


@pytest.mark.parametrize(
    ("targets", "reason", "category"),
    [
        ({"shift": {"day": 1.0}}, "unknown_category", "night"),
        ({"shift": {"day": 0.4, "night": 0.4, "swing": 0.2}}, "empty_category", "swing"),
        ({"shift": {"day": 1.2, "night": -0.2}}, "bad_target", ""),
    ],
)
def test_raking_is_refused_where_it_cannot_be_done(
    targets: dict[str, dict[str, float]], reason: str, category: str
) -> None:
    with pytest.raises(CannotRake) as refused:
        rake(CREW, targets)
    assert (refused.value.reason, refused.value.margin, refused.value.category) == (reason, "shift", category)


def test_somebody_without_the_variable_is_named_and_not_weighted_away() -> None:
    with pytest.raises(CannotRake, match="missing: shift"):
        rake(pl.DataFrame({"shift": ["day", None]}), {"shift": {"day": 1.0}})


def test_margins_that_contradict_one_another_do_not_converge() -> None:
    people = pl.DataFrame({"shift": ["day", "night"] * 5, "lamp": ["off", "on"] * 5})
    found = rake(people, {"shift": {"day": 0.5, "night": 0.5}, "lamp": {"off": 0.9, "on": 0.1}}, most_iterations=50)
    assert not found.converged
    assert found.deviation > 0.1


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(1, 20), min_size=6, max_size=6), st.lists(st.integers(1, 9), min_size=5, max_size=5))
def test_raking_reaches_any_targets_that_a_full_table_allows(cells: list[int], wanted: list[int]) -> None:
    pairs = [(shift, site) for shift in ("day", "night") for site in ("north", "south", "west")]
    people = crew(dict(zip(pairs, cells, strict=True)))
    targets = {
        "shift": dict(zip(("day", "night"), wanted[:2], strict=True)),
        "site": dict(zip(("north", "south", "west"), wanted[2:], strict=True)),
    }
    found = rake(people, targets)
    assert found.converged
    for margin, target in targets.items():
        for category, share in target.items():
            reached = found.weights[(people[margin] == category).to_numpy()].sum() / found.total
            assert reached == pytest.approx(share / sum(target.values()), abs=1e-11)
    assert (found.design_effect.value or 0) >= 1 - 1e-12


def test_kishs_design_effect_is_one_for_equal_weights_and_grows() -> None:
    assert kish_design_effect(np.full(7, 0.3)).value == pytest.approx(1)
    found = kish_design_effect(np.array([1.0, 1.0, 2.0]))
    assert (found.value, found.params["effective_n"]) == (pytest.approx(1.125), pytest.approx(3 / 1.125))
    assert kish_design_effect(np.array([])).value is None


def test_equal_weights_give_the_plain_mean_and_its_interval() -> None:
    values = np.array([2.0, 5, 7, 4, np.nan])
    found, plain = weighted_mean(values, np.full(5, 3.0)), mean_t(values[:4])
    assert (found.value, found.ci_low, found.ci_high) == pytest.approx((plain.value, plain.ci_low, plain.ci_high))
    assert (found.n_valid, found.n_missing) == (4, 1)
    assert weighted_mean(np.array([1.0, 2.0]), np.array([1.0, 3.0])).value == 1.75


STAFF = Dispositions(complete=60, partial=10, refused=8, not_reached=12, other=5, unknown=20, not_eligible=5)


def test_response_rates_follow_the_standard_definitions() -> None:
    # AAPOR (2023): I, P, R, NC, O = 60, 10, 8, 12, 5; U = 20; e = 95 / 100 of those known
    found = response_rates(STAFF)
    values = [each.value for each in (found.rr1, found.rr2, found.rr3, found.rr4, found.rr5, found.rr6)]
    assert found.e == pytest.approx(0.95)
    assert values == pytest.approx([60 / 115, 70 / 115, 60 / 114, 70 / 114, 60 / 95, 70 / 95])
    assert found.cooperation.value == pytest.approx(60 / 83)
    assert response_rates(STAFF, e=0).rr3.value == found.rr5.value
    assert response_rates(STAFF, e=1).rr4.value == found.rr2.value


def test_the_rate_of_all_is_that_of_the_audiences_people() -> None:
    each, all_ = response_rates_by_audience({"staff": STAFF, "suppliers": Dispositions(complete=5, not_reached=15)})
    assert each["suppliers"].rr1.value == 0.25
    assert all_.rr1.value == pytest.approx(65 / 135)
    assert all_.dispositions.not_reached == 27


def test_an_audience_of_nobody_has_no_rate() -> None:
    found = response_rates(Dispositions())
    assert (found.rr1.value, found.rr3.value, found.rr5.value, found.e) == (None, None, None, None)
    with pytest.raises(ValueError, match="0"):
        Dispositions(complete=-1)
