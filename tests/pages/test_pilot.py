"""A pilot in a browser: planned, fixed, evaluated, reported."""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import msgspec
import pytest
from litestar import Litestar

from service import clock
from service.actions import metrics, pilot_form, pilot_plans, pilot_reporting, piloting, results, waves
from service.actions.metrics import Row
from service.database import Database
from service.errors import Conflict, NotFound
from service.jobs import HANDLERS, Worker
from service.settings import Settings
from service.store import documents, sessions
from surveys.analysis.pilot_evaluation import Evaluation
from tests.pages import makers
from tests.visitors import browser as anybody
from tests.visitors import member, new_account

METRIC = "客户投诉闭环时长"


async def with_cases(database: Database, settings: Settings) -> tuple[Any, Any, dict[str, str]]:
    """A programme with a pilot wave and 80 cases, and the form of a plan that starts tomorrow."""
    found = await makers.programme(database)
    wave = await makers.wave(
        database, settings, found, questionnaire="pilot-feedback", role="pilot", title="试点反馈", public_link=False
    )
    chance = random.Random(1)
    rows = [
        Row(metric=METRIC, case=str(n), group="baseline" if n < 50 else "pilot",
            value=round(chance.lognormvariate(4.3 if n < 50 else 3.4, 0.4), 1), when="2026-01-05")
        for n in range(80)
    ]  # fmt: skip
    assert (await metrics.bring_rows(database, found.id, rows)).new == 80
    start = clock.now().date() + timedelta(days=1)
    typed = {
        "started_on": start.isoformat(), "pilot": str(wave.id), "m.0.source": f"cases:{METRIC}",
        "m.0.label": "关闭时长",
        "m.0.target": "48", "m.0.direction": "at_most", "m.0.must": "1", "m.1.source": "share:overall",
        "m.1.target": "90", "m.1.direction": "at_least", "m.2.source": "mean:scale:course", "least_response": "0",
    }  # fmt: skip
    return found, wave, typed


async def fixed(browser: httpx.AsyncClient, url: str) -> httpx.Response:
    """Presses the button that fixes the plan."""
    page = (await browser.get(url)).text
    given = {name: re.search(rf'name="{name}" value="([^"]+)"', page)[1] for name in ("number", "content_hash")}  # type: ignore[index]
    return await browser.post(f"{url}/fix", data=given)


async def test_a_plan_is_drafted_fixed_and_never_changed(app: Litestar, database: Database, settings: Settings) -> None:
    found, _, typed = await with_cases(database, settings)
    url = f"/programmes/{found.slug}/pilot"
    async with await member(app, found.id, "lead") as browser:
        assert "还没有试点方案" in (await browser.get(url)).text
        assert (await browser.post(f"{url}/plan", data=typed)).status_code == 303
        draft = (await browser.get(url)).text
        assert "规则尚未定稿" in draft
        assert "需要多少" in draft or "试点前后各" in draft
        assert (await fixed(browser, url)).status_code == 303
        page = (await browser.get(url)).text
        assert "定稿（第 1 版）" in page
        assert "已证实" in page
        [plan] = await pilot_plans.of_programme(database, found.id)
        with pytest.raises(Conflict):
            await pilot_plans.fix(database, found.id, 1, plan.content_hash)
        assert (await browser.post(f"{url}/plan", data={**typed, "m.0.target": "60"})).status_code == 303
        newer, older = await pilot_plans.of_programme(database, found.id)
        assert (newer.number, newer.fixed_at, older.plan) == (2, None, plan.plan)
        assert "定稿（第 1 版）" in (await browser.get(url)).text
        assert (await browser.post(f"{url}/discard")).status_code == 303
        assert await pilot_plans.of_programme(database, found.id) == [plan]


async def test_what_was_changed_meanwhile_is_not_fixed(database: Database, settings: Settings) -> None:
    found, _, typed = await with_cases(database, settings)
    await pilot_plans.save(database, found.id, typed)
    [seen] = await pilot_plans.of_programme(database, found.id)
    await pilot_plans.save(database, found.id, {**typed, "m.0.target": "60"})
    with pytest.raises(Conflict):
        await pilot_plans.fix(database, found.id, 1, seen.content_hash)


async def test_errors_stand_at_their_fields_and_what_was_typed_stays(
    app: Litestar, database: Database, settings: Settings
) -> None:
    found, _, typed = await with_cases(database, settings)
    wrong = {**typed, "started_on": "明天", "m.0.target": "很快", "m.1.target": "900", "pilot": ""}
    async with await member(app, found.id, "hr") as browser:
        page = await browser.post(f"/programmes/{found.slug}/pilot/plan", data=wrong)
        assert page.status_code == 422
        for said in ("请填写日期", "请填写合理的数字", "请选择试点轮次", "很快", "明天"):
            assert said in page.text
        assert await pilot_plans.of_programme(database, found.id) == []
        again = await browser.post(f"/programmes/{found.slug}/pilot/plan", data={**typed, "choose": "1"})
        assert again.status_code == 200
        assert "比较满意" in again.text


async def test_a_plan_survives_its_form(database: Database, settings: Settings) -> None:
    found, _, typed = await with_cases(database, settings)
    typed |= {"m.0.on": "change", "m.0.target": "-30", "m.2.margin": "0.25", "asked": "40", "linked": "person"}
    assert (await pilot_plans.save(database, found.id, typed)).errors == {}
    [stored] = await pilot_plans.of_programme(database, found.id)
    assert stored.plan.measures[0].target is not None
    assert stored.plan.measures[0].target.value == pytest.approx(0.7)
    assert stored.plan.measures[1].target is not None
    assert (stored.plan.measures[1].target.value, stored.plan.measures[1].yes_from) == (0.9, 4.0)
    assert (stored.plan.rule.must, stored.plan.rule.no_harm) == (("m1",), ("m3",))
    form = (await pilot_plans.desk(database, found.id)).typed
    await pilot_plans.save(database, found.id, form)
    [again] = await pilot_plans.of_programme(database, found.id)
    assert again.plan == stored.plan


async def test_the_report_is_a_job_kept_once_for_the_same_data(
    app: Litestar, database: Database, settings: Settings
) -> None:
    found, _, typed = await with_cases(database, settings)
    url = f"/programmes/{found.slug}/pilot"
    async with await member(app, found.id, "lead") as browser:
        assert (await browser.post(f"{url}/reports")).status_code == 404
        await browser.post(f"{url}/plan", data=typed)
        await fixed(browser, url)
        for _ in range(2):
            begun = await browser.post(f"{url}/reports", data={"language": "zh-CN"})
            assert begun.status_code == 303
            assert await Worker(database, HANDLERS).run_one()
            assert "试点评估报告" in (await browser.get(begun.headers["location"])).text
        [made] = await documents.of_programme(database, found.id)
        assert made.kind == "pilot"
        got = await browser.get(f"/programmes/{found.slug}/reports/{made.id}")
        assert got.content == await pilot_reporting.pilot_pdf(database, found.id, "zh-CN")
        assert got.content.startswith(b"%PDF")
        await metrics.bring_rows(database, found.id, [Row(metric=METRIC, case="new", group="pilot", value=20)])
        await pilot_reporting.make(database, found.id, "zh-CN")
        assert len(await documents.of_programme(database, found.id)) == 2


async def test_the_wave_page_tells_how_many_answers_are_needed(
    app: Litestar, database: Database, settings: Settings
) -> None:
    found, wave, typed = await with_cases(database, settings)
    async with await member(app, found.id, "hr") as browser:
        url = f"/programmes/{found.slug}/waves/{wave.id}"
        assert "需要多少份" not in (await browser.get(url)).text
        await pilot_plans.save(database, found.id, {**typed, "m.1.assumed": "70"})
        page = (await browser.get(url)).text
        assert "需要多少份" in page
        assert "+20.0 百分点" in page
        assert re.search(r"试点前后各 \d+", page)
        assert "关闭时长" not in page  # which no answer decides


MADE: dict[str, dict[str, bytes]] = {}  # by language, what each engine's data made


@pytest.mark.parametrize("language", ["zh-CN", "en"])
async def test_both_engines_make_the_same_bytes(
    database: Database, settings: Settings, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: noon)
    found, wave, typed = await with_cases(database, settings)
    answered = "".join(f"operator,{3 + number % 3}\n" for number in range(24))
    done = await results.import_responses(database, wave.id, "x.csv", f"side,overall\n{answered}".encode())
    assert done.stored == 24, done.problems
    await waves.close(database, wave)
    await pilot_plans.save(database, found.id, typed)
    [draft] = await pilot_plans.of_programme(database, found.id)
    await pilot_plans.fix(database, found.id, 1, draft.content_hash)
    first = await pilot_reporting.pilot_pdf(database, found.id, language)
    piloting._KEPT.clear()
    assert await pilot_reporting.pilot_pdf(database, found.id, language) == first
    assert (await piloting.evaluated(database, found.id)).pilot.metrics[1].all_after.n_valid == 24
    made = MADE.setdefault(language, {})
    made[database.dialect] = first
    assert len(set(made.values())) == 1


async def test_the_api_tells_the_record_that_the_page_shows(
    app: Litestar, database: Database, settings: Settings
) -> None:
    found, _, typed = await with_cases(database, settings)
    await pilot_plans.save(database, found.id, typed)
    account = await new_account(database, "api@example.com", administrator=True)
    key = await sessions.create_key(database, account.id, "test", None)
    async with anybody(app, Authorization=f"Bearer {key}") as client:
        got = await client.get(f"/api/v1/programmes/{found.slug}/pilot")
        assert got.json() == msgspec.json.decode(msgspec.json.encode(await piloting.evaluated(database, found.id)))
        assert msgspec.json.decode(got.content, type=Evaluation).pilot.metrics[0].verdict == "demonstrated"
        assert (await client.post(f"/api/v1/programmes/{found.slug}/pilot/reports/en")).status_code == 201


async def test_without_a_plan_there_is_nothing_to_evaluate(database: Database) -> None:
    found = await makers.programme(database)
    with pytest.raises(NotFound):
        await piloting.evaluated(database, found.id)
    assert pilot_form.links(None) == []
    assert await piloting.needed(database, found.id) == ()
