"""What a column can hold, in words: read off the column, whatever type of question it belongs to."""

from __future__ import annotations

from collections.abc import Sequence

from surveys.questions import Column
from surveys.text import Text

Labels = Sequence[tuple[int | str, Text]]
"""Value and wording of each answer option."""

MOST_POINTS = 11  # of a range of integers that is shown point by point


def worded(column: Column) -> Labels:
    """The answers that a column can hold, with their words; none where they are too many to tell one by one."""
    if column.choices:
        return [(code, column.labels.get(code) or both(code)) for code in column.choices]
    if column.kind == "integer" and column.low is not None and column.high is not None:
        points = range(int(column.low), int(column.high) + 1)
        if len(points) <= MOST_POINTS:
            return [(point, column.labels.get(str(point)) or both(str(point))) for point in points]
    return []


def both(word: str) -> Text:
    """A wording that is the same in both languages."""
    return {"zh-CN": word, "en": word}
