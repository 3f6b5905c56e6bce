"""The marking desk: open questions, one answer after the other."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from service import forms
from service.access import Visitor
from service.actions import marking, standings
from service.actions.marking import Answer, Queue
from service.actions.programmes import ProgrammeReference
from service.actions.standings import ExamRecord
from service.database import Database
from service.errors import Conflict
from service.pages.marking_view import shown
from service.settings import Settings
from service.templates import render

MARK = {"access": "programme:exams.mark"}
DESK = "/programmes/{slug:str}/exams/{exam:uuid}/marking"
ANSWER = DESK + "/{question:str}/{role:str}/{token:str}"


def place(programme: ProgrammeReference, exam: UUID) -> str:
    """Where the desk of an exam is."""
    return f"/programmes/{programme.slug}/exams/{exam}/marking"


@get(DESK, opt=MARK)
async def overview(
    request: Request,
    exam: FromPath[UUID],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    found = await standings.get(database, programme.id, exam)
    queues = await marking.queues(database, found)
    account = visitor.account_id
    mine = {
        each.question.key: {role: len(each.waiting_for(account, role)) for role in marking.ROLES} for each in queues
    }
    return render(
        request, "marking/overview.html", programme=programme, exam=found, queues=queues, mine=mine,
        done=request.query_params.get("done", ""), **shown(request),
    )  # fmt: skip


@get(DESK + "/{question:str}/{role:str}", opt=MARK)
async def following(
    exam: FromPath[UUID],
    question: FromPath[str],
    role: FromPath[str],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    """To the answer that this marker marks next, or back to the overview where none is left."""
    found = await standings.get(database, programme.id, exam)
    queue = await marking.queue(database, found, question)
    token = marking.following(settings, found, queue, marking.read_role(role), visitor.account_id)
    desk = place(programme, exam)
    target = f"{desk}/{quote(question)}/{role}/{token}" if token else f"{desk}?done={quote(question)}"
    return Redirect(target, status_code=303)


async def _at(
    request: Request, exam: UUID, question: str, role: str, token: str, programme: ProgrammeReference
) -> tuple[ExamRecord, Queue, Answer]:
    state = request.app.state
    found = await standings.get(state.database, programme.id, exam)
    queue = await marking.queue(state.database, found, question)
    account = request.scope["state"]["visitor"].account_id
    answer = await marking.answer(state.database, state.settings, found, queue, marking.read_role(role), token, account)
    return found, queue, answer


def _desk(
    request: Request, programme: ProgrammeReference, exam: ExamRecord, answer: Answer, status: int = 200,
    typed: dict[str, str] | None = None, errors: dict[str, str] | None = None,
) -> Response[Any]:  # fmt: skip
    return render(
        request, "marking/answer.html", status, programme=programme, exam=exam, answer=answer,
        typed=marking.as_form(answer) if typed is None else typed, errors=errors or {},
        **shown(request),
    )  # fmt: skip


@get(ANSWER, opt=MARK)
async def show(
    request: Request,
    exam: FromPath[UUID],
    question: FromPath[str],
    role: FromPath[str],
    token: FromPath[str],
    programme: NamedDependency[ProgrammeReference],
) -> Response[Any]:
    found, _, answer = await _at(request, exam, question, role, token, programme)
    return _desk(request, programme, found, answer)


@post(ANSWER, opt=MARK)
async def mark(
    request: Request,
    exam: FromPath[UUID],
    question: FromPath[str],
    role: FromPath[str],
    token: FromPath[str],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    found, queue, answer = await _at(request, exam, question, role, token, programme)
    typed = {name: values[-1] for name, values in (await forms.posted(request)).items()}
    chosen, errors = marking.read(answer.question, answer.worth, typed)
    if errors:
        return _desk(request, programme, found, answer, 422, typed, errors)
    try:
        await marking.give(
            database, settings, found, queue, answer, chosen, typed.get("comment", ""), account=visitor.account_id
        )
    except Conflict:
        return Redirect(f"{place(programme, exam)}?done=taken", status_code=303)
    return Redirect(f"{place(programme, exam)}/{quote(question)}/{role}", status_code=303)


@get(ANSWER + "/file", opt=MARK)
async def file(
    request: Request,
    exam: FromPath[UUID],
    question: FromPath[str],
    role: FromPath[str],
    token: FromPath[str],
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    """The uploaded file of an answer, always as an attachment and under a name that says nothing."""
    found, queue, answer = await _at(request, exam, question, role, token, programme)
    upload = await marking.upload(database, settings, found, queue, answer, visitor.account_id)
    headers = {"Content-Disposition": f'attachment; filename="answer-{token}{upload.suffix}"'}
    return Response(upload.content, media_type=upload.media_type, headers=headers)


controllers = [overview, following, show, mark, file]
