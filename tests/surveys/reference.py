"""The public reference cases, which live beside the repository or where WENHENG_REFERENCE says."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import polars as pl
import pytest

FOLDER = Path(os.environ.get("WENHENG_REFERENCE") or Path(__file__).parents[3] / "shared" / "reference")


def expected(case: str) -> dict[str, Any]:
    """The case's ``expected`` values."""
    found: dict[str, Any] = json.loads(_file(case, "expected.json").read_text(encoding="utf-8"))["expected"]
    return found


def data(case: str, name: str) -> pl.DataFrame:
    return pl.read_csv(_file(case, name))


def _file(case: str, name: str) -> Path:
    """A file of the case; skips the test, and says so, where the cases are not at hand."""
    file = FOLDER / case / name
    if not file.exists():
        pytest.skip(f"REFERENCE CASE {case} NOT CHECKED: no {file} (set WENHENG_REFERENCE)")
    return file
