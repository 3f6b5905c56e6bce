"""Every form holds the whole questionnaire: what is written is read again as the same, whatever it is."""

from __future__ import annotations

import os
import time
import typing
from collections.abc import Iterator
from typing import Any

import hypothesis
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service import questionnaire_files
from surveys import formats, library
from surveys.definition import Questionnaire
from surveys.definition import fields as fields_of
from surveys.formats import Kind, text, workbook, yaml
from surveys.formats.words import FIELDS, TYPES, VALUES
from surveys.questions import QUESTION_TYPES
from tests.surveys.questionnaires_at_random import at_random, questionnaires

CAMPAIGN = os.environ.get("WENHENG_HYPOTHESIS") == "campaign"
SHORT = hypothesis.settings(max_examples=10_000 if CAMPAIGN else 200, deadline=None)


@given(questionnaires())
@SHORT
def test_any_questionnaire_survives_yaml(one: Questionnaire) -> None:
    assert yaml.read(yaml.write(one)) == (one, [])


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@given(one=questionnaires())
@SHORT
def test_any_questionnaire_survives_the_text_form(language: str, one: Questionnaire) -> None:
    assert text.read(text.write(one, language)) == (one, [])


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@given(one=questionnaires())
@SHORT
def test_any_questionnaire_survives_the_workbook(language: str, one: Questionnaire) -> None:
    assert workbook.read(workbook.write(one, language)) == (one, [])


@pytest.mark.parametrize("seed", range(8))
def test_any_questionnaire_survives_a_real_excel_file(seed: int) -> None:
    one = at_random(seed)
    assert questionnaire_files.read(questionnaire_files.write(one, "workbook"), "workbook") == (one, [])


@pytest.mark.parametrize("name", library.names())
def test_the_library_survives_a_way_through_all_forms(name: str) -> None:
    one: Questionnaire | None = library.load(name)
    kinds: tuple[Kind, ...] = ("text", "workbook", "yaml")
    for kind in kinds:
        assert one is not None
        one, problems = questionnaire_files.read(questionnaire_files.write(one, kind), kind)
        assert problems == []
    assert one == library.load(name)


def test_random_questionnaires_have_every_type_and_every_field() -> None:
    """Else the identities above would say little."""
    types, given_fields = set(), set()
    for seed in range(400):
        for question in at_random(seed).questions():
            types.add(question.type)
            given_fields |= {(question.type, name) for name in msgspec.to_builtins(question)}
    assert types == set(QUESTION_TYPES)
    wanted = {(tag, each.encode_name) for tag, kind in QUESTION_TYPES.items() for each in fields_of(kind)}
    assert len(wanted - given_fields) < len(wanted) / 20, sorted(wanted - given_fields)


def test_a_cell_is_never_a_formula() -> None:
    for seed in range(60):
        for rows in workbook.write(at_random(seed)).values():
            assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


# --- words ----------------------------------------------------------------------------------------------------------


def structs(kind: Any, seen: set[Any]) -> Iterator[type[msgspec.Struct]]:
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind not in seen:
        seen.add(kind)
        yield kind
        for each in fields_of(kind):
            yield from structs(each.type, seen)
    for inner in typing.get_args(kind):
        yield from structs(inner, seen)


def literals(kind: Any) -> set[str]:
    if typing.get_origin(kind) is typing.Literal:
        return {str(each) for each in typing.get_args(kind)}
    return {each for inner in typing.get_args(kind) for each in literals(inner)}


EVERY = list(structs(Questionnaire, set()))


def test_every_type_field_and_value_has_a_word_in_both_languages() -> None:
    fields = [each for kind in EVERY for each in fields_of(kind)]
    assert {each.encode_name for each in fields} <= set(FIELDS.words)
    assert set(QUESTION_TYPES) <= set(TYPES.words)
    assert {value for each in fields for value in literals(each.type)} - {""} <= set(VALUES.words)
    for words in (FIELDS, TYPES, VALUES):
        assert all(chinese.strip() and english.strip() for chinese, english in words.words.values())


def test_no_word_means_two_things_in_one_place() -> None:
    for kind in EVERY:
        words = [word for each in fields_of(kind) for word in FIELDS.known(each.encode_name)]
        assert len(words) == len(set(words)), (kind, sorted(word for word in words if words.count(word) > 1))
    types = [word for tag in QUESTION_TYPES for word in TYPES.known(tag)]
    assert len(types) == len(set(types))


def test_a_field_without_a_word_goes_by_its_own_name() -> None:
    assert FIELDS.word("brand_new", "zh-CN") == "brand_new"
    assert FIELDS.find("Brand-new", ["brand_new"]) == "brand_new"


# --- whatever is read -----------------------------------------------------------------------------------------------

TYPED = (
    "# 题", "## 页", "### 组", "1. 问 [单选]", "- 甲", "A. 乙", "量表 同意: 好, 坏", "校验: a => b", "> 续", "| en",
)  # fmt: skip
LINES = st.lists(
    st.one_of(st.sampled_from(TYPED), st.text(alphabet="#-1.[]{}:：|>=\"'*_ 单选题a,\n", max_size=30)), max_size=12
).map("\n".join)
CELLS = (
    "行类型", "编码", "题型", "题目", "list", "code", "q1", "q1.rows", "问卷", "单选", "页面", "量表", "其他设置",
    "规则", '"', "", "[a",
)  # fmt: skip
SHEETS = st.dictionaries(
    st.sampled_from(["问卷", "选项", "logic", "scoring", "x"]),
    st.lists(st.lists(st.sampled_from(CELLS), max_size=7), max_size=6),
)
HOSTILE = ("[" * 200_000 + "]", "1. " + '"\\' * 100_000, "*" * 300_000, "[]" * 150_000, "- " + '["' * 150_000 + "]")


@given(st.one_of(LINES, st.text(max_size=200), st.binary(max_size=200)))
@SHORT
def test_any_text_is_read_or_refused_with_a_reason(source: str | bytes) -> None:
    found, problems = text.read(source)
    assert (found is None) == any(each.severity == "error" for each in problems)
    if isinstance(source, str):
        text.read_choices(source)
        text.read_questions(source, at_random(1))


@given(SHEETS)
@SHORT
def test_any_sheets_are_read_or_refused_with_a_reason(sheets: dict[str, list[list[str]]]) -> None:
    found, problems = workbook.read(sheets)
    assert (found is None) == any(each.severity == "error" for each in problems)


@pytest.mark.parametrize("line", [*HOSTILE, "a" * 500_000])
def test_a_hostile_line_takes_no_time(line: str) -> None:
    started = time.process_time()
    text.read(f"# t\n1. a [单选]\n{line}\n")
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("name: a\npages: []", "yaml"),
        ("name: x", "yaml"),
        ("1. 甲", "text"),
        ("# 题\n## 页", "text"),
        ("just words", "text"),
    ],
)
def test_what_somebody_pasted_is_recognised(source: str, kind: str) -> None:
    assert formats.kind_written(source) == kind
