"""Administrators' pages: accounts and the audit log."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from service.access import Visitor
from service.actions import administration
from service.actions.administration import AccountForm
from service.database import Database
from service.templates import render

ADMINISTRATOR = {"access": "administrator"}


@get("/admin", opt=ADMINISTRATOR, sync_to_thread=False)
def start() -> Response[Any]:
    return Redirect("/admin/accounts", status_code=303)


@get("/admin/accounts", opt=ADMINISTRATOR)
async def accounts(request: Request, database: NamedDependency[Database]) -> Response[Any]:
    return await _accounts(request, database)


async def _accounts(request: Request, database: Database, status: int = 200, **context: Any) -> Response[Any]:
    shown = {"form": AccountForm(), "errors": {}, "password": "", "account": None, **context}
    everybody = await administration.every_account(database)
    return render(request, "admin/accounts.html", status, accounts=everybody, **shown)


@post("/admin/accounts", opt=ADMINISTRATOR)
async def create_account(
    request: Request, database: NamedDependency[Database], visitor: NamedDependency[Visitor]
) -> Response[Any]:
    """Answers with the page itself, not a redirect: the password is shown this once."""
    typed = await request.form()
    form = AccountForm(
        email=str(typed.get("email", "")),
        name=str(typed.get("name", "")),
        administrator="administrator" in typed,
    )
    made = await administration.create_account(database, visitor.signed_in, form)
    if isinstance(made, dict):
        return await _accounts(request, database, 422, form=form, errors=made)
    return await _accounts(request, database, account=made[0], password=made[1])


@post("/admin/accounts/{account:uuid}/reset-password", opt=ADMINISTRATOR)
async def reset_password(
    request: Request,
    account: FromPath[UUID],
    database: NamedDependency[Database],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    changed, password = await administration.reset_password(database, visitor.signed_in, account)
    return await _accounts(request, database, account=changed, password=password)


@post("/admin/accounts/{account:uuid}/{change:str}", opt=ADMINISTRATOR)
async def change_account(
    account: FromPath[UUID],
    change: FromPath[str],
    database: NamedDependency[Database],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    await administration.change_standing(database, visitor.signed_in, account, change)
    return Redirect("/admin/accounts", status_code=303)


@get("/admin/audit", opt=ADMINISTRATOR)
async def audit(request: Request, database: NamedDependency[Database]) -> Response[Any]:
    wanted = administration.AuditFilter.read(request.query_params)
    events, older = await administration.events(database, wanted)
    actions = await administration.recorded_actions(database)
    people = await administration.every_account(database)
    return render(
        request, "admin/audit.html", events=events, older=older, wanted=wanted, actions=actions, people=people
    )


controllers = [start, accounts, create_account, reset_password, change_account, audit]
