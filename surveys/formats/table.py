"""A table of answers (rows of text under a header of column names) → responses as they are stored.

Paper surveys and other tools' exports come in this way; every cell is read as strictly as a posted form. Questions that
a page would insist on may be empty here: what was not asked or not answered on paper is simply skipped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from surveys.answers import finish, from_columns
from surveys.compiled import compile_questionnaire
from surveys.definition import Questionnaire
from surveys.problem import Problem, problem

PROBLEM_LIMIT = 200

Row = tuple[int, Sequence[str]]
"""The row's number in the file, as a spreadsheet program counts, and its cells."""


def responses(
    questionnaire: Questionnaire, header: Sequence[str], rows: Iterable[Row]
) -> tuple[list[dict[str, Any]], list[Problem]]:
    """Stored answers row by row, and what is wrong (``line`` is the row's number); with problems nothing may be stored.

    Header names match columns without regard to case. Empty rows are passed over.
    """
    compiled = compile_questionnaire(questionnaire)
    known = {name.lower(): name for name in compiled.columns}
    names = [known.get(cell.strip().lower(), cell.strip()) for cell in header]
    problems = [
        problem("unknown_column", name, line=1, column=name) for name in names if name and name not in compiled.columns
    ]
    problems += [
        problem("column_twice", name, line=1, column=name) for name in sorted(set(names)) if names.count(name) > 1
    ]
    if problems:
        return [], problems
    stored = []
    for number, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        row = {name: cell for name, cell in zip(names, cells, strict=False) if name}
        record, wrong = from_columns(compiled, row)
        problems += [
            Problem(code=each.code, place=each.place, message=each.message, severity=each.severity, line=number)
            for each in wrong
        ]
        if len(problems) >= PROBLEM_LIMIT:
            break
        stored.append(finish(compiled, record, {}).stored)
    return ([] if problems else stored), problems
