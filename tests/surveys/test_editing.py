"""Edits: places by codes, types that keep what fits, codes renamed in all that names them."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from surveys.check import check
from surveys.definition import Questionnaire, from_json, to_json
from surveys.editing import Add, Duplicate, Insert, Move, Remove, Rename, Retype, Set, Shift, apply
from surveys.editing_form import merge
from surveys.editing_places import find, keys, place_of
from surveys.editing_rename import rewrite_expression
from surveys.formats import yaml
from surveys.questions import QUESTION_TYPES

DEFINITION = yaml.read((Path(__file__).parent.parent / "pages" / "all_types.yaml").read_bytes())[0]


def done(edit, definition: Questionnaire = DEFINITION) -> Questionnaire:
    made = apply(definition, edit)
    assert isinstance(made, Questionnaire), made
    return made


def codes(definition: Questionnaire) -> list[str]:
    return [question.code for question in definition.questions()]


def errors(definition: Questionnaire) -> list[tuple[str, str]]:
    return [(each.code, each.place) for each in check(definition) if each.severity == "error"]


@pytest.mark.parametrize("kind", QUESTION_TYPES)
@pytest.mark.parametrize("code", ["role", "tools", "info", "clear", "limit", "pains"])
def test_a_question_of_another_type_keeps_what_fits_and_is_loadable(code: str, kind: str):
    made = done(Retype(place=f"questions.{code}", type=kind))
    old, new = DEFINITION.question(code), made.question(code)
    assert (new.type, new.text, new.hint, new.required, new.visible_if) == (
        kind, old.text, old.hint, old.required, old.visible_if
    )  # fmt: skip
    assert from_json(to_json(made)) == made


def test_options_become_rows_and_rows_options():
    made = done(Retype(place="questions.info", type="single"))
    assert [choice.code for choice in made.question("info").choices] == ["complete", "status", "limits"]
    assert made.question("info").choices[2].visible_if == 'role == "manager"'
    back = done(Retype(place="questions.info", type="matrix"), made)
    assert back.question("info").rows == DEFINITION.question("info").rows


def test_a_question_is_renamed_in_all_that_names_it():
    made = done(Rename(place="questions.role", code="part"))
    assert made.question("limit").visible_if == 'part == "manager"'
    assert made.question("info").rows[2].visible_if == 'part == "manager"'
    made = done(Rename(place="questions.nickname", code="name"), made)
    assert made.question("more").visible_if == "answered(name)"
    assert made.question("more").text["zh-CN"] == "为什么叫它“{{name}}”？"
    made = done(Rename(place="questions.pains", code="worst"), made)
    assert made.question("why").problem_from == "worst"
    assert errors(made) == errors(DEFINITION)


def test_an_option_a_scale_and_a_page_are_renamed_in_all_that_names_them():
    made = done(Rename(place="questions.role.choices.manager", code="boss"))
    assert made.question("limit").visible_if == 'role == "boss"'
    made = done(Rename(place="rating_scales.agree", code="consent"), made)
    assert (made.question("clear").scale, made.question("info").scale) == ("consent", "consent")
    assert errors(made) == errors(DEFINITION)


@pytest.mark.parametrize(
    ("text", "renamed"),
    [
        ('role == "a" and side == "a"', 'role == "b" and side == "a"'),
        ('"a" in role or role contains "a"', '"b" in role or role contains "b"'),
        ('role in ["a", "c"]', 'role in ["b", "c"]'),
        ('other == "role"', 'other == "role"'),
        ('if(role == "a", 1, 2) > 0', 'if(role == "b", 1, 2) > 0'),
    ],
)
def test_a_code_belongs_to_the_question_beside_it(text: str, renamed: str):
    literal = lambda name, code: "b" if (name, code) == ("role", "a") else code  # noqa: E731
    assert rewrite_expression(text, lambda name: name, literal) == renamed


def test_a_part_of_a_pattern_is_no_question():
    rename = lambda name: "x" if name == "work" else name  # noqa: E731
    assert rewrite_expression("sum(step.*.work) > work", rename, lambda _, code: code) == "sum(step.*.work) > x"


def test_a_code_that_is_taken_or_wrong_is_told_at_its_field():
    for code, problem in (("limit", "duplicate_code"), ("Größe", "bad_code"), ("", "bad_code")):
        [told] = apply(DEFINITION, Rename(place="questions.role", code=code))
        assert (told.code, told.place) == (problem, "questions.role.code")


def test_questions_move_over_the_ends_of_pages_and_onto_others():
    order = codes(DEFINITION)
    last = DEFINITION.pages[0].questions[-1].code
    made = done(Shift(place=f"questions.{last}", by=1))
    assert made.pages[1].questions[0].code == last
    assert codes(made) == order
    made = done(Move(place="questions.role", to="pages.scales.questions", before="questions.recommend"))
    assert [each.code for each in made.pages[1].questions][:2] == ["info", "role"]
    assert done(Shift(place=f"questions.{order[0]}", by=-1)) == DEFINITION, "nothing is before the first"


def test_copies_have_codes_of_their_own():
    made = done(Duplicate(place="pages.about"))
    assert len(set(codes(made))) == len(codes(made)) == len(codes(DEFINITION)) + len(DEFINITION.pages[0].questions)
    pasted = tuple(msgspec.to_builtins(each) for each in DEFINITION.pages[0].questions[:2])
    made = done(Insert(place="pages.scales.questions", entries=pasted, after="questions.info"))
    assert [each.code for each in made.pages[1].questions][:3] == ["info", "role_2", "limit_2"]


def test_places_lead_there_and_back():
    for path in (("pages", 0, "questions", 1, "visible_if"), ("rating_scales", "agree", "labels", 2),
                 ("pages", 1, "questions", 0, "rows", 2, "label"), ("steps", 1, "owner")):  # fmt: skip
        assert find(DEFINITION, place_of(DEFINITION, path)).path == path


def test_the_second_of_two_equal_codes_has_a_place_of_its_own():
    twice = DEFINITION.pages[0].questions[0]
    page = msgspec.structs.replace(DEFINITION.pages[1], questions=(twice, *DEFINITION.pages[1].questions))
    broken = msgspec.structs.replace(DEFINITION, pages=(DEFINITION.pages[0], page, *DEFINITION.pages[2:]))
    assert "role~2" in keys(list(broken.questions()))
    made = done(Set(place="questions.role~2.text.en", value="The second"), broken)
    assert [each.text["en"] == "The second" for each in made.questions() if each.code == "role"] == [False, True]


def test_edits_of_two_authors_at_different_places_are_both_kept():
    theirs = done(Add(place="questions.role.choices"), done(Set(place="questions.role.hint.en", value="theirs")))
    mine = {"questions.role.text.en": ["mine"], "questions.role.hint.en": [""]}
    merged = merge(DEFINITION, theirs, "questions.role", mine, codes=False)
    question = merged.questionnaire.question("role")
    assert (question.text["en"], question.hint["en"], len(question.choices)) == ("mine", "theirs", 4)
    assert not merged.conflicts


def test_what_is_not_there_any_more_is_said_not_raised():
    gone = done(Remove(place="questions.role"))
    for edit in (Set(place="questions.role.text.en", value="x"), Remove(place="questions.role"),
                 Retype(place="questions.role", type="nps"), Shift(place="questions.role", by=1)):  # fmt: skip
        [told] = apply(gone, edit)
        assert told.code == "edit_gone"
