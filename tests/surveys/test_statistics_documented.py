"""Every method and statement that a record can carry is explained in docs/statistics.md."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import get_args

import pytest

from surveys.analysis.findings import StatementKey

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "statistics.md").read_text(encoding="utf-8")


def methods_in_code() -> list[str]:
    """The ``method`` of every ``Estimate(…)`` in the core."""
    found = set()
    for file in (ROOT / "surveys").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Estimate":
                found |= {ast.literal_eval(each.value) for each in node.keywords if each.arg == "method"}
    return sorted(found)


def test_there_are_methods_to_document() -> None:
    assert len(methods_in_code()) >= 6


@pytest.mark.parametrize("method", methods_in_code())
def test_every_method_has_a_section(method: str) -> None:
    assert f"\n### {method}\n" in DOCUMENT


@pytest.mark.parametrize("key", get_args(StatementKey))
def test_every_statement_has_its_rule(key: str) -> None:
    table = DOCUMENT.split("## Statements")[1]
    assert re.search(rf"^\| .*\b{key}\b.* \|", table, re.MULTILINE)
