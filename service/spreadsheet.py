"""Uploaded tables (.xlsx, .csv) as rows of text, parsed in a child process with limits on memory, time and files.

This file is both sides: ``read_table`` starts it again as a script, which imports nothing of the project. A hostile
workbook can at worst kill that child; the server words what happened and lives on.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import subprocess
import sys
import zipfile
from typing import Any, NamedTuple

MEMORY = 768 * 1024 * 1024
CPU_SECONDS = 30
WALL_SECONDS = 45
ROWS = 200_000
COLUMNS = 1000
CELL = 20_000
MOST_SHEETS = 20
SHEETS = "--sheets"  # asks the child for all of them
ZIP_ENTRIES = 500
ZIP_BYTES = 200_000_000
ZIP_RATIO = 120

FAULTS: dict[str, dict[str, str]] = {
    "empty": {"zh-CN": "文件是空的。", "en": "The file is empty."},
    "old_format": {
        "zh-CN": "这是旧版 .xls 或加密的文件。请在表格软件中另存为 .xlsx（不设密码）后再上传。",
        "en": "This is an old .xls file or a protected one. Save it as .xlsx without a password and upload it again.",
    },
    "encoding": {
        "zh-CN": "无法识别文件编码。请另存为 UTF-8 编码的 CSV，或直接上传 .xlsx。",
        "en": "The text encoding was not recognised. Save the file as CSV in UTF-8, or upload the .xlsx itself.",
    },
    "binary": {
        "zh-CN": "这不是表格文件。请上传 .xlsx 或 .csv。",
        "en": "This is not a table. Upload an .xlsx or .csv file.",
    },
    "broken": {
        "zh-CN": "文件已损坏或不是有效的 .xlsx，无法读取。请在表格软件中打开并重新保存。",
        "en": "The file is damaged or not a valid .xlsx. Open it in a spreadsheet program and save it again.",
    },
    "bomb": {
        "zh-CN": "文件解压后大得异常，已拒绝读取。请只保留名单所在的工作表再上传。",
        "en": "The file unpacks to an abnormal size and was refused. Keep only the sheet with the data.",
    },
    "forbidden": {
        "zh-CN": "文件含有不允许的内容（外部实体），已拒绝读取。",
        "en": "The file contains forbidden content (external entities) and was refused.",
    },
    "too_many": {
        "zh-CN": f"表格过大：最多 {ROWS} 行、{COLUMNS} 列，每格 {CELL} 字。",
        "en": f"The table is too large: at most {ROWS} rows, {COLUMNS} columns and {CELL} characters a cell.",
    },
    "gave_up": {
        "zh-CN": "读取文件超出了允许的时间或内存，已停止。请精简后再上传。",
        "en": "Reading the file took more time or memory than allowed and was stopped. Make it smaller.",
    },
}


class Table(NamedTuple):
    """The first sheet: stripped header, and rows as (number in the sheet, cells), cells as many as the header."""

    header: list[str]
    rows: list[tuple[int, list[str]]]


class Unreadable(Exception):
    """The upload is no table we read. ``code`` is a key of ``FAULTS``."""

    def __init__(self, code: str) -> None:
        super().__init__(FAULTS[code]["en"])
        self.code = code


def read_table(data: bytes) -> Table:
    """Rows of an uploaded .xlsx or .csv, whatever its name says. Blocks for as long as the child runs.

    Raises Unreadable."""
    answer = _asked(data)
    return Table(answer["header"], [(number, cells) for number, cells in answer["rows"]])


def read_sheets(data: bytes) -> dict[str, list[list[str]]]:
    """Every sheet of an uploaded .xlsx by its name, as rows of cells. Blocks for as long as the child runs.

    Raises Unreadable."""
    sheets: dict[str, list[list[str]]] = _asked(data, SHEETS)["sheets"]
    return sheets


def _asked(data: bytes, *words: str) -> dict[str, Any]:
    """What the child answers."""
    try:
        child = subprocess.run(  # noqa: S603 - our own file, the upload goes to its standard input
            [sys.executable, "-I", __file__, *words],
            input=data,
            capture_output=True,
            timeout=WALL_SECONDS,
            env={"OPENPYXL_LXML": "False", "OPENPYXL_DEFUSEDXML": "True", "PYTHONIOENCODING": "utf-8"},
            check=False,
        )
        answer: dict[str, Any] = json.loads(child.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        raise Unreadable("gave_up") from None
    if "fault" in answer:
        raise Unreadable(answer["fault"])
    return answer


# The child from here on.


def _limit() -> None:
    with contextlib.suppress(ImportError):  # Windows has none of this
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _parse(data: bytes) -> Table:
    if not data.strip():
        raise Unreadable("empty")
    if data.startswith(b"PK"):
        rows = next(iter(_xlsx(data).values()))
    elif data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable("old_format")
    else:
        rows = _csv(data)
    return _table(rows)


def _table(rows: list[list[str]]) -> Table:
    filled = [(number, row) for number, row in enumerate(rows, 1) if any(row)]
    if not filled:
        raise Unreadable("empty")
    header = filled[0][1]
    while header and not header[-1]:
        header.pop()
    width = len(header)
    return Table(header, [(number, (row + [""] * width)[:width]) for number, row in filled[1:]])


def _decode(data: bytes) -> str:
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):  # GBK and GB2312 are subsets of GB18030
        with contextlib.suppress(UnicodeDecodeError):
            return data.decode(encoding)
    raise Unreadable("encoding")


def _csv(data: bytes) -> list[list[str]]:
    if b"\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable("binary")
    text = _decode(data)
    first = text.lstrip().splitlines()[0]
    delimiter = max(",\t;", key=first.count)
    csv.field_size_limit(CELL * 4)
    rows = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append([_bounded(cell) for cell in row])
            if len(rows) > ROWS + 1 or len(row) > COLUMNS:
                raise Unreadable("too_many")
    except csv.Error:
        raise Unreadable("broken") from None
    return rows


def _bounded(cell: str) -> str:
    cell = cell.strip()
    if len(cell) > CELL:
        raise Unreadable("too_many")
    return cell


def _sheets(data: bytes) -> dict[str, list[list[str]]]:
    if not data.strip():
        raise Unreadable("empty")
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable("old_format")
    if not data.startswith(b"PK"):
        raise Unreadable("binary")
    return _xlsx(data)


def _xlsx(data: bytes) -> dict[str, list[list[str]]]:
    from defusedxml.common import DefusedXmlException

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _refuse_bombs(archive, len(data))
        return _workbook(data)
    except (Unreadable, MemoryError):
        raise
    except DefusedXmlException:
        raise Unreadable("forbidden") from None
    except Exception:  # openpyxl raises whatever a damaged workbook makes it trip over
        raise Unreadable("broken") from None


def _refuse_bombs(archive: zipfile.ZipFile, packed: int) -> None:
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > ZIP_ENTRIES or unpacked > ZIP_BYTES or (unpacked > 5_000_000 and unpacked > packed * ZIP_RATIO):
        raise Unreadable("bomb")


def _workbook(data: bytes) -> dict[str, list[list[str]]]:
    from openpyxl import load_workbook

    workbook = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    wanted = workbook.worksheets if SHEETS in sys.argv else workbook.worksheets[:1]
    if len(wanted) > MOST_SHEETS:
        raise Unreadable("too_many")
    return {str(sheet.title): _rows(sheet) for sheet in wanted}


def _rows(sheet: Any) -> list[list[str]]:
    sheet.reset_dimensions()  # the file's own claim may be a lie
    rows = []
    for row in sheet.iter_rows(max_row=ROWS + 2, max_col=COLUMNS + 1):
        rows.append([_cell_text(cell) for cell in row])
        if len(rows) > ROWS + 1 or any(rows[-1][COLUMNS:]):
            raise Unreadable("too_many")
    return rows


def _cell_text(cell: object) -> str:
    value = getattr(cell, "value", None)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int | float) and float(value).is_integer():
        pattern = getattr(cell, "number_format", "") or ""
        width = len(pattern) if set(pattern) == {"0"} else 0  # 00000 shows 7 as 00007, and so do we
        return str(int(value)).zfill(width)
    return _bounded(str(value))


def main() -> None:
    _limit()
    try:
        data = sys.stdin.buffer.read()
        answer: dict[str, object] = {"sheets": _sheets(data)} if SHEETS in sys.argv else _parse(data)._asdict()
    except Unreadable as fault:
        answer = {"fault": fault.code}
    except MemoryError:
        answer = {"fault": "gave_up"}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
