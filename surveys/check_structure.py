"""Whether groups, repeats, carried options, jumps, quotas and the order of pages make sense."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import msgspec

from surveys.definition import Questionnaire, fields
from surveys.expansion import EXPRESSIONS, REFERENCES, STEPS, placed_pages, repetitions
from surveys.expression import references
from surveys.grammar import PIPE, parse_value
from surveys.problem import Problem, problem
from surveys.questions import Question
from surveys.questions.base import check_figure
from surveys.text import Text

ENDINGS = ("end", "screen_out")
QUOTA_LIMIT = 50


def check_structure(questionnaire: Questionnaire) -> Iterator[Problem]:
    yield from _check_groups(questionnaire)
    yield from _check_sources(questionnaire)
    yield from _check_jumps(questionnaire)
    yield from _check_shuffled(questionnaire)
    if len(questionnaire.quotas) > QUOTA_LIMIT:
        yield problem("too_many_parts", "quotas", count=len(questionnaire.quotas), limit=QUOTA_LIMIT)
    for index, quota in enumerate(questionnaire.quotas):
        yield from check_figure(f"quotas.{index}.limit", quota.limit, 0, 1_000_000)


def _check_groups(questionnaire: Questionnaire) -> Iterator[Problem]:
    for number, page in enumerate(questionnaire.pages):
        known = {group.code for group in page.groups}
        runs = [code for code, _ in groupby(page.questions, key=lambda each: each.group)]
        told: set[str] = set()
        for index, question in enumerate(page.questions):
            code, place = question.group, f"pages.{number}.questions.{index}.group"
            starts = index == 0 or page.questions[index - 1].group != code
            if code and code not in known:
                yield problem("unknown_group", place, name=code)
            elif code and starts and code in told:
                yield problem("split_group", place, name=code)
            told.add(code)
        for at, group in enumerate(page.groups):
            if group.code not in runs:
                yield problem("empty_group", f"pages.{number}.groups.{at}.code", name=group.code)


def _check_sources(questionnaire: Questionnaire) -> Iterator[Problem]:
    """What is repeated over and what options are taken from comes before, and codes stay unique after expansion."""
    earlier: dict[str, Question] = {}
    written = {question.code for question in questionnaire.questions()}
    for number, (page, _, placed) in enumerate(placed_pages(questionnaire)):
        for at, group in enumerate(page.groups):
            first = next((index for index, each in enumerate(page.questions) if each.group == group.code), 0)
            before = {each.code for each in page.questions[:first]}
            known = {
                **earlier,
                **{each.question.code: each.question for each in placed if each.question.code in before},
            }
            if group.repeat_over and not repetitions(group.repeat_over, questionnaire, known):
                what = "no_steps_to_repeat" if group.repeat_over == STEPS else "unknown_source"
                yield problem(what, f"pages.{number}.groups.{at}.repeat_over", name=group.repeat_over)
        for each in placed:
            code, source = each.question.code, getattr(each.question, "choices_from", "")
            if source:  # expansion found nothing to put in its place
                yield problem("unknown_source", f"{each.place}.choices_from", name=source)
            if each.copy and (code in earlier or code in written):
                yield problem("repeated_code", f"{each.place}.code", name=code)
            earlier[code] = each.question


def _check_jumps(questionnaire: Questionnaire) -> Iterator[Problem]:
    numbers = {page.code: number for number, page in enumerate(questionnaire.pages)}
    moving = set(questionnaire.shuffled_pages)
    for number, page in enumerate(questionnaire.pages):
        for at, jump in enumerate(page.jumps):
            place = f"pages.{number}.jumps.{at}.to"
            if jump.to in ENDINGS:
                if jump.to in numbers:
                    yield problem("reserved_code", f"pages.{numbers[jump.to]}.code", name=jump.to)
            elif jump.to not in numbers:
                yield problem("unknown_page", place, name=jump.to)
            elif numbers[jump.to] <= number:
                yield problem("jump_back", place, name=jump.to)
            elif jump.to in moving or page.code in moving:
                yield problem("jump_shuffled", place)


def _check_shuffled(questionnaire: Questionnaire) -> Iterator[Problem]:
    """Pages that change places may not look at one another: who comes first is left to chance."""
    codes = {page.code for page in questionnaire.pages}
    for index, code in enumerate(questionnaire.shuffled_pages):
        if code not in codes:
            yield problem("unknown_page", f"shuffled_pages.{index}", name=code)
    moving = [page for page in questionnaire.pages if page.code in questionnaire.shuffled_pages]
    asked = {question.code: page.code for page in moving for question in page.questions}
    for number, page in enumerate(questionnaire.pages):
        if page in moving:
            names = {name.partition(".")[0] for name in _names(page)}
            for name in sorted(names):
                if asked.get(name, page.code) != page.code:
                    yield problem("shuffled_reference", f"pages.{number}", name=name)


def _names(thing: Any) -> Iterator[str]:
    """All names that the expressions and wordings of a Struct look at."""
    kind: Any = type(thing)
    for field in fields(kind):
        value = getattr(thing, field.name)
        if field.type == Text:
            for wording in value.values():
                yield from (name for match in PIPE.finditer(wording) for name in _looked_at(match[1].strip()))
        elif field.name in EXPRESSIONS and value:
            yield from _looked_at(value)
        elif field.name in REFERENCES and value:
            yield value
        elif isinstance(value, tuple):
            for each in value:
                if isinstance(each, msgspec.Struct):
                    yield from _names(each)


def _looked_at(text: str) -> frozenset[str]:
    expression = parse_value(text)
    return frozenset() if isinstance(expression, Problem) else references(expression)
