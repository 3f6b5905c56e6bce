"""What every question type is: a frozen Struct that names its columns, reads a form and checks an answer.

A new question type is one class in this package (listed in ``surveys.questions.Question``) and one template
``web/templates/answer/question/<type>.html``.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from surveys.text import Text

Value = str | int | float | list[str]
"""One answered column. Never None: a column without a value is absent."""

Answers = dict[str, Value]
"""Column name to value, flat: ``{"clarity.owner": 2, "pains": ["handover", "forms"], "pains.other": "…"}``.

The same name is the form field, the draft, the stored JSON key, the CSV header and the polars column.
"""


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """One column that a question yields.

    ``name`` is ``question`` or ``question.part`` (parts are codes joined by dots). ``kind``: integer, number (float),
    text (free), code (one of ``choices``), codes (list of ``choices``, in the order chosen where the question ranks).
    ``low``/``high`` bound integers and numbers. ``free`` marks text typed by a participant (disclosure rules apply).
    """

    name: str
    question: str
    kind: Literal["integer", "number", "text", "code", "codes"]
    label: Text
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    unit: str = ""
    free: bool = False


class Choice(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """An option of a choice, ranking or pain-point question."""

    code: str
    label: Text
    exclusive: bool = False
    other: bool = False  # opens a text field whose column is "<question>.other"
    category: str = ""  # pain points only: people, machine, material, method, environment, measurement
    visible_if: str = ""


class RatingScale(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """An answer scale of integers ``low`` … ``low + len(labels) - 1``; ``labels`` run from the lowest to the highest."""

    labels: tuple[Text, ...]
    low: int = 1

    @property
    def high(self) -> int:
        return self.low + len(self.labels) - 1


class Row(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A statement in a matrix; its column is "<question>.<code>"."""

    code: str
    label: Text
    visible_if: str = ""


class QuestionBase(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Fields that every question has. Subclasses add theirs and are tagged by ``type``."""

    code: str
    text: Text
    hint: Text = msgspec.field(default_factory=dict)
    required: bool = False
    not_applicable: bool = (
        False  # offers 不适用 / not applicable (one box; per row in a matrix, per step in a step grid)
    )
    visible_if: str = ""


Form = Any  # Mapping[str, Sequence[str]]: a multidict as posted; fields are named like the columns
