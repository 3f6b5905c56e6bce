"""What candidates' pages show: the door in each of its states, an item, the overview, why something was not taken."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from litestar import Request, Response

from service import clock
from service.access import visitor_of
from service.actions import attempt_files, sitting
from service.actions.admission import ExamRecord
from service.actions.sitting import Answer, At, Door, Sent
from service.database import Ruling, Verdict
from service.forms import Form
from service.pages.answer_view import LANGUAGE_NAMES, day, moment
from service.templates import render
from surveys.exams import presentation
from surveys.exams.presentation import ShownItem
from surveys.messages import MESSAGES
from surveys.text import pick

LONGEST_REFRESH = 300  # seconds until a waiting page without scripts looks again


class Sheet(msgspec.Struct, frozen=True):
    """One item's form: what is asked, what it holds, and the revision that the next save of it has."""

    item: ShownItem
    values: Form
    revision: int
    flagged: bool
    files: dict[str, str] = {}


class Place(msgspec.Struct, frozen=True):
    """An item in the map of the paper."""

    number: int
    answered: bool
    flagged: bool


def integer(form: Form, field: str) -> int:
    """What a field says, 0 where it says no number."""
    typed = form.get(field, [""])[0]
    return int(typed) if typed.isdecimal() and len(typed) < 10 else 0


def milliseconds(at: datetime | None) -> int | None:
    return None if at is None else int(at.timestamp() * 1000)


# The door


def unknown(request: Request) -> Response[Any]:
    return render(request, "sitting/unknown.html", 404, **head(request, None))


def door(request: Request, found: Door, *, mistake: str = "", number: str = "") -> Response[Any]:
    exam, now, last = found.exam, clock.now(), found.attempts[-1] if found.attempts else None
    total = sum(each.points for each in last.paper.items) if last else 0
    answer = render(
        request,
        "sitting/door.html",
        429 if mistake == "often" else 422 if mistake else 200,
        **head(request, exam),
        door=found,
        sitting=exam.definition.sitting,
        introduction=pick(exam.definition.introduction, visitor_of(request).language),
        mistake=mistake,
        number=number,
        opens=moment(request, exam.opens_at) if exam.opens_at else "",
        closes=moment(request, exam.closes_at) if exam.closes_at else "",
        now=milliseconds(now),
        opens_ms=milliseconds(exam.opens_at),
        refresh=_refresh(exam, now),
        minutes=exam.definition.sitting.minutes + (found.candidate.extra_minutes if found.candidate else 0),
        extra=found.candidate.extra_minutes if found.candidate else 0,
        last=last,
        total=total,
        ended=_second(request, last.submitted_at) if last and last.submitted_at else "",
        deadline=_second(request, found.running.deadline_at) if found.running else "",
        receipt=sitting.receipt(request.app.state.database, last.id) if last and last.submitted_at else "",
    )
    if mistake == "often":
        answer.headers["Retry-After"] = "60"
    return answer


def _refresh(exam: ExamRecord, now: datetime) -> int:
    """Seconds until a waiting page without scripts looks again: right after the opening where that is near."""
    left = (exam.opens_at - now).total_seconds() if exam.opens_at else 0.0
    return min(int(left) + 1, LONGEST_REFRESH)


# At the attempt


async def item(request: Request, at: At, number: int) -> Response[Any]:
    saved = await sitting.answers(at)
    return render(request, "sitting/item.html", **await _page(request, at, number, saved))


async def whole_paper(request: Request, at: At) -> Response[Any]:
    saved = await sitting.answers(at)
    sheets = [await _sheet(request, at, each.number, saved) for each in at.attempt.paper.items]
    return render(request, "sitting/all.html", sheets=sheets)


async def overview(request: Request, at: At) -> Response[Any]:
    places = _places(at, await sitting.answers(at))
    return render(
        request,
        "sitting/overview.html",
        **_frame(request, at),
        places=places,
        blank=[each.number for each in places if not each.answered],
        flagged=[each.number for each in places if each.flagged],
    )


async def again(
    request: Request, at: At, sent: Sent, notice: str, status: int, retry_after: int | None = None
) -> Response[Any]:
    """The page with what was typed, to be sent again: nothing of it is lost, and nothing of it is saved yet."""
    pool = await at.pool()
    asked = at.item(sent.number)
    assert asked is not None
    shown = presentation.shown_item(asked, pool.items[asked.code].item, visitor_of(request).language)
    sheet = Sheet(shown, dict(sent.fields), sent.revision, sent.flagged)
    context = {**_frame(request, at), **_around(at, sent.number), "sheet": sheet, "places": []}
    answer = render(request, "sitting/item.html", status, **context, notice=_say(request, notice))
    if status == 503:
        answer.headers["Retry-After"] = str(retry_after or 5)
    return answer


async def refused(request: Request, at: At, sent: Sent, verdict: Verdict, fault: str) -> Response[Any]:
    """What was sent does not count, or not all of it; the words stay on the page."""
    if verdict.ruling is Ruling.ELSEWHERE:
        return elsewhere(request, at, await _typed(request, at, sent))
    if verdict.ruling is not Ruling.STORED:
        return over(request, at, await _typed(request, at, sent))
    saved = await sitting.answers(at)
    if fault:
        code, _, figure = fault.partition(" ")
        wording = pick(MESSAGES[code], visitor_of(request).language).format(limit=figure)
        context = await _page(request, at, sent.number, saved)
        return render(request, "sitting/item.html", 422, **{**context, "notice": wording})
    newer = msgspec.structs.replace(sent, revision=max(verdict.stale.values()) + 1)
    return await again(request, at, newer, "sitting.stale", 409)


def elsewhere(request: Request, at: At, typed: list[str] | None = None) -> Response[Any]:
    """Another tab or phone is the active one. It can be taken over here."""
    return render(request, "sitting/elsewhere.html", 409, **_frame(request, at), typed=typed or [])


def over(request: Request, at: At, typed: list[str]) -> Response[Any]:
    return render(request, "sitting/over.html", 409, **_frame(request, at), typed=typed)


def saved(at: At, verdict: Verdict) -> Response[Any]:
    """What ``exam.js`` learns: whether it counts, of which items a newer answer is stored, and what time it is."""
    numbers = {each.code: each.number for each in at.attempt.paper.items}
    content = {
        "ruling": verdict.ruling.value,
        "stale": {str(numbers[code]): revision for code, revision in verdict.stale.items()},
        "now": milliseconds(clock.now()),
        "deadline": milliseconds(at.attempt.deadline_at),
    }
    return Response(content, status_code=200 if verdict.ruling in (Ruling.STORED, Ruling.REPEATED) else 409)


async def _page(request: Request, at: At, number: int, saved: dict[str, Answer]) -> dict[str, Any]:
    return {
        **_frame(request, at),
        **_around(at, number),
        "sheet": await _sheet(request, at, number, saved),
        "places": _places(at, saved),
        "notice": "",
    }


async def _sheet(request: Request, at: At, number: int, saved: dict[str, Answer]) -> Sheet:
    asked, pool = at.attempt.paper.items[number - 1], await at.pool()
    source = pool.items[asked.code].item
    answer = saved.get(asked.code)
    shown = presentation.shown_item(asked, source, visitor_of(request).language)
    if answer is None:
        return Sheet(shown, {}, 1, False)
    values = presentation.values(asked, source, answer.response)
    uploads = {each.name for part in (shown, *shown.questions) for each in part.fields if each.kind == "file"}
    files = await attempt_files.names(at, [name for name in uploads if name in values])
    return Sheet(shown, values, answer.revision + 1, answer.flagged, files)


async def _typed(request: Request, at: At, sent: Sent) -> list[str]:
    """The words that somebody typed and that do not count any more: theirs to copy."""
    asked = at.item(sent.number)
    words = [sent.fields[name] for name in asked.fields if name in sent.fields] if asked else []
    return [text for values in words for text in values if text.strip() and text not in (asked.names if asked else {})]


def _places(at: At, saved: dict[str, Answer]) -> list[Place]:
    responses = {code: each.response for code, each in saved.items()}
    blank = frozenset(presentation.unanswered(at.attempt.paper, responses))
    flagged = {code for code, each in saved.items() if each.flagged}
    items = at.attempt.paper.items
    return [Place(each.number, each.number not in blank, each.code in flagged) for each in items]


def _around(at: At, number: int) -> dict[str, Any]:
    return {"number": number, "count": len(at.attempt.paper.items), "one_way": at.one_way}


def _frame(request: Request, at: At) -> dict[str, Any]:
    """What every page of an attempt shows: until when, and the server's time for the clock of the script."""
    return {
        **head(request, at.exam),
        "tab": at.tab,
        "attempt": at.attempt,
        "one_way": at.one_way,
        "now": milliseconds(clock.now()),
        "deadline_ms": milliseconds(at.attempt.deadline_at),
        "deadline": _second(request, at.attempt.deadline_at),
        "grace": at.grace,
    }


def head(request: Request, exam: ExamRecord | None) -> dict[str, Any]:
    """What every page of a candidate has at its top: the exam's name and the languages."""
    language = visitor_of(request).language
    offered = exam.definition.languages if exam else tuple(LANGUAGE_NAMES)
    heading = pick(exam.definition.title, language) if exam else _say(request, "base.name")
    languages = [(code, LANGUAGE_NAMES[code]) for code in offered if code in LANGUAGE_NAMES]
    return {"heading": heading, "languages": languages, "exam": exam}


def _second(request: Request, at: datetime) -> str:
    """To the second, in the company's time zone; with the day where it is not today's."""
    zone = ZoneInfo(request.app.state.settings.time_zone)
    local, language = at.astimezone(zone), visitor_of(request).language
    if local.date() == clock.now().astimezone(zone).date():
        return f"{local:%H:%M:%S}"
    return f"{day(local.date(), language)}{' ' if language.startswith('zh') else ', '}{local:%H:%M:%S}"


def _say(request: Request, key: str) -> str:
    said: str = request.app.state.catalogue.translate(visitor_of(request).language, key)
    return said
