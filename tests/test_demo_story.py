"""The demo's company and its answers: believable, deterministic, and telling the story they are meant to tell."""

from __future__ import annotations

from collections import Counter
from statistics import mean, median

import numpy as np
import pytest

from service.demo.company import roster
from service.demo.participants import DAYS, RESPONSES, Submission, record_of, submissions
from surveys import library
from surveys.answers import finish, page_form, read_page
from surveys.compiled import compile_questionnaire
from surveys.definition import Scale
from surveys.problem import Problem
from surveys.statistics.careless import straight_lining, too_fast

QUESTIONNAIRE = library.load("complaint-diagnosis")
COMPILED = compile_questionnaire(QUESTIONNAIRE)
PEOPLE = roster()


@pytest.fixture(scope="module")
def given() -> list[Submission]:
    return submissions(QUESTIONNAIRE, PEOPLE)


def scores(given: list[Submission], scale: Scale) -> np.ndarray:
    """People × items, NaN where there is no answer, reversed items turned round."""
    rows = [
        [
            np.nan if item not in each.answers else abs(6 * (item in scale.reversed) - float(each.answers[item]))
            for item in scale.items
        ]
        for each in given
    ]
    return np.array(rows)


def scale_mean(given: list[Submission], code: str, side: str = "") -> float:
    scale = next(scale for scale in QUESTIONNAIRE.scales if scale.code == code)
    return float(np.nanmean(scores([each for each in given if side in ("", each.person.side)], scale)))


def numbers(given: list[Submission], column: str) -> list[float]:
    return [float(each.answers[column]) for each in given if column in each.answers]


def test_the_company_has_eight_departments_and_240_people() -> None:
    assert len(PEOPLE) == 240
    assert len({each.department.split("/")[0] for each in PEOPLE}) == 8
    assert len({each.name for each in PEOPLE}) == len({each.employee_number for each in PEOPLE}) == 240
    assert {each.side for each in PEOPLE} == {"upstream", "operator", "downstream", "manager"}


def test_nobody_of_the_company_can_be_reached() -> None:
    assert all(each.email.endswith("@example.com") and each.mobile.startswith("100") for each in PEOPLE)


def test_the_same_seed_tells_the_same_to_the_letter(given: list[Submission]) -> None:
    assert submissions(QUESTIONNAIRE, roster()) == given
    assert submissions(QUESTIONNAIRE, PEOPLE, seed=49) != given


def test_190_people_answer_within_two_weeks(given: list[Submission]) -> None:
    assert len(given) == len({each.person.employee_number for each in given}) == RESPONSES
    assert {each.day for each in given} <= set(range(DAYS))
    per_department = Counter(each.person.department.split("/")[0] for each in given)
    assert len(per_department) == 8
    assert min(per_department.values()) >= 5


def test_the_server_accepts_every_answer_unchanged(given: list[Submission]) -> None:
    for each in given:
        person = {"side": each.person.side, "department": each.person.department}
        record = record_of(each)
        finished = finish(COMPILED, record, person)
        assert finished.errors == {}
        kept = {name: value for name, value in finished.stored.items() if not name.startswith("_")}
        assert kept == each.answers


def test_the_answers_come_back_from_the_forms_that_hold_them(given: list[Submission]) -> None:
    for each in given:
        person = {"side": each.person.side, "department": each.person.department}
        before, problems = record_of(each), list[Problem]()
        for page in COMPILED.pages:
            form = page_form(COMPILED, page, before)
            read = read_page(COMPILED, page.code, form, before, person)
            problems += read.errors.values()
            assert read.record == before
        assert problems == []


@pytest.mark.parametrize("scale", QUESTIONNAIRE.scales, ids=lambda scale: scale.code)
def test_items_of_a_scale_hang_together_as_real_ones_do(given: list[Submission], scale: Scale) -> None:
    careful = [each for each in given if each.seconds > 150]
    matrix = scores(careful, scale)
    matrix = matrix[~np.isnan(matrix).any(axis=1)]
    items = matrix.shape[1]
    alpha = items / (items - 1) * (1 - matrix.var(axis=0, ddof=1).sum() / matrix.sum(axis=1).var(ddof=1))
    assert 0.72 <= alpha <= 0.92


def test_cases_wait_longest_at_the_hand_over_and_then_at_approval(given: list[Submission]) -> None:
    waits = {step.code: median(numbers(given, f"step.{step.code}.wait")) for step in QUESTIONNAIRE.steps}
    longest, second, *_ = sorted(waits, key=waits.__getitem__, reverse=True)
    assert (longest, second) == ("handover", "approve")
    pains = {step.code: mean(numbers(given, f"step.{step.code}.pain")) for step in QUESTIONNAIRE.steps}
    assert max(pains, key=pains.__getitem__) == "handover"


def test_closing_takes_about_three_days_and_nearly_all_of_it_is_waiting(given: list[Submission]) -> None:
    assert 60 <= median(numbers(given, "lead_time")) / 60 <= 84
    wait = sum(median(numbers(given, f"step.{step.code}.wait")) for step in QUESTIONNAIRE.steps)
    work = sum(median(numbers(given, f"step.{step.code}.work")) for step in QUESTIONNAIRE.steps) / 60
    assert 50 <= wait <= 75
    assert work / (wait + work) < 0.1


def test_durations_lean_to_the_right(given: list[Submission]) -> None:
    for step in QUESTIONNAIRE.steps:
        waits = numbers(given, f"step.{step.code}.wait")
        assert mean(waits) > median(waits), step.code


def test_ownership_and_tools_are_weak_and_rules_and_attitude_are_strong(given: list[Submission]) -> None:
    assert scale_mean(given, "clarity") < 2.8
    assert scale_mean(given, "tools") < 2.6
    assert scale_mean(given, "rules") > 3.3
    assert scale_mean(given, "customer") > 3.5


def test_downstream_misses_information_and_operators_have_too_much_to_do(given: list[Submission]) -> None:
    assert scale_mean(given, "information", "operator") - scale_mean(given, "information", "downstream") > 0.7
    assert scale_mean(given, "workload", "downstream") - scale_mean(given, "workload", "operator") > 0.7


def test_ownership_and_hand_over_lead_the_pain_points(given: list[Submission]) -> None:
    chosen = Counter(code for each in given for code in each.answers.get("pains", []))
    assert {code for code, _ in chosen.most_common(2)} == {"no_owner", "handover_idle"}
    assert len(chosen) >= 12


def test_what_people_write_is_plenty_and_never_twice_the_same(given: list[Submission]) -> None:
    comments = [str(each.answers[name]) for each in given for name in ("keep", "ideas") if name in each.answers]
    assert len(comments) == len(set(comments)) >= 60
    assert 2 <= sum(text.isascii() for text in comments) <= 8
    lengths = sorted(map(len, comments))
    assert lengths[0] < 15
    assert lengths[-1] > 35


def test_chains_of_whys_are_many_and_start_from_the_worst_pain_point(given: list[Submission]) -> None:
    chains = [each.answers for each in given if "cause.why1" in each.answers]
    assert len(chains) >= 25
    assert len({answers["cause.why1"] for answers in chains}) == len(chains)
    assert all(answers["cause.problem"] == answers["pains"][0] for answers in chains)
    assert len({answers["cause.problem"] for answers in chains}) >= 6


def test_some_answers_are_careless_some_items_are_skipped_and_some_do_not_apply(given: list[Submission]) -> None:
    items = [item for scale in QUESTIONNAIRE.scales for item in scale.items]
    raw = np.array([[float(each.answers.get(item, np.nan)) for item in items] for each in given])
    answered = np.array([len(each.answers) for each in given])
    assert 3 <= straight_lining(raw).sum() <= 6
    assert 4 <= too_fast(np.array([float(each.seconds) for each in given]), answered).sum() <= 12
    assert 0.01 < np.isnan(raw).mean() < 0.08
    assert sum(item in each.not_applicable for each in given for item in items) > 50


def test_enough_people_explain_the_worst_problems_for_their_chains_to_be_shown(given: list[Submission]) -> None:
    explained = Counter(each.answers["cause.problem"] for each in given if "cause.why1" in each.answers)
    shown = {problem for problem, people in explained.items() if people >= 10}
    assert {"no_owner", "handover_idle", "approval_levels"} <= shown
