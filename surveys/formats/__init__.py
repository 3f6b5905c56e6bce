"""The forms in which a questionnaire is written and read: YAML, text and workbook, each the whole of it.

A workbook is here what a spreadsheet program shows, name of sheet to rows of cells; ``service.questionnaire_files``
makes files of it.
"""

from __future__ import annotations

import re
from typing import Literal

from surveys.formats import text, workbook, yaml

Kind = Literal["yaml", "text", "workbook"]

SUFFIXES: dict[str, Kind] = {".yaml": "yaml", ".yml": "yaml", ".txt": "text", ".md": "text", ".xlsx": "workbook"}
"""How files are named that hold a form; the first of each kind is written."""


def kind_of(name: str) -> Kind | None:
    """The form that a file's name promises."""
    return next((kind for suffix, kind in SUFFIXES.items() if name.lower().endswith(suffix)), None)


def kind_written(source: str) -> Literal["yaml", "text"]:
    """Which form somebody typed or pasted. A text has numbered questions or headings and no ``pages:``."""
    if source.lstrip().startswith("{") or _PAGES.search(source):
        return "yaml"
    return "text" if _QUESTION.search(source) or not _KEY.search(source) else "yaml"


_PAGES = re.compile(r"^pages\s*:", re.MULTILINE)
_QUESTION = re.compile(r"^\s*(?:[Qq]?\d{1,4}\s*[.．、)）]|##|第\s*\d)", re.MULTILINE)
_KEY = re.compile(r"^[a-z_]+:(?:\s|$)", re.MULTILINE)

__all__ = ["SUFFIXES", "Kind", "kind_of", "kind_written", "text", "workbook", "yaml"]
