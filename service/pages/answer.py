"""A participant's pages: links, introduction, questions, receipt. They need no JavaScript; htmx saves as one goes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from urllib.parse import unquote
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.params import FromPath

from service import limits
from service.access import visitor_of
from service.actions import answering
from service.actions.answering import Desk, Draft, Pass, Turn, Visit
from service.actions.receipts import RECEIPT_LENGTH, read_receipt
from service.compiled import CompiledPages, Sheet
from service.database import Busy, Unavailable
from service.errors import Malformed, TooManyAttempts
from service.i18n import known
from service.templates import partial, render
from surveys import logic
from surveys.answers import Record, form_of, page_form, read_page
from surveys.definition import Page
from surveys.questions.base import Form
from surveys.text import pick

PARTICIPANT = {"access": "participant"}
LANGUAGE_NAMES = {"zh-CN": "中文", "en": "English"}
KINDS = {"a": "personal", "n": "fresh", "w": "public"}
LETTERS = {kind: letter for letter, kind in KINDS.items()}
OWN_PAGES = ("done", "save")  # a questionnaire's page of that code gets a hyphen in its URL; codes hold none
STATUS = {"unknown": 404, "cookies": 403, "closed": 410}
YEAR = 365 * 24 * 3600


@get("/w/{token:str}", opt=PARTICIPANT)
async def open_public(request: Request, token: FromPath[str]) -> Response[Any]:
    opened = await desk(request).open_public(token)
    return _enter(request, opened, f"/w/{token}") if opened else _state(request, Visit("unknown"))


@get("/a/{token:str}", opt=PARTICIPANT)
async def open_personal(request: Request, token: FromPath[str]) -> Response[Any]:
    opened = await desk(request).open_personal(token)
    return _enter(request, opened, f"/a/{token}") if opened else _state(request, Visit("unknown"))


@get("/answer/{wave:uuid}", opt=PARTICIPANT)
async def introduction(request: Request, wave: FromPath[UUID]) -> Response[Any]:
    visit = await desk(request).visit(wave, _holder(request))
    if visit.holder and await desk(request).stored_on(visit.holder.receipt):
        return _redirect(request, f"/answer/{wave}/done")
    if visit.state != "open":
        return _state(request, visit)
    return _introduction(request, visit, await desk(request).drafted(visit))


@get("/answer/{wave:uuid}/done", opt=PARTICIPANT)
async def done(request: Request, wave: FromPath[UUID]) -> Response[Any]:
    visit = await desk(request).visit(wave, _holder(request))
    if visit.holder is None or not await desk(request).stored_on(visit.holder.receipt):
        return _redirect(request, f"/answer/{wave}")
    thanks = pick(visit.sheet.compiled.questionnaire.thanks, visitor_of(request).language) if visit.sheet else ""
    return render(request, "answer/done.html", receipt=visit.holder.receipt, thanks=thanks, **_frame(request, visit))


@get("/answer/{wave:uuid}/{name:str}", opt=PARTICIPANT)
async def page(request: Request, wave: FromPath[UUID], name: FromPath[str]) -> Response[Any]:
    visit = await desk(request).visit(wave, _holder(request))
    if visit.state != "open":
        return _state(request, visit)
    draft = await desk(request).drafted(visit)
    seen = logic.shown(visit.sheet.compiled, draft.record.answers, visit.person)
    if name.rstrip("-") not in seen.pages:
        return _redirect(request, f"/answer/{wave}")
    return _page(request, visit, visit.sheet.compiled.page(name.rstrip("-")), draft.record, seen)


@post("/answer/{wave:uuid}/save", opt=PARTICIPANT)
async def save(request: Request, wave: FromPath[UUID]) -> Response[Any]:
    visit = await desk(request).visit(wave, _holder(request))
    code = unquote(request.headers.get("hx-source", "")).rpartition("#q-")[2]
    if visit.state != "open":
        return _redirect(request, f"/answer/{wave}")
    if code not in visit.sheet.compiled.questions:
        raise Malformed
    form = await _form(request)
    saved = await desk(request).save_question(visit, code, form, visitor_of(request).language)
    if saved is None:
        return _redirect(request, f"/answer/{wave}")
    read, before = saved
    context = _changed(request, visit, code, form, read, before)
    return _with_run(request, visit, render(request, "answer/_saved.html", **context))


@post("/answer/{wave:uuid}/{name:str}", opt=PARTICIPANT)
async def turn(request: Request, wave: FromPath[UUID], name: FromPath[str]) -> Response[Any]:
    visit = await desk(request).visit(wave, _holder(request))
    if visit.state != "open":
        return _redirect(request, f"/answer/{wave}") if partial(request) else _state(request, visit)
    page = visit.sheet.compiled.page(name.rstrip("-"))
    if page is None:
        return _redirect(request, f"/answer/{wave}")
    form = await _form(request)
    language = known((form.get("language") or [""])[0])
    leave = "stay" if language else "back" if "back" in form else ""
    network = limits.network(request.client.host if request.client else "")
    try:
        turn = await desk(request).post(
            visit, page, form, language or visitor_of(request).language, network=network, leave=leave
        )
    except (Busy, Unavailable, TooManyAttempts) as refusal:
        if partial(request):
            raise
        return _kept(request, visit, page, form, refusal)
    if turn.kind == "again":
        return _again(request, visit, page, form, turn)
    return _with_run(request, visit, _redirect(request, _target(visit, turn)), language)


@get("/receipt", opt=PARTICIPANT, sync_to_thread=False)
def receipt_form(request: Request) -> Response[Any]:
    return _receipt(request)


@post("/receipt", opt=PARTICIPANT)
async def check_receipt(request: Request) -> Response[Any]:
    typed = ((await _form(request)).get("code") or [""])[0][:100]
    network = limits.network(request.client.host if request.client else "")
    if not answering.RECEIPT_CHECKS.admits(network):
        return _receipt(request, 429, code=typed, error="too_often")
    receipt = read_receipt(typed)
    if receipt is None:
        return _receipt(request, 422, code=typed, error="misspelt")
    found = await desk(request).stored_on(receipt)
    return _receipt(request, 200 if found else 422, code=receipt, found=found, error="" if found else "unknown")


controllers = [
    open_public, open_personal, introduction, done, page, save, turn, receipt_form, check_receipt,
]  # fmt: skip


def desk(request: Request) -> Desk:
    """One for the process."""
    state = request.app.state
    if "desk" not in state:
        state["desk"], state["pages"] = Desk(state.database), CompiledPages()
    return state["desk"]


async def _form(request: Request) -> dict[str, list[str]]:
    return form_of((await request.form()).multi_items())


def _holder(request: Request, cookie: str = "run") -> Pass | None:
    letter, _, rest = request.cookies.get(cookie, "").partition(".")
    token, _, receipt = rest.partition(".")
    if letter not in KINDS or not 16 <= len(token) <= 64 or len(receipt) != RECEIPT_LENGTH:
        return None
    return Pass(KINDS[letter], token, receipt)  # type: ignore[arg-type]


def _cookie(request: Request, holder: Pass, path: str) -> str:
    """Written by hand, since Litestar's cookies cost more than the rest of the answer."""
    secure = "; Secure" if request.app.state.settings.secure_cookies else ""
    return f"run={_written(holder)}; Path={path}; Max-Age={YEAR}; HttpOnly; SameSite=Lax{secure}"


def _written(holder: Pass) -> str:
    return f"{LETTERS[holder.kind]}.{holder.token}.{holder.receipt}"


def _enter(request: Request, opened: tuple[UUID, Pass], link: str) -> Response[Any]:
    """The pass is kept for the link, too: opening it again on this device goes on with the same run and receipt."""
    wave, holder = opened
    before = _holder(request)
    if before is not None and (holder.kind != "personal" or before.token == holder.token):
        holder = Pass("personal" if holder.kind == "personal" else "public", before.token, before.receipt)
    response = _redirect(request, f"/answer/{wave}")
    response.headers["Set-Cookie"] = _cookie(request, holder, f"/answer/{wave}")
    secure = request.app.state.settings.secure_cookies
    kept = Cookie(
        key="run", value=_written(holder), path=link, max_age=YEAR, httponly=True, samesite="lax", secure=secure
    )
    response.cookies.append(kept)
    return response


def _with_run(request: Request, visit: Visit, response: Response[Any], language: str | None = None) -> Response[Any]:
    """The device remembers that its run has saved something, and the language chosen."""
    if visit.holder.kind == "fresh":
        saved = Pass("public", visit.holder.token, visit.holder.receipt)
        response.headers["Set-Cookie"] = _cookie(request, saved, f"/answer/{visit.sheet.wave.id}")
    if language:
        secure = request.app.state.settings.secure_cookies
        response.cookies.append(
            Cookie(key="language", value=language, path="/", max_age=YEAR, samesite="lax", secure=secure)
        )
    return response


def _redirect(request: Request, target: str) -> Response[Any]:
    if partial(request):
        return Response(b"", status_code=204, headers={"HX-Redirect": target})
    return Response(b"", status_code=303, headers={"Location": target})


def _target(visit: Visit, turn: Turn) -> str:
    base = f"/answer/{visit.sheet.wave.id}"
    if turn.kind == "page":
        return f"{base}/{_name(turn.page)}" + ("?due=1" if turn.due else "")
    return f"{base}/done" if turn.kind == "done" else base


def _name(code: str) -> str:
    return code + "-" if code in OWN_PAGES else code


def _frame(request: Request, visit: Visit) -> dict[str, Any]:
    """What every page of a wave shows in its head."""
    language = visitor_of(request).language
    if visit.sheet is None:
        return {"heading": request.app.state.catalogue.translate(language, "base.name"), "languages": _languages()}
    questionnaire = visit.sheet.compiled.questionnaire
    return {"heading": pick(questionnaire.title, language), "languages": _languages(questionnaire.languages)}


def _languages(offered: tuple[str, ...] = tuple(LANGUAGE_NAMES)) -> list[tuple[str, str]]:
    return [(code, LANGUAGE_NAMES[code]) for code in offered if code in LANGUAGE_NAMES]


def _state(request: Request, visit: Visit) -> Response[Any]:
    wave = visit.sheet.wave if visit.sheet else None
    opens = moment(request, wave.opens_at) if wave and wave.opens_at else ""
    owner = visit.sheet.owner if visit.sheet else ""
    context = {"state": visit.state, "day": opens, "owner": owner, **_frame(request, visit)}
    return render(request, "answer/state.html", STATUS.get(visit.state, 200), **context)


def _introduction(request: Request, visit: Visit, draft: Draft) -> Response[Any]:
    wave, compiled = visit.sheet.wave, visit.sheet.compiled
    language = visitor_of(request).language
    seen = logic.shown(compiled, draft.record.answers, visit.person)
    start = draft.page if draft.page in seen.pages else seen.pages[0]
    return render(
        request,
        "answer/introduction.html",
        introduction=pick(compiled.questionnaire.introduction, language),
        minutes=compiled.questionnaire.minutes,
        count=len(seen.questions),
        until=moment(request, wave.closes_at) if wave.closes_at else "",
        start=f"/answer/{wave.id}/{_name(start)}",
        resumed=draft.started_at is not None,
        personal=visit.holder.kind == "personal",
        wave=wave,
        owner=visit.sheet.owner,
        **_frame(request, visit),
    )


def _page(request: Request, visit: Visit, page: Page, record: Record, seen: logic.Shown) -> Response[Any]:
    """The page as saved. Where nothing of it is, it is the same for everybody and compiled once."""
    compiled, language = visit.sheet.compiled, visitor_of(request).language
    form = page_form(compiled, page, record) if record.answers or record.not_applicable else {}
    if "due" in request.query_params:
        errors = answering.due(compiled, record, visit.person, page.code)
        sheet = Sheet(compiled, language, record, seen, form, errors)
        return render(request, "answer/page.html", 422 if errors else 200, **_shown(request, visit, page, sheet))
    sheet = Sheet(compiled, language, record, seen, form)
    key = None if form else request.app.state["pages"].key(visit.sheet.wave.version, compiled, page, seen, language)
    if key is None:
        return render(request, "answer/page.html", **_shown(request, visit, page, sheet))
    return (
        request.app.state["pages"]
        .get(key, lambda: render(request, "answer/page.html", **_shown(request, visit, page, sheet)).content)
        .response(request)
    )


def _again(request: Request, visit: Visit, page: Page, form: Form, turn: Turn) -> Response[Any]:
    """The same page with what was typed: errors, or questions that the answers have made visible."""
    read = turn.read
    language = visitor_of(request).language
    arranged = answering.arranged(visit.sheet.compiled, form)
    sheet = Sheet(visit.sheet.compiled, language, read.record, read.shown, arranged, read.errors)
    notice = "" if read.errors else request.app.state.catalogue.translate(language, "answer.more")
    template = "answer/_form.html" if partial(request) else "answer/page.html"
    context = _shown(request, visit, page, sheet, notice=notice)
    return _with_run(request, visit, render(request, template, 422 if read.errors else 200, **context))


def _kept(request: Request, visit: Visit, page: Page, form: Form, refusal: Exception) -> Response[Any]:
    """Nothing was stored; what was typed comes back, to be sent again."""
    compiled, language = visit.sheet.compiled, visitor_of(request).language
    arranged = answering.arranged(compiled, form)
    read = read_page(compiled, page.code, arranged, Record(), visit.person)
    crowded = isinstance(refusal, TooManyAttempts)
    notice = request.app.state.catalogue.translate(language, "answer.state.crowded.text" if crowded else "answer.busy")
    sheet = Sheet(compiled, language, read.record, read.shown, arranged)
    context = _shown(request, visit, page, sheet, notice=notice, notice_kind="warn")
    response = render(request, "answer/page.html", 429 if crowded else 503, **context)
    response.headers["Retry-After"] = str(getattr(refusal, "retry_after", None) or 5)
    return response


def _changed(request: Request, visit: Visit, code: str, form: Form, read: Any, before: logic.Shown) -> dict[str, Any]:
    """What an autosave answers: what this answer changed of the questions and pages shown, if anything."""
    compiled, seen = visit.sheet.compiled, read.shown
    page = compiled.page(compiled.page_of[code])
    changed = {
        "questions_changed": code in compiled.live_drivers[page.code] and before != seen,
        "pages_changed": before.pages != seen.pages,
    }
    if not any(changed.values()):
        return changed
    sheet = Sheet(compiled, visitor_of(request).language, read.record, seen, form)
    return changed | _shown(request, visit, page, sheet)


def _shown(
    request: Request, visit: Visit, page: Page, sheet: Sheet, *, notice: str = "", notice_kind: str = ""
) -> dict[str, Any]:
    """What the templates of a page need."""
    compiled, seen = visit.sheet.compiled, sheet.seen
    place, total = logic.progress(compiled, seen, page.code)
    numbers = {code: number for number, code in enumerate((c for c in compiled.questions if c in seen.questions), 1)}
    one_at_a_time = compiled.questionnaire.presentation == "question"
    index = compiled.page_index[page.code]
    return {
        **_frame(request, visit),
        "sheet": sheet,
        "page": page,
        "number": _name(page.code),
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


def _receipt(
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
    language = visitor_of(request).language
    local = of.astimezone(ZoneInfo(request.app.state.settings.time_zone))
    return f"{day(local.date(), language)} {local:%H:%M}"
