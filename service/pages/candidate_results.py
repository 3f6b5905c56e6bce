"""A candidate's results: what was released, appeals, the certificate; in practice feedback and the wrong answers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from service import forms
from service.access import visitor_of
from service.actions import appeals, candidate_results, certificates
from service.actions.admission import Ticket
from service.actions.candidate_results import Feedback, Wrong
from service.actions.standings import ExamRecord
from service.errors import Conflict, NotFound
from service.pages.answer_view import moment
from service.pages.sitting_device import at_of, exam_of, redirect, ticket_of
from service.pages.sitting_view import Sheet, head, integer
from service.templates import render
from surveys.exams import presentation

CANDIDATE = {"access": "participant"}
RESULT = "/exam/{exam:uuid}/result"
MISTAKES = "/exam/{exam:uuid}/mistakes"


async def _admitted(request: Request, exam: UUID) -> tuple[ExamRecord, Ticket | None]:
    """The exam, and the ticket of whoever may see theirs of it."""
    found, ticket = await exam_of(request, exam), ticket_of(request, exam)
    return found, ticket if ticket and ticket.admitted else None


def _shown(request: Request, exam: ExamRecord, template: str, status: int = 200, /, **context: Any) -> Response[Any]:
    return render(request, f"sitting/{template}.html", status, **head(request, exam), **context)


@get(RESULT, opt=CANDIDATE)
async def result(request: Request, exam: FromPath[UUID]) -> Response[Any]:
    found, ticket = await _admitted(request, exam)
    if ticket is None:
        return redirect(f"/exam/{exam}")
    return await _result(request, found, ticket)


async def _result(
    request: Request, exam: ExamRecord, ticket: Ticket, status: int = 200, unsaid: str = ""
) -> Response[Any]:  # fmt: skip
    language = visitor_of(request).language
    results = await candidate_results.results(request.app.state.database, exam, ticket.candidate, language)
    return _shown(
        request, exam, "result", status, results=results, release=candidate_results.release_of(exam),
        when=lambda at: moment(request, at), practising=exam.definition.purpose == "practice", unsaid=unsaid,
        filed=request.query_params.get("filed", ""),
    )  # fmt: skip


@post(RESULT + "/appeal", opt=CANDIDATE)
async def appeal(request: Request, exam: FromPath[UUID]) -> Response[Any]:
    found, ticket = await _admitted(request, exam)
    if ticket is None:
        return redirect(f"/exam/{exam}")
    form, database = await forms.posted(request), request.app.state.database
    number, place = integer(form, "attempt"), integer(form, "item")
    attempt = await candidate_results.attempt_of(database, found, ticket.candidate, number)
    asked = next((each for each in attempt.paper.items if each.number == place), None)
    if asked is None:
        raise NotFound
    try:
        await appeals.file(database, found, attempt, asked.code, form.get("text", [""])[-1])
    except Conflict:
        return await _result(request, found, ticket, 422, f"{number}-{place}")
    return redirect(f"/exam/{exam}/result?filed={number}-{place}#a-{number}-{place}")


@get(RESULT + "/certificate.pdf", opt=CANDIDATE)
async def certificate(request: Request, exam: FromPath[UUID]) -> Response[Any]:
    found, ticket = await _admitted(request, exam)
    if ticket is None:
        return redirect(f"/exam/{exam}")
    database, settings = request.app.state.database, request.app.state.settings
    held = await candidate_results.certificate_of(database, found, ticket.candidate)
    content = await certificates.pdf(database, settings, found, held, visitor_of(request).language)
    headers = {"Content-Disposition": f'inline; filename="{held.serial}.pdf"'}
    return Response(content, media_type="application/pdf", headers=headers)


# Practice


@get("/exam/{exam:uuid}/{tab:str}/{number:int}/check", opt=CANDIDATE)
async def check(request: Request, exam: FromPath[UUID], tab: FromPath[str], number: FromPath[int]) -> Response[Any]:
    """Feedback on the item just answered."""
    at = await at_of(request, exam, tab)
    if at is None or at.exam.definition.purpose != "practice":
        return redirect(f"/exam/{exam}")
    found = await candidate_results.checked(
        request.app.state.database, at.exam, at.attempt, number, visitor_of(request).language
    )
    last = number == len(at.attempt.paper.items)
    onward = f"/exam/{exam}/{tab}/{'overview' if last else number + 1}"
    return _feedback(request, at.exam, found, onward, back=f"/exam/{exam}/{tab}/{number}")


def _feedback(request: Request, exam: ExamRecord, found: Feedback, onward: str, back: str = "") -> Response[Any]:
    return _shown(request, exam, "result_feedback", feedback=found, onward=onward, back=back)


async def _book(request: Request, exam: UUID) -> tuple[ExamRecord, Ticket, list[Wrong]] | None:
    found, ticket = await _admitted(request, exam)
    if ticket is None:
        return None
    return found, ticket, await candidate_results.wrong_items(request.app.state.database, found, ticket.candidate)


@get(MISTAKES, opt=CANDIDATE)
async def mistakes(request: Request, exam: FromPath[UUID]) -> Response[Any]:
    """The next item of the book of wrong answers, to be answered again."""
    book = await _book(request, exam)
    if book is None:
        return redirect(f"/exam/{exam}")
    found, _, wrong = book
    sheet = None
    if wrong:
        pool = await candidate_results.pool_of(request.app.state.database, found)
        item = pool.items[wrong[0].code].item
        sheet = Sheet(presentation.shown_item(wrong[0].asked, item, visitor_of(request).language), {}, 1, False)
    return _shown(request, found, "result_mistakes", wrong=wrong, sheet=sheet)


@post(MISTAKES, opt=CANDIDATE)
async def repeat(request: Request, exam: FromPath[UUID]) -> Response[Any]:
    book, (form, _) = await _book(request, exam), await forms.received(request)
    if book is None:
        return redirect(f"/exam/{exam}")
    found, ticket, wrong = book
    wanted = (integer(form, "attempt"), integer(form, "item"))
    asked = next((each for each in wrong if (each.attempt, each.asked.number) == wanted), None)
    if asked is None:  # mastered in another tab
        return redirect(f"/exam/{exam}/mistakes")
    language = visitor_of(request).language
    feedback = await candidate_results.repeat(
        request.app.state.database, found, ticket.candidate, asked, form, language
    )
    return _feedback(request, found, feedback, f"/exam/{exam}/mistakes")


controllers = [result, appeal, certificate, check, mistakes, repeat]
