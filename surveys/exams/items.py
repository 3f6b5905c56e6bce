"""Items of an exam bank: what is asked, its key, what is said about each answer afterwards.

A key never leaves the server before release: what a candidate sees is made by ``surveys.exams.presentation`` alone.
A response to an item is flat like all answers (docs/architecture.md): part name → text, code, or list of codes; the
parts are named in each type's docstring.
"""

from __future__ import annotations

from typing import Literal, get_args

import msgspec

from surveys.text import Text

Difficulty = Literal["easy", "medium", "hard"]
Bloom = Literal["remember", "understand", "apply", "analyse", "evaluate", "create"]
"""Levels of the revised taxonomy, Anderson & Krathwohl (2001)."""
State = Literal["draft", "reviewed", "retired"]


class _Struct(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    pass


class Option(_Struct, frozen=True, kw_only=True):
    """``share``: what choosing it earns of the item's points, −1 to 1, for per-option marking; by default a key's
    equal part. ``fixed`` stays in place when options are shuffled ("none of these")."""

    code: str
    label: Text
    correct: bool = False
    share: float | None = None
    feedback: Text = msgspec.field(default_factory=dict)
    fixed: bool = False


class Match(_Struct, frozen=True, kw_only=True):
    """Which typed texts are the same: compared after the normalisations that are on; spaces at the ends never count."""

    width: bool = True  # full-width letters and digits equal half-width ones
    case: bool = True  # letters of either case are equal
    punctuation: bool = True  # marks do not count
    spaces: bool = True  # spaces do not count
    script: bool = False  # traditional and simplified characters are equal


class Accepted(_Struct, frozen=True, kw_only=True):
    """A text, or a number with ``tolerance``, that is right. ``share`` of the points, 0 to 1."""

    text: str = ""
    number: float | None = None
    tolerance: float = 0.0
    share: float = 1.0
    feedback: Text = msgspec.field(default_factory=dict)


class Gap(_Struct, frozen=True, kw_only=True):
    """One blank: alternatives that are accepted, and what it weighs among the item's blanks."""

    code: str
    label: Text = msgspec.field(default_factory=dict)
    accepted: tuple[Accepted, ...]
    weight: float = 1.0
    unit: Text = msgspec.field(default_factory=dict)


class Pair(_Struct, frozen=True, kw_only=True):
    """A premise and the code of the option that belongs to it."""

    code: str
    label: Text
    option: str


class Level(_Struct, frozen=True, kw_only=True):
    """A step of a rubric's criterion and the points it earns."""

    points: float
    label: Text


class Criterion(_Struct, frozen=True, kw_only=True):
    """A line of a rubric; its highest level is what it can earn."""

    code: str
    label: Text
    levels: tuple[Level, ...]


class Item(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True, tag_field="type"):
    """Common to all types. ``text`` is the stem, ``explanation`` what is shown after release."""

    text: Text
    explanation: Text = msgspec.field(default_factory=dict)


class SingleItem(Item, frozen=True, kw_only=True, tag="single"):
    """One of the options. Part: ``choice`` (code)."""

    options: tuple[Option, ...]
    shuffle: bool = True


class MultipleItem(Item, frozen=True, kw_only=True, tag="multiple"):
    """Any number of options. Part: ``choice`` (list of codes)."""

    options: tuple[Option, ...]
    shuffle: bool = True


class TrueFalseItem(Item, frozen=True, kw_only=True, tag="true_false"):
    """Part: ``choice`` (``true`` or ``false``)."""

    correct: bool
    feedback_true: Text = msgspec.field(default_factory=dict)
    feedback_false: Text = msgspec.field(default_factory=dict)


class BlanksItem(Item, frozen=True, kw_only=True, tag="blanks"):
    """Several labelled blanks under the stem. Parts: each gap's code (typed text)."""

    gaps: tuple[Gap, ...]
    match: Match = Match()


class ClozeItem(Item, frozen=True, kw_only=True, tag="cloze"):
    """Blanks in the sentence: ``text`` holds ``[[code]]`` where a gap stands. Parts: each gap's code (typed text)."""

    gaps: tuple[Gap, ...]
    match: Match = Match()


class Unit(_Struct, frozen=True, kw_only=True):
    """A further unit of a number, and what one of it is in the item's own ``unit``: an hour is 60 minutes."""

    code: str
    label: Text
    factor: float


BASE_UNIT = "base"
"""How a response names an item's own unit, where it could have chosen another."""


class NumericItem(Item, frozen=True, kw_only=True, tag="numeric"):
    """A number. Parts: ``number`` (typed text), ``unit`` (a unit's code or ``base``, where there is a choice of units).

    A number is compared after it was turned into ``unit``; in the wrong unit it is wrong.
    """

    accepted: tuple[Accepted, ...]
    unit: Text = msgspec.field(default_factory=dict)
    units: tuple[Unit, ...] = ()


class MatchingItem(Item, frozen=True, kw_only=True, tag="matching"):
    """Options to premises; options may be more than premises. Parts: each pair's code (code of an option)."""

    pairs: tuple[Pair, ...]
    options: tuple[Option, ...]
    shuffle: bool = True


class OrderingItem(Item, frozen=True, kw_only=True, tag="ordering"):
    """Steps to be put in order; written in the right one. Part: ``order`` (list of codes, "" for an empty place)."""

    options: tuple[Option, ...]


class ShortAnswerItem(Item, frozen=True, kw_only=True, tag="short_answer"):
    """A word or two, matched. Part: ``text``."""

    accepted: tuple[Accepted, ...]
    match: Match = Match()


class EssayItem(Item, frozen=True, kw_only=True, tag="essay"):
    """Marked by hand by the rubric. Part: ``text``."""

    rubric: tuple[Criterion, ...]
    maximum_length: int = 4000


class FileItem(Item, frozen=True, kw_only=True, tag="file"):
    """An uploaded file, marked by hand by the rubric. Part: ``file`` (identifier)."""

    rubric: tuple[Criterion, ...]


SimpleItem = (
    SingleItem | MultipleItem | TrueFalseItem | BlanksItem | ClozeItem | NumericItem | MatchingItem | OrderingItem
    | ShortAnswerItem | EssayItem | FileItem
)  # fmt: skip


class SubItem(_Struct, frozen=True, kw_only=True):
    """One question of a case; ``weight`` among its siblings."""

    code: str
    item: SimpleItem
    weight: float = 1.0


class CaseItem(Item, frozen=True, kw_only=True, tag="case"):
    """A described situation and questions about it. Parts: ``<sub code>.<part>``."""

    questions: tuple[SubItem, ...]


AnyItem = SimpleItem | CaseItem

ITEM_TYPES: dict[str, type[AnyItem]] = {str(each.__struct_config__.tag): each for each in get_args(AnyItem)}
"""Type as written in files to its class."""


class BankItem(_Struct, frozen=True, kw_only=True):
    """An item with what the bank knows of it. ``code`` is unique within its bank; ``category`` a path with "/"."""

    code: str
    item: AnyItem
    category: str = ""
    topic: str = ""  # the training topic that a wrong answer sends back to
    tags: tuple[str, ...] = ()
    difficulty: Difficulty = "medium"
    bloom: Bloom = "understand"
    state: State = "draft"
    author: str = ""


Response = dict[str, str | list[str]]
"""Part name → what was answered; a part that is absent was left blank."""
