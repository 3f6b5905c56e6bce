"""Rows of an uploaded roster to entries, or everything that is wrong with them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.spreadsheet import FAULTS, Table, Unreadable
from service.store.people import Entry
from surveys.problem import Problem
from surveys.text import Text

SHOWN = 50  # problems told at once; the rest is counted

SYNONYMS: dict[str, tuple[str, ...]] = {
    "employee_number": ("工号", "员工编号", "员工号", "人员编号", "职工号", "编号", "employee number", "employee no",
                        "employee id", "staff number", "staff id", "staff no", "number", "id"),
    "name": ("姓名", "名字", "员工姓名", "name", "full name", "employee name"),
    "department": ("部门", "部门路径", "所属部门", "组织", "单位", "department", "department path", "dept", "unit",
                   "organisation", "organization", "team"),
    "position": ("岗位", "职务", "职位", "position", "job title", "title", "job", "post"),
    "side": ("流程角色", "流程位置", "在流程中的位置", "环节", "角色", "上下游", "side", "side in the process",
             "process side", "process role"),
    "email": ("邮箱", "电子邮箱", "邮件", "电子邮件", "e-mail", "email", "mail", "email address", "e-mail address"),
    "mobile": ("手机", "手机号", "手机号码", "电话", "联系电话", "mobile", "mobile phone", "phone", "mobile number",
               "phone number", "tel"),
}  # fmt: skip
"""Column to the headings by which it is known; the first of each language is what the template is headed with."""

SIDE_WORDS: dict[str, str] = {
    "上游": "upstream", "上游岗位": "upstream", "upstream": "upstream",
    "下游": "downstream", "下游岗位": "downstream", "downstream": "downstream",
    "经办": "operator", "经办人": "operator", "操作": "operator", "执行": "operator", "本环节": "operator",
    "operator": "operator", "操作岗": "operator", "一线": "operator",
    "管理": "manager", "管理者": "manager", "主管": "manager", "管理岗": "manager", "manager": "manager",
    "客户": "customer", "外部客户": "customer", "customer": "customer", "client": "customer",
}  # fmt: skip

REQUIRED = ("employee_number", "name", "department")
LENGTHS = {"employee_number": 64, "name": 120, "department": 300, "position": 120, "email": 254, "mobile": 32}
LABELS: dict[str, Text] = {
    "employee_number": {"zh-CN": "工号", "en": "employee number"},
    "name": {"zh-CN": "姓名", "en": "name"},
    "department": {"zh-CN": "部门", "en": "department"},
    "position": {"zh-CN": "岗位", "en": "position"},
    "side": {"zh-CN": "流程角色", "en": "side"},
    "email": {"zh-CN": "邮箱", "en": "e-mail"},
    "mobile": {"zh-CN": "手机", "en": "mobile"},
}
MESSAGES: dict[str, Text] = {
    "missing_column": {
        "zh-CN": "缺少“{column}”列。表头里有：{found}。",
        "en": "There is no column “{column}”. The header has: {found}.",
    },
    "column_twice": {"zh-CN": "“{column}”列出现了两次。", "en": "The column “{column}” is there twice."},
    "no_rows": {"zh-CN": "表头下面没有人员。", "en": "There is nobody below the header."},
    "empty_cell": {"zh-CN": "“{column}”不能为空。", "en": "The {column} must not be empty."},
    "too_long": {"zh-CN": "“{column}”最多 {limit} 字。", "en": "The {column} has more than {limit} characters."},
    "number_twice": {
        "zh-CN": "工号“{value}”与第 {other} 行重复。",
        "en": "The employee number “{value}” is already in row {other}.",
    },
    "unknown_side": {
        "zh-CN": "流程角色“{value}”无法识别，请填写：上游、下游、经办、管理、客户。",
        "en": "“{value}” is no side; write upstream, downstream, operator, manager or customer.",
    },
    "bad_email": {"zh-CN": "邮箱“{value}”格式不对。", "en": "“{value}” is no e-mail address."},
    "bad_mobile": {"zh-CN": "手机号“{value}”格式不对。", "en": "“{value}” is no phone number."},
    "more": {"zh-CN": "另有 {n} 处错误未列出。", "en": "{n} more faults are not listed."},
}

_EMAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]+\.[^@\s,;<>\".]{2,}")
_MOBILE = re.compile(r"\+?[0-9][0-9 ()-]{4,30}")


def _problem(code: str, place: str, line: int | None = None, **figures: object) -> Problem:
    label = LABELS.get(place, {})
    message = {
        language: wording.format(column=label.get(language, place), **figures)
        for language, wording in MESSAGES[code].items()
    }
    return Problem(code=code, place=place, message=message, line=line)


def unreadable(fault: Unreadable) -> list[Problem]:
    return [Problem(code=fault.code, place="file", message=FAULTS[fault.code])]


def read(table: Table) -> tuple[list[Entry], list[Problem], list[str]]:
    """Entries, problems (``line`` is the row in the sheet, at most ``SHOWN`` and one that counts the rest), and the
    headings that were passed over. Whoever finds a problem uses none of the entries."""
    places, ignored, problems = _columns(table.header)
    if problems:
        return [], problems, ignored
    if not table.rows:
        return [], [_problem("no_rows", "file")], ignored
    entries: list[Entry] = []
    seen: dict[str, int] = {}
    for line, cells in table.rows:
        values = {column: cells[place] for column, place in places.items()}
        problems += _faults(values, line, seen)
        seen.setdefault(values["employee_number"], line)
        entries.append(_entry(values))
    if len(problems) > SHOWN:
        problems = [*problems[:SHOWN], _problem("more", "file", n=len(problems) - SHOWN)]
    return entries, problems, ignored


def _columns(header: list[str]) -> tuple[dict[str, int], list[str], list[Problem]]:
    known = {word: column for column, words in SYNONYMS.items() for word in words}
    places: dict[str, int] = {}
    ignored: list[str] = []
    problems: list[Problem] = []
    for place, heading in enumerate(header):
        column = known.get(re.sub(r"[\s_*＊]+", " ", heading).strip().lower())
        if column is None:
            ignored += [heading] if heading else []
        elif column in places:
            problems.append(_problem("column_twice", column, 1))
        else:
            places[column] = place
    found = "、".join(heading[:30] for heading in header[:12])
    problems += [_problem("missing_column", column, 1, found=found) for column in REQUIRED if column not in places]
    return places, ignored, problems


def _faults(values: dict[str, str], line: int, seen: dict[str, int]) -> Iterator[Problem]:
    for column in REQUIRED:
        if not values[column]:
            yield _problem("empty_cell", column, line)
    for column, limit in LENGTHS.items():
        if len(values.get(column, "")) > limit:
            yield _problem("too_long", column, line, limit=limit)
    number = values["employee_number"]
    if number and number in seen:
        yield _problem("number_twice", "employee_number", line, value=number, other=seen[number])
    if (side := values.get("side", "")) and _side(side) is None:
        yield _problem("unknown_side", "side", line, value=side[:30])
    if (email := values.get("email", "")) and not _EMAIL.fullmatch(email):
        yield _problem("bad_email", "email", line, value=email[:60])
    if (mobile := values.get("mobile", "")) and not _MOBILE.fullmatch(mobile):
        yield _problem("bad_mobile", "mobile", line, value=mobile[:40])


def _side(word: str) -> str | None:
    return SIDE_WORDS.get(word.strip().lower())


def _entry(values: dict[str, str]) -> Entry:
    department = "/".join(part for part in re.split(r"\s*[/／\\>＞]\s*", values["department"]) if part)
    return Entry(**{**values, "department": department, "side": _side(values.get("side", "")) or ""})
