"""Answers to several columns at once.

A figure of several columns (a reliability, a correlation) is made of the people who answered all of them. They are a
group of their own, so each gets a column of its own with their answers: whatever decides of a column whether it may be
told, and of whom, decides of these alike.
"""

from __future__ import annotations

import polars as pl

from surveys.definition import Questionnaire, Scale
from surveys.questions import Column
from surveys.scoring import score, score_column

OVERALL = "overall"
"""The code of the question that rates the whole, as the library's questionnaires have it."""


def items_column(scale: Scale) -> str:
    """Of those who answered every item of the scale."""
    return f"items:{scale.code}"


def overall_column(scale: Scale) -> str:
    """Of those who have a score of the scale and rated the whole."""
    return f"overall:{scale.code}"


def overall_rating(questionnaire: Questionnaire) -> Column | None:
    """What the parts are measured against: the rating with the code ``overall``, else the first net promoter question;
    none of the two where it is an item of a scale."""
    inside = {item for scale in questionnaire.scales for item in scale.items}
    asked = [each for each in questionnaire.questions() if each.code == OVERALL]
    asked += [each for each in questionnaire.questions() if each.type == "nps"]
    for question in asked:
        found = [column for column in question.columns(questionnaire) if column.kind == "integer"]
        if len(found) == 1 and found[0].name not in inside:
            return found[0]
    return None


def joint_columns(questionnaire: Questionnaire) -> dict[str, tuple[str, ...]]:
    """Name of such a column → the columns that must all be answered."""
    found = {items_column(scale): scale.items for scale in questionnaire.scales}
    if (overall := overall_rating(questionnaire)) is not None:
        found |= {overall_column(scale): (score_column(scale), overall.name) for scale in questionnaire.scales}
    return found


def scored(answers: pl.LazyFrame, questionnaire: Questionnaire) -> pl.LazyFrame:
    """``answers`` with the scores of the scales, and by every name of ``joint_columns`` their answers as a struct
    of floats, null where one of them is missing."""
    return score(answers, questionnaire).with_columns(
        pl.when(pl.all_horizontal(pl.col(name).is_not_null() for name in names))
        .then(pl.struct(pl.col(name).cast(pl.Float64) for name in names))
        .alias(joint)
        for joint, names in joint_columns(questionnaire).items()
    )
