"""The roster: import, look up, template."""

from __future__ import annotations

import asyncio
import io
from uuid import UUID

import msgspec
import xlsxwriter

from service import spreadsheet
from service.actions import roster
from service.database import Database
from service.spreadsheet import Unreadable
from service.store import audit, people
from service.store.people import PAGE, SIDES, Person
from surveys.problem import Problem

__all__ = ["PAGE", "SIDES", "ImportResult", "Person", "departments", "import_roster", "search", "template"]


class ImportResult(msgspec.Struct, frozen=True, kw_only=True):
    """How many people were ``new``, ``changed`` or ``unchanged``; ``absent`` are on the roster but not in the file.

    With ``problems`` nothing was done."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    absent: int = 0
    deactivated: int = 0
    ignored_columns: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


async def import_roster(
    database: Database,
    programme: UUID,
    filename: str,
    data: bytes,
    *,
    deactivate_absent: bool = False,
    account: UUID | None = None,
) -> ImportResult:
    """All of an uploaded .xlsx or .csv, or nothing and what is wrong with it, row by row."""
    try:
        table = await asyncio.to_thread(spreadsheet.read_table, data)
    except Unreadable as fault:
        return ImportResult(problems=tuple(roster.unreadable(fault)))
    entries, problems, ignored = roster.read(table)
    if problems:
        return ImportResult(problems=tuple(problems))
    async with database.writing():
        known = {person.employee_number: person for person in await people.every(database, programme, active=False)}
        new = [entry for entry in entries if entry.employee_number not in known]
        changed = [entry for entry in entries if entry.employee_number in known and _differs(entry, known)]
        listed = {entry.employee_number for entry in entries}
        absent = [person for number, person in known.items() if number not in listed and person.active]
        await people.save(database, programme, [*new, *changed])
        if deactivate_absent:
            await people.deactivate(database, [person.id for person in absent])
        result = ImportResult(
            new=len(new),
            changed=len(changed),
            unchanged=len(entries) - len(new) - len(changed),
            absent=len(absent),
            deactivated=len(absent) if deactivate_absent else 0,
            ignored_columns=tuple(ignored),
        )
        await audit.record(
            database,
            account=account,
            programme=programme,
            action="roster.import",
            subject=filename,
            detail={name: getattr(result, name) for name in ("new", "changed", "unchanged", "absent", "deactivated")},
        )
    return result


def _differs(entry: people.Entry, known: dict[str, Person]) -> bool:
    before = known[entry.employee_number]
    return before.entry() != entry or not before.active


async def search(
    database: Database, programme: UUID, *, text: str = "", department: str = "", side: str = "", page: int = 1
) -> tuple[list[Person], int]:
    """A page of at most ``PAGE`` people and how many there are in all."""
    return await people.page(database, programme, search=text, department=department, side=side, number=page)


async def departments(database: Database, programme: UUID) -> list[str]:
    return await people.departments(database, programme)


EXAMPLES = (
    ("1001", "张敏", "客户服务部/投诉组", "客服专员", "经办", "zhangmin@example.com", "13800000001"),
    ("1002", "王强", "物流部/华东仓", "仓库主管", "下游", "", ""),
)


def template() -> bytes:
    """An .xlsx with the headings, two examples and a list to choose the side from; all cells are text."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("人员名单")
        bold, text = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "@"})
        sheet.set_column(0, 6, 18, text)
        sheet.write_row(0, 0, [words[0] for words in roster.SYNONYMS.values()], bold)
        for row, example in enumerate(EXAMPLES, 1):
            sheet.write_row(row, 0, example, text)
        sheet.data_validation(
            1, 4, 5000, 4, {"validate": "list", "source": ["上游", "下游", "经办", "管理", "客户"]}
        )  # fmt: skip
        sheet.freeze_panes(1, 0)
    return out.getvalue()
