"""What participants' pages show: the introduction, a page as saved or as typed, states, receipts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Request, Response

from service.access import visitor_of
from service.actions.answering import Sitting
from service.actions.desk import Pass, Refusal, Survey
from service.actions.submitting import Ending
from service.compiled import CompiledPages, Sheet
from service.errors import TooManyAttempts
from service.pages.answer_device import page_name
from service.templates import partial, render
from surveys import logic
from surveys.answers import Errors, PageRead, QuestionRead, Record, page_form, read_page
from surveys.compiled import Shown
from surveys.definition import Page, Question
from surveys.logic import Situation
from surveys.order import question_order
from surveys.questions.base import Form
from surveys.text import pick

LANGUAGE_NAMES = {"zh-CN": "中文", "en": "English"}
UNNUMBERED = ("statement", "consent")
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


def introduction(request: Request, at: Sitting) -> Response[Any]:
    wave, compiled, draft = at.seat.survey.wave, at.compiled, at.draft
    seen = at.situation().shown
    start = draft.page if draft.page in seen.pages else seen.pages[0]
    return render(
        request,
        "answer/introduction.html",
        introduction=pick(compiled.questionnaire.introduction, at.context.language),
        minutes=compiled.questionnaire.minutes,
        count=sum(compiled.questions[code].type not in UNNUMBERED for code in seen.questions),
        until=moment(request, wave.closes_at) if wave.closes_at else "",
        start=f"/answer/{wave.id}/{page_name(start)}",
        resumed=draft.started_at is not None,
        personal=at.seat.holder.kind == "personal",
        wave=wave,
        owner=at.seat.survey.owner,
        **head(request, at.seat.survey),
    )


def done(request: Request, survey: Survey, holder: Pass, ending: Ending) -> Response[Any]:
    """Submitted, or ended before: then it is said why, and there is no receipt, for nothing of it is in the results."""
    questionnaire, language = survey.compiled.questionnaire, visitor_of(request).language
    if ending.outcome == "complete":
        thanks = pick(questionnaire.thanks, language)
        return render(request, "answer/done.html", receipt=holder.receipt, thanks=thanks, **head(request, survey))
    full = next((quota.message for quota in questionnaire.quotas if quota.code == ending.quota), {})
    message = pick(questionnaire.screen_out if ending.outcome == "screened_out" else full, language)
    context = {"state": ending.outcome, "message": message, "owner": survey.owner, **head(request, survey)}
    return render(request, "answer/ended.html", **context)


def due(request: Request, at: Sitting, page: Page, now: Situation, errors: Errors) -> Response[Any]:
    """The page as saved, with what is still due on it."""
    form = page_form(at.compiled, page, at.draft.record, at.draft.typed)
    sheet = _sheet(at, at.draft.record, now, form, errors)
    return render(request, "answer/page.html", 422 if errors else 200, **shown(request, at, page, sheet))


def saved(request: Request, at: Sitting, page: Page, now: Situation) -> Response[Any]:
    """The page as saved. Where nothing of it is, it is the same for everybody and compiled once."""
    survey, record, typed = at.seat.survey, at.draft.record, at.draft.typed
    blank = not (record.answers or record.not_applicable or typed)
    form: Form = {} if blank else page_form(at.compiled, page, record, typed)
    make = lambda: render(request, "answer/page.html", **shown(request, at, page, _sheet(at, record, now, form)))  # noqa: E731
    pages = compiled_pages(request)
    key = None if form else pages.key((survey.wave.version, survey.edition), at.compiled, page, now, record, at.context)
    if key is None:
        return make()
    # Those who have saved nothing and whose link says nothing all see this: see FreshPages.
    request.scope["state"]["same_for_all"] = not at.compiled.by_lot
    return pages.get((key, survey.wave.anonymity), lambda: make().content).response(request)


def again(request: Request, at: Sitting, page: Page, form: Form, read: PageRead) -> Response[Any]:
    """The same page with what was typed: errors, or questions that the answers have made visible."""
    sheet = _sheet(at, read.record, read.now or at.situation(read.record), form, read.errors)
    translate = request.app.state.catalogue.translate
    notice = translate(at.context.language, "answer.more") if read.revealed and not read.errors else ""
    template = "answer/_form.html" if partial(request) else "answer/page.html"
    return render(request, template, 422 if read.errors else 200, **shown(request, at, page, sheet, notice=notice))


def kept(request: Request, at: Sitting, page: Page, form: Form, refusal: Exception) -> Response[Any]:
    """It could not be taken now; what was typed comes back, to be sent again."""
    crowded = isinstance(refusal, TooManyAttempts)
    read = read_page(at.compiled, page.code, at.dated(form), at.draft.record, at.context)
    key = "answer.state.crowded.text" if crowded else "answer.busy"
    notice = request.app.state.catalogue.translate(at.context.language, key)
    sheet = _sheet(at, read.record, at.situation(read.record), form)
    context = shown(request, at, page, sheet, notice=notice, notice_kind="warn")
    response = render(request, "answer/page.html", 429 if crowded else 503, **context)
    response.headers["Retry-After"] = str(getattr(refusal, "retry_after", None) or 5)
    return response


def autosaved(
    request: Request, at: Sitting, page: Page, code: str, form: Form, read: QuestionRead, before: Shown
) -> Response[Any]:
    """A word; and where this answer changed the questions or pages shown, or what they say, those."""
    seen = read.shown
    uploaded = code if at.compiled.questions[code].uploads else ""
    live = code in at.compiled.live_drivers[page.code]
    changed = {
        "questions_changed": live and (before != seen or compiled_pages(request).repeats_answers(at.compiled, page)),
        "pages_changed": before.pages != seen.pages,
        "uploaded": uploaded,
    }
    if not any(changed.values()):
        return render(request, "answer/_saved.html", **changed)
    sheet = _sheet(at, read.record, at.situation(read.record), form, read.errors if uploaded else None)
    return render(request, "answer/_saved.html", **changed, **shown(request, at, page, sheet))


def _sheet(at: Sitting, record: Record, now: Situation, form: Form, errors: Errors | None = None) -> Sheet:
    context = at.context
    return Sheet(
        at.compiled, context.language, record, now.shown, form, errors, names=now.names, seed=context.seed
    )  # fmt: skip


def shown(
    request: Request, at: Sitting, page: Page, sheet: Sheet, *, notice: str = "", notice_kind: str = ""
) -> dict[str, Any]:
    """What the templates of a page need."""
    compiled, seen = sheet.compiled, sheet.seen
    place, total = logic.progress(compiled, seen, page.code)
    one_at_a_time = compiled.questionnaire.presentation == "question"
    index = compiled.page_index[page.code]
    return {
        **head(request, at.seat.survey),
        "sheet": sheet,
        "page": page,
        "uploads": any(each.uploads for each in page.questions),
        "revealing": _revealing(at, page),
        "number": page_name(page.code),
        "save": "save",
        "questions": _numbered(sheet, page),
        "numbered": not one_at_a_time,
        "unit": "question" if one_at_a_time else "page",
        "leads": not one_at_a_time or index == 0 or compiled.pages[index - 1].title != page.title,
        "place": place,
        "total": total,
        "last": logic.next_page(compiled, seen, page.code) is None,
        "notice": notice,
        "notice_kind": notice_kind,
    }


def _numbered(sheet: Sheet, page: Page) -> list[tuple[Question, int]]:
    """The page's questions as presented, each with its number in the questionnaire as this participant sees it; 0 for
    what is no question."""
    compiled, seen = sheet.compiled, sheet.seen
    before = seen.pages[: seen.pages.index(page.code)] if page.code in seen.pages else ()
    asked = (each for code in before for each in compiled.pages[compiled.page_index[code]].questions)
    number = sum(each.code in seen.questions and each.type not in UNNUMBERED for each in asked)
    found: list[tuple[Question, int]] = []
    for question in question_order(page, (e for e in page.questions if e.code in seen.questions), sheet.seed):
        number += question.type not in UNNUMBERED
        found.append((question, 0 if question.type in UNNUMBERED else number))
    return found


def _revealing(at: Sitting, page: Page) -> frozenset[str]:
    """The questions whose answers tell who somebody is, where people were promised not to be known."""
    if at.seat.survey.wave.anonymity != "anonymous":
        return frozenset()
    columns, names = at.compiled.columns, at.compiled.columns_of
    return frozenset(
        each.code for each in page.questions if any(columns[name].identifying for name in names[each.code])
    )


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
