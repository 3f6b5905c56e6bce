"""Stored answers as columns: four kinds of nothing, and whatever else a line may hold."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.definition import Questionnaire
from surveys.formats import yaml
from surveys.frame import columns, counts, dataset, read, schema, state
from surveys.library import load
from tests.surveys.answers_at_random import answers

TEXT = """
name: four-kinds
kind: pulse
title: 四种空白
rating_scales:
  agree: {labels: [完全不同意, 不太同意, 中立, 比较同意, 完全同意]}
steps:
  - {code: register, label: 登记}
pages:
  - code: first
    questions:
      - {code: clear, type: likert, scale: agree, text: 职责清楚, not_applicable: true}
      - {code: recommend, type: nps, text: 您愿意推荐吗}
      - {code: hours, type: number, text: 多少小时, low: 0}
      - {code: pains, type: multiple, text: 哪里难, choices: [{code: forms, label: 表单}, {code: wait, label: 等待}]}
      - {code: side, type: single, text: 您在哪一环, choices: [{code: up, label: 上游}, {code: down, label: 下游}]}
      - {code: grid, type: step_grid, text: 每一步, not_applicable: true}
      - {code: idea, type: long_text, text: 建议}
"""


def questionnaire(text: str = TEXT) -> Questionnaire:
    found, problems = yaml.read(text)
    assert found is not None, problems
    return found


def lines(*rows: dict[str, Any]) -> list[str]:
    return [json.dumps(row, ensure_ascii=False) for row in rows]


FOUR = lines(
    {"recommend": 0},
    {"_not_applicable": ["recommend"]},
    {"_not_shown": ["recommend"]},
    {},
)


def test_zero_skipped_not_applicable_and_not_shown_are_four_things() -> None:
    asked = questionnaire()
    answered = dataset(asked, FOUR)
    column = columns(asked)["recommend"]
    assert answered.frame.select(state(column)).to_series().to_list() == [
        "answered", "not_applicable", "not_shown", "skipped",
    ]  # fmt: skip
    assert counts(answered, column) == (1, 1, 1, 1)


def test_a_list_may_name_the_question_or_the_step_that_a_column_belongs_to() -> None:
    asked = questionnaire()
    found = dataset(
        asked, lines({"_not_applicable": ["grid.register"]}, {"_not_shown": ["grid"]}, {"grid.register.work": 5})
    )
    assert counts(found, columns(asked)["grid.register.work"]) == (1, 0, 1, 1)


def test_an_empty_list_of_codes_is_no_answer() -> None:
    asked = questionnaire()
    assert counts(dataset(asked, lines({"pains": []}, {"pains": ["wait"]})), columns(asked)["pains"]) == (1, 1, 0, 0)


@pytest.mark.parametrize(
    "odd",
    [
        '{"clear": "4"}', '{"clear": 4.5}', '{"clear": [4]}', '{"clear": true}', '{"clear": 1e300}', '{"clear": 9}',
        '{"clear": 99999999999999999999}', '{"recommend": 11}', '{"side": 5}', '{"side": "nowhere"}', '{"clear": 4',
        '{"pains": "wait"}', '{"pains": {"a": 1}}', '{"_not_shown": {}}', '{"idea": ["x"]}', "[1]", "null", "nonsense",
        '{"hours": -1}', '{"hours": NaN}', '{"extra": {"deep": [1, {}]}}', "",
    ],
)  # fmt: skip
def test_a_line_that_no_questionnaire_writes_is_a_row_of_skipped_answers(odd: str) -> None:
    good = '{"clear": 4, "side": "up"}'
    found = read([good, odd, good], questionnaire())
    assert found["clear"].to_list() == [4, None, 4]
    assert found["side"].to_list() == ["up", None, "up"]
    assert found["recommend"].null_count() == 3


def test_a_whole_number_written_as_a_float_is_that_number() -> None:
    assert read(['{"clear": 4.0, "hours": 2}'], questionnaire()).select("clear", "hours").row(0) == (4, 2.0)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.lists(st.dictionaries(st.sampled_from([*schema(questionnaire()), "strange"]), JSON), max_size=4))
def test_whatever_json_is_stored_there_is_a_row_for_every_line(rows: list[dict[str, Any]]) -> None:
    asked = questionnaire()
    found = read([json.dumps(row) for row in rows], asked)
    assert found.height == len(rows)
    assert dict(found.schema) == schema(asked)


def test_bytes_and_lines_read_alike_across_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = load("process-diagnosis")
    stored = answers(asked, 60)
    whole = read(stored, asked)
    monkeypatch.setattr("surveys.frame.CHUNK_ROWS", 7)
    monkeypatch.setattr("surveys.frame.CHUNK_BYTES", 5_000)
    assert read(stored, asked).equals(whole)
    assert read("\n".join(stored).encode(), asked).equals(whole)
    assert read(("\n".join(stored) + "\n").encode(), asked).equals(whole)


def test_no_answers_are_a_frame_without_rows() -> None:
    assert read([], questionnaire()).schema == read(b"", questionnaire()).schema == schema(questionnaire())
