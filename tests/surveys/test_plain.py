"""Answers read by look-ups are those that the questions themselves read."""

from __future__ import annotations

import random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.plain import plain
from tests.surveys.test_gallery import GALLERY, QUESTIONS, form

LOOKED_UP = sorted(code for code, each in QUESTIONS.items() if each.meanings(GALLERY))


def test_most_types_that_are_chosen_from_can_be_looked_up() -> None:
    kinds = {QUESTIONS[code].type for code in LOOKED_UP}
    assert {"single", "dropdown", "yes_no", "likert", "nps", "matrix", "matrix_dual", "kano", "consent"} <= kinds
    assert not kinds & {"multiple", "ranking", "cascade", "maxdiff", "ecrs", "table", "number", "short_text"}


@settings(max_examples=300)
@given(st.sampled_from(LOOKED_UP), st.integers(0, 2**32), st.booleans())
def test_a_look_up_gives_what_the_question_reads(code: str, seed: int, not_applicable: bool) -> None:
    draw = random.Random(seed)
    question = msgspec.structs.replace(QUESTIONS[code], not_applicable=not_applicable, required=True)
    found = plain(question, [column.name for column in question.columns(GALLERY)], GALLERY)
    assert found is not None
    whole = {name: [draw.choice(sorted(meanings))] for name, meanings in found.columns}
    assert found.read(whole) is not None
    posted = {**whole, **form(question, draw)} if draw.random() < 0.8 else whole
    own = found.read(posted)
    if own is not None:
        assert question.read(posted, GALLERY) == (own, [], [])
        assert list(question.read(posted, GALLERY)[0]) == list(own)
        assert found.whole(own)
    answers, marked, _ = question.read(posted, GALLERY)
    if found.whole(answers):
        assert question.missing(answers, frozenset(marked), GALLERY, frozenset()) == []


def test_the_option_that_asks_which_is_not_whole_without_saying_so() -> None:
    question = msgspec.structs.replace(QUESTIONS["role"], required=True)
    other = next(each.code for each in question.parts() if getattr(each, "other", False))
    found = plain(question, ["role", "role.other"], GALLERY)
    assert found is not None
    assert found.read({"role": [other]}) is None
    assert not found.whole({"role": other})


@pytest.mark.parametrize("code", LOOKED_UP)
def test_a_box_ticked_is_looked_at_closer(code: str) -> None:
    question = msgspec.structs.replace(QUESTIONS[code], not_applicable=True)
    names = [column.name for column in question.columns(GALLERY)]
    found = plain(question, names, GALLERY)
    assert found is not None
    whole = {name: [next(iter(meanings))] for name, meanings in found.columns}
    for field in question.form_values({}, frozenset(names), GALLERY):
        assert field in found.boxes
        assert found.read(whole | {field: ["1"]}) is None


@settings(max_examples=500)
@given(st.sampled_from(sorted(QUESTIONS)), st.integers(0, 2**32))
def test_nothing_is_due_of_a_lenient_question_that_is_not_required(code: str, seed: int) -> None:
    question = msgspec.structs.replace(QUESTIONS[code], required=False, not_applicable=bool(seed % 2))
    if question.lenient:
        answers, marked, _ = question.read(form(question, random.Random(seed)), GALLERY)
        hidden = frozenset(part.code for part in question.parts()[: seed % 3])
        for own in (answers, question.without(answers, hidden)):
            assert question.missing(own, frozenset(marked), GALLERY, hidden) == []


def test_half_an_answer_is_due_to_be_finished_though_nobody_must_give_one() -> None:
    strict = {each.type for each in QUESTIONS.values() if not each.lenient}
    assert {"date_range", "constant_sum", "ahp"} <= strict
    assert not strict & {"single", "ranking", "cascade", "matrix", "table", "number", "short_text"}
