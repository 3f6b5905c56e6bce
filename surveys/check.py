"""Whether a questionnaire makes sense: definition -> list of problems. Errors forbid publishing, warnings do not.

Each question type checks its own settings (``Question.check``), ``surveys.check_conditions`` conditions and piping;
here is the rest: names and codes, wordings, sizes, scales. The codes are listed in docs/questionnaire-format.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from surveys.check_conditions import check_conditions
from surveys.check_structure import check_structure
from surveys.definition import Column, Questionnaire, Scale, fields, texts
from surveys.expansion import expand, placed_pages
from surveys.grammar import RESERVED
from surveys.problem import Problem, problem
from surveys.questions.base import check_figure, write_value
from surveys.text import LANGUAGES

PAGE_LIMIT = 300
QUESTION_LIMIT = 2_000  # repetitions counted
PART_LIMIT = 100
CODE_LIMIT = 40

_NAME = re.compile(r"[a-z][a-z0-9-]{0,62}")
_CODE = re.compile(r"[a-z][a-z0-9_]*")
_RESERVED_PARTS = frozenset(("na",))
_LANGUAGE_NAMES = {"zh-CN": {"zh-CN": "中文", "en": "Chinese"}, "en": {"zh-CN": "英文", "en": "English"}}


def check(questionnaire: Questionnaire) -> list[Problem]:
    """Everything wrong with a questionnaire, in its order. Places are paths: ``pages.0.questions.2.choices.1.code``."""
    return [
        *_check_head(questionnaire),
        *_check_sizes(questionnaire),
        *_check_codes(questionnaire),
        *_check_texts(questionnaire),
        *_check_questions(questionnaire),
        *_check_identifying(questionnaire),
        *check_structure(questionnaire),
        *check_conditions(questionnaire),
        *_check_scales(questionnaire),
    ]


def _check_head(questionnaire: Questionnaire) -> Iterator[Problem]:
    if not _NAME.fullmatch(questionnaire.name):
        yield problem("bad_name", "name", name=questionnaire.name)
    if not questionnaire.languages:
        yield problem("missing_text", "languages")
    for index, language in enumerate(questionnaire.languages):
        if language not in LANGUAGES:
            yield problem("unknown_language", f"languages.{index}", language=language)
    if questionnaire.minutes is not None:
        yield from check_figure("minutes", questionnaire.minutes, 1, 240)
    for name, scale in questionnaire.rating_scales.items():
        place = f"rating_scales.{name}"
        if len(scale.labels) < 2:
            yield problem("too_few_labels", f"{place}.labels")
        if not 0 <= scale.low <= 100:
            yield problem("bad_figure", f"{place}.low", key="low", low=0, high=100)


def _check_sizes(questionnaire: Questionnaire) -> Iterator[Problem]:
    questions = sum(len(placed) for _, _, placed in placed_pages(questionnaire))
    if not questionnaire.pages:
        yield problem("no_pages", "pages")
    if len(questionnaire.pages) > PAGE_LIMIT:
        yield problem("too_many_pages", "pages", count=len(questionnaire.pages), limit=PAGE_LIMIT)
    if questions > QUESTION_LIMIT:
        yield problem("too_many_questions", "pages", count=questions, limit=QUESTION_LIMIT)
    parts = {"steps": questionnaire.steps, "scales": questionnaire.scales}
    labels = {f"rating_scales.{name}.labels": scale.labels for name, scale in questionnaire.rating_scales.items()}
    inside = {place: question.parts() for place, question in questions_with_places(questionnaire)}
    for place, found in {**parts, **labels, **inside}.items():
        if len(found) > PART_LIMIT:
            yield problem("too_many_parts", place, count=len(found), limit=PART_LIMIT)
    for index, page in enumerate(questionnaire.pages):
        if not page.questions:
            yield problem("empty_page", f"pages.{index}", name=page.code)


def questions_with_places(questionnaire: Questionnaire) -> Iterator[tuple[str, Any]]:
    for number, page in enumerate(questionnaire.pages):
        for index, question in enumerate(page.questions):
            yield f"pages.{number}.questions.{index}", question


def _check_codes(questionnaire: Questionnaire) -> Iterator[Problem]:
    yield from _codes("pages", questionnaire.pages)
    yield from _codes("steps", questionnaire.steps, _RESERVED_PARTS)
    yield from _codes("scales", questionnaire.scales)
    yield from _codes("quotas", questionnaire.quotas)
    for number, page in enumerate(questionnaire.pages):
        yield from _codes(f"pages.{number}.groups", page.groups)
    yield from _code_problems((f"rating_scales.{name}", name) for name in questionnaire.rating_scales)
    found = list(questions_with_places(questionnaire))
    yield from _code_problems(((f"{place}.code", question.code) for place, question in found), RESERVED)
    for place, question in found:
        yield from _codes_within(place, question)


def _codes_within(place: str, thing: msgspec.Struct) -> Iterator[Problem]:
    """The codes of its options, rows and cells, and of what is inside those."""
    for field in fields(type(thing)):
        value = getattr(thing, field.name)
        coded = value if isinstance(value, tuple) and value and hasattr(value[0], "code") else ()
        if coded:
            yield from _codes(f"{place}.{field.name}", coded, _RESERVED_PARTS)
        for index, each in enumerate(coded):
            yield from _codes_within(f"{place}.{field.name}.{index}", each)


def _codes(place: str, coded: Sequence[Any], reserved: frozenset[str] = frozenset()) -> Iterator[Problem]:
    return _code_problems(((f"{place}.{index}.code", each.code) for index, each in enumerate(coded)), reserved)


def _code_problems(codes: Iterable[tuple[str, str]], reserved: frozenset[str] = frozenset()) -> Iterator[Problem]:
    seen: set[str] = set()
    for place, code in codes:
        if len(code) > CODE_LIMIT or not _CODE.fullmatch(code):
            yield problem("bad_code", place, name=code, limit=CODE_LIMIT)
        elif code in reserved:
            yield problem("reserved_code", place, name=code)
        if code in seen:
            yield problem("duplicate_code", place, name=code)
        seen.add(code)


_OPTIONAL_TEXTS = frozenset(
    ("hint", "introduction", "thanks", "process", "owner", "unit", "description", "screen_out", "rationale")
)

_OPTIONAL_HERE = {
    ("Page", "title"),
    ("Page", "text"),
    ("Group", "title"),
    ("Group", "text"),
    ("Quota", "message"),
    ("Consent", "label"),
    ("Pattern", "message"),
    ("ChoiceComment", "comment"),
    ("Slider", "low_label"),
    ("Slider", "high_label"),
}


def _check_texts(questionnaire: Questionnaire) -> Iterator[Problem]:
    """A wording that is due but nowhere is an error; one that lacks a declared language falls back, a warning."""
    for place, owner, text in texts(questionnaire):
        field = place.rpartition(".")[2]
        if not any(wording.strip() for wording in text.values()):
            optional = field in _OPTIONAL_TEXTS or (owner, field) in _OPTIONAL_HERE
            if not optional:
                yield problem("missing_text", place)
            continue
        for language in questionnaire.languages:
            if language in LANGUAGES and not text.get(language, "").strip():
                yield _missing_language(place, language)


def _missing_language(place: str, language: str) -> Problem:
    names = _LANGUAGE_NAMES[language]
    message = {each: problem("missing_language", place, language=names[each]).say(each) for each in LANGUAGES}
    return Problem(code="missing_language", place=place, message=message, severity="warning")


def _check_questions(questionnaire: Questionnaire) -> Iterator[Problem]:
    """Settings of questions, as expanded; what is wrong with each repetition is told once."""
    told: set[tuple[str, str]] = set()
    expanded = expand(questionnaire)
    for each in (each for _, _, placed in placed_pages(questionnaire) for each in placed):
        for found in each.question.check(expanded):
            place = f"{each.place}.{found.place}"
            if (found.code, place) not in told:
                told.add((found.code, place))
                yield msgspec.structs.replace(found, place=place)


def _check_identifying(questionnaire: Questionnaire) -> Iterator[Problem]:
    """Warns of questions that ask who somebody is: in an anonymous wave it is for the author to know better."""
    for _, _, placed in placed_pages(questionnaire):
        for each in placed:
            if any(column.identifying for column in each.question.columns(questionnaire)):
                yield problem("identifying", f"{each.place}.type", severity="warning", name=each.question.code)


def _check_scales(questionnaire: Questionnaire) -> Iterator[Problem]:
    columns = {column.name: column for column in expand(questionnaire).columns()} if questionnaire.scales else {}
    for index, scale in enumerate(questionnaire.scales):
        yield from _check_scale(scale, f"scales.{index}", columns)


def _check_scale(scale: Scale, place: str, columns: dict[str, Column]) -> Iterator[Problem]:
    if len(scale.items) < 2:
        yield problem("too_few_items", f"{place}.items", name=scale.code)
    known: list[Column] = []
    for number, item in enumerate(scale.items):
        column, here = columns.get(item), f"{place}.items.{number}"
        if item in scale.items[:number]:
            yield problem("duplicate_item", here, item=item)
        if column is None:
            yield problem("unknown_item", here, item=item)
        elif column.kind != "integer":
            yield problem("item_not_integer", here, item=item)
        else:
            known.append(column)
    ranges = dict.fromkeys((column.low or 0.0, column.high or 0.0) for column in known)
    if len(ranges) > 1:
        told = ", ".join(f"{write_value(low)}–{write_value(high)}" for low, high in ranges)
        yield problem("mixed_scales", f"{place}.items", name=scale.code, ranges=told)
    for number, item in enumerate(scale.reversed):
        if item not in scale.items:
            yield problem("reversed_not_item", f"{place}.reversed.{number}", item=item)
