"""The form of a blueprint: rows of sections, fixed items and draws, back to ``Section``s, with live counts. Pure.

Inputs are named ``sections.0.draws.1.count``. A form is the whole truth: rows come and go in it (``changed``), what is
on the page is made of it (``board``), whether it can be read or not.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, get_args

import msgspec

from service.actions.exam_drafting import MODES, Errors, Form, Reader
from surveys.exams import check
from surveys.exams.definition import Blueprint, Draw, Exam, FixedItem, Marking, Pool, Section
from surveys.exams.drawing import fits
from surveys.exams.items import ITEM_TYPES, BankItem, Bloom, Difficulty
from surveys.problem import Problem
from surveys.text import LANGUAGES

MOST = {"sections": 20, "items": 200, "draws": 200}
DIFFICULTIES: tuple[str, ...] = get_args(Difficulty)
BLOOMS: tuple[str, ...] = get_args(Bloom)
ITEM_FIELDS = ("code", "points", "mode")
DRAW_FIELDS = ("count", "points", "category", "difficulty", "type", "topic", "bloom", "mode")


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the form: its place and what is typed in it. ``fitting``: of a draw, how many items of the bank would
    do; ``item``: the one that a fixed line names."""

    place: str
    typed: dict[str, str]
    fitting: int = 0
    item: BankItem | None = None


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A section of the form. ``points`` of its lines together, in hundredths."""

    number: int
    place: str
    title: dict[str, str]
    items: tuple[Row, ...]
    draws: tuple[Row, ...]
    points: int = 0


class Board(msgspec.Struct, frozen=True, kw_only=True):
    """The whole blueprint as it is on the page. ``count`` and ``total`` (hundredths) are those of every paper."""

    parts: tuple[Part, ...]
    count: int
    total: int
    problems: tuple[Problem, ...]
    errors: Errors = {}


def as_form(blueprint: Blueprint) -> dict[str, list[str]]:
    """The form that ``read`` reads, filled in."""
    form: dict[str, list[str]] = {}
    for number, section in enumerate(blueprint.sections):
        place = f"sections.{number}"
        form |= {f"{place}.title.{language}": [section.title.get(language, "")] for language in LANGUAGES}
        lines: list[tuple[str, FixedItem | Draw, tuple[str, ...]]] = []
        lines += [(f"{place}.items.{at}", each, ITEM_FIELDS) for at, each in enumerate(section.items)]
        lines += [(f"{place}.draws.{at}", each, DRAW_FIELDS) for at, each in enumerate(section.draws)]
        for at, each, names in lines:
            form |= {f"{at}.{name}": [_typed(each, name)] for name in names}
    return form


def _typed(each: FixedItem | Draw, name: str) -> str:
    if name == "mode":
        return each.marking.mode if each.marking else ""
    return f"{each.points / 100:g}" if name == "points" else str(getattr(each, name))


def changed(form: Form, deed: str) -> Form:
    """After ``add|sections``, ``add|sections.0.items``, ``add|sections.0.draws`` or ``remove|`` and a place."""
    verb, _, place = deed.partition("|")
    if verb == "remove":
        return {name: values for name, values in form.items() if not name.startswith(f"{place}.")}
    kind = place.rpartition(".")[2]
    if verb != "add" or kind not in MOST or len(taken := _numbers(form, place)) >= MOST[kind]:
        return form
    row = f"{place}.{taken[-1] + 1 if taken else 0}"
    names = {"items": ITEM_FIELDS, "draws": DRAW_FIELDS, "sections": tuple(f"title.{each}" for each in LANGUAGES)}[kind]
    return {**form, **{f"{row}.{name}": [""] for name in names}}


def read(form: Form, before: Blueprint) -> tuple[Blueprint, Errors]:
    """What the form says; fields that cannot be read hold their default and are told. Empty lines are left out."""
    reader = Reader(form)
    sections = []
    for place in _places(form, "sections"):
        items = [_fixed(reader, row, before) for row in _places(form, f"{place}.items")]
        draws = [_draw(reader, row, before) for row in _places(form, f"{place}.draws")]
        sections.append(
            Section(
                title=reader.text(f"{place}.title", 200),
                items=tuple(each for each in items if each is not None),
                draws=tuple(each for each in draws if each is not None),
            )
        )
    return msgspec.structs.replace(before, sections=tuple(sections) or (Section(),)), reader.errors


def _places(form: Form, place: str) -> list[str]:
    return [f"{place}.{number}" for number in _numbers(form, place)]


def _numbers(form: Form, place: str) -> list[int]:
    pattern = re.compile(re.escape(place) + r"\.([0-9]{1,3})\.")
    found = {int(hit[1]) for name in form if (hit := pattern.match(name))}
    return sorted(found)[: MOST[place.rpartition(".")[2]]]


def _fixed(reader: Reader, place: str, before: Blueprint) -> FixedItem | None:
    code = reader.line(f"{place}.code")
    if not code:
        return None
    points = reader.points(f"{place}.points")
    return FixedItem(code=code[:64], points=points, marking=_marking(reader, place, before))


def _draw(reader: Reader, place: str, before: Blueprint) -> Draw | None:
    count = reader.whole(f"{place}.count", high=1000)
    return _any_draw(reader, place, before, count) if count or f"{place}.count" in reader.errors else None


def _any_draw(reader: Reader, place: str, before: Blueprint, count: int) -> Draw:
    known = {"difficulty": DIFFICULTIES, "bloom": BLOOMS, "type": tuple(ITEM_TYPES)}
    narrowed: dict[str, Any] = {name: reader.line(f"{place}.{name}")[:200] for name in ("category", "topic", *known)}
    narrowed["category"] = narrowed["category"].strip("/")
    for name, options in known.items():
        narrowed[name] = narrowed[name] if narrowed[name] in options else ""
    points = reader.points(f"{place}.points")
    return Draw(count=count, points=points, marking=_marking(reader, place, before), **narrowed)


def _marking(reader: Reader, place: str, before: Blueprint) -> Marking | None:
    """A mode of its own, else the paper's; what a wrong answer costs is the paper's."""
    mode = reader.line(f"{place}.mode")
    return msgspec.structs.replace(before.marking, mode=mode) if mode in MODES else None


def board(form: Form, exam: Exam, pool: Pool) -> tuple[Blueprint, Board]:
    """What the form says, and the page that shows it. ``pool``: the reviewed items of the bank."""
    blueprint, errors = read(form, exam.blueprint)
    exam = msgspec.structs.replace(exam, blueprint=blueprint)
    parts = tuple(_part(form, number, exam.blueprint, pool) for number in _numbers(form, "sections"))
    count = sum(len(each.items) + sum(draw.count for draw in each.draws) for each in blueprint.sections)
    return blueprint, Board(
        parts=parts, count=count, total=check.total(exam), problems=tuple(check.problems(exam, pool)), errors=errors
    )


def _part(form: Form, number: int, before: Blueprint, pool: Pool) -> Part:
    place = f"sections.{number}"
    reader = Reader(form)

    def rows(kind: str, names: tuple[str, ...], make: Callable[[str, dict[str, str]], Row]) -> tuple[Row, ...]:
        return tuple(
            make(at, {name: reader.line(f"{at}.{name}") for name in names}) for at in _places(form, f"{place}.{kind}")
        )

    def fixed(at: str, typed: dict[str, str]) -> Row:
        return Row(place=at, typed=typed, item=pool.items.get(typed["code"]))

    def drawn(at: str, typed: dict[str, str]) -> Row:
        draw = _any_draw(Reader(form), at, before, 0)
        return Row(place=at, typed=typed, fitting=sum(fits(item, draw) for item in pool.items.values()))

    [section] = read({name: values for name, values in form.items() if name.startswith(f"{place}.")}, before)[
        0
    ].sections
    points = sum(each.points for each in section.items) + sum(each.points * each.count for each in section.draws)
    title = {language: reader.line(f"{place}.title.{language}") for language in LANGUAGES}
    return Part(
        number=number, place=place, points=points, title=title,
        items=rows("items", ITEM_FIELDS, fixed), draws=rows("draws", DRAW_FIELDS, drawn),
    )  # fmt: skip
