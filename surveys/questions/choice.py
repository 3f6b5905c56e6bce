"""Questions whose answer is one or several of given options."""

from __future__ import annotations

from surveys.questions.base import Choice, QuestionBase


class Single(QuestionBase, frozen=True, kw_only=True, tag="single", tag_field="type"):
    """One option. Columns: ``q`` (code) and, where an option is ``other``, ``q.other`` (text)."""

    choices: tuple[Choice, ...]
    segment: str = ""  # "side" or "department" etc.: the answer is a segment of the response in analysis


class Multiple(QuestionBase, frozen=True, kw_only=True, tag="multiple", tag_field="type"):
    """Several options. Columns: ``q`` (codes) and ``q.other`` (text). An exclusive option stands alone."""

    choices: tuple[Choice, ...]
    minimum: int = 0
    maximum: int | None = None


class Ranking(QuestionBase, frozen=True, kw_only=True, tag="ranking", tag_field="type"):
    """Options in order of preference. Column: ``q`` (codes, best first). Form fields: ``q.<choice>`` = rank 1, 2, …"""

    choices: tuple[Choice, ...]
    top: int | None = None  # rank only the first so many
