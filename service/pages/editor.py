"""The editor: outline, the open question, a preview beside it. Every edit is a form; htmx saves it as one types."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from service.access import Visitor
from service.actions import authoring, editor
from service.actions.editor import NotReadable, Opened, Saved
from service.database import Database
from service.errors import NotFound
from service.forms import posted
from service.pages import editor_deeds, editor_preview
from service.pages.editor_deeds import Deed, last
from service.pages.editor_view import Desk, show
from service.templates import partial, render
from surveys.definition import Kind, Questionnaire
from surveys.formats import text as text_form
from surveys.text import DEFAULT_LANGUAGE

EDIT = {"access": "somewhere:questionnaires.edit"}
KINDS: tuple[Kind, ...] = ("diagnosis", "satisfaction", "pulse", "review", "exam")


@get("/questionnaires/{name:str}/edit", opt=EDIT)
async def edit(
    request: Request, name: FromPath[str], database: NamedDependency[Database], visitor: NamedDependency[Visitor]
) -> Response[Any]:
    try:
        opened = await editor.opened(database, name, visitor.account_id)
    except NotReadable:
        return Redirect(f"/questionnaires/{name}/source", status_code=303)
    except NotFound:
        await authoring.source_of(database, name)  # the library's: to be copied first; else not found
        return Redirect(f"/questionnaires/{name}", status_code=303)
    desk = Desk(request, opened, request.query_params.get("at", ""))
    template = "editor/gallery.html" if "gallery" in request.query_params and desk.page else "editor/edit.html"
    response = show(request, template, desk, focus=request.query_params.get("focus", ""), deed=Deed(), form={})
    if request.query_params.get("frame") == desk.frame:
        response.set_cookie("frame", desk.frame, path="/questionnaires", samesite="lax", httponly=True)
    return response


@post("/questionnaires/{name:str}/edit", opt=EDIT)
async def write(
    request: Request, name: FromPath[str], database: NamedDependency[Database], visitor: NamedDependency[Visitor]
) -> Response[Any]:
    form, account = await posted(request), visitor.account_id
    before = await editor.opened(database, name, account)
    at, seen = last(form, "at"), last(form, "seen")
    place, number = "" if at == "settings" else at, int(seen) if seen.isdecimal() and len(seen) < 10 else 0
    deed = editor_deeds.read(form, before.definition)
    if deed.verb in ("undo", "redo"):
        await editor.step(database, name, back=deed.verb == "undo", account=account)
        return _go(name, at)
    if deed.verb == "restore":
        draft = await editor.restore(database, name, form, place, number, account)
        return _go(name, editor_deeds.next_place(before.definition, draft.definition, at, {}))
    typing = not deed.verb
    saved = await editor.save_form(
        database, name, form, place=place, seen=number, edits=deed.edits, codes=not typing,
        chosen=deed.place if deed.verb == "mine" else "", account=account,
    )  # fmt: skip
    opened = await editor.opened(database, name, account)
    if typing and partial(request):
        return _autosaved(request, opened, at, saved)
    if saved.merged.problems or saved.problems or deed.problems or _undecided(saved, deed):
        return _again(request, opened, at, saved, deed, form)
    return _follow(name, before.definition, opened.definition, at, deed, saved)


def _undecided(saved: Saved, deed: Deed) -> bool:
    left = set(saved.merged.conflicts) - ({deed.place} if deed.verb == "theirs" else set())
    return bool(left)


def _go(name: str, at: str, focus: str = "") -> Response[Any]:
    query = f"&focus={quote(focus)}" if focus else ""
    return Redirect(f"/questionnaires/{quote(name)}/edit?at={quote(at)}{query}", status_code=303)


def _follow(name: str, before: Questionnaire, after: Questionnaire, at: str, deed: Deed, saved: Saved) -> Response[Any]:
    """On to what the deed has made, or where it was done."""
    if deed.verb == "add" and not deed.place.endswith(("pages", "questions")):
        return _go(name, at, editor_deeds.new_entry(before, after, deed.place))
    if deed.verb in ("up", "down", "paste", "replace") and deed.place != at and "questions." in deed.place:
        return _go(name, at, deed.place)
    return _go(name, editor_deeds.next_place(before, after, at, saved.merged.renamed))


def _autosaved(request: Request, opened: Opened, at: str, saved: Saved) -> Response[Any]:
    """Pieces of the page that an autosave changes; what is being typed stays untouched."""
    desk = Desk(request, opened, at, saved.merged)
    gone = desk.at != at
    status = 409 if saved.merged.conflicts or gone else 422 if saved.merged.problems else 200
    return show(request, "editor/_saved.html", desk, status, focus="", gone=gone, deed=Deed(), form={})


def _again(
    request: Request, opened: Opened, at: str, saved: Saved, deed: Deed, form: dict[str, list[str]]
) -> Response[Any]:
    """The page again with what could not be taken, as it was typed."""
    desk = Desk(request, opened, at, saved.merged)
    status = 409 if saved.merged.conflicts else 422
    kept = {} if desk.at == at else {**form, "deed": [f"restore|{at}"]}  # what was typed where nothing is any more
    return show(
        request, "editor/edit.html", desk, status, focus="", deed=deed, form=form, said=saved.problems, kept=kept
    )


@get("/questionnaires/{name:str}/draft/preview/{page:str}", opt=EDIT)
async def preview(
    request: Request, name: FromPath[str], page: FromPath[str], database: NamedDependency[Database]
) -> Response[Any]:
    draft = await editor.open_draft(database, name)
    return editor_preview.show(request, name, draft.definition, page.removeprefix("-"))


@get("/questionnaires/new", opt=EDIT)
async def new(request: Request, database: NamedDependency[Database]) -> Response[Any]:
    return await _new(request, database, {})


async def _new(
    request: Request, database: Database, form: dict[str, list[str]], problems: tuple[Any, ...] = (), error: str = ""
) -> Response[Any]:
    entries = [each for each in await authoring.entries(database) if each.definition]
    status = 422 if problems or error else 200
    typed = {key: values[-1] for key, values in form.items()}
    return render(
        request, "editor/new.html", status, entries=entries, kinds=KINDS, typed=typed, problems=problems, error=error
    )


@post("/questionnaires/new", opt=EDIT)
async def create(
    request: Request, database: NamedDependency[Database], visitor: NamedDependency[Visitor]
) -> Response[Any]:
    form = await posted(request)
    way, kind, text = last(form, "deed"), last(form, "kind"), last(form, "text").replace("\r\n", "\n")
    if way == "text":
        definition, problems = text_form.read(text)
        if definition is None:
            return await _new(request, database, form, tuple(problems))
        name = await editor.create(database, definition, account=visitor.account_id)
    elif way == "copy":
        source, _ = await authoring.source_of(database, last(form, "source"))
        found = authoring.definition_of(source)
        if found is None:
            raise NotFound
        name = await editor.create(database, found, account=visitor.account_id)
    else:
        title = last(form, "title").strip()
        if not title or kind not in KINDS:
            return await _new(request, database, form, error="title")
        language = DEFAULT_LANGUAGE if visitor.language == DEFAULT_LANGUAGE else visitor.language
        name = await editor.create(database, editor.empty(kind, {language: title}), account=visitor.account_id)
    return _go(name, "")


controllers = [edit, write, preview, new, create]
