"""Where something is inside a questionnaire, in words that outlive other edits: by codes, not by numbers.

    title.en                                  a wording
    pages.about.visible_if                    a page's field
    questions.role.choices.manager.label.en   a question's, whichever page it is on
    rating_scales.agree.labels.0.en           what has no code is counted

Where a code is there twice, ``role~2`` is the second; dots and tildes inside a (wrong) code are escaped: ``%2E``.
"""

from __future__ import annotations

import typing
from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec

from surveys.definition import Question, Questionnaire, fields

Path = tuple[str | int, ...]
"""Field names, positions and keys from the questionnaire inwards."""


class Gone(LookupError):
    """There is no such place any more."""


class Spot(msgspec.Struct, frozen=True):
    """A place found: the way to it, what is there, and the type that its field says it has."""

    path: Path
    value: Any
    kind: Any


def join(*steps: str) -> str:
    """A place from its steps."""
    return ".".join(step.replace("%", "%25").replace(".", "%2E").replace("~", "%7E") for step in steps)


def inside(place: str, *steps: str) -> str:
    """A place further in."""
    return ".".join(filter(None, (place, join(*steps))))


def keys(items: Sequence[Any]) -> list[str]:
    """How each entry of a list is called: by its code where it has one (made unique), else by its number."""
    seen: dict[str, int] = {}
    names = []
    for number, item in enumerate(items):
        code = getattr(item, "code", None)
        if not isinstance(code, str):
            names.append(str(number))
            continue
        seen[code] = seen.get(code, 0) + 1
        names.append(join(code) if seen[code] == 1 else f"{join(code)}~{seen[code]}")
    return names


def find(questionnaire: Questionnaire, place: str) -> Spot:
    """What is at a place. Raises ``Gone``."""
    steps = place.split(".")
    spot = Spot((), questionnaire, Questionnaire)
    if steps[0] == "questions" and len(steps) > 1:
        spot, steps = question(questionnaire, steps[1]), steps[2:]
    for step in steps:
        spot = _step(spot, step)
    return spot


def question(questionnaire: Questionnaire, key: str) -> Spot:
    """A question by its key, on whichever page. Raises ``Gone``."""
    everything = list(questionnaire.questions())
    try:
        number = keys(everything).index(key)
    except ValueError as error:
        raise Gone(key) from error
    for at, page in enumerate(questionnaire.pages):
        if number < len(page.questions):
            return Spot(("pages", at, "questions", number), page.questions[number], Question)
        number -= len(page.questions)
    raise Gone(key)


def place_of(questionnaire: Questionnaire, path: Path) -> str:
    """The place of what a path leads to: a path as ``surveys.check`` gives it, numbers as text allowed."""
    thing: Any = questionnaire
    steps: list[str] = []
    for number, each in enumerate(path):
        if isinstance(thing, tuple):
            index = int(each)
            if number == 3 and path[0] == "pages" and path[2] == "questions":
                before = sum(len(page.questions) for page in questionnaire.pages[: int(path[1])])
                steps = ["questions", keys(list(questionnaire.questions()))[before + index]]
            else:
                steps.append(keys(thing)[index])
            thing = thing[index]
        else:
            steps.append(join(str(each)))
            thing = thing.get(each) if isinstance(thing, dict) else getattr(thing, str(each))
    return ".".join(steps)


T = TypeVar("T")


def put(thing: T, path: Path, value: Any) -> T:
    """The same Struct, list or dict with ``value`` at ``path``."""
    changed: T = _put(thing, path, value)
    return changed


def _put(thing: Any, path: Path, value: Any) -> Any:
    if not path:
        return value
    step, rest = path[0], path[1:]
    if isinstance(thing, msgspec.Struct):
        return msgspec.structs.replace(thing, **{str(step): _put(getattr(thing, str(step)), rest, value)})
    if isinstance(thing, dict):
        return {**thing, str(step): _put(thing.get(str(step)), rest, value)}
    position = int(step)
    return (*thing[:position], _put(thing[position], rest, value), *thing[position + 1 :])


def _step(spot: Spot, step: str) -> Spot:
    plain = step.replace("%7E", "~").replace("%2E", ".").replace("%25", "%")
    if isinstance(spot.value, msgspec.Struct):
        for field in fields(type(spot.value)):
            if field.name == plain:
                return Spot((*spot.path, plain), getattr(spot.value, plain), field.type)
        raise Gone(step)
    arguments = typing.get_args(spot.kind)
    if isinstance(spot.value, tuple):
        try:
            number = keys(spot.value).index(step)
        except ValueError as error:
            raise Gone(step) from error
        return Spot((*spot.path, number), spot.value[number], arguments[0] if arguments else Any)
    if isinstance(spot.value, dict):
        wording = arguments[1:] == (str,)
        if plain not in spot.value and not wording:
            raise Gone(step)
        return Spot((*spot.path, plain), spot.value.get(plain, ""), arguments[1] if arguments else str)
    raise Gone(step)
