"""What matters how much: shares of a whole, best and worst, with and without, one against the other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING

import msgspec

from surveys.problem import Problem, problem
from surveys.questions.base import Answers, Choice, Column, Form, Reading, Row, check_figure, first
from surveys.questions.cells import Cell
from surveys.questions.choice import unknown
from surveys.questions.design import balanced_sets
from surveys.questions.grid import Grid
from surveys.questions.number import read_number
from surveys.questions.several import Several
from surveys.text import DEFAULT_LANGUAGE, Text

if TYPE_CHECKING:
    from surveys.definition import Questionnaire


class _Weighed(Several, frozen=True, kw_only=True):
    """``choices`` that are held against each other."""

    choices: tuple[Choice, ...]

    def parts(self) -> tuple[Choice, ...]:
        return self.choices

    def check_count(self, low: int, high: int) -> list[Problem]:
        found = [] if len(self.choices) >= low else [problem("too_few_choices", "choices", minimum=low)]
        if len(self.choices) > high:
            found.append(problem("too_many_parts", "choices", count=len(self.choices), limit=high))
        return found

    def codes(self) -> tuple[str, ...]:
        return tuple(choice.code for choice in self.choices)

    def labels(self) -> dict[str, Text]:
        return {choice.code: choice.label for choice in self.choices}


class ConstantSum(_Weighed, frozen=True, kw_only=True, tag="constant_sum", tag_field="type"):
    """``total`` shared out among the options (比重). Columns: ``q.<choice>`` (integer from 0).

    Once the shares add up, what was left blank is 0.
    """

    total: int = 100
    unit: Text = msgspec.field(default_factory=dict)

    def check(self, questionnaire: Questionnaire) -> list[Problem]:
        return self.check_count(2, 12) + check_figure("total", self.total, 2, 1_000)

    def columns(self, questionnaire: Questionnaire) -> tuple[Column, ...]:
        return tuple(
            Column(
                name=f"{self.code}.{each.code}", question=self.code, kind="integer", label=each.label, low=0,
                high=self.total, unit=self.unit.get(DEFAULT_LANGUAGE, ""),
            )
            for each in self.choices
        )  # fmt: skip

    def read(self, form: Form, questionnaire: Questionnaire) -> Reading:
        if marked := self.marked(form, questionnaire):
            return {}, marked, []
        shares: dict[str, int] = {}
        problems: list[Problem] = []
        names = self.names(questionnaire)
        for name in names:
            value, wrong = read_number(form, name, 0, self.total, 0)
            if wrong:
                problems.append(wrong)
            elif value is not None:
                shares[name] = int(value)
        if not problems and sum(shares.values()) == self.total:
            shares = {name: shares.get(name, 0) for name in names}
        return {**shares}, [], problems

    def missing(
        self, answers: Answers, not_applicable: frozenset[str], questionnaire: Questionnaire, hidden: frozenset[str]
    ) -> list[Problem]:
        """Shares that do not add up are due to be mended, whether or not the question is required."""
        given = [int(value) for name in self.names(questionnaire) if isinstance(value := answers.get(name), int)]
        if not given:
            everything = not_applicable.issuperset(self.names(questionnaire))
            return [problem("required", self.code)] if self.required and not everything else []
        reached = sum(given)
        return [] if reached == self.total else [problem("wrong_total", self.code, total=self.total, sum=reached)]


class MaxDiff(_Weighed, frozen=True, kw_only=True, tag="maxdiff", tag_field="type"):
    """In several sets of options, the best and the worst of each. Columns: ``q.set1.best``, ``q.set1.worst`` … (code).

    ``size`` options stand in a set. ``sets``: how many, so that each option is shown three times unless told;
    ``surveys.questions.design`` says which.
    """

    size: int = 4
    sets: int | None = None
    best: Text = msgspec.field(default_factory=lambda: {"zh-CN": "最重要", "en": "Most important"})
    worst: Text = msgspec.field(default_factory=lambda: {"zh-CN": "最不重要", "en": "Least important"})

    def check(self, questionnaire: Questionnaire) -> list[Problem]:
        counts = self.check_count(4, 30)
        if counts:
            return counts
        return check_figure("size", self.size, 3, min(6, len(self.choices) - 1)) + (
            [] if self.sets is None else check_figure("sets", self.sets, 1, 30)
        )

    def drawn(self) -> tuple[tuple[Choice, ...], ...]:
        """The options of each set."""
        size = max(1, min(self.size, len(self.choices)))
        sets = -(-3 * len(self.choices) // size) if self.sets is None else self.sets
        design = balanced_sets(len(self.choices), size, max(0, min(sets, 90)))
        return tuple(tuple(self.choices[index] for index in members) for members in design)

    def columns(self, questionnaire: Questionnaire) -> tuple[Column, ...]:
        return tuple(
            Column(
                name=f"{self.code}.set{number}.{end}", question=self.code, kind="code", label=label,
                choices=tuple(each.code for each in members), labels={each.code: each.label for each in members},
            )
            for number, members in enumerate(self.drawn(), 1)
            for end, label in (("best", self.best), ("worst", self.worst))
        )  # fmt: skip

    def read(self, form: Form, questionnaire: Questionnaire) -> Reading:
        if marked := self.marked(form, questionnaire):
            return {}, marked, []
        answers: Answers = {}
        problems: list[Problem] = []
        for number, members in enumerate(self.drawn(), 1):
            best, worst = f"{self.code}.set{number}.best", f"{self.code}.set{number}.worst"
            for name in (best, worst):
                code = first(form, name)
                if code and all(each.code != code for each in members):
                    problems.append(unknown(name, code))
                elif code and name == worst and code == answers.get(best):
                    problems.append(problem("best_is_worst", worst))
                elif code:
                    answers[name] = code
        return answers, [], problems

    def without(self, answers: Answers, hidden: frozenset[str]) -> Answers:
        return {name: value for name, value in answers.items() if value not in hidden}

    def due(self, hidden: frozenset[str], questionnaire: Questionnaire) -> Iterator[str]:
        for number, members in enumerate(self.drawn(), 1):
            if sum(each.code not in hidden for each in members) > 1:
                yield from (f"{self.code}.set{number}.best", f"{self.code}.set{number}.worst")


FEELINGS: tuple[Choice, ...] = (
    Choice(code="like", label={"zh-CN": "我很喜欢", "en": "I like it"}),
    Choice(code="expect", label={"zh-CN": "理应如此", "en": "I expect it"}),
    Choice(code="neutral", label={"zh-CN": "无所谓", "en": "I am neutral"}),
    Choice(code="tolerate", label={"zh-CN": "勉强接受", "en": "I can live with it"}),
    Choice(code="dislike", label={"zh-CN": "我不喜欢", "en": "I dislike it"}),
)


class Kano(Grid, frozen=True, kw_only=True, tag="kano", tag_field="type"):
    """How people would feel with each feature, and without it.

    Columns: ``q.<row>.present``, ``q.<row>.absent`` (code: like, expect, neutral, tolerate, dislike).
    """

    rows: tuple[Row, ...]
    shuffle: bool = False  # the rows

    def parts(self) -> tuple[Row, ...]:
        return self.rows

    def down(self, questionnaire: Questionnaire) -> tuple[Row, ...]:
        return self.rows

    def across(self, questionnaire: Questionnaire) -> tuple[Cell, ...]:
        return (
            Cell(code="present", label={"zh-CN": "如果有", "en": "If it is there"}, kind="choice", choices=FEELINGS),
            Cell(code="absent", label={"zh-CN": "如果没有", "en": "If it is not"}, kind="choice", choices=FEELINGS),
        )

    def check(self, questionnaire: Questionnaire) -> list[Problem]:
        return [] if self.rows else [problem("no_rows", "rows")]


EQUAL = "equal"
EQUALLY: Text = {"zh-CN": "同样重要", "en": "Equally important"}
TIMES: dict[str, Text] = {
    "2": {"zh-CN": "2", "en": "2"},
    "3": {"zh-CN": "3 稍微重要", "en": "3 moderately"},
    "4": {"zh-CN": "4", "en": "4"},
    "5": {"zh-CN": "5 明显重要", "en": "5 strongly"},
    "6": {"zh-CN": "6", "en": "6"},
    "7": {"zh-CN": "7 强烈重要", "en": "7 very strongly"},
    "8": {"zh-CN": "8", "en": "8"},
    "9": {"zh-CN": "9 极端重要", "en": "9 extremely"},
}


class Ahp(_Weighed, frozen=True, kw_only=True, tag="ahp", tag_field="type"):
    """Every two options against each other on Saaty's 1–9; weights and consistency are worked out in analysis.

    Columns, for each two options: ``q.<one>.<other>.more`` (code: one of the two, or ``equal``) and
    ``q.<one>.<other>.times`` (integer 2–9, where one is more important).
    """

    def check(self, questionnaire: Questionnaire) -> list[Problem]:
        taken = [index for index, each in enumerate(self.choices) if each.code == EQUAL]
        return self.check_count(2, 7) + [problem("reserved_code", f"choices.{i}.code", name=EQUAL) for i in taken]

    def pairs(self) -> Iterator[tuple[str, Choice, Choice]]:
        """The stem of its columns, and the two options."""
        for one, other in combinations(self.choices, 2):
            yield f"{self.code}.{one.code}.{other.code}", one, other

    def columns(self, questionnaire: Questionnaire) -> tuple[Column, ...]:
        found: list[Column] = []
        for stem, one, other in self.pairs():
            label = {each: f"{one.label.get(each, '')} / {other.label.get(each, '')}" for each in one.label}
            options = {
                one.code: one.label,
                EQUAL: EQUALLY,
                other.code: other.label,
            }
            found.append(
                Column(
                    name=f"{stem}.more", question=self.code, kind="code", label=label, choices=tuple(options),
                    labels=options,
                )
            )  # fmt: skip
            found.append(
                Column(
                    name=f"{stem}.times", question=self.code, kind="integer", label=label, labels=TIMES, low=2, high=9
                )
            )
        return tuple(found)

    def read(self, form: Form, questionnaire: Questionnaire) -> Reading:
        if marked := self.marked(form, questionnaire):
            return {}, marked, []
        answers: Answers = {}
        problems: list[Problem] = []
        for stem, one, other in self.pairs():
            more = first(form, f"{stem}.more")
            if not more:
                continue
            if more not in (one.code, EQUAL, other.code):
                problems.append(unknown(f"{stem}.more", more))
                continue
            answers[f"{stem}.more"] = more
            if more == EQUAL:
                continue
            times, wrong = read_number(form, f"{stem}.times", 2, 9, 0)
            if wrong:
                problems.append(wrong)
            elif times is not None:
                answers[f"{stem}.times"] = int(times)
        return answers, [], problems

    def without(self, answers: Answers, hidden: frozenset[str]) -> Answers:
        return {name: value for name, value in answers.items() if not hidden.intersection(name.split(".")[1:3])}

    def missing(
        self, answers: Answers, not_applicable: frozenset[str], questionnaire: Questionnaire, hidden: frozenset[str]
    ) -> list[Problem]:
        """Half a comparison is due to be finished, whether or not the question is required."""
        found = []
        for stem, one, other in self.pairs():
            more = answers.get(f"{stem}.more")
            if more is None:
                due = self.required and f"{stem}.more" not in not_applicable
                found += [problem("required", f"{stem}.more")] if due and not hidden & {one.code, other.code} else []
            elif more != EQUAL and f"{stem}.times" not in answers:
                found.append(problem("how_much_more", f"{stem}.times"))
        return found
