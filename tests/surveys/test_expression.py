"""What expressions come to: reckoning, functions over columns, dates, texts; nothing stays nothing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from surveys.expression import bind, references
from surveys.functions import FUNCTIONS, TEXT_LIMIT
from surveys.grammar import LENGTH_LIMIT, parse, parse_composed, parse_value, rename
from surveys.problem import Problem

DOCUMENT = (Path(__file__).parents[2] / "docs" / "questionnaire-format.md").read_text(encoding="utf-8")

NAMES: dict[str, Any] = {
    "q": 7,
    "n": 2.5,
    "word": "VPN 故障",
    "many": ["a", "b", "c"],
    "many.other": "x",
    "one": "a",
    "x.r": 2,
    "x.s": 4,
    "steps.apply.work": 30.0,
    "steps.sign.work": 12.5,
    "steps.sign.wait": 48.0,
    "minutes_phone": 3,
    "minutes_mail": 9,
    "start": "2026-02-27",
    "end": "2026-03-01",
    "person.department": "总部/客服部",
    "wave.today": "2026-03-31",
    "wave.role": "pilot",
}


def value(text: str, names: dict[str, Any] | None = None) -> Any:
    found = parse_value(text)
    assert not isinstance(found, Problem), found
    return found.value(NAMES if names is None else names)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("q + n * 2", 12.0),
        ("(q + n) * 2", 19.0),
        ("q - 2 - 1", 4),
        ("q % 4", 3),
        ("-q + 1", -6),
        ("q / 2", 3.5),
        ("- (q) * -1", 7),
        ("q -1", 6),
        ("0.1 + 0.2", 0.3),
        ("q * n > 17 and -n < 0", True),
        ("1 < q", True),
        ("count(many)", 3),
        ("count(x)", 2),
        ("count(nothing)", 0),
        ("count(x, many, one)", 6),
        ("count(steps)", 2),
        ("count(steps.*.wait)", 1),
        ("sum(x)", 6),
        ("sum(steps.*.work)", 42.5),
        ("sum(minutes_*)", 12),
        ("sum(q, n, 0.5)", 10.0),
        ("mean(x)", 3.0),
        ("min(x.r, q)", 2),
        ("max(steps.*.work, q)", 30.0),
        ("max(start, end)", "2026-03-01"),
        ("round(n)", 3),
        ("round(-2.5)", -3),
        ("round(1.005, 2)", 1.01),
        ("abs(-3)", 3),
        ('if(q > 5, "高", "低")', "高"),
        ('if(nothing > 5, "高", "低")', "低"),
        ("if(q > 5, 1, 0) + 1", 2),
        ("days_between(start, end)", 2),
        ("days_between(start, today())", 32),
        ("year(start) * 100 + month(start)", 202602),
        ('start < "2026-03-01"', True),
        ('today() >= "2026-04-01"', False),
        ("length(word)", 6),
        ("length(many)", 3),
        ('lower(word) == "vpn 故障"', True),
        ('starts_with(word, "VPN")', True),
        ('contains(word, "故障")', True),
        ('contains(many, "b")', True),
        ('word + "：" + q', "VPN 故障：7"),
        ('join("、", one, nothing, q)', "a、7"),
        ('person.department contains "客服部"', True),
        ('wave.role == "pilot"', True),
        ("answered(steps.*.wait)", True),
        ("sum(x) == 6 and not sum(x) > 6", True),
        ("q in [6, 7] and -1 not in [-1]", False),
    ],
)
def test_an_expression_comes_to_what_it_says(text: str, expected: Any) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "nothing + 1",
        "-nothing",
        "nothing * 0",
        "q / 0",
        "q % 0",
        "sum(nothing)",
        "mean(nothing, nothing)",
        "max(nothing)",
        "round(nothing)",
        "days_between(nothing, end)",
        'days_between("2026-02-30", end)',
        "year(word)",
        "many + 1",
        "word * 2",
        "length(nothing)",
        "999999999999999 * 999999999999999",
        "round(q, 20)",
        "if(false, 1, nothing)",
    ],
)
def test_reckoning_with_nothing_or_with_what_is_no_number_comes_to_nothing(text: str) -> None:
    assert value(text) is None


def test_a_skipped_item_is_not_a_zero() -> None:
    assert value("mean(x)", {"x.r": 4}) == 4
    assert value("sum(x)", {}) is None


def test_a_text_is_cut_before_it_grows_without_end() -> None:
    assert len(value("+".join(["t"] * 400), {"t": "长" * 10_000})) == TEXT_LIMIT


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("frob(q)", "unknown_function"),
        ("sum()", "wrong_arguments"),
        ("if(q > 1, 2)", "wrong_arguments"),
        ("today(1)", "wrong_arguments"),
        ("round(1, 2, 3)", "wrong_arguments"),
        ("sum(q", "expression_unfinished"),
        ("sum(q w)", "expression_syntax"),
        ("1 < q < 3", "expression_syntax"),
        ("q and q > 1", "expression_syntax"),
        ("not q", "expression_unfinished"),
        ("round(steps.*.work)", "expression_syntax"),
        ("q ** 2", "expression_syntax"),
        ("q.", "expression_character"),
        ("__class__", "expression_character"),
        ("q[0]", "expression_syntax"),
    ],
)
def test_a_wrong_expression_is_told_apart(text: str, code: str) -> None:
    found = parse_value(text)
    assert isinstance(found, Problem)
    assert found.code == code


def test_a_condition_has_to_come_to_true_or_false() -> None:
    for text in ("q", "q + 1", "sum(x)", '"a"', 'if(q > 1, "a", "b")'):
        found = parse(text)
        assert isinstance(found, Problem), text
        assert found.code == "expression_no_condition"
    assert not isinstance(parse('if(q > 1, n > 2, starts_with(word, "V"))'), Problem)


def test_names_of_functions_are_free_for_questions() -> None:
    assert value("count + sum(count)", {"count": 2}) == 4


def test_conditions_put_together_may_be_longer_than_written_ones() -> None:
    long = " and ".join(["q > 1"] * 120)
    assert len(f"({long}) and ({long})") > LENGTH_LIMIT
    assert isinstance(parse(f"({long}) and ({long})"), Problem)
    assert not isinstance(parse_composed(f"({long}) and ({long})"), Problem)


def test_bound_expressions_know_their_columns_and_come_to_the_same() -> None:
    columns_of = {
        "steps": ["steps.apply.work", "steps.sign.work", "steps.sign.wait"],
        "x": ["x.r", "x.s"],
        "minutes_phone": ["minutes_phone"],
        "minutes_mail": ["minutes_mail"],
        "many": ["many", "many.other"],
    }
    for text in ("sum(steps.*.work)", "count(x) + count(many)", "sum(minutes_*)", "if(answered(x), mean(x), 0)"):
        found = parse_value(text)
        assert not isinstance(found, Problem)
        assert bind(found, columns_of).value(NAMES) == found.value(NAMES)
        assert references(bind(found, columns_of)) == references(found)


def test_renaming_leaves_texts_in_quotes_alone() -> None:
    told = "minutes > 3 and minutes.row < 2 and why == \"minutes\" and not minutes_2 == 'why'"
    names = {"minutes": "minutes_phone", "why": "why_phone"}
    assert rename(told, names) == (
        "minutes_phone > 3 and minutes_phone.row < 2 and why_phone == \"minutes\" and not minutes_2 == 'why'"
    )


def test_every_function_is_documented_with_its_usage() -> None:
    documented = dict(re.findall(r"^\| `([a-z_]+)\(.*?\)` \| (.*?) \|", DOCUMENT, re.MULTILINE))
    assert documented.keys() == FUNCTIONS.keys()
    for function in FUNCTIONS.values():
        assert not isinstance(parse_value(function.usage), Problem), function.usage
