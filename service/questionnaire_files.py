"""Files that hold a questionnaire (.yaml, .txt, .xlsx): bytes <-> Questionnaire, for pages, API and commands."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

import xlsxwriter

from service.spreadsheet import FAULTS, Unreadable, read_sheets
from surveys.definition import Questionnaire
from surveys.formats import Kind, text, workbook, yaml
from surveys.problem import Problem
from surveys.text import DEFAULT_LANGUAGE

MEDIA_TYPES: dict[Kind, str] = {
    "yaml": "application/yaml; charset=utf-8",
    "text": "text/plain; charset=utf-8",
    "workbook": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
WIDTHS = {"text": 42, "hint": 28, "settings": 50, "label": 30, "condition": 40}
NARROW = 16


def read(data: bytes | str, kind: Kind) -> tuple[Questionnaire | None, list[Problem]]:
    """The questionnaire, or None and everything that is wrong, by line or by sheet and row. Never raises."""
    if kind != "workbook":
        return (yaml if kind == "yaml" else text).read(data)
    sheets, problems = sheets_of(data)
    return (None, problems) if problems else workbook.read(sheets)


def locate(data: bytes | str, kind: Kind, problems: list[Problem]) -> list[Problem]:
    """Problems of a questionnaire that ``read`` made, with their line or row."""
    if kind != "workbook":
        return (yaml if kind == "yaml" else text).locate(data, problems)
    sheets, unreadable = sheets_of(data)
    return problems if unreadable else workbook.locate(sheets, problems)


def write(questionnaire: Questionnaire, kind: Kind, language: str = DEFAULT_LANGUAGE) -> bytes:
    """The file; keywords and headings of text and workbook in ``language``."""
    if kind == "yaml":
        return yaml.write(questionnaire).encode()
    if kind == "text":
        return text.write(questionnaire, language).encode()
    return xlsx(workbook.write(questionnaire, language), workbook.COLUMNS.values())


def sheets_of(data: bytes | str) -> tuple[workbook.Sheets, list[Problem]]:
    """What a workbook shows, read by a process with limits, or why it cannot be read."""
    try:
        return read_sheets(data if isinstance(data, bytes) else data.encode("utf-8", "replace")), []
    except Unreadable as fault:
        return {}, [Problem(code=fault.code, place="", message=FAULTS[fault.code])]


def xlsx(sheets: workbook.Sheets, columns_of: Iterable[Sequence[str]]) -> bytes:
    """A file of the sheets; ``columns_of`` names each sheet's columns, by which they are wide or narrow."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        head, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        for (name, rows), columns in zip(sheets.items(), columns_of, strict=True):
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for place, column in enumerate(columns):
                sheet.set_column(place, place, WIDTHS.get(column.removesuffix("_en"), NARROW))
            for number, row in enumerate(rows):
                for place, cell in enumerate(row):
                    if cell:
                        sheet.write_string(number, place, cell, wrapped if number else head)
    return out.getvalue()
