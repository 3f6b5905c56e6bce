"""What participants' pages show: the introduction, a page as saved or as typed, states, receipts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Request, Response

from service.access import visitor_of
from service.actions import answering
from service.actions.answering import Draft
from service.actions.desk import Refusal, Seat, Survey
from service.compiled import CompiledPages, Sheet
from service.errors import TooManyAttempts
from service.pages.answer_device import page_name
from service.templates import partial, render
from surveys import logic
from surveys.answers import PageRead, QuestionRead, Record, page_form, read_page
from surveys.compiled import Shown
from surveys.definition import Page
from surveys.questions.base import Form
from surveys.text import pick

LANGUAGE_NAMES = {"zh-CN": "中文", "en": "English"}
STATUS = {"unknown": 404, "cookies": 403, "closed": 410}


def refused(request: Request, refusal: Refusal) -> Response[Any]:
    survey = refusal.survey
    opens = survey.wave.opens_at if survey else None
    return render(
        request,
        "answer/state.html",
        STATUS.get(refusal.reason, 200),
        state=refusal.reason,
        day=moment(request, opens) if opens else "",
        owner=survey.owner if survey else "",
        **head(request, survey),
    )


def introduction(request: Request, seat: Seat, draft: Draft) -> Response[Any]:
    wave, compiled = seat.survey.wave, seat.survey.compiled
    seen = logic.shown(compiled, draft.record.answers, seat.person)
    start = draft.page if draft.page in seen.pages else seen.pages[0]
    return render(
        request,
        "answer/introduction.html",
        introduction=pick(compiled.questionnaire.introduction, visitor_of(request).language),
        minutes=compiled.questionnaire.minutes,
        count=len(seen.questions),
        until=moment(request, wave.closes_at) if wave.closes_at else "",
        start=f"/answer/{wave.id}/{page_name(start)}",
        resumed=draft.started_at is not None,
        personal=seat.holder.kind == "personal",
        wave=wave,
        owner=seat.survey.owner,
        **head(request, seat.survey),
    )


def saved(request: Request, seat: Seat, page: Page, draft: Draft, seen: Shown) -> Response[Any]:
    """The page as saved. Where nothing of it is, it is the same for everybody and compiled once."""
    survey, record, language = seat.survey, draft.record, visitor_of(request).language
    compiled, pages = survey.compiled, compiled_pages(request)
    blank = not (record.answers or record.not_applicable or draft.typed)
    form: Form = {} if blank else page_form(compiled, page, record, draft.typed)
    if b"due" in request.scope["query_string"]:
        errors = answering.due(seat, record, page)
        sheet = Sheet(compiled, language, record, seen, form, errors)
        return render(request, "answer/page.html", 422 if errors else 200, **shown(request, seat, page, sheet))
    sheet = Sheet(compiled, language, record, seen, form)
    key = None if form else pages.key(survey.wave.version, compiled, page, seen, language)
    if key is None:
        return render(request, "answer/page.html", **shown(request, seat, page, sheet))
    make = lambda: render(request, "answer/page.html", **shown(request, seat, page, sheet)).content  # noqa: E731
    request.scope["state"]["same_for_all"] = True  # where the device is fresh, too: see FreshPages
    return pages.get(key, make).response(request)


def again(request: Request, seat: Seat, page: Page, form: Form, read: PageRead) -> Response[Any]:
    """The same page with what was typed: errors, or questions that the answers have made visible."""
    language = visitor_of(request).language
    sheet = Sheet(seat.survey.compiled, language, read.record, read.shown, form, read.errors)
    notice = "" if read.errors else request.app.state.catalogue.translate(language, "answer.more")
    template = "answer/_form.html" if partial(request) else "answer/page.html"
    return render(request, template, 422 if read.errors else 200, **shown(request, seat, page, sheet, notice=notice))


def kept(request: Request, seat: Seat, page: Page, form: Form, refusal: Exception) -> Response[Any]:
    """It could not be taken now; what was typed comes back, to be sent again."""
    compiled, language = seat.survey.compiled, visitor_of(request).language
    crowded = isinstance(refusal, TooManyAttempts)
    read = read_page(compiled, page.code, form, Record(), seat.person)
    notice = request.app.state.catalogue.translate(language, "answer.state.crowded.text" if crowded else "answer.busy")
    sheet = Sheet(compiled, language, read.record, read.shown, form)
    context = shown(request, seat, page, sheet, notice=notice, notice_kind="warn")
    response = render(request, "answer/page.html", 429 if crowded else 503, **context)
    response.headers["Retry-After"] = str(getattr(refusal, "retry_after", None) or 5)
    return response


def autosaved(
    request: Request, seat: Seat, page: Page, code: str, form: Form, read: QuestionRead, before: Shown
) -> Response[Any]:
    """A word; and where this answer changed the questions or pages shown, those."""
    compiled, seen = seat.survey.compiled, read.shown
    changed = {
        "questions_changed": code in compiled.live_drivers[page.code] and before != seen,
        "pages_changed": before.pages != seen.pages,
    }
    if not any(changed.values()):
        return render(request, "answer/_saved.html", **changed)
    sheet = Sheet(compiled, visitor_of(request).language, read.record, seen, form)
    return render(request, "answer/_saved.html", **changed, **shown(request, seat, page, sheet))


def shown(
    request: Request, seat: Seat, page: Page, sheet: Sheet, *, notice: str = "", notice_kind: str = ""
) -> dict[str, Any]:
    """What the templates of a page need."""
    compiled, seen = sheet.compiled, sheet.seen
    place, total = logic.progress(compiled, seen, page.code)
    numbers = {code: number for number, code in enumerate((c for c in compiled.questions if c in seen.questions), 1)}
    one_at_a_time = compiled.questionnaire.presentation == "question"
    index = compiled.page_index[page.code]
    return {
        **head(request, seat.survey),
        "sheet": sheet,
        "page": page,
        "number": page_name(page.code),
        "save": "save",
        "questions": [(each, numbers[each.code]) for each in page.questions if each.code in seen.questions],
        "numbered": not one_at_a_time,
        "unit": "question" if one_at_a_time else "page",
        "leads": not one_at_a_time or index == 0 or compiled.pages[index - 1].title != page.title,
        "place": place,
        "total": total,
        "last": logic.next_page(compiled, seen, page.code) is None,
        "notice": notice,
        "notice_kind": notice_kind,
    }


def head(request: Request, survey: Survey | None) -> dict[str, Any]:
    """What every page of a participant shows in its head."""
    language = visitor_of(request).language
    if survey is None:
        return {"heading": request.app.state.catalogue.translate(language, "base.name"), "languages": _languages()}
    questionnaire = survey.compiled.questionnaire
    return {"heading": pick(questionnaire.title, language), "languages": _languages(questionnaire.languages)}


def _languages(offered: tuple[str, ...] = tuple(LANGUAGE_NAMES)) -> list[tuple[str, str]]:
    return [(code, LANGUAGE_NAMES[code]) for code in offered if code in LANGUAGE_NAMES]


def receipt(
    request: Request, status: int = 200, *, code: str = "", found: date | None = None, error: str = ""
) -> Response[Any]:
    language = visitor_of(request).language
    t = request.app.state.catalogue.bound(language)
    return render(
        request,
        "answer/receipt.html",
        status,
        heading=t("answer.receipt.title"),
        languages=_languages(),
        code=code,
        found=day(found, language) if found else "",
        error=t(f"answer.receipt.{error}") if error else "",
    )


def day(of: date, language: str) -> str:
    if language.startswith("zh"):
        return f"{of.year}年{of.month}月{of.day}日"
    return f"{of.day} {of:%B} {of.year}"


def moment(request: Request, of: datetime) -> str:
    """In the reader's words and the company's time zone."""
    local = of.astimezone(ZoneInfo(request.app.state.settings.time_zone))
    language = visitor_of(request).language
    return f"{day(local.date(), language)}{' ' if language.startswith('zh') else ', '}{local:%H:%M}"


def compiled_pages(request: Request) -> CompiledPages:
    found: CompiledPages = request.app.state["pages"]
    return found
