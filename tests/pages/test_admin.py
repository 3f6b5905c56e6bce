"""Administrators look after accounts and read the audit log."""

from __future__ import annotations

import re

import pytest
from litestar import Litestar

from service import access, passwords
from service.actions import administration
from service.database import Database
from service.errors import Conflict
from service.store import accounts, audit, sessions
from tests.visitors import administrator, browser, new_account, signed_in


def shown_password(text: str) -> str:
    return re.search(r"(?:[a-z2-9]{5}-){3}[a-z2-9]{5}", text)[0]


async def test_the_first_administrator_gets_a_random_password(app: Litestar, database: Database) -> None:
    password = await administration.create_administrator(database, "first@example.com")
    assert passwords.problem(password) is None
    response = await browser(app).post("/sign-in", data={"email": "first@example.com", "password": password})
    assert response.status_code == 303
    account, _ = await accounts.credentials(database, "first@example.com")
    assert account.administrator
    with pytest.raises(Conflict):
        await administration.create_administrator(database, "First@example.com")
    with pytest.raises(ValueError, match="not-an-address"):
        await administration.create_administrator(database, "not-an-address")


async def test_a_new_account_gets_a_password_that_is_shown_once(app: Litestar) -> None:
    client = await administrator(app)
    made = await client.post("/admin/accounts", data={"email": "wang.wei@example.com", "name": "王伟"})
    password = shown_password(made.text)
    assert password not in (await client.get("/admin/accounts")).text
    signed = await browser(app).post("/sign-in", data={"email": "wang.wei@example.com", "password": password})
    assert signed.status_code == 303


@pytest.mark.parametrize(
    ("email", "name", "sentence"),
    [
        ("nothing", "王伟", "请填写有效的邮箱"),
        ("two@@example.com", "王伟", "请填写有效的邮箱"),
        ("x@example.com\r\nBcc: y@example.com", "王伟", "请填写有效的邮箱"),
        ("ok@example.com", "", "请填写姓名"),
        ("ok@example.com", "王" * 121, "请填写姓名"),
        ("administrator@example.com", "王伟", "已有账号"),
    ],
)
async def test_what_is_wrong_with_a_new_account_is_said_and_what_was_typed_stays(
    app: Litestar, email: str, name: str, sentence: str
) -> None:
    client = await administrator(app)
    response = await client.post("/admin/accounts", data={"email": email, "name": name})
    assert response.status_code == 422
    assert sentence in response.text
    assert f'value="{name}"' in response.text
    assert len(await accounts.every(app.state.database)) == 1


async def test_a_reset_password_ends_sessions_and_keys(app: Litestar, database: Database) -> None:
    admin, somebody = await administrator(app), await new_account(database, "somebody@example.com")
    theirs = await signed_in(app, somebody)
    key = await sessions.create_key(database, somebody.id, "export", None)
    made = await admin.post(f"/admin/accounts/{somebody.id}/reset-password")
    assert (await theirs.get("/account")).status_code == 303
    assert await sessions.of_key(database, key) is None
    form = {"email": somebody.email, "password": shown_password(made.text)}
    assert (await browser(app).post("/sign-in", data=form)).status_code == 303


async def test_a_disabled_account_is_out_at_once_and_can_come_back(app: Litestar, database: Database) -> None:
    admin, somebody = await administrator(app), await new_account(database, "somebody@example.com")
    theirs = await signed_in(app, somebody)
    assert (await admin.post(f"/admin/accounts/{somebody.id}/disable")).status_code == 303
    assert (await theirs.get("/account")).status_code == 303
    await admin.post(f"/admin/accounts/{somebody.id}/enable")
    assert (await (await signed_in(app, somebody)).get("/account")).status_code == 200


@pytest.mark.parametrize("change", ["disable", "dismiss"])
async def test_the_last_administrator_stays(app: Litestar, database: Database, change: str) -> None:
    client = await administrator(app)
    [only] = await accounts.every(database)
    response = await client.post(f"/admin/accounts/{only.id}/{change}")
    assert response.status_code == 409
    assert "最后一位" in response.text
    assert (await client.get("/admin/accounts")).status_code == 200
    assert await accounts.administrators(database) == 1


async def test_an_administrator_can_appoint_another_and_step_down(app: Litestar, database: Database) -> None:
    client = await administrator(app)
    [first] = await accounts.every(database)
    second = await new_account(database, "second@example.com")
    await client.post(f"/admin/accounts/{second.id}/appoint")
    assert (await client.post(f"/admin/accounts/{first.id}/dismiss")).status_code == 303
    assert (await client.get("/admin/accounts")).status_code == 404


@pytest.mark.parametrize("path", ["/admin/accounts/{}/explode", "/admin/accounts/{}/reset-password"])
async def test_changing_nobody_is_not_found(app: Litestar, path: str) -> None:
    client = await administrator(app)
    assert (await client.post(path.format("01890000-0000-7000-8000-000000000001"))).status_code == 404


async def test_the_audit_log_tells_who_did_what_and_can_be_filtered(app: Litestar, database: Database) -> None:
    client = await administrator(app)
    [admin] = await accounts.every(database)
    for number in range(60):
        await audit.record(database, account=None, action="wave.open", subject=f"轮次 {number}")
    await client.post("/admin/accounts", data={"email": "one@example.com", "name": "<b>一</b>"})
    first = (await client.get("/admin/audit")).text
    assert "one@example.com" in first
    assert "轮次 59" in first
    assert "轮次 2<" not in first
    assert "轮次 2<" in (await client.get("/admin/audit?page=2")).text
    only = (await client.get(f"/admin/audit?account={admin.id}&action=account.create")).text
    assert "one@example.com" in only
    assert "轮次" not in only
    assert "轮次 59" in (await client.get("/admin/audit?action=wave")).text


@pytest.mark.parametrize(
    "query", ["page=0", "page=-1", "page=x", "account=x", "action=%25", "page=99999999999999999999"]
)
async def test_a_strange_filter_breaks_nothing(app: Litestar, query: str) -> None:
    assert (await (await administrator(app)).get(f"/admin/audit?{query}")).status_code == 200


# what each unsafe route of these pages records; a new one fails the test until it is named here
RECORDS = {
    "/admin/accounts": "account.create",
    "/admin/accounts/{account}/reset-password": "account.reset_password",
    "/admin/accounts/{account}/{change}": "account.disable",
    "/account/password": "account.change_password",
    "/account/language": "account.choose_language",
    "/account/keys": "api_key.create",
    "/account/keys/{key}/revoke": "api_key.revoke",
    "/account/sign-out-everywhere": "session.end_all",
    "/sign-out": "session.end",
    "/sign-in": "session.begin",
}
PASSWORD, BETTER = "four unrelated words", "seven other longer words"
FORM = {
    "email": "new@example.com", "name": "新人", "language": "en",
    "current": PASSWORD, "new": BETTER, "repeated": BETTER,
}  # fmt: skip


def unsafe_routes(app: Litestar) -> set[str]:
    return {
        path
        for method, path, how in access.routes(app)
        if method != "GET" and how in ("public", "signed_in", "administrator")
    }


@pytest.mark.parametrize("path", RECORDS)
async def test_whatever_changes_something_is_in_the_audit_log(app: Litestar, database: Database, path: str) -> None:
    admin = await new_account(
        database, "administrator@example.com", administrator=True, password_hash=await passwords.hashed(PASSWORD)
    )
    somebody, client = await new_account(database, "somebody@example.com"), await signed_in(app, admin)
    await sessions.create_key(database, admin.id, "export", None)
    [key] = await sessions.keys(database, admin.id)
    form = {"email": admin.email, "password": PASSWORD} if path == "/sign-in" else FORM
    response = await client.post(path.format(account=somebody.id, key=key.id, change="disable"), data=form)
    assert response.status_code in (200, 303)
    events, _ = await audit.events(database)
    assert [event.action for event in events] == [RECORDS[path]]
    assert events[0].account == admin.id


async def test_no_unsafe_route_is_missing_from_the_list_of_what_is_recorded(app: Litestar) -> None:
    assert {path for path in unsafe_routes(app) if path.startswith(("/admin", "/account", "/sign"))} == set(RECORDS)
