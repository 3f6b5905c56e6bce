"""What of a wave's answers may leave the house, by the wave's promise.

- Identified: everything, with person and time.
- Confidential and anonymous: nothing at all below k responses; no person, time of day, duration, language or source;
  no column that says who somebody is; free texts only of questions that enough people answered; rows in an order by
  content, which tells nothing of submission. What groups people (department, side, questions that are segments, the
  day) is blanked step by step until any combination of it is shared by k people or more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec
import polars as pl

from surveys.analysis.figures import Figure
from surveys.definition import Questionnaire
from surveys.disclosure import Policy, suppressed
from surveys.frame import NOTHING, Dataset, columns, not_answered, schema
from surveys.questions import Column, Single
from surveys.text import Text

GROUPING = ("_department", "_side")
OPEN: tuple[str, ...] = ("_submitted_on", "_department", "_side")
IDENTIFIED = (
    *OPEN, "_submitted_at", "_seconds", "_language", "_source", "_employee_number", "_name",
)  # fmt: skip

LABELS: Mapping[str, Text] = {
    "_submitted_on": {"zh-CN": "提交日期", "en": "Submitted on"},
    "_department": {"zh-CN": "部门", "en": "Department"},
    "_side": {"zh-CN": "流程位置", "en": "Side of the process"},
    "_submitted_at": {"zh-CN": "提交时间（UTC）", "en": "Submitted at (UTC)"},
    "_seconds": {"zh-CN": "用时（秒）", "en": "Time taken (seconds)"},
    "_language": {"zh-CN": "语言", "en": "Language"},
    "_source": {"zh-CN": "来源", "en": "Source"},
    "_employee_number": {"zh-CN": "工号", "en": "Employee number"},
    "_name": {"zh-CN": "姓名", "en": "Name"},
}
"""What is known of a response beside its answers."""


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """``frame``: the ``about`` columns, then the answers' (in ``columns``), a row per response. ``nothing``: column →
    state of each blank (``not_applicable``, ``not_shown``; null: answered or skipped), where any has one.
    ``figures``: what the analysis says of the same responses."""

    questionnaire: Questionnaire
    frame: pl.DataFrame
    columns: Mapping[str, Column]
    about: Sequence[str]
    nothing: Mapping[str, pl.Series]
    figures: Sequence[Figure] = ()


def release(
    dataset: Dataset, policy: Policy, people: pl.DataFrame | None = None, figures: Sequence[Figure] = ()
) -> Release:
    """``people``: ``_sequence`` with the identified columns, of a wave that protects nobody."""
    known = columns(dataset.questionnaire)
    frame, about = dataset.frame, OPEN if policy.protects else IDENTIFIED
    if policy.protects:
        known = {name: each for name, each in known.items() if _may_leave(each, frame, policy)}
        frame = _protected(dataset, policy, list(known))
    else:
        if people is not None:
            frame = frame.join(people, on="_sequence", how="left", maintain_order="left")
        absent = [name for name in IDENTIFIED if name not in frame.columns]
        frame = frame.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in absent)
    return Release(
        questionnaire=dataset.questionnaire,
        frame=frame.select(*about, *known),
        columns=known,
        about=about,
        nothing=not_answered(frame, list(known.values())),
        figures=figures,
    )


def _may_leave(column: Column, frame: pl.DataFrame, policy: Policy) -> bool:
    if column.identifying:
        return False
    return not column.free or frame[column.name].count() >= policy.minimum_comments


def _protected(dataset: Dataset, policy: Policy, names: Sequence[str]) -> pl.DataFrame:
    wanted = [name for name in schema(dataset.questionnaire) if name in names or name in NOTHING]
    content = dataset.frame.select(*OPEN, *wanted)
    content = content.with_columns(pl.col("_department").str.split("/").list.first().str.strip_chars())
    if content.height < policy.minimum_group:
        return content.clear()
    segments = [
        question.code
        for page in dataset.questionnaire.pages
        for question in page.questions
        if isinstance(question, Single) and question.segment and question.code in names
    ]
    content = blanked(content, (*GROUPING, *segments, "_submitted_on"), policy.minimum_group)
    return content[content.hash_rows(seed=0).arg_sort()] if content.height else content


def blanked(frame: pl.DataFrame, grouping: Sequence[str], k: int) -> pl.DataFrame:
    """``frame`` with nulls in ``grouping`` so that every combination of it is shared by ``k`` rows or more.

    One column after the other: where too few share what is kept so far together with the next value, that is blanked.
    """
    combined = pl.Series("combined", [""] * frame.height)
    for name in grouping:
        tried = combined + "\x1f" + frame[name].cast(pl.String).fill_null("")
        rare = _rare(combined, tried, k)
        frame = frame.with_columns(pl.when(~tried.is_in(list(rare))).then(pl.col(name)).alias(name))
        combined = combined + "\x1f" + frame[name].cast(pl.String).fill_null("")
    return frame


def _rare(kept: pl.Series, tried: pl.Series, k: int) -> set[str]:
    """Combinations to blank, within each combination kept before: those blanked together are nobody or k and more."""
    rare: set[str] = set()
    pairs = pl.DataFrame({"kept": kept, "tried": tried}).group_by("kept", "tried", maintain_order=True).len()
    for (_,), group in pairs.group_by("kept", maintain_order=True):
        rare |= suppressed(Counter(dict(zip(group["tried"], group["len"], strict=True))), k)
    return rare
