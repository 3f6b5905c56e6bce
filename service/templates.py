"""Templates: one Jinja environment, and ``render``, by which every page is made."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Undefined
from litestar import Request, Response

from service.access import visitor_of

WEB = Path(__file__).resolve().parent.parent / "web"


class Assets:
    """Names of static files to URLs. The set-up hashes them into ``web/vendor``; without it ``web/static`` serves."""

    def __init__(self, folder: Path = WEB) -> None:
        self._manifest = folder / "vendor" / "manifest.json"
        self.read()

    def read(self) -> None:
        manifest = self._manifest
        self.hashed: dict[str, str] = json.loads(manifest.read_text()) if manifest.exists() else {}

    def url(self, name: str) -> str:
        return f"/static/{self.hashed.get(name, name)}"


def partial(request: Request) -> bool:
    """Whether htmx asked for a piece of the page; answers then carry ``Vary: HX-Request, HX-Request-Type``."""
    return request.headers.get("hx-request") == "true" and request.headers.get("hx-request-type") != "full"


class Strict(StrictUndefined):
    """A name that a template was not given may be asked for (macros ask for ``caller``), but not printed."""

    __slots__ = ()
    __bool__ = Undefined.__bool__  # type: ignore[assignment]


def environment(assets: Assets, folder: Path = WEB / "templates") -> Environment:
    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=Strict,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals.update(asset=assets.url, partial=partial)
    return made


def render(request: Request, template: str, status: int = 200, /, **context: Any) -> Response[bytes]:
    """The page ``template`` for this visitor. Beside ``context`` a template has request, visitor, language, t(key, …),
    path (without query), asset(name), partial(request) and settings. ``language`` in ``context`` may be another one."""
    state = request.app.state
    visitor = visitor_of(request)
    language = context.pop("language", visitor.language)
    html = state.templates.get_template(template).render(
        request=request,
        visitor=visitor,
        language=language,
        t=state.catalogue.bound(language),
        path=request.scope["path"],
        settings=state.settings,
        **context,
    )
    return Response(
        html.encode(),
        status_code=status,
        media_type="text/html",
        headers={"Vary": "HX-Request, HX-Request-Type"},
    )
