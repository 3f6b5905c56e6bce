"""Flow order, ECRS and dual matrices: figures that columns alone do not give, and what of them may be shown."""

from __future__ import annotations

import json
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.analysis.findings import QuestionFinding
from surveys.analysis.flow import ecrs, flow_order, matrix_dual, promise
from surveys.analysis.view import View, view
from surveys.disclosure import Policy
from surveys.frame import dataset
from surveys.statistics.order import frequent_orders, kendall_w, positions
from tests.surveys.test_matrices import ALL, KINDS

OPEN = Policy.of("identified", 1, 1)
USUAL = ["apply", "budget", "approve", "order"]
OTHER = ["budget", "apply", "approve", "order"]


def seen(rows: list[dict[str, Any]], policy: Policy = OPEN) -> View:
    return view(dataset(ALL, [json.dumps(row) for row in rows]), policy)


def parts(finding: QuestionFinding) -> list[str]:
    return [part.code for part in finding.parts]


def test_kendall_s_w_is_that_of_the_textbook() -> None:
    """Siegel 1956, ch. 9: three judges rank six applicants, W = .16."""
    ranks = {"a": (1, 1, 6), "b": (6, 5, 3), "c": (3, 6, 2), "d": (2, 4, 5), "e": (5, 2, 4), "f": (4, 3, 1)}
    orders = [sorted(ranks, key=lambda code, judge=judge: ranks[code][judge]) for judge in range(3)]
    value = kendall_w(orders, list(ranks)).value
    assert value is not None
    assert round(value, 2) == 0.16


def test_all_orders_together_agree_on_nothing_and_one_order_on_everything() -> None:
    codes = ["a", "b", "c"]
    assert kendall_w([list(each) for each in permutations(codes)], codes).value == pytest.approx(0)
    assert kendall_w([codes] * 4, codes).value == pytest.approx(1)
    assert kendall_w([codes], codes).value is None
    assert kendall_w([codes, codes, ["a"]], codes).n_valid == 2


@given(st.lists(st.permutations(["a", "b", "c", "d"]), min_size=2, max_size=12))
def test_agreement_lies_between_nothing_and_one_and_mean_places_add_up(orders: list[list[str]]) -> None:
    value = kendall_w(orders, ["a", "b", "c", "d"]).value
    assert value is not None
    assert -1e-9 <= value <= 1 + 1e-9
    assert sum(positions(orders, code).mean() for code in "abcd") == pytest.approx(10)


def test_equally_frequent_orders_come_by_their_codes() -> None:
    assert frequent_orders([["b", "a"], ["a", "b"], ["b", "a"], ["a", "b"]], 1) == [(("a", "b"), 2)]


def test_steps_are_told_by_their_mean_place_and_the_usual_order_first() -> None:
    finding = flow_order(seen([{"real": USUAL}] * 8 + [{"real": OTHER}] * 6 + [{}]), KINDS["real"])
    assert parts(finding) == USUAL
    places = [part.estimate.value for part in finding.parts if part.estimate]
    assert places == pytest.approx([(8 + 12) / 14, (16 + 6) / 14, 3, 4])
    assert finding.levels[0].label["zh-CN"] == "提交申请 → 核对预算 → 逐级审批 → 下单"
    assert [level.count for level in finding.levels] == [8, 6]
    assert finding.estimates["agreement"].n_missing == 1


def test_a_step_that_some_leave_out_counts_among_those_who_place_it() -> None:
    finding = flow_order(seen([{"real": USUAL}] * 10 + [{"real": USUAL[1:]}] * 5), KINDS["real"])
    (first,) = (part.estimate for part in finding.parts if part.code == "apply")
    assert first is not None
    assert (first.value, first.n_valid, first.n_missing) == (1.0, 10, 5)


def test_a_rare_order_and_an_order_of_everybody_are_not_told_in_a_protected_wave() -> None:
    policy = Policy.of("anonymous", 5, 10)
    rare = flow_order(seen([{"real": USUAL}] * 10 + [{"real": OTHER}] * 4, policy), KINDS["real"])
    assert [level.count for level in rare.levels] == [10]
    assert flow_order(seen([{"real": USUAL}] * 20, policy), KINDS["real"]).levels == ()


def suggest(step: str, suggestion: str, minutes: float | None = None) -> dict[str, Any]:
    return {f"ideas.{step}.suggestion": suggestion} | ({f"ideas.{step}.minutes": minutes} if minutes else {})


def test_candidates_are_ranked_by_what_they_save_times_how_many_suggest_them() -> None:
    rows = (
        [suggest("apply", "simplify", 10.0)] * 15  # 10 × 15/20
        + [suggest("apply", "keep")] * 5
        + [suggest("order", "eliminate", 30.0)] * 12  # 30 × 12/24
        + [suggest("order", "keep")] * 12
    )
    finding = ecrs(seen(rows), KINDS["ideas"])
    assert parts(finding) == ["order.eliminate", "apply.simplify"]
    assert [promise(part) for part in finding.parts] == pytest.approx([15.0, 7.5])
    assert finding.parts[1].label["en"] == "Request · Simplify"
    assert finding.parts[0].levels[0].count == 12


def test_minutes_of_a_few_are_not_shown_and_promise_nothing() -> None:
    policy = Policy.of("anonymous", 5, 10)
    rows = [suggest("apply", "simplify", 10.0)] * 3 + [suggest("apply", "combine", float(n)) for n in range(1, 13)]
    finding = ecrs(seen(rows, policy), KINDS["ideas"])
    assert parts(finding) == ["apply.combine", "apply.simplify"]
    hidden = finding.parts[1].estimate
    assert hidden is not None
    assert hidden.value is None
    assert hidden.suppressed
    assert promise(finding.parts[1]) == 0.0


def test_the_widest_gap_comes_first_and_only_pairs_count() -> None:
    def row(code: str, importance: int, satisfaction: int) -> dict[str, int]:
        return {f"gap.{code}.importance": importance, f"gap.{code}.satisfaction": satisfaction}

    rows: list[dict[str, Any]] = [
        row("speed", 5, 2 + at % 2) | row("status", 4, 4 - at % 2) | {"gap.rules.importance": 5} for at in range(12)
    ]
    finding = matrix_dual(seen(rows), KINDS["gap"])
    assert parts(finding) == ["speed", "status", "rules"]
    gaps = [part.estimate.value if part.estimate else None for part in finding.parts]
    assert gaps == [2.5, 0.5, None]
    assert finding.parts[0].estimates["importance"].value == 5
    assert (finding.low, finding.high) == (-4, 4)
