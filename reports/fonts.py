"""The two faces that every document embeds, and their measures.

Set-up prepares them once (``prepare``); documents load them once per process (``load``, about 0.1 s).
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FOLDER = Path(__file__).with_suffix("")
REGULAR = "NotoSansSC-Regular"
BOLD = "NotoSansSC-Bold"
MISSING = "〓"
"""The geta mark: what printers set where they have no type for a character."""

UNITS_PER_EM = 512
"""A grid of 1/512 em moves no outline visibly (0.02 pt at 10 pt) and saves a tenth of every document."""

_TABLES = {"head", "hhea", "maxp", "OS/2", "hmtx", "cmap", "loca", "glyf", "name", "post"}


class FontsMissing(RuntimeError):
    """The prepared faces are not where set-up leaves them."""


def prepare(regular_source: Path, bold_source: Path, folder: Path) -> None:
    """Write both faces to ``folder`` with every character and without what a PDF never uses (layout tables, hints)."""
    folder.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(2) as processes:
        list(
            processes.map(
                _prepare_face, (regular_source, bold_source), (folder / f"{name}.ttf" for name in (REGULAR, BOLD))
            )
        )


def _prepare_face(source: Path, target: Path) -> None:
    from fontTools.ttLib import TTFont as Source

    font = Source(source, recalcTimestamp=False, recalcBBoxes=False)
    for tag in set(font.reader.keys()) - _TABLES:
        del font[tag]
    font["name"].names = [record for record in font["name"].names if record.nameID in (1, 2, 4, 6)]
    _scale(font, UNITS_PER_EM / font["head"].unitsPerEm)
    draft = target.with_suffix(".part")
    font.save(draft)
    draft.replace(target)


def _scale(font: Any, factor: float) -> None:
    """Scale outlines and measures; fontTools' ``scaleUpem`` does it for every table, in twice the time."""
    table = font["glyf"]
    for name in font.getGlyphOrder():
        glyph = table[name]
        if glyph.numberOfContours > 0:
            glyph.coordinates.scale((factor, factor))
            glyph.coordinates.toInt()
            glyph.recalcBounds(table)
    metrics = font["hmtx"].metrics
    for name, (advance_width, bearing) in metrics.items():
        metrics[name] = (round(advance_width * factor), round(bearing * factor))
    head, hhea, os2 = font["head"], font["hhea"], font["OS/2"]
    for record, fields in (
        (head, ("xMin", "yMin", "xMax", "yMax")),
        (hhea, ("ascent", "descent", "lineGap", "advanceWidthMax", "xMaxExtent")),
        (os2, ("sTypoAscender", "sTypoDescender", "sTypoLineGap", "sCapHeight", "sxHeight")),
    ):
        for field in fields:
            setattr(record, field, round(getattr(record, field) * factor))
    head.unitsPerEm = round(head.unitsPerEm * factor)


@cache
def load() -> dict[str, Any]:
    """Register both faces with reportlab; name -> face. Raises ``FontsMissing`` before set-up has run."""
    faces = {}
    for name in (REGULAR, BOLD):
        path = FOLDER / f"{name}.ttf"
        if not path.is_file():
            raise FontsMissing(f"{path.name} is not prepared: run `make setup`")
        # without asciiReadable the subset holds only the letters that the document uses
        font = TTFont(name, str(path), asciiReadable=False, shapable=False)
        pdfmetrics.registerFont(font)
        faces[name] = font.face
    return faces


def has_glyph(character: str) -> bool:
    return ord(character) in load()[REGULAR].charToGlyph


@lru_cache(maxsize=65536)
def advance(character: str, bold: bool = False) -> float:
    """Advance width in em."""
    return float(load()[BOLD if bold else REGULAR].getCharWidth(ord(character))) / 1000


def width(text: str, size: float, bold: bool = False) -> float:
    """Width of one line of ``text`` in the unit of ``size``."""
    return sum(advance(character, bold) for character in text) * size
