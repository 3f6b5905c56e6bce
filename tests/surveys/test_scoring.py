"""Scores of people."""

from __future__ import annotations

import json

import pytest

from surveys.definition import Questionnaire
from surveys.formats import yaml
from surveys.frame import dataset
from surveys.scoring import bounds, score
from tests.surveys.reference import expected

TEXT = """
name: four-items
kind: satisfaction
title: 四个题项
rating_scales:
  agree: {labels: [完全不同意, 不太同意, 中立, 比较同意, 完全同意]}
scales:
  - {code: clarity, label: 清晰, items: [i1, i2, i3, i4], reversed: REVERSED}
pages:
  - code: first
    questions:
      - {code: i1, type: likert, scale: agree, text: 一}
      - {code: i2, type: likert, scale: agree, text: 二}
      - {code: i3, type: likert, scale: agree, text: 三}
      - {code: i4, type: likert, scale: agree, text: 四}
"""


def questionnaire(reverse: str = "[]") -> Questionnaire:
    found, problems = yaml.read(TEXT.replace("REVERSED", reverse))
    assert found is not None, problems
    return found


def stored(items: list[int | str | None]) -> str:
    names = [f"i{place}" for place in range(1, 5)]
    row: dict[str, object] = {name: item for name, item in zip(names, items, strict=True) if isinstance(item, int)}
    row["_not_applicable"] = [name for name, item in zip(names, items, strict=True) if item == "NA"]
    return json.dumps(row)


def scores(asked: Questionnaire, rows: list[list[int | str | None]]) -> list[float | None]:
    frame = dataset(asked, [stored(row) for row in rows]).frame
    return score(frame.lazy(), asked).collect()["scale:clarity"].to_list()


def test_the_half_answered_rule_of_the_missing_contract() -> None:
    case = expected("c17_missing_contract")
    found = scores(questionnaire(), [person["items"] for person in case["persons"]])
    assert found == pytest.approx([person["score"] for person in case["persons"]], abs=1e-9)
    known = [each for each in found if each is not None]
    assert sum(known) / len(known) == pytest.approx(case["group_mean"], abs=1e-9)
    assert len(known) == case["n_scored"]
    assert len(found) == case["n_responses"]


def test_a_skipped_item_is_not_a_zero() -> None:
    assert scores(questionnaire(), [[4, None, 4, 4], [None, None, None, None], [None, None, None, 5]]) == [
        4.0,
        None,
        None,
    ]


def test_a_reversed_item_is_turned_once_and_the_answers_stay() -> None:
    asked = questionnaire("[i2]")
    frame = dataset(asked, [stored([5, 1, 5, 5])]).frame
    scored = score(frame.lazy(), asked).collect()
    assert scored["scale:clarity"].to_list() == [5.0]
    assert scored["i2"].to_list() == [1]


def test_a_scale_over_different_answer_scales_has_no_bounds() -> None:
    text = TEXT.replace("REVERSED", "[]").replace("{code: i4, type: likert, scale: agree,", "{code: i4, type: nps,")
    asked, _ = yaml.read(text)
    assert asked is not None
    with pytest.raises(ValueError, match="one answer scale"):
        bounds(asked.scales[0], asked)
