"""What all pages of an exam have in common: addresses, words for places, how a page is shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from litestar import Request, Response

from service.access import visitor_of
from service.actions.programmes import ProgrammeReference
from service.pages.items_view import stem
from service.pages.waves import local_time
from service.templates import render
from surveys.problem import Problem
from surveys.text import pick

VIEW = {"access": "programme:results.view"}
EDIT = {"access": "programme:exams.edit"}
EXAMS = "/programmes/{slug:str}/exams"
EXAM = EXAMS + "/{exam:uuid}"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def url(programme: ProgrammeReference, exam: UUID, *rest: str) -> str:
    return "/".join((f"/programmes/{programme.slug}/exams/{exam}", *rest))


def last(form: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """A form of single values."""
    return {name: values[-1] for name, values in form.items()}


def page_of(request: Request) -> int:
    typed = request.query_params.get("page", "1")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 7 else 1


def points(hundredths: float) -> str:
    """Points as people write them: ``2.5``."""
    return f"{hundredths / 100:g}"


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """A problem with the page on which it is mended, and the part and line of the blueprint, counted from 1."""

    problem: Problem
    page: str
    section: int = 0
    kind: str = ""
    line: int = 0


_BLUEPRINT = re.compile(r"blueprint\.sections\.([0-9]+)(?:\.(items|draws)\.([0-9]+))?")


def placed(problems: Sequence[Problem]) -> list[Placed]:
    return [_placed(each) for each in problems]


def _placed(each: Problem) -> Placed:
    if found := _BLUEPRINT.match(each.place):
        line = int(found[3]) + 1 if found[3] else 0
        return Placed(problem=each, page="blueprint", section=int(found[1]) + 1, kind=found[2] or "", line=line)
    page = "blueprint" if each.place == "blueprint.sections" else "standard" if each.code == "no_angoff" else "settings"
    return Placed(problem=each, page="items" if each.place.startswith("pool.") else page)


def _hour(zone: str) -> Callable[[datetime], str]:
    """The time of day, for what happens within one."""
    return lambda moment: f"{moment.astimezone(ZoneInfo(zone)):%H:%M}"


def show(
    request: Request, template: str, programme: ProgrammeReference, status: int = 200, /, **context: Any
) -> Response[Any]:
    """A page of this area."""
    settings, language = request.app.state.settings, visitor_of(request).language
    return render(
        request, f"exams/{template}.html", status, programme=programme, local=local_time(settings),
        hour=_hour(settings.time_zone), zone=settings.time_zone, points=points, stem=stem,
        say=lambda text: pick(text, language), **context,
    )  # fmt: skip
