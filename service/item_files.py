"""Files that hold exam items (.yaml, .txt, .xlsx): bytes <-> items, for pages, API and commands."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from service.questionnaire_files import MEDIA_TYPES, sheets_of, xlsx
from surveys.exams.formats import Kind, kind_written, text, workbook, yaml
from surveys.exams.formats.sheets import COLUMNS
from surveys.exams.items import BankItem
from surveys.problem import Problem
from surveys.text import DEFAULT_LANGUAGE

Read = tuple[tuple[BankItem, ...] | None, list[Problem]]


def read(data: bytes | str, kind: Kind, taken: Collection[str] = ()) -> Read:
    """The items, or None and everything that is wrong, by line or by sheet and row. Never raises.

    Items without a code get one that is not among ``taken``.
    """
    if kind == "yaml":
        return yaml.read(data)
    if kind == "text":
        return text.read(data, taken)
    sheets, problems = sheets_of(data)
    return (None, problems) if problems else workbook.read(sheets, taken)


def locate(data: bytes | str, kind: Kind, problems: list[Problem], taken: Collection[str] = ()) -> list[Problem]:
    """Problems of ``surveys.exams.check_items.check`` about items that ``read`` made, with their line or row."""
    if kind == "yaml":
        return yaml.locate(data, problems)
    if kind == "text":
        return text.locate(data, problems, taken)
    sheets, unreadable = sheets_of(data)
    return problems if unreadable else workbook.locate(sheets, problems, taken)


def write(items: Iterable[BankItem], kind: Kind, language: str = DEFAULT_LANGUAGE) -> bytes:
    """The file; keywords and headings of text and workbook in ``language``."""
    if kind == "yaml":
        return yaml.write(items).encode()
    if kind == "text":
        return text.write(items, language).encode()
    return xlsx(workbook.write(items, language), COLUMNS.values())


def form_of(source: bytes | str) -> Kind:
    """Which form somebody pasted or uploaded, by what is in it."""
    if isinstance(source, bytes) and source.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        return "workbook"
    return kind_written(source.decode("utf-8-sig", "replace") if isinstance(source, bytes) else source)


__all__ = ["MEDIA_TYPES", "Kind", "form_of", "locate", "read", "write"]
