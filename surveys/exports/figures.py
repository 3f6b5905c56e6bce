"""The sheet of figures: every estimate with its interval, n's and method."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from surveys.analysis.figures import Figure
from surveys.text import Text, pick

HEAD: tuple[Text, ...] = (
    {"zh-CN": "位置", "en": "Place"},
    {"zh-CN": "指标", "en": "Figure"},
    {"zh-CN": "数值", "en": "Value"},
    {"zh-CN": "区间下限", "en": "Interval from"},
    {"zh-CN": "区间上限", "en": "Interval to"},
    {"zh-CN": "置信水平", "en": "Confidence"},
    {"zh-CN": "有效 n", "en": "n valid"},
    {"zh-CN": "跳过", "en": "Skipped"},
    {"zh-CN": "不适用", "en": "Not applicable"},
    {"zh-CN": "未显示", "en": "Not shown"},
    {"zh-CN": "方法", "en": "Method"},
    {"zh-CN": "为何没有数值", "en": "Why there is no value"},
    {"zh-CN": "数据指纹", "en": "Hash of the data"},
)


def table(figures: Sequence[Figure], language: str) -> Iterator[tuple[str | float | None, ...]]:
    """The head, then a row per figure. What is suppressed has no numbers and says why."""
    yield tuple(pick(each, language) for each in HEAD)
    for figure in figures:
        found = figure.estimate
        counts = (None,) * 4 if found.suppressed else tuple(found.counts)
        reason = str(found.params.get("reason") or found.params.get("masked") or "") or None
        yield (
            figure.place, " › ".join(pick(label, language) for label in figure.labels), found.value, found.ci_low,
            found.ci_high, found.confidence, *counts, found.method, reason, found.data_hash or None,
        )  # fmt: skip
