"""An exam as data: its paper, how it is sat, marked and released. All frozen; points are hundredths (``500`` is 5)."""

from __future__ import annotations

from typing import Literal

import msgspec

from surveys.exams.items import BankItem, Bloom, Difficulty
from surveys.text import Text

MarkingMode = Literal["all_or_nothing", "partial", "per_option"]
"""``partial``: right minus wrong, never below 0 (Moodle's grading of multiple answers)."""
AttemptRule = Literal["best", "last", "average"]
Purpose = Literal["exam", "pre", "post", "practice"]


class _Struct(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    pass


class Marking(_Struct, frozen=True, kw_only=True):
    """``penalty``: share of an item's points that a wrong answer costs; a total never falls below ``floor``.
    ``unanswered``: hundredths that a blank earns (0 or less)."""

    mode: MarkingMode = "all_or_nothing"
    penalty: float = 0.0
    unanswered: int = 0
    floor: int = 0


class FixedItem(_Struct, frozen=True, kw_only=True):
    """An item that everybody gets. ``marking`` of its own, or the paper's."""

    code: str
    points: int
    marking: Marking | None = None


class Draw(_Struct, frozen=True, kw_only=True):
    """``count`` items drawn of those that fit, for ``points`` each; an empty field fits all."""

    count: int
    points: int
    category: str = ""  # and all below it
    difficulty: Difficulty | Literal[""] = ""
    type: str = ""
    topic: str = ""
    bloom: Bloom | Literal[""] = ""
    marking: Marking | None = None


class Section(_Struct, frozen=True, kw_only=True):
    """Fixed items, then drawn ones."""

    title: Text = msgspec.field(default_factory=dict)
    items: tuple[FixedItem, ...] = ()
    draws: tuple[Draw, ...] = ()


class Blueprint(_Struct, frozen=True, kw_only=True):
    """What a paper is made of: every candidate's has the same number of items and the same total."""

    sections: tuple[Section, ...]
    marking: Marking = Marking()
    shuffle_items: bool = True
    shuffle_options: bool = True


class Pass(_Struct, frozen=True, kw_only=True):
    """``points`` (hundredths), ``percent`` of the total, or ``angoff``: the judges' mean, in percent, once fixed."""

    by: Literal["points", "percent", "angoff"] = "percent"
    value: float = 60.0


class Sitting(_Struct, frozen=True, kw_only=True):
    """Minutes and seconds; the window itself is the exam's ``opens_at`` and ``closes_at``.

    ``late_minutes``: how long after opening one may still start; None as long as the window is open. Whoever starts
    late has the full ``minutes`` but never beyond the window's end where ``ends_with_window``.
    ``grace_seconds``: how long after the deadline an answer that was on its way is taken.
    """

    minutes: int = 30
    late_minutes: int | None = None
    ends_with_window: bool = True
    attempts: int = 1
    attempt_rule: AttemptRule = "best"
    grace_seconds: int = 5
    free_navigation: bool = True
    password: bool = False
    seat_code: bool = False


class Release(_Struct, frozen=True, kw_only=True):
    """What candidates learn once HR releases the results."""

    score: bool = True
    passed: bool = True
    answers: bool = False  # their own, with right or wrong
    explanations: bool = False  # and the key


class Exam(_Struct, frozen=True, kw_only=True):
    """Everything about an exam that is fixed when it is published. ``valid_months``: of its certificate, 0 for ever.
    ``minimum_group``: departments of fewer people have no figures in reports, which members without HR's list see."""

    title: Text
    introduction: Text = msgspec.field(default_factory=dict)
    purpose: Purpose = "exam"
    blueprint: Blueprint
    passing: Pass = Pass()
    sitting: Sitting = Sitting()
    release: Release = Release()
    certificate: bool = True
    valid_months: int = 0
    minimum_group: int = 5
    languages: tuple[str, ...] = ("zh-CN", "en")


class Pool(_Struct, frozen=True, kw_only=True):
    """The reviewed items that a published exam draws from, as they were at publication: item code → item.

    What a later scoring may say of an item: ``granted`` ones earn everybody their full points, whatever the answer;
    ``dropped`` ones count for nobody, neither as points nor in the total, and have no mark.
    """

    items: dict[str, BankItem]
    granted: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()


class PaperItem(_Struct, frozen=True, kw_only=True):
    """An item on one candidate's paper. ``order``: the options as this candidate sees them, by code.

    The page gives nothing away, since it knows opaque names only, different in every attempt: ``names`` has those of
    options (and units), ``fields`` those of form fields, name → code or part of the response. In a case codes and
    parts begin with the question's code: ``q1.a``, ``q1.choice``.
    """

    number: int  # from 1
    code: str
    section: int
    points: int
    marking: Marking
    order: tuple[str, ...] = ()
    names: dict[str, str] = msgspec.field(default_factory=dict)
    fields: dict[str, str] = msgspec.field(default_factory=dict)


class Paper(_Struct, frozen=True, kw_only=True):
    """What one attempt is asked; kept with the attempt, so that it never depends on drawing it again."""

    seed: int
    items: tuple[PaperItem, ...]
    floor: int = 0  # the blueprint's

    @property
    def total(self) -> int:
        """Hundredths of a point that can be reached."""
        return sum(each.points for each in self.items)
