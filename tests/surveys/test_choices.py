"""Choices, scales and trade-offs: what each reads, refuses and calls missing, and what the roster fills in."""

from __future__ import annotations

from typing import Any

import pytest

from surveys.check import check
from surveys.compiled import compile_questionnaire
from surveys.questions import Cascade, Department, Person
from surveys.questions.base import Form
from surveys.roster_choices import asks_roster, with_roster
from tests.surveys.written import one_page

ALL = one_page("""
dropdown: {type: dropdown, text: t, choices: {a: A, x: {label: X, other: true}}}
yes: {type: yes_no, text: t, not_applicable: true}
fact: {type: true_false, text: t}
picture: {type: image_choice, text: t, choices: {a: {label: A, image: box}, b: {label: B, image: truck}}}
comment: {type: choice_comment, text: t, maximum: 2, choices: {a: A, b: B, c: C}}
place:
  type: cascade
  required: true
  not_applicable: true
  text: t
  levels: [省, 市]
  options: {js: {label: 江苏, children: {sz: 苏州, nj: 南京}}, gd: {label: 广东, children: {gz: 广州}}, sh: 上海}
unit: {type: cascade, text: t, source: departments, levels: [部门, 班组]}
department: {type: department, text: t}
colleague: {type: person, text: t}
cards: {type: card_sort, text: t, cards: {one: 一, two: 二}, piles: {p: P, q: Q}}
stars: {type: stars, text: t}
mood: {type: stars, symbol: smiley, points: 3, text: t}
csat: {type: csat, text: t}
ces: {type: ces, text: t}
slider: {type: slider, text: t, low: -10, high: 10}
poles: {type: semantic_differential, text: t, rows: {pace: {left: 慢, right: 快}}}
shares: {type: constant_sum, text: t, required: true, choices: {a: A, b: B, c: C}}
best: {type: maxdiff, text: t, required: true, sets: 2, choices: {a: A, b: B, c: C, d: D, e: E}}
kano: {type: kano, text: t, required: true, rows: {one: 一}}
sus: {type: sus, text: t}
ahp: {type: ahp, text: t, required: true, choices: {a: A, b: B, c: C}}
""")
KINDS = {question.code: question for question in ALL.questions()}


def read(code: str, form: Form) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    answers, _, problems = KINDS[code].read(form, ALL)
    return answers, [(each.code, each.place) for each in problems]


def missing(code: str, form: Form, hidden: frozenset[str] = frozenset()) -> list[tuple[str, str]]:
    answers, marked, _ = KINDS[code].read(form, ALL)
    answers = KINDS[code].without(answers, hidden)
    return [(each.code, each.place) for each in KINDS[code].missing(answers, frozenset(marked), ALL, hidden)]


def test_they_make_sense() -> None:
    assert [each for each in check(ALL) if each.severity == "error"] == []


@pytest.mark.parametrize(
    ("code", "form", "answers"),
    [
        ("dropdown", {"dropdown": ["x"], "dropdown.other": ["自己"]}, {"dropdown": "x", "dropdown.other": "自己"}),
        ("yes", {"yes": ["no"]}, {"yes": "no"}),
        ("fact", {"fact": ["true"]}, {"fact": "true"}),
        ("comment", {"comment": ["b"], "comment.b.comment": ["难"], "comment.a.comment": ["没选"]},
         {"comment": ["b"], "comment.b.comment": "难"}),
        ("place", {"place.level1": ["js"], "place.level2": ["nj"]}, {"place.level1": "js", "place.level2": "nj"}),
        ("place", {"place.level1": ["gd"], "place.level2": ["nj"]}, {"place.level1": "gd"}),
        ("place", {"place.level2": ["gz"]}, {"place.level1": "gd", "place.level2": "gz"}),
        ("unit", {"unit.level1": [" 质量部 "]}, {"unit.level1": "质量部"}),
        ("department", {"department": ["客服中心/一线"]}, {"department": "客服中心/一线"}),
        ("cards", {"cards.one": ["q"]}, {"cards.one": "q"}),
        ("slider", {"slider": ["-3"]}, {"slider": -3}),
        ("slider", {"slider": [""]}, {}),
        ("shares", {"shares.a": ["60"], "shares.b": ["40"]}, {"shares.a": 60, "shares.b": 40, "shares.c": 0}),
        ("shares", {"shares.a": ["60"]}, {"shares.a": 60}),
        ("ahp", {"ahp.a.b.more": ["equal"], "ahp.a.b.times": ["7"]}, {"ahp.a.b.more": "equal"}),
        ("ahp", {"ahp.a.b.more": ["b"], "ahp.a.b.times": ["7"]}, {"ahp.a.b.more": "b", "ahp.a.b.times": 7}),
    ],
)  # fmt: skip
def test_a_good_answer_is_read(code: str, form: Form, answers: dict[str, Any]) -> None:
    assert read(code, form) == (answers, [])


@pytest.mark.parametrize(
    ("code", "form", "problem"),
    [
        ("yes", {"yes": ["maybe"]}, ("unknown_choice", "yes")),
        ("yes", {"yes": ["yes", "no"]}, ("one_only", "yes")),
        ("comment", {"comment": ["a", "b", "c"]}, ("too_many", "comment")),
        ("comment", {"comment": ["a"], "comment.a.comment": ["长" * 501]}, ("too_long", "comment.a.comment")),
        ("place", {"place.level1": ["mars"]}, ("unknown_choice", "place.level1")),
        ("cards", {"cards.two": ["z"]}, ("unknown_choice", "cards.two")),
        ("stars", {"stars": ["6"]}, ("out_of_scale", "stars")),
        ("mood", {"mood": ["4"]}, ("out_of_scale", "mood")),
        ("ces", {"ces": ["0"]}, ("out_of_scale", "ces")),
        ("slider", {"slider": ["11"]}, ("too_high", "slider")),
        ("slider", {"slider": ["1.5"]}, ("not_integer", "slider")),
        ("shares", {"shares.a": ["101"]}, ("too_high", "shares.a")),
        ("best", {"best.set1.best": ["a"], "best.set1.worst": ["a"]}, ("best_is_worst", "best.set1.worst")),
        ("best", {"best.set1.best": ["zz"]}, ("unknown_choice", "best.set1.best")),
        ("kano", {"kano.one.present": ["love"]}, ("unknown_choice", "kano.one.present")),
        ("ahp", {"ahp.a.b.more": ["c"]}, ("unknown_choice", "ahp.a.b.more")),
        ("ahp", {"ahp.a.b.more": ["a"], "ahp.a.b.times": ["10"]}, ("too_high", "ahp.a.b.times")),
    ],
)
def test_a_bad_answer_is_refused_at_its_field(code: str, form: Form, problem: tuple[str, str]) -> None:
    assert problem in read(code, form)[1]


def test_a_required_branch_is_followed_to_its_end() -> None:
    assert missing("place", {}) == [("required", "place.level1")]
    assert missing("place", {"place.level1": ["js"]}) == [("required", "place.level2")]
    assert missing("place", {"place.level1": ["sh"]}) == []
    assert missing("place", {"place.na": ["1"]}) == []


def test_shares_that_do_not_add_up_are_due_to_be_mended() -> None:
    assert missing("shares", {}) == [("required", "shares")]
    assert missing("shares", {"shares.a": ["60"]}) == [("wrong_total", "shares")]
    assert missing("shares", {"shares.a": ["60"], "shares.c": ["40"]}) == []
    assert missing("shares", {"shares.a": ["60"], "shares.c": ["40"]}, frozenset({"c"})) == [("wrong_total", "shares")]


def test_half_a_comparison_is_due_to_be_finished() -> None:
    form = {"ahp.a.b.more": ["a"], "ahp.a.c.more": ["equal"], "ahp.b.c.more": ["equal"]}
    assert missing("ahp", form) == [("how_much_more", "ahp.a.b.times")]
    assert missing("ahp", {"ahp.a.b.more": ["equal"]}, frozenset({"c"})) == []


def test_of_every_set_both_ends_are_due() -> None:
    assert len(missing("best", {})) == 4
    assert missing("kano", {"kano.one.present": ["like"]}) == [("required", "kano.one.absent")]


def test_pickers_offer_the_roster_and_then_take_nothing_else() -> None:
    filled = with_roster(ALL, ["客服中心/一线", "质量部"], ["王芳（质量部）"])
    assert asks_roster(ALL)
    assert not asks_roster(filled)
    department, person, unit = (filled.question(code) for code in ("department", "colleague", "unit"))
    assert isinstance(department, Department)
    assert department.names == ("客服中心", "客服中心/一线", "质量部")
    assert isinstance(person, Person)
    assert person.read({"colleague": ["李四"]}, filled)[2][0].code == "unknown_choice"
    assert person.read({"colleague": ["王芳（质量部）"]}, filled)[0] == {"colleague": "王芳（质量部）"}
    assert isinstance(unit, Cascade)
    answers, _, problems = unit.read({"unit.level1": ["客服中心"], "unit.level2": ["一线"]}, filled)
    assert (answers, problems) == ({"unit.level1": "客服中心", "unit.level2": "一线"}, [])
    assert compile_questionnaire(filled).columns == compile_questionnaire(ALL).columns


def test_without_a_roster_people_type() -> None:
    filled = with_roster(ALL, [], [])
    person = filled.question("colleague")
    assert person is not None
    assert person.read({"colleague": [" 王芳 "]}, filled)[0] == {"colleague": "王芳"}


@pytest.mark.parametrize(
    ("question", "problem"),
    [
        ("q: {type: cascade, text: t, levels: [省], options: {a: A, b: B}}", "bad_figure"),
        ("q: {type: cascade, text: t, levels: [省, 市], options: {a: {label: A, children: {x: {label: X, children: {y: Y}}}}, b: B}}", "too_deep"),  # noqa: E501
        ("q: {type: maxdiff, text: t, choices: {a: A, b: B, c: C}}", "too_few_choices"),
        ("q: {type: ahp, text: t, choices: {a: A, equal: B, c: C}}", "reserved_code"),
        ("q: {type: constant_sum, text: t, total: 1, choices: {a: A, b: B}}", "bad_figure"),
        ("q: {type: slider, text: t, low: 5, high: 5}", "bad_bounds"),
        ("q: {type: stars, text: t, symbol: smiley, points: 7}", "bad_figure"),
        ("q: {type: card_sort, text: t, cards: {a: A}, piles: {x: X}}", "too_few_choices"),
    ],
)  # fmt: skip
def test_settings_that_make_no_sense_are_told(question: str, problem: str) -> None:
    assert problem in {each.code for each in check(one_page(question))}
