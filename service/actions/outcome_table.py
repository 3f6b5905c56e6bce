"""Results of an exam as a workbook: people, their marks item by item, the items, and what every column means."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterable, Sequence
from uuid import UUID

import numpy as np
import xlsxwriter

from reports.wording import words
from service.actions import outcomes
from service.actions.outcomes import Outcome, Person
from service.database import Database
from service.store import audit
from surveys.analysis.training_findings import TrainingFindings

Translate = dict[str, str]
PERSON = (
    "employee_number",
    "name",
    "department",
    "position",
    "decision",
    "decision_label",
    "points",
    "total",
    "attempts",
)
ITEM = (
    "item", "text", "type", "category", "topic", "difficulty", "points", "n", "exposure", "facility", "facility_low",
    "facility_high", "discrimination", "efficiency", "upper_lower", "pending", "flags",
)  # fmt: skip
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
LONGEST = 32_000  # characters of a cell; Excel takes 32,767
Cell = str | float | int | None


async def workbook(
    database: Database, programme: UUID, exam: UUID, labels: Translate, language: str, *, account: UUID | None = None
) -> bytes:
    """An .xlsx in which texts stay texts, never formulas. ``labels``: of sheets, columns and decisions by key."""
    outcome, people = await outcomes.people(database, programme, exam)
    findings = await outcomes.findings(database, programme, exam)
    content = await asyncio.to_thread(_written, outcome, people, findings, labels, language)
    await audit.record(
        database, account=account, programme=programme, action="exam.results", subject=outcome.exam.code,
        detail={"people": len(people)},
    )  # fmt: skip
    return content


def _written(
    outcome: Outcome, people: Sequence[Person], findings: TrainingFindings, labels: Translate, language: str
) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        for name, columns, rows in (
            ("people", PERSON, _people(outcome, people, labels)),
            ("marks", ("employee_number", "name", "attempt", "points", *outcome.data.items), _marks(outcome, people)),
            ("items", ITEM, _items(findings, labels, language)),
            ("columns", ("column", "meaning"), ((column, labels[column]) for column in dict.fromkeys(PERSON + ITEM))),
        ):
            sheet = book.add_worksheet(labels[f"sheet.{name}"][:31])
            sheet.set_column(0, len(columns) - 1, 14)
            sheet.freeze_panes(1, 0)
            for column, head in enumerate(columns):
                sheet.write_string(0, column, labels.get(head, head) if name != "marks" or column < 4 else head, bold)
            _fill(sheet, rows)
    return out.getvalue()


def _fill(sheet: xlsxwriter.worksheet.Worksheet, rows: Iterable[Sequence[Cell]]) -> None:
    for number, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(number, column, cell[:LONGEST])
            elif cell is not None and not np.isnan(cell):
                sheet.write_number(number, column, cell)


def _people(outcome: Outcome, people: Sequence[Person], labels: Translate) -> Iterable[Sequence[Cell]]:
    for each in people:
        yield (
            each.employee_number, each.name, each.department, each.position, each.decision,
            labels[f"decided.{each.decision}"], each.points, outcome.facts.total, each.attempts,
        )  # fmt: skip


def _marks(outcome: Outcome, people: Sequence[Person]) -> Iterable[Sequence[Cell]]:
    """One row for each attempt; an empty cell where the paper had not the item, or its mark is due."""
    data = outcome.data
    for row, place in enumerate(data.person):
        person = people[place]
        marks = (None if np.isnan(mark) else float(mark) for mark in data.marks[row])
        yield person.employee_number, person.name, int(data.number[row]), float(data.points[row]), *marks


def _items(findings: TrainingFindings, labels: Translate, language: str) -> Iterable[Sequence[Cell]]:
    say = words(language)
    for item in findings.items:
        facility = item.facility
        yield (
            item.code, say.pick(item.text), say(f"training.type.{item.type}"), item.category, item.topic,
            labels[f"level.{item.difficulty}"], item.points, facility.n_valid,
            item.exposure.value, facility.value, facility.ci_low, facility.ci_high, item.discrimination.value,
            item.efficiency, item.upper_lower.value, item.pending,
            say.list([say(f"training.flag.{flag}") for flag in item.flags]),
        )  # fmt: skip
