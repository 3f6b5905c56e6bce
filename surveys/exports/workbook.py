"""A workbook of four sheets: answers as codes, answers as labels, code book, figures. Every text is a text cell.

The two large sheets are written column by column here, since xlsxwriter takes four seconds for a million cells where
this takes one. Texts are inline, so that none is ever a formula or a link.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from xml.sax.saxutils import escape

import polars as pl

from surveys.exports import codebook
from surveys.exports.cells import NOT_APPLICABLE, applies_not, coded, labelled
from surveys.exports.figures import table
from surveys.exports.protection import Release
from surveys.text import Text

LONGEST = 32_767  # characters that a cell can hold
ROWS = 10_000  # made at a time
SHEETS: tuple[Text, ...] = (
    {"zh-CN": "数据（代码）", "en": "Data (codes)"},
    {"zh-CN": "数据（文字）", "en": "Data (labels)"},
    {"zh-CN": "编码表", "en": "Code book"},
    {"zh-CN": "指标", "en": "Figures"},
)

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="1"><fill><patternFill/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2">'
    '<xf fontId="0"/><xf fontId="1" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def write(release: Release, language: str) -> Iterator[bytes]:
    """The whole file in one piece."""
    names = [each.get(language) or each["en"] for each in SHEETS]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        for path, text in _package(names).items():
            archive.writestr(_dated(path), _HEAD + text, zipfile.ZIP_DEFLATED)
        sheets = (
            _of_frame(release, coded(release)),
            _of_frame(release, labelled(release, language)),
            _of_rows(codebook.rows(release, language)),
            _of_rows(table(release.figures, language)),
        )
        for number, pieces in enumerate(sheets, 1):
            with archive.open(_dated(f"xl/worksheets/sheet{number}.xml"), "w") as sheet:
                for piece in pieces:
                    sheet.write(piece.encode())
    yield out.getvalue()


def _dated(path: str) -> zipfile.ZipInfo:
    """The same data give the same file: no time of day in the archive."""
    entry = zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _package(names: Sequence[str]) -> dict[str, str]:
    numbers = range(1, len(names) + 1)
    sheets = "".join(f'<sheet name="{escape(name)}" sheetId="{i}" r:id="r{i}"/>' for i, name in enumerate(names, 1))
    parts = "".join(
        f'<Override PartName="/xl/worksheets/sheet{i}.xml" ContentType="{_TYPE}worksheet+xml"/>' for i in numbers
    )
    links = "".join(
        f'<Relationship Id="r{i}" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet{i}.xml"/>' for i in numbers
    )
    return {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}styles+xml"/>{parts}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{sheets}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{links}'
        f'<Relationship Id="s" Type="{_RELATIONS}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": _STYLES,
    }


def _sheet(head: str, rows: Iterable[str]) -> Iterator[str]:
    yield (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="15" defaultColWidth="16"/><sheetData>{head}'
    )
    yield from rows
    yield "</sheetData></worksheet>"


def _of_frame(release: Release, frame: pl.DataFrame) -> Iterator[str]:
    cells = [_cells(frame[name], applies_not(release, name)) for name in frame.columns]

    def rows() -> Iterator[str]:
        for start in range(0, frame.height, ROWS):
            piece = pl.DataFrame(cells[i][start : start + ROWS].alias(str(i)) for i in range(len(cells)))
            lines = piece.select(pl.concat_str(pl.lit("<row>"), pl.all(), pl.lit("</row>")))
            yield lines.to_series().str.join("").item()

    return _sheet(_row(frame.columns, style=1), rows())


def _cells(values: pl.Series, applies_not: pl.Series | None) -> pl.Series:
    value = pl.col(values.name)
    if values.dtype == pl.String:
        text = value.str.slice(0, LONGEST).str.replace_all(_LOOKS_ESCAPED, "_x005F_x${1}_").str.replace_many(_ESCAPES)
        cell = pl.format(_inline("{}"), text)
    else:
        cell = pl.format("<c><v>{}</v></c>", value)
    cell = pl.when(value.is_null()).then(pl.lit("<c/>")).otherwise(cell)
    if applies_not is not None:
        cell = pl.when(applies_not).then(pl.lit(_inline(NOT_APPLICABLE))).otherwise(cell)
    return values.to_frame().select(cell).to_series()


# What XML cannot hold is written as _x001B_, and what looks like that as _x005F_x001B_ (ISO/IEC 29500-1, ST_Xstring).
_LOOKS_ESCAPED = "_x([0-9A-Fa-f]{4})_"
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"} | {
    chr(code): f"_x{code:04X}_" for code in (*range(9), *range(11, 32), 0xFFFE, 0xFFFF)
}


def _of_rows(rows: Iterable[Sequence[str | float | None]]) -> Iterator[str]:
    lines = iter(rows)
    return _sheet(_row(next(lines, ()), style=1), map(_row, lines))


def _row(cells: Iterable[str | float | None], style: int = 0) -> str:
    return f"<row>{''.join(_cell(each, style) for each in cells)}</row>"


def _cell(value: str | float | None, style: int) -> str:
    if value is None:
        return "<c/>"
    if not isinstance(value, str):
        return f'<c s="{style}"><v>{value!r}</v></c>'
    text = re.sub(_LOOKS_ESCAPED, r"_x005F_x\1_", value[:LONGEST])
    return _inline(text.translate({ord(character): escaped for character, escaped in _ESCAPES.items()}), style)


def _inline(text: str, style: int = 0) -> str:
    return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
