"""Prepare what set-up installed: style sheet, scripts and fonts, hashed and compressed into ignored folders.

Run by make as ``python -m service.assets``. Nothing here runs while serving.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
from pathlib import Path

import brotli

from reports import fonts

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "web" / "vendor"
STATIC = ROOT / "web" / "static"
FONTS = ROOT / "reports" / "fonts"

PICO = MODULES / "@picocss" / "pico" / "css" / "pico.classless.min.css"
HTMX = MODULES / "htmx.org" / "dist" / "htmx.min.js"
NOTO = MODULES / "@expo-google-fonts" / "noto-sans-sc" / "400Regular" / "NotoSansSC_400Regular.ttf"


def style_sheet() -> bytes:
    """Pico as the lowest layer, then our own layers, those of question families last: one file, one request."""
    pico = PICO.read_text().replace('@charset "UTF-8";', "")
    own = "".join(path.read_text() for path in (STATIC / "app.css", *sorted((STATIC / "answer").glob("*.css"))))
    order = re.search(r"@layer [^{;]+;", own)
    return f"{order[0] if order else ''}@layer pico{{{pico}}}{own}".encode()


def publish(folder: Path, name: str, content: bytes) -> str:
    """Write ``content`` under a name that holds its hash, beside it compressed by brotli and gzip; the hashed name."""
    stem, dot, suffix = name.rpartition(".")
    hashed = f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}{dot}{suffix}"
    (folder / hashed).write_bytes(content)
    (folder / f"{hashed}.br").write_bytes(brotli.compress(content))
    (folder / f"{hashed}.gz").write_bytes(gzip.compress(content, mtime=0))
    return hashed


def prepare(folder: Path) -> None:
    """Everything that pages load, into ``folder``, which must not be there yet."""
    folder.mkdir(parents=True)
    manifest = {
        "app.css": publish(folder, "app.css", style_sheet()),
        "htmx.js": publish(folder, "htmx.js", HTMX.read_bytes()),
    }
    for path in sorted(STATIC.iterdir()):
        if path.name not in manifest and path.is_file():
            manifest[path.name] = publish(folder, path.name, path.read_bytes())
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1))


def main() -> None:
    """What is there stays as it is until its successor is complete."""
    if missing := [path for path in (PICO, HTMX, NOTO) if not path.exists()]:
        raise SystemExit(f"not installed: {', '.join(str(path.relative_to(ROOT)) for path in missing)}; run make setup")
    successor = VENDOR.with_name(VENDOR.name + ".new")
    shutil.rmtree(successor, ignore_errors=True)
    prepare(successor)
    shutil.rmtree(VENDOR, ignore_errors=True)
    successor.rename(VENDOR)
    fonts.prepare(NOTO, FONTS)


if __name__ == "__main__":
    main()
