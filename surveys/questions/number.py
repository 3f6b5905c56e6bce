"""Questions answered with a number."""

from __future__ import annotations

from typing import Literal

from surveys.questions.base import QuestionBase
from surveys.text import Text
import msgspec

DurationUnit = Literal["minute", "hour", "day"]


class Number(QuestionBase, frozen=True, kw_only=True, tag="number", tag_field="type"):
    """A number with a unit. Column: ``q`` (number)."""

    unit: Text = msgspec.field(default_factory=dict)
    low: float | None = None
    high: float | None = None
    decimals: int = 0


class Duration(QuestionBase, frozen=True, kw_only=True, tag="duration", tag_field="type"):
    """A length of time, typed in one of ``units`` (form fields ``q`` and ``q.unit``), stored in minutes.

    A day counts 24 hours, since lead times are elapsed time. Column: ``q`` (number, minutes).
    """

    units: tuple[DurationUnit, ...] = ("minute", "hour", "day")
    high: float | None = None  # minutes
