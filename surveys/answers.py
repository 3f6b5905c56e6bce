"""From posted forms to a stored response: read a page, autosave a question, finish.

A ``Record`` holds one participant's answers, flat by column. What is neither answered nor not applicable was skipped
or not shown; ``finish`` tells the two apart (``_not_shown``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any

import msgspec

from surveys.compiled import Compiled, Ending, Shown
from surveys.context import Known
from surveys.definition import Page, Question
from surveys.logic import Situation, own_answers, shown, situation
from surveys.piping import pipe
from surveys.problem import Problem
from surveys.questions import Answers
from surveys.questions.base import Form

NOT_APPLICABLE = "_not_applicable"
NOT_SHOWN = "_not_shown"
TYPED = "_typed"  # drafts only: the fields of a question that cannot be read yet, as they were typed

Errors = dict[str, Problem]
"""Form field to what is wrong with it, in the order of the page."""


Typed = dict[str, list[str]]
"""The fields of a question as they were typed."""


class Record(msgspec.Struct, frozen=True):
    """One participant's answers so far, and the columns marked 不适用."""

    answers: Answers = msgspec.field(default_factory=dict)
    not_applicable: frozenset[str] = frozenset()


class PageRead(msgspec.Struct, frozen=True):
    """A page as posted. ``record`` merges what is valid; with ``errors`` the page is shown again, with the raw form.

    ``revealed``: questions of this page that these answers have just made visible and that were not on the form; show
    the page again so that they can be answered.
    """

    record: Record
    errors: Errors
    shown: Shown
    revealed: tuple[str, ...] = ()
    typed: dict[str, Typed] = msgspec.field(default_factory=dict)  # of questions that could not be read whole
    now: Situation | None = None  # what ``shown`` is of
    checked: frozenset[str] = frozenset()  # questions of which nothing is due any more


class QuestionRead(msgspec.Struct, frozen=True):
    """One question as autosaved. ``draft`` is what a draft row stores: see ``draft``."""

    record: Record
    draft: dict[str, Any]
    errors: Errors
    shown: Shown


class Finished(msgspec.Struct, frozen=True):
    """``stored`` is the response's JSON. ``errors``: page code to errors; empty where nothing is due any more.
    ``ending``: whether it was answered to the end or screened out. ``quotas``: codes of those that it falls under."""

    stored: dict[str, Any]
    errors: dict[str, Errors]
    ending: Ending = "complete"
    quotas: tuple[str, ...] = ()


def read_page(compiled: Compiled, page_code: str, form: Form, before: Record, known: Known) -> PageRead:
    """Reads and validates a page's questions, keeps the answers of all others, decides visibility anew.

    A question that was not on the page and has no field in the form keeps its answer, should it come back.
    Raises ``KeyError`` on a page that does not exist.
    """
    page = compiled.pages[compiled.page_index[page_code]]
    answers, not_applicable = dict(before.answers), set(before.not_applicable)
    known_before = bool(answers or not_applicable)
    read: set[str] = set()
    found: list[tuple[Question, list[Problem]]] = []  # of those that took a closer look
    expected: Set[str] | None = None
    for asked in compiled.asked[page_code]:
        code, question = asked.code, asked.question
        own = asked.plain.read(form) if asked.plain is not None else None
        if own is None and not asked.posted(form):
            if expected is None:
                expected = _expected(compiled, page, form, before, known)
            if code not in expected:
                continue
        read.add(code)
        if known_before:
            _forget(compiled, code, answers, not_applicable)
        if own is None:
            own, marked, problems = question.read(form, compiled.questionnaire)
            if marked:
                not_applicable.update(marked)
            if problems or asked.due:
                found.append((question, problems))
        elif code in compiled.part_conditions:
            found.append((question, []))
        answers.update(own)
    record = Record(answers, frozenset(not_applicable))
    now = situation(compiled, answers, known)
    seen = now.shown
    errors: Errors = {}
    for question, problems in found:
        if question.code in seen.questions and (wrong := problems or _due(compiled, question, record, now)):
            _note(errors, wrong)
    unread = [each.code for each in page.questions if each.code not in read] if len(read) < len(page.questions) else ()
    revealed = tuple(code for code in unread if code in seen.questions)
    typed = {question.code: _typed(form, question.code) for question, problems in found if problems}
    return PageRead(record, errors, seen, revealed, typed, now, frozenset() if errors else frozenset(read))


def _expected(compiled: Compiled, page: Page, form: Form, before: Record, known: Known) -> Set[str]:
    """The questions that were on the page, and those that the form has a field of."""
    if compiled.everything is not None:
        return compiled.everything.questions
    posted = {field.partition(".")[0] for field in form}
    if all(question.code in posted for question in page.questions):
        return posted
    return posted | shown(compiled, before.answers, known).questions


def read_question(compiled: Compiled, code: str, form: Form, before: Record, known: Known) -> QuestionRead:
    """Reads one question for autosave: validated, but nothing is due yet. Raises ``KeyError`` on an unknown one."""
    question = compiled.questions[code]
    answers, not_applicable = dict(before.answers), set(before.not_applicable)
    errors: Errors = {}
    _note(errors, _replace(compiled, question, form, answers, not_applicable))
    record = Record(answers, frozenset(not_applicable))
    own = draft(compiled, record, code, _typed(form, code) if errors else None)
    return QuestionRead(record, own, errors, shown(compiled, answers, known))


def _typed(form: Form, code: str) -> Typed:
    return {field: list(values) for field, values in form.items() if field.partition(".")[0] == code}


def _replace(
    compiled: Compiled, question: Question, form: Form, answers: Answers, not_applicable: set[str]
) -> list[Problem]:
    """Puts what the form says about the question in the place of what was known."""
    _forget(compiled, question.code, answers, not_applicable)
    own, marked, problems = question.read(form, compiled.questionnaire)
    answers.update(own)
    not_applicable.update(marked)
    return problems


def _forget(compiled: Compiled, code: str, answers: Answers, not_applicable: set[str]) -> None:
    for name in compiled.columns_of[code]:
        answers.pop(name, None)
        not_applicable.discard(name)


def _due(compiled: Compiled, question: Question, record: Record, now: Situation) -> list[Problem]:
    """What keeps a question from being finished: an answer is missing, or one breaks a rule of the author's."""
    code, hidden, answers = question.code, now.shown.hidden(question.code), record.answers
    if hidden:
        answers = question.without(own_answers(compiled, code, answers), hidden)
    elif (plain := compiled.plain.get(code)) is not None and plain.whole(answers):
        return []
    if code not in compiled.must and code not in compiled.rules:
        return question.missing(answers, record.not_applicable, compiled.questionnaire, hidden)
    when = compiled.must.get(code)
    due = when[1] if when is not None and when[0].holds(now.names) else question
    missing = due.missing(answers, record.not_applicable, compiled.questionnaire, hidden)
    if missing or code not in compiled.rules or not own_answers(compiled, code, answers):
        return missing
    broken = next((rule for holds, rule in compiled.rules[code] if not holds.holds(now.names)), None)
    if broken is None:
        return []
    said = {language: pipe(text, now.names, compiled, language) for language, text in broken.message.items()}
    return [Problem(code="rule", place=code, message=said)]


def _note(errors: Errors, problems: Sequence[Problem]) -> None:
    for each in problems:
        errors.setdefault(each.place, each)


def page_form(
    compiled: Compiled, page: Page, record: Record, typed: Mapping[str, Typed] | None = None
) -> dict[str, list[str]]:
    """The form that fills a page with the answers stored and, by question, with what was ``typed`` but not read."""
    form: dict[str, list[str]] = {}
    for question in page.questions:
        if typed and question.code in typed:
            form.update(typed[question.code])
            continue
        own = own_answers(compiled, question.code, record.answers)
        form.update(question.form_values(own, record.not_applicable, compiled.questionnaire))
    return form


def draft(compiled: Compiled, record: Record, question: str, typed: Typed | None = None) -> dict[str, Any]:
    """One question's part of a record, as its draft row stores it; empty where nothing is answered.

    ``typed`` is kept beside the answers so that a mistake is there to be corrected when somebody comes back to it; it
    fills the page again and goes into no response.
    """
    own: dict[str, Any] = dict(own_answers(compiled, question, record.answers))
    if record.not_applicable:
        marked = [name for name in compiled.columns_of[question] if name in record.not_applicable]
        own |= {NOT_APPLICABLE: marked} if marked else {}
    return {**own, TYPED: typed} if typed else own


def record_of(drafts: Iterable[Mapping[str, Any]]) -> Record:
    """The record that draft rows, or one stored response, hold."""
    answers: Answers = {}
    marked: set[str] = set()
    for each in drafts:
        marked.update(each.get(NOT_APPLICABLE, ()))
        answers.update((name, value) for name, value in each.items() if not name.startswith("_"))
    return Record(answers, frozenset(marked))


def typed_of(drafts: Mapping[str, Mapping[str, Any]]) -> dict[str, Typed]:
    """What drafts, by question, keep as it was typed."""
    return {question: each[TYPED] for question, each in drafts.items() if TYPED in each}


def finish(
    compiled: Compiled, record: Record, known: Known, now: Situation | None = None, checked: Set[str] = frozenset()
) -> Finished:
    """What to store: answers in the order of the questionnaire, none of them hidden, values that the server fills in,
    and what is still due by page.

    ``_not_shown`` lists question codes, and columns of matrix rows that were not shown; ``_not_applicable`` columns.
    ``now`` is what follows from the answers and ``checked`` has questions of which nothing is due, where the page just
    read has told (``PageRead``).
    """
    now = now or situation(compiled, record.answers, known)
    answers, seen = record.answers, now.shown
    stored: dict[str, Any] = {}
    marked: list[str] = []
    not_shown: list[str] = []
    errors: dict[str, Errors] = {}
    for code, names in compiled.columns_of.items():
        if code not in seen.questions:
            if code not in now.filled:
                not_shown.append(code)
            elif code in now.names:
                stored[code] = now.names[code]
            continue
        if record.not_applicable or code in seen.hidden_parts:
            concealed = _store_shown(compiled.questions[code], names, record, seen.hidden(code), stored)
            not_shown.extend(name for name in names if name in concealed)
            marked.extend(name for name in names if name in record.not_applicable and name not in concealed)
        else:
            for name in names:
                if name in answers:
                    stored[name] = answers[name]
        if code not in checked and (due := _due(compiled, compiled.questions[code], record, now)):
            _note(errors.setdefault(compiled.page_of[code], {}), due)
    if marked:
        stored[NOT_APPLICABLE] = marked
    if not_shown:
        stored[NOT_SHOWN] = not_shown
    met = tuple(code for code, when in compiled.quotas if when.holds(now.names))
    return Finished(stored, errors, now.shown.ending, met)


def _store_shown(
    question: Question, names: Sequence[str], record: Record, hidden: frozenset[str], stored: dict[str, Any]
) -> frozenset[str]:
    """Stores what belongs to the parts that are shown. Returns the columns of those that are not."""
    own = {name: record.answers[name] for name in names if name in record.answers}
    stored.update(question.without(own, hidden) if hidden else own)
    return question.concealed(names, hidden) if hidden else frozenset()


def segments(compiled: Compiled, record: Record) -> dict[str, str]:
    """What segment questions say about the participant: segment (side, department, position) to the code chosen."""
    return {segment: str(record.answers[code]) for code, segment in compiled.segments.items() if code in record.answers}
