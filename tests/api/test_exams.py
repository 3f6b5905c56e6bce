"""Exams by program."""

from __future__ import annotations

from litestar import Litestar

from service.actions import candidates
from service.database import Database
from service.settings import Settings
from service.store import accounts, sessions
from tests.pages.test_exams import drafted, published, sat
from tests.visitors import browser, new_account


async def program(app: Litestar, programme, role: str):
    account = await new_account(app.state.database, f"{role}@example.com")
    await accounts.give_role(app.state.database, programme.id, account.id, role)
    key = await sessions.create_key(app.state.database, account.id, "test", None)
    client = browser(app, Authorization=f"Bearer {key}")
    del client.headers["Sec-Fetch-Site"]
    return client


async def test_a_program_publishes_and_closes_an_exam(app: Litestar, database: Database):
    found, _, exam = await drafted(database)
    url = f"/api/v1/programmes/{found.slug}/exams"
    async with await program(app, found, "hr") as client:
        [listed] = (await client.get(url)).json()
        assert (listed["standing"], listed["items"], listed["points"]) == ("draft", 2, 10)
        assert (await client.post(f"{url}/{exam}/publish")).json()["standing"] == "open"
        assert (await client.post(f"{url}/{exam}/publish")).status_code == 409
        assert (await client.post(f"{url}/{exam}/close")).json()["standing"] == "closed"
        assert (await client.post(f"{url}/{exam}/discard")).status_code == 404


async def test_candidates_and_their_results_are_for_those_who_run_exams(
    app: Litestar, database: Database, settings: Settings
):
    found, _, exam = await published(database, settings)
    await candidates.add(database, settings, exam, candidates.audience_of({"people": ["1001, 1002"]}))
    first, *_ = await candidates.of_exam(database, exam)
    await sat(database, exam, first.id, 80)
    url = f"/api/v1/programmes/{found.slug}/exams/{exam.id}"
    async with await program(app, found, "hr") as client:
        told = {each["employee_number"]: each for each in (await client.get(f"{url}/candidates")).json()}
        assert told[first.employee_number]["points"] == 8
        assert told[first.employee_number]["passed"] is True
        assert sorted(each["state"] for each in told.values()) == ["submitted", "waiting"]
    async with await program(app, found, "viewer") as client:
        assert (await client.get(url)).json()["candidates"] == 2
        assert (await client.get(f"{url}/candidates")).status_code == 404
