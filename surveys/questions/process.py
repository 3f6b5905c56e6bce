"""Questions about a process: its steps, its pain points and their causes."""

from __future__ import annotations

from typing import Literal

from surveys.questions.base import Choice, QuestionBase

Cause = Literal["people", "machine", "material", "method", "environment", "measurement"]
"""人机料法环测, the six branches of the fishbone."""

CAUSES: tuple[Cause, ...] = ("people", "machine", "material", "method", "environment", "measurement")


class StepGrid(QuestionBase, frozen=True, kw_only=True, tag="step_grid", tag_field="type"):
    """For each process step of the questionnaire (or those named in ``steps``): minutes of work, hours of waiting,
    how often it goes wrong and how painful it is.

    Columns per step: ``q.<step>.work`` (number, minutes), ``q.<step>.wait`` (number, hours), ``q.<step>.errors``
    (integer 1–5, never … almost always), ``q.<step>.pain`` (integer 1–5, none … severe).
    A step that the participant does not know is not applicable (form field ``q.<step>.na``).
    """

    steps: tuple[str, ...] = ()


class PainPoints(QuestionBase, frozen=True, kw_only=True, tag="pain_points", tag_field="type"):
    """Choose and rank the worst pain points; each chosen one gets severity 1–5, frequency 1–5 and a category.

    Columns: ``q`` (codes, worst first), ``q.<choice>.severity``, ``q.<choice>.frequency`` (integers 1–5),
    ``q.<choice>.category`` (code of ``CAUSES``; defaults to the choice's category), ``q.other`` (text).
    Form fields: ``q.<choice>.rank`` = 1, 2, … beside the columns' own names.
    """

    choices: tuple[Choice, ...]
    maximum: int = 3


class FiveWhys(QuestionBase, frozen=True, kw_only=True, tag="five_whys", tag_field="type"):
    """A problem and the chain of whys below it. Columns: ``q.problem``, ``q.why1`` … ``q.why5`` (text).

    ``problem_from`` names a pain_points question: its worst pain point is offered as the problem (column
    ``q.problem`` then holds the choice's code), and chains are grouped by it.
    """

    depth: int = 5
    problem_from: str = ""
