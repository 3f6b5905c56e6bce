"""Signing in and out, and everybody's own account."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from service import security
from service.access import Visitor
from service.actions import accounts
from service.database import Database
from service.errors import NotFound
from service.settings import Settings
from service.templates import render
from surveys.text import LANGUAGES

PUBLIC = {"access": "public"}
SIGNED_IN = {"access": "signed_in"}


@get("/", opt=PUBLIC, sync_to_thread=False)
def start(request: Request, visitor: NamedDependency[Visitor]) -> Response[Any]:
    if visitor.account:
        return Redirect("/programmes", status_code=303)
    return render(request, "account/start.html", demo_accounts=request.app.state.demo_accounts)


@get("/sign-in", opt=PUBLIC, sync_to_thread=False)
def sign_in_page(request: Request, visitor: NamedDependency[Visitor]) -> Response[Any]:
    after = security.safe_next(request.query_params.get("next"))
    if visitor.account:
        return Redirect(after, status_code=303)
    return render(request, "account/sign_in.html", next=after, email="", wrong=False)


@post("/sign-in", opt=PUBLIC)
async def sign_in(
    request: Request, database: NamedDependency[Database], settings: NamedDependency[Settings]
) -> Response[Any]:
    form = await request.form()
    email, after = str(form.get("email", "")), security.safe_next(form.get("next"))
    token = await accounts.sign_in(database, settings, email, str(form.get("password", "")))
    if token is None:
        return render(request, "account/sign_in.html", 422, next=after, email=email, wrong=True)
    return Redirect(after, status_code=303, cookies=[security.session(settings, token)])


@post("/sign-out", opt=SIGNED_IN)
async def sign_out(
    request: Request,
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    await accounts.sign_out(database, visitor.signed_in, _token(request, settings))
    return _signed_out(settings)


@post("/account/sign-out-everywhere", opt=SIGNED_IN)
async def sign_out_everywhere(
    database: NamedDependency[Database], settings: NamedDependency[Settings], visitor: NamedDependency[Visitor]
) -> Response[Any]:
    await accounts.sign_out_everywhere(database, visitor.signed_in)
    return _signed_out(settings)


def _signed_out(settings: Settings) -> Response[Any]:
    return Redirect("/", status_code=303, cookies=[security.session(settings, "")])


def _token(request: Request, settings: Settings) -> str:
    return request.cookies.get(security.session_cookie(settings), "")


@get("/account", opt=SIGNED_IN)
async def account(
    request: Request, database: NamedDependency[Database], visitor: NamedDependency[Visitor]
) -> Response[Any]:
    return await _page(request, database, visitor, done=request.query_params.get("done", ""))


async def _page(
    request: Request, database: Database, visitor: Visitor, status: int = 200, **context: Any
) -> Response[Any]:
    shown = {"errors": {}, "done": "", "key": "", "key_name": "", **context}
    keys = await accounts.api_keys(database, visitor.signed_in)
    return render(request, "account/account.html", status, keys=keys, languages=LANGUAGES, **shown)


@post("/account/password", opt=SIGNED_IN)
async def change_password(
    request: Request,
    database: NamedDependency[Database],
    settings: NamedDependency[Settings],
    visitor: NamedDependency[Visitor],
) -> Response[Any]:
    form = await request.form()
    typed = [str(form.get(name, "")) for name in ("current", "new", "repeated")]
    errors = await accounts.change_password(database, visitor.signed_in, _token(request, settings), *typed)
    if errors:
        return await _page(request, database, visitor, 422, errors=errors)
    return Redirect("/account?done=password", status_code=303)


@post("/account/language", opt=SIGNED_IN)
async def choose_language(
    request: Request, database: NamedDependency[Database], visitor: NamedDependency[Visitor]
) -> Response[Any]:
    language = str((await request.form()).get("language", ""))
    if not await accounts.choose_language(database, visitor.signed_in, language):
        raise NotFound
    return Redirect(f"/account?lang={language}&done=language", status_code=303)


@post("/account/keys", opt=SIGNED_IN)
async def create_key(
    request: Request, database: NamedDependency[Database], visitor: NamedDependency[Visitor]
) -> Response[Any]:
    """Answers with the page itself, not a redirect: the key must not travel in an address."""
    name = str((await request.form()).get("name", "")).strip()
    if not 1 <= len(name) <= 120:
        errors = {"name": "account.key_name_length"}
        return await _page(request, database, visitor, 422, errors=errors, key_name=name)
    return await _page(request, database, visitor, key=await accounts.create_api_key(database, visitor.signed_in, name))


@post("/account/keys/{key:uuid}/revoke", opt=SIGNED_IN)
async def revoke_key(
    key: FromPath[UUID], database: NamedDependency[Database], visitor: NamedDependency[Visitor]
) -> Response[Any]:
    if not await accounts.revoke_api_key(database, visitor.signed_in, key):
        raise NotFound
    return Redirect("/account?done=revoked", status_code=303)


controllers = [
    start, sign_in_page, sign_in, sign_out, sign_out_everywhere, account, change_password, choose_language, create_key,
    revoke_key,
]  # fmt: skip
