"""All question types, one Struct each; ``Question`` is their tagged union."""

from __future__ import annotations

from typing import get_args

from surveys.questions.base import Answers, Choice, Column, QuestionBase, RatingScale, Row, Rule, Value
from surveys.questions.choice import Multiple, Ranking, Single
from surveys.questions.flow import Ecrs, FlowOrder
from surveys.questions.matrix import (
    Matrix,
    MatrixDropdown,
    MatrixDual,
    MatrixMixed,
    MatrixMultiple,
    MatrixNumber,
    MatrixSingle,
    MatrixSlider,
    MatrixText,
    Table,
)
from surveys.questions.number import Duration, Number
from surveys.questions.process import FiveWhys, PainPoints, StepGrid
from surveys.questions.scale import Likert, Nps, Rating
from surveys.questions.structure import Assignment, Computed, Consent, Hidden, Statement
from surveys.questions.text import LongText, ShortText

Question = (
    Single | Multiple | Ranking | Likert | Rating | Matrix | Nps | Number | Duration | ShortText | LongText | StepGrid
    | PainPoints | FiveWhys | Statement | Consent | Computed | Hidden | Assignment
    | MatrixSingle | MatrixMultiple | MatrixDropdown | MatrixText | MatrixNumber | MatrixSlider | MatrixDual
    | MatrixMixed | Table | FlowOrder | Ecrs
)  # fmt: skip

QUESTION_TYPES: dict[str, type[Question]] = {str(each.__struct_config__.tag): each for each in get_args(Question)}
"""Type as written in files (``single``, ``step_grid``, …) to its class."""

__all__ = [
    "Answers", "Choice", "Column", "Duration", "Ecrs", "FiveWhys", "FlowOrder", "Likert", "LongText", "Matrix",
    "MatrixDropdown", "MatrixDual", "MatrixMixed", "MatrixMultiple", "MatrixNumber", "MatrixSingle", "MatrixSlider",
    "MatrixText", "Multiple", "Nps", "Number",
    "PainPoints", "QUESTION_TYPES", "Question", "QuestionBase", "Ranking", "Rating", "RatingScale", "Row", "Rule",
    "ShortText", "Single", "StepGrid", "Table", "Value",
]  # fmt: skip
