"""The two faces that every document embeds, and their measures.

Set-up prepares them once (``prepare``); documents load them once per process (``load``, about 0.1 s).
"""

from __future__ import annotations

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

_LAYOUT_TABLES = ["GSUB", "GPOS", "GDEF", "BASE", "STAT", "vhea", "vmtx", "VORG", "DSIG", "gasp", "prep", "fpgm", "cvt "]


class FontsMissing(RuntimeError):
    """The prepared faces are not where set-up leaves them."""


def prepare(regular_source: Path, bold_source: Path, folder: Path) -> None:
    """Write both faces to ``folder`` with every character and without what a PDF never uses (layout tables, hints)."""
    folder.mkdir(parents=True, exist_ok=True)
    for source, name in ((regular_source, REGULAR), (bold_source, BOLD)):
        _prepare_face(source, folder / f"{name}.ttf")


def _prepare_face(source: Path, target: Path) -> None:
    from fontTools import subset
    from fontTools.ttLib import TTFont as Source
    from fontTools.ttLib.scaleUpem import scale_upem

    options = subset.Options(
        hinting=False, layout_features=[], notdef_outline=True, glyph_names=False, name_IDs=[1, 2, 4, 6], legacy_kern=False
    )
    options.drop_tables += _LAYOUT_TABLES
    font = Source(source, recalcTimestamp=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=font.getBestCmap())
    subsetter.subset(font)
    scale_upem(font, UNITS_PER_EM)
    draft = target.with_suffix(".part")
    font.save(draft)
    draft.replace(target)


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
