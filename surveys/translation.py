"""Every wording of a questionnaire side by side in its languages, and how much of it is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from surveys.definition import Page, Question, Questionnaire, texts
from surveys.editing import Set
from surveys.editing_places import find, inside, place_of
from surveys.text import Text


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One wording. ``place`` names it (``surveys.editing_places``), ``field`` is the field that holds it, ``within``
    the codes of what it belongs to, ``heading`` the page or question at which it is found."""

    place: str
    heading: str
    within: str
    field: str
    wordings: Text

    def missing(self, language: str) -> bool:
        return not self.wordings.get(language, "").strip()


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """The lines of the head, of a page or of a question. ``kind``: head, page, question; ``title`` in its languages."""

    kind: str
    code: str
    title: Text
    lines: tuple[Line, ...]


def lines(questionnaire: Questionnaire) -> tuple[Line, ...]:
    """Everything that is worded in at least one language, in the order of the questionnaire."""
    found = []
    for path, _, text in texts(questionnaire):
        if any(wording.strip() for wording in text.values()):
            place = place_of(questionnaire, tuple(path.split(".")))
            steps = place.split(".")
            heading = ".".join(steps[:2]) if steps[0] in ("questions", "pages") else ""
            within = ".".join(step for step in steps[2 if heading else 0 : -1])
            found.append(Line(place=place, heading=heading, within=within, field=_field(steps), wordings=text))
    return tuple(found)


def _field(steps: Sequence[str]) -> str:
    return next(step for step in reversed(steps) if not step.isdigit())


def sections(questionnaire: Questionnaire, found: Sequence[Line]) -> tuple[Section, ...]:
    """Lines under the head, page or question that they belong to; only those given."""
    grouped: dict[str, list[Line]] = {}
    for line in found:
        grouped.setdefault(line.heading, []).append(line)
    made = []
    for heading, own in grouped.items():
        thing: Any = find(questionnaire, heading).value if heading else questionnaire
        kind = "question" if isinstance(thing, Question) else "page" if isinstance(thing, Page) else "head"
        title = thing.text if isinstance(thing, Question) else thing.title
        code = "" if kind == "head" else thing.code
        made.append(Section(kind=kind, code=code, title=title, lines=tuple(own)))
    return tuple(made)


def completeness(found: Sequence[Line], language: str) -> tuple[int, int]:
    """How many of the wordings are there in ``language``, and how many there are."""
    return sum(not line.missing(language) for line in found), len(found)


def edits(questionnaire: Questionnaire, typed: Mapping[str, str], languages: Sequence[str]) -> tuple[Set, ...]:
    """What was typed otherwise than it stood in ``questionnaire``; ``typed`` is by place and language."""
    made = []
    for line in lines(questionnaire):
        for language in languages:
            place = inside(line.place, language)
            wording = typed.get(place, line.wordings.get(language, "")).replace("\r\n", "\n").strip()
            if wording != line.wordings.get(language, ""):
                made.append(Set(place=place, value=wording))
    return tuple(made)
