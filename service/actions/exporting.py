"""Responses as a file, by the promise of their wave. Pure.

- identified: everything, with the person and the time.
- confidential and anonymous: no person, no time of day, duration, language or source; rows in an order that tells
  nothing; department (its top level) and side left out where fewer than k share them; a free text's column withheld
  below the threshold of comments.
- Text that a spreadsheet would take for a formula gets an apostrophe in front, in CSV; ``plain`` takes it off again.
  In .xlsx every text is a text cell.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
import xlsxwriter

from service.store.responses import Response
from service.store.waves import Invitation, Wave
from surveys.definition import Questionnaire
from surveys.disclosure import suppressed
from surveys.formats.table import neutral, plain
from surveys.frame import NOT_APPLICABLE, columns

__all__ = ["neutral", "plain", "write"]

PERSON = ("_employee_number", "_name")
TIME = ("_submitted_at", "_seconds", "_language", "_source")


def write(
    form: str, wave: Wave, questionnaire: Questionnaire, rows: Sequence[Response], people: Mapping[UUID, Invitation]
) -> bytes:
    """csv (UTF-8 with BOM), xlsx or json of ``rows``."""
    identified = wave.anonymity == "identified"
    records = _identified(rows, people) if identified else _protected(rows, wave)
    meta = ("_submitted_on", "_department", "_side", *((*TIME, *PERSON) if identified else ()))
    names = [*meta, *_columns(questionnaire, rows, wave)]
    if form == "json":
        return msgspec.json.encode([{name: record[name] for name in names if name in record} for record in records])
    table = [[_cell(record, name) for name in names] for record in records]
    return _csv(names, table) if form == "csv" else _xlsx(names, table)


def _identified(rows: Sequence[Response], people: Mapping[UUID, Invitation]) -> list[dict[str, Any]]:
    records = []
    for row in rows:
        person = people.get(row.person) if row.person else None
        records.append(
            {
                **row.answers,
                "_submitted_on": row.submitted_on.isoformat(),
                "_submitted_at": row.submitted_at.isoformat() if row.submitted_at else "",
                "_seconds": row.seconds if row.seconds is not None else "",
                "_language": row.language,
                "_source": row.source,
                "_department": row.department,
                "_side": row.side,
                "_employee_number": person.employee_number if person else "",
                "_name": person.name if person else "",
            }
        )
    return records


def _protected(rows: Sequence[Response], wave: Wave) -> list[dict[str, Any]]:
    k = wave.minimum_group
    departments = [row.department.split("/")[0] for row in rows]
    small = suppressed(Counter(departments), k)
    departments = ["" if department in small else department for department in departments]
    pairs = list(zip(departments, (row.side for row in rows), strict=True))
    rare = suppressed(Counter(pairs), k)
    records = [
        {
            **row.answers,
            "_submitted_on": row.submitted_on.isoformat(),
            "_department": department,
            "_side": "" if (department, side) in rare else side,
        }
        for row, (department, side) in zip(rows, pairs, strict=True)
    ]
    return sorted(records, key=_order)


def _order(record: dict[str, Any]) -> str:
    """By content: the order of submission is gone, and the same data give the same file."""
    return hashlib.sha256(msgspec.json.encode(record, order="sorted")).hexdigest()


def _columns(questionnaire: Questionnaire, rows: Sequence[Response], wave: Wave) -> list[str]:
    least = 1 if wave.anonymity == "identified" else wave.minimum_comments
    answered = Counter(name for row in rows for name in row.answers)
    return [name for name, column in columns(questionnaire).items() if not column.free or answered[name] >= least]


def _cell(record: Mapping[str, Any], name: str) -> Any:
    value = record.get(name)
    if isinstance(value, list):
        return ";".join(value)
    if value is None:
        return "NA" if name in record.get(NOT_APPLICABLE, ()) else ""
    return value


def _csv(names: Sequence[str], table: Sequence[Sequence[Any]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(names)
    for row in table:
        writer.writerow([neutral(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue().encode("utf-8-sig", "replace")


def _xlsx(names: Sequence[str], table: Sequence[Sequence[Any]]) -> bytes:
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(names):
            sheet.write_string(0, column, name)
        for line, row in enumerate(table, 1):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(line, column, cell[:32_767])
                else:
                    sheet.write_number(line, column, cell)
    return out.getvalue()
