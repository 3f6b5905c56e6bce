"""Rows of tables that hold answers, such as exports of our own: read back as strictly as pages are."""

from __future__ import annotations

from collections.abc import Mapping

from surveys.answers import Record
from surveys.compiled import Compiled, compile_questionnaire
from surveys.definition import Questionnaire
from surveys.logic import own_answers
from surveys.problem import Problem, problem
from surveys.questions import Answers, Assignment, Hidden, Value


def from_columns(questionnaire: Questionnaire | Compiled, row: Mapping[str, str]) -> tuple[Record, list[Problem]]:
    """A row of a table, one cell per column: lists of codes separated by ";", ``NA`` for not applicable, empty for
    skipped. Every cell goes the way of a posted form, so that imports are as strict as pages."""
    compiled = questionnaire if isinstance(questionnaire, Compiled) else compile_questionnaire(questionnaire)
    problems = [problem("unknown_column", name, column=name) for name in row if name not in compiled.columns]
    answers: Answers = {}
    marked: set[str] = set()
    for name, cell in row.items():
        column = compiled.columns.get(name)
        if column is None or not cell.strip() or (cell.strip() == "NS" and column.kind != "text"):
            continue  # NS (not shown) is what exports write; ``finish`` finds it out anew
        question = compiled.questions[column.question]
        if cell.strip() == "NA" and (question.not_applicable or column.kind != "text"):
            marked.add(name)
            if not question.not_applicable:
                problems.append(problem("not_offered", name))
        else:
            answers[name] = _cell(column.kind, cell)
    whole: Answers = {}
    whole_marked: set[str] = set()
    for code, question in compiled.questions.items():
        own = own_answers(compiled, code, answers)
        if question.filled_by_server:  # no form has it; computed values are reckoned anew
            whole.update(own if isinstance(question, Assignment | Hidden) else {})
            continue
        mine = marked.intersection(compiled.columns_of[code])
        if own or mine:
            form = question.form_values(own, frozenset(mine), compiled.questionnaire)
            read, marks, wrong = question.read(form, compiled.questionnaire)
            whole.update(read)
            whole_marked.update(marks)
            problems += wrong
    return Record(whole, frozenset(whole_marked)), problems


def _cell(kind: str, cell: str) -> Value:
    """A cell as the value it stands for; what cannot be one stays text, for the question to refuse."""
    if kind == "text":
        return cell
    text = cell.strip()
    if kind == "codes":
        return [code.strip() for code in text.split(";") if code.strip()]
    if kind in ("integer", "number"):
        try:
            number = float(text)
        except ValueError:
            return text
        if number.is_integer() and abs(number) < 1e15:
            return int(number)
        return number if number == number and abs(number) != float("inf") else text
    return text
