"""Questions whose answer is one or several of given options."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from surveys.problem import Problem, problem
from surveys.questions.base import (
    Answers,
    Choice,
    Column,
    Form,
    Meanings,
    QuestionBase,
    Reading,
    every,
    first,
    read_text,
)
from surveys.text import LANGUAGES, Text, pick

if TYPE_CHECKING:
    from surveys.definition import Questionnaire

SEGMENTS = ("side", "department", "position")
OTHER_LENGTH = 500
_SHOWN_LENGTH = 40


class _Options(QuestionBase, frozen=True, kw_only=True):
    """What questions with options share: the codes, the option that opens a text field, labels in messages."""

    choices: tuple[Choice, ...] = ()
    choices_from: str = ""  # an earlier question whose options come first here: those chosen there, or the others
    carry: Literal["chosen", "unchosen"] = "chosen"
    shuffle: bool = False  # the options

    def parts(self) -> tuple[Choice, ...]:
        return self.choices

    def check(self, questionnaire: Questionnaire) -> list[Problem]:
        problems = (
            [] if len(self.choices) > 1 or self.choices_from else [problem("too_few_choices", "choices", minimum=2)]
        )
        if sum(choice.other for choice in self.choices) > 1:
            problems.append(problem("two_others", "choices"))
        return problems

    def codes(self) -> tuple[str, ...]:
        return tuple(choice.code for choice in self.choices)

    def labels(self) -> dict[str, Text]:
        return {choice.code: choice.label for choice in self.choices}

    def codes_column(self) -> Column:
        return Column(
            name=self.code,
            question=self.code,
            kind="codes",
            label=self.text,
            choices=self.codes(),
            labels=self.labels(),
        )

    def other(self) -> Choice | None:
        """The option that opens a text field."""
        for choice in self.choices:
            if choice.other:
                return choice
        return None

    def choice(self, code: str) -> Choice | None:
        for choice in self.choices:
            if choice.code == code:
                return choice
        return None

    def other_column(self) -> tuple[Column, ...]:
        other = self.other()
        if other is None:
            return ()
        return (Column(name=f"{self.code}.other", question=self.code, kind="text", label=other.label, free=True),)

    def other_missing(self, answers: Answers) -> list[Problem]:
        """An option that asks "which?" wants an answer, once chosen, where the question is required."""
        other = self.other() if self.required else None
        name = f"{self.code}.other"
        if other is None or name in answers or other.code not in chosen(answers, self.code):
            return []
        return [labelled("other_text", name, other.label)]

    def form_values(
        self, answers: Answers, not_applicable: frozenset[str], questionnaire: Questionnaire
    ) -> dict[str, list[str]]:
        form = {self.code: codes} if (codes := chosen(answers, self.code)) else {}
        name = f"{self.code}.other"
        if name in answers:
            form[name] = [str(answers[name])]
        return self._with_box(form, not_applicable)

    def without(self, answers: Answers, hidden: frozenset[str]) -> Answers:
        kept = super().without(answers, hidden)
        other, name = self.other(), f"{self.code}.other"
        kept.pop(name, None)
        if name in answers and other is not None and other.code in chosen(kept, self.code):
            kept[name] = answers[name]
        return kept


def chosen(answers: Answers, code: str) -> list[str]:
    """The codes chosen in a question, in the order stored."""
    value = answers.get(code)
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [str(value)]


def labelled(code: str, place: str, label: Text) -> Problem:
    """A problem that names an option, in each language by its own label."""
    wordings = {language: problem(code, place, choice=pick(label, language)).say(language) for language in LANGUAGES}
    return Problem(code=code, place=place, message=wordings)


def unknown(place: str, value: str) -> Problem:
    return problem("unknown_choice", place, value=value[:_SHOWN_LENGTH])


class Single(_Options, frozen=True, kw_only=True, tag="single", tag_field="type"):
    """One option. Columns: ``q`` (code) and, where an option is ``other``, ``q.other`` (text)."""

    segment: str = ""  # "side" or "department" etc.: the answer is a segment of the response in analysis

    def check(self, questionnaire: Questionnaire) -> list[Problem]:
        problems = super().check(questionnaire)
        if self.segment and self.segment not in SEGMENTS:
            problems.append(problem("unknown_segment", "segment", name=self.segment))
        return problems

    def columns(self, questionnaire: Questionnaire) -> tuple[Column, ...]:
        main = Column(
            name=self.code, question=self.code, kind="code", label=self.text, choices=self.codes(), labels=self.labels()
        )
        return (main, *self.other_column())

    def meanings(self, questionnaire: Questionnaire) -> dict[str, Meanings]:
        """What stands in the text field of another option says nothing."""
        return {self.code: {choice.code: choice.code for choice in self.choices if not choice.other}}

    def read(self, form: Form, questionnaire: Questionnaire) -> Reading:
        if self._box(form):
            return {}, [self.code], []
        values = list(dict.fromkeys(every(form, self.code)))
        other = self.other()
        text, wrong = read_text(form, f"{self.code}.other", OTHER_LENGTH) if other else ("", None)
        if not values:
            if other is None or not (text or wrong):
                return {}, [], []
            values = [other.code]  # wrote an answer of their own without ticking its option
        if len(values) > 1:
            return {}, [], [problem("one_only", self.code)]
        choice = self.choice(values[0])
        if choice is None:
            return {}, [], [unknown(self.code, values[0])]
        answers: Answers = {self.code: choice.code}
        if not choice.other:
            return answers, [], []
        if text:
            answers[f"{self.code}.other"] = text
        return answers, [], [wrong] if wrong else []

    @property
    def lenient(self) -> bool:
        return True

    def missing(
        self, answers: Answers, not_applicable: frozenset[str], questionnaire: Questionnaire, hidden: frozenset[str]
    ) -> list[Problem]:
        return super().missing(answers, not_applicable, questionnaire, hidden) or self.other_missing(answers)


class Multiple(_Options, frozen=True, kw_only=True, tag="multiple", tag_field="type"):
    """Several options. Columns: ``q`` (codes) and ``q.other`` (text). An exclusive option stands alone."""

    minimum: int = 0
    maximum: int | None = None

    def check(self, questionnaire: Questionnaire) -> list[Problem]:
        problems = super().check(questionnaire)
        count, free = len(self.choices), sum(not choice.exclusive for choice in self.choices)
        if self.maximum is not None and not max(1, self.minimum) <= self.maximum:
            problems.append(problem("minimum_above_maximum", "maximum", minimum=self.minimum, maximum=self.maximum))
        if self.maximum is not None and self.maximum > count:
            problems.append(problem("maximum_above_choices", "maximum", maximum=self.maximum, count=count))
        if self.minimum > free:
            problems.append(problem("exclusive_minimum", "minimum", minimum=self.minimum, count=free))
        return problems

    def columns(self, questionnaire: Questionnaire) -> tuple[Column, ...]:
        main = self.codes_column()
        return (main, *self.other_column())

    def read(self, form: Form, questionnaire: Questionnaire) -> Reading:
        if self._box(form):
            return {}, [self.code], []
        ticked = set(every(form, self.code))
        other = self.other()
        text, wrong = read_text(form, f"{self.code}.other", OTHER_LENGTH) if other else ("", None)
        if other is not None and not ticked and (text or wrong):
            ticked = {other.code}
        codes = [choice.code for choice in self.choices if choice.code in ticked]
        problems = [wrong] if wrong and other and other.code in ticked else []
        if len(codes) < len(ticked):
            return {}, [], [unknown(self.code, min(ticked.difference(codes)))]
        lonely = next((each for each in self.choices if each.exclusive and each.code in ticked), None)
        if lonely is not None and len(codes) > 1:
            return {}, [], [labelled("exclusive", self.code, lonely.label)]
        if self.maximum is not None and len(codes) > self.maximum:
            return {}, [], [problem("too_many", self.code, maximum=self.maximum, count=len(codes))]
        answers: Answers = {self.code: codes} if codes else {}
        if text and other is not None and other.code in ticked:
            answers[f"{self.code}.other"] = text
        return answers, [], problems

    @property
    def lenient(self) -> bool:
        return not self.minimum

    def missing(
        self, answers: Answers, not_applicable: frozenset[str], questionnaire: Questionnaire, hidden: frozenset[str]
    ) -> list[Problem]:
        due = super().missing(answers, not_applicable, questionnaire, hidden)
        if due:
            return due
        if not self.minimum:
            return self.other_missing(answers)
        codes = chosen(answers, self.code)
        available = [choice for choice in self.choices if choice.code not in hidden and not choice.exclusive]
        minimum = min(self.minimum, len(available))
        alone = any(choice.exclusive and choice.code in codes for choice in self.choices)
        if codes and not alone and len(codes) < minimum:
            return [problem("too_few", self.code, minimum=minimum, count=len(codes))]
        return self.other_missing(answers)


class Ranking(_Options, frozen=True, kw_only=True, tag="ranking", tag_field="type"):
    """Options in order of preference. Column: ``q`` (codes, best first). Form fields: ``q.<choice>`` = rank 1, 2, …"""

    top: int | None = None  # rank only the first so many

    def check(self, questionnaire: Questionnaire) -> list[Problem]:
        problems = super().check(questionnaire)
        if self.top is not None and not 1 <= self.top <= len(self.choices):
            problems.append(problem("maximum_above_choices", "top", maximum=self.top, count=len(self.choices)))
        return problems

    def columns(self, questionnaire: Questionnaire) -> tuple[Column, ...]:
        return (self.codes_column(),)

    def places(self) -> int:
        """How many ranks there are to give."""
        return len(self.choices) if self.top is None else min(self.top, len(self.choices))

    def read(self, form: Form, questionnaire: Questionnaire) -> Reading:
        if self._box(form):
            return {}, [self.code], []
        fields = {code: f"{self.code}.{code}" for code in self.codes()}
        ranks, problems = read_ranks(form, fields, self.places())
        return ({self.code: ranks} if ranks and not problems else {}), [], problems

    @property
    def lenient(self) -> bool:
        return True

    def missing(
        self, answers: Answers, not_applicable: frozenset[str], questionnaire: Questionnaire, hidden: frozenset[str]
    ) -> list[Problem]:
        if not self.required or self.code in not_applicable:
            return []
        available = sum(choice.code not in hidden for choice in self.choices)
        due = min(self.places(), available)
        return [problem("rank_all", self.code, count=due)] if len(chosen(answers, self.code)) < due else []

    def form_values(
        self, answers: Answers, not_applicable: frozenset[str], questionnaire: Questionnaire
    ) -> dict[str, list[str]]:
        codes = chosen(answers, self.code)
        form = {f"{self.code}.{code}": [str(rank)] for rank, code in enumerate(codes, start=1)}
        return self._with_box(form, not_applicable)


def read_ranks(form: Form, fields: dict[str, str], places: int) -> tuple[list[str], list[Problem]]:
    """Codes by rank, best first. ``fields``: code to the form field of its rank, 1 … ``places``. Gaps close up."""
    ranked: dict[int, str] = {}
    problems: list[Problem] = []
    for code, field in fields.items():
        text = first(form, field).strip()
        if not text:
            continue
        rank = int(text) if text.isdecimal() and len(text) < 4 else 0
        if not 1 <= rank <= places:
            problems.append(problem("rank_range", field, maximum=places))
        elif rank in ranked:
            problems.append(problem("rank_taken", field, rank=rank))
        else:
            ranked[rank] = code
    return [ranked[rank] for rank in sorted(ranked)], problems
