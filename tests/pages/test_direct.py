"""Posted pages that are answered before routing: what they do, and what they leave to the handler."""

from __future__ import annotations

from urllib.parse import quote_plus, unquote_plus

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from litestar import Litestar

from service import forms
from service.database import Database
from tests.pages.test_answer import ABOUT, entered, opened, stored

ONE_PAGE = """\
name: short
title: {zh-CN: 一页, en: One page}
kind: pulse
pages:
  - code: all
    questions:
      - {type: yes_no, code: late, text: {zh-CN: 有没有等过, en: Did you wait}, required: true}
      - {type: number, code: days, text: {zh-CN: 几天, en: How many days}, visible_if: late == "yes"}
"""


async def fresh(app: Litestar, database: Database, source: str = ONE_PAGE, **settings) -> tuple:
    wave = await opened(database, source, **settings)
    return wave, *(await entered(app, f"/w/{wave.public_token}"))


async def test_a_page_that_can_be_taken_needs_no_route(app: Litestar, database: Database, monkeypatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a route was asked")

    wave, device, base = await fresh(app, database)
    monkeypatch.setattr("service.pages.answer.desk", refuse)
    response = await device.post(f"{base}/all", data={"late": "no"})
    assert response.status_code == 303
    assert response.headers["location"] == f"{base}/done"
    assert [row["answers"] for row in await stored(database, wave)] == [{"late": "no", "_not_shown": ["days"]}]


async def test_its_answer_has_every_header_that_others_have(app: Litestar, database: Database) -> None:
    _, device, base = await fresh(app, database)
    direct = await device.post(f"{base}/all", data={"late": "no"})
    routed = await device.post(f"{base}/all?lang=en", data={"late": "no"})
    assert routed.status_code == direct.status_code == 303
    ours = {name: value for name, value in direct.headers.items() if name not in ("set-cookie", "x-request-id")}
    assert ours.items() <= {**routed.headers, "content-type": ""}.items()
    assert "x-request-id" in direct.headers
    assert direct.headers["set-cookie"].startswith("run=w.")
    assert f"Path={base};" in direct.headers["set-cookie"]


async def test_a_mistake_is_shown_at_its_field_and_read_once(app: Litestar, database: Database, monkeypatch) -> None:
    read = []
    monkeypatch.setattr("service.pages.answer.forms.received", lambda *_: read.append(1))
    _, device, base = await fresh(app, database)
    response = await device.post(f"{base}/all", data={"late": "yes", "days": "不久"})
    assert response.status_code == 422
    assert "不久" in response.text
    assert read == []


async def test_a_form_of_another_site_is_refused(app: Litestar, database: Database) -> None:
    wave, device, base = await fresh(app, database)
    response = await device.post(f"{base}/all", data={"late": "no"}, headers={"sec-fetch-site": "cross-site"})
    assert response.status_code == 403
    assert await stored(database, wave) == []


async def test_another_language_is_switched_to(app: Litestar, database: Database) -> None:
    _, device, base = await fresh(app, database)
    response = await device.post(f"{base}/all", data={"late": "no", "_language": "en"})
    assert response.headers["location"] == f"{base}/all"
    assert any(each.startswith("language=en") for each in response.headers.get_list("set-cookie"))


async def test_one_page_after_the_other_is_saved(app: Litestar, database: Database) -> None:
    wave = await opened(database)
    device, base = await entered(app, f"/w/{wave.public_token}")
    response = await device.post(f"{base}/about", data=ABOUT)
    assert response.status_code == 303
    saved = await database.fetch("SELECT question FROM draft_answer")
    assert set(ABOUT) <= {row["question"] for row in saved}


async def test_a_fault_is_told_on_a_page(app: Litestar, database: Database, monkeypatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("service.actions.answering.read_page", fail)
    _, device, base = await fresh(app, database)
    response = await device.post(f"{base}/all", data={"late": "no"})
    assert response.status_code == 500
    assert "<html" in response.text


@pytest.mark.parametrize("body", ["late=no" + "&x=1" * 6_000, "late=no&" + "x" * 1_000_001])
async def test_what_is_no_form_is_refused_as_ever(app: Litestar, database: Database, body: str) -> None:
    wave, device, base = await fresh(app, database)
    headers = {"content-type": "application/x-www-form-urlencoded"}
    response = await device.post(f"{base}/all", content=body, headers=headers)
    assert response.status_code in (400, 413)
    assert await stored(database, wave) == []


async def test_nobody_answers_without_a_seat(app: Litestar, database: Database) -> None:
    wave, device, base = await fresh(app, database)
    device.cookies.clear()
    assert (await device.post(f"{base}/all", data={"late": "no"})).status_code == 403
    assert (await device.post(f"{base}/nowhere", data={"late": "no"})).status_code == 403
    assert await stored(database, wave) == []


def test_requests_that_say_too_much_or_too_little_are_left_to_the_handler(app: Litestar) -> None:
    from service.pages.answer_direct import _posted

    path = "/answer/0193d9b0-0000-7000-8000-000000000000/all"
    sent = {
        "content-type": "application/x-www-form-urlencoded", "content-length": "7", "sec-fetch-site": "same-origin",
        "cookie": "run=n.x.y",
    }  # fmt: skip

    def asked(path: str = path, query: bytes = b"", more: tuple = (), **changes: str | None) -> object:
        headers = {**sent, **{name.replace("_", "-"): value for name, value in changes.items()}}
        pairs = [(name.encode(), value.encode()) for name, value in headers.items() if value is not None]
        scope = {"path": path, "query_string": query, "headers": [*pairs, *more], "client": ("127.0.0.1", 1)}
        return _posted(scope, app.state.settings)

    assert asked() is not None
    assert asked(path=path.replace("/all", "/save")) is None
    assert asked(path=path + "/more") is None
    assert asked(query=b"due=1") is None
    assert asked(content_length=None) is None
    assert asked(content_type="multipart/form-data; boundary=x") is None
    assert asked(hx_request="true") is None
    assert asked(sec_fetch_site="cross-site") is None
    assert asked(cookie="run=%6e.x.y") is None
    assert asked(more=((b"cookie", b"run=w.x.y"),)) is None


@given(st.text(st.sampled_from("%0123456789aAcCeEfF=+ &;~等。\n"), max_size=40))
@example("%E7%AD%89 %E7%AD a%E7a%")
def test_escapes_are_read_as_the_standard_library_reads_them(text: str) -> None:
    assert forms.unescaped(text) == unquote_plus(text)
    assert forms.unescaped(quote_plus(text)) == text
