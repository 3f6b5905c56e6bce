"""Rows of a file of cases to values of metrics, or everything that is wrong with them. Pure.

Two shapes are read. Long: a column names the metric and another holds its value. Wide: a column for each metric, headed
with the metric's name, and a row for each case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from service.spreadsheet import Table
from service.store.metrics import Kind, Metric, Value
from surveys.problem import Problem
from surveys.text import Text

SHOWN = 50  # problems told at once; the rest is counted
MOST = 1e12

SYNONYMS: dict[str, tuple[str, ...]] = {
    "case": ("单号", "案例", "案例号", "编号", "工单号", "投诉单号", "订单号", "case", "case number", "case id", "id",
             "number", "ticket"),
    "group": ("组别", "组", "分组", "阶段", "group", "period"),
    "when": ("日期", "时间", "发生日期", "登记日期", "登记时间", "date", "when", "day", "registered"),
    "team": ("班组", "部门", "团队", "team", "department", "unit"),
    "metric": ("指标", "指标名称", "metric", "measure"),
    "value": ("数值", "值", "结果", "value", "result"),
}  # fmt: skip
"""Column to the headings by which it is known; the first of each language is what the template is headed with."""

GROUP_WORDS = {
    "基线": "baseline", "试点前": "baseline", "前": "baseline", "baseline": "baseline", "before": "baseline",
    "试点": "pilot", "试点后": "pilot", "后": "pilot", "pilot": "pilot", "after": "pilot",
    "对照": "comparison", "对照组": "comparison", "comparison": "comparison", "control": "comparison",
}  # fmt: skip
YES = {"1", "是", "达标", "yes", "y", "true", "t"}
NO = {"0", "否", "未达标", "no", "n", "false", "f"}
ABSENT = {"", "-", "–", "/", "na", "n/a", "无"}

MESSAGES: dict[str, Text] = {
    "missing_column": {
        "zh-CN": "缺少“{column}”列。表头里有：{found}。",
        "en": "There is no column “{column}”. The header has: {found}.",
    },
    "column_twice": {"zh-CN": "“{column}”列出现了两次。", "en": "The column “{column}” is there twice."},
    "no_metric": {
        "zh-CN": "表头里没有指标。请用“指标”和“数值”两列，或直接用指标名作表头：{known}。",
        "en": "The header names no metric. Use columns “metric” and “value”, or head columns with metrics: {known}.",
    },
    "no_metrics": {
        "zh-CN": "这个项目还没有指标。请先添加指标，再导入数据。",
        "en": "This programme has no metrics yet. Add them first, then import.",
    },
    "no_rows": {"zh-CN": "表头下面没有数据。", "en": "There are no cases below the header."},
    "empty_case": {"zh-CN": "单号不能为空。", "en": "The case number must not be empty."},
    "too_long": {"zh-CN": "“{column}”最多 {limit} 字。", "en": "The {column} has more than {limit} characters."},
    "unknown_group": {
        "zh-CN": "组别“{value}”无法识别，请填写：基线、试点、对照。",
        "en": "“{value}” is no group; write baseline, pilot or comparison.",
    },
    "unknown_metric": {
        "zh-CN": "没有名为“{value}”的指标。已有：{known}。",
        "en": "There is no metric “{value}”. There are: {known}.",
    },
    "bad_date": {
        "zh-CN": "日期“{value}”无法识别，请写成 2026-03-20。",
        "en": "“{value}” is no date; write it as 2026-03-20.",
    },
    "bad_number": {"zh-CN": "“{metric}”的值“{value}”不是数字。", "en": "“{value}” is no number for “{metric}”."},
    "bad_yes_no": {
        "zh-CN": "“{metric}”只有是与否，请填 1 或 0（是或否），而不是“{value}”。",
        "en": "“{metric}” is yes or no: write 1 or 0, not “{value}”.",
    },
    "negative": {
        "zh-CN": "“{metric}”不能是负数：{value}。",
        "en": "“{metric}” cannot be negative: {value}.",
    },
    "not_whole": {
        "zh-CN": "“{metric}”是次数，应为整数：{value}。",
        "en": "“{metric}” is a count and must be whole: {value}.",
    },
    "case_twice": {
        "zh-CN": "单号“{value}”的“{metric}”与第 {other} 行重复。",
        "en": "The case “{value}” has “{metric}” already in row {other}.",
    },
    "more": {"zh-CN": "另有 {n} 处错误未列出。", "en": "{n} more faults are not listed."},
}  # fmt: skip
LIMITS = {"case": 120, "team": 300}
LABELS: dict[str, Text] = {
    name: {"zh-CN": words[0], "en": next(word for word in words if word.isascii())} for name, words in SYNONYMS.items()
}


class Read(NamedTuple):
    """Values by metric's name, what is wrong (then nobody uses the values), and headings that were passed over."""

    values: dict[str, list[Value]]
    problems: list[Problem]
    ignored: list[str]


def _problem(code: str, place: str, line: int | None = None, **figures: object) -> Problem:
    label = LABELS.get(place, {})
    message = {
        language: wording.format(column=label.get(language, place), **figures)
        for language, wording in MESSAGES[code].items()
    }
    return Problem(code=code, place=place, message=message, line=line)


def read(table: Table, metrics: Sequence[Metric]) -> Read:
    """Values of the ``metrics``. Problems carry the row in the sheet: at most ``SHOWN``, and one for the rest."""
    known = {_plain(metric.name): metric for metric in metrics}
    if not known:
        return Read({}, [_problem("no_metrics", "file")], [])
    places, headed, ignored, problems = _columns(table.header, known)
    if not problems and not table.rows:
        problems = [_problem("no_rows", "file")]
    if problems:
        return Read({}, problems, ignored)
    found: dict[str, list[Value]] = {}
    seen: dict[tuple[str, str], int] = {}
    for line, cells in table.rows:
        row = {name: cells[place] for name, place in places.items()}
        given = _given(row, {name: cells[place] for name, place in headed.items()}, known)
        problems += _row(row, given, known, line, seen, found)
    if len(problems) > SHOWN:
        problems = [*problems[:SHOWN], _problem("more", "file", n=len(problems) - SHOWN)]
    return Read(found, problems, ignored)


def _plain(text: str) -> str:
    return re.sub(r"[\s_*＊]+", " ", text).strip().casefold()


def _columns(
    header: Sequence[str], known: Mapping[str, Metric]
) -> tuple[dict[str, int], dict[str, int], list[str], list[Problem]]:
    """Where the columns are, where those headed with a metric, what is passed over, what is wrong."""
    words = {word: name for name, synonyms in SYNONYMS.items() for word in synonyms}
    places: dict[str, int] = {}
    headed: dict[str, int] = {}
    ignored: list[str] = []
    problems: list[Problem] = []
    for place, heading in enumerate(header):
        plain = _plain(heading)
        target, name = (headed, plain) if plain in known else (places, words.get(plain, ""))
        if not name:
            ignored += [heading] if heading else []
        elif name in target:
            problems.append(_problem("column_twice", known[name].name if target is headed else name, 1))
        else:
            target[name] = place
    found = "、".join(heading[:30] for heading in header[:12])
    problems += [_problem("missing_column", name, 1, found=found) for name in ("case", "group") if name not in places]
    if not headed and not {"metric", "value"} <= places.keys():
        problems.append(_problem("no_metric", "metric", 1, known=_names(known)))
    return places, headed, ignored, problems


def _names(known: Mapping[str, Metric]) -> str:
    return "、".join(metric.name[:40] for metric in list(known.values())[:8])


def _given(row: Mapping[str, str], headed: dict[str, str], known: Mapping[str, Metric]) -> dict[str, str]:
    """What a row says, by metric; of a long row under whatever it calls its metric."""
    return headed or {_plain(row["metric"]) if _plain(row["metric"]) in known else row["metric"]: row["value"]}


def _row(
    row: Mapping[str, str],
    given: Mapping[str, str],
    known: Mapping[str, Metric],
    line: int,
    seen: dict[tuple[str, str], int],
    found: dict[str, list[Value]],
) -> Iterator[Problem]:
    """Adds what the row says to ``found``, and tells what is wrong with it."""
    case, group = row["case"], GROUP_WORDS.get(_plain(row["group"]))
    if not case:
        yield _problem("empty_case", "case", line)
    for name, limit in LIMITS.items():
        if len(row.get(name, "")) > limit:
            yield _problem("too_long", name, line, limit=limit)
    if group is None:
        yield _problem("unknown_group", "group", line, value=row["group"][:30])
    day = _date(row.get("when", ""))
    if isinstance(day, Problem):
        yield _problem("bad_date", "when", line, value=row["when"][:30])
        day = None
    for name, typed in given.items():
        metric = known.get(name)
        if metric is None:
            yield _problem("unknown_metric", "metric", line, value=name[:40], known=_names(known))
            continue
        if (metric.name, case) in seen:
            yield _problem(
                "case_twice", "case", line, value=case[:60], metric=metric.name, other=seen[metric.name, case]
            )
        seen.setdefault((metric.name, case), line)
        value = number(typed, metric.kind)
        if isinstance(value, str):
            yield _problem(value, "value", line, metric=metric.name, value=typed[:30])
        elif group is not None:
            found.setdefault(metric.name, []).append(
                Value(case_number=case, happened_on=day, case_group=group, team=row.get("team", ""), value=value)  # type: ignore[arg-type]
            )


_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T\s].*)?")
_NO_DATE = Problem(code="bad_date", place="when", message={})


def _date(typed: str) -> date | Problem | None:
    if not typed:
        return None
    match = _DATE.fullmatch(typed)
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else _NO_DATE
    except ValueError:
        return _NO_DATE


_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?([eE][-+]?\d{1,3})?")


def number(typed: str, kind: Kind) -> float | str | None:
    """The value typed, None where there is none, or the key of what is wrong with it."""
    plain = typed.replace(",", "").replace("，", "").strip()
    if plain.casefold() in ABSENT:
        return None
    if kind == "proportion":
        word = plain.casefold().removesuffix(".0")
        return 1.0 if word in YES else 0.0 if word in NO else "bad_yes_no"
    if not _NUMBER.fullmatch(plain) or abs(float(plain)) > MOST:
        return "bad_number"
    value = float(plain)
    if kind != "score" and value < 0:
        return "negative"
    return "not_whole" if kind == "count" and not value.is_integer() else value
