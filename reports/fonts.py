"""The face that every document embeds, and its measures.

Set-up prepares it once (``prepare``); a process loads it once (``load``, under 0.1 s). There is one face only: a second
weight would add half to the size of every Chinese document, so emphasis is the same outline with a stroke round it.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FOLDER = Path(__file__).with_suffix("")
FACE = "NotoSansSC-Regular"
BOLD_STROKE = 0.034
"""Width of the stroke that emboldens, in em."""
MISSING = "〓"
"""The geta mark: what printers set where they have no type for a character."""

UNITS_PER_EM = 192
"""A grid of 1/192 em moves outlines by at most 0.03 pt at 10 pt; with ``_TOLERANCE`` it saves a third of a document."""
_TOLERANCE = (2.0, 4.0)  # 1/1000 em: when curves are joined to cubic ones, and when those are made quadratic again
_TABLES = {"head", "hhea", "maxp", "OS/2", "hmtx", "cmap", "loca", "glyf", "name", "post"}


in_use = Lock()
"""Held while a document is built: reportlab's face seeks in one buffer that all threads share."""


class FontsMissing(RuntimeError):
    """The prepared faces are not where set-up leaves them."""


def prepare(source: Path, folder: Path) -> None:
    """Write the face to ``folder``: every character, lighter outlines, nothing that a PDF never uses (hints)."""
    from fontTools.ttLib import TTFont as Source

    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{FACE}.ttf"
    font = Source(source, recalcTimestamp=False, recalcBBoxes=False)
    for tag in set(font.reader.keys()) - _TABLES:
        del font[tag]
    font["name"].names = [record for record in font["name"].names if record.nameID in (1, 2, 4, 6)]
    _join_curves(font)
    _scale(font, UNITS_PER_EM / font["head"].unitsPerEm)
    draft = target.with_suffix(".part")
    font.save(draft)
    draft.replace(target)


def _join_curves(font: Any) -> None:
    """Draw the everyday characters (GB 2312) with fewer points; rarer ones are not worth the minute they take."""
    from fontTools.pens.cu2quPen import Cu2QuPen
    from fontTools.pens.qu2cuPen import Qu2CuPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    glyphs, table = font.getGlyphSet(), font["glyf"]
    for code, name in font.getBestCmap().items():
        if not chr(code).encode("gb2312", "ignore"):
            continue
        pen = TTGlyphPen(None)
        glyphs[name].draw(Qu2CuPen(Cu2QuPen(pen, _TOLERANCE[1]), _TOLERANCE[0], all_cubic=True))
        table[name] = pen.glyph()


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
def load() -> Any:
    """Register the face with reportlab and return it. Raises ``FontsMissing`` before set-up has run."""
    path = FOLDER / f"{FACE}.ttf"
    if not path.is_file():
        raise FontsMissing(f"{path.name} is not prepared: run `make setup`")
    # without asciiReadable the subset holds only the letters that the document uses
    font = TTFont(FACE, str(path), asciiReadable=False, shapable=False)
    pdfmetrics.registerFont(font)
    return font.face


def has_glyph(character: str) -> bool:
    return ord(character) in load().charToGlyph


@lru_cache(maxsize=65536)
def advance(character: str) -> float:
    """Advance width in em."""
    return float(load().getCharWidth(ord(character))) / 1000


_CLOSING, _OPENING = "，。、；：）》〉」』】〕］｝’”", "（《〈「『【〔［｛“‘"
TIGHT = re.compile(f"[{_CLOSING}](?=[{_CLOSING}{_OPENING}])|[{_OPENING}](?=[{_OPENING}])")
"""A mark whose neighbour's half of the square is empty: the pair is set half an em closer (clreq 3.1.6)."""


@lru_cache(maxsize=65536)
def em(text: str) -> float:
    """Width of one line of ``text`` in em."""
    return sum(map(advance, text)) - 0.5 * len(TIGHT.findall(text))


def width(text: str, size: float) -> float:
    """Width of one line of ``text`` in the unit of ``size``."""
    return em(text) * size
