"""Certificates: issued once, verified by anybody who has the number, revoked with a reason."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest
from litestar import Litestar

from service import clock
from service.actions import certificates, releasing
from service.database import Database
from service.store import audit
from service.store import certificates as store
from service.store.exams import ExamRecord
from tests.pages import marked
from tests.visitors import browser, member, new_account


async def released(database: Database, **changed) -> ExamRecord:
    """Three have sat, two of them have passed."""
    exam = await marked.exam(database, marked.definition(**changed))
    account = (await new_account(database, "marker@example.com")).id
    await marked.class_of(database, exam, 3)
    await marked.mark_all(database, exam, account)
    await releasing.release(database, exam, "演示", account=account)
    return await marked.again(database, exam)


async def base(database: Database, exam: ExamRecord) -> str:
    [row] = await database.fetch("SELECT slug FROM programme WHERE id = ?", exam.programme)
    return f"/programmes/{row['slug']}/exams/{exam.id}"


async def test_whoever_passed_has_one_certificate_however_often_results_are_released(database: Database):
    exam = await released(database)
    held = await store.of_exam(database, exam.id)
    assert [each.name for each in held] == ["员工7001", "员工7003"]
    assert await certificates.issue(database, exam) == 0
    assert await store.of_exam(database, exam.id) == held
    assert {each.valid_until.year - each.issued_on.year for each in held} == {1}


@pytest.mark.parametrize("changed", [{"certificate": False}, {"purpose": "pre"}])
async def test_an_exam_may_give_none(database: Database, changed: dict[str, object]):
    exam = await released(database, **changed)
    assert await store.of_exam(database, exam.id) == []


async def test_anybody_may_verify_a_number_and_learns_the_initial_and_no_more(app: Litestar, database: Database):
    exam = await released(database)
    held, _ = await store.of_exam(database, exam.id)
    async with browser(app) as stranger:
        page = unescape((await stranger.get(f"/certificate/{held.serial}")).text)
        for told in (
            "证书真实有效",
            "员＊＊＊",
            "投诉新流程考核",
            str(held.issued_on),
            str(held.valid_until),
            held.serial,
        ):
            assert told in page
        main = page.partition("<main")[2]
        for hidden in (held.name, held.employee_number, held.department, "工号", "分"):
            assert hidden not in main.replace("大小写和横线", "")
        typed = await stranger.get("/certificate", params={"serial": held.serial.lower().replace("-", " ")})
        assert typed.headers["location"] == f"/certificate/{held.serial}"
        for wrong in (
            "7K3M-9QRT-2F4H-T",
            held.serial[:-1] + ("0" if held.serial[-1] != "0" else "1"),
            "<b>",
            "x" * 200,
        ):
            answer = await stranger.get("/certificate", params={"serial": wrong})
            assert answer.status_code == 404
            assert "没有这个编号的证书" in answer.text
        assert (await stranger.get("/certificate")).status_code == 200
        english = await stranger.get(f"/certificate/{held.serial}?lang=en")
        assert "genuine and valid" in english.text


async def test_a_revoked_certificate_says_so_at_once_and_can_be_restored(app: Litestar, database: Database):
    exam = await released(database)
    held, other = await store.of_exam(database, exam.id)
    page = f"{await base(database, exam)}/certificates"
    async with await member(app, exam.programme, "hr") as hr, browser(app) as stranger:
        refused = await hr.post(f"{page}/{held.serial}/revoke", data={"reason": " "})
        assert refused.status_code == 422
        assert "请写明原因" in refused.text
        assert (await hr.post(f"{page}/{held.serial}/revoke", data={"reason": "冒名替考"})).status_code == 303
        assert (await hr.post(f"{page}/{held.serial}/revoke", data={"reason": "再来"})).status_code == 409
        assert "证书已被吊销" in (await stranger.get(f"/certificate/{held.serial}")).text
        assert "证书真实有效" in (await stranger.get(f"/certificate/{other.serial}")).text
        folder = zipfile.ZipFile(io.BytesIO((await hr.get(f"{page}.zip")).content))
        assert [name.endswith(f"{other.serial}.pdf") for name in folder.namelist()] == [True]
        assert (await hr.post(f"{page}/{held.serial}/restore", data={"reason": "查明是误会"})).status_code == 303
        assert "证书真实有效" in (await stranger.get(f"/certificate/{held.serial}")).text
    events, _ = await audit.events(database, action="certificate.revoke")
    assert events[0].detail == {"reason": "冒名替考"}


async def test_an_expired_certificate_is_genuine_but_has_expired(
    app: Litestar, database: Database, monkeypatch: pytest.MonkeyPatch
):
    exam = await released(database, valid_months=1)
    held, _ = await store.of_exam(database, exam.id)
    assert held.valid_until > held.issued_on
    last = datetime(held.valid_until.year, held.valid_until.month, held.valid_until.day, tzinfo=UTC)
    async with browser(app) as stranger:
        for hour, verdict in ((15, "证书真实有效"), (17, "已过期")):  # 16:00 UTC is midnight in Shanghai
            monkeypatch.setattr(clock, "now", lambda hour=hour: last.replace(hour=hour))
            assert verdict in (await stranger.get(f"/certificate/{held.serial}")).text


def told(content: bytes, folder: Path, program: str, *arguments: str) -> str:
    """What a program of poppler says of a PDF."""
    file = folder / "one.pdf"
    file.write_bytes(content)
    return subprocess.run([program, file, *arguments], capture_output=True, check=True).stdout.decode()


async def test_the_page_of_a_certificate_is_one_sheet_with_name_course_and_number(
    app: Litestar, database: Database, tmp_path: Path
):
    exam = await released(database)
    held, _ = await store.of_exam(database, exam.id)
    page = f"{await base(database, exam)}/certificates/{held.serial}"
    async with await member(app, exam.programme, "hr") as hr:
        for language, words in (
            ("zh-CN", ("合格证书", "员工7001", "投诉新流程考核")),
            ("en", ("Certificate", "员工7001")),
        ):
            content = (await hr.get(page, params={"lang": language})).content
            text = told(content, tmp_path, "pdftotext", "-")
            for word in (*words, held.serial):
                assert word in re.sub(r"(?<=[一-鿿]) (?=[一-鿿])", "", text)
            about = told(content, tmp_path, "pdfinfo")
            assert re.search(r"Pages:\s+1\n", about)
            assert "A4" in about
            assert (await hr.get(page, params={"lang": language})).content == content, "same data, same bytes"


async def test_a_certificate_of_another_exam_is_not_found_here(app: Litestar, database: Database):
    exam = await released(database)
    held, _ = await store.of_exam(database, exam.id)
    other = await marked.exam(database)
    async with await member(app, other.programme, "lead") as lead:
        theirs = f"{await base(database, other)}/certificates/{held.serial}"
        assert (await lead.get(theirs)).status_code == 404
        assert (await lead.post(f"{theirs}/revoke", data={"reason": "x"})).status_code == 404
    assert (await store.get(database, held.serial)).revoked_at is None
