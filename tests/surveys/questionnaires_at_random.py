"""Questionnaires of any shape, drawn from a seed along the Structs' own types: every question type, every field.

They are well-formed (names, codes and types are right), not sensible: conditions lead nowhere, wordings are hostile.
A new field or question type is drawn without a change here.
"""

from __future__ import annotations

import random
import typing
from collections.abc import Sequence
from typing import Any

import msgspec
from hypothesis import strategies as st

from surveys.definition import Page, Questionnaire
from surveys.definition import fields as fields_of
from surveys.formats.nodes import members, variants
from surveys.questions import QUESTION_TYPES
from surveys.text import Text

MOST = 3  # entries of a list
DEEPEST = 4  # Structs within Structs

CODES = (
    "a",
    "b",
    "c",
    "q1",
    "q2",
    "q3",
    "p1",
    "p2",
    "g1",
    "other",
    "end",
    "screen_out",
    "yes",
    "no",
    "null",
    "na_2",
    "x9",
)
PLAIN = ("您的角色？", "上游", "How is it?", "投诉处理（试点）", "非常同意", "a 至 b", "3 天以内", "Yes, often")
LANGUAGES = ("zh-CN", "en", "fr", "zh-Hant")
NASTY = (
    "#", "## x", "- x", "-", "1. x", "A. x", "| x", "a | b", "a|b", "｜", "> x", "// x", "---", "键: 值",
    "类型: 诊断", "title: x",
    "x [单选]", "x 【必答】", "[x]", "{x}", "x {code}", "{{process}}", "看 {{q1}}", "{{q1}} 和 {{q2}}", "x *", "x＊",
    "x ___", "其他____",
    "a => b", "=>", '"', '"x"', '"x" in y', "'", "\\", "\\n", 'a "b, c" d', "a, b", "a，b", "甲、乙", "a; b", "x:",
    "：", "null", "true", "否",
    "~", "1", "1.50", "0x1f", "=1+1", "+1", "-1", "@x", "'=1", "\t", " x", "x ", "　x　", "a\nb", "a\n\nb", "\na",
    "a\n", "a\r\nb", "\r",
    "\x00", "\x07", "\x1b", "\x7f", "\x85", "\xa0", "\xad", "\u2028", "\u2029", "\u200d", "\u202e", "\ufeff",
    "\ufffe", "\uffff", "😀", "👩‍👩‍👧",
    "_x000D_", "&amp;", "<b>", "!!python/object", "*alias", "&anchor", "? x", "%TAG", "`", "x]", "x}", "[", "]", "{",
    "}", "(a", "a)",
    'a [b "c', "a [b] c", "x" * 300, "q1 == \"a\" and not (q2 < 3 or q3 in [1, 2])", "。" * 120,
)  # fmt: skip


def questionnaires() -> st.SearchStrategy[Questionnaire]:
    return st.integers(0, 2**48).map(at_random)


def at_random(seed: int) -> Questionnaire:
    """The questionnaire of a seed."""
    return Drawing(random.Random(seed)).questionnaire()


class Drawing:
    def __init__(self, draw: random.Random) -> None:
        self.draw = draw
        self.rich = draw.choice((0.1, 0.3, 0.9))  # how often an optional field is given
        self.hostile = draw.choice((0, 0.2, 0.8))  # how often a wording is one that formats trip over

    def questionnaire(self) -> Questionnaire:
        """With codes of its own for every page and question, and groups that may or may not be in order."""
        draw, number, pages = self.draw, 0, []
        for index in range(1, draw.randint(0, 3) + 1):
            page = self.struct(Page, 1)
            groups = page.groups if draw.random() < 0.5 else ()
            names = ["", *(each.code for each in groups)]
            questions = []
            for _ in range(draw.randint(0, 4)):
                number += 1
                question = self.struct(QUESTION_TYPES[draw.choice(sorted(QUESTION_TYPES))], 2)
                code = draw.choice((f"q{number}", f"{question.code}_{number}"))
                questions.append(msgspec.structs.replace(question, code=code, group=draw.choice(names)))
            if draw.random() < 0.7:
                questions.sort(key=lambda each: names.index(each.group))
            code = draw.choice((f"p{index}", f"{page.code}_{index}"))
            pages.append(msgspec.structs.replace(page, code=code, groups=groups, questions=tuple(questions)))
        languages = draw.choice((("zh-CN", "en"), ("zh-CN",), ("en",)))
        whole = self.struct(Questionnaire, 0)
        return msgspec.structs.replace(
            whole, name=draw.choice(("a", "b-2", "yes")), languages=languages, pages=tuple(pages)
        )

    def struct(self, kind: type[msgspec.Struct], depth: int) -> Any:
        given = {
            each.name: self.value(each.type, each.name, depth + 1)
            for each in fields_of(kind)
            if each.name not in ("pages", "questions") and (each.required or self.draw.random() < self.rich)
        }
        return kind(**{name: () for name in ("pages", "questions") if name in kind.__struct_fields__}, **given)

    def value(self, kind: Any, name: str, depth: int) -> Any:
        """A value of a field's type. ``name`` is the field's: codes look like codes."""
        if kind == Text:
            return self.text()
        if variants(kind):
            return self.struct(variants(kind)[self.draw.choice(sorted(variants(kind)))], depth)
        inner = members(kind)[0]
        origin, inside = typing.get_origin(inner), typing.get_args(inner)
        if type(None) in typing.get_args(kind) and origin is not typing.Literal and self.draw.random() < 0.3:
            return None
        if origin is tuple:
            return self.several(inside[0], name, depth)
        if origin is dict:
            return {
                self.draw.choice(CODES): self.value(inside[1], "", depth) for _ in range(self.draw.randint(0, MOST))
            }
        if origin is typing.Literal:
            return self.draw.choice(inside)
        if isinstance(inner, type) and issubclass(inner, msgspec.Struct):
            return self.struct(inner, depth)
        return self.scalar(inner, name)

    def several(self, kind: Any, name: str, depth: int) -> tuple[Any, ...]:
        most = MOST if depth < DEEPEST else 0
        found = [self.value(kind, name, depth) for _ in range(self.draw.randint(0, most))]
        if "code" in getattr(kind, "__struct_fields__", ()):
            found = list({each.code: each for each in found}.values())
        return tuple(found)

    def scalar(self, kind: Any, name: str) -> Any:
        draw = self.draw
        if kind is bool:
            return draw.random() < 0.5
        if kind is int:
            return draw.choice((0, 1, 5, -3, 10**6))
        if kind is float:
            return draw.choice((0.0, 1.0, -2.5, 0.1, 1e12, 1e-7, 86400.0, draw.uniform(-1e6, 1e6)))
        assert kind is str, f"no values known for {kind} of {name}"
        return draw.choice(CODES) if name == "code" or draw.random() < 0.4 else draw.choice(("", self.wording()))

    def text(self) -> Text:
        if self.draw.random() < self.hostile / 4:
            return {
                each: draw for each in LANGUAGES if (draw := self.draw.choice((None, "", self.wording()))) is not None
            }
        return {"zh-CN": self.wording(), **({"en": self.wording()} if self.draw.random() < 0.6 else {})}

    def wording(self) -> str:
        if self.draw.random() >= self.hostile:
            return self.draw.choice(PLAIN)
        kind = self.draw.randint(0, 3)
        if kind == 0:
            return self.draw.choice(NASTY)
        if kind == 1:
            return "".join(self.character() for _ in range(self.draw.randint(1, 8)))
        pieces: Sequence[str] = [self.draw.choice((*PLAIN, *NASTY)) for _ in range(self.draw.randint(2, 3))]
        return ("" if kind == 2 else "\n").join(pieces)

    def character(self) -> str:
        code = self.draw.choice(
            (self.draw.randint(0, 0x7F), self.draw.randint(0, 0x3000), self.draw.randint(0, 0x10FFFF))
        )
        return "�" if 0xD800 <= code < 0xE000 else chr(code)
