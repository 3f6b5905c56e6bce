"""Where the rows of a pilot come from: which answers are whose, which of the baseline belong to which group."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl
import pytest

from surveys.analysis.pilot_adjustments import needed
from surveys.analysis.pilot_evaluation import Material
from surveys.analysis.pilot_findings import Rule, Target
from surveys.analysis.pilot_plan import BY_PERSON, Measure, Plan, fingerprint
from surveys.analysis.pilot_power import needs
from surveys.analysis.pilot_rows import CASES, Answers, Role, of_answers, of_cases
from surveys.disclosure import Policy
from surveys.formats import yaml
from surveys.frame import dataset
from surveys.statistics.estimate import Estimate
from tests.reports.pilot_example import material

SURVEY, _ = yaml.read(
    """
name: small
kind: satisfaction
title: 小问卷
languages: [zh-CN]
pages:
  - code: one
    title: 一
    questions:
      - {code: overall, type: rating, points: 5, text: 满意吗？, low_label: 低, high_label: 高}
      - code: own
        type: link_code
        text: 代码
        asks: [{code: a, label: 甲}, {code: b, label: 乙}]
"""
)
START = date(2026, 3, 2)
OVERALL = Measure(
    code="m1", label={"zh-CN": "满意"}, kind="proportion", better="higher", source="answers", of="overall", yes_from=4
)


def plan(**more: Any) -> Plan:
    return Plan(
        **{"started_on": START, "pilot": "p", "baseline": "b", "comparison": "c", "measures": (OVERALL,),
           "rule": Rule(fixed_on=START), **more}
    )  # fmt: skip


def answers(
    scores: Sequence[int],
    *,
    codes: Sequence[str] = (),
    people: Sequence[str | None] = (),
    departments: Sequence[str] = (),
) -> Answers:
    assert SURVEY is not None
    lines = [json.dumps({"overall": score} | ({"own": codes[n]} if codes else {})) for n, score in enumerate(scores)]
    meta = {"_department": list(departments)} if departments else None
    return Answers(dataset=dataset(SURVEY, lines, meta), policy=Policy(), people=tuple(people))


def counted(frame: pl.DataFrame) -> dict[tuple[str, str], int]:
    return {
        (arm, period): n
        for arm, period, n in frame.group_by("arm", "period").len().sort("arm", "period").iter_rows()
    }  # fmt: skip


def test_an_answer_counts_as_yes_from_its_threshold_on() -> None:
    rows = of_answers(OVERALL, {"pilot": answers([3, 4, 5])}, plan(comparison=""))
    assert sorted(rows["value"]) == [0.0, 1.0, 1.0]


def test_people_of_the_baseline_go_where_they_answer_later_and_others_are_left_out() -> None:
    given: dict[Role, Answers] = {
        "baseline": answers([3] * 4, people=["a", "b", "c", "gone"]),
        "pilot": answers([4], people=["a"]),
        "comparison": answers([4] * 2, people=["b", "c"]),
    }
    rows = of_answers(OVERALL, given, plan(linked=BY_PERSON))
    assert counted(rows) == {
        ("comparison", "after"): 2, ("comparison", "before"): 2, ("pilot", "after"): 1, ("pilot", "before"): 1,
    }  # fmt: skip


def test_people_are_linked_by_their_own_code_but_not_by_one_that_two_have_made() -> None:
    given: dict[Role, Answers] = {
        "baseline": answers([3, 3, 3], codes=["x" * 32, "y" * 32, "y" * 32]),
        "pilot": answers([4, 4], codes=["x" * 32, "y" * 32]),
    }
    rows = of_answers(OVERALL, given, plan(linked="own", comparison=""))
    before = rows.filter(pl.col("period") == "before")["person"]
    assert sorted(before.drop_nulls()) == ["x" * 32]
    assert before.null_count() == 2


def test_without_links_departments_tell_the_groups_apart() -> None:
    given: dict[Role, Answers] = {
        "baseline": answers([3] * 18, departments=["A"] * 6 + ["B"] * 6 + ["C"] * 6),
        "pilot": answers([4] * 3, departments=["A"] * 3),
        "comparison": answers([4] * 3, departments=["B"] * 3),
    }
    found = counted(of_answers(OVERALL, given, plan()))
    assert (found["pilot", "before"], found["comparison", "before"]) == (6, 6)


@pytest.mark.parametrize(("others", "kept"), [(3, 15), (5, 12)])
def test_fewer_than_k_of_other_departments_are_not_set_apart(others: int, kept: int) -> None:
    """The baseline's own page shows all of them: subtraction would tell of the few."""
    given: dict[Role, Answers] = {
        "baseline": answers([3] * (12 + others), departments=["A"] * 6 + ["B"] * 6 + ["C"] * others),
        "pilot": answers([4] * 3, departments=["A"] * 3),
        "comparison": answers([4] * 3, departments=["B"] * 3),
    }
    rows = of_answers(OVERALL, given, plan())
    assert rows.filter(pl.col("period") == "before").height == kept


def test_departments_in_both_groups_tell_nothing() -> None:
    given: dict[Role, Answers] = {
        "baseline": answers([3] * 6, departments=["A"] * 6),
        "pilot": answers([4], departments=["A"]),
        "comparison": answers([4], departments=["A"]),
    }
    assert ("comparison", "before") not in counted(of_answers(OVERALL, given, plan()))


def test_a_wave_that_does_not_ask_gives_no_rows() -> None:
    other = Measure(**{**{name: getattr(OVERALL, name) for name in OVERALL.__struct_fields__}, "of": "elsewhere"})
    assert of_answers(other, {"pilot": answers([5])}, plan()).is_empty()
    scale = Measure(**{**{name: getattr(OVERALL, name) for name in OVERALL.__struct_fields__}, "of": "scale:none"})
    assert of_answers(scale, {"pilot": answers([5])}, plan()).is_empty()


def test_cases_of_the_comparison_group_before_the_start_are_before() -> None:
    frame = pl.DataFrame(
        [("baseline", None, "", 1.0), ("pilot", START, "", 2.0), ("comparison", date(2026, 2, 1), "甲班", 3.0),
         ("comparison", START, "", 4.0)],
        schema=CASES, orient="row",
    )  # fmt: skip
    hours = Measure(code="m", label={}, kind="duration", better="lower", source="cases", of="hours")
    rows = of_cases(hours, {"hours": frame}, plan())
    assert counted(rows) == {
        ("comparison", "after"): 1, ("comparison", "before"): 1, ("pilot", "after"): 1, ("pilot", "before"): 1,
    }  # fmt: skip
    assert rows["cluster"].drop_nulls().to_list() == ["甲班"]
    assert of_cases(hours, {}, plan()).is_empty()


def test_a_fingerprint_does_not_depend_on_the_identifiers_of_waves() -> None:
    assert fingerprint(plan()) == fingerprint(plan(pilot="another", baseline="another too"))
    assert fingerprint(plan()) != fingerprint(plan(comparison=""))
    assert fingerprint(plan()) != fingerprint(plan(asked=3))


@pytest.mark.parametrize(
    ("value", "half", "n", "target", "wanted"),
    [
        (0.93, 0.06, 30, 0.9, 120),  # twice too wide: four times as many
        (0.93, 0.02, 30, 0.9, None),  # shown already
        (0.9, 0.06, 30, 0.9, None),  # on the target itself
        (0.9001, 0.06, 30, 0.9, None),  # out of reach
        (44.0, 8.0, 50, 48.0, 200),
    ],
)
def test_what_would_show_a_target_follows_from_the_width(
    value: float, half: float, n: int, target: float, wanted: int | None
) -> None:
    estimate = Estimate(value=value, method="m", n_valid=n, ci_low=value - half, ci_high=value + half)
    assert needed(estimate, target) == wanted


def test_before_the_start_each_target_tells_what_it_needs() -> None:
    found = {need.code: need for need in needs(material())}
    assert set(found) == {"m1", "m2", "m3"}
    assert found["m1"].hoped == pytest.approx(48 / 64.55)
    assert found["m1"].needed is not None
    assert 20 < (found["m1"].needed.value or 0) < 120


def test_without_a_baseline_only_an_assumed_share_tells_what_is_needed() -> None:
    def need(measure: Measure) -> Any:
        record = material().record
        bare = Material(
            programme=material().programme, waves={}, answers={}, cases={},
            record=type(record)(plan=plan(measures=(measure,)), number=1, fixed_on=None, content_hash=""),
        )  # fmt: skip
        return needs(bare)[0]

    share: dict[str, Any] = {"code": "m", "label": {}, "kind": "proportion", "better": "higher", "source": "cases",
                             "of": "x", "target": Target(value=0.9, direction="at_least")}  # fmt: skip
    assert need(Measure(**share)).why == "no_baseline"
    assert need(Measure(**share, assumed=0.78)).needed.value == pytest.approx(156, abs=10)
    assert need(Measure(**share, assumed=0.95)).why == "no_change"
    hours = share | {"kind": "duration", "better": "lower", "target": Target(value=48, direction="at_most")}
    assert need(Measure(**hours, assumed=72)).why == "no_baseline"
