"""JSON Schema of the questionnaire format, generated from the Structs: editors complete and check YAML with it.

``python -m surveys.formats.schema`` prints it; docs/questionnaire.schema.json is its output.
"""

from __future__ import annotations

import json
from typing import Any

import msgspec

from surveys.definition import Questionnaire

_TEXT = {"$ref": "#/$defs/Text"}
_DEFINITION = {
    "title": "Text",
    "description": "A wording: a plain string is zh-CN; else language to wording (zh stands for zh-CN).",
    "anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": {"type": "string"}}],
}
_DICTIONARY = {"type": "object", "additionalProperties": {"type": "string"}}


def schema() -> dict[str, Any]:
    """The schema, with the shorthands that YAML allows beside the Structs' own form."""
    (reference,), definitions = msgspec.json.schema_components([Questionnaire], ref_template="#/$defs/{name}")
    coded = {name for name, each in definitions.items() if "code" in each.get("properties", {})}
    labelled = {name for name in coded if "label" in definitions[name]["properties"]}
    found = {name: _shorthands(each, coded, labelled) for name, each in definitions.items()}
    labels = found["RatingScale"]["properties"]["labels"]
    found["RatingScale"] = {"anyOf": [found["RatingScale"], labels]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Wenheng questionnaire",
        **reference,
        "$defs": {"Text": _DEFINITION, **found},
    }


def _shorthands(node: Any, coded: set[str], labelled: set[str]) -> Any:
    if isinstance(node, list):
        return [_shorthands(each, coded, labelled) for each in node]
    if not isinstance(node, dict):
        return node
    if {key: node.get(key) for key in _DICTIONARY} == _DICTIONARY:
        return _TEXT
    changed = {key: _shorthands(each, coded, labelled) for key, each in node.items() if key != "default"}
    names = _references(node.get("items", {}))
    if node.get("type") != "array" or not names or not names <= coded:
        return changed
    entry = {"type": ["string", "object"]} if names <= labelled else {"type": "object"}
    return {"anyOf": [changed, {"type": "object", "additionalProperties": entry}]}


def _references(items: dict[str, Any]) -> set[str]:
    given = [items, *items.get("anyOf", [])]
    return {each["$ref"].rpartition("/")[2] for each in given if "$ref" in each}


if __name__ == "__main__":
    print(json.dumps(schema(), ensure_ascii=False, indent=2))
