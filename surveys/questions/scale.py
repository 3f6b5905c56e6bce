"""Questions answered on a scale of integers."""

from __future__ import annotations

from surveys.questions.base import QuestionBase, Row
from surveys.text import Text


class Likert(QuestionBase, frozen=True, kw_only=True, tag="likert", tag_field="type"):
    """One statement on the answer scale named by ``scale`` in ``Questionnaire.rating_scales``. Column: ``q`` (integer)."""

    scale: str


class Rating(QuestionBase, frozen=True, kw_only=True, tag="rating", tag_field="type"):
    """1 to ``points`` with worded ends only. Column: ``q`` (integer)."""

    points: int = 5
    low_label: Text
    high_label: Text


class Matrix(QuestionBase, frozen=True, kw_only=True, tag="matrix", tag_field="type"):
    """Several statements on one answer scale. Columns: ``q.<row>`` (integer)."""

    scale: str
    rows: tuple[Row, ...]


class Nps(QuestionBase, frozen=True, kw_only=True, tag="nps", tag_field="type"):
    """Likelihood to recommend, integer 0 to 10. Column: ``q`` (integer)."""
