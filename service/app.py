"""``create_app(settings)``: the only place where everything is put together."""

from __future__ import annotations

import gc
import signal
import threading
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from types import FrameType
from typing import Any

from litestar import Litestar, Request, Router
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from litestar.types import ASGIApp

import service.actions.housekeeping  # noqa: F401 (registers its chore)
from service import access, i18n, jobs, templates
from service.database import Database
from service.delivery import Compression, FreshPages, Head, StaticFiles
from service.logging import RequestLog, configure
from service.pages.answer_direct import DirectTurns
from service.pages.error import answer
from service.security import SecurityHeaders
from service.settings import Settings

PAGES = (
    "health", "account", "admin", "answer", "files", "programmes", "people", "waves", "results", "metrics", "editor",
    "questionnaires", "publishing", "translation", "copies", "bank", "items", "pilot",
    "exams", "sitting", "candidate_results", "marking", "marking_scoring", "marking_release", "certificates",
    "outcomes",
)  # fmt: skip
API = ("programmes", "exams", "waves", "metrics", "pilot", "reports")
FORM_LIMIT = 1_000_000  # bytes of a request that uploads nothing
MULTIPART_OVERHEAD = 100_000
COLLECTED_AFTER = 20_000  # objects more than there were
DRAINED = 64_000_000  # bytes of a participant's upload that are read before the whole request is refused


def create_app(settings: Settings, database: Database | None = None) -> Litestar:
    """The application. ``database`` is one that is open already and stays so; without it the application opens its own.

    Raises ImproperlyConfiguredException where a route does not say who may use it.
    """
    app = routed()
    furnish(app, settings, database)
    return app


def routed() -> Litestar:
    """Who answers at which address in which words, without anything to answer from: half a second's work."""
    assets = templates.Assets()
    api = Router("/api/v1", route_handlers=_controllers("api", API), include_in_schema=True, security=[{"key": []}])
    app = Litestar(
        route_handlers=[*_controllers("pages", PAGES), api],
        middleware=[access.Authorization],
        dependencies=_dependencies(),
        exception_handlers={HTTPException: answer, Exception: answer},
        lifespan=[_lifespan],
        state=State({"assets": assets, "catalogue": i18n.Catalogue(), "templates": templates.environment(assets)}),
        request_max_body_size=FORM_LIMIT,
        openapi_config=_openapi(),
        include_in_schema=False,
        logging_config=None,
        debug=False,
    )
    list(access.routes(app))
    return app


def furnish(app: Litestar, settings: Settings, database: Database | None) -> None:
    """Gives what ``routed`` made the rest of its state, and its shell: once."""
    app.state.assets.read()  # they may have been hashed anew since
    words = {name: app.state[name] for name in ("assets", "catalogue", "templates")}
    app.state = State(
        {
            **words,
            "settings": settings,
            "database": database,
            "draining": False,
            "demo_accounts": _demo_accounts(settings),
        }
    )
    _allow_uploads(app, settings.upload_limit)
    app.asgi_handler = _shell(app, settings)


def _demo_accounts(settings: Settings) -> tuple[Any, ...]:
    """The public accounts that the front page of a demo offers; none otherwise."""
    return import_module("service.demo").ACCOUNTS if settings.demo else ()


def _openapi() -> OpenAPIConfig:
    """``/schema/openapi.json`` tells of the API alone, and to whoever has a key."""
    bearer = SecurityScheme(type="http", scheme="bearer", description="An API key of your account, made on its page.")
    return OpenAPIConfig(
        title="问衡 Wenheng",
        version=version("wenheng"),
        description="Programmes, waves, responses and reports: what the pages do, for programs. Errors are RFC 9457.",
        components=Components(security_schemes={"key": bearer}),
        openapi_router=Router("/schema", route_handlers=[], opt={"access": "api:signed_in"}, include_in_schema=False),
        render_plugins=[JsonRenderPlugin()],
    )


def _shell(app: Litestar, settings: Settings) -> ASGIApp:
    """What surrounds every request, those that match no route included; the outermost last."""
    inner = StaticFiles(Compression(app.asgi_handler), app.state.assets)
    return RequestLog(Head(FreshPages(SecurityHeaders(DirectTurns(inner, app.state), settings))))


def _controllers(room: str, areas: tuple[str, ...]) -> list[Any]:
    """What each area's module exports as ``controllers``."""
    names = [f"service.{room}.{area}" for area in areas]
    return [handler for name in names if find_spec(name) for handler in import_module(name).controllers]


def _dependencies() -> dict[str, Provide]:
    def database(request: Request) -> Database:
        return request.app.state.database

    def settings(request: Request) -> Settings:
        return request.app.state.settings

    def t(request: Request) -> i18n.Translate:
        return request.app.state.catalogue.bound(access.visitor_of(request).language)

    given = {
        "database": database,
        "settings": settings,
        "t": t,
        "visitor": access.provide_visitor,
        "programme": access.provide_programme,
    }
    return {name: Provide(provider, sync_to_thread=False) for name, provider in given.items()}


def _allow_uploads(app: Litestar, limit: int) -> None:
    """Handlers with ``opt={"upload": True}`` take a file up to the setting, others only forms. With ``"answers"`` what
    is too big is read, too, up to a point: the page says so at its question and keeps what came with it."""
    for route in app.routes:
        for handler in getattr(route, "route_handlers", ()):
            upload = handler.opt.get("upload")
            if upload:
                whole = max(DRAINED, limit * 2) if upload == "answers" else limit
                handler.request_max_body_size = whole + MULTIPART_OVERHEAD


@asynccontextmanager
async def _lifespan(app: Litestar) -> AsyncIterator[None]:
    if app.state.database is not None:
        yield
        return
    configure(app.state.settings)
    _notice_sigterm(app)
    async with Database.open(app.state.settings) as database:
        app.state.database = database
        async with _worker(app.state.settings, database):
            _spare_the_collector()
            yield


def _spare_the_collector() -> None:
    """What was made at the start stays: a full collection over all of it stops every participant for a tenth of a
    second. What a request leaves goes without the collector, which need not look after every few requests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECTED_AFTER, 10, 10)


def _worker(settings: Settings, database: Database) -> AbstractAsyncContextManager[Any]:
    wanted = settings.in_process_worker and jobs.HANDLERS
    return jobs.Worker(database, jobs.HANDLERS).running() if wanted else nullcontext()


def _notice_sigterm(app: Litestar) -> None:
    """From SIGTERM on ``/health/ready`` says no, while the server lets requests under way finish."""
    server_stops = signal.getsignal(signal.SIGTERM)
    if threading.current_thread() is not threading.main_thread() or not callable(server_stops):
        return

    def stop(number: int, frame: FrameType | None) -> None:
        app.state.draining = True
        server_stops(number, frame)

    signal.signal(signal.SIGTERM, stop)
