"""The code book: what every column of an export holds."""

from __future__ import annotations

from collections.abc import Iterator

from surveys.exports.protection import LABELS, Release
from surveys.text import Text, pick

HEAD: tuple[Text, ...] = (
    {"zh-CN": "列名", "en": "Column"},
    {"zh-CN": "题目", "en": "Question"},
    {"zh-CN": "类型", "en": "Kind"},
    {"zh-CN": "取值", "en": "Value"},
    {"zh-CN": "含义", "en": "Label"},
    {"zh-CN": "最小值", "en": "Lowest"},
    {"zh-CN": "最大值", "en": "Highest"},
    {"zh-CN": "单位", "en": "Unit"},
)
KINDS: dict[str, Text] = {
    "integer": {"zh-CN": "整数", "en": "integer"},
    "number": {"zh-CN": "数值", "en": "number"},
    "text": {"zh-CN": "文本", "en": "text"},
    "code": {"zh-CN": "单选代码", "en": "code"},
    "codes": {"zh-CN": "多选代码（以 ; 分隔）", "en": "codes (divided by ;)"},
    "date": {"zh-CN": "日期", "en": "date"},
}

Row = tuple[str | float | None, ...]


def rows(release: Release, language: str) -> Iterator[Row]:
    """The head, then a row per column, and one per value of a column whose values have labels."""
    yield tuple(pick(each, language) for each in HEAD)
    for name in release.about:
        kind = "date" if name == "_submitted_on" else "integer" if name == "_seconds" else "text"
        yield name, pick(LABELS[name], language), pick(KINDS[kind], language), None, None, None, None, None
    for name, column in release.columns.items():
        label, kind = pick(column.label, language), pick(KINDS[column.kind], language)
        yield name, label, kind, None, None, column.low, column.high, column.unit or None
        for value, text in column.labels.items():
            yield name, None, None, value, pick(text, language), None, None, None
