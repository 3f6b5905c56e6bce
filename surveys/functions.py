"""The functions of the expression language: all there are. They see values only and never raise.

A value is a number, a text, a list of codes, true or false, or None for nothing; a spread argument is a dict of the
answered columns, name to value. docs/questionnaire-format.md lists them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

import msgspec

from surveys.questions.base import write_value
from surveys.text import Text

LARGEST = 1e15  # beyond it reckoning comes to nothing
TEXT_LIMIT = 20_000  # characters; what joins to more is cut
DIGITS = 9

Kind = Literal["number", "text", "truth", "any"]


class Function(msgspec.Struct, frozen=True, kw_only=True):
    """``takes``: the kinds of its arguments, the last one repeated up to ``most``. ``spreads``: a name among the
    arguments stands for all columns of that question. Without ``takes_nothing`` it comes to nothing where an argument
    does."""

    run: Callable[..., Any]
    result: Kind
    usage: str
    summary: Text
    takes: tuple[Kind, ...] = ()
    least: int = 1
    most: int = 1
    spreads: bool = False
    takes_nothing: bool = False


def is_number(value: object) -> bool:
    """Whether it can be reckoned with: a finite number within bounds."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= LARGEST


def figure(value: float) -> float | None:
    """A result of reckoning without its binary noise; nothing where it is beyond all bounds."""
    if isinstance(value, int):
        return value if abs(value) <= LARGEST else None
    return round(value, DIGITS) if abs(value) <= LARGEST else None  # false for NaN as well


def as_text(value: Any) -> str:
    """A value in plain characters: ``5.0`` is ``5``, codes of a list are separated by “、”."""
    if isinstance(value, list):
        return "、".join(str(each) for each in value)
    return "" if value is None or isinstance(value, bool) else write_value(value)


def joined(separator: Any, *values: Any) -> str:
    return as_text(separator).join(text for each in values if (text := as_text(each)))[:TEXT_LIMIT]


def _flat(values: tuple[Any, ...]) -> Iterator[Any]:
    for each in values:
        if isinstance(each, dict):
            yield from each.values()
        elif each is not None:
            yield each


def _numbers(values: tuple[Any, ...]) -> list[float]:
    return [each for each in _flat(values) if is_number(each)]


def _answered(*values: Any) -> bool:
    return any(True for _ in _flat(values))


def _count(*values: Any) -> int:
    """Options chosen, else rows or blanks answered; ``q.other`` belongs to its option."""
    total = 0
    for found in values:
        if not isinstance(found, dict):
            total += found is not None
            continue
        whole = {name: value for name, value in found.items() if "." not in name} or found
        total += sum(len(value) for value in whole.values() if isinstance(value, list))
        plain = (name for name, value in whole.items() if not isinstance(value, list))
        total += len({tuple(name.split(".")[:2]) for name in plain})
    return total


def _sum(*values: Any) -> float | None:
    numbers = _numbers(values)
    return figure(sum(numbers)) if numbers else None


def _mean(*values: Any) -> float | None:
    numbers = _numbers(values)
    return figure(sum(numbers) / len(numbers)) if numbers else None


def _extreme(choose: Callable[[list[Any]], Any]) -> Callable[..., Any]:
    def run(*values: Any) -> Any:
        found = [each for each in _flat(values) if is_number(each)] or [e for e in _flat(values) if isinstance(e, str)]
        return choose(found) if found else None

    return run


def _round(value: Any, digits: Any = 0) -> float | None:
    if not is_number(value) or not is_number(digits) or not 0 <= digits <= DIGITS:
        return None
    rounded = Decimal(repr(value)).quantize(Decimal(1).scaleb(-int(digits)), ROUND_HALF_UP)
    return float(rounded) if int(digits) else int(rounded)


def _days_between(start: Any, end: Any) -> int | None:
    first, last = _date(start), _date(end)
    return (last - first).days if first and last else None


def _date(value: Any) -> date | None:
    try:
        return date.fromisoformat(value[:10])
    except (TypeError, ValueError):
        return None


def _part_of_date(part: str) -> Callable[[Any], int | None]:
    return lambda value: getattr(found, part) if (found := _date(value)) else None


def _contains(whole: Any, part: Any) -> bool:
    if isinstance(whole, list):
        return part in whole
    return isinstance(whole, str) and isinstance(part, str) and part in whole


def _length(value: Any) -> int | None:
    return len(value) if isinstance(value, str | list) else None


def _(chinese: str, english: str) -> Text:
    return {"zh-CN": chinese, "en": english}


_MANY = 100

FUNCTIONS: dict[str, Function] = {
    "answered": Function(
        run=_answered, result="truth", usage="answered(q)", spreads=True, takes_nothing=True, takes=("any",),
        summary=_("题目或其中某一部分已作答", "the question, or a part of it, has an answer"),
    ),
    "count": Function(
        run=_count, result="number", usage="count(q)", spreads=True, takes_nothing=True, takes=("any",), most=_MANY,
        summary=_("选了几项，或答了几行；没有则为 0", "how many options are chosen or rows answered; 0 where none is"),
    ),
    "sum": Function(
        run=_sum, result="number", usage="sum(steps.*.work)", spreads=True, takes_nothing=True, takes=("number",),
        most=_MANY, summary=_("已填数字之和", "the sum of the numbers given"),
    ),
    "mean": Function(
        run=_mean, result="number", usage="mean(q)", spreads=True, takes_nothing=True, takes=("number",), most=_MANY,
        summary=_("已填数字的平均值", "the mean of the numbers given"),
    ),
    "min": Function(
        run=_extreme(min), result="any", usage="min(a, b)", spreads=True, takes_nothing=True, takes=("any",),
        most=_MANY, summary=_("最小的数字或最早的日期", "the smallest number or the earliest date"),
    ),
    "max": Function(
        run=_extreme(max), result="any", usage="max(a, b)", spreads=True, takes_nothing=True, takes=("any",),
        most=_MANY, summary=_("最大的数字或最晚的日期", "the largest number or the latest date"),
    ),
    "round": Function(
        run=_round, result="number", usage="round(x, 1)", takes=("number", "number"), most=2,
        summary=_("四舍五入，第二个参数为小数位数", "rounded, half away from zero, to so many decimals"),
    ),
    "abs": Function(
        run=lambda x: abs(x) if is_number(x) else None, result="number", usage="abs(x)", takes=("number",),
        summary=_("绝对值", "the size of a number without its sign"),
    ),
    "if": Function(
        run=lambda condition, yes, no: yes if condition is True else no, result="any", usage='if(q > 3, "a", "b")',
        takes_nothing=True, takes=("truth", "any", "any"), least=3, most=3,
        summary=_("条件成立取前者，否则取后者", "the one where the condition holds, else the other"),
    ),
    "today": Function(
        run=lambda: None, result="text", usage="today()", least=0, most=0,  # the grammar makes ``wave.today`` of it
        summary=_("今天的日期", "today's date"),
    ),
    "days_between": Function(
        run=_days_between, result="number", usage="days_between(a, b)", takes=("text", "text"), least=2, most=2,
        summary=_("从前一日期到后一日期的天数", "days from the first date to the second"),
    ),
    "year": Function(
        run=_part_of_date("year"), result="number", usage="year(d)", takes=("text",),
        summary=_("日期中的年", "the year of a date"),
    ),
    "month": Function(
        run=_part_of_date("month"), result="number", usage="month(d)", takes=("text",),
        summary=_("日期中的月", "the month of a date"),
    ),
    "length": Function(
        run=_length, result="number", usage="length(t)", takes=("any",),
        summary=_("文字的字数", "how many characters a text has"),
    ),
    "lower": Function(
        run=lambda text: as_text(text).lower(), result="text", usage="lower(t)", takes=("text",),
        summary=_("转为小写", "in lower case"),
    ),
    "join": Function(
        run=joined, result="text", usage='join("，", a, b)', takes_nothing=True, takes=("text", "any"), least=2,
        most=_MANY, summary=_("用分隔符连接，跳过未作答的", "joined by a separator; what is unanswered is left out"),
    ),
    "starts_with": Function(
        run=lambda text, start: isinstance(start, str) and as_text(text).startswith(start), result="truth",
        usage='starts_with(t, "A")', takes=("text", "text"), least=2, most=2,
        summary=_("文字以此开头", "the text begins so"),
    ),
    "contains": Function(
        run=_contains, result="truth", usage='contains(t, "急")', takes=("any", "text"), least=2, most=2,
        summary=_("文字中含有此内容", "the text has this in it"),
    ),
}  # fmt: skip
