"""The question bank, and a questionnaire beside it."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from service.access import Visitor
from service.actions import bank
from service.actions.editor import NotReadable
from service.database import Database
from service.errors import NotFound
from service.templates import render

EDIT = {"access": "somewhere:questionnaires.edit"}
DEEDS = ("insert", "renew", "detach", "keep")


@get("/questionnaires/bank", opt=EDIT)
async def shelf(request: Request, database: NamedDependency[Database]) -> Response[Any]:
    text, tag = request.query_params.get("text", ""), request.query_params.get("tag", "")
    found, more = await bank.search(database, text, tag)
    tags = await bank.tags(database)
    return render(request, "bank/bank.html", found=found, more=more, tags=tags, text=text, tag=tag)


@get("/questionnaires/bank/{item:str}", opt=EDIT)
async def show(request: Request, item: FromPath[str], database: NamedDependency[Database]) -> Response[Any]:
    return render(request, "bank/item.html", detail=await bank.detail(database, item))


@post("/questionnaires/bank/{item:str}", opt=EDIT)
async def change(
    request: Request, item: FromPath[str], database: NamedDependency[Database], visitor: NamedDependency[Visitor]
) -> Response[Any]:
    form = await request.form()
    if "retired" in form:
        await bank.retire(database, item, retired=form["retired"] == "yes", account=visitor.account_id)
    else:
        await bank.tag(database, item, str(form.get("tags", "")), account=visitor.account_id)
    return Redirect(f"/questionnaires/bank/{item}", status_code=303)


@get("/questionnaires/{name:str}/bank", opt=EDIT)
async def desk(
    request: Request, name: FromPath[str], database: NamedDependency[Database], visitor: NamedDependency[Visitor]
) -> Response[Any]:
    text, tag = request.query_params.get("text", ""), request.query_params.get("tag", "")
    try:
        found = await bank.desk(database, name, text, tag, account=visitor.account_id)
    except NotReadable:
        return Redirect(f"/questionnaires/{name}/edit", status_code=303)
    done = request.query_params.get("done", "")
    return render(
        request, "bank/desk.html", name=name, desk=found, text=text, tag=tag, done=done if done in DEEDS else "",
        page=request.query_params.get("page", ""), nothing_chosen=done == "none",
    )  # fmt: skip


@post("/questionnaires/{name:str}/bank/{deed:str}", opt=EDIT)
async def act(
    request: Request,
    name: FromPath[str],
    deed: FromPath[str],
    database: NamedDependency[Database],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    form, account = await request.form(), visitor.account_id
    question, page = str(form.get("question", "")), str(form.get("page", ""))
    if deed == "insert":
        refer = form.get("way") == "reference"
        await bank.insert(database, name, str(form.get("item", "")), page, refer=refer, account=account)
    elif deed == "renew":
        await bank.renew(database, name, question, account=account)
    elif deed == "detach":
        await bank.detach(database, name, question, account=account)
    elif deed == "keep":
        codes = [str(each) for each in form.getall("questions", [])]
        typed = str(form.get("tags", ""))
        kept = await bank.keep(database, name, codes, typed, link="link" in form, account=account)
        deed = deed if kept else "none"
    else:
        raise NotFound
    return Redirect(f"/questionnaires/{name}/bank?done={deed}", status_code=303)


controllers = [shelf, show, change, desk, act]
