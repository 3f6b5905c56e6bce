"""A tree of YAML nodes -> Questionnaire, along the Structs' types: what all formats share.

Each format turns its file into such a tree, whose nodes know the line they come from. The walk builds nothing outside
the types, tells all problems at once and remembers the line of every place. A new field or question type needs no word
here.
"""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Mapping
from typing import Any, NamedTuple, Union

import msgspec
import yaml

from surveys.definition import Questionnaire
from surveys.definition import fields as fields_of
from surveys.problem import Problem, has_errors, problem
from surveys.text import DEFAULT_LANGUAGE, LANGUAGE_ALIASES, LANGUAGES, Text

NODE_LIMIT = 60_000  # nodes visited, aliases counted each time

_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?([0-9]{1,18}\.[0-9]{0,18}|\.[0-9]{1,18}|[0-9]{1,18})([eE][-+]?[0-9]{1,3})?")
_LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_TAGS = {"str", "int", "float", "bool", "null", "seq", "map", "timestamp", "value", "merge"}


class Mark(NamedTuple):
    """Where a node that no YAML parser made comes from: ``line`` counts from 0, ``sheet`` is a workbook's."""

    line: int
    sheet: str = ""


def scalar(value: str, mark: Any) -> Any:
    """A word as if quoted: never taken for a number or null."""
    return yaml.ScalarNode("tag:yaml.org,2002:str", value, mark, mark, style='"')


def mapping(pairs: list[tuple[Any, Any]], mark: Any) -> Any:
    return yaml.MappingNode("tag:yaml.org,2002:map", pairs, mark, mark)


def sequence(nodes: list[Any], mark: Any) -> Any:
    return yaml.SequenceNode("tag:yaml.org,2002:seq", nodes, mark, mark)


def members(kind: Any) -> tuple[Any, ...]:
    """The types of a union, None left out; the type itself where it is none."""
    if typing.get_origin(kind) in (Union, types.UnionType):
        return tuple(each for each in typing.get_args(kind) if each is not type(None))
    return (kind,)


def variants(kind: Any) -> dict[str, type[msgspec.Struct]]:
    """The tagged Structs among which ``type`` decides; empty for any other kind."""
    found = members(kind)
    if len(found) < 2 or not all(isinstance(each, type) and issubclass(each, msgspec.Struct) for each in found):
        return {}
    return {str(each.__struct_config__.tag): each for each in found}


def is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


class TooMany(Exception):
    """More nodes than any questionnaire needs."""


class Reader:
    """One reading: the problems so far, the mark of each place, the nodes still allowed."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.marks: dict[str, Any] = {}
        self.left = NODE_LIMIT

    def questionnaire(self, root: Any) -> tuple[Questionnaire | None, list[Problem]]:
        if not isinstance(root, yaml.MappingNode):
            return None, [problem("missing_key", "", line=1, key="name")]
        return self.converted(root, Questionnaire)

    def converted(self, root: Any, kind: Any, place: str = "") -> tuple[Any, list[Problem]]:
        """The value of type ``kind``, or None and what is wrong."""
        try:
            data = self.value(root, kind, place)
        except TooMany:
            return None, [problem("too_complex", "")]
        if has_errors(self.problems):
            return None, self.problems
        try:
            return msgspec.convert(data, kind), self.problems
        except msgspec.ValidationError as error:
            detail, _, path = str(error).partition(" - at `$")
            inner = re.sub(r"\[(\d+)\]", r".\1", path.rstrip("`")).strip(".")
            wrong = problem("wrong_value", inner, expected="其他内容", expected_en=detail)
            return None, [self.located(wrong)]

    def located(self, wrong: Problem) -> Problem:
        """The same problem with the line of its place, and the sheet where there are several."""
        place = wrong.place
        while place and place not in self.marks:
            place = place.rpartition(".")[0]
        mark = self.marks.get(place)
        return wrong if mark is None or wrong.line else at(wrong, mark)

    def add(self, code: str, place: str, node: Any, **figures: Any) -> None:
        self.problems.append(at(problem(code, place, **figures), node.start_mark))

    def value(self, node: Any, kind: Any, place: str) -> Any:
        """Plain data for ``msgspec.convert``; None beside a problem where the node will not do."""
        self.left -= 1
        if self.left < 0:
            raise TooMany
        self.marks[place] = node.start_mark
        prefix, _, suffix = node.tag.rpartition(":")
        if prefix not in ("tag:yaml.org,2002", "") or suffix not in _TAGS:
            return self.add("tag", place, node, tag=node.tag)
        if kind == Text:
            return self.text(node, place)
        if variants(kind):
            return self.variant(node, kind, place)
        inner = members(kind)[0]
        origin = typing.get_origin(inner)
        if origin in (tuple, dict) or is_struct(inner):
            if inner is not kind and isinstance(node, yaml.ScalarNode) and is_null(node):
                return None
            if origin is tuple:
                return self.sequence(node, typing.get_args(inner)[0], place)
            if origin is dict:
                return self.dictionary(node, typing.get_args(inner)[1], place)
            return self.struct(node, inner, place)
        return self.scalar(node, kind, place)

    def pairs(self, node: Any, place: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in node.value:
            self.left -= 1
            if not isinstance(key, yaml.ScalarNode):
                self.add("wrong_value", place, key, expected="简单的键", expected_en="a plain key")
            elif key.value in found:
                self.add("duplicate_key", place, key, key=key.value)
            else:
                found[key.value] = value
        return found

    def key(self, written: str, fields: Mapping[str, Any]) -> str:
        """The field that a key names."""
        return written

    def struct(self, node: Any, kind: type[msgspec.Struct], place: str, code: str | None = None) -> Any:
        fields = {each.encode_name: each for each in fields_of(kind)}
        if "labels" in fields and isinstance(node, yaml.SequenceNode):  # rating scale: just its labels
            return {"labels": self.value(node, fields["labels"].type, f"{place}.labels")}
        if not isinstance(node, yaml.MappingNode):
            return self.add("wrong_value", place, node, expected="一组键值", expected_en="a mapping of keys to values")
        pairs = self.pairs(node, place)
        tag = kind.__struct_config__.tag
        data: dict[str, Any] = {} if code is None else {"code": code}
        if tag is not None:
            pairs.pop("type", None)
            data["type"] = tag
        for written, value in pairs.items():
            key = self.key(written, fields)
            inner = f"{place}.{key}".lstrip(".")
            if key in fields and key in data and code is None:
                self.add("duplicate_key", inner, value, key=written)
            elif key in data or key not in fields:
                known = ", ".join([*(["type"] if tag else []), *fields])
                self.add("unknown_key", inner, value, key=written, known=known)
            else:
                data[key] = self.value(value, fields[key].type, inner)
        for name, field in fields.items():
            if field.required and name not in data:
                self.add("missing_key", f"{place}.{name}".lstrip("."), node, key=name)
        return data

    def variant(self, node: Any, kind: Any, place: str, code: str | None = None) -> Any:
        """A Struct among several: ``type`` says which."""
        if not isinstance(node, yaml.MappingNode):
            return self.add("wrong_value", place, node, expected="一道题", expected_en="a question")
        given = next((v for k, v in node.value if isinstance(k, yaml.ScalarNode) and k.value == "type"), None)
        if given is None:
            return self.add("missing_key", f"{place}.type", node, key="type")
        name = given.value if isinstance(given, yaml.ScalarNode) else "…"
        found = variants(kind).get(self.type(name))
        if found is None:
            known = ", ".join(variants(kind))
            return self.add("unknown_type", f"{place}.type", given, type=name, known=known)
        return self.struct(node, found, place, code)

    def type(self, written: str) -> str:
        """The tag that a word for a type names."""
        return written

    def sequence(self, node: Any, kind: Any, place: str) -> Any:
        if isinstance(node, yaml.SequenceNode):
            return [self.value(each, kind, f"{place}.{index}") for index, each in enumerate(node.value)]
        if isinstance(node, yaml.MappingNode) and is_keyed(kind):
            pairs = self.pairs(node, place).items()
            return [self.keyed(code, each, kind, f"{place}.{index}") for index, (code, each) in enumerate(pairs)]
        return self.add("wrong_value", place, node, expected="列表", expected_en="a list")

    def keyed(self, code: str, node: Any, kind: Any, place: str) -> Any:
        """An entry of ``code: …`` form: the rest of the Struct, or only its label."""
        self.marks[place] = node.start_mark
        if variants(kind):
            return self.variant(node, kind, place, code)
        fields = {each.encode_name for each in fields_of(kind)}
        keys = {key.value for key, _ in node.value} if _has_plain_keys(node) else set()
        if "label" in fields and not keys & fields:
            return {"code": code, "label": self.value(node, Text, f"{place}.label")}
        return self.struct(node, kind, place, code)

    def dictionary(self, node: Any, kind: Any, place: str) -> Any:
        if not isinstance(node, yaml.MappingNode):
            return self.add("wrong_value", place, node, expected="一组键值", expected_en="a mapping of keys to values")
        return {key: self.value(each, kind, f"{place}.{key}") for key, each in self.pairs(node, place).items()}

    def text(self, node: Any, place: str) -> Any:
        if isinstance(node, yaml.ScalarNode):
            return {DEFAULT_LANGUAGE: self.wording(node, place)} if node.value else {}
        if not isinstance(node, yaml.MappingNode):
            return self.add("wrong_value", place, node, expected="文字", expected_en="a text")
        found: Text = {}
        for key, value in self.pairs(node, place).items():
            language = LANGUAGE_ALIASES.get(key, key)
            if language not in LANGUAGES and (_LANGUAGE_TAG.fullmatch(language) is None or _blank(value)):
                # mostly the rest of a wording behind an unquoted comma
                self.add("not_a_language", f"{place}.{key}", value, key=key, known=", ".join(LANGUAGES))
            elif not isinstance(value, yaml.ScalarNode):
                self.add("wrong_value", f"{place}.{key}", value, expected="文字", expected_en="a text")
            elif language in found:
                self.add("duplicate_key", f"{place}.{key}", value, key=language)
            else:
                found[language] = self.wording(value, f"{place}.{key}")
        return found

    def wording(self, node: Any, place: str) -> str:
        value = str(node.value)
        if any("\ud800" <= character <= "\udfff" for character in value):
            self.add("not_text", place, node)
            return ""
        return value

    def scalar(self, node: Any, kind: Any, place: str) -> Any:
        if not isinstance(node, yaml.ScalarNode):
            expected, expected_en = _expectation(kind)
            return self.add("wrong_value", place, node, expected=expected, expected_en=expected_en)
        if kind is str:
            return self.wording(node, place)
        value = plain(node.value) if not node.style else self.wording(node, place)
        try:
            return msgspec.to_builtins(msgspec.convert(value, kind))
        except msgspec.ValidationError:
            options = options_of(kind)
            if options:
                return self.add("not_allowed", place, node, value=node.value, known=", ".join(options))
            expected, expected_en = _expectation(kind)
            return self.add("wrong_value", place, node, expected=expected, expected_en=expected_en)


def at(wrong: Problem, mark: Any) -> Problem:
    """The problem with its line; in a workbook its message begins with the sheet."""
    sheet = getattr(mark, "sheet", "")
    if sheet:
        message = {language: f"{sheet} · {wording}" for language, wording in wrong.message.items()}
        return msgspec.structs.replace(wrong, line=mark.line + 1, message=message)
    return msgspec.structs.replace(wrong, line=mark.line + 1)


def plain(value: str) -> Any:
    """A plain scalar by YAML 1.2's core rules: null, true, false and numbers; everything else is a word."""
    if value in ("", "~", "null"):
        return None
    if value in ("true", "false"):
        return value == "true"
    if _INTEGER.fullmatch(value):
        return int(value)
    return float(value) if _FLOAT.fullmatch(value) else value


def is_null(node: Any) -> bool:
    return not node.style and plain(node.value) is None


def is_keyed(kind: Any) -> bool:
    """Whether a list of these may be written as a map of codes."""
    return all(is_struct(each) and "code" in each.__struct_fields__ for each in members(kind))


def options_of(kind: Any) -> list[str]:
    """The values that a Literal (or an optional one) allows."""
    return [str(value) for each in members(kind) if typing.get_origin(each) is typing.Literal
            for value in typing.get_args(each)]  # fmt: skip


def _has_plain_keys(node: Any) -> bool:
    return isinstance(node, yaml.MappingNode) and all(isinstance(key, yaml.ScalarNode) for key, _ in node.value)


def _expectation(kind: Any) -> tuple[str, str]:
    found = members(kind)
    if bool in found:
        return " true 或 false", "true or false"
    if float in found:
        return "数字", "a number"
    return ("整数", "a whole number") if int in found else ("文字", "a text")


def _blank(node: Any) -> bool:
    """Whether nothing is written, not even an empty text in quotes."""
    return isinstance(node, yaml.ScalarNode) and not node.value and not node.style
