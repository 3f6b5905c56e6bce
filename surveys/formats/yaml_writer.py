"""Questionnaire -> readable YAML; the other half of ``surveys.formats.yaml``."""

from __future__ import annotations

import re
import typing
from typing import Any

import msgspec
import yaml

from surveys.definition import Questionnaire
from surveys.formats.nodes import is_struct, members, variants
from surveys.text import DEFAULT_LANGUAGE, LANGUAGE_ALIASES, Text


class _Flow(dict[str, str]):
    """Written on one line: ``{zh: …, en: …}``."""


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


_Dumper.add_representer(
    _Flow, lambda dumper, data: dumper.represent_mapping("tag:yaml.org,2002:map", data, flow_style=True)
)


_MISREAD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]")


def _word(dumper: yaml.SafeDumper, data: str) -> Any:
    """Quoted where it holds what YAML takes for an end of line and would turn into another."""
    return dumper.represent_scalar("tag:yaml.org,2002:str", data, style='"' if _MISREAD.search(data) else None)


_Dumper.add_representer(str, _word)


def write(questionnaire: Questionnaire) -> str:
    """The questionnaire as YAML that ``read`` turns into an equal one: shorthands used, defaults left out."""
    return dump(questionnaire)


def dump(struct: msgspec.Struct) -> str:
    """Any Struct that a ``Reader`` can read again, as YAML."""
    data = _readable(msgspec.to_builtins(struct), type(struct))
    return yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=120)


def _readable(data: Any, kind: Any) -> Any:
    if kind == Text:
        if set(data) == {DEFAULT_LANGUAGE} and data[DEFAULT_LANGUAGE]:
            return data[DEFAULT_LANGUAGE]
        short = {language: alias for alias, language in LANGUAGE_ALIASES.items()}
        return _Flow({short.get(language, language): wording for language, wording in data.items()})
    if data is None:
        return None
    if variants(kind):
        kind = variants(kind)[data["type"]]
    kind = members(kind)[0]
    origin = typing.get_origin(kind)
    if origin is tuple:
        inner = typing.get_args(kind)[0]
        entries = [_readable(each, inner) for each in data]
        plain = entries and all(isinstance(each, dict) and set(each) == {"code", "label"} for each in entries)
        codes = {each["code"] for each in entries} if plain else set()
        return {each["code"]: each["label"] for each in entries} if len(codes) == len(entries) > 0 else entries
    if origin is dict:
        return {key: _readable(each, typing.get_args(kind)[1]) for key, each in data.items()}
    if is_struct(kind):
        fields = {each.encode_name: each.type for each in msgspec.structs.fields(kind)}
        first = {key: data[key] for key in ("code", "type") if key in data}
        rest = {key: _readable(data[key], inner) for key, inner in fields.items() if key in data and key not in first}
        return {**first, **rest}
    return data
