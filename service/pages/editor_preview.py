"""The preview beside the editor: the templates that participants see, over a draft that may be unfinished."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request, Response

from service.access import visitor_of
from service.actions import authoring
from service.compiled import Sheet
from service.errors import NotFound
from service.security import FRAMED_POLICY
from service.templates import render
from surveys.answers import Record
from surveys.compiled import Shown, compile_questionnaire
from surveys.definition import Page, Questionnaire
from surveys.editing_rename import EXPRESSIONS
from surveys.problem import Problem
from surveys.questions import Question
from surveys.text import LANGUAGES
from surveys.wording import in_words


def show(request: Request, name: str, definition: Questionnaire, code: str) -> Response[Any]:
    """One page of a draft. Questions with errors are named, not shown. Raises NotFound."""
    given = request.query_params.get("language", "")
    language = given if given in LANGUAGES else visitor_of(request).language
    number = next((at for at, page in enumerate(definition.pages) if page.code == code), None if code else 0)
    if number is None or not definition.pages:
        raise NotFound
    page, broken = definition.pages[number], _broken(authoring.sense(definition), number)
    sound = tuple(each for at, each in enumerate(page.questions) if at not in broken and _seen(each))
    compiled = compile_questionnaire(_showable(definition, page, sound))
    first = sum(len(each.questions) for each in definition.pages[:number])
    sheet = Sheet(compiled, language, Record(), Shown((page.code,), frozenset(compiled.questions), {}), {})
    rows = [(question, first + at + 1, at in broken) for at, question in enumerate(page.questions) if _seen(question)]
    response = render(
        request, "editor/preview.html", language=language, sheet=sheet, page=page, questions=rows, name=name,
        save="", numbered=True, revealing=(), definition=definition, number=number,
        words={each.code: in_words(each.visible_if, definition, language) for each in page.questions},
        page_words=in_words(page.visible_if, definition, language),
    )  # fmt: skip
    response.headers["Content-Security-Policy"] = FRAMED_POLICY
    return response


def _seen(question: Question) -> bool:
    return not getattr(question, "filled_by_server", False)


def _broken(problems: list[Problem], number: int) -> frozenset[int]:
    """Positions of the page's questions that cannot be shown yet. Conditions play no part: everything is shown."""
    found = set()
    for each in problems:
        steps = each.place.split(".")
        own = steps[:1] == ["pages"] and steps[1:2] == [str(number)] and steps[2:3] == ["questions"] and len(steps) > 4
        wording = each.code == "missing_text" or EXPRESSIONS & set(steps)
        if own and each.severity == "error" and not wording:
            found.add(int(steps[3]))
    return frozenset(found)


def _showable(definition: Questionnaire, page: Page, sound: tuple[Question, ...]) -> Questionnaire:
    """The page alone, without conditions; questions of other pages stay for those that refer to them."""
    bare = tuple(_unconditional(each) for each in sound)
    shown = Page(code=page.code, title=page.title, text=page.text, questions=bare)
    return msgspec.structs.replace(
        definition, pages=(shown,), presentation="page", quotas=(), shuffled_pages=(), scales=()
    )


def _unconditional(question: Question) -> Question:
    changes: dict[str, Any] = {"visible_if": "", "required_if": "", "rules": (), "group": ""}
    for name in ("choices", "rows"):
        parts = getattr(question, name, None)
        if isinstance(parts, tuple):
            changes[name] = tuple(
                msgspec.structs.replace(each, visible_if="") if hasattr(each, "visible_if") else each for each in parts
            )
    return msgspec.structs.replace(question, **changes)
