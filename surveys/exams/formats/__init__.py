"""The forms in which items are written and read: YAML, text and workbook, each the whole of them.

A workbook is here name of sheet → rows of cells; ``service.item_files`` makes files of it.
"""

from __future__ import annotations

import re

from surveys.exams.formats import text, workbook, yaml
from surveys.formats import SUFFIXES, Kind, kind_of

_ITEMS = re.compile(r"(?:\ufeff|\s|#[^\n]*\n)*(?:items\s*:|-\s+code\s*:)")  # below comments and blank lines


def kind_written(source: str) -> Kind:
    """Which form somebody typed or pasted: YAML begins with ``items:`` or the first item."""
    return "yaml" if _ITEMS.match(source) else "text"


__all__ = ["SUFFIXES", "Kind", "kind_of", "kind_written", "text", "workbook", "yaml"]
