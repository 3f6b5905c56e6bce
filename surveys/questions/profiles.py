"""Lines that are judged one by one on points of their own: opposites, standard items, cards for piles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from surveys.problem import Problem, problem
from surveys.questions.base import Choice, Column, RatingScale, Row, check_figure
from surveys.questions.cells import Cell
from surveys.questions.grid import Grid, check_cells
from surveys.text import Text

if TYPE_CHECKING:
    from surveys.definition import Questionnaire


class Points(Cell, frozen=True, kw_only=True):
    """A point of a scale that comes with the type, not with the questionnaire."""

    own: RatingScale

    def points(self, questionnaire: Questionnaire) -> RatingScale:
        return self.own


class Pole(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A pair of opposites; its column is "<question>.<code>"."""

    code: str
    left: Text
    right: Text
    visible_if: str = ""

    @property
    def label(self) -> Text:
        return {each: f"{self.left.get(each, '')} – {self.right.get(each, '')}" for each in {**self.left, **self.right}}


MOST_POINTS = 9


class SemanticDifferential(Grid, frozen=True, kw_only=True, tag="semantic_differential", tag_field="type"):
    """Where something stands between pairs of opposites. Columns: ``q.<row>`` (integer, 1 left … ``points`` right)."""

    rows: tuple[Pole, ...]
    points: int = 7
    shuffle: bool = False  # the rows

    def parts(self) -> tuple[Pole, ...]:
        return self.rows

    def down(self, questionnaire: Questionnaire) -> tuple[Row, ...]:
        return tuple(Row(code=row.code, label=row.label) for row in self.rows)

    def across(self, questionnaire: Questionnaire) -> tuple[Cell, ...]:
        return (Points(code="", label={}, kind="scale", own=RatingScale(labels=({},) * min(self.points, MOST_POINTS))),)

    def check(self, questionnaire: Questionnaire) -> list[Problem]:
        return check_figure("points", self.points, 3, MOST_POINTS) + ([] if self.rows else [problem("no_rows", "rows")])

    def columns(self, questionnaire: Questionnaire) -> tuple[Column, ...]:
        ends = {row.code: {"1": row.left, str(self.points): row.right} for row in self.rows}
        return tuple(
            msgspec.structs.replace(column, labels=ends[column.name.rpartition(".")[2]])
            for column in super().columns(questionnaire)
        )


AGREEMENT: tuple[Text, ...] = (
    {"zh-CN": "完全不同意", "en": "Strongly disagree"},
    {"zh-CN": "不太同意", "en": "Disagree"},
    {"zh-CN": "说不清", "en": "Neither"},
    {"zh-CN": "比较同意", "en": "Agree"},
    {"zh-CN": "完全同意", "en": "Strongly agree"},
)

_USABILITY: tuple[tuple[str, str], ...] = (
    ("我愿意经常使用{system}。", "I think that I would like to use {system} frequently."),
    ("我觉得{system}复杂得没有必要。", "I found {system} unnecessarily complex."),
    ("我觉得{system}用起来很容易。", "I thought {system} was easy to use."),
    ("我需要技术人员帮忙才能使用{system}。", "I think that I would need the support of a technical person to be able to use {system}."),  # noqa: E501
    ("我觉得{system}的各项功能结合得很好。", "I found the various functions in {system} were well integrated."),
    ("我觉得{system}里前后不一致的地方太多。", "I thought there was too much inconsistency in {system}."),
    ("我想大多数人很快就能学会使用{system}。", "I imagine that most people would learn to use {system} very quickly."),
    ("我觉得{system}用起来很别扭。", "I found {system} very awkward to use."),
    ("使用{system}时我心里有底。", "I felt very confident using {system}."),
    ("在用好{system}之前，我得先学很多东西。", "I needed to learn a lot of things before I could get going with {system}."),  # noqa: E501
)  # fmt: skip


class Sus(Grid, frozen=True, kw_only=True, tag="sus", tag_field="type"):
    """The System Usability Scale (Brooke 1996): its ten items on five points, scored 0–100 in analysis.

    Columns: ``q.item1`` … ``q.item10`` (integer 1–5, as answered; the even ones are turned round at scoring).
    ``system`` names what is judged.
    """

    system: Text = msgspec.field(default_factory=lambda: {"zh-CN": "这个系统", "en": "this system"})

    def check(self, questionnaire: Questionnaire) -> list[Problem]:
        return []

    def down(self, questionnaire: Questionnaire) -> tuple[Row, ...]:
        return tuple(
            Row(
                code=f"item{number}",
                label={
                    "zh-CN": chinese.format(system=_name(self.system, "zh-CN", "这个系统")),
                    "en": english.format(system=_name(self.system, "en", "this system")),
                },
            )
            for number, (chinese, english) in enumerate(_USABILITY, 1)
        )

    def across(self, questionnaire: Questionnaire) -> tuple[Cell, ...]:
        return (Points(code="", label={}, kind="scale", own=RatingScale(labels=AGREEMENT)),)


def _name(system: Text, language: str, otherwise: str) -> str:
    return system.get(language) or otherwise


class CardSort(Grid, frozen=True, kw_only=True, tag="card_sort", tag_field="type"):
    """Each card onto one of the named piles. Columns: ``q.<card>`` (code of the pile)."""

    cards: tuple[Row, ...]
    piles: tuple[Choice, ...]
    shuffle: bool = False  # the cards

    def parts(self) -> tuple[Row, ...]:
        return self.cards

    def down(self, questionnaire: Questionnaire) -> tuple[Row, ...]:
        return self.cards

    def across(self, questionnaire: Questionnaire) -> tuple[Cell, ...]:
        return (Cell(code="", label={}, kind="choice", choices=self.piles),)

    def check(self, questionnaire: Questionnaire) -> list[Problem]:
        found = [
            msgspec.structs.replace(each, place=each.place.replace("choices", "piles", 1))
            for each in check_cells(self.across(questionnaire), questionnaire)
        ]
        return found + ([] if self.cards else [problem("no_rows", "cards")])
