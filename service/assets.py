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
NOTO = MODULES / "@expo-google-fonts" / "noto-sans-sc"


def style_sheet() -> bytes:
    """Pico as the lowest layer, then our own layers: one file, one request."""
    pico = PICO.read_text().replace('@charset "UTF-8";', "")
    own = (STATIC / "app.css").read_text()
    order = re.search(r"@layer [^{;]+;", own)
    return f"{order[0] if order else ''}@layer pico{{{pico}}}{own}".encode()


def publish(name: str, content: bytes) -> str:
    """Write ``content`` under a name that holds its hash, beside it compressed by brotli and gzip; the hashed name."""
    stem, dot, suffix = name.rpartition(".")
    hashed = f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}{dot}{suffix}"
    (VENDOR / hashed).write_bytes(content)
    (VENDOR / f"{hashed}.br").write_bytes(brotli.compress(content))
    (VENDOR / f"{hashed}.gz").write_bytes(gzip.compress(content, mtime=0))
    return hashed


def main() -> None:
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    manifest = {"app.css": publish("app.css", style_sheet()), "htmx.js": publish("htmx.js", HTMX.read_bytes())}
    for path in sorted(STATIC.iterdir()):
        if path.name not in manifest and path.is_file():
            manifest[path.name] = publish(path.name, path.read_bytes())
    fonts.prepare(NOTO / "400Regular" / "NotoSansSC_400Regular.ttf", FONTS)
    (VENDOR / "manifest.json").write_text(json.dumps(manifest, indent=1))


if __name__ == "__main__":
    main()
