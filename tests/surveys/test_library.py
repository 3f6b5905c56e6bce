"""The built-in questionnaires: whole in both languages, and what a survey methodologist would sign."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest

from surveys import library
from surveys.check import check
from surveys.compiled import compile_questionnaire
from surveys.definition import Questionnaire, from_json, to_json
from surveys.formats import yaml
from surveys.logic import shown
from surveys.questions import LongText, Matrix, PainPoints, Question, Single
from surveys.questions.measures import CAUSES
from surveys.text import LANGUAGES

DIAGNOSES = ("complaint-diagnosis", "onboarding-diagnosis", "process-diagnosis", "purchasing-diagnosis")
NAMES = (
    *DIAGNOSES, "design-review", "employee-satisfaction", "external-customer", "internal-customer", "pilot-feedback",
    "quarterly-pulse", "satisfaction", "training-behaviour", "training-reaction",
)  # fmt: skip
WITH_SIDES = (*DIAGNOSES, "employee-satisfaction", "pilot-feedback", "quarterly-pulse", "satisfaction")
SIDES = ("upstream", "operator", "downstream", "manager")


@pytest.fixture(params=NAMES)
def questionnaire(request: pytest.FixtureRequest) -> Questionnaire:
    return library.load(request.param)


@pytest.fixture(params=DIAGNOSES)
def diagnosis(request: pytest.FixtureRequest) -> Questionnaire:
    return library.load(request.param)


@pytest.fixture(params=WITH_SIDES)
def with_sides(request: pytest.FixtureRequest) -> Questionnaire:
    return library.load(request.param)


def texts(value: object, place: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    """Every non-empty ``Text`` of a definition, with its place."""
    if isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from texts(getattr(value, name), f"{place}.{name}")
    elif isinstance(value, tuple):
        for number, each in enumerate(value):
            yield from texts(each, f"{place}.{number}")
    elif isinstance(value, dict) and value:
        if set(value) <= set(LANGUAGES):
            yield place, value
        else:
            for name, each in value.items():
                yield from texts(each, f"{place}.{name}")


def test_the_library_holds_these_questionnaires() -> None:
    assert sorted(NAMES) == list(library.names())


def test_nothing_is_wrong_with_it(questionnaire: Questionnaire) -> None:
    assert [(each.place, each.say("en")) for each in check(questionnaire)] == []


def test_every_text_is_there_in_both_languages(questionnaire: Questionnaire) -> None:
    found = list(texts(questionnaire))
    assert len(found) >= 40
    for place, text in found:
        assert set(text) == set(LANGUAGES), place
        assert all(wording.strip() == wording and wording for wording in text.values()), place
        assert any("\u4e00" <= character <= "\u9fff" for character in text["zh-CN"]), place
        assert not any("\u4e00" <= character <= "\u9fff" for character in text["en"]), place


def test_chinese_uses_chinese_punctuation(questionnaire: Questionnaire) -> None:
    for place, text in texts(questionnaire):
        assert not set(',;:?!()"') & set(text["zh-CN"]), place


def test_scales_have_four_items_or_more_and_are_keyed_both_ways(questionnaire: Questionnaire) -> None:
    for scale in questionnaire.scales:
        assert len(scale.items) >= 4, scale.code
        assert 0 < len(scale.reversed) <= len(scale.items) / 2, scale.code
        assert set(scale.label) == set(scale.description) == set(LANGUAGES), scale.code


def test_a_diagnosis_measures_six_dimensions_or_more(diagnosis: Questionnaire) -> None:
    assert len(diagnosis.scales) >= 6


def test_it_says_how_long_it_takes_thanks_and_tells_why_it_asks_this(questionnaire: Questionnaire) -> None:
    assert questionnaire.minutes
    assert questionnaire.thanks
    assert len(questionnaire.rationale["zh-CN"]) > 100
    assert len(questionnaire.rationale["en"]) > 200
    assert "\n" not in "".join(questionnaire.rationale.values())


def test_the_minutes_told_are_enough_for_what_is_asked(questionnaire: Questionnaire) -> None:
    """About eight seconds a statement, ten a choice, half a minute for a text, a minute or two for steps and whys."""
    seconds = sum(_seconds(question) for question in questionnaire.questions())
    assert questionnaire.minutes is not None
    assert seconds / 60 <= questionnaire.minutes * 1.5, round(seconds / 60, 1)


def _seconds(question: Question) -> int:
    rows = getattr(question, "rows", ())
    slow = {"step_grid": 120, "five_whys": 60, "pain_points": 45, "long_text": 25}
    return 6 * len(rows) if rows else slow.get(question.type, 8)


def test_it_survives_being_written_and_read_again(questionnaire: Questionnaire) -> None:
    again, problems = yaml.read(yaml.write(questionnaire))
    assert (again, problems) == (questionnaire, [])
    assert from_json(to_json(questionnaire)) == questionnaire


def test_an_agreement_scale_has_five_labels_and_a_neutral_middle(questionnaire: Questionnaire) -> None:
    labels = questionnaire.rating_scales["agree"].labels
    assert len(labels) == 5
    assert labels[2] == {"zh-CN": "中立", "en": "Neutral"}


def test_a_statement_fits_two_lines_on_a_phone(questionnaire: Questionnaire) -> None:
    for page in questionnaire.pages:
        for question in page.questions:
            if isinstance(question, Matrix):
                for row in question.rows:
                    assert len(row.label["zh-CN"]) <= 24, row.label
                    assert len(row.label["en"]) <= 90, row.label


def items(questionnaire: Questionnaire, side: str) -> int:
    """What a person of that side, who takes part in approvals, has to answer; a row of a matrix counts as one."""
    compiled = compile_questionnaire(questionnaire)
    answers = {"involved": ["approve"], "pains": ["no_owner"]}
    visible = shown(compiled, answers, {"side": side}).questions
    return sum(
        len(question.rows) if isinstance(question, Matrix) else 1
        for page in questionnaire.pages
        for question in page.questions
        if question.code in visible
    )


@pytest.mark.parametrize("side", SIDES)
def test_a_diagnosis_asks_thirty_to_forty_five_things_on_at_most_eleven_pages(
    diagnosis: Questionnaire, side: str
) -> None:
    compiled = compile_questionnaire(diagnosis)
    seen = shown(compiled, {"involved": ["approve"], "pains": ["no_owner"]}, {"side": side})
    assert 30 <= items(diagnosis, side) <= 46
    assert 8 <= len(seen.pages) <= 11


def test_sides_are_asked_about_their_own_end_of_the_process(diagnosis: Questionnaire) -> None:
    compiled = compile_questionnaire(diagnosis)
    by_roster = {side: shown(compiled, {}, {"side": side}).questions for side in SIDES}
    assert {side for side in SIDES if "upstream" in by_roster[side]} == {"upstream"}
    assert {side for side in SIDES if "downstream" in by_roster[side]} == {"downstream"}
    assert {side for side in SIDES if "approvals" in by_roster[side]} == {"manager"}


def test_a_public_link_asks_for_the_side_and_then_asks_the_same(with_sides: Questionnaire) -> None:
    compiled = compile_questionnaire(with_sides)
    for side in SIDES:
        by_roster = shown(compiled, {}, {"side": side}).questions
        by_answer = shown(compiled, {"side": side}, {}).questions
        assert "side" not in by_roster
        assert by_answer == by_roster | {"side"}


def test_approvals_are_asked_of_those_who_take_part_in_them(diagnosis: Questionnaire) -> None:
    compiled = compile_questionnaire(diagnosis)
    operator = {"side": "operator"}
    assert "approvals" in shown(compiled, {"involved": ["approve"]}, operator).questions
    assert "approvals" not in shown(compiled, {"involved": ["handover"]}, operator).questions


def test_whys_are_asked_only_below_a_pain_point(diagnosis: Questionnaire) -> None:
    compiled = compile_questionnaire(diagnosis)
    assert "cause" not in shown(compiled, {}, {"side": "operator"}).questions
    assert "cause" in shown(compiled, {"pains": ["no_owner"]}, {"side": "operator"}).questions


def test_pain_points_reach_every_bone_of_the_fishbone_and_leave_room_for_others(diagnosis: Questionnaire) -> None:
    pains = diagnosis.question("pains")
    assert isinstance(pains, PainPoints)
    assert {choice.category for choice in pains.choices if not choice.other} == set(CAUSES)
    assert len(pains.choices) >= 12
    assert [choice.other for choice in pains.choices].count(True) == 1


def test_strengths_are_asked_for_beside_ideas(diagnosis: Questionnaire) -> None:
    assert isinstance(diagnosis.question("keep"), LongText)
    assert isinstance(diagnosis.question("ideas"), LongText)


def test_the_steps_one_takes_part_in_are_the_steps_of_the_process(diagnosis: Questionnaire) -> None:
    involved = diagnosis.question("involved")
    assert involved is not None
    assert [each.code for each in involved.parts()] == [*(step.code for step in diagnosis.steps), "none"]
    labels = {step.code: step.label for step in diagnosis.steps}
    assert all(each.label == labels[each.code] for each in involved.parts() if each.code in labels)
    assert all(step.owner for step in diagnosis.steps)


def test_satisfaction_asks_what_went_wrong_or_well_by_the_overall_judgement() -> None:
    compiled = compile_questionnaire(library.load("satisfaction"))
    unhappy = shown(compiled, {"overall": 2}, {"side": "customer"}).questions
    happy = shown(compiled, {"overall": 4}, {"side": "customer"}).questions
    assert ("improve" in unhappy, "keep" in unhappy) == (True, False)
    assert ("improve" in happy, "keep" in happy) == (False, True)


def test_only_the_segment_question_names_a_side(with_sides: Questionnaire) -> None:
    side = with_sides.question("side")
    assert isinstance(side, Single)
    assert side.segment == "side"
    assert {choice.code for choice in side.choices} >= set(SIDES)


def test_statements_outside_the_scales_are_worded_so_that_agreement_is_good(diagnosis: Questionnaire) -> None:
    scored = {item for scale in diagnosis.scales for item in scale.items}
    others = [
        row.label["zh-CN"]
        for page in diagnosis.pages
        for question in page.questions
        if isinstance(question, Matrix)
        for row in question.rows
        if f"{question.code}.{row.code}" not in scored
    ]
    assert len(others) >= 10
    assert not [
        wording for wording in others if any(word in wording for word in ("常常", "常被", "常有", "只能", "推诿"))
    ]
