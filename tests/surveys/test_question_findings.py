"""Findings of questions of every type: from what columns hold, with nothing shown of too few people."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reports.figures import question as figure
from surveys.analysis.diagnosis import diagnose
from surveys.analysis.findings import DiagnosisFindings, PartFinding, QuestionFinding
from surveys.definition import Questionnaire
from surveys.frame import dataset
from surveys.statistics.estimate import Estimate
from tests.surveys.answers_at_random import answers, meta
from tests.surveys.test_diagnosis import PROGRAMME, wave
from tests.surveys.test_gallery import GALLERY
from tests.surveys.written import one_page

EXAMPLE = one_page("""
yes: {type: yes_no, text: t}
stars: {type: stars, text: t}
slider: {type: slider, text: t}
unit: {type: department, text: t}
who: {type: person, text: t}
cards: {type: card_sort, text: t, cards: {one: 一, two: 二}, piles: {p: P, q: Q}}
shares: {type: constant_sum, text: t, choices: {a: A, b: B}}
best: {type: maxdiff, text: t, sets: 1, size: 4, choices: {a: A, b: B, c: C, d: D, e: E}}
kano: {type: kano, text: t, rows: {one: 一}}
sus: {type: sus, text: t}
ahp: {type: ahp, text: t, choices: {a: A, b: B}}
poles: {type: semantic_differential, text: t, rows: {pace: {left: 慢, right: 快}}}
""")


def findings(questionnaire: Questionnaire, rows: list[dict[str, Any]]) -> dict[str, QuestionFinding]:
    found = diagnose(dataset(questionnaire, [json.dumps(row) for row in rows]), PROGRAMME, wave())
    return {each.question: each for each in found.questions}


def repeated(*rows: tuple[int, dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for times, row in rows for _ in range(times)]


def part(finding: QuestionFinding, code: str) -> PartFinding:
    return next(each for each in finding.parts if each.code == code)


def value(estimate: Estimate | None) -> float | None:
    assert estimate is not None
    return estimate.value


def test_codes_points_and_numbers_are_told_without_a_word_on_their_type() -> None:
    rows = repeated((8, {"yes": "yes", "stars": 5, "slider": 80}), (4, {"yes": "no", "stars": 2, "slider": 20}))
    found = findings(EXAMPLE, rows)
    assert [(level.value, level.count) for level in found["yes"].levels] == [("yes", 8), ("no", 4)]
    assert [level.count for level in found["stars"].levels] == [0, 4, 0, 0, 8]
    assert found["stars"].estimates["mean"].value == 4.0
    assert found["slider"].levels == ()
    assert found["slider"].estimates["mean"].value == 60.0


def test_departments_are_counted_and_persons_told_nowhere() -> None:
    rows = repeated((7, {"unit": "客服中心", "who": "王芳"}), (5, {"unit": "质量部", "who": "李明"}))
    found = diagnose(dataset(EXAMPLE, [json.dumps(row) for row in rows]), PROGRAMME, wave())
    units = next(each for each in found.questions if each.question == "unit")
    assert [(level.value, level.count) for level in units.levels] == [("客服中心", 7), ("质量部", 5)]
    assert "王芳" not in str(found)


def test_names_of_too_few_people_are_counted_together() -> None:
    rows = repeated((6, {"unit": "客服中心"}), (4, {"unit": "物流部"}), (3, {"unit": "检验组"}))
    levels = findings(EXAMPLE, rows)["unit"].levels
    assert [(level.label["zh-CN"], level.count) for level in levels] == [("客服中心", 6), ("其他", 7)]


def test_cards_make_a_table_of_piles() -> None:
    rows = repeated((9, {"cards.one": "p", "cards.two": "q"}), (3, {"cards.one": "q", "cards.two": "p"}))
    cards = findings(EXAMPLE, rows)["cards"]
    assert cards.kind == "table"
    assert [[level.count for level in each.levels] for each in cards.parts] == [[9, 3], [3, 9]]


def test_shares_count_where_they_add_up() -> None:
    rows = repeated((6, {"shares.a": 60, "shares.b": 40}), (6, {"shares.a": 100, "shares.b": 0}), (3, {"shares.a": 7}))
    first = part(findings(EXAMPLE, rows)["shares"], "a")
    assert value(first.estimate) == 80.0
    assert first.estimate is not None
    assert (first.estimate.n_valid, first.estimate.n_missing) == (12, 3)


def test_best_minus_worst_over_times_shown() -> None:
    one = {"best.set1.best": "a", "best.set1.worst": "b"}
    two = {"best.set1.best": "b", "best.set1.worst": "c"}
    best = findings(EXAMPLE, repeated((9, one), (3, two)))["best"]
    assert value(part(best, "a").estimate) == 0.75
    assert value(part(best, "b").estimate) == -0.5
    assert value(part(best, "c").estimate) == -0.25


def test_a_feature_has_the_category_of_most_answers() -> None:
    must = {"kano.one.present": "expect", "kano.one.absent": "dislike"}
    nice = {"kano.one.present": "like", "kano.one.absent": "neutral"}
    feature = part(findings(EXAMPLE, repeated((8, must), (4, nice)))["kano"], "one")
    assert feature.category == "M"
    assert feature.estimates["better"].value == pytest.approx(1 / 3)
    assert feature.estimates["worse"].value == pytest.approx(-2 / 3)
    few = part(findings(EXAMPLE, repeated((6, must), (2, nice)))["kano"], "one")
    assert (few.category, few.estimates["better"].value) == ("", None)


def test_usability_is_one_score() -> None:
    good = {f"sus.item{item}": 5 if item % 2 else 1 for item in range(1, 11)}
    plain = {f"sus.item{item}": 3 for item in range(1, 11)}
    assert findings(EXAMPLE, repeated((6, good), (6, plain)))["sus"].estimates["sus"].value == 75.0


def test_weights_are_means_of_peoples_own() -> None:
    strong = {"ahp.a.b.more": "a", "ahp.a.b.times": 3}
    even = {"ahp.a.b.more": "equal"}
    half = {"ahp.a.b.more": "a"}
    ahp = findings(EXAMPLE, repeated((6, strong), (6, even), (2, half)))["ahp"]
    assert value(part(ahp, "a").estimate) == pytest.approx(0.625)
    assert ahp.estimates["consistent"].n_valid == 12


def test_where_everybody_says_the_same_no_figure_tells() -> None:
    row = {"kano.one.present": "like", "kano.one.absent": "dislike", "shares.a": 50, "shares.b": 50, "poles.pace": 7}
    found = findings(EXAMPLE, repeated((20, row)))
    assert value(part(found["shares"], "a").estimate) is None
    assert value(part(found["poles"], "pace").estimate) is None
    assert part(found["kano"], "one").estimates["better"].value is None
    assert {level.count for level in part(found["kano"], "one").levels} == {None}


def gallery(n: int) -> DiagnosisFindings:
    return diagnose(dataset(GALLERY, answers(GALLERY, n), meta(n)), PROGRAMME, wave())


def everything(finding: QuestionFinding) -> list[tuple[Any, list[Estimate]]]:
    """Levels with the estimates beside them, of the question and its parts."""
    parts = [
        (each.levels, [*each.estimates.values(), *([each.estimate] if each.estimate else [])]) for each in finding.parts
    ]
    return [(finding.levels, list(finding.estimates.values())), *parts]


@pytest.mark.parametrize("n", [0, 4, 7, 60])
def test_every_type_keeps_to_the_thresholds_and_can_be_drawn(n: int) -> None:
    for finding in gallery(n).questions:
        for levels, estimates in everything(finding):
            assert n >= 5 or not levels
            assert n >= 10 or all(level.share is None or level.masked for level in levels)
            assert n >= 10 or all(each.value is None for each in estimates)
        for language in ("zh-CN", "en"):
            for width in (300.0, 482.0):
                scene = figure(finding, language, width)
                assert scene is None or (scene.title and scene.height > 0)
    told = {finding.question.partition(".")[0] for finding in gallery(60).questions}
    assert n < 60 or {"matters", "features", "usability", "criteria", "weights", "handling", "stars"} <= told
