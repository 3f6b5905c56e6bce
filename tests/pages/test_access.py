"""Every route × every role × own and other programme, generated from the routes themselves."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import httpx
import msgspec
import pytest
from litestar import Litestar, get
from litestar.exceptions import ImproperlyConfiguredException
from litestar.response.base import ASGIResponse
from litestar.routes import HTTPRoute

from service import access, tables
from service.access import Visitor
from service.app import create_app
from service.clock import now
from service.database import Database
from service.identifiers import new_id, new_token
from service.pages import health
from service.settings import Settings
from service.store import accounts, documents, sessions
from tests.store import makers
from tests.visitors import browser, new_account, signed_in

ROLES = ("lead", "hr", "author", "viewer")

# as docs/architecture.md has it, written out once more so that a slip in the code is noticed
MAY = {
    "programme.view": "lead hr author viewer",
    "results.view": "lead hr author viewer",
    "report.download": "lead hr author viewer",
    "programme.edit": "lead",
    "members.edit": "lead",
    "people.view": "lead hr",
    "people.edit": "lead hr",
    "waves.edit": "lead hr",
    "responses.export": "lead hr",
    "questionnaires.edit": "lead author",
    "exams.mark": "lead hr author",
    "exams.edit": "lead hr",
    "items.edit": "lead hr author",
}

# what the parameters of paths are filled with; a new parameter fails the test until it is named here
PARAMETERS = {
    "slug": "own",
    "account": "01890000-0000-7000-8000-000000000001",
    "key": "01890000-0000-7000-8000-000000000002",
    "wave": "01890000-0000-7000-8000-000000000003",
    "member": "01890000-0000-7000-8000-000000000009",
    "person": "01890000-0000-7000-8000-000000000004",
    "document": "01890000-0000-7000-8000-000000000005",
    "file": "01890000-0000-7000-8000-00000000000f",
    "job": "01890000-0000-7000-8000-000000000006",
    "invitation": "01890000-0000-7000-8000-000000000007",
    "version": "01890000-0000-7000-8000-000000000008",
    "number": "1",
    "deed": "open",
    "path": "path",
    "form": "csv",
    "change": "disable",
    "name": "name",
    "page": "page",
    "question": "question",
    "token": "token",
    "kind": "kind",
    "language": "en",
    "stage": "diagnosis",
    "tab": "1-tab",
    "role": "first",
    "serial": "7K3M-9QRT-2F4H-T",
    "appeal": "01890000-0000-7000-8000-000000000012",
    "item": "item",
    "suffix": "yaml",
    "bank": "bank",
    "code": "code",
    "exam": "01890000-0000-7000-8000-000000000011",
    "candidate": "01890000-0000-7000-8000-000000000012",
    "metric": "01890000-0000-7000-8000-000000000010",
}
REACHED = 418


async def reached(*_: Any, **__: Any) -> ASGIResponse:
    """Stands in for every handler: whoever gets so far was let in."""
    return ASGIResponse(status_code=REACHED)


def filled(path: str, slug: str) -> str:
    return re.sub(r"\{(\w+)(:\w+)?\}", lambda match: {**PARAMETERS, "slug": slug}[match[1]], path)


async def programme(database: Database, slug: str) -> Any:
    identifier = new_id()
    async with database.writing():
        await tables.Programme(id=identifier, slug=slug, name=slug, stage="diagnosis", created_at=now()).save()
    return identifier


async def everybody(app: Litestar, api: bool) -> dict[str, httpx.AsyncClient]:
    """By name: nobody, a stranger, the administrator, each role in the own programme, a lead of the other one."""
    database = app.state.database
    own, other = await programme(database, "own"), await programme(database, "other")
    found = {"nobody": browser(app)}
    for name in ("stranger", "administrator", *ROLES, "other lead"):
        address = f"{name.replace(' ', '-')}@example.com"
        account = await new_account(database, address, administrator=name == "administrator")
        if name in ROLES:
            await accounts.give_role(database, own, account.id, name)
        if name == "other lead":
            await accounts.give_role(database, other, account.id, "lead")
        if api:
            key = await sessions.create_key(database, account.id, "test", None)
            found[name] = browser(app, Authorization=f"Bearer {key}")
        else:
            found[name] = await signed_in(app, account)
    return found


def expected(route_access: str, who: str, *, has_slug: bool) -> bool:
    """Whether ``who`` may use a route of the own programme."""
    kind, _, capability = route_access.partition(":")
    if kind in ("public", "participant"):
        return True
    if who == "nobody":
        return False
    if kind == "signed_in" or capability == "signed_in" or who == "administrator":
        return True
    if kind == "administrator":
        return False
    if who == "other lead":
        return not has_slug and "lead" in MAY[capability].split()
    return who in MAY[capability].split()


async def test_every_route_lets_in_whom_it_should_and_nobody_else(
    app: Litestar, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(HTTPRoute, "_get_response_for_request", reached)
    by_session = await everybody(app, api=False)
    by_key = {**await _keys(app, by_session), "nobody": browser(app)}
    tried: Counter[str] = Counter()
    for method, path, route_access in access.routes(app):
        api = route_access.startswith("api:")
        for who, client in (by_key if api else by_session).items():
            response = await client.request(method, filled(path, "own"))
            allowed = expected(route_access, who, has_slug="{slug" in path)
            wanted = REACHED if allowed else _refusal(who, method, api)
            assert response.status_code == wanted, f"{method} {path} ({route_access}) as {who}"
            tried["allowed" if allowed else "refused"] += 1
    assert tried["refused"] > 40
    print(f"{sum(tried.values())} cases of access tried: {dict(tried)}")


def _refusal(who: str, method: str, api: bool) -> int:
    if who != "nobody":
        return 404
    return 303 if method == "GET" and not api else 401


async def _keys(app: Litestar, by_session: dict[str, httpx.AsyncClient]) -> dict[str, httpx.AsyncClient]:
    """The same people as in ``by_session``, with API keys."""
    found = {}
    for who in by_session:
        if who != "nobody":
            account, _ = await accounts.credentials(app.state.database, f"{who.replace(' ', '-')}@example.com")
            key = await sessions.create_key(app.state.database, account.id, "test", None)
            found[who] = browser(app, Authorization=f"Bearer {key}")
    return found


async def test_a_session_opens_no_api_and_a_key_no_page(app: Litestar, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HTTPRoute, "_get_response_for_request", reached)
    by_session = await everybody(app, api=False)
    by_key = await _keys(app, by_session)
    for method, path, route_access in access.routes(app):
        if route_access in access.PLAIN - {"signed_in", "administrator"}:
            continue
        client = (by_session if route_access.startswith("api:") else by_key)["administrator"]
        response = await client.request(method, filled(path, "own"))
        assert response.status_code in (303, 401), f"{method} {path}"


async def test_a_programme_that_is_not_there_looks_like_one_that_is_not_theirs(app: Litestar) -> None:
    people = await everybody(app, api=False)
    paths = [path for method, path, how in access.routes(app) if method == "GET" and how.startswith("programme:")]
    assert paths
    for path in paths:
        absent = await people["lead"].get(filled(path, "absent"))
        foreign = await people["lead"].get(filled(path, "other"))
        assert absent.status_code == foreign.status_code == 404
        assert _same(absent) == _same(foreign)


async def test_what_belongs_to_another_programme_is_not_found_under_ones_own(app: Litestar, database: Database) -> None:
    people = await everybody(app, api=False)
    keys = await _keys(app, people)
    foreign = await makers.wave(database)
    [row] = await database.fetch("SELECT programme FROM wave WHERE id = ?", foreign)
    report = await documents.save(
        database, programme=row["programme"], wave=foreign, kind="diagnosis", language="en", name="theirs",
        data_hash="0" * 64, content=b"%PDF",
    )  # fmt: skip
    theirs = {"wave": str(foreign), "document": str(report.id)}
    tried = 0
    for method, path, how in access.routes(app):
        if "{slug}" not in path or not any(f"{{{name}}}" in path for name in theirs):
            continue
        client = (keys if how.startswith("api:") else people)["lead"]
        for name, value in theirs.items():
            path = path.replace(f"{{{name}}}", value)
        response = await client.request(method, filled(path, "own"))
        assert response.status_code == 404, f"{method} {path}"
        tried += 1
    assert tried > 5
    print(f"{tried} routes tried with what belongs to another programme")


def _same(response: httpx.Response) -> str:
    return response.text.replace("absent", "other")


async def test_a_disabled_account_is_let_in_nowhere(app: Litestar, database: Database) -> None:
    account = await new_account(database, "gone@example.com", administrator=True)
    key = await sessions.create_key(database, account.id, "test", None)
    client = await signed_in(app, account)
    await accounts.change(database, account.id, disabled=True)
    assert (await client.get("/admin/accounts")).status_code == 303
    assert await sessions.of_key(database, key) is None


@pytest.mark.parametrize(
    ("path", "opt"),
    [
        ("/new", {}),
        ("/new", {"access": "everybody"}),
        ("/new", {"access": "programme:programme.view"}),
        ("/new/{slug:str}", {"access": "programme:programme.delete"}),
        ("/new/{slug:str}", {"access": "somewhere:programme.view"}),
    ],
)
async def test_the_application_does_not_start_with_a_route_that_is_not_classified(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch, path: str, opt: dict[str, str]
) -> None:
    handler = get(path, opt=opt, sync_to_thread=False)(lambda: None)
    monkeypatch.setattr(health, "controllers", [*health.controllers, handler])
    with pytest.raises(ImproperlyConfiguredException):
        create_app(settings, database)


def test_somebody_without_an_account_can_do_nothing() -> None:
    visitor = Visitor(language="en", memberships={new_id(): "lead"})
    assert not any(visitor.can(capability) for capability in access.ALL_CAPABILITIES)


def test_an_unknown_role_or_capability_allows_nothing() -> None:
    one = new_id()
    account = accounts.Account(
        id=new_id(), email="", name="", administrator=False, language="", disabled=False, created_at=now()
    )
    visitor = Visitor(language="en", account=account, memberships={one: new_token()})
    assert not any(visitor.can(capability, one) for capability in access.ALL_CAPABILITIES)
    administrator = msgspec.structs.replace(visitor, account=msgspec.structs.replace(account, administrator=True))
    assert not administrator.can("programme.delete", one)
