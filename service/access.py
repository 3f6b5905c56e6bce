"""Who may do what. Every route says it in ``opt={"access": …}``; a route that does not fails at start-up.

``public`` · ``participant`` · ``signed_in`` · ``administrator`` · ``programme:<capability>`` (the path holds
``{slug:str}``) · ``somewhere:<capability>`` (in any programme of theirs) · ``api:<capability>`` or ``api:signed_in``
(API key; with ``{slug:str}`` in that programme, else somewhere). What one may not see answers 404, never 403.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import msgspec
from litestar import Litestar, Request
from litestar.connection import ASGIConnection
from litestar.exceptions import ImproperlyConfiguredException
from litestar.types import ASGIApp, Receive, Send

from service import security
from service.database.postgres import promptly
from service.errors import NotFound, SignInNeeded
from service.i18n import accepted, known
from service.store import accounts, sessions
from service.store.accounts import Account, ProgrammeReference

_EVERYBODY = frozenset({"programme.view", "results.view", "report.download"})
_PEOPLE = frozenset({"people.view", "people.edit", "waves.edit", "responses.export", "exams.edit"})
_ITEMS = frozenset({"items.edit", "exams.mark"})

CAPABILITIES: Mapping[str, frozenset[str]] = {
    "lead": _EVERYBODY | _PEOPLE | _ITEMS | {"programme.edit", "members.edit", "questionnaires.edit"},
    "hr": _EVERYBODY | _PEOPLE | _ITEMS,
    "author": _EVERYBODY | _ITEMS | {"questionnaires.edit"},
    "viewer": _EVERYBODY,
}
"""Role in a programme to what it may do there. Administrators may do all of it everywhere."""

ALL_CAPABILITIES = frozenset().union(*CAPABILITIES.values())
PLAIN = frozenset({"public", "participant", "signed_in", "administrator"})


class Visitor(msgspec.Struct, frozen=True, kw_only=True):
    """Whoever asks: somebody with an account, or nobody known. ``memberships`` is programme id to role."""

    language: str
    account: Account | None = None
    memberships: Mapping[UUID, str] = {}

    @property
    def account_id(self) -> UUID:
        """For routes that only let in who is signed in. Raises SignInNeeded."""
        if self.account is None:
            raise SignInNeeded
        return self.account.id

    @property
    def signed_in(self) -> Account:
        """Their account. Raises SignInNeeded where nobody is known."""
        if self.account is None:
            raise SignInNeeded
        return self.account

    def can(self, capability: str, programme: UUID | None = None) -> bool:
        """Whether ``capability`` is theirs in ``programme``, or in any programme where None."""
        if self.account is None or capability not in ALL_CAPABILITIES:
            return False
        if self.account.administrator:
            return True
        roles = self.memberships.values() if programme is None else (self.memberships.get(programme, ""),)
        return any(capability in CAPABILITIES.get(role, ()) for role in roles)


def language_of(connection: ASGIConnection, account: Account | None = None) -> str:
    """``?lang=``, else the cookie, else the account's, else what the browser prefers, else the service's own."""
    return (
        known(connection.query_params.get("lang"))
        or known(connection.cookies.get("language"))
        or (account and known(account.language))
        or accepted(connection.headers.get("accept-language", ""))
        or connection.app.state.settings.default_language
    )


def visitor_of(connection: ASGIConnection) -> Visitor:
    """Who asks, as far as the authorization has found out; somebody unknown on participants' pages."""
    state = connection.scope["state"]
    if "visitor" not in state:
        state["visitor"] = Visitor(language=language_of(connection))
    return state["visitor"]


def programme_of(connection: ASGIConnection) -> ProgrammeReference:
    """The programme that the path names, in which the visitor is allowed what the route asks for."""
    return connection.scope["state"]["programme"]


class Authorization:
    """Stands before every route. A middleware, since Litestar copies the handler for each guard at each request."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        route_access = str(scope["route_handler"].opt.get("access", ""))
        if route_access != "participant":
            await authorize(ASGIConnection(scope, receive, send), route_access)
            await self.app(scope, receive, send)
            return
        if scope["method"] not in security.SAFE_METHODS:
            security.check_origin(ASGIConnection(scope, receive, send))
        with promptly():  # a participant learns within seconds that the database is away, not once for each question
            await self.app(scope, receive, send)


async def authorize(connection: ASGIConnection, route_access: str) -> None:
    """Finds out who asks and whether they may. Raises NotFound, SignInNeeded or CrossSite."""
    kind, _, capability = route_access.partition(":")
    if kind != "api":
        security.check_origin(connection)
    visitor = await (_of_key(connection) if kind == "api" else _of_session(connection))
    connection.scope["state"]["visitor"] = visitor
    if kind == "public":
        return
    if visitor.account is None:
        raise SignInNeeded
    if kind == "signed_in" or capability == "signed_in":
        return
    if kind == "administrator" and visitor.account.administrator:
        return
    if kind in ("programme", "somewhere", "api") and visitor.can(capability, await _programme_id(connection)):
        return
    raise NotFound


async def _of_session(connection: ASGIConnection) -> Visitor:
    token = connection.cookies.get(security.session_cookie(connection.app.state.settings))
    database = connection.app.state.database
    return await _visitor(connection, await sessions.resume(database, token) if token else None)


async def _of_key(connection: ASGIConnection) -> Visitor:
    scheme, _, key = connection.headers.get("authorization", "").partition(" ")
    database = connection.app.state.database
    return await _visitor(connection, await sessions.of_key(database, key) if scheme.lower() == "bearer" else None)


async def _visitor(connection: ASGIConnection, account: Account | None) -> Visitor:
    return Visitor(
        language=language_of(connection, account),
        account=account,
        memberships=await accounts.memberships(connection.app.state.database, account.id) if account else {},
    )


async def _programme_id(connection: ASGIConnection) -> UUID | None:
    """Finds the programme of the path, if the path names one, and keeps it for the handler."""
    slug = connection.path_params.get("slug")
    if slug is None:
        return None
    programme = await accounts.programme_reference(connection.app.state.database, slug)
    if programme is None:
        raise NotFound
    connection.scope["state"]["programme"] = programme
    return programme.id


def routes(app: Litestar) -> Iterator[tuple[str, str, str]]:
    """(method, path template, access) of every route but the OPTIONS of Litestar itself. Raises where one has none."""
    route: Any
    for route in app.routes:
        for handler in getattr(route, "route_handlers", None) or [route.route_handler]:
            methods: Any = getattr(handler, "http_methods", {"ASGI"})
            if methods == {"OPTIONS"}:
                continue
            access = str(handler.opt.get("access", ""))
            if problem := _problem(access, route.path):
                raise ImproperlyConfiguredException(f"{sorted(methods)} {route.path}: {problem}")
            for method in sorted(methods):
                yield method, route.path_format, access


def _problem(access: str, path: str) -> str:
    kind, _, capability = access.partition(":")
    if not access:
        return 'no access classification in opt={"access": …}'
    if access in PLAIN:
        return ""
    if kind not in ("programme", "somewhere", "api"):
        return f"unknown access {access!r}"
    if capability not in ALL_CAPABILITIES and access != "api:signed_in":
        return f"unknown capability {capability!r}"
    if kind == "programme" and "{slug:str}" not in path:
        return "programme access needs {slug:str} in the path"
    if kind == "somewhere" and "{slug:str}" in path:
        return "a path with {slug:str} needs programme access"
    return ""


def provide_visitor(request: Request) -> Visitor:
    return visitor_of(request)


def provide_programme(request: Request) -> ProgrammeReference:
    return programme_of(request)
