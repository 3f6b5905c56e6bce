"""What a paper is made of: fixed items and draws, with live counts and everything that stands against it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from service import forms
from service.access import Visitor
from service.actions import exam_blueprint, exam_drafting, exams, items
from service.actions.exams import Board, ExamRecord
from service.actions.programmes import ProgrammeReference
from service.database import Database
from service.pages.exams_view import EDIT, EXAM, placed, show, url


async def _page(
    request: Request,
    database: Database,
    programme: ProgrammeReference,
    exam: ExamRecord,
    board: Board,
    status: int = 200,
) -> Response[Any]:
    bank = await exams.bank_of(database, exam)
    pool = await exams.pool_of(database, exam)
    return show(
        request, "blueprint", programme, status, exam=exam, board=board, bank=bank, part="blueprint",
        problems=placed(board.problems), pool=sorted(pool.items.values(), key=lambda each: each.code),
        facets=await items.facets(database, bank), families=items.FAMILIES, modes=exam_drafting.MODES,
        difficulties=exam_blueprint.DIFFICULTIES, blooms=exam_blueprint.BLOOMS,
    )  # fmt: skip


@get(EXAM + "/blueprint", opt=EDIT)
async def blueprint(
    request: Request,
    exam: FromPath[UUID],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
) -> Response[Any]:
    found = await exams.get(database, programme.id, exam)
    _, board = await exams.blueprint(database, found)
    return await _page(request, database, programme, found, board)


@post(EXAM + "/blueprint", opt=EDIT)
async def change(
    request: Request,
    exam: FromPath[UUID],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    """Saves a draft's blueprint, or shows it again with its lines changed (``deed``)."""
    found, form = await exams.draft(database, programme.id, exam), await forms.posted(request)
    deed = form.get("deed", ["save"])[-1]
    read, board = await exams.blueprint(database, found, form, deed)
    if deed != "save" or board.errors:
        return await _page(request, database, programme, found, board, 422 if board.errors else 200)
    await exams.save_blueprint(database, found, read, account=visitor.account_id)
    return Redirect(url(programme, exam, "blueprint") + "?done=saved", status_code=303)


@post(EXAM + "/blueprint/state", opt=EDIT, status_code=200)
async def state(
    request: Request,
    exam: FromPath[UUID],
    database: NamedDependency[Database],
    programme: NamedDependency[ProgrammeReference],
) -> Response[Any]:
    """How many items fit, the total, the problems: while the form is filled in."""
    found, form = await exams.draft(database, programme.id, exam), await forms.posted(request)
    _, board = await exams.blueprint(database, found, form)
    return show(request, "_state", programme, exam=found, board=board, problems=placed(board.problems), live=True)


controllers = [blueprint, change, state]
