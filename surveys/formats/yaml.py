"""YAML <-> Questionnaire. The file is the Structs, key by key, with a few shorthands (docs/questionnaire-format.md).

Reading walks the YAML nodes along the Structs' types, so that every problem knows its line, all problems are told at
once, and nothing outside the types is ever built: no tags, no aliases that multiply, no YAML 1.1 surprises (``no`` is a
word here, not false).
"""

from __future__ import annotations

import re
import types
import typing
from typing import Any, Union

import msgspec
import yaml

from surveys.definition import Questionnaire
from surveys.definition import fields as fields_of
from surveys.formats.yaml_writer import write
from surveys.problem import Problem, has_errors, problem
from surveys.questions import QUESTION_TYPES, Question
from surveys.text import DEFAULT_LANGUAGE, LANGUAGE_ALIASES, Text

SIZE_LIMIT = 512 * 1024
DEPTH_LIMIT = 24
EVENT_LIMIT = 60_000
NODE_LIMIT = 60_000  # nodes visited, aliases counted each time

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?([0-9]{1,18}\.[0-9]{0,18}|\.[0-9]{1,18}|[0-9]{1,18})([eE][-+]?[0-9]{1,3})?")
_TAGS = {"str", "int", "float", "bool", "null", "seq", "map", "timestamp", "value", "merge"}


def read(text: str | bytes) -> tuple[Questionnaire | None, list[Problem]]:
    """The questionnaire, or None and what is wrong with the file. Never raises, whatever the bytes.

    This checks the form only; ``surveys.check.check`` says whether the questionnaire makes sense.
    """
    root, problems = _compose(text)
    return (None, problems) if problems else _Reader().questionnaire(root)


def locate(text: str | bytes, problems: list[Problem]) -> list[Problem]:
    """The same problems with the line of their place in the file ``text``, which ``read`` could read."""
    root, unreadable = _compose(text)
    if unreadable:
        return problems
    reader = _Reader()
    reader.questionnaire(root)
    return [msgspec.structs.replace(each, line=each.line or reader.line_of(each.place)) for each in problems]


def _compose(text: str | bytes) -> tuple[Any, list[Problem]]:
    """The root node, or why there is none."""
    try:
        source = text.decode("utf-8-sig") if isinstance(text, bytes) else text
        if len(source.encode()) > SIZE_LIMIT:
            return None, [problem("too_big", "", limit=SIZE_LIMIT // 1024)]
        if not _is_bounded(source):
            return None, [problem("too_complex", "")]
        return yaml.compose(source, Loader=_Loader), []
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        detail = str(getattr(error, "problem", None) or error).splitlines()[0]
        return None, [problem("not_yaml", "", line=mark.line + 1 if mark else None, detail=detail)]
    except (ValueError, RecursionError, OverflowError):  # undecodable bytes, lone surrogates
        return None, [problem("not_text", "")]


def _is_bounded(source: str) -> bool:
    depth = 0
    for count, event in enumerate(yaml.parse(source, Loader=_Loader)):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEPTH_LIMIT or count > EVENT_LIMIT:
            return False
    return True


class _TooMany(Exception):
    pass


class _Reader:
    """One reading: the problems so far, the line of each path, the nodes still allowed."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.lines: dict[str, int] = {}
        self.left = NODE_LIMIT

    def questionnaire(self, root: Any) -> tuple[Questionnaire | None, list[Problem]]:
        if not isinstance(root, yaml.MappingNode):
            return None, [problem("missing_key", "", line=1, key="name")]
        try:
            data = self.value(root, Questionnaire, "")
        except _TooMany:
            return None, [problem("too_complex", "")]
        if has_errors(self.problems):
            return None, self.problems
        try:
            return msgspec.convert(data, Questionnaire), self.problems
        except msgspec.ValidationError as error:
            detail, _, path = str(error).partition(" - at `$")
            place = re.sub(r"\[(\d+)\]", r".\1", path.rstrip("`")).lstrip(".")
            return None, [
                problem("wrong_value", place, line=self.line_of(place), expected="其他内容", expected_en=detail)
            ]

    def line_of(self, place: str) -> int | None:
        while place and place not in self.lines:
            place = place.rpartition(".")[0]
        return self.lines.get(place)

    def add(self, code: str, place: str, node: Any, **figures: Any) -> None:
        self.problems.append(problem(code, place, line=node.start_mark.line + 1, **figures))

    def value(self, node: Any, kind: Any, place: str) -> Any:
        """Plain data for ``msgspec.convert``; None beside a problem where the node will not do."""
        self.left -= 1
        if self.left < 0:
            raise _TooMany
        self.lines[place] = node.start_mark.line + 1
        prefix, _, suffix = node.tag.rpartition(":")
        if prefix not in ("tag:yaml.org,2002", "") or suffix not in _TAGS:
            return self.add("tag", place, node, tag=node.tag)
        if kind == Text:
            return self.text(node, place)
        if kind == Question:
            return self.question(node, place)
        origin = typing.get_origin(kind)
        if origin is tuple:
            return self.sequence(node, typing.get_args(kind)[0], place)
        if origin is dict:
            return self.dictionary(node, typing.get_args(kind)[1], place)
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            return self.struct(node, kind, place)
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
        for key, value in pairs.items():
            inner = f"{place}.{key}".lstrip(".")
            if key in data or key not in fields:
                known = ", ".join([*(["type"] if tag else []), *fields])
                self.add("unknown_key", inner, value, key=key, known=known)
            else:
                data[key] = self.value(value, fields[key].type, inner)
        for name, field in fields.items():
            if field.required and name not in data:
                self.add("missing_key", f"{place}.{name}".lstrip("."), node, key=name)
        return data

    def question(self, node: Any, place: str, code: str | None = None) -> Any:
        if not isinstance(node, yaml.MappingNode):
            return self.add("wrong_value", place, node, expected="一道题", expected_en="a question")
        given = next((v for k, v in node.value if isinstance(k, yaml.ScalarNode) and k.value == "type"), None)
        if given is None:
            return self.add("missing_key", f"{place}.type", node, key="type")
        kind = QUESTION_TYPES.get(given.value) if isinstance(given, yaml.ScalarNode) else None
        if kind is None:
            known = ", ".join(QUESTION_TYPES)
            name = given.value if isinstance(given, yaml.ScalarNode) else "…"
            return self.add("unknown_type", f"{place}.type", given, type=name, known=known)
        return self.struct(node, kind, place, code)

    def sequence(self, node: Any, kind: Any, place: str) -> Any:
        if isinstance(node, yaml.SequenceNode):
            return [self.value(each, kind, f"{place}.{index}") for index, each in enumerate(node.value)]
        if isinstance(node, yaml.MappingNode) and _is_keyed(kind):
            pairs = self.pairs(node, place).items()
            return [self.keyed(code, each, kind, f"{place}.{index}") for index, (code, each) in enumerate(pairs)]
        return self.add("wrong_value", place, node, expected="列表", expected_en="a list")

    def keyed(self, code: str, node: Any, kind: Any, place: str) -> Any:
        """An entry of ``code: …`` form: the rest of the Struct, or only its label."""
        self.lines[place] = node.start_mark.line + 1
        if kind == Question:
            return self.question(node, place, code)
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
            if not isinstance(value, yaml.ScalarNode):
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
        value = _plain(node.value) if not node.style else self.wording(node, place)
        try:
            return msgspec.to_builtins(msgspec.convert(value, kind))
        except msgspec.ValidationError:
            options = _options(kind)
            if options:
                return self.add("not_allowed", place, node, value=node.value, known=", ".join(options))
            expected, expected_en = _expectation(kind)
            return self.add("wrong_value", place, node, expected=expected, expected_en=expected_en)


def _plain(value: str) -> Any:
    """A plain scalar by YAML 1.2's core rules: null, true, false and numbers; everything else is a word."""
    if value in ("", "~", "null"):
        return None
    if value in ("true", "false"):
        return value == "true"
    if _INTEGER.fullmatch(value):
        return int(value)
    return float(value) if _FLOAT.fullmatch(value) else value


def _is_keyed(kind: Any) -> bool:
    if kind == Question:
        return True
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct) and "code" in kind.__struct_fields__


def _has_plain_keys(node: Any) -> bool:
    return isinstance(node, yaml.MappingNode) and all(isinstance(key, yaml.ScalarNode) for key, _ in node.value)


def _options(kind: Any) -> list[str]:
    return [str(each) for each in typing.get_args(kind)] if typing.get_origin(kind) is typing.Literal else []


def _expectation(kind: Any) -> tuple[str, str]:
    members = typing.get_args(kind) if typing.get_origin(kind) in (Union, types.UnionType) else (kind,)
    if bool in members:
        return " true 或 false", "true or false"
    if float in members:
        return "数字", "a number"
    return ("整数", "a whole number") if int in members else ("文字", "a text")


__all__ = ["locate", "read", "write"]
