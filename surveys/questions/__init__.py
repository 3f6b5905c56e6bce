"""All question types, one Struct each; ``Question`` is their tagged union."""

from __future__ import annotations

from typing import get_args

from surveys.questions.base import Answers, Choice, Column, Part, QuestionBase, RatingScale, Row, Rule, Value
from surveys.questions.blanks import Blank, Blanks, Cloze
from surveys.questions.choice import Multiple, Ranking, Single
from surveys.questions.dates import Date, DateRange, Time
from surveys.questions.flow import Ecrs, FlowOrder
from surveys.questions.linkage import LinkCode, LinkPart
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
from surveys.questions.media import File, Location, Photo, Signature
from surveys.questions.number import Duration, Number
from surveys.questions.pickers import ChoiceComment, Dropdown, ImageChoice, PicturedChoice, TrueFalse, YesNo
from surveys.questions.process import FiveWhys, PainPoints, StepGrid
from surveys.questions.profiles import CardSort, Pole, SemanticDifferential, Sus
from surveys.questions.roster import Cascade, Department, Node, Person
from surveys.questions.scale import Ces, Csat, Likert, Nps, Rating, Slider, Stars
from surveys.questions.structure import Assignment, Computed, Consent, Hidden, Statement
from surveys.questions.text import Email, IdCard, LongText, Mobile, Pattern, ShortText, Url
from surveys.questions.trade_offs import Ahp, ConstantSum, Kano, MaxDiff

Question = (
    Single | Multiple | Ranking | Likert | Rating | Matrix | Nps | Number | Duration | ShortText | LongText | StepGrid
    | PainPoints | FiveWhys | Statement | Consent | Computed | Hidden | Assignment
    | MatrixSingle | MatrixMultiple | MatrixDropdown | MatrixText | MatrixNumber | MatrixSlider | MatrixDual
    | MatrixMixed | Table | FlowOrder | Ecrs
    | Blanks | Cloze | Email | Mobile | IdCard | Url | Pattern | Date | Time | DateRange | File | Photo | Signature
    | Location | LinkCode
    | Dropdown | YesNo | TrueFalse | ImageChoice | ChoiceComment | Cascade | Department | Person | CardSort
    | Stars | Csat | Ces | Slider | SemanticDifferential | ConstantSum | MaxDiff | Kano | Sus | Ahp
)  # fmt: skip

QUESTION_TYPES: dict[str, type[Question]] = {str(each.__struct_config__.tag): each for each in get_args(Question)}
"""Type as written in files (``single``, ``step_grid``, …) to its class."""

__all__ = [
    "Assignment", "Computed", "Consent", "Hidden", "Statement",
    "Answers", "Choice", "Column", "Duration", "Ecrs", "FiveWhys", "FlowOrder", "Likert", "LongText", "Matrix",
    "MatrixDropdown", "MatrixDual", "MatrixMixed", "MatrixMultiple", "MatrixNumber", "MatrixSingle", "MatrixSlider",
    "MatrixText", "Multiple", "Nps", "Number",
    "PainPoints", "QUESTION_TYPES", "Question", "QuestionBase", "Ranking", "Rating", "RatingScale", "Row", "Rule",
    "Blank", "Blanks", "Cloze", "Date", "DateRange", "Email", "File", "IdCard", "Location", "Mobile", "Part", "Pattern",
    "Photo", "Signature", "Time", "Url",
    "Ahp", "CardSort", "Cascade", "Ces", "ChoiceComment", "ConstantSum", "Csat", "Department", "Dropdown",
    "ImageChoice", "Kano", "LinkCode", "LinkPart", "MaxDiff", "Node", "Person", "PicturedChoice", "Pole",
    "SemanticDifferential", "Slider", "Stars", "Sus", "TrueFalse", "YesNo",
    "ShortText", "Single", "StepGrid", "Table", "Value",
]  # fmt: skip
