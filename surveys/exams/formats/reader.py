"""How people write the parts of an item: ``48 ±2 / 50 [得分: 0.5]``, ``- 首问部门 {dept} => 客户服务部 / 客服部``."""

from __future__ import annotations

import re
from typing import Any

from surveys.exams.formats.words import FIELDS, NOTHING, TYPES, VALUES
from surveys.exams.items import Accepted, Criterion, Gap, Level, Match, Pair
from surveys.formats import inline
from surveys.formats.nodes import Mark, mapping, scalar
from surveys.formats.shapes import Struct
from surveys.formats.spoken import Spoken, SpokenReader
from surveys.formats.words import normal

NODE_LIMIT = 600_000
ALTERNATIVES = "/／;；"
ANSWERED: dict[Struct, str] = {Gap: "accepted", Criterion: "levels", Pair: "option"}
"""Structs written ``label {code} [settings] => answer``."""

FIGURE = re.compile(r"([-+]?\d{1,15}(?:\.\d{1,15})?)(?:\s*(?:±|\+/-|\+-)\s*(\d{1,15}(?:\.\d{1,15})?))?")
_LEVEL = re.compile(r"([-+]?\d{1,9}(?:\.\d{1,9})?)\s*(?:分|points?\b)?\s*[:：]?\s*(.*)")


class ItemReader(SpokenReader):
    """A reader that knows the words and short forms of items."""

    field_words, type_words, value_words = FIELDS, TYPES, VALUES

    def __init__(self) -> None:
        super().__init__()
        self.left = NODE_LIMIT

    def elements(self, node: Spoken, kind: Any, place: str) -> list[Any]:
        if kind in (Accepted, Level):
            return [Spoken(each, node.mark) for each in inline.split(node.value, ALTERNATIVES)]
        return super().elements(node, kind, place)

    def thing(self, node: Spoken, kind: Struct, place: str) -> Any:
        if kind is Accepted:
            return self.accepted(node)
        if kind is Level:
            return self.level(node)
        if kind is Match:
            return self.match(node)
        return self.answered(node, kind) if kind in ANSWERED else super().thing(node, kind, place)

    def accepted(self, node: Spoken) -> Any:
        """A figure is a number, with its tolerance; in quotes it is a text."""
        said = inline.annotated(node.value, settings=self.settled(Accepted))
        found = FIGURE.fullmatch(said.body)
        pairs: list[tuple[str, Any]] = []
        if found:
            figures = zip(("number", "tolerance"), found.groups(), strict=True)
            pairs = [(name, Spoken(each, node.mark)) for name, each in figures if each]
        elif said.body:
            pairs = [("text", scalar(inline.unquote(said.body), node.mark))]
        return self.node(pairs + self.settings(said.settings, Accepted, node.mark), node)

    def level(self, node: Spoken) -> Any:
        """``2 部分正确 | Partly right``."""
        found = _LEVEL.fullmatch(node.value)
        if found is None:
            self.unknown("unknown_word", FIELDS, node.value, ("points",), node.mark)
            return None
        points, label = Spoken(found[1], node.mark), Spoken(found[2], node.mark)
        return self.node([("points", points), ("label", label)], node)

    def match(self, node: Spoken) -> Any:
        """What does not count: ``大小写, 标点``; all else does."""
        words = [] if normal(node.value) in map(normal, NOTHING) else inline.split(node.value)
        flags = dict.fromkeys(Match.__struct_fields__, "false")
        for each in words:
            name = FIELDS.find(each, flags)
            if name is None:
                self.unknown("unknown_word", FIELDS, each, flags, node.mark)
            else:
                flags[name] = "true"
        return self.node([(name, Spoken(value, node.mark)) for name, value in flags.items()], node)

    def answered(self, node: Spoken, kind: Struct) -> Any:
        left, right = inline.arrow(node.value)
        said = inline.annotated(left, settings=self.settled(kind))
        pairs: list[tuple[str, Any]] = [("code", scalar(said.code, node.mark))] if said.code else []
        if said.body or node.more:
            pairs.append(("label", Spoken(said.body, node.mark, node.more)))
        if right is not None:
            pairs.append((ANSWERED[kind], Spoken(right, node.mark)))
        return self.node(pairs + self.settings(said.settings, kind, node.mark), node)

    def node(self, pairs: list[tuple[str, Any]], node: Spoken) -> Any:
        return mapping([(scalar(key, node.mark), value) for key, value in pairs], node.mark)


def reads_as(line: str, kind: Any) -> Any:
    """The value of type ``kind`` that a line stands for; None where it stands for none."""
    return ItemReader().converted(Spoken(line, Mark(0)), kind)[0]
