"""The JSON API: the same use cases with a key, problems as RFC 9457, an OpenAPI document."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest
from litestar import Litestar

from service import clock
from service.database import Database
from service.store import accounts, audit, documents, sessions, waves
from tests.store import makers
from tests.visitors import browser, new_account

CHARTER = {
    "name": "Complaint handling",
    "process": "客户投诉处理",
    "targets": [{"metric": "closing time", "unit": "h", "baseline": 72, "target": 48, "direction": "decrease"}],
}


@pytest.fixture
async def account(database: Database) -> accounts.Account:
    return await new_account(database, "lead@example.com")


@pytest.fixture
async def programme(database: Database, account: accounts.Account) -> dict[str, Any]:
    """A programme that the account leads, with an open wave."""
    wave = await makers.wave(database)
    await waves.change_window(database, wave, None, None)
    own = "SELECT id, slug FROM programme WHERE id = (SELECT programme FROM wave WHERE id = ?)"
    [row] = await database.fetch(own, wave)
    await accounts.give_role(database, row["id"], account.id, "lead")
    return {"id": row["id"], "address": f"/api/v1/programmes/{row['slug']}", "wave": wave}


@pytest.fixture
async def client(app: Litestar, database: Database, account: accounts.Account) -> httpx.AsyncClient:
    """A program: a key, and none of the headers by which browsers tell where a request comes from."""
    program = browser(app, Authorization=f"Bearer {await sessions.create_key(database, account.id, 'test', None)}")
    del program.headers["Sec-Fetch-Site"]
    return program


async def test_a_programme_can_be_founded_and_read_again(client: httpx.AsyncClient, programme: dict[str, Any]) -> None:
    made = await client.post("/api/v1/programmes", json=CHARTER)
    assert made.status_code == 201
    assert made.json()["targets"][0]["baseline"] == 72
    read = await client.get(f"/api/v1/programmes/{made.json()['slug']}")
    assert read.json() == made.json()
    names = [each["name"] for each in (await client.get("/api/v1/programmes")).json()]
    assert names == ["Complaint handling", "投诉"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({**CHARTER, "name": ""}, "name"),
        ({**CHARTER, "process": "x" * 201}, "process"),
        ({**CHARTER, "name": 7}, "name"),
        ({"name": "x"}, "process"),
    ],
)
async def test_what_cannot_be_used_is_a_problem_with_its_fields(
    client: httpx.AsyncClient, programme: dict[str, Any], body: dict[str, Any], field: str
) -> None:
    response = await client.post("/api/v1/programmes", json=body)
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == 422
    assert field in str(problem["errors"])


async def test_what_is_no_json_is_a_problem_too(client: httpx.AsyncClient, programme: dict[str, Any]) -> None:
    response = await client.post(
        "/api/v1/programmes", content=b"{nothing", headers={"Content-Type": "application/json"}
    )
    assert response.status_code == 400
    assert response.json()["type"] == "urn:wenheng:error.malformed"


async def test_a_wave_is_closed_and_reopened_and_tells_no_links(
    client: httpx.AsyncClient, database: Database, programme: dict[str, Any]
) -> None:
    address = f"{programme['address']}/waves"
    [wave] = (await client.get(address)).json()
    assert wave["standing"] == "open"
    assert "token" not in str(wave)
    assert (await client.post(f"{address}/{wave['id']}/close")).json()["standing"] == "closed"
    assert (await client.post(f"{address}/{wave['id']}/close")).status_code == 409
    assert (await client.post(f"{address}/{wave['id']}/reopen")).json()["standing"] == "open"
    assert (await client.post(f"{address}/{wave['id']}/explode")).status_code == 404
    events, _ = await audit.events(database)
    assert [event.action for event in events] == ["wave.reopen", "wave.close"]


async def test_a_report_is_listed_and_downloaded(
    client: httpx.AsyncClient, database: Database, programme: dict[str, Any]
) -> None:
    made = await documents.save(
        database, programme=programme["id"], wave=programme["wave"], kind="diagnosis", language="zh-CN",
        name="诊断报告", data_hash="0" * 64, content=b"%PDF-1.7",
    )  # fmt: skip
    [listed] = (await client.get(f"{programme['address']}/reports")).json()
    assert listed["id"] == str(made.id)
    pdf = await client.get(f"{programme['address']}/reports/{made.id}")
    assert (pdf.content, pdf.headers["content-type"]) == (b"%PDF-1.7", "application/pdf")
    assert pdf.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer wh_wrong", "Basic eDp5", "Bearer " + "x" * 10_000])
async def test_without_a_key_there_is_nothing(app: Litestar, authorization: str) -> None:
    response = await browser(app, Authorization=authorization).get("/api/v1/programmes")
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"
    assert response.json()["status"] == 401


async def test_an_expired_key_opens_nothing(app: Litestar, database: Database, account: accounts.Account) -> None:
    key = await sessions.create_key(database, account.id, "old", clock.now())
    assert (await browser(app, Authorization=f"Bearer {key}").get("/api/v1/programmes")).status_code == 401


async def test_problems_are_told_in_the_language_asked_for(app: Litestar) -> None:
    titles = [
        (await browser(app, **{"Accept-Language": language}).get("/api/v1/nothing")).json()["title"]
        for language in ("zh-CN", "en")
    ]
    assert "没有找到" in titles[0]
    assert "no such page" in titles[1]


async def test_the_document_names_every_route_of_the_api_and_no_page(client: httpx.AsyncClient, app: Litestar) -> None:
    document = (await client.get("/schema/openapi.json")).json()
    paths = {route.path_format for route in app.routes if route.path_format.startswith("/api/")}
    assert set(document["paths"]) == paths
    assert document["info"]["title"] == "问衡 Wenheng"
    assert document["components"]["securitySchemes"]["key"]["scheme"] == "bearer"
    assert (await browser(app).get("/schema/openapi.json")).status_code == 401


def references(part: Any) -> list[str]:
    """Every ``$ref`` in a document."""
    if isinstance(part, dict):
        own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
        return own + [found for value in part.values() for found in references(value)]
    return [found for value in part for found in references(value)] if isinstance(part, list) else []


async def test_the_document_is_whole(client: httpx.AsyncClient, app: Litestar) -> None:
    document = (await client.get("/schema/openapi.json")).json()
    assert document["openapi"].startswith("3.")
    for reference in references(document):
        found: Any = document
        for name in reference.removeprefix("#/").split("/"):
            found = found[name.replace("~1", "/").replace("~0", "~")]
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    assert len({operation["operationId"] for operation in operations}) == len(operations) >= 10
    for path, methods in document["paths"].items():
        for operation in methods.values():
            assert operation["summary"]
            assert operation["tags"]
            assert operation["security"] == [{"key": []}]
            assert any(status.startswith("2") for status in operation["responses"])
            named = {each["name"] for each in operation.get("parameters", []) if each["in"] == "path"}
            assert named == set(re.findall(r"{(\w+)}", path)), path


@pytest.mark.parametrize(("form", "opening"), [("json", b"["), ("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")])
async def test_responses_come_in_three_formats_and_no_other(
    client: httpx.AsyncClient, programme: dict[str, Any], form: str, opening: bytes
) -> None:
    address = f"{programme['address']}/waves/{programme['wave']}/responses"
    answered = await client.get(address, params={"format": form})
    assert answered.status_code == 200
    assert answered.content.startswith(opening)
    refused = await client.get(address, params={"format": "exe"})
    assert (refused.status_code, refused.headers["content-type"]) == (404, "application/problem+json")
