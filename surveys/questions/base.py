"""What every question type is: a frozen Struct that names its columns, reads a form and checks an answer.

A new question type is one class in this package (listed in ``surveys.questions.Question``) and one template
``web/templates/answer/question/<type>.html``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Literal, Protocol

import msgspec

from surveys.problem import Problem, problem
from surveys.text import Text

if TYPE_CHECKING:
    from surveys.definition import Questionnaire

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
    ``low``/``high`` bound integers and numbers. ``labels`` word values (codes, or points of a scale as text); piping,
    exports, code books and findings read them, so that none of these has to know a question's type. ``free`` marks text
    typed by a participant (disclosure rules apply), ``identifying`` what says who somebody is (a phone number, a
    photo): no analysis ever prints it. ``unit`` of text is ``date`` (2026-03-31) or ``time`` (09:05) where it is one.
    """

    name: str
    question: str
    kind: Literal["integer", "number", "text", "code", "codes"]
    label: Text
    choices: tuple[str, ...] = ()
    labels: dict[str, Text] = msgspec.field(default_factory=dict)
    low: float | None = None
    high: float | None = None
    unit: str = ""
    free: bool = False
    identifying: bool = False


class Choice(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """An option of a choice, ranking or pain-point question."""

    code: str
    label: Text
    exclusive: bool = False
    other: bool = False  # opens a text field whose column is "<question>.other"
    category: str = ""  # pain points only: people, machine, material, method, environment, measurement
    fixed: bool = False  # keeps its place where options are shuffled
    visible_if: str = ""


class Part(Protocol):
    """What a question is made of and can be shown or not: an option, a row, a blank."""

    @property
    def code(self) -> str: ...

    @property
    def label(self) -> Text: ...

    @property
    def visible_if(self) -> str: ...


class Rule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What an answer must fulfil beyond its type: where ``holds`` is false, ``message`` is shown at the question."""

    holds: str  # an expression; false refuses the answer
    message: Text


class RatingScale(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """An answer scale of integers ``low`` … ``low + len(labels) - 1``; ``labels`` run from lowest to highest."""

    labels: tuple[Text, ...]
    low: int = 1

    @property
    def high(self) -> int:
        return self.low + len(self.labels) - 1

    def worded(self) -> dict[str, Text]:
        """Each point, as text, with its label."""
        return {str(self.low + index): label for index, label in enumerate(self.labels)}


class Row(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A statement in a matrix; its column is "<question>.<code>"."""

    code: str
    label: Text
    visible_if: str = ""


Form = Mapping[str, Sequence[str]]
"""A multidict as posted: field name to all its values. Fields are named like the columns; ``.na`` ticks 不适用."""

TODAY = "_today"
"""The field in which the server adds its own day to a posted form (ISO): dates are held against it."""

Meanings = Mapping[str, Value]
"""What a form field may say, to the value that is stored."""

Reading = tuple[Answers, list[str], list[Problem]]
"""What a question made of a form: valid answers, columns marked not applicable, and a problem per field that is not."""


class QuestionBase(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Fields that every question has. Subclasses add theirs and are tagged by ``type``."""

    uploads: ClassVar[bool] = False  # its form field ``q.upload`` carries a file
    blinded: ClassVar[bool] = False  # what is typed is turned into a code before anything reads or stores it
    filled_by_server: ClassVar[bool] = False  # never asked: a computed value, a hidden field, an assignment

    code: str
    text: Text
    hint: Text = msgspec.field(default_factory=dict)
    required: bool = False
    required_if: str = ""  # required where this holds
    not_applicable: bool = False  # offers 不适用: one box; per row in a matrix, per step in a step grid
    visible_if: str = ""
    rules: tuple[Rule, ...] = ()
    group: str = ""  # code of the group of its page that it belongs to
    bank: str = ""  # the item of the question bank that it is, and the version: ``<item>@<number>``; empty for its own

    @property
    def type(self) -> str:
        return str(self.__struct_config__.tag)

    def columns(self, questionnaire: Questionnaire) -> tuple[Column, ...]:
        """The columns that this question yields, in order."""
        raise NotImplementedError

    def meanings(self, questionnaire: Questionnaire) -> dict[str, Meanings]:
        """Where every column is one value of a few, whatever the others are: by column, what its form field may say,
        to the value. With one of these in each, the question is answered whole, and nothing of it is wrong or due.

        Empty where ``read`` has to look closer. ``surveys.compiled`` keeps it: the common answer takes look-ups alone.
        """
        return {}

    def parts(self) -> tuple[Part, ...]:
        """Its options or rows: what can have a condition of its own."""
        return ()

    def check(self, questionnaire: Questionnaire) -> list[Problem]:
        """What makes no sense in this question; places are relative to it. Texts, codes and conditions are not its
        business but ``surveys.check``'s."""
        return []

    def read(self, form: Form, questionnaire: Questionnaire) -> Reading:
        """What the form says about this question, validated. Whether an answer is due is ``missing``'s business,
        so that half a question can be autosaved. Never raises, whatever the form holds."""
        raise NotImplementedError

    def missing(
        self, answers: Answers, not_applicable: frozenset[str], questionnaire: Questionnaire, hidden: frozenset[str]
    ) -> list[Problem]:
        """What is still due, at the form field where it belongs. ``hidden``: codes of parts that are not shown."""
        if self.required and self.code not in answers and self.code not in not_applicable:
            return [problem("required", self.code)]
        return []

    @property
    def lenient(self) -> bool:
        """Whether nothing of it is ever due while it is not required, whatever is answered: then nobody has to look."""
        return type(self).missing is QuestionBase.missing

    def form_values(
        self, answers: Answers, not_applicable: frozenset[str], questionnaire: Questionnaire
    ) -> dict[str, list[str]]:
        """The form that ``read`` turns into exactly these answers: fills a page again."""
        form = {self.code: [write_value(answers[self.code])]} if self.code in answers else {}
        return self._with_box(form, not_applicable)

    @property
    def one_box(self) -> bool:
        """Whether 不适用 is one box for the whole question; matrices have one per row."""
        return True

    def concealed(self, names: Iterable[str], hidden: frozenset[str]) -> frozenset[str]:
        """Those of its columns that belong to hidden rows and so were not shown. Options have no column to hide."""
        return frozenset()

    def without(self, answers: Answers, hidden: frozenset[str]) -> Answers:
        """The question's ``answers`` less everything that belongs to hidden parts."""
        kept: Answers = {}
        for name, value in answers.items():
            part = name.split(".")[1] if "." in name else ""
            if part in hidden or (name == self.code and isinstance(value, str) and value in hidden):
                continue
            if isinstance(value, list):
                value = [code for code in value if code not in hidden]
                if not value:
                    continue
            kept[name] = value
        return kept

    def _box(self, form: Form) -> bool:
        """Whether the question's own 不适用 box is ticked. It wins over an answer, since a radio cannot be unticked."""
        return self.not_applicable and bool(first(form, f"{self.code}.na"))

    def _with_box(self, form: dict[str, list[str]], not_applicable: frozenset[str]) -> dict[str, list[str]]:
        if self.code in not_applicable:
            form[f"{self.code}.na"] = ["1"]
        return form


def first(form: Form, field: str) -> str:
    """The first value of a field, the empty string where there is none; NULs dropped, line ends as LF."""
    values = form.get(field)
    if not values:
        return ""
    return clean(values if isinstance(values, str) else values[0])


def today(form: Form) -> date | None:
    """The server's day; None where a form came without a server (an import)."""
    try:
        return date.fromisoformat(first(form, TODAY))
    except ValueError:
        return None


def every(form: Form, field: str) -> list[str]:
    """All values of a field, empty ones left out."""
    values = form.get(field) or ()
    return [text for value in ([values] if isinstance(values, str) else values) if (text := clean(value))]


def clean(value: object) -> str:
    """Free text exactly as typed, but for NULs (no database takes them), lone surrogates and CRLF."""
    if not isinstance(value, str):
        return ""
    if value.isascii() and "\r" not in value and "\0" not in value:
        return value
    value = value.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return value if value.isprintable() else value.encode("utf-8", "ignore").decode("utf-8")


def read_text(form: Form, field: str, limit: int) -> tuple[str, Problem | None]:
    """A free text, verbatim; blank counts as unanswered. Longer than ``limit`` code points is a problem."""
    text = first(form, field)
    if len(text) > limit:
        return "", problem("too_long", field, maximum=limit, count=len(text))
    return (text, None) if text and not text.isspace() else ("", None)


def read_integer(form: Form, field: str, low: int, high: int) -> tuple[int | None, Problem | None]:
    """A point of an answer scale, None where nothing was chosen."""
    text = first(form, field).strip()
    if not text:
        return None, None
    if not (text.isdecimal() and text.isascii() and len(text) < 4):
        return None, problem("out_of_scale", field, low=low, high=high)
    value = int(text)
    return (value, None) if low <= value <= high else (None, problem("out_of_scale", field, low=low, high=high))


def write_value(value: Value) -> str:
    """A scalar answer as its form field's text: ``5.0`` is ``5``."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def check_figure(key: str, value: float, low: float, high: float) -> list[Problem]:
    """A setting of a question outside of what makes sense."""
    return (
        []
        if low <= value <= high
        else [problem("bad_figure", key, key=key, low=write_value(low), high=write_value(high))]
    )
