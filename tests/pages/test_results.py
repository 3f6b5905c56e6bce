"""Results, reports and export in a browser."""

from __future__ import annotations

from litestar import Litestar

from service.actions import waves
from service.database import Database
from service.jobs import HANDLERS, Worker
from service.settings import Settings
from surveys.exports import FORMS
from tests.pages import makers
from tests.visitors import member


def answers(count: int) -> bytes:
    rows = ["nps,_department,_side"]
    rows += [f"{number % 11},{('客服部', '物流部')[number % 2]},operator" for number in range(count)]
    return "\n".join(rows).encode()


SATISFACTION = """
name: quick
kind: satisfaction
title: {zh-CN: 快速调查, en: Quick survey}
pages: [{code: p1, questions: [{code: nps, type: nps, text: {zh-CN: 推荐吗？, en: Recommend?}}]}]
"""


async def wave_of(database: Database, settings: Settings, found):
    from service.actions import authoring
    from service.actions.waves import Draft

    _, version = await authoring.publish(database, SATISFACTION)
    draft = Draft(version=version.id, title="快速", role="pulse", anonymity="anonymous", personal_links=False)
    made = await waves.create(database, found.id, "diagnosis", draft)
    await waves.open_wave(database, settings, made)
    return await waves.get(database, found.id, made.id)


async def test_answers_are_imported_shown_reported_and_exported(app: Litestar, database: Database, settings: Settings):
    found = await makers.programme(database)
    wave = await wave_of(database, settings, found)
    url = f"/programmes/{found.slug}/waves/{wave.id}"
    async with await member(app, found.id, "lead") as browser:
        assert "还没有可以展示的结果" in (await browser.get(f"{url}/results")).text
        done = await browser.post(f"{url}/import", files={"file": ("x.csv", answers(40))})
        assert "已导入 40 份答卷" in done.text
        assert "依据 35 份答卷" in (await browser.get(f"{url}/results")).text
        await browser.post(f"{url}/close")
        page = (await browser.get(f"{url}/results")).text
        assert "依据 40 份答卷" in page
        assert "<svg" in page
        for form in FORMS:
            assert (await browser.get(f"{url}/export/{form}")).status_code == 200
        assert (await browser.get(f"{url}/export/exe")).status_code == 404


async def test_a_report_is_made_listed_and_downloaded(app: Litestar, database: Database, settings: Settings):
    found = await makers.programme(database)
    wave = await wave_of(database, settings, found)
    url = f"/programmes/{found.slug}"
    async with await member(app, found.id, "lead") as browser:
        await browser.post(f"{url}/waves/{wave.id}/import", files={"file": ("x.csv", answers(40))})
        await browser.post(f"{url}/waves/{wave.id}/close")
        for _ in range(2):
            made = await browser.post(f"{url}/waves/{wave.id}/reports", data={"language": "zh-CN"})
            assert "报告正在生成" in (await browser.get(made.headers["location"])).text
            assert await Worker(database, HANDLERS).run_one()
            assert "报告正在生成" not in (await browser.get(made.headers["location"])).text
        page = (await browser.get(f"{url}/reports")).text
        links = [part.split('"')[0] for part in page.split(f'href="{url}/reports/')[1:]]
        assert len(links) == 1, "the same data make one report"
        pdf = await browser.get(f"{url}/reports/{links[0]}")
        assert pdf.content.startswith(b"%PDF-")
        other = await makers.programme(database)
        assert (await browser.get(f"/programmes/{other.slug}/reports/{links[0]}")).status_code == 404
    async with await member(app, other.id, "lead", "other@example.com") as browser:
        assert (await browser.get(f"/programmes/{other.slug}/reports/{links[0]}")).status_code == 404


async def test_a_faulty_file_imports_nothing(app: Litestar, database: Database, settings: Settings):
    found = await makers.programme(database)
    wave = await wave_of(database, settings, found)
    async with await member(app, found.id, "hr") as browser:
        page = await browser.post(
            f"/programmes/{found.slug}/waves/{wave.id}/import", files={"file": ("x.csv", b"nps\n9\n12\n")}
        )
        assert page.status_code == 422
        assert "第 3 行" in page.text


async def test_figures_are_narrowed_down_and_taken_away(app: Litestar, database: Database, settings: Settings):
    found = await makers.programme(database)
    wave = await wave_of(database, settings, found)
    url = f"/programmes/{found.slug}/waves/{wave.id}"
    async with await member(app, found.id, "lead") as browser:
        await browser.post(f"{url}/import", files={"file": ("x.csv", answers(40))})
        assert 'name="department"' not in (await browser.get(f"{url}/results")).text, "groups are told at the end"
        await browser.post(f"{url}/close")
        page = (await browser.get(f"{url}/results")).text
        assert "客服部 (20)" in page
        some = await browser.get(f"{url}/results?department=客服部&lang=en")
        assert "Of the 20 people who fit the conditions" in some.text
        assert "Based on 20 responses" in some.text
        for way in ("department=x", "side=operator&department=客服部&colour=red", "colour=red"):
            assert (await browser.get(f"{url}/results?{way}")).status_code == 404
        name = "question-nps"
        assert f"/results/figures/{name}/png?department=" in some.text
        svg = await browser.get(f"{url}/results/figures/{name}/svg?department=客服部")
        assert svg.content.startswith(b"<?xml")
        assert (await browser.get(f"{url}/results/figures/{name}/png")).content.startswith(b"\x89PNG")
        table = (await browser.get(f"{url}/results/figures/{name}/csv")).content.decode("utf-8-sig").splitlines()
        assert len(table) > 5
        blank = await browser.get(f"{url}/results/crosstab")
        assert "Choose two variables" in blank.text
        table = await browser.get(f"{url}/results/crosstab?rows=group.department&columns=nps")
        assert "物流部" in table.text
        assert (await browser.get(f"{url}/results/crosstab?rows=x&columns=nps")).status_code == 404
        few = await browser.get(f"{url}/results/crosstab?rows=group.department&columns=nps&department=x")
        assert "are not shown" in few.text
        for wrong in (f"{name}/exe", "nothing/svg", f"{name}/svg?department=x"):
            assert (await browser.get(f"{url}/results/figures/{wrong}")).status_code == 404


SCALED = """
name: pulse-of-two
kind: pulse
title: {zh-CN: 脉搏, en: Pulse}
rating_scales: {agree: {labels: [{zh-CN: 否, en: "No"}, {zh-CN: 中, en: Middle}, {zh-CN: 是, en: "Yes"}]}}
scales: [{code: clear, label: {zh-CN: 清晰, en: Clarity}, items: [a, b]}]
pages:
  - code: p1
    questions:
      - {code: a, type: likert, scale: agree, text: {zh-CN: 甲, en: A}}
      - {code: b, type: likert, scale: agree, text: {zh-CN: 乙, en: B}}
"""


async def test_closed_waves_of_one_questionnaire_are_shown_over_time(
    app: Litestar, database: Database, settings: Settings
):
    from service.actions import authoring
    from service.actions.waves import Draft

    found = await makers.programme(database)
    _, version = await authoring.publish(database, SCALED)
    table = "a,b\n" + "".join(f"{1 + row % 3},{1 + row % 3}\n" for row in range(30))
    async with await member(app, found.id, "lead") as browser:
        pages = []
        for number in (1, 2):
            draft = Draft(
                version=version.id, title=f"第{number}次", role="pulse", anonymity="anonymous", personal_links=False
            )
            wave = await waves.create(database, found.id, "improve", draft)
            await waves.open_wave(database, settings, wave)
            url = f"/programmes/{found.slug}/waves/{wave.id}"
            unlike = table + f"{number},{number}\n"  # the same file is not taken twice
            done = await browser.post(f"{url}/import", files={"file": ("x.csv", unlike.encode())})
            assert "已导入 31 份答卷" in done.text
            pages.append((await browser.get(f"{url}/results")).text)
            await browser.post(f"{url}/close")
        assert not any("历次调查的变化" in page for page in pages), "an open wave takes no part, one is no trend"
        assert "历次调查的变化" in (await browser.get(f"{url}/results")).text
        rows = (await browser.get(f"{url}/results/figures/trend/csv")).content.decode("utf-8-sig").splitlines()
        assert [row.split(",")[1] for row in rows[1:]] == ["第1次", "第2次"]
