"""What both sides of the workbook share: its sheets and columns, and how any text stands in a cell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from surveys.formats.inline import quote, unquote
from surveys.formats.table import neutral, plain
from surveys.formats.words import Vocabulary

Rows = list[list[str]]
Sheets = dict[str, Rows]
"""Name of sheet to rows of cells, the header first: what a spreadsheet program shows."""

PIECE = 3_000  # characters of one cell before quoting; longer texts go on in the row below
GOES_ON = "…"

SHEETS = Vocabulary({
    "survey": ("问卷", "survey"), "choices": ("选项", "choices/options"), "logic": ("逻辑", "logic"),
    "scoring": ("计分", "scoring"),
})  # fmt: skip

COLUMNS: dict[str, tuple[str, ...]] = {
    "survey": ("row", "code", "type", "group", "text", "text_en", "hint", "hint_en", "required", "settings"),
    "choices": ("list", "code", "label", "label_en", "settings"),
    "logic": ("row", "code", "rule", "condition", "result", "message", "message_en", "settings"),
    "scoring": ("row", "code", "label", "label_en", "items", "reversed", "settings"),
}

HEADINGS = Vocabulary({
    "row": ("行类型/类别", "row/kind"), "code": ("编码/代码", "code"), "type": ("题型/类型", "type"),
    "group": ("题组", "group"),
    "text": ("题目/题目（中文）/标题", "text (zh)/text zh/text"),
    "text_en": ("题目（英文）/英文题目", "text (en)/text en"),
    "hint": ("说明/提示/提示（中文）", "hint (zh)/hint zh/hint"),
    "hint_en": ("说明（英文）/提示（英文）", "hint (en)/hint en"),
    "required": ("必答/必填", "required"), "settings": ("其他设置/设置", "settings"),
    "list": ("所属列表/列表/题目编码", "list"),
    "label": ("文字/选项/文字（中文）", "label (zh)/label zh/label"),
    "label_en": ("文字（英文）/英文", "label (en)/label en"),
    "rule": ("用途", "use"), "condition": ("条件", "condition"), "result": ("结果/跳到或上限", "result"),
    "message": ("提示语/提示语（中文）", "message (zh)/message"), "message_en": ("提示语（英文）", "message (en)"),
    "items": ("题项", "items"), "reversed": ("反向题/反向", "reversed"),
})  # fmt: skip

ROWS = Vocabulary({
    "questionnaire": ("问卷", "questionnaire"), "page": ("页面/页", "page"), "group": ("题组", "group"),
    "question": ("题目/问题", "question"), "rating_scale": ("量表", "rating scale"), "scale": ("维度", "scale"),
    "visible_if": ("显示条件", "shown if"), "required_if": ("必答条件", "required if"), "rules": ("校验", "rule"),
    "jumps": ("跳转", "jump"), "quotas": ("配额", "quota"),
})  # fmt: skip

_BARE = re.compile(r"[^\x00-\x09\x0b-\x1f\x7f-\xa0\u2028\u2029\ufeff\ufffe\uffff]*")
_ESCAPE = re.compile(r"_x[0-9A-Fa-f]{4}_")  # how a workbook writes control characters


def cell(text: str) -> str:
    """A text as it stands in a cell: in double quotes where a spreadsheet would change it, never a formula."""
    bare = text == text.strip() and text[:1] not in ('"', "'") and _BARE.fullmatch(text) and not _ESCAPE.search(text)
    return neutral(text if bare and text != GOES_ON else quote(text))


def text_of(written: str) -> str:
    return unquote(plain(written.strip()).replace("\r\n", "\n"))


def spread(cells: Sequence[str]) -> Iterator[list[str]]:
    """A row of texts as one row of cells, or several where a text is too long for one."""
    pieces = [[each[start : start + PIECE] for start in range(0, len(each), PIECE)] or [""] for each in cells]
    for index in range(max(map(len, pieces))):
        row = [cell(each[index]) if index < len(each) else "" for each in pieces]
        yield row if index == 0 else [GOES_ON, *row[1:]]


def gathered(rows: Iterable[tuple[int, Sequence[str]]]) -> list[tuple[int, list[str]]]:
    """The rows of texts that ``spread`` was given, each with the number of its first row."""
    found: list[tuple[int, list[str]]] = []
    for number, written in rows:
        if written and written[0].strip() == GOES_ON and found:
            cells = found[-1][1]
            for index, each in enumerate(written[1 : len(cells)], start=1):
                cells[index] += text_of(each)
        elif any(each.strip() for each in written):
            found.append((number, [text_of(each) for each in written]))
    return found
