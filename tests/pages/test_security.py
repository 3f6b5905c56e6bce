"""Cross-site requests, languages, errors, logs and health."""

from __future__ import annotations

import io
import json
import logging as logging_of_the_machine
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from litestar import Litestar, get, post
from litestar.params import FromPath
from litestar.types import ASGIApp

from service import errors, logging
from service.app import create_app, furnish, routed
from service.database import Database, Unavailable, migrate
from service.pages import health
from service.settings import Settings
from tests.visitors import BASE_URL, browser

NOT_OURS = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": BASE_URL},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": BASE_URL + ".evil.example"},
    {"Origin": ""},
    {},
]
OURS = [
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": BASE_URL},
]


def bare(app: Litestar, headers: dict[str, str]):
    client = browser(app)
    del client.headers["Sec-Fetch-Site"]
    client.headers.update(headers)
    return client


@pytest.mark.parametrize("headers", NOT_OURS, ids=str)
async def test_a_form_that_no_page_of_ours_sent_is_refused(app: Litestar, headers: dict[str, str]) -> None:
    response = await bare(app, headers).post("/sign-in", data={"email": "x", "password": "y"})
    assert response.status_code == 403
    assert "不是从本站页面发出" in response.text


@pytest.mark.parametrize("headers", OURS, ids=str)
async def test_a_form_of_ours_is_taken(app: Litestar, headers: dict[str, str]) -> None:
    response = await bare(app, headers).post("/sign-in", data={"email": "x", "password": "y"})
    assert response.status_code == 422


async def test_reading_is_allowed_from_everywhere(app: Litestar) -> None:
    assert (await bare(app, {"Sec-Fetch-Site": "cross-site"}).get("/sign-in")).status_code == 200


# Languages


@pytest.mark.parametrize(
    ("query", "cookie", "accept", "language"),
    [
        ("?lang=en", "zh-CN", "zh-CN", "en"),
        ("", "en", "zh-CN", "en"),
        ("", "", "fr, en-GB;q=0.7, zh;q=0.3", "en"),
        ("", "", "fr, en;q=0.3, zh-Hans;q=0.7", "zh-CN"),
        ("?lang=xx", "", "fr", "zh-CN"),
        ("?lang=%3Cscript%3E", "'\"", "q=;;,,;q=x", "zh-CN"),
    ],
)
async def test_the_language_is_the_one_asked_for(
    app: Litestar, query: str, cookie: str, accept: str, language: str
) -> None:
    client = browser(app, **{"Accept-Language": accept})
    if cookie:
        client.headers["Cookie"] = f"language={cookie}"
    assert f'<html lang="{language}">' in (await client.get(f"/sign-in{query}")).text


async def test_a_language_chosen_once_stays(app: Litestar) -> None:
    client = browser(app)
    assert '<html lang="zh-CN">' in (await client.get("/sign-in")).text
    await client.get("/sign-in?lang=en")
    assert '<html lang="en">' in (await client.get("/sign-in")).text


# Errors


def _fail(kind: FromPath[str]) -> None:
    raise {
        "fault": RuntimeError("an answer: 我的意见"),
        "busy": errors.Busy(),
        "unavailable": Unavailable("the disk is full"),
        "conflict": errors.Conflict(),
        "missing": errors.NotFound(),
    }[kind]


@pytest.fixture(scope="module")
def bare_failing() -> tuple[Litestar, ASGIApp]:
    """The application's routes and one that fails as asked."""
    handlers = [
        method("/raise/{kind:str}", opt={"access": "public"}, sync_to_thread=False)(_fail) for method in (get, post)
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(health, "controllers", [*health.controllers, *handlers])
        made = routed()
    return made, made.asgi_handler


@pytest.fixture
async def failing(bare_failing: tuple[Litestar, ASGIApp], settings: Settings, database: Database) -> Litestar:
    """The application with a page that fails as asked."""
    made, made.asgi_handler = bare_failing
    furnish(made, settings, database)
    return made


@pytest.mark.parametrize(
    ("kind", "status", "sentence", "english"),
    [
        ("fault", 500, "系统出错了", "made a mistake"),
        ("busy", 503, "现在有点忙", "is busy"),
        ("unavailable", 503, "现在有点忙", "is busy"),
        ("conflict", 409, "刚刚被别人改过", "a moment ago"),
        ("missing", 404, "没有找到这个页面", "no such page"),
    ],
)
async def test_every_failure_is_a_page_in_the_readers_language(
    failing: Litestar, kind: str, status: int, sentence: str, english: str
) -> None:
    response = await browser(failing).get(f"/raise/{kind}")
    assert response.status_code == status
    assert sentence in response.text
    assert english in (await browser(failing).get(f"/raise/{kind}?lang=en")).text
    assert "我的意见" not in response.text
    assert ("retry-after" in response.headers) == (status == 503)


async def test_a_failure_never_replaces_a_half_filled_form(failing: Litestar) -> None:
    client = browser(failing, **{"HX-Request": "true", "HX-Request-Type": "partial"})
    for kind in ("fault", "busy", "conflict"):
        response = await client.post(f"/raise/{kind}")
        assert response.headers["hx-reswap"] == "none"
        assert response.content == b""
        assert json.loads(response.headers["hx-trigger"])["problem"]["message"]


async def test_a_page_without_sign_in_leads_to_it_and_back(app: Litestar) -> None:
    response = await browser(app).get("/account?done=language")
    assert response.status_code == 303
    assert response.headers["location"] == "/sign-in?next=/account%3Fdone%3Dlanguage"


async def test_a_form_without_sign_in_says_so_and_goes_nowhere(app: Litestar) -> None:
    response = await browser(app).post("/account/keys", data={"name": "x"})
    assert response.status_code == 401
    assert "登录已过期" in response.text


# Logs


@pytest.fixture
def lines(settings: Settings) -> Iterator[io.StringIO]:
    out = io.StringIO()
    handlers = logging_of_the_machine.getLogger().handlers
    logging.configure(settings, out)
    yield out
    structlog.reset_defaults()
    logging_of_the_machine.getLogger().handlers = handlers


async def test_logs_hold_no_token_answer_password_or_address(failing: Litestar, lines: io.StringIO) -> None:
    secret = "S3cretvalue"
    client = browser(
        failing,
        **{"X-Forwarded-For": secret, "User-Agent": secret, "Referer": f"{BASE_URL}/a/{secret}", "Cookie": secret},
    )
    asked = 0
    for path in (
        f"/a/{secret}",
        f"/w/{secret}",
        f"/{secret}",
        f"/raise/{secret}",
        f"/programmes/{secret}",
        "/raise/fault",
    ):
        for method in ("GET", "POST", "PUT"):
            await client.request(method, f"{path}?next={secret}", data={secret: secret, "password": secret})
            asked += 1
    await client.post("/sign-in", data={"email": secret, "password": secret})
    text = lines.getvalue()
    assert secret not in text
    assert "我的意见" not in text
    assert "127.0.0.1" not in text
    requests = [line for line in map(json.loads, text.splitlines()) if line["event"] == "request"]
    assert len(requests) == asked + 1
    assert {line["route"] for line in requests} >= {"/raise/{kind}", "unmatched", "/sign-in"}
    print(f"{asked + 1} hostile requests logged")


async def test_a_fault_is_logged_by_place_with_the_id_that_the_visitor_sees(
    failing: Litestar, lines: io.StringIO
) -> None:
    response = await browser(failing).get("/raise/fault")
    fault, request = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert fault["kind"] == "RuntimeError"
    assert any("_fail" in place for place in fault["where"])
    assert fault["request"] == request["request"] == response.headers["x-request-id"]


# Health


async def test_ready_while_the_database_answers_and_not_when_it_is_away(app: Litestar, database: Database) -> None:
    assert (await browser(app).get("/health/ready")).status_code == 200
    app.state.draining = True
    assert (await browser(app).get("/health/ready")).status_code == 503
    assert (await browser(app).get("/health/live")).status_code == 200


async def test_not_ready_before_the_tables_are_there(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    async with Database.open(settings) as empty:
        app = create_app(settings, empty)
        assert (await browser(app).get("/health/ready")).status_code == 503
        assert (await browser(app).get("/health/live")).status_code == 200


async def test_not_ready_while_a_migration_is_missing(app: Litestar, monkeypatch: pytest.MonkeyPatch) -> None:
    newer = migrate.known() | {"2999-01-01T00:00:00:000000"}
    monkeypatch.setattr(migrate, "known", lambda: newer)
    response = await browser(app).get("/health/ready")
    assert (response.status_code, response.text) == (503, "migrations pending\n")
    assert int(response.headers["retry-after"]) > 0


async def test_a_database_ahead_of_the_program_is_ready(app: Litestar, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrate, "known", frozenset)
    assert (await browser(app).get("/health/ready")).status_code == 200


@pytest.mark.parametrize("path", ["/", "/sign-in", "/account", "/nothing", "/health/ready", "/api/v1/programmes"])
async def test_head_is_answered_as_get_without_the_body(app: Litestar, path: str) -> None:
    client = browser(app, **{"Accept-Encoding": "identity"})
    get_, head = await client.get(path), await client.request("HEAD", path)
    assert head.status_code == get_.status_code
    assert head.headers["content-length"] == get_.headers["content-length"]
    assert head.content == b""
