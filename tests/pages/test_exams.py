"""Exams in a browser: drafted, composed, published, watched, sat again."""

from __future__ import annotations

import io
import re
from uuid import UUID

import httpx
import pytest
from litestar import Litestar
from openpyxl import load_workbook

from service import passwords
from service.actions import candidates, exams, invigilation
from service.actions.programmes import Programme
from service.clock import now
from service.database import Database
from service.identifiers import new_id, token_hash
from service.settings import Settings
from service.store import candidates as candidate_store
from service.store import exams as exam_store
from service.store import items, marks
from service.store.exams import ExamRecord
from service.tables import Attempt, AttemptEvent
from surveys.exams.marking import Mark
from tests.pages import makers
from tests.store import exam_makers
from tests.visitors import member

BLUEPRINT = {
    "sections.0.title.zh-CN": "基础", "sections.0.items.0.code": "i1", "sections.0.items.0.points": "5",
    "sections.0.items.0.mode": "", "sections.0.draws.0.count": "1", "sections.0.draws.0.points": "5",
    "sections.0.draws.0.category": "受理/指派", "sections.0.draws.0.difficulty": "",
}  # fmt: skip
SETTINGS = {
    "title.zh-CN": "投诉新流程考试", "title.en": "The new complaint process", "purpose": "exam", "minutes": "30",
    "attempts": "1", "attempt_rule": "best", "grace_seconds": "5", "language.zh-CN": "1",
    "mode": "all_or_nothing", "pass_by": "percent",
    "pass_value": "60", "free_navigation": "1", "release.score": "1", "opens_at": "2026-03-02T09:00",
    "closes_at": "2026-03-02T18:00",
}  # fmt: skip


async def drafted(database: Database) -> tuple[Programme, str, UUID]:
    """A programme with people and a bank, and the address of an exam in it that is ready to be published."""
    found = await makers.programme(database)
    bank = await exam_makers.bank(database, found.id)
    form = {"title.zh-CN": "投诉新流程考试", "code": "complaints", "bank": bank.code, "purpose": "exam"}
    made, errors = await exams.create(database, found.id, form)
    assert made is not None, errors
    blueprint, board = await exams.blueprint(database, made, {name: [value] for name, value in BLUEPRINT.items()})
    assert not board.problems
    await exams.save_blueprint(database, made, blueprint)
    return found, f"/programmes/{found.slug}/exams/{made.id}", made.id


async def published(database: Database, settings: Settings) -> tuple[Programme, str, ExamRecord]:
    found, url, exam = await drafted(database)
    await exams.publish(database, settings, await exams.get(database, found.id, exam), None)
    return found, url, await exams.get(database, found.id, exam)


async def sat(database: Database, exam: ExamRecord, candidate: UUID, share: int, number: int = 1) -> UUID:
    """An attempt that is over and has ``share`` percent of its points."""
    attempt, moment = new_id(), now()
    async with database.writing():
        await Attempt(
            id=attempt, exam=exam.id, candidate=candidate, number=number, paper='{"seed":1,"items":[]}',
            language="zh-CN", device_hash="", position=0, started_at=moment, deadline_at=moment, submitted_at=moment,
            ended_by="candidate",
        ).save()  # fmt: skip
        scored = marks.Scored(
            attempt=attempt, scoring=1, points=10 * share, total=1000, passed=share >= 60, provisional=False, at=moment,
            marks={"i1": Mark(points=10 * share, maximum=1000)},
        )  # fmt: skip
        await marks.save(database, [scored])
    return attempt


async def test_an_exam_goes_from_nothing_to_published(app: Litestar, database: Database):
    found = await makers.programme(database)
    bank = await exam_makers.bank(database, found.id)
    url = f"/programmes/{found.slug}/exams"
    async with await member(app, found.id, "hr") as browser:
        assert "还没有考试" in (await browser.get(url)).text
        assert bank.title in (await browser.get(f"{url}/new")).text
        form = {"title.zh-CN": "投诉考试", "code": "Bad Code", "bank": "none", "purpose": "exam"}
        page = await browser.post(f"{url}/new", data=form)
        assert page.status_code == 422
        assert 'value="投诉考试"' in page.text
        assert "请选择题库" in page.text
        assert "编码只用小写字母" in page.text
        made = await browser.post(f"{url}/new", data={**form, "code": "complaints", "bank": bank.code})
        exam = made.headers["location"].removesuffix("/blueprint")
        assert "还不能发布" in (await browser.get(exam)).text
        assert (await browser.post(f"{exam}/publish")).status_code == 409
        saved = await browser.post(f"{exam}/blueprint", data=BLUEPRINT)
        assert saved.headers["location"] == f"{exam}/blueprint?done=saved"
        assert "组卷没有问题" in (await browser.get(saved.headers["location"])).text
        assert (await browser.post(f"{exam}/settings", data=SETTINGS)).status_code == 303
        overview = (await browser.get(exam)).text
        assert "可以发布了" in overview
        assert "2026-03-02 09:00" in overview
        assert (await browser.post(f"{exam}/publish")).status_code == 303
        assert f"/exam/{exam.rpartition('/')[2]}" in (await browser.get(exam)).text
        assert (await browser.post(f"{exam}/blueprint", data=BLUEPRINT)).status_code == 409
        assert (await browser.post(f"{exam}/discard")).status_code == 409
        assert (await browser.post(f"{exam}/close")).status_code == 303
        assert "重新开放" in (await browser.get(exam)).text
        assert (await browser.post(f"{exam}/reopen")).status_code == 303
        assert (await browser.post(f"{exam}/explode")).status_code == 404
        listed = (await browser.get(url)).text
        assert "投诉新流程考试" in listed


async def test_the_pool_is_frozen_with_what_a_paper_may_hold(database: Database, settings: Settings):
    _, _, exam = await published(database, settings)
    pool = await exam_store.pool(database, exam.id, 1)
    assert sorted(pool.items) == ["i1", "i3"]
    entry = await items.named(database, exam.bank, "i1")
    assert entry is not None


async def test_lines_of_a_blueprint_come_and_go_without_scripts(app: Litestar, database: Database):
    found, url, _ = await drafted(database)
    async with await member(app, found.id, "lead") as browser:
        page = await browser.post(f"{url}/blueprint", data={**BLUEPRINT, "deed": "add|sections.0.draws"})
        assert page.status_code == 200
        assert 'name="sections.0.draws.1.count"' in page.text
        page = await browser.post(f"{url}/blueprint", data={**BLUEPRINT, "deed": "remove|sections.0.items.0"})
        assert 'name="sections.0.items.0.code"' not in page.text
        assert 'name="sections.0.draws.0.count"' in page.text
        page = await browser.post(f"{url}/blueprint", data={**BLUEPRINT, "deed": "add|sections"})
        assert 'name="sections.1.title.zh-CN"' in page.text
        assert (await browser.get(f"{url}/blueprint")).text.count('class="board-part"') == 1


async def test_a_blueprint_tells_how_many_items_fit_while_it_is_filled_in(app: Litestar, database: Database):
    found, url, _ = await drafted(database)
    async with await member(app, found.id, "lead") as browser:
        wanted = {**BLUEPRINT, "sections.0.draws.0.count": "3"}
        state = await browser.post(f"{url}/blueprint/state", data=wanted, headers={"HX-Request": "true"})
        assert state.status_code == 200
        assert "<html" not in state.text
        assert "有 1 道符合，抽 3 道" in state.text
        assert "发布前要解决（1）" in state.text
        assert ">20<" in state.text


async def test_what_cannot_be_read_in_a_blueprint_stays_as_it_was_typed(app: Litestar, database: Database):
    found, url, _ = await drafted(database)
    async with await member(app, found.id, "lead") as browser:
        page = await browser.post(f"{url}/blueprint", data={**BLUEPRINT, "sections.0.draws.0.points": "五分"})
        assert page.status_code == 422
        assert 'value="五分"' in page.text
        assert 'id="f-sections-0-draws-0-points-error"' in page.text


async def test_faulty_settings_keep_what_was_typed(app: Litestar, database: Database):
    found, url, _ = await drafted(database)
    async with await member(app, found.id, "lead") as browser:
        typed = {**SETTINGS, "minutes": "三十", "closes_at": "2026-03-01T09:00", "password": "1"}
        page = await browser.post(f"{url}/settings", data={**typed, "language.zh-CN": "0"})
        assert page.status_code == 422
        assert page.text.count("请选择一项") == 1
        assert 'value="三十"' in page.text
        assert "结束时间要晚于开考时间" in page.text
        assert "请设一个口令" in page.text


async def test_a_password_is_kept_as_a_hash_and_may_change_while_the_exam_runs(app: Litestar, database: Database):
    found, url, exam = await drafted(database)
    async with await member(app, found.id, "lead") as browser:
        await browser.post(f"{url}/settings", data={**SETTINGS, "password": "1", "new_password": "春天2026"})
        hashed = (await exams.get(database, found.id, exam)).password_hash
        assert hashed.startswith("$argon2id$")
        assert "春天2026" not in (await browser.get(f"{url}/settings")).text
        await browser.post(f"{url}/settings", data={**SETTINGS, "password": "1"})
        assert (await exams.get(database, found.id, exam)).password_hash == hashed
        await browser.post(f"{url}/publish")
        window = {"opens_at": "2026-03-02T09:00", "closes_at": "2026-03-02T19:30", "new_password": "夏天2026"}
        assert (await browser.post(f"{url}/settings", data=window)).status_code == 303
        changed = await exams.get(database, found.id, exam)
        assert await passwords.verified(changed.password_hash, "夏天2026")
        assert "2026-03-02 19:30" in (await browser.get(url)).text


async def test_an_exam_that_asks_for_a_password_is_not_published_without_one(database: Database, settings: Settings):
    found, _, exam = await drafted(database)
    form = {name: [value] for name, value in {**SETTINGS, "password": "1"}.items()}
    errors = await exams.save_settings(database, await exams.get(database, found.id, exam), form, "Asia/Shanghai")
    assert list(errors) == ["new_password"]


async def test_candidates_come_from_the_roster(app: Litestar, database: Database, settings: Settings):
    found, url, exam = await published(database, settings)
    async with await member(app, found.id, "hr") as browser:
        assert "还没有考生" in (await browser.get(f"{url}/candidates")).text
        counted = await browser.post(f"{url}/candidates/count", data={"departments": ["质量部"]})
        assert "名单里符合的有 20 人" in counted.text
        unknown = await browser.post(f"{url}/candidates", data={"people": "1001, 9999"})
        assert unknown.status_code == 422
        assert "1001, 9999</textarea>" in unknown.text
        added = await browser.post(f"{url}/candidates", data={"departments": ["质量部"]})
        assert added.headers["location"].endswith("done=added&n=20")
        again = await browser.post(f"{url}/candidates", data={"departments": ["质量部"], "people": "1001"})
        assert again.headers["location"].endswith("n=1")
        page = (await browser.get(f"{url}/candidates")).text
        assert "21 名考生" in page
        sheet = load_workbook(io.BytesIO((await browser.get(f"{url}/candidates/links.xlsx")).content)).active
        assert sheet.max_row == 22
        token = sheet["G2"].value.rpartition("/e/")[2]
        assert await candidate_store.by_token_hash(database, token_hash(token)) is not None
        assert (await browser.get(f"{url}/candidates/cards.pdf")).content.startswith(b"%PDF-")
        assert (await browser.get(f"{url}/poster.pdf")).content.startswith(b"%PDF-")
        assert (await browser.get(f"{url}/qr.svg")).text.startswith("<?xml")
    assert len({each.seat for each in await candidates.of_exam(database, exam)}) == 21


async def _first(database: Database, exam: ExamRecord, settings: Settings) -> candidate_store.Candidate:
    await candidates.add(database, settings, exam, candidates.audience_of({"people": ["1001"]}))
    [found] = await candidates.of_exam(database, exam)
    return found


async def test_one_person_gets_more_time_and_another_attempt(app: Litestar, database: Database, settings: Settings):
    found, url, exam = await published(database, settings)
    person = await _first(database, exam, settings)
    async with await member(app, found.id, "hr") as browser:
        at = f"{url}/candidates/{person.id}"
        assert "/e/" in (await browser.get(at)).text
        wrong = await browser.post(at, data={"extra_minutes": "十", "extra_attempts": "0", "seat": "A-01"})
        assert wrong.status_code == 422
        assert 'value="十"' in wrong.text
        await browser.post(at, data={"extra_minutes": "10", "extra_attempts": "1", "seat": "A-01"})
        page = (await browser.get(f"{url}/candidates")).text
        assert "加 10 分钟" in page
        assert "A-01" in page
        await sat(database, exam, person.id, 80)
        assert (await browser.post(f"{at}/remove")).headers["location"].endswith("done=stays")
        assert (await browser.get(f"{url}/candidates/{new_id()}")).status_code == 404


async def test_a_candidate_of_another_exam_is_not_found(app: Litestar, database: Database, settings: Settings):
    found, url, _ = await published(database, settings)
    form = {"title.zh-CN": "另一场", "code": "other", "bank": "complaints", "purpose": "practice"}
    other, _ = await exams.create(database, found.id, form)
    assert other is not None
    person = await _first(database, other, settings)
    async with await member(app, found.id, "hr") as browser:
        assert (await browser.get(f"{url}/candidates/{person.id}")).status_code == 404
        assert (await browser.post(f"{url}/candidates/{person.id}/remove")).status_code == 404


async def test_whoever_failed_sits_again_and_nobody_twice(app: Litestar, database: Database, settings: Settings):
    found, url, exam = await published(database, settings)
    await candidates.add(database, settings, exam, candidates.audience_of({"departments": ["质量部"]}))
    passing, failing, *_ = await candidates.of_exam(database, exam)
    await sat(database, exam, passing.id, 80)
    await sat(database, exam, failing.id, 40)
    async with await member(app, found.id, "hr") as browser:
        assert "安排补考（1 人）" in (await browser.get(f"{url}/candidates")).text
        first = await browser.post(f"{url}/candidates/resit")
        second = await browser.post(f"{url}/candidates/resit")
    assert [each.headers["location"].rpartition("=")[2] for each in (first, second)] == ["1", "0"]
    extra = {each.id: each.extra_attempts for each in await candidates.of_exam(database, exam)}
    assert (extra[failing.id], extra[passing.id]) == (1, 0)


async def test_the_monitor_tells_where_everybody_is(app: Litestar, database: Database, settings: Settings):
    found, url, exam = await published(database, settings)
    await candidates.add(database, settings, exam, candidates.audience_of({"departments": ["质量部"]}))
    done, sitting, *_ = await candidates.of_exam(database, exam)
    await sat(database, exam, done.id, 80)
    attempt = await sat(database, exam, sitting.id, 0)
    async with database.writing():
        later = now().replace(year=now().year + 1)
        await Attempt.update({Attempt.submitted_at: None, Attempt.deadline_at: later}).where(Attempt.id == attempt)
        await AttemptEvent(
            id=new_id(), attempt=attempt, at=now(), kind="saved", item="i1", revision=1, detail="{}"
        ).save()
    async with await member(app, found.id, "hr") as browser:
        page = (await browser.get(f"{url}/monitor")).text
        assert _figures(page) == ["18", "1", "1"]
        assert "hx-trigger" in page
        assert "<html" not in (await browser.get(f"{url}/monitor/room")).text


def _figures(page: str) -> list[str]:
    return re.findall(r'class="figure">(\d+)', page)


async def test_judges_set_the_pass_mark(app: Litestar, database: Database):
    found, url, exam = await drafted(database)
    async with await member(app, found.id, "lead") as browser:
        assert "录入一位专家的判断" in (await browser.get(f"{url}/standard")).text
        wrong = await browser.post(f"{url}/standard", data={"judge": "张敏", "item.i1": "八成"})
        assert wrong.status_code == 422
        assert 'value="八成"' in wrong.text
        await browser.post(f"{url}/standard", data={"judge": "张敏", "item.i1": "60", "item.i3": "80"})
        await browser.post(f"{url}/standard", data={"judge": "王强", "item.i1": "50", "item.i3": "70"})
        page = (await browser.get(f"{url}/standard")).text
        assert "采用 65.0% 作为及格线" in page
        assert "95% 区间 55.2–74.8" in page
        assert 'value="60"' in (await browser.get(f"{url}/standard?judge=张敏")).text
        assert (await browser.post(f"{url}/standard/apply")).status_code == 303
        assert (await exams.get(database, found.id, exam)).definition.passing.value == 65.0
        assert "专家定线 65%" in (await browser.get(url)).text
        await browser.post(f"{url}/settings", data={**SETTINGS, "pass_by": "angoff"})
        assert (await exams.get(database, found.id, exam)).definition.passing.value == 65.0


async def test_a_viewer_sees_the_exam_but_neither_paper_nor_people(
    app: Litestar, database: Database, settings: Settings
):
    found, url, _ = await published(database, settings)
    async with await member(app, found.id, "viewer") as browser:
        page: httpx.Response = await browser.get(url)
        assert page.status_code == 200
        assert "/exam/" not in page.text.replace("/exams/", "")
        for path in ("blueprint", "settings", "candidates", "standard", "monitor", "poster.pdf"):
            assert (await browser.get(f"{url}/{path}")).status_code == 404


async def test_a_long_list_of_candidates_comes_page_by_page(
    app: Litestar, database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    found, url, exam = await published(database, settings)
    await candidates.add(database, settings, exam, candidates.audience_of({}))
    monkeypatch.setattr(candidates, "PAGE", 25)
    async with await member(app, found.id, "hr") as browser:
        page = (await browser.get(f"{url}/candidates?page=3")).text
        assert "第 3 页，共 3 页" in page
        assert page.count('data-label="工号"') == 10
        one = (await browser.get(f"{url}/candidates?text=1007 物流")).text
        assert one.count('data-label="工号"') == 1
        monkeypatch.setattr(invigilation, "MOST", 50)
        assert "另有 10 人未列出" in (await browser.get(f"{url}/monitor?state=waiting")).text
