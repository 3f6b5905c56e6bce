"""What to do first, figures without careless answers, and waves over time."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import numpy as np
import pytest

from surveys.analysis.diagnosis import diagnose
from surveys.analysis.findings import DiagnosisFindings
from surveys.analysis.groups import Dimension, Groups
from surveys.analysis.trend import trend
from surveys.disclosure import Policy
from surveys.formats import yaml
from surveys.frame import dataset
from tests.surveys.test_diagnosis import PROGRAMME, wave

TEXT = """
name: pulse
kind: pulse
title: 脉搏
rating_scales: {agree: {labels: [完全不同意, 不太同意, 中立, 比较同意, 完全同意]}}
scales:
  - {code: clear, label: 清晰, items: [c.a, c.b]}
  - {code: fast, label: 快捷, items: [f.a, f.b]}
  - {code: kind, label: 友好, items: [k.a, k.b]}
steps: [{code: file, label: 登记}, {code: sign, label: 会签}]
pages:
  - code: all
    questions:
      - {code: c, type: matrix, scale: agree, text: 清, rows: [{code: a, label: 甲}, {code: b, label: 乙}]}
      - {code: f, type: matrix, scale: agree, text: 快, rows: [{code: a, label: 甲}, {code: b, label: 乙}]}
      - {code: k, type: matrix, scale: agree, text: 友, rows: [{code: a, label: 甲}, {code: b, label: 乙}]}
      - {code: overall, type: rating, points: 5, low_label: 差, high_label: 好, text: 总体}
      - {code: change, type: ecrs, text: 怎么改}
"""


def person(clear: int, fast: int, kind: int, overall: int, **more: Any) -> dict[str, Any]:
    rows = {"c.a": clear, "c.b": clear, "f.a": fast, "f.b": fast, "k.a": kind, "k.b": kind}
    return {**rows, "overall": overall, **more}


def findings(people: list[dict[str, Any]], seconds: list[int] | None = None, **of: Any) -> DiagnosisFindings:
    asked, problems = yaml.read(TEXT)
    assert asked is not None, problems
    lines = [json.dumps(each) for each in people]
    meta = {"_sequence": [*range(1, len(lines) + 1)], "_seconds": seconds or [600] * len(lines)}
    facts = msgspec.structs.replace(wave(of.pop("anonymity", "anonymous")), **of)
    return diagnose(dataset(asked, lines, meta), PROGRAMME, facts)


def varied(count: int) -> list[dict[str, Any]]:
    """Clarity goes with the overall rating and is low, speed is high and goes with nothing."""
    return [
        person(1 + place % 3, 4 + place // 3 % 2, 2 + place // 2 % 4, 2 + place % 3) for place in range(count)
    ]  # fmt: skip


def test_what_goes_with_the_overall_rating_and_is_rated_low_comes_first() -> None:
    found = findings(varied(60))
    assert found.priorities is not None
    first = found.priorities.points[0]
    assert (first.code, first.quadrant, first.importance.n_valid) == ("clear", "concentrate", 60)
    assert first.importance.value == pytest.approx(1.0)
    others = {point.code: point.importance.value for point in found.priorities.points}
    assert found.priorities.crosshair is not None
    assert found.priorities.crosshair[0] == pytest.approx(np.mean([value or 0.0 for value in others.values()]))
    assert found.priorities.crosshair[1] == pytest.approx(np.mean([scale.mean.value for scale in found.scales]))


def test_candidates_are_ranked_by_minutes_times_those_who_suggest_them() -> None:
    people = []
    for place in range(48):  # 36 would simplify one step, 12 eliminate the other
        simplify = {"change.file.suggestion": "simplify", "change.file.minutes": 20 + place % 2}
        eliminate = {"change.sign.suggestion": "eliminate", "change.sign.minutes": 60 + place % 3}
        first = simplify if place < 36 else {"change.file.suggestion": "keep"}
        second = eliminate if place < 12 else {"change.sign.suggestion": "keep"}
        people.append(person(3, 3, 3, 3, **first, **second))
    found = findings(people)
    assert [each.code for each in found.candidates] == ["file.simplify", "sign.eliminate"]
    saved = [each.minutes.value or 0.0 for each in found.candidates]
    assert [each.promise for each in found.candidates] == pytest.approx([saved[0] * 36 / 48, saved[1] * 12 / 48])
    assert {each.by for each in found.candidates} == {"suggested"}


def test_scales_are_told_with_and_without_careless_answers() -> None:
    people = varied(50) + [person(5, 5, 5, 5)] * 8
    seconds = [600] * 50 + [3] * 8
    found = findings(people, seconds).response
    assert found.flagged["too_fast"] == 8
    shown = {each.code: each for each in found.without_flagged}
    assert set(shown) == {"clear", "fast", "kind"}
    assert (shown["clear"].everybody.n_valid, shown["clear"].without.n_valid) == (58, 50)
    alone = {scale.code: scale.mean for scale in findings(varied(50)).scales}
    for code, each in shown.items():
        assert each.without.value == pytest.approx(alone[code].value)


@pytest.mark.parametrize("careless", [1, 4])
def test_few_careless_answers_are_not_taken_out(careless: int) -> None:
    people, seconds = varied(50) + [person(5, 5, 5, 5)] * careless, [600] * 50 + [3] * careless
    assert findings(people, seconds).response.without_flagged == ()
    known = findings(people, seconds, anonymity="identified").response.without_flagged
    assert len(known) == 3


@pytest.mark.parametrize("state", [{"settled": None}, {"settled": 50}, {"erasures": 1}])
def test_a_wave_that_moves_is_not_told_without_careless_answers(state: dict[str, Any]) -> None:
    people, seconds = varied(52) + [person(5, 5, 5, 5)] * 8, [600] * 52 + [3] * 8
    assert findings(people, seconds, **state).response.without_flagged == ()


def test_those_left_are_not_told_beside_a_group_that_differs_by_few() -> None:
    everybody = np.ones(60, dtype=bool)
    mask = np.arange(60) < 30
    groups = Groups([Dimension("side", {}, {"one": mask, "other": ~mask}, {})], np.arange(1, 61), Policy())
    assert groups.stands_apart(np.arange(60) % 2 == 0, everybody)
    assert not groups.stands_apart(np.arange(60) < 28, everybody), "a group has two more"
    assert not groups.stands_apart(np.arange(60) < 32, everybody), "a group has two fewer"
    assert not groups.stands_apart(np.arange(60) > 1, everybody), "everybody has two more"
    assert groups.stands_apart(np.arange(60) < 30, everybody), "the group itself"


def test_waves_are_compared_where_they_asked_the_same() -> None:
    first = findings(varied(30), title="第一轮", opened_on="2026-01-05")
    second = findings(varied(40), title="第二轮", opened_on="2026-04-05")
    lines = trend([second, first])
    assert [line.code for line in lines] == ["clear", "fast", "kind"]
    assert [point.title for point in lines[0].points] == ["第一轮", "第二轮"]
    assert lines[0].points[0].mean == first.scales[0].mean
    reworded = msgspec.structs.replace(first.scales[0].items[0], label={"zh-CN": "另一问法"})
    items = (reworded, *first.scales[0].items[1:])
    scales = (msgspec.structs.replace(first.scales[0], items=items), *first.scales[1:])
    assert [line.code for line in trend([msgspec.structs.replace(first, scales=scales), second])] == ["fast", "kind"]
    assert trend([second]) == trend([]) == ()
