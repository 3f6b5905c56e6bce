"""Metrics that no survey measures (handling time, error rate, cost): what they are, their cases in and counted."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
import xlsxwriter

from service import spreadsheet
from service.actions import metric_rows
from service.actions.roster import unreadable
from service.database import Conflict, Database
from service.errors import NotFound
from service.identifiers import new_id
from service.spreadsheet import Table, Unreadable
from service.store import audit, metrics, programmes
from service.store.metrics import GROUPS, KINDS, Kind, Metric, Tally, Value
from service.store.programmes import Target
from surveys.problem import Problem

__all__ = ["GROUPS", "KINDS", "ImportResult", "Metric", "Standing", "add", "bring", "bring_rows", "known", "listing",
           "remove", "template"]  # fmt: skip

TIME = {"分钟", "分", "小时", "时", "天", "日", "工作日", "min", "minutes", "h", "hours", "d", "days"}
Errors = dict[str, str]


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """A metric with its cases by group."""

    metric: Metric
    tallies: dict[str, Tally]


class ImportResult(msgspec.Struct, frozen=True, kw_only=True):
    """How many values were ``new`` or ``replaced``; with ``problems`` none was."""

    new: int = 0
    replaced: int = 0
    ignored_columns: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One value of one case as programs send it. ``group``: baseline, pilot or comparison; ``value`` null: missing."""

    metric: str
    case: str
    group: str
    value: float | str | None = None
    when: str = ""
    team: str = ""


async def listing(database: Database, programme: UUID) -> list[Standing]:
    """The programme's metrics, those of targets included that have no cases yet."""
    return [
        Standing(metric=metric, tallies=await metrics.tallies(database, metric.id))
        for metric in await known(database, programme)
    ]


async def known(database: Database, programme: UUID) -> list[Metric]:
    """What files may name: the stored metrics, and one for each target, of the kind that its unit suggests.

    The latter are stored with their first cases; a target that a questionnaire measures simply gets none.
    """
    stored = await metrics.of_programme(database, programme)
    names = {metric.name for metric in stored}
    offered = {
        target.metric: Metric(
            id=new_id(), name=target.metric, kind=kind_of(target), unit=target.unit,
            better="higher" if target.direction == "increase" else "lower",
        )
        for target in await programmes.targets(database, programme)
        if target.metric not in names
    }  # fmt: skip
    return [*stored, *offered.values()]


def kind_of(target: Target) -> Kind:
    unit = target.unit.strip().lower()
    return "duration" if unit in TIME else "proportion" if unit in ("%", "％") else "score"


async def add(
    database: Database, programme: UUID, form: Mapping[str, str], *, account: UUID | None = None
) -> tuple[Metric | None, Errors]:
    """A metric of the form's ``name``, ``kind``, ``unit`` and ``better``, or what is wrong by field."""
    name, unit = str(form.get("name", "")).strip(), str(form.get("unit", "")).strip()
    kind, better = str(form.get("kind", "")), str(form.get("better", ""))
    errors: Errors = {}
    if not name:
        errors["name"] = "metrics.error.empty"
    elif len(name) > 200 or any(name.casefold() in words for words in metric_rows.SYNONYMS.values()):
        errors["name"] = "metrics.error.name"
    if len(unit) > 40:
        errors["unit"] = "metrics.error.long"
    errors |= {} if kind in KINDS else {"kind": "metrics.error.choose"}
    errors |= {} if better in ("lower", "higher") else {"better": "metrics.error.choose"}
    if errors:
        return None, errors
    try:
        async with database.writing():
            metric = await metrics.create(database, programme, name=name, kind=kind, unit=unit, better=better)  # type: ignore[arg-type]
            await audit.record(database, account=account, programme=programme, action="metric.create", subject=name)
    except Conflict:
        return None, {"name": "metrics.error.taken"}
    return metric, {}


async def remove(database: Database, programme: UUID, metric: UUID, *, account: UUID | None = None) -> None:
    """The metric with all its cases. Raises NotFound."""
    stored = {each.id: each.name for each in await metrics.of_programme(database, programme)}
    if metric not in stored:
        raise NotFound
    async with database.writing():
        await metrics.remove(database, programme, metric)
        await audit.record(
            database, account=account, programme=programme, action="metric.remove", subject=stored[metric]
        )


async def bring(
    database: Database, programme: UUID, filename: str, data: bytes, *, account: UUID | None = None
) -> ImportResult:
    """All of an uploaded .xlsx or .csv, or nothing and what is wrong with it, row by row. Known cases are replaced."""
    try:
        table = await asyncio.to_thread(spreadsheet.read_table, data)
    except Unreadable as fault:
        return ImportResult(problems=tuple(unreadable(fault)))
    return await _bring(database, programme, filename, table, account)


async def bring_rows(
    database: Database, programme: UUID, rows: Sequence[Row], *, account: UUID | None = None
) -> ImportResult:
    """The same of rows as programs send them; a problem's ``line`` counts them from 1."""
    header = ["case", "group", "when", "team", "metric", "value"]
    cells = [(number, [_cell(getattr(row, name)) for name in header]) for number, row in enumerate(rows, 1)]
    return await _bring(database, programme, "API", Table(header, cells), account)


def _cell(value: float | str | None) -> str:
    if value is None:
        return ""
    return value.strip() if isinstance(value, str) else f"{value:.17g}"


async def _bring(database: Database, programme: UUID, subject: str, table: Table, account: UUID | None) -> ImportResult:
    read = await asyncio.to_thread(metric_rows.read, table, await known(database, programme))
    if read.problems:
        return ImportResult(problems=tuple(read.problems))
    new = replaced = 0
    async with database.writing():
        for name, values in read.values.items():
            metric = await _stored(database, programme, name)
            cases = await metrics.known_cases(database, metric)
            again = sum(value.case_number in cases for value in values)
            new, replaced = new + len(values) - again, replaced + again
            await metrics.save(database, metric, values)
        await audit.record(
            database, account=account, programme=programme, action="metric.import", subject=subject[:200],
            detail={"new": new, "replaced": replaced},
        )  # fmt: skip
    return ImportResult(new=new, replaced=replaced, ignored_columns=tuple(read.ignored))


async def _stored(database: Database, programme: UUID, name: str) -> UUID:
    """The metric of that name, which a target offers where nobody has made it."""
    metric = next(each for each in await known(database, programme) if each.name == name)
    stored = {each.id for each in await metrics.of_programme(database, programme)}
    if metric.id not in stored:
        given = {field: getattr(metric, field) for field in ("name", "kind", "unit", "better")}
        metric = await metrics.create(database, programme, **given)
    return metric.id


def template(columns: Sequence[Metric]) -> bytes:
    """An .xlsx with a column for each metric and two examples; case numbers stay text."""
    out = io.BytesIO()
    heads = [metric_rows.SYNONYMS[name][0] for name in ("case", "group", "when", "team")]
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("指标数据")
        bold, text = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "@"})
        sheet.set_column(0, 3, 16, text)
        sheet.set_column(4, 3 + max(1, len(columns)), 20)
        sheet.write_row(0, 0, [*heads, *(metric.name for metric in columns)], bold)
        for row, (case, group, day) in enumerate(
            (("TS-0001", "基线", "2026-02-03"), ("TS-0301", "试点", "2026-04-07")), 1
        ):
            sheet.write_row(row, 0, [case, group, day, ""], text)
            sheet.write_row(row, 4, [_example(metric, row) for metric in columns])
        sheet.data_validation(1, 1, 5000, 1, {"validate": "list", "source": ["基线", "试点", "对照"]})
        sheet.freeze_panes(1, 1)
    return out.getvalue()


def _example(metric: Metric, row: int) -> Any:
    return {"proportion": row % 2, "count": row, "score": 3 + row, "duration": 72.5 / row}[metric.kind]


async def values(database: Database, programme: UUID, name: str) -> tuple[Metric, list[Value]] | None:
    """The metric of that name with its cases."""
    for metric in await metrics.of_programme(database, programme):
        if metric.name == name:
            return metric, await metrics.values(database, metric.id)
    return None


def span(tallies: Mapping[str, Tally]) -> tuple[date | None, date | None]:
    """First and last day of all groups together."""
    days = [day for tally in tallies.values() for day in (tally.first, tally.last) if day]
    return (min(days), max(days)) if days else (None, None)
