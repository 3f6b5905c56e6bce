"""YAML <-> Questionnaire. The file is the Structs, key by key, with a few shorthands (docs/questionnaire-format.md).

No tags, no aliases that multiply, no YAML 1.1 surprises (``no`` is a word here, not false).
"""

from __future__ import annotations

from typing import Any

import yaml

from surveys.definition import Questionnaire
from surveys.formats.nodes import Mark, Reader
from surveys.formats.yaml_writer import write
from surveys.problem import Problem, problem

SIZE_LIMIT = 512 * 1024
DEPTH_LIMIT = 24
EVENT_LIMIT = 60_000

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read(text: str | bytes) -> tuple[Questionnaire | None, list[Problem]]:
    """The questionnaire, or None and what is wrong with the file. Never raises, whatever the bytes.

    This checks the form only; ``surveys.check.check`` says whether the questionnaire makes sense.
    """
    root, problems = compose(text)
    return (None, problems) if problems else Reader().questionnaire(root)


def locate(text: str | bytes, problems: list[Problem]) -> list[Problem]:
    """The same problems with the line of their place in the file ``text``, which ``read`` could read."""
    root, unreadable = compose(text)
    if unreadable:
        return problems
    reader = Reader()
    reader.questionnaire(root)
    return [reader.located(each) for each in problems]


def compose(text: str | bytes, size: int = SIZE_LIMIT, events: int = EVENT_LIMIT) -> tuple[Any, list[Problem]]:
    """The root node, or why there is none."""
    try:
        source = text.decode("utf-8-sig") if isinstance(text, bytes) else text
        if len(source.encode()) > size:
            return None, [problem("too_big", "", limit=size // 1024)]
        if not _is_bounded(source, events):
            return None, [problem("too_complex", "")]
        return yaml.compose(source, Loader=_Loader), []
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        detail = str(getattr(error, "problem", None) or error).splitlines()[0]
        return None, [problem("not_yaml", "", line=mark.line + 1 if mark else None, detail=detail)]
    except (ValueError, RecursionError, OverflowError):  # undecodable bytes, lone surrogates
        return None, [problem("not_text", "")]


def fragment(text: str, mark: Mark) -> Any:
    """The node of a value in flow form inside another file, all of it at ``mark``; None where it is no YAML."""
    root, unreadable = compose(text)
    if unreadable or root is None:
        return None
    waiting, seen = [root], set()
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        node.start_mark = node.end_mark = mark
        if isinstance(node, yaml.MappingNode):
            waiting += [each for pair in node.value for each in pair]
        elif isinstance(node, yaml.SequenceNode):
            waiting += node.value
    return root


def _is_bounded(source: str, most: int) -> bool:
    depth = 0
    for count, event in enumerate(yaml.parse(source, Loader=_Loader)):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEPTH_LIMIT or count > most:
            return False
    return True


__all__ = ["SIZE_LIMIT", "compose", "fragment", "locate", "read", "write"]
