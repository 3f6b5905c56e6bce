"""What set-up prepares: nothing that works is taken away before its successor is there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from service import assets


@pytest.fixture
def rooms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folders of a set-up that has worked once; ``node_modules`` holds what it takes."""
    for name in ("static", "vendor", "modules"):
        (tmp_path / name).mkdir()
    (tmp_path / "static" / "app.css").write_text("@layer base;\nbody { color: black }")
    (tmp_path / "static" / "app.js").write_text("let a")
    (tmp_path / "vendor" / "manifest.json").write_text('{"app.css": "app.old.css"}')
    for name in ("PICO", "HTMX", "NOTO"):
        (tmp_path / "modules" / name).write_text("p { margin: 0 }")
        monkeypatch.setattr(assets, name, tmp_path / "modules" / name)
    monkeypatch.setattr(assets, "ROOT", tmp_path)
    monkeypatch.setattr(assets, "STATIC", tmp_path / "static")
    monkeypatch.setattr(assets, "VENDOR", tmp_path / "vendor")
    monkeypatch.setattr(assets.fonts, "prepare", lambda source, target: None)
    return tmp_path


@pytest.mark.parametrize("name", ["PICO", "HTMX", "NOTO"])
def test_a_missing_package_leaves_what_was_prepared_before(rooms: Path, name: str) -> None:
    (rooms / "modules" / name).unlink()
    with pytest.raises(SystemExit, match=f"not installed: modules/{name}"):
        assets.main()
    assert json.loads((rooms / "vendor" / "manifest.json").read_text()) == {"app.css": "app.old.css"}


def test_files_are_named_by_their_content(rooms: Path) -> None:
    assets.main()
    manifest = json.loads((rooms / "vendor" / "manifest.json").read_text())
    assert set(manifest) == {"app.css", "htmx.js", "app.js"}
    assert (rooms / "vendor" / manifest["app.css"]).read_text().startswith("@layer base;@layer pico{p { margin")
    (rooms / "static" / "app.js").write_text("let b")
    assets.main()
    again = json.loads((rooms / "vendor" / "manifest.json").read_text())
    assert again["app.js"] != manifest["app.js"]
    assert again["app.css"] == manifest["app.css"]
    assert not (rooms / "vendor" / manifest["app.js"]).exists()
