"""An item as a candidate sees it: no key, share, accepted text, feedback, explanation, and no code."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

import msgspec

from surveys.exams.definition import PaperItem
from surveys.exams.items import (
    BASE_UNIT,
    AnyItem,
    BlanksItem,
    CaseItem,
    ClozeItem,
    EssayItem,
    FileItem,
    Item,
    MatchingItem,
    NumericItem,
    OrderingItem,
    SimpleItem,
    TrueFalseItem,
)
from surveys.exams.marking import question_points
from surveys.text import DEFAULT_LANGUAGE, Text, pick

FieldKind = Literal["one", "many", "line", "number", "select", "text", "file", "place"]
"""``one`` and ``many`` of the options as buttons, ``line`` and ``text`` of typing, ``select`` from the options,
``place``: the number of an option's place in an order."""

LINE_LIMIT = 500
GAP = re.compile(r"\[\[\s*([^\[\]]{1,64}?)\s*\]\]")

_TRUE: Text = {"zh-CN": "正确", "en": "True"}
_FALSE: Text = {"zh-CN": "错误", "en": "False"}


class ShownOption(msgspec.Struct, frozen=True, kw_only=True):
    """An option by its opaque name."""

    name: str
    label: str


class ShownField(msgspec.Struct, frozen=True, kw_only=True):
    """A form field. ``unit`` stands behind it, ``limit`` is the most characters that are taken."""

    name: str
    kind: FieldKind
    label: str = ""
    options: tuple[ShownOption, ...] = ()
    unit: str = ""
    limit: int = LINE_LIMIT


class ShownItem(msgspec.Struct, frozen=True, kw_only=True):
    """An item as it is put. ``number`` counts from 1 on the paper, in a case its questions; ``points`` in hundredths.

    ``pieces``: of a cloze the words before, between and after its fields, one more than there are fields.
    ``questions``: those of a case, which has no field of its own.
    """

    number: int
    type: str
    text: str
    points: int
    section: int = 0
    fields: tuple[ShownField, ...] = ()
    pieces: tuple[str, ...] = ()
    questions: tuple[ShownItem, ...] = ()


def shown_item(asked: PaperItem, item: AnyItem, language: str) -> ShownItem:
    """One item of a paper in a language."""
    view = _View(asked, language)
    if not isinstance(item, CaseItem):
        return view.simple(item, asked.number, asked.points)
    points = question_points(item, asked.points)
    questions = [
        view.simple(each.item, number, points[each.code], f"{each.code}.")
        for number, each in enumerate(item.questions, start=1)
    ]
    return ShownItem(
        number=asked.number,
        type="case",
        text=pick(item.text, language),
        points=asked.points,
        section=asked.section,
        questions=tuple(questions),
    )


def fields_of(asked: PaperItem, item: SimpleItem, prefix: str) -> tuple[ShownField, ...]:
    """The form fields of an item, or of the question of a case whose codes begin with ``prefix``."""
    return _View(asked, DEFAULT_LANGUAGE).simple(item, 0, 0, prefix).fields


class _View:
    """An item in the words of a language and the names of an attempt."""

    def __init__(self, asked: PaperItem, language: str) -> None:
        self.asked, self.language = asked, language
        self.option = {code: name for name, code in asked.names.items()}
        self.field = {part: name for name, part in asked.fields.items()}

    def simple(self, item: SimpleItem, number: int, points: int, prefix: str = "") -> ShownItem:
        pieces, gaps = self.cloze(item) if isinstance(item, ClozeItem) else ((), None)
        return ShownItem(
            number=number,
            type=tag(item),
            text="" if pieces else pick(item.text, self.language),
            points=points,
            section=self.asked.section,
            fields=tuple(self.fields(item, prefix, gaps)),
            pieces=pieces,
        )

    def fields(self, item: SimpleItem, prefix: str, gaps: Iterable[str] | None) -> Iterable[ShownField]:
        options = self.options(item, prefix)
        if isinstance(item, OrderingItem):
            return [ShownField(name=each.name, kind="place", label=each.label) for each in options]
        if isinstance(item, BlanksItem | ClozeItem):
            by_code = {each.code: each for each in item.gaps}
            return [
                ShownField(
                    name=self.field[prefix + code],
                    kind="line",
                    label=pick(by_code[code].label, self.language),
                    unit=pick(by_code[code].unit, self.language),
                )
                for code in (gaps if gaps is not None else by_code)
            ]
        if isinstance(item, MatchingItem):
            return [
                ShownField(
                    name=self.field[prefix + each.code],
                    kind="select",
                    label=pick(each.label, self.language),
                    options=options,
                )
                for each in item.pairs
            ]
        return self.single_part(item, prefix, options)

    def single_part(self, item: SimpleItem, prefix: str, options: tuple[ShownOption, ...]) -> list[ShownField]:
        def field(part: str, kind: FieldKind, **more: object) -> ShownField:
            return ShownField(name=self.field[prefix + part], kind=kind, **more)  # type: ignore[arg-type]

        if isinstance(item, NumericItem):
            unit = "" if item.units else pick(item.unit, self.language)
            number = field("number", "number", unit=unit)
            return [number, field("unit", "select", options=options)] if item.units else [number]
        if isinstance(item, EssayItem):
            return [field("text", "text", limit=item.maximum_length)]
        if isinstance(item, FileItem):
            return [field("file", "file")]
        kinds: dict[str, FieldKind] = {"single": "one", "true_false": "one", "multiple": "many"}
        kind = kinds.get(tag(item))
        return [field("choice", kind, options=options)] if kind else [field("text", "line")]

    def options(self, item: SimpleItem, prefix: str) -> tuple[ShownOption, ...]:
        labels = option_labels(item)
        order = [each for each in self.asked.order if each.startswith(prefix) and each[len(prefix) :] in labels]
        codes = order or [f"{prefix}{each}" for each in labels]
        return tuple(
            ShownOption(name=self.option[each], label=pick(labels[each[len(prefix) :]], self.language))
            for each in codes
        )

    def cloze(self, item: ClozeItem) -> tuple[tuple[str, ...], list[str]]:
        """The words around the gaps and the gaps' codes, in the order of the sentence. A code that is no gap's or comes
        twice is left out; gaps that the sentence lacks follow it."""
        pieces, codes, known = [""], [], {each.code for each in item.gaps}
        for at, piece in enumerate(GAP.split(pick(item.text, self.language))):
            if at % 2 == 0:
                pieces[-1] += piece
            elif piece in known and piece not in codes:
                codes.append(piece)
                pieces.append("")
        for each in item.gaps:
            if each.code not in codes:
                codes.append(each.code)
                pieces.append("")
        return tuple(pieces), codes


def option_labels(item: SimpleItem) -> dict[str, Text]:
    """What can be chosen, by code."""
    if isinstance(item, TrueFalseItem):
        return {"true": _TRUE, "false": _FALSE}
    if isinstance(item, NumericItem):
        return {BASE_UNIT: item.unit} | {each.code: each.label for each in item.units} if item.units else {}
    return {each.code: each.label for each in getattr(item, "options", ())}


def tag(item: Item) -> str:
    """An item's type as it is written."""
    return str(item.__struct_config__.tag)
