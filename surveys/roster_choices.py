"""The roster's departments and persons put into the questions that choose among them, when a wave is made ready."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from surveys.definition import Questionnaire
from surveys.questions import Cascade, Department, Node, Person, Question

SEPARATOR = "/"


def asks_roster(questionnaire: Questionnaire) -> bool:
    """Whether there is anything to fill in."""
    return any(_unfilled(question) for question in questionnaire.questions())


def with_roster(questionnaire: Questionnaire, departments: Sequence[str], persons: Sequence[str]) -> Questionnaire:
    """The questionnaire with its pickers filled; where there is nothing to offer they stay fields to type in.

    ``departments`` are paths, 客服中心/一线, each level above them a department itself; ``persons`` are as shown. What
    the author listed stays. Columns are the same as before: names are stored as text.
    """
    pages = tuple(
        msgspec.structs.replace(
            page, questions=tuple(_filled(question, departments, persons) for question in page.questions)
        )
        for page in questionnaire.pages
    )
    return msgspec.structs.replace(questionnaire, pages=pages)


def _unfilled(question: Question) -> bool:
    if isinstance(question, Department | Person):
        return not question.names
    return isinstance(question, Cascade) and question.source == "departments" and not question.options


def _filled(question: Question, departments: Sequence[str], persons: Sequence[str]) -> Question:
    if not _unfilled(question):
        return question
    if isinstance(question, Department):
        return msgspec.structs.replace(question, names=every_level(departments))
    if isinstance(question, Person):
        return msgspec.structs.replace(question, names=tuple(persons))
    if isinstance(question, Cascade):
        paths = (path.split(SEPARATOR)[: len(question.levels)] for path in every_level(departments))
        return msgspec.structs.replace(question, options=_tree(list(paths)))
    return question


def every_level(departments: Iterable[str]) -> tuple[str, ...]:
    """The departments and all those above them, in order, each once, without blanks around names."""
    found: dict[str, None] = {}
    for path in departments:
        names = [name.strip() for name in path.split(SEPARATOR) if name.strip()]
        for depth in range(1, len(names) + 1):
            found.setdefault(SEPARATOR.join(names[:depth]))
    return tuple(sorted(found))


def _tree(paths: Sequence[Sequence[str]]) -> tuple[Node, ...]:
    """A department is its name: what is stored is what was read."""
    below: dict[str, list[Sequence[str]]] = {}
    for path in paths:
        rest = below.setdefault(path[0], [])
        if len(path) > 1:
            rest.append(path[1:])
    return tuple(
        Node(code=name, label={"zh-CN": name, "en": name}, children=_tree(rest)) for name, rest in below.items()
    )
