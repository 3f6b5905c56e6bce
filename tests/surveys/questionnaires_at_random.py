"""Questionnaires of any shape, drawn by hypothesis from the Structs' own types: every question type, every field.

They are well-formed (names, codes and types are right), not sensible: conditions lead nowhere, wordings are hostile.
A new field or question type is drawn without a change here.
"""

from __future__ import annotations

import typing
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

CODES = st.one_of(
    st.sampled_from(["a", "b", "q1", "q2", "q3", "p1", "p2", "g1", "other", "end", "screen_out", "yes", "no", "null"]),
    st.from_regex(r"[a-z][a-z0-9_]{0,12}", fullmatch=True),
)
NASTY = (
    "#", "## x", "- x", "-", "1. x", "A. x", "| x", "a | b", "a|b", "｜", "> x", "// x", "---", "键: 值", "类型: 诊断", "title: x",
    "x [单选]", "x 【必答】", "[x]", "{x}", "x {code}", "{{process}}", "看 {{q1}}", "{{q1}} 和 {{q2}}", "x *", "x＊", "x ___", "其他____",
    "a => b", "=>", '"', '"x"', '"x" in y', "'", "\\", "\\n", 'a "b, c" d', "a, b", "a，b", "甲、乙", "a; b", "x:", "：", "null", "true", "否",
    "~", "1", "1.50", "0x1f", "=1+1", "+1", "-1", "@x", "'=1", "\t", " x", "x ", "　x　", "a\nb", "a\n\nb", "\na", "a\n", "a\r\nb", "\r",
    "\x00", "\x07", "\x1b", "\x7f", "\x85", "\xa0", "\xad", "\u2028", "\u2029", "\u200d", "\u202e", "\ufeff", "\ufffe", "\uffff", "😀", "👩‍👩‍👧",
    "_x000D_", "&amp;", "<b>", "!!python/object", "*alias", "&anchor", "? x", "%TAG", "`", "x]", "x}", "[", "]", "{", "}", "(a", "a)",
    'a [b "c', "a [b] c", "x" * 300, "q1 == \"a\" and not (q2 < 3 or q3 in [1, 2])", "。" * 120,
)  # fmt: skip
CHARACTERS = st.characters(exclude_categories=("Cs",))
PLAIN = st.sampled_from(["您的角色？", "上游", "How is it?", "投诉处理（试点）", "非常同意", "a 至 b", "3 天以内", "Yes, often"])
WORDINGS = st.one_of(
    PLAIN,
    st.sampled_from(NASTY),
    st.text(CHARACTERS, min_size=1, max_size=12),
    st.lists(st.one_of(PLAIN, st.sampled_from(NASTY)), min_size=2, max_size=3).map("".join),
    st.lists(st.one_of(PLAIN, st.sampled_from(NASTY)), min_size=2, max_size=3).map("\n".join),
)
TEXTS = st.one_of(
    st.fixed_dictionaries({"zh-CN": PLAIN, "en": PLAIN}),
    st.fixed_dictionaries({"zh-CN": WORDINGS}, optional={"en": WORDINGS}),
    st.dictionaries(st.sampled_from(["zh-CN", "en", "fr", "zh-Hant"]), st.one_of(st.just(""), WORDINGS), max_size=3),
)
NUMBERS = st.one_of(
    st.integers(-9999, 9999).map(float), st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12)
)


def values(kind: Any, name: str = "", depth: int = 0) -> st.SearchStrategy[Any]:
    """Values of a field's type. ``name`` is the field's: codes look like codes."""
    if kind == Text:
        return TEXTS
    if variants(kind):
        return st.sampled_from(sorted(variants(kind))).flatmap(lambda tag: structs(variants(kind)[tag], depth))
    if len(members(kind)) < len(typing.get_args(kind)) and typing.get_origin(kind) is not typing.Literal:
        if typing.get_origin(kind) not in (tuple, dict):
            return st.one_of(st.none(), values(members(kind)[0], name, depth))
    inner, origin = members(kind)[0], typing.get_origin(members(kind)[0])
    if origin is tuple:
        element = typing.get_args(inner)[0]
        unique = (lambda each: each.code) if "code" in getattr(element, "__struct_fields__", ()) else None
        most = 0 if depth >= DEEPEST else MOST
        return st.lists(values(element, name, depth), max_size=most, unique_by=unique).map(tuple)
    if origin is dict:
        return st.dictionaries(CODES, values(typing.get_args(inner)[1], "", depth), max_size=MOST)
    if origin is typing.Literal:
        return st.sampled_from(typing.get_args(inner))
    if isinstance(inner, type) and issubclass(inner, msgspec.Struct):
        return structs(inner, depth)
    return scalars(inner, name)


def scalars(kind: type, name: str) -> st.SearchStrategy[Any]:
    if kind is bool:
        return st.booleans()
    if kind is int:
        return st.integers(-(10**6), 10**6)
    if kind is float:
        return NUMBERS
    assert kind is str, f"no values known for {kind} of {name}"
    return CODES if name == "code" else st.one_of(st.just(""), CODES, WORDINGS)


def structs(kind: type[msgspec.Struct], depth: int = 0) -> st.SearchStrategy[Any]:
    """A Struct with some of its optional fields given."""
    due = {each.name: values(each.type, each.name, depth + 1) for each in fields_of(kind) if each.required}
    optional = {each.name: values(each.type, each.name, depth + 1) for each in fields_of(kind) if not each.required}
    return st.fixed_dictionaries(due, optional=optional).map(lambda given: kind(**given))


@st.composite
def questionnaires(draw: st.DrawFn) -> Questionnaire:
    """A whole questionnaire with codes of its own for every page, group and question."""
    drawn = draw(structs(Questionnaire).filter(lambda each: True))
    pages = []
    number = 0
    for index, _ in enumerate(draw(st.lists(st.none(), max_size=3)), start=1):
        page = draw(structs(Page, 1))
        groups = page.groups if draw(st.booleans()) else ()
        questions = []
        for tag in draw(st.lists(st.sampled_from(sorted(QUESTION_TYPES)), max_size=4)):
            number += 1
            question = draw(structs(QUESTION_TYPES[tag], 2))
            code = draw(st.sampled_from([f"q{number}", f"{question.code}_{number}"]))
            group = draw(st.sampled_from(["", *(each.code for each in groups)]))
            questions.append(msgspec.structs.replace(question, code=code, group=group))
        code = draw(st.sampled_from([f"p{index}", f"{page.code}_{index}"]))
        if draw(st.booleans()):
            questions.sort(key=lambda each: [group.code for group in groups].index(each.group) if each.group else -1)
        pages.append(msgspec.structs.replace(page, code=code, groups=groups, questions=tuple(questions)))
    name = draw(st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True))
    languages = draw(st.sampled_from([("zh-CN", "en"), ("zh-CN",), ("en",)]))
    return msgspec.structs.replace(drawn, name=name, languages=languages, pages=tuple(pages))
