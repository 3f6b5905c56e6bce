"""Jumps and ends, values that the server fills in, what is required and what is refused, quotas, repeats, order."""

from __future__ import annotations

from collections import Counter
from typing import Any

import msgspec
import pytest

from surveys.answers import Record, finish, read_page, record_of
from surveys.check import check
from surveys.compiled import Compiled, compile_questionnaire
from surveys.context import Context
from surveys.definition import Questionnaire, to_json
from surveys.expansion import expand
from surveys.logic import next_page, pipe, previous_page, progress, quotas_met, shown, situation
from surveys.order import arm, page_order, part_order, question_order
from surveys.rows import from_columns
from tests.surveys.written import HEAD, codes, compiled, one_page, questionnaire

NPS = "{type: nps, text: t}"


def made(pages: str, head: str = HEAD) -> Compiled:
    """Compiled, and without problems."""
    written = questionnaire(pages, head)
    assert check(written) == []
    return compile_questionnaire(written)


# --- jumps --------------------------------------------------------------------------------------------------------

JUMPS = made(f"""\
start:
  jumps: [{{when: "a == 0", to: screen_out}}, {{when: a == 1, to: end}}, {{when: a == 2, to: last}}]
  questions: {{a: {NPS}}}
middle: {{questions: {{b: {{type: nps, required: true, text: t}}}}}}
last: {{questions: {{c: {{type: nps, text: t, visible_if: not answered(b)}}, d: {NPS}}}}}
""")


@pytest.mark.parametrize(
    ("a", "pages", "ending"),
    [
        (0, ("start",), "screened_out"),
        (1, ("start",), "complete"),
        (2, ("start", "last"), "complete"),
        (3, ("start", "middle", "last"), "complete"),
    ],
)
def test_a_jump_leads_on_and_what_it_leaps_over_is_neither_shown_nor_due(a: int, pages: Any, ending: str) -> None:
    record = Record({"a": a, "b": 5})
    assert shown(JUMPS, record.answers, {}).pages == pages
    done = finish(JUMPS, record, {})
    assert (done.ending, done.errors) == (ending, {})
    assert ("b" in done.stored) is ("middle" in pages)
    assert ("b" in done.stored.get("_not_shown", [])) is ("middle" not in pages)


def test_an_answer_that_is_leapt_over_counts_as_unanswered() -> None:
    assert "c" in shown(JUMPS, {"a": 2, "b": 5}, {}).questions
    assert "c" not in shown(JUMPS, {"a": 3, "b": 5}, {}).questions


def test_a_page_that_is_not_shown_does_not_jump() -> None:
    one = made(f"""\
        p: {{questions: {{a: {NPS}}}}}
        q: {{visible_if: a > 5, jumps: [{{when: "true", to: end}}], questions: {{b: {NPS}}}}}
        r: {{questions: {{c: {NPS}}}}}
    """)
    assert shown(one, {"a": 3}, {}).pages == ("p", "r")
    assert shown(one, {"a": 6}, {}).pages == ("p", "q")


def test_a_question_at_a_time_jumps_after_the_last_question_of_the_page() -> None:
    one = made(
        f"p: {{jumps: [{{when: a > 5, to: r}}], questions: {{a: {NPS}, b: {NPS}}}}}\n"
        f"q: {{questions: {{c: {NPS}}}}}\nr: {{questions: {{d: {NPS}}}}}",
        HEAD + "presentation: question\n",
    )
    assert shown(one, {"a": 9}, {}).pages == ("a", "b", "d")


@pytest.mark.parametrize(
    ("jump", "problem"),
    [
        ("{when: 'true', to: r}", ("unreachable_page", "pages.1")),
        ("{when: 'true', to: nowhere}", ("unknown_page", "pages.0.jumps.0.to")),
        ("{when: 'true', to: p}", ("jump_back", "pages.0.jumps.0.to")),
        ("{when: 'b > 3', to: r}", ("forward_reference", "pages.0.jumps.0.when")),
        ("{when: 'a > 11', to: r}", ("dead_range", "pages.0.jumps.0.when")),
    ],
)
def test_a_jump_that_cannot_work_is_told(jump: str, problem: tuple[str, str]) -> None:
    pages = f"p: {{jumps: [{jump}], questions: {{a: {NPS}}}}}\n"
    pages += f"q: {{questions: {{b: {NPS}}}}}\nr: {{questions: {{c: {NPS}}}}}"
    assert problem in codes(questionnaire(pages))


# --- values that the server fills in ------------------------------------------------------------------------------

FILLED = made("""\
p:
  questions:
    agree: {type: consent, required: true, text: t}
    intro: {type: statement, text: 请先读说明}
    hours: {type: number, text: t, unit: 小时}
    rows: {type: matrix, text: t, scale: agree, rows: {x: X, y: Y}}
    total: {type: computed, text: 合计, expression: hours * 60 + sum(rows)}
    level: {type: computed, kind: text, text: 程度, expression: 'if(total > 100, "重", "轻")'}
    source: {type: hidden, text: 来源, parameter: from, default: qr}
    arm: {type: assignment, text: 版本, arms: {a: {label: A}, b: {label: B}}}
q:
  questions:
    heavy: {type: nps, visible_if: level == "重", text: "{{total}} 分钟（{{level}}），来自{{source}}，{{arm}}组"}
    only_b: {type: nps, visible_if: arm == "b", text: t}
""")
ANSWERS: dict[str, Any] = {"agree": "yes", "hours": 2.0, "rows.x": 1, "rows.y": 3}


def test_computed_values_are_stored_and_seen_by_later_conditions() -> None:
    done = finish(FILLED, Record(ANSWERS), Context(link={"from": "poster"}, seed=1))
    stored = {name: done.stored.get(name) for name in ("total", "level", "source")}
    assert stored == {"total": 124.0, "level": "重", "source": "poster"}
    assert done.errors == {}
    assert "heavy" not in done.stored["_not_shown"]


def test_what_the_server_fills_in_is_on_no_page_and_taken_from_no_form() -> None:
    page = FILLED.page("p")
    assert page is not None
    assert [each.code for each in page.questions] == ["agree", "intro", "hours", "rows"]
    forged = {
        "total": ["999"],
        "level": ["轻"],
        "source": ["x"],
        "arm": ["b"],
        "hours": ["2"],
        "rows.x": ["1"],
        "agree": ["yes"],
    }
    read = read_page(FILLED, "p", forged, Record(), Context(seed=1))
    assert read.record.answers == {"agree": "yes", "hours": 2.0, "rows.x": 1}
    assert finish(FILLED, read.record, Context(seed=1)).stored["total"] == 121.0


def test_nothing_comes_of_nothing() -> None:
    done = finish(FILLED, Record({"agree": "yes"}), {})
    assert "total" not in done.stored
    assert done.stored["level"] == "轻"
    assert done.stored["source"] == "qr"


def test_values_are_worded_on_later_pages() -> None:
    known = Context(link={"from": "海报"}, seed=1)
    names = situation(FILLED, ANSWERS, known).names
    question = FILLED.questions["heavy"]
    said = pipe(question.text["zh-CN"], names, FILLED, "zh-CN")
    assert said == f"124 分钟（重），来自海报，{names['arm'].upper()}组"
    assert (
        pipe("{{ hours / 2 }}、{{ if(hours > 1, hours, agree) }}、{{sum(rows)}}", names, FILLED, "zh-CN")
        == "1、2 小时、4"
    )


def test_nobody_goes_on_without_consent_where_it_is_required() -> None:
    refused = read_page(FILLED, "p", {}, Record(), {})
    assert [each.code for each in refused.errors.values()] == ["consent_due"]
    assert read_page(FILLED, "p", {"agree": ["yes"]}, Record(), {}).errors == {}


def test_an_imported_response_keeps_its_arm_and_its_source() -> None:
    record, problems = from_columns(
        FILLED, {"agree": "yes", "arm": "b", "source": "old", "total": "7", "hours": "1", "rows.x": "1"}
    )
    assert problems == []
    for seed in range(5):
        stored = finish(FILLED, record, Context(seed=seed)).stored
        assert (stored["arm"], stored["source"], stored["total"]) == ("b", "old", 61.0)


def test_finishing_a_stored_response_again_changes_nothing() -> None:
    known = Context(link={"from": "poster"}, seed=3)
    stored = finish(FILLED, Record(ANSWERS), known).stored
    assert finish(FILLED, record_of([stored]), known).stored == stored


@pytest.mark.parametrize(
    ("computed", "problem"),
    [
        ("expression: a + later", "forward_reference"),
        ("expression: c * 2", "cycle"),
        ("expression: 'a > 3'", "computed_kind"),
        ("expression: '\"x\"'", "computed_kind"),
        ("expression: a + w", "computed_kind"),
        ("expression: a * w", "wanted_number"),
        ("expression: sum(w)", "wanted_number"),
        ("expression: year(a)", "wanted_text"),
        ("expression: 'if(a, 1, 2)'", "wanted_truth"),
        ("expression: m + 1", "wanted_number"),
        ("expression: x + 1", "compare_parts"),
        ("expression: sum(zz.*)", "unknown_reference"),
        ("expression: a +", "expression_unfinished"),
        ("expression: 'round(mean(x), 1) + count(m)'", None),
        ("kind: text, expression: 'w + \"：\" + a'", None),
    ],
)
def test_a_computed_value_that_cannot_work_is_told(computed: str, problem: str | None) -> None:
    found = codes(
        one_page(f"""\
        a: {NPS}
        w: {{type: short_text, text: t}}
        m: {{type: multiple, text: t, choices: {{one: A, two: B}}}}
        x: {{type: matrix, text: t, scale: agree, rows: {{r: R}}}}
        c: {{type: computed, text: t, {computed}}}
        later: {NPS}
    """)
    )
    assert found == ([] if problem is None else [(problem, "pages.0.questions.4.expression")])


# --- what is due --------------------------------------------------------------------------------------------------

DUE = made("""\
p:
  questions:
    a: {type: nps, text: t}
    why: {type: short_text, required_if: a < 7, text: t}
    low: {type: number, text: t}
    high:
      type: number
      text: t
      rules:
        - {holds: not answered(low) or high >= low, message: {zh: "不能小于 {{low}}", en: "not below {{low}}"}}
    likes: {type: likert, scale: agree, text: t, rules: [{holds: likes != 2, message: 请选一边}]}
""")


def test_a_question_may_be_required_on_a_condition() -> None:
    assert read_page(DUE, "p", {"a": ["6"]}, Record(), {}).errors.keys() == {"why"}
    assert read_page(DUE, "p", {"a": ["7"]}, Record(), {}).errors == {}
    assert finish(DUE, Record({"a": 6}), {}).errors.keys() == {"p"}


def test_a_rule_refuses_an_answer_in_the_authors_words() -> None:
    refused = read_page(DUE, "p", {"low": ["5"], "high": ["3"]}, Record(), {})
    assert {field: each.message for field, each in refused.errors.items()} == {
        "high": {"zh-CN": "不能小于 5", "en": "not below 5"}
    }
    assert refused.record.answers == {"low": 5.0, "high": 3.0}
    assert finish(DUE, refused.record, {}).errors["p"].keys() == {"high"}
    assert read_page(DUE, "p", {"low": ["5"]}, Record(), {}).errors == {}


def test_a_rule_judges_a_plainly_answered_scale_as_well() -> None:
    assert read_page(DUE, "p", {"likes": ["2"]}, Record(), {}).errors.keys() == {"likes"}
    assert finish(DUE, Record({"likes": 2}), {}).errors["p"].keys() == {"likes"}
    assert finish(DUE, Record({"likes": 3}), {}).errors == {}


def test_a_rule_may_look_at_its_whole_page_but_not_further() -> None:
    rule = "rules: [{holds: b > 3, message: m}]"
    assert codes(one_page(f"a: {{type: nps, text: t, {rule}}}\nb: {NPS}")) == []
    pages = f"p: {{questions: {{a: {{type: nps, text: t, {rule}}}}}}}\nq: {{questions: {{b: {NPS}}}}}"
    assert codes(questionnaire(pages)) == [("forward_reference", "pages.0.questions.0.rules.0.holds")]


def test_quotas_are_met_by_what_is_shown() -> None:
    quotas = "quotas: {low: {when: a < 3, limit: 5}, pilot: {when: wave.role == 'pilot', limit: 9}}\n".replace("'", '"')
    one = made(f"p: {{questions: {{a: {NPS}}}}}", HEAD + quotas)
    assert quotas_met(one, {"a": 2}, {}) == ("low",)
    assert quotas_met(one, {"a": 2}, Context(wave={"role": "pilot"})) == ("low", "pilot")
    assert finish(one, Record({"a": 7}), Context(wave={"role": "pilot"})).quotas == ("pilot",)


# --- groups, repeats, carried options -----------------------------------------------------------------------------

REPEATED = """\
ask:
  questions:
    a: {type: nps, text: t}
    tools: {type: multiple, text: t, choices: {phone: 电话, mail: 邮件, none: {label: 无, exclusive: true}}}
each:
  groups: {tool: {title: "关于{{item}}", repeat_over: tools, visible_if: a > 3}}
  questions:
    minutes: {type: number, group: tool, text: "{{item}}用时"}
    why: {type: short_text, group: tool, text: 为什么, visible_if: minutes > 3}
after:
  questions:
    total: {type: computed, text: 合计, expression: sum(minutes_*)}
    worst: {type: single, text: t, choices_from: tools, choices: {neither: 都不}}
    rest: {type: single, text: t, choices_from: tools, carry: unchosen}
"""


def test_a_group_is_asked_once_for_each_chosen_option() -> None:
    one = made(REPEATED)
    answers = {"a": 5, "tools": ["mail"], "minutes_mail": 9.0, "minutes_phone": 2.0}
    seen = shown(one, answers, {})
    assert {"minutes_mail", "why_mail"} <= seen.questions
    assert not {"minutes_phone", "why_phone"} & seen.questions
    assert one.questions["minutes_mail"].text == {"zh-CN": "邮件用时"}
    assert finish(one, Record(answers), {}).stored["total"] == 9.0
    assert shown(one, {**answers, "a": 2}, {}).pages == ("ask", "after")


def test_carried_options_are_those_chosen_before_or_the_others() -> None:
    one = made(REPEATED)
    seen = shown(one, {"a": 5, "tools": ["mail"]}, {})
    assert seen.hidden("worst") == {"phone"}
    assert seen.hidden("rest") == {"mail"}
    stored = finish(one, Record({"tools": ["mail"], "worst": "phone", "rest": "phone"}), {}).stored
    assert "worst" not in stored
    assert stored["rest"] == "phone"


def test_a_group_is_asked_for_each_step_and_each_answered_row() -> None:
    steps = made("""\
        p:
          groups: {step: {title: "{{item}}", repeat_over: steps}}
          questions: {slow: {type: nps, group: step, text: "{{item}}"}}
    """)
    assert list(steps.questions) == ["slow_register", "slow_assign"]
    rows = made("""\
        p: {questions: {x: {type: matrix, text: t, scale: agree, rows: {r: R, s: S}}}}
        q: {groups: {g: {repeat_over: x}}, questions: {n: {type: nps, group: g, text: "{{item}}"}}}
    """)
    assert shown(rows, {"x.s": 2}, {}).questions == {"x", "n_s"}


def test_expanding_twice_is_expanding_once_and_plain_questionnaires_stay_themselves() -> None:
    once = expand(questionnaire(REPEATED))
    assert expand(once) is once
    plain = one_page(f"a: {NPS}")
    assert expand(plain) is plain


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("repeat_over: tools", "repeat_over: nowhere"), ("unknown_source", "pages.1.groups.0.repeat_over")),
        (("visible_if: a > 3", "visible_if: a > 11"), ("dead_range", "pages.1.groups.0.visible_if")),
        (
            ("visible_if: minutes > 3", "visible_if: minute > 3"),
            ("unknown_reference", "pages.1.questions.1.visible_if"),
        ),
        (("group: tool, text: 为什么", "group: took, text: 为什么"), ("unknown_group", "pages.1.questions.1.group")),
        (
            ("choices_from: tools, carry", "choices_from: total, carry"),
            ("unknown_source", "pages.2.questions.2.choices_from"),
        ),
        (("    a: {type", "    minutes_mail: {type"), ("repeated_code", "pages.1.questions.0.code")),
        (("sum(minutes_*)", "sum(minute_*)"), ("unknown_reference", "pages.2.questions.0.expression")),
        (("visible_if: minutes > 3", "visible_if: a < 2"), ("dead_condition", "pages.1.questions.1.visible_if")),
    ],
)
def test_a_repetition_that_cannot_work_is_told_once_where_it_was_written(change: Any, problem: tuple[str, str]) -> None:
    assert codes(questionnaire(REPEATED.replace(*change))).count(problem) == 1


def test_the_questions_of_a_group_stand_together() -> None:
    apart = questionnaire(f"""\
        p:
          groups: {{g: {{title: G}}, h: {{title: H}}}}
          questions: {{a: {{type: nps, group: g, text: t}}, b: {NPS}, c: {{type: nps, group: g, text: t}}}}
    """)
    assert codes(apart) == [("split_group", "pages.0.questions.2.group"), ("empty_group", "pages.0.groups.1.code")]


# --- order --------------------------------------------------------------------------------------------------------

SHUFFLED = f"""\
one: {{questions: {{a: {NPS}}}}}
two: {{questions: {{b: {NPS}}}}}
three: {{questions: {{c: {NPS}}}}}
four: {{questions: {{d: {NPS}}}}}
"""
MOVING = HEAD + "shuffled_pages: [one, three, four]\n"


def test_pages_change_places_among_themselves_and_the_way_follows() -> None:
    one = made(SHUFFLED, MOVING)
    orders = Counter(shown(one, {}, Context(seed=seed)).pages for seed in range(60))
    assert len(orders) == 6
    assert all(order[1] == "two" for order in orders)
    seen = shown(one, {}, Context(seed=5))
    walked = [seen.pages[0]]
    while (following := next_page(one, seen, walked[-1])) is not None:
        assert previous_page(one, seen, following) == walked[-1]
        walked.append(following)
    assert tuple(walked) == seen.pages == page_order(one.questionnaire, one.pages, 5)
    assert [progress(one, seen, page)[0] for page in walked] == [1, 2, 3, 4]


def test_what_is_shown_does_not_depend_on_the_order_it_is_shown_in() -> None:
    one = made(SHUFFLED.replace("two: {", "two: {visible_if: 'true', "), MOVING)
    assert len({frozenset(shown(one, {}, Context(seed=seed)).questions) for seed in range(20)}) == 1


def test_pages_that_change_places_may_not_look_at_one_another() -> None:
    looking = SHUFFLED.replace("three: {", "three: {visible_if: a > 3, ")
    assert codes(questionnaire(looking, MOVING)) == [("shuffled_reference", "pages.2")]
    jumping = SHUFFLED.replace("two: {", "two: {jumps: [{when: b > 3, to: four}], ")
    assert codes(questionnaire(jumping, MOVING)) == [("jump_shuffled", "pages.1.jumps.0.to")]
    assert ("unknown_page", "shuffled_pages.0") in codes(questionnaire(SHUFFLED, HEAD + "shuffled_pages: [x]\n"))


def test_options_keep_their_order_however_often_one_looks_and_fixed_ones_their_place() -> None:
    options = ", ".join(f"c{number}: {number}" for number in range(8))
    one = compiled(f"a: {{type: single, shuffle: true, text: t, choices: {{{options}, x: {{label: X, other: true}}}}}}")
    question = one.questions["a"]
    orders = {tuple(each.code for each in part_order(question, question.parts(), seed)) for seed in range(30)}
    assert len(orders) == 30
    assert all(order[-1] == "x" and set(order) == {each.code for each in question.parts()} for order in orders)
    again = part_order(question, question.parts(), 7)
    assert again == part_order(question, question.parts(), 7)
    fewer = part_order(question, question.parts()[1:], 7)
    assert [each for each in again if each.code != "c0"] == list(fewer)


def test_groups_stay_together_and_statements_in_their_places() -> None:
    page = one_page(f"s: {{type: statement, text: t}}\na: {NPS}\nb: {NPS}\nc: {NPS}\nd: {NPS}").pages[0]
    group = (
        questionnaire("p: {groups: {g: {title: G}}, questions: {a: {type: nps, group: g, text: t}}}").pages[0].groups
    )
    inside = tuple(msgspec.structs.replace(each, group="g" if each.code in "bc" else "") for each in page.questions)
    page = msgspec.structs.replace(page, shuffle=True, groups=group, questions=inside)
    orders = {"".join(each.code for each in question_order(page, page.questions, seed)) for seed in range(60)}
    assert orders == {"sabcd", "sadbc", "sbcad", "sbcda", "sdabc", "sdbca"}


def test_arms_are_drawn_as_their_weights_say() -> None:
    one = compiled("a: {type: assignment, text: t, arms: {a: {label: A}, b: {label: B, weight: 3}}}")
    question: Any = one.questions["a"]
    drawn = Counter(arm(question, seed) for seed in range(4_000))
    assert 900 < drawn["a"] < 1_100
    assert arm(question, 17) == arm(question, 17)


def test_the_same_seed_gives_the_same_order_on_every_machine() -> None:
    one = made(SHUFFLED, MOVING)
    assert [shown(one, {}, Context(seed=seed)).pages for seed in (1, 2)] == [
        ("four", "two", "three", "one"),
        ("three", "two", "one", "four"),
    ]


def test_a_definition_with_all_of_it_is_stored_and_read_again() -> None:
    one: Questionnaire = questionnaire(REPEATED, MOVING.replace("[one, three, four]", "[]"))
    assert compile_questionnaire(one).questionnaire == expand(one)
    assert b"repeat_over" in to_json(one)
