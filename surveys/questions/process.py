"""Questions about a process: its steps, its pain points and their causes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from surveys.problem import Problem, problem
from surveys.questions.base import (
    Answers,
    Column,
    Form,
    QuestionBase,
    Reading,
    check_figure,
    every,
    first,
    read_integer,
    read_text,
    write_value,
)
from surveys.questions.choice import OTHER_LENGTH, _Options, chosen, read_ranks, unknown
from surveys.questions.flow import asked_steps, check_steps
from surveys.questions.grid import both
from surveys.questions.measures import CAUSE_LABELS, CAUSES, MEASURES, POINTS, points_column
from surveys.questions.number import read_number

if TYPE_CHECKING:
    from surveys.definition import Questionnaire, Step

WORK_LIMIT = 100_000.0  # minutes
WAIT_LIMIT = 10_000.0  # hours
WHY_LENGTH = 2_000
DEEPEST = 5  # whys; more is refused, and is not to cost anything before


class StepGrid(QuestionBase, frozen=True, kw_only=True, tag="step_grid", tag_field="type"):
    """For each process step of the questionnaire (or those named in ``steps``): minutes of work, hours of waiting,
    how often it goes wrong and how painful it is.

    Columns per step: ``q.<step>.work`` (number, minutes), ``q.<step>.wait`` (number, hours), ``q.<step>.errors``
    (integer 1–5, never … almost always), ``q.<step>.pain`` (integer 1–5, none … severe).
    A step that the participant does not know is not applicable (form field ``q.<step>.na``).
    """

    steps: tuple[str, ...] = ()

    @property
    def one_box(self) -> bool:
        return False

    def check(self, questionnaire: Questionnaire) -> list[Problem]:
        return check_steps(self.steps, questionnaire)

    def asked(self, questionnaire: Questionnaire) -> tuple[Step, ...]:
        """The steps asked about, in order of execution."""
        return asked_steps(self.steps, questionnaire)

    def names(self, step: str) -> tuple[str, str, str, str]:
        """The columns of one step: work, wait, errors, pain."""
        stem = f"{self.code}.{step}"
        return f"{stem}.work", f"{stem}.wait", f"{stem}.errors", f"{stem}.pain"

    def columns(self, questionnaire: Questionnaire) -> tuple[Column, ...]:
        q, found = self.code, []
        for step in self.asked(questionnaire):
            work, wait, errors, pain = self.names(step.code)
            found += [
                Column(
                    name=work, question=q, kind="number", label=both(step.label, MEASURES["work"]), unit="minute",
                    low=0, high=WORK_LIMIT,
                ),
                Column(
                    name=wait, question=q, kind="number", label=both(step.label, MEASURES["wait"]), unit="hour",
                    low=0, high=WAIT_LIMIT,
                ),
                points_column(errors, q, both(step.label, MEASURES["errors"]), "errors"),
                points_column(pain, q, both(step.label, MEASURES["pain"]), "pain"),
            ]  # fmt: skip
        return tuple(found)

    def read(self, form: Form, questionnaire: Questionnaire) -> Reading:
        answers: Answers = {}
        not_applicable: list[str] = []
        problems: list[Problem] = []
        for step in self.asked(questionnaire):
            names = self.names(step.code)
            if self.not_applicable and first(form, f"{self.code}.{step.code}.na"):
                not_applicable.extend(names)
                continue
            work, wait, errors, pain = names
            readings: dict[str, tuple[float | None, Problem | None]] = {
                work: read_number(form, work, 0, WORK_LIMIT, 2),
                wait: read_number(form, wait, 0, WAIT_LIMIT, 2),
                errors: read_integer(form, errors, 1, POINTS),
                pain: read_integer(form, pain, 1, POINTS),
            }
            answers.update({name: value for name, (value, _) in readings.items() if value is not None})
            problems.extend(wrong for _, wrong in readings.values() if wrong)
        return answers, not_applicable, problems

    def missing(
        self, answers: Answers, not_applicable: frozenset[str], questionnaire: Questionnaire, hidden: frozenset[str]
    ) -> list[Problem]:
        if not self.required:
            return []
        names = [name for step in self.asked(questionnaire) for name in self.names(step.code)]
        return [problem("required", name) for name in names if name not in answers and name not in not_applicable]

    def form_values(
        self, answers: Answers, not_applicable: frozenset[str], questionnaire: Questionnaire
    ) -> dict[str, list[str]]:
        form: dict[str, list[str]] = {}
        for step in self.asked(questionnaire):
            names = self.names(step.code)
            form.update({name: [write_value(answers[name])] for name in names if name in answers})
            if not_applicable.issuperset(names):
                form[f"{self.code}.{step.code}.na"] = ["1"]
        return form


class PainPoints(_Options, frozen=True, kw_only=True, tag="pain_points", tag_field="type"):
    """Choose and rank the worst pain points; each chosen one gets severity 1–5, frequency 1–5 and a category.

    Columns: ``q`` (codes, worst first), ``q.<choice>.severity``, ``q.<choice>.frequency`` (integers 1–5),
    ``q.<choice>.category`` (code of ``CAUSES``; defaults to the choice's category), ``q.other`` (text).
    Form fields: ``q`` once per pain point ticked and ``q.<choice>.rank`` = 1, 2, …, beside the columns' own names.
    The ticks decide what is chosen; a tick without a rank takes the first one free, so that one is never lost.
    """

    maximum: int = 3

    def check(self, questionnaire: Questionnaire) -> list[Problem]:
        problems = super().check(questionnaire)
        if not 1 <= self.maximum <= len(self.choices):
            problems.append(problem("maximum_above_choices", "maximum", maximum=self.maximum, count=len(self.choices)))
        for index, choice in enumerate(self.choices):
            if choice.category and choice.category not in CAUSES:
                place = f"choices.{index}.category"
                problems.append(problem("unknown_category", place, name=choice.category, known=", ".join(CAUSES)))
        return problems

    def columns(self, questionnaire: Questionnaire) -> tuple[Column, ...]:
        q = self.code
        found = [Column(name=q, question=q, kind="codes", label=self.text, choices=self.codes())]
        for choice in self.choices:
            stem, label = f"{q}.{choice.code}", choice.label
            found += [
                points_column(f"{stem}.severity", q, both(label, MEASURES["severity"]), "severity"),
                points_column(f"{stem}.frequency", q, both(label, MEASURES["frequency"]), "frequency"),
                Column(
                    name=f"{stem}.category", question=q, kind="code", label=both(label, MEASURES["category"]),
                    choices=CAUSES, labels=CAUSE_LABELS,
                ),
            ]  # fmt: skip
        return (*found, *self.other_column())

    def read(self, form: Form, questionnaire: Questionnaire) -> Reading:
        if self._box(form):
            return {}, [self.code], []
        ranked, problems = self._ranked(form, set(every(form, self.code)))
        if problems or not ranked:
            return {}, [], problems
        answers: Answers = {self.code: list(ranked)}
        for choice in self.choices:
            if choice.code in ranked:
                problems += self._read_details(form, choice.code, choice.category, answers)
        other = self.other()
        if other is not None and other.code in ranked:
            text, wrong = read_text(form, f"{self.code}.other", OTHER_LENGTH)
            answers.update({f"{self.code}.other": text} if text else {})
            problems += [wrong] if wrong else []
        return answers, [], problems

    def _ranked(self, form: Form, ticked: set[str]) -> tuple[list[str], list[Problem]]:
        """The codes ticked, worst first."""
        strangers = ticked.difference(self.codes())
        if strangers:
            return [], [unknown(self.code, min(strangers))]
        if len(ticked) > self.maximum:
            return [], [problem("too_many", self.code, maximum=self.maximum, count=len(ticked))]
        fields = {code: f"{self.code}.{code}.rank" for code in self.codes() if code in ticked}
        ranks = {field: first(form, field).strip() for field in fields.values()}
        free = (str(rank) for rank in range(1, len(ranks) + 1) if str(rank) not in ranks.values())
        return read_ranks({field: [rank or next(free)] for field, rank in ranks.items()}, fields, self.maximum)

    def _read_details(self, form: Form, code: str, category: str, answers: Answers) -> list[Problem]:
        problems: list[Problem] = []
        for name in (f"{self.code}.{code}.severity", f"{self.code}.{code}.frequency"):
            value, wrong = read_integer(form, name, 1, POINTS)
            if value is not None:
                answers[name] = value
            problems += [wrong] if wrong else []
        name = f"{self.code}.{code}.category"
        category = first(form, name) or category
        if category in CAUSES:
            answers[name] = category
        elif category:
            problems.append(unknown(name, category))
        return problems

    def missing(
        self, answers: Answers, not_applicable: frozenset[str], questionnaire: Questionnaire, hidden: frozenset[str]
    ) -> list[Problem]:
        due = super().missing(answers, not_applicable, questionnaire, hidden)
        if due or not self.required or self.code in not_applicable:
            return due
        stems = [f"{self.code}.{code}" for code in chosen(answers, self.code)]
        names = [f"{stem}.{part}" for stem in stems for part in ("severity", "frequency")]
        return [problem("required", name) for name in names if name not in answers] + self.other_missing(answers)

    def form_values(
        self, answers: Answers, not_applicable: frozenset[str], questionnaire: Questionnaire
    ) -> dict[str, list[str]]:
        codes = chosen(answers, self.code)
        form = {self.code: codes} if codes else {}
        form.update({f"{self.code}.{code}.rank": [str(rank)] for rank, code in enumerate(codes, start=1)})
        own = f"{self.code}."
        form.update({name: [write_value(value)] for name, value in answers.items() if name.startswith(own)})
        return self._with_box(form, not_applicable)


class FiveWhys(QuestionBase, frozen=True, kw_only=True, tag="five_whys", tag_field="type"):
    """A problem and the chain of whys below it. Columns: ``q.problem``, ``q.why1`` … ``q.why5`` (text).

    ``problem_from`` names a pain_points question: its worst pain point is offered as the problem (column
    ``q.problem`` then holds the choice's code), and chains are grouped by it.
    """

    depth: int = 5
    problem_from: str = ""

    def check(self, questionnaire: Questionnaire) -> list[Problem]:
        problems = check_figure("depth", self.depth, 1, DEEPEST)
        if self.problem_from:
            codes = [each.code for each in questionnaire.questions()]
            source = questionnaire.question(self.problem_from)
            if not isinstance(source, PainPoints) or codes.index(source.code) > codes.index(self.code):
                problems.append(problem("unknown_problem_from", "problem_from", name=self.problem_from))
        return problems

    def problems(self, questionnaire: Questionnaire) -> tuple[str, ...]:
        """The codes to choose the problem from, empty where it is written freely."""
        source = self._source(questionnaire)
        return () if source is None else source.codes()

    def _source(self, questionnaire: Questionnaire) -> PainPoints | None:
        source = questionnaire.question(self.problem_from) if self.problem_from else None
        return source if isinstance(source, PainPoints) else None

    def whys(self) -> tuple[str, ...]:
        return tuple(f"{self.code}.why{number}" for number in range(1, min(self.depth, DEEPEST) + 1))

    def columns(self, questionnaire: Questionnaire) -> tuple[Column, ...]:
        q, source = self.code, self._source(questionnaire)
        label = both(self.text, {"zh-CN": "问题", "en": "problem"})
        if source is None:
            head = Column(name=f"{q}.problem", question=q, kind="text", label=label, free=True)
        else:
            codes, labels = source.codes(), source.labels()
            head = Column(name=f"{q}.problem", question=q, kind="code", label=label, choices=codes, labels=labels)
        return (head, *(self._why(name, depth) for depth, name in enumerate(self.whys(), start=1)))

    def _why(self, name: str, depth: int) -> Column:
        label = both(self.text, {"zh-CN": f"为什么（第 {depth} 问）", "en": f"why {depth}"})
        return Column(name=name, question=self.code, kind="text", label=label, free=True)

    def read(self, form: Form, questionnaire: Questionnaire) -> Reading:
        name = f"{self.code}.problem"
        if self._box(form):
            return {}, [name, *self.whys()], []
        readings = {why: read_text(form, why, WHY_LENGTH) for why in self.whys()}
        codes = self.problems(questionnaire)
        if codes:
            code = first(form, name)
            readings[name] = (code, None) if code in codes or not code else ("", unknown(name, code))
        else:
            readings[name] = read_text(form, name, WHY_LENGTH)
        answers: Answers = {name: readings[name][0] for name in (name, *self.whys()) if readings[name][0]}
        return answers, [], [wrong for _, wrong in readings.values() if wrong]

    def missing(
        self, answers: Answers, not_applicable: frozenset[str], questionnaire: Questionnaire, hidden: frozenset[str]
    ) -> list[Problem]:
        if not self.required:
            return []
        names = (f"{self.code}.problem", f"{self.code}.why1")
        return [problem("required", name) for name in names if name not in answers and name not in not_applicable]

    def form_values(
        self, answers: Answers, not_applicable: frozenset[str], questionnaire: Questionnaire
    ) -> dict[str, list[str]]:
        names = (f"{self.code}.problem", *self.whys())
        form = {name: [write_value(answers[name])] for name in names if name in answers}
        if not_applicable.issuperset(names):
            form[f"{self.code}.na"] = ["1"]
        return form
