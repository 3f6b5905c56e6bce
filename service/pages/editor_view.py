"""What the editor's templates ask for: the outline, the fields of what is open, the frame of the preview."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

import msgspec
from litestar import Request, Response

from service.access import visitor_of
from service.actions.editor import Opened
from service.security import FRAMING_POLICY
from service.templates import partial, render
from surveys.definition import Page, Questionnaire
from surveys.editing_fields import Control, controls, leaves
from surveys.editing_form import Merged
from surveys.editing_places import Gone, find, keys, place_of
from surveys.editing_types import families
from surveys.problem import Problem
from surveys.questions import Question, QuestionBase
from surveys.text import pick
from surveys.wording import in_words

SECTIONS = ("steps", "rating_scales", "scales", "quotas")
"""Lists of the questionnaire that have a page of their own in the editor."""

LOGIC = frozenset(
    ("visible_if", "required_if", "rules", "group", "jumps", "groups", "choices_from", "carry", "rows_from")
)
BASE = frozenset(each for each in QuestionBase.__struct_fields__)
FIRST = ("text", "hint", "title")
ANSWERING = ("required", "not_applicable")
FRAMES = ("phone", "desktop")


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the outline: a page, or with ``type`` a question. ``wrong`` counts its errors."""

    place: str
    number: str
    text: str
    current: bool
    code: str
    type: str = ""
    group: str = ""
    conditional: bool = False
    wrong: int = 0
    inside: tuple[Item, ...] = ()


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """A problem of the questionnaire with where it is mended: what to open, and the input there."""

    at: str
    place: str
    label: str
    sentence: str
    error: bool


class Desk:
    """What is on the author's desk: the draft, what of it is open, what was typed and could not be taken."""

    def __init__(self, request: Request, opened: Opened, at: str, merged: Merged | None = None) -> None:
        self.opened, self.definition = opened, opened.definition
        self.language = visitor_of(request).language
        self.faults = tuple(faults(self.definition, opened.problems, self.language))
        self.at = at if at_exists(self.definition, at) else first_place(self.definition)
        self.place = "" if self.at == "settings" else self.at
        self.merged = merged or Merged(questionnaire=self.definition)
        chosen = request.query_params.get("frame", "") or request.cookies.get("frame", "")
        self.frame = chosen if chosen in FRAMES else FRAMES[0]
        said = request.query_params.get("preview", "")
        self.preview_language = said if said in self.definition.languages else self.language

    @property
    def subject(self) -> Any:
        return self.definition if not self.place else find(self.definition, self.place).value

    @property
    def question(self) -> Question | None:
        return self.subject if self.at.startswith("questions.") else None

    @property
    def page(self) -> Page | None:
        """The page that is open, or on which the open question is."""
        if self.at.startswith("pages."):
            return self.subject
        if self.question is None:
            return None
        return self.definition.pages[int(find(self.definition, self.place).path[1])]

    @property
    def page_place(self) -> str:
        return place_of(self.definition, ("pages", self.definition.pages.index(self.page))) if self.page else ""

    @property
    def outline(self) -> tuple[Item, ...]:
        return tuple(outline(self.definition, self.at, self.faults, self.language))

    @property
    def controls(self) -> tuple[Control, ...]:
        found = controls(self.definition, self.place)
        if not self.place:
            return tuple(each for each in found if each.name not in SECTIONS)
        return found

    def part(self, name: str) -> list[Control]:
        """The fields of one part of the form: ``main``, ``answering``, ``logic`` or ``more``."""
        found: Sequence[Control] = self.controls
        if self.question is None:
            found = sorted(found, key=lambda each: each.name not in FIRST)
            return {"main": [each for each in found if each.name not in LOGIC and each.kind != "code"],
                    "logic": [each for each in found if each.name in LOGIC],
                    "more": [each for each in found if each.kind == "code"]}.get(name, [])  # fmt: skip
        own = [each for each in found if each.name not in BASE and each.name not in LOGIC]
        by_name = {each.name: each for each in found}
        return {
            "main": [
                *(by_name[each] for each in FIRST if each in by_name),
                *(each for each in own if self._first(each)),
            ],
            "answering": [by_name[each] for each in ANSWERING if each in by_name],
            "logic": sorted(
                (each for each in found if each.name in LOGIC and self._offered(each)),
                key=lambda each: each.name != "visible_if",
            ),
            "more": [by_name["code"], *(each for each in own if not self._first(each))],
        }.get(name, [])

    @staticmethod
    def _first(control: Control) -> bool:
        """What is asked for first: what must be there, what is already there, and all lists."""
        return control.needed or not control.default or control.kind in ("list", "text", "words")

    def _offered(self, control: Control) -> bool:
        return control.name != "group" or bool(control.options)

    def fault(self, name: str) -> str:
        """What is wrong with an input: what was typed, or what the check says of its place."""
        wrong = self.merged.problems.get(name)
        if wrong is not None:
            return wrong.say(self.language)
        return next((each.sentence for each in self.faults if each.place == name and each.error), "")

    def value(self, name: str, value: str) -> str:
        return self.merged.typed.get(name, value)

    def conflict(self, name: str) -> Any:
        return self.merged.conflicts.get(name)

    def words(self, expression: str) -> str:
        return in_words(expression, self.definition, self.language)

    def say(self, text: Mapping[str, str]) -> str:
        return pick(text, self.language)

    def url(self, at: str, **more: str) -> str:
        query = "".join(f"&{key}={quote(value)}" for key, value in more.items() if value)
        return f"/questionnaires/{quote(self.opened.name)}/edit?at={quote(at)}{query}"

    @property
    def preview(self) -> str:
        code = quote(self.page.code if self.page else "-", safe="")
        query = f"?frame={self.frame}&language={self.preview_language}"
        return f"/questionnaires/{quote(self.opened.name)}/draft/preview/{code}{query}"

    @property
    def conditions(self) -> list[Control]:
        """The expressions of the open form, which are said in words beside them."""
        return [each for each in leaves(self.controls) if each.kind == "expression"]

    @property
    def inputs(self) -> list[str]:
        """The places of all inputs of the open form that may say something about themselves."""
        return list(_inputs(self.controls, self.definition.languages))


def _inputs(found: tuple[Control, ...], languages: tuple[str, ...]) -> Any:
    for control in found:
        if control.kind == "list":
            for entry in control.entries:
                yield from _inputs(entry.controls, languages)
        elif control.kind == "text":
            yield from (f"{control.place}.{language}" for language in languages)
        yield control.place


def first_place(definition: Questionnaire) -> str:
    """What is open where nothing was chosen: the first question, else the first page, else the settings."""
    questions = keys(list(definition.questions()))
    return (
        f"questions.{questions[0]}"
        if questions
        else f"pages.{keys(definition.pages)[0]}"
        if definition.pages
        else "settings"
    )


def at_exists(definition: Questionnaire, at: str) -> bool:
    if at == "settings" or at in SECTIONS:
        return True
    if at.count(".") != 1 or not at.startswith(("pages.", "questions.")):
        return False
    try:
        find(definition, at)
    except Gone:
        return False
    return True


def outline(definition: Questionnaire, at: str, found: tuple[Fault, ...], language: str) -> list[Item]:
    """Pages with their questions, numbered as participants see them."""
    wrong: dict[str, int] = {}
    for each in found:
        wrong[each.at] = wrong.get(each.at, 0) + each.error
    names = iter(keys(list(definition.questions())))
    number, items = 0, list[Any]()
    for page, key in zip(definition.pages, keys(definition.pages), strict=True):
        inside = []
        for question in page.questions:
            number += 1
            place = f"questions.{next(names)}"
            inside.append(
                Item(place=place, number=str(number), text=pick(question.text, language), current=at == place,
                     code=question.code, type=question.type, group=question.group,
                     conditional=bool(question.visible_if), wrong=wrong.get(place, 0))
            )  # fmt: skip
        place = f"pages.{key}"
        items.append(Item(place=place, number=str(len(items) + 1), text=pick(page.title, language), code=page.code,
                          current=at == place, conditional=bool(page.visible_if), wrong=wrong.get(place, 0),
                          inside=tuple(inside)))  # fmt: skip
    return items


def faults(definition: Questionnaire, problems: tuple[Problem, ...], language: str) -> list[Fault]:
    """Problems with places as the editor names them."""
    told = []
    for each in problems:
        try:
            place = place_of(definition, tuple(filter(None, each.place.split("."))))
        except (LookupError, ValueError, AttributeError, TypeError):
            place = ""
        steps = place.split(".")
        at = ".".join(steps[:2]) if steps[0] in ("questions", "pages") and len(steps) > 1 else steps[0]
        at = at if at in SECTIONS or "." in at else "settings"
        sentence, error = each.say(language), each.severity == "error"
        told.append(Fault(at=at, place=place, label=_label(definition, at, language), sentence=sentence, error=error))
    return told


def _label(definition: Questionnaire, at: str, language: str) -> str:
    if "." not in at:
        return ""
    thing = find(definition, at).value
    return pick(thing.title if isinstance(thing, Page) else thing.text, language) or thing.code


def show(request: Request, template: str, desk: Desk, status: int = 200, **more: Any) -> Response[bytes]:
    """A page of the editor, which may frame the preview."""
    t: Callable[..., str] = request.app.state.catalogue.bound(desk.language)
    texts: dict[str, Any] = request.app.state.catalogue.texts

    def named(kind: str, name: str, owner: str = "") -> str:
        """A field's label or help: the owner's own wording, else the common one, else the bare name."""
        common = f"editor.{kind}.{owner}.{name}" if kind == "value" else f"editor.{kind}.{name}"
        for key in (f"editor.{kind}_of.{owner}.{name}", common):
            if key in texts:
                return t(key)
        return name if kind == "field" else ""

    response = render(
        request, template, status, desk=desk, name=desk.opened.name, tab="edit", named=named, families=families(),
        piece=partial(request), **more,
    )  # fmt: skip
    response.headers["Content-Security-Policy"] = FRAMING_POLICY
    return response
