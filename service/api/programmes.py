"""JSON: programmes."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from service.access import Visitor
from service.actions import programmes
from service.actions.programmes import Charter, Programme, ProgrammeReference
from service.database import Database
from service.errors import Unusable
from service.i18n import Translate

TAGS = ["programmes"]


@get("/programmes", opt={"access": "api:signed_in"}, tags=TAGS, summary="Programmes that you may see")
async def listing(database: NamedDependency[Database], visitor: NamedDependency[Visitor]) -> list[Programme]:
    return await programmes.visible(database, visitor.account, visitor.memberships)


@post("/programmes", opt={"access": "api:programme.edit"}, tags=TAGS, summary="Found a programme, which you then lead")
async def create(
    data: JSONBody[Charter],
    database: NamedDependency[Database],
    visitor: NamedDependency[Visitor],
    t: NamedDependency[Translate],
) -> Programme:
    charter, errors = programmes.read_charter(_as_form(data))
    if charter is None:
        raise Unusable(errors={field: t(key) for field, key in errors.items()})
    return await programmes.create(database, charter, account=visitor.account_id)


def _as_form(charter: Charter) -> dict[str, str]:
    """The fields that the page's form has, so that both are judged by the same rules."""
    given: dict[str, Any] = msgspec.structs.asdict(charter)
    targets = given.pop("targets")
    for row, target in enumerate(targets):
        given |= {f"target.{row}.{name}": value for name, value in msgspec.structs.asdict(target).items()}
    return {name: "" if value is None else str(value) for name, value in given.items()}


@get("/programmes/{slug:str}", opt={"access": "api:programme.view"}, tags=TAGS, summary="A programme and its targets")
async def detail(database: NamedDependency[Database], programme: NamedDependency[ProgrammeReference]) -> Programme:
    return await programmes.get(database, programme.id)


controllers = [listing, create, detail]
