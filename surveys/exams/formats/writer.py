"""Parts of an item as text that ``surveys.exams.formats.reader`` reads as the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from surveys.exams.formats.reader import ALTERNATIVES, ANSWERED, FIGURE, reads_as
from surveys.exams.formats.words import FIELDS, NOTHING, TYPES, VALUES
from surveys.exams.items import ITEM_TYPES, Accepted, Level, Match, TrueFalseItem
from surveys.formats import inline
from surveys.formats.shapes import Struct, element, listed, named
from surveys.formats.text_writer import Data, Writer
from surveys.text import DEFAULT_LANGUAGE


class ItemWriter(Writer):
    """Says any item in the words of a language. What a short form does not say exactly stands in flow form."""

    field_words, type_words, value_words = FIELDS, TYPES, VALUES

    def value(self, name: str, value: Any, kind: Any) -> str:
        if kind is Match:
            return self.match(value)
        if element(kind) in (Accepted, Level):
            return self.alternatives(value, element(kind)) or inline.flow(value)
        return super().value(name, value, kind)

    def thing(self, data: Data, kind: type[msgspec.Struct]) -> str:
        if kind not in ANSWERED:
            return super().thing(data, kind)
        coded = {"code": "a", **data}  # one that is left out follows from the place in the list
        sure = self.answered(coded, kind)
        exact = sure is not None and reads_as(sure, kind) == msgspec.convert(coded, kind)
        return (exact and self.answered(data, kind)) or inline.flow(data)

    def answered(self, data: Data, kind: Struct) -> str | None:
        """``label {code} [settings] => answer``."""
        rest, answers = dict(data), ANSWERED[kind]
        kinds = named(kind)
        label = rest.pop("label", None)
        parts = [inline.wording(label)] if label else []
        if "code" in rest and inline.is_code(rest["code"]):
            parts.append(f"{{{rest.pop('code')}}}")
        field, answer = kinds[answers], rest.pop(answers)
        said = self.part(answer, field) if field.type is str else self.alternatives(answer, element(field.type))
        if rest:
            parts.append(self.enclosed(rest, kind))
        if not said or None in parts:
            return None
        return " ".join([*filter(None, parts), "=>", said])

    def alternatives(self, values: Sequence[Data], kind: Struct) -> str | None:
        """All on one line parted by strokes, or None where that would not be read as the same."""
        said = [self.level(each) if kind is Level else self.accepted(each) for each in values]
        if not said or None in said:
            return None
        line = " / ".join(each for each in said if each)
        many = tuple[kind, ...]  # type: ignore[valid-type]
        return line if reads_as(line, many) == msgspec.convert(values, many) else None

    def accepted(self, data: Data) -> str:
        rest = dict(data)
        if rest.get("number") is not None and "text" not in rest:
            body = inline.figure(rest.pop("number"))
            if "tolerance" in rest:
                body += f" ±{inline.figure(rest.pop('tolerance'))}"
        else:
            text = rest.pop("text", "")
            simple = inline.is_listable(text) and not any(each in text for each in ALTERNATIVES)
            body = text if simple and not FIGURE.fullmatch(text) else inline.quote(text)
        return f"{body} {self.enclosed(rest, Accepted)}" if rest else body

    def level(self, data: Data) -> str | None:
        label = inline.wording(data["label"], lambda each: inline.is_listable(each) and not set(each) & {*ALTERNATIVES})
        return f"{inline.figure(data['points'])} {label}" if label else None

    def match(self, data: Data) -> str:
        usual = Match()
        words = [self.field(name) for name in Match.__struct_fields__ if data.get(name, getattr(usual, name))]
        return ", ".join(words) or NOTHING[self.language != DEFAULT_LANGUAGE]

    def parts(self, item: Data, tag: str) -> tuple[list[str], list[str], list[str]]:
        """Words for the bracket, setting lines and lists of an item without its type, text and questions."""
        kind, rest = ITEM_TYPES[tag], dict(item)
        words: list[str] = []
        lines: list[str] = []
        if kind is TrueFalseItem:
            lines.append(f"{self.field('accepted')}: {self.figure(rest.pop('correct'))}")
        for name, each in named(kind).items():
            if name in rest and (said := self.short(name, rest[name], each.type)):
                words.append(said)
                del rest[name]
        field = listed(kind)
        items = rest.pop(field.encode_name, None) if field is not None else None
        if field is not None and items is not None and not items:
            rest[field.encode_name] = items
        settings, lists = self.parted(rest, kind)
        entries = list(self.items(items, element(field.type))) if field is not None and items else []
        return words, [*lines, *settings], [*entries, *lists]
