"""The gallery holds every question type, each with its template, its texts and a place in the documentation."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.analysis.questions import SPECIAL
from surveys.check import check
from surveys.definition import Questionnaire
from surveys.formats import yaml
from surveys.questions import QUESTION_TYPES, Column, Question

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "web" / "templates" / "answer" / "question"


def gallery() -> Questionnaire:
    found, problems = yaml.read((ROOT / "surveys" / "gallery.yaml").read_bytes())
    assert found is not None, problems
    return found


GALLERY = gallery()
QUESTIONS = {question.code: question for question in GALLERY.questions()}


def test_the_gallery_makes_sense_in_both_languages() -> None:
    assert [each for each in check(GALLERY) if each.code != "identifying"] == []


@pytest.mark.parametrize("kind", sorted(QUESTION_TYPES))
def test_every_type_is_in_the_gallery(kind: str) -> None:
    assert kind in {question.type for question in QUESTIONS.values()}


@pytest.mark.parametrize("kind", sorted(QUESTION_TYPES))
def test_every_type_that_is_asked_has_a_template(kind: str) -> None:
    assert QUESTION_TYPES[kind].filled_by_server or (FOLDER / f"{kind}.html").exists()


@pytest.mark.parametrize("kind", sorted(QUESTION_TYPES))
def test_every_type_is_documented(kind: str) -> None:
    assert f"`{kind}`" in (ROOT / "docs" / "questionnaire-format.md").read_text("utf-8")


@pytest.mark.parametrize("kind", sorted(QUESTION_TYPES))
def test_every_type_says_which_columns_it_has(kind: str) -> None:
    assert re.search(r"\bq\b|q\.|[Cc]olumn|never", QUESTION_TYPES[kind].__doc__ or "")


def test_findings_of_their_own_are_those_of_types_that_exist() -> None:
    assert set(SPECIAL) <= set(QUESTION_TYPES)


def value(column: Column, draw: random.Random) -> str:
    """Something to post into a column's field: mostly an answer, now and then not."""
    if draw.random() < 0.15:
        return draw.choice(["", "x", "-1", "999999", "文字", "<b>", "1.5", "\0"])
    if column.choices:
        return draw.choice(column.choices)
    if column.kind in ("integer", "number"):
        return str(draw.randint(int(column.low or 0), int(min(column.high or 50, 10_000))))
    return draw.choice(["2026-03-31", "09:30", "https://example.com", "a@example.com", "13800138000", "客服中心", "好"])


def form(question: Question, draw: random.Random) -> dict[str, list[str]]:
    columns = question.columns(GALLERY)
    found = {each.name: [value(each, draw)] for each in columns if draw.random() < 0.8}
    for each in columns:
        if each.kind == "codes" and draw.random() < 0.7:
            found[each.name] = draw.sample(each.choices, k=draw.randint(0, len(each.choices)))
            found |= {f"{each.name}.{code}": [str(draw.randint(1, 3))] for code in each.choices}
        if draw.random() < 0.03:
            found[f"{each.name}.na"] = ["1"]
    return found | ({f"{question.code}.na": ["1"]} if draw.random() < 0.05 else {})


@settings(max_examples=300)
@given(st.sampled_from(sorted(QUESTIONS)), st.integers(0, 2**32))
def test_what_was_read_fills_the_form_that_reads_the_same(code: str, seed: int) -> None:
    question = QUESTIONS[code]
    answers, marked, problems = question.read(form(question, random.Random(seed)), GALLERY)
    names = {column.name for column in question.columns(GALLERY)}
    assert names.issuperset([*answers, *marked])
    assert all(each.place.partition(".")[0] == code for each in problems)
    again = question.read(question.form_values(answers, frozenset(marked), GALLERY), GALLERY)
    assert not again[2]
    assert problems or again[:2] == (answers, marked)
    for each in question.missing(answers, frozenset(marked), GALLERY, frozenset()):
        assert each.place.partition(".")[0] == code
    hidden = frozenset(part.code for part in question.parts()[:1])
    kept = question.without(answers, hidden)
    assert kept.items() <= answers.items() or any(isinstance(each, list) for each in answers.values())
