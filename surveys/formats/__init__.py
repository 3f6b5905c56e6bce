"""The forms in which a questionnaire is written and read: YAML, text and workbook, each the whole of it.

A workbook is here what a spreadsheet program shows, name of sheet to rows of cells; ``service.questionnaire_files``
makes files of it.
"""

from __future__ import annotations

from typing import Literal

from surveys.formats import text, yaml

Kind = Literal["yaml", "text", "workbook"]

SUFFIXES: dict[str, Kind] = {".yaml": "yaml", ".yml": "yaml", ".txt": "text", ".md": "text", ".xlsx": "workbook"}
"""How files are named that hold a form; the first of each kind is written."""


def kind_of(name: str) -> Kind | None:
    """The form that a file's name promises."""
    return next((kind for suffix, kind in SUFFIXES.items() if name.lower().endswith(suffix)), None)


def kind_written(source: str) -> Literal["yaml", "text"]:
    """Which form somebody typed or pasted: YAML begins with a key in Latin letters and holds ``pages:``."""
    lines = [line for line in source.splitlines() if line.strip()]
    is_yaml = any(line.startswith(("pages:", "name:", '"pages"', "{")) for line in lines)
    return "yaml" if is_yaml or not lines else "text"


__all__ = ["SUFFIXES", "Kind", "kind_of", "kind_written", "text", "yaml"]
