"""Imports run one way; rooms stay in their walls."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PURE_LIBRARIES = {"msgspec", "polars", "scipy", "numpy", "yaml", "re2", "opencc", "pyreadstat"}
PAPER_LIBRARIES = {"reportlab", "fontTools", "msgspec", "pypdfium2"}

# room -> project rooms it may import; the longest matching room decides
ALLOWED = {
    "surveys": {"surveys"},
    "reports": {"surveys", "reports"},
    "service.store": {"surveys", "service.store", "service.base"},
    "service.actions": {"surveys", "reports", "service.store", "service.actions", "service.base"},
    "service.pages": {"surveys", "service.actions", "service.pages", "service.web", "service.base"},
    "service.api": {"surveys", "service.actions", "service.api", "service.web", "service.base"},
}
# modules of service/ that hold no use case: what every room of the shell may lean on
BASE = {
    "tables", "database", "writer", "settings", "identifiers", "clock", "errors", "jobs", "spreadsheet", "piccolo_app",
    "logging", "passwords", "limits", "questionnaire_files", "item_files", "inspection", "uploads",
}  # fmt: skip
# what only handlers lean on: templates, requests, access
WEB = {"access", "security", "i18n", "templates", "compiled", "forms", "visitor", "requests", "render", "web"}


def modules() -> list[tuple[str, Path]]:
    found = []
    for top in ("surveys", "reports", "service"):
        for path in sorted((ROOT / top).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            found.append((name, path))
    return found


def imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            # "from service.store import waves" imports the module service.store.waves
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def room(name: str) -> str:
    parts = name.split(".")
    if parts[0] != "service" or len(parts) == 1:
        return parts[0]
    if parts[1] in BASE:
        return "service.base"
    if parts[1] in WEB:
        return "service.web"
    return ".".join(parts[:2])


@pytest.mark.parametrize(("name", "path"), modules(), ids=lambda value: value if isinstance(value, str) else "")
def test_a_module_imports_only_what_its_room_may(name: str, path: Path) -> None:
    allowed = ALLOWED.get(room(name))
    if allowed is None:
        return  # app, cli, demo and the base modules wire things together
    for target in imports(path):
        if target.split(".")[0] in {"surveys", "reports", "service"}:
            assert room(target) in allowed, f"{name} imports {target}"


@pytest.mark.parametrize(("name", "path"), modules(), ids=lambda value: value if isinstance(value, str) else "")
def test_the_pure_rooms_lean_on_few_libraries(name: str, path: Path) -> None:
    top = name.split(".")[0]
    allowed = {"surveys": PURE_LIBRARIES, "reports": PAPER_LIBRARIES}.get(top)
    if allowed is None:
        return
    for target in imports(path):
        head = target.split(".")[0]
        known = head in {"surveys", "reports", "__future__"} or head in sys.stdlib_module_names
        assert known or head in allowed, f"{name} imports {target}"
        assert head not in {"sqlite3", "http", "urllib", "socket", "asyncio"}, f"{name} imports {target}"


def test_the_web_room_holds_no_python() -> None:
    assert not list((ROOT / "web").rglob("*.py"))
