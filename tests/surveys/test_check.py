"""Every problem of a definition: its code and its place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from surveys import messages
from surveys.check import PAGE_LIMIT, PART_LIMIT, QUESTION_LIMIT, check
from surveys.formats import yaml
from tests.surveys.written import EVERY_TYPE, HEAD, codes, one_page, questionnaire

DOCUMENT = (Path(__file__).parents[2] / "docs" / "questionnaire-format.md").read_text(encoding="utf-8")
NPS = "{type: nps, text: t}"


def test_a_questionnaire_with_every_type_is_fine() -> None:
    assert check(one_page(EVERY_TYPE)) == []


@pytest.mark.parametrize(
    ("questions", "problem"),
    [
        ("a: {type: single, text: t, choices: {a: A}}", ("too_few_choices", "choices")),
        ("a: {type: single, text: t, segment: shoe, choices: {a: A, b: B}}", ("unknown_segment", "segment")),
        (
            "a: {type: single, text: t, choices: {a: {label: A, other: true}, b: {label: B, other: true}}}",
            ("two_others", "choices"),
        ),
        (
            "a: {type: single, text: t, choices: [{code: a, label: A}, {code: a, label: B}]}",
            ("duplicate_code", "choices.1.code"),
        ),
        ("a: {type: single, text: t, choices: {A1: A, b: B}}", ("bad_code", "choices.0.code")),
        ("a: {type: single, text: t, choices: {na: A, b: B}}", ("reserved_code", "choices.0.code")),
        ("a: {type: single, text: t, choices: {a: '', b: B}}", ("missing_text", "choices.0.label")),
        ("a: {type: multiple, text: t, maximum: 3, choices: {a: A, b: B}}", ("maximum_above_choices", "maximum")),
        (
            "a: {type: multiple, text: t, minimum: 2, maximum: 1, choices: {a: A, b: B}}",
            ("minimum_above_maximum", "maximum"),
        ),
        (
            "a: {type: multiple, text: t, minimum: 2, choices: {a: A, b: {label: B, exclusive: true}}}",
            ("exclusive_minimum", "minimum"),
        ),
        ("a: {type: ranking, text: t, top: 3, choices: {a: A, b: B}}", ("maximum_above_choices", "top")),
        ("a: {type: likert, text: t, scale: agre}", ("unknown_rating_scale", "scale")),
        ("a: {type: matrix, text: t, scale: agree, rows: []}", ("no_rows", "rows")),
        ("a: {type: matrix, text: t, scale: agree, rows: {a: A, b: ''}}", ("missing_text", "rows.1.label")),
        ("a: {type: rating, text: t, points: 1, low_label: l, high_label: h}", ("bad_figure", "points")),
        ("a: {type: rating, text: t, low_label: l, high_label: ''}", ("missing_text", "high_label")),
        ("a: {type: number, text: t, low: 5, high: 5}", ("bad_bounds", "low")),
        ("a: {type: number, text: t, decimals: 9}", ("bad_figure", "decimals")),
        ("a: {type: duration, text: t, units: []}", ("no_units", "units")),
        ("a: {type: duration, text: t, high: 0}", ("bad_bounds", "high")),
        ("a: {type: short_text, text: t, max_length: 0}", ("bad_figure", "max_length")),
        ("a: {type: long_text, text: t, max_length: 20001}", ("bad_figure", "max_length")),
        ("a: {type: step_grid, text: t, steps: [register, nowhere]}", ("unknown_step", "steps.1")),
        ("a: {type: pain_points, text: t, maximum: 3, choices: {a: A, b: B}}", ("maximum_above_choices", "maximum")),
        (
            "a: {type: pain_points, text: t, maximum: 1, choices: {a: {label: A, category: luck}, b: B}}",
            ("unknown_category", "choices.0.category"),
        ),
        ("a: {type: five_whys, text: t, depth: 6}", ("bad_figure", "depth")),
        ("a: {type: five_whys, text: t, problem_from: nowhere}", ("unknown_problem_from", "problem_from")),
        (f"not: {NPS}", ("reserved_code", "code")),
        (f"Bad: {NPS}", ("bad_code", "code")),
        ("a: {type: nps, text: ''}", ("missing_text", "text")),
        ("a: {type: nps, text: t, visible_if: 'a >'}", ("expression_unfinished", "visible_if")),
        ("a: {type: nps, text: t, visible_if: nowhere == 1}", ("unknown_reference", "visible_if")),
        ("a: {type: nps, text: t, visible_if: person.shoe == 1}", ("unknown_reference", "visible_if")),
        ("a: {type: nps, text: t, visible_if: answered(a)}", ("cycle", "visible_if")),
        ("a: {type: nps, text: t, visible_if: false}", ("dead_condition", "visible_if")),
        ("a: {type: nps, text: '您给了{{b}}'}", ("unknown_pipe", "text")),
    ],
)
def test_a_question_that_makes_no_sense_is_told(questions: str, problem: tuple[str, str]) -> None:
    code, place = problem
    assert (code, f"pages.0.questions.0.{place}") in codes(one_page(questions))


EARLIER = """\
a: {type: single, text: t, choices: {one: A, two: B}}
m: {type: multiple, text: t, choices: {one: A, two: B}}
n: {type: number, text: t, low: 0, high: 10}
x: {type: matrix, text: t, scale: agree, rows: {r: R}}
w: {type: short_text, text: t}
"""


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ('a == "one"', None),
        ('a != "one" and n > 3 and x.r <= 2 and m contains "two" and w == "任何话"', None),
        ('person.side == "upstream" and person.department contains "客服部" and person.position == "班长"', None),
        ("answered(x) or answered(n)", None),
        ('a == "three"', "dead_code"),
        ('a in ["one", "three"]', "dead_code"),
        ('m contains "three"', "dead_code"),
        ('"three" in m', "dead_code"),
        ('person.side == "uptown"', "dead_code"),
        ("n == 11", "dead_range"),
        ("n > 10", "dead_range"),
        ("10 < n", "dead_range"),
        ("n < 0", "dead_range"),
        ("x.r in [3, 4]", "dead_range"),
        ('m == "one"', "compare_codes"),
        ('a > "one"', "compare_order"),
        ("a == 1", "compare_kind"),
        ('n == "1"', "compare_kind"),
        ("x == 1", "compare_parts"),
        ('a contains "one"', "not_a_list"),
        ('a == "one" and a == "two"', "dead_condition"),
    ],
)
def test_a_condition_that_cannot_work_is_told(condition: str, code: str | None) -> None:
    found = codes(one_page(f"{EARLIER}z: {{type: nps, text: t, visible_if: '{condition}'}}"))
    expected = [] if code is None else [(code, "pages.0.questions.5.visible_if")]
    assert [each for each in found if each[0] != "unreachable_page"] == expected


def test_a_condition_may_not_look_ahead() -> None:
    ahead = one_page(f"a: {{type: nps, text: t, visible_if: b > 3}}\nb: {NPS}")
    assert codes(ahead) == [("forward_reference", "pages.0.questions.0.visible_if")]
    pages = questionnaire(f"p: {{visible_if: b > 3, questions: {{a: {NPS}}}}}\nq: {{questions: {{b: {NPS}}}}}")
    assert codes(pages) == [("forward_reference", "pages.0.visible_if")]
    part = one_page(f"a: {{type: multiple, text: t, choices: {{x: {{label: X, visible_if: b > 3}}, y: Y}}}}\nb: {NPS}")
    assert codes(part) == [("forward_reference", "pages.0.questions.0.choices.0.visible_if")]


def test_a_cycle_is_told_once_with_its_way() -> None:
    found = check(questionnaire("""\
        p: {questions: {a: {type: nps, text: t, visible_if: c > 3}}}
        q: {visible_if: a > 3, questions: {b: {type: nps, text: t}}}
        r: {questions: {c: {type: nps, text: t, visible_if: b > 3}}}
    """))  # fmt: skip
    assert [(each.code, each.place) for each in found] == [("cycle", "pages.0.questions.0.visible_if")]
    assert found[0].say("en") == "Conditions depend on each other: a → c → b → a."


def test_a_page_that_nobody_can_reach_is_told() -> None:
    first = f"p: {{questions: {{a: {NPS}}}}}\n"
    dead = ("dead_range", "pages.1.visible_if")
    assert codes(questionnaire(first + f"q: {{visible_if: a > 10, questions: {{b: {NPS}}}}}")) == [
        dead,
        ("unreachable_page", "pages.1"),
    ]
    through = questionnaire(first + "q: {questions: {b: {type: nps, text: t, visible_if: a > 10}}}")
    assert ("unreachable_page", "pages.1") in codes(through)
    alive = questionnaire(first + f"q: {{visible_if: a > 10 or a < 3, questions: {{b: {NPS}}}}}")
    assert codes(alive) == [dead]


def test_piping_looks_back_to_earlier_pages_only() -> None:
    same = one_page(f"a: {NPS}\nb: {{type: nps, text: '{{{{a}}}}'}}")
    assert codes(same) == [("forward_pipe", "pages.0.questions.1.text")]
    later = questionnaire(f"p: {{questions: {{a: {NPS}}}}}\nq: {{title: '{{{{a}}}}', questions: {{b: {NPS}}}}}")
    assert codes(later) == []
    one_by_one = one_page(f"a: {NPS}\nb: {{type: nps, text: '{{{{a}}}}'}}", HEAD + "presentation: question\n")
    assert codes(one_by_one) == []


def test_scales_are_made_of_ratings_on_one_answer_scale() -> None:
    def scale(items: str, extra: str = "") -> list[tuple[str, str]]:
        head = f"{HEAD}scales: {{s: {{label: S, items: [{items}]{extra}}}}}\n"
        questions = "x: {type: matrix, text: t, scale: agree, rows: {a: A, b: B}}\nn: {type: nps, text: t}\n"
        questions += "w: {type: number, text: t}"
        return codes(one_page(questions, head))

    assert scale("x.a, x.b", ", reversed: [x.b]") == []
    assert scale("x.a") == [("too_few_items", "scales.0.items")]
    assert scale("x.a, x.c") == [("unknown_item", "scales.0.items.1")]
    assert scale("x.a, x.a") == [("duplicate_item", "scales.0.items.1")]
    assert scale("x.a, w") == [("item_not_integer", "scales.0.items.1")]
    assert scale("x.a, n") == [("mixed_scales", "scales.0.items")]
    assert scale("x.a, x.b", ", reversed: [n]") == [("reversed_not_item", "scales.0.reversed.0")]


def test_the_head_is_checked() -> None:
    head = "name: Über\nkind: pulse\ntitle: ''\nlanguages: [fr]\nminutes: 900\n"
    scales = "rating_scales: {one: [a], two: {labels: [a, b], low: -1}}\n"
    one = one_page("a: {type: step_grid, text: t}", head + scales)
    assert codes(one) == [
        ("bad_name", "name"), ("unknown_language", "languages.0"), ("bad_figure", "minutes"),
        ("too_few_labels", "rating_scales.one.labels"), ("bad_figure", "rating_scales.two.low"),
        ("missing_text", "title"), ("no_steps", "pages.0.questions.0.steps"),
    ]  # fmt: skip


def test_a_wording_that_lacks_a_language_is_a_warning() -> None:
    one = one_page(
        "a: {type: nps, text: {zh: 中文, en: English}, hint: 只有中文}", HEAD.replace("[zh-CN]", "[zh-CN, en]")
    )
    problems = [each for each in check(one) if each.place.startswith("pages")]
    assert [(each.code, each.place, each.severity) for each in problems] == [
        ("missing_language", "pages.0.questions.0.hint", "warning")
    ]
    assert problems[0].message == {"zh-CN": "缺少英文的文字。", "en": "There is no wording in English."}


def test_sizes_are_bounded() -> None:
    many = "\n".join(f"q{number}: {NPS}" for number in range(QUESTION_LIMIT + 1))
    assert ("too_many_questions", "pages") in codes(one_page(many))
    choices = ", ".join(f"c{number}: C" for number in range(PART_LIMIT + 1))
    assert codes(one_page(f"a: {{type: single, text: t, choices: {{{choices}}}}}")) == [
        ("too_many_parts", "pages.0.questions.0")
    ]
    pages = "\n".join(f"p{number}: {{questions: {{q{number}: {NPS}}}}}" for number in range(PAGE_LIMIT + 1))
    assert ("too_many_pages", "pages") in codes(questionnaire(pages))
    assert codes(questionnaire("p: {questions: []}")) == [("empty_page", "pages.0")]
    none, _ = yaml.read(f"{HEAD}pages: []\n")
    assert none is not None
    assert codes(none) == [("no_pages", "pages")]


def test_codes_are_unique() -> None:
    twice = questionnaire(f"""\
        - {{code: p, questions: {{a: {NPS}}}}}
        - {{code: p, questions: {{a: {NPS}}}}}
    """)
    assert codes(twice) == [("duplicate_code", "pages.1.code"), ("duplicate_code", "pages.1.questions.0.code")]


def test_problems_find_their_lines() -> None:
    source = (
        f"{HEAD}pages:\n  p:\n    questions:\n      a:\n        type: nps\n        text: t\n        visible_if: b > 1\n"
    )
    found, _ = yaml.read(source)
    assert found is not None
    located = yaml.locate(source, check(found))
    assert [(each.code, each.line) for each in located] == [("unknown_reference", len(source.splitlines()))]


def test_the_documented_example_is_a_good_questionnaire() -> None:
    example, *_ = re.findall(r"```yaml\n(.*?)```", DOCUMENT, re.DOTALL)
    found, problems = yaml.read(example)
    assert problems == []
    assert found is not None
    assert check(found) == []
    assert len(found.columns()) == 15


def test_every_problem_code_is_documented_and_none_besides() -> None:
    documented = re.findall(
        r"^\| `([a-z_]+)` \| [^|]+ \| [^|]+ \|$", DOCUMENT.partition("## Problems")[2], re.MULTILINE
    )
    assert sorted(documented) == sorted(messages.MESSAGES)


def test_every_message_is_there_in_both_languages_and_takes_the_same_figures() -> None:
    for code, message in messages.MESSAGES.items():
        assert message.keys() == {"zh-CN", "en"}, code
        assert all(wording.rstrip()[-1] in "。.}…" for wording in message.values()), code


def test_every_message_is_used() -> None:
    core = Path(messages.__file__).parent
    files = [*core.rglob("*.py"), *(core.parent / "service" / "actions").rglob("*.py")]
    source = "".join(path.read_text(encoding="utf-8") for path in files if path.name != "messages.py")
    assert [code for code in messages.MESSAGES if f'"{code}"' not in source] == []
