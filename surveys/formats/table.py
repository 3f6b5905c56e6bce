"""A table of answers (rows of text under a header of column names) → responses as they are stored.

Paper surveys, exports and other tools' files come in this way; every row is read as strictly as posted pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import msgspec

from surveys.answers import finish
from surveys.compiled import Compiled
from surveys.problem import Problem, problem
from surveys.rows import from_columns
from surveys.text import Text

META = {"_department": 300, "_side": 20, "_language": 10}
"""What a table may tell of a response beside its answers, and how long it may be."""

MOST_PROBLEMS = 50
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
HARMFUL = r"^'*[=+\-@\t\r\n]"

_NO_ROWS: Text = {"zh-CN": "表头下面没有答卷。", "en": "There are no responses below the header."}
_META: Text = {"zh-CN": "内容过长。", "en": "This is too long."}
_MORE: Text = {"zh-CN": "后面的行没有再检查。", "en": "The rows below were not checked."}

Row = tuple[int, Sequence[str]]
"""The row's number in the file, as a spreadsheet program counts, and its cells."""


class Imported(NamedTuple):
    """``stored`` is the response's JSON, ``meta`` has every key of ``META``."""

    stored: dict[str, Any]
    meta: dict[str, str]


def responses(compiled: Compiled, header: Sequence[str], rows: Iterable[Row]) -> tuple[list[Imported], list[Problem]]:
    """Responses row by row, or none and what is wrong: ``place`` is the column, ``line`` the row's number.

    Header names match columns and META without regard to case. Empty rows are passed over.
    """
    known = {name.lower(): name for name in (*compiled.columns, *META)}
    names = [known.get(cell.strip().lower(), cell.strip()) for cell in header]
    problems = [
        problem("unknown_column", name, line=1, column=name[:60]) for name in names if name.lower() not in known
    ]
    problems += [
        problem("column_twice", name, line=1, column=name) for name in sorted(set(names)) if names.count(name) > 1
    ]
    if problems:
        return [], problems[:MOST_PROBLEMS]
    found = []
    for line, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        row, wrong = _row(compiled, dict(zip(names, map(plain, cells), strict=False)))
        found.append(row)
        problems += [msgspec.structs.replace(each, line=line) for each in wrong]
        if len(problems) > MOST_PROBLEMS:
            return [], [*problems[:MOST_PROBLEMS], Problem(code="more", place="", message=_MORE, line=line)]
    if not found:
        problems.append(Problem(code="no_rows", place="", message=_NO_ROWS))
    return ([] if problems else found), problems


def _row(compiled: Compiled, cells: dict[str, str]) -> tuple[Imported, list[Problem]]:
    meta = {name: cells.pop(name, "").strip() for name in META}
    record, problems = from_columns(compiled, cells)
    done = finish(compiled, record, {"side": meta["_side"], "department": meta["_department"]})
    problems += [each for page in done.errors.values() for each in page.values()]
    problems += [
        Problem(code="too_long", place=name, message=_META) for name, most in META.items() if len(meta[name]) > most
    ]
    first = {each.place: each for each in reversed(problems)}  # what cannot be read is not also missing
    return Imported(done.stored, meta), list(first.values())[::-1]


def neutral(text: str) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe in front of one, however many it has."""
    return "'" + text if text.lstrip("'").startswith(FORMULA) else text


def plain(cell: str) -> str:
    """What ``neutral`` was given."""
    return cell[1:] if cell.startswith("'") and neutral(cell[1:]) == cell else cell
