"""A questionnaire made ready for answering: expanded, expressions parsed, columns named, everything found by code.

One ``Compiled`` serves all participants of a version; the hot path holds on to it and never parses anything.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import Literal

import msgspec

from surveys.definition import Column, Jump, Page, Question, Questionnaire, from_json, texts, to_json
from surveys.expansion import expand
from surveys.expression import Expression, bind, references, spread
from surveys.grammar import PIPE, parse_composed, parse_value
from surveys.order import by_lot
from surveys.plain import Asked, Plain, plain
from surveys.predicate import Predicate, predicate
from surveys.problem import Problem
from surveys.questions import Computed, Rule
from surveys.text import Text

Ending = Literal["complete", "screened_out"]


class InvalidCondition(ValueError):
    """A condition cannot be parsed; ``surveys.check.check`` says it kindly and before publishing."""


class Shown(msgspec.Struct, frozen=True):
    """What a participant sees, given the answers so far.

    ``pages``: codes in the order presented. ``questions``: codes of those asked. ``hidden_parts``: question code to the
    codes of its choices or rows that are not shown; questions without hidden parts are absent. ``order``: codes of all
    pages, shown or not, in the order presented. ``ending``: how it ends, should it end with these answers.
    """

    pages: tuple[str, ...]
    questions: frozenset[str]
    hidden_parts: dict[str, frozenset[str]]
    order: tuple[str, ...] = ()
    ending: Ending = "complete"

    def hidden(self, question: str) -> frozenset[str]:
        """The codes of a question's parts that are not shown."""
        return self.hidden_parts.get(question, frozenset())


class Stop(msgspec.Struct, frozen=True):
    """A page on the way. ``page`` is its code as presented, ``written`` its code in the questionnaire; ``jumps`` lead
    on from it. ``always``: codes of the questions that are shown with the page, whatever is answered, and that nothing
    looks at; ``questions``: all others on it in order, what the server fills in included."""

    page: str
    written: str
    condition: Expression | None
    questions: tuple[Question, ...]
    jumps: tuple[tuple[Expression, str], ...] = ()
    always: frozenset[str] = frozenset()


class Compiled(msgspec.Struct, frozen=True, eq=False):
    """``pages`` are what is shown at a time: the questionnaire's pages or, where it is presented a question at a time,
    one page per question, named by the question. What the server fills in is in ``questions`` but on no page."""

    questionnaire: Questionnaire  # expanded
    pages: tuple[Page, ...]
    page_index: dict[str, int]
    page_of: dict[str, str]  # question asked -> page
    questions: dict[str, Question]
    columns: dict[str, Column]
    columns_of: dict[str, tuple[str, ...]]  # question -> names of its columns
    asked: dict[str, tuple[Asked, ...]]  # page -> its questions
    plain: dict[str, Plain]  # questions that look-ups can read, and that have no rules
    stops: tuple[Stop, ...]  # the way as it was written
    question_conditions: dict[str, Predicate]
    part_conditions: dict[str, tuple[tuple[str, Predicate], ...]]  # question -> (choice or row, condition)
    must: dict[str, tuple[Expression, Question]]  # question -> when it is required, and the same question required
    rules: dict[str, tuple[tuple[Expression, Rule], ...]]
    values: dict[str, Expression]  # computed question -> what it comes to
    quotas: tuple[tuple[str, Expression], ...]
    pipes: dict[str, Expression]  # what stands between {{ and }} in a wording
    drivers: frozenset[str]  # questions that some expression looks at
    live_drivers: dict[str, frozenset[str]]  # page -> its questions that conditions on the same page look at
    segments: dict[str, str]  # question -> segment that its answer names: side, department, position
    everything: Shown | None  # what everybody sees, where nothing is conditional
    by_lot: bool  # whether anything that is shown or stored follows from the seed
    uploads: bool  # whether a question takes files, or what is typed in one must be blinded first
    unique: tuple[str, ...]  # questions whose answer only one response of a wave may give

    def page(self, code: str) -> Page | None:
        index = self.page_index.get(code)
        return None if index is None else self.pages[index]

    def question_of(self, field: str) -> Question | None:
        """The question that a form field or a column belongs to."""
        return self.questions.get(field.partition(".")[0])


def compile_questionnaire(questionnaire: Questionnaire) -> Compiled:
    """The compiled questionnaire, kept by content. Raises ``InvalidCondition``."""
    return compile_json(to_json(questionnaire))


@lru_cache(maxsize=64)
def compile_json(definition: bytes | str) -> Compiled:
    """The same from the canonical JSON that versions store."""
    return _Compiler(expand(from_json(definition))).compiled()


class _Compiler:
    """One compilation; every expression goes through ``parsed``, so that nothing stays unbound."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self.questionnaire = questionnaire
        self.questions = {question.code: question for question in questionnaire.questions()}
        columns = {code: question.columns(questionnaire) for code, question in self.questions.items()}
        self.columns = {column.name: column for found in columns.values() for column in found}
        self.columns_of = {code: tuple(column.name for column in found) for code, found in columns.items()}
        self.segments = {c: segment for c, each in self.questions.items() if (segment := getattr(each, "segment", ""))}

    def parsed(self, text: str, *, value: bool = False) -> Expression:
        expression = parse_value(text) if value else parse_composed(text)
        if isinstance(expression, Problem):
            raise InvalidCondition(f"{text}: {expression.say('en')}")
        return bind(expression, self.columns_of)

    def compiled(self) -> Compiled:
        questionnaire, questions = self.questionnaire, self.questions
        stops = tuple(self.stop(page, written, jumps) for page, written, jumps in screens(questionnaire))
        pages = tuple(page for each, _, _ in screens(questionnaire) if (page := _asked(each)) is not None)
        conditions = {code: self.parsed(each.visible_if) for code, each in questions.items() if each.visible_if}
        part_conditions = {code: found for code, each in questions.items() if (found := self.parts(each))}
        values = {c: self.parsed(e.expression, value=True) for c, e in questions.items() if isinstance(e, Computed)}
        must = {
            code: (self.parsed(each.required_if), msgspec.structs.replace(each, required=True))
            for code, each in questions.items()
            if each.required_if and not each.required
        }
        rules = {
            code: tuple((self.parsed(rule.holds), rule) for rule in each.rules)
            for code, each in questions.items()
            if each.rules
        }
        quotas = tuple((quota.code, self.parsed(quota.when)) for quota in questionnaire.quotas)
        pipes = self.pipes()
        looked_at = self.looked_at(conditions, part_conditions, values)
        others = [
            *(stop.condition for stop in stops if stop.condition is not None),
            *(when for stop in stops for when, _ in stop.jumps),
            *(when for when, _ in must.values()),
            *(holds for found in rules.values() for holds, _ in found),
            *(when for _, when in quotas),
            *pipes.values(),
        ]
        drivers = self.looks_at(others).union(*looked_at.values())
        looked_up = {
            code: ready
            for code, each in questions.items()
            if code not in rules and (ready := plain(each, self.columns_of[code], questionnaire))
        }
        demanding = {*must, *rules, *part_conditions}
        filled = any(each.filled_by_server for each in questions.values())
        fixed = not (looked_at or filled or questionnaire.shuffled_pages or any(s.condition or s.jumps for s in stops))
        return Compiled(
            questionnaire=questionnaire,
            pages=pages,
            page_index={page.code: index for index, page in enumerate(pages)},
            page_of={question.code: page.code for page in pages for question in page.questions},
            questions=questions,
            columns=self.columns,
            columns_of=self.columns_of,
            asked={
                page.code: tuple(self.asked(each, looked_up, demanding) for each in page.questions) for page in pages
            },
            plain=looked_up,
            stops=tuple(_sorted_out(stop, {*looked_at, *drivers}) for stop in stops),
            question_conditions={code: predicate(condition) for code, condition in conditions.items()},
            part_conditions={
                code: tuple((part, predicate(condition)) for part, condition in found)
                for code, found in part_conditions.items()
            },
            must=must,
            rules=rules,
            values=values,
            quotas=quotas,
            pipes=pipes,
            drivers=drivers,
            live_drivers={page.code: _live_drivers(page, looked_at) for page in pages},
            segments=self.segments,
            everything=_everything(pages) if fixed else None,
            by_lot=by_lot(questionnaire),
            uploads=any(each.uploads or each.blinded for each in questions.values()),
            unique=tuple(code for code, each in questions.items() if getattr(each, "unique", False)),
        )

    def stop(self, page: Page, written: str, jumps: Iterable[Jump]) -> Stop:
        condition = self.parsed(page.visible_if) if page.visible_if else None
        return Stop(
            page.code, written, condition, page.questions, tuple((self.parsed(each.when), each.to) for each in jumps)
        )

    def asked(self, question: Question, looked_up: Mapping[str, Plain], demanding: Collection[str]) -> Asked:
        code = question.code
        fields = (code, *self.columns_of[code], *(f"{code}.{part.code}" for part in question.parts()))
        due = code in demanding or question.required or not question.lenient
        return Asked(code, question, looked_up.get(code), tuple(dict.fromkeys(fields)), due)

    def parts(self, question: Question) -> tuple[tuple[str, Expression], ...]:
        return tuple((part.code, self.parsed(part.visible_if)) for part in question.parts() if part.visible_if)

    def pipes(self) -> dict[str, Expression]:
        found: dict[str, Expression] = {}
        for _, _, text in texts(self.questionnaire):
            for inner in _piped(text):
                expression = parse_value(inner)
                if not isinstance(expression, Problem):
                    found[inner] = bind(expression, self.columns_of)
        return found

    def looked_at(
        self,
        conditions: Mapping[str, Expression],
        parts: Mapping[str, tuple[tuple[str, Expression], ...]],
        values: Mapping[str, Expression],
    ) -> dict[str, frozenset[str]]:
        """What each question's own visibility, or value, follows from."""
        found: dict[str, list[Expression]] = {code: [condition] for code, condition in conditions.items()}
        for code, entries in parts.items():
            found.setdefault(code, []).extend(condition for _, condition in entries)
        for code, value in values.items():
            found.setdefault(code, []).append(value)
        return {code: self.looks_at(expressions) for code, expressions in found.items()}

    def looks_at(self, expressions: Iterable[Expression]) -> frozenset[str]:
        """The questions that expressions look at; ``person.side`` looks at the question that asks for it, too."""
        names = frozenset[str]().union(*(references(expression) for expression in expressions))
        return questions_named(names, self.questions, self.segments)


def questions_named(names: Iterable[str], codes: Collection[str], segments: Mapping[str, str]) -> frozenset[str]:
    """The questions behind names and patterns of an expression."""
    found: set[str] = set()
    for name in names:
        first, _, rest = name.partition(".")
        if first == "person":
            found.update(code for code, segment in segments.items() if segment == rest)
        elif "*" in first:
            found.update(spread(first, codes))
        elif first in codes:
            found.add(first)
    return frozenset(found)


def _sorted_out(stop: Stop, involved: Collection[str]) -> Stop:
    """The stop, its questions told apart: ``involved`` are those that a condition belongs to or looks at."""
    others = tuple(each for each in stop.questions if each.filled_by_server or each.code in involved)
    always = frozenset(each.code for each in stop.questions).difference(each.code for each in others)
    return msgspec.structs.replace(stop, questions=others, always=always)


def _live_drivers(page: Page, looked_at: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """The questions of a page that others on it look at, be it through computed values."""
    own = {question.code for question in page.questions}
    found: set[str] = set()
    for code in own:
        waiting, seen = [code], {code}
        while waiting:
            for each in looked_at.get(waiting.pop(), frozenset()) - seen:
                seen.add(each)
                if each in own:
                    found.add(each)
                else:
                    waiting.append(each)
    return frozenset(found)


def _everything(pages: tuple[Page, ...]) -> Shown:
    codes = frozenset(question.code for page in pages for question in page.questions)
    order = tuple(page.code for page in pages)
    return Shown(tuple(page.code for page in pages if page.questions), codes, {}, order)


def _asked(page: Page) -> Page | None:
    """The page without what the server fills in; None where nothing is left."""
    asked = tuple(question for question in page.questions if not question.filled_by_server)
    if len(asked) == len(page.questions):
        return page
    return msgspec.structs.replace(page, questions=asked) if asked else None


def screens(questionnaire: Questionnaire) -> tuple[tuple[Page, str, tuple[Jump, ...]], ...]:
    """The pages as presented, one per question where the questionnaire says so; with each the code of the page as
    written, and the jumps after it."""
    if questionnaire.presentation == "page":
        return tuple((page, page.code, page.jumps) for page in questionnaire.pages)
    return tuple(
        (
            msgspec.structs.replace(page, code=question.code, shuffle=False, questions=(question,), jumps=()),
            page.code,
            page.jumps if question is page.questions[-1] else (),
        )
        for page in questionnaire.pages
        for question in page.questions
    )


def _piped(text: Text) -> frozenset[str]:
    return frozenset(match[1].strip() for wording in text.values() for match in PIPE.finditer(wording))
