"""Every question type as a page without scripts: shown, answered, shown again with what was answered."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from litestar import Litestar

from service.database import Database
from service.store import programmes, waves
from service.store.people import Entry, save
from service.store.programmes import Charter
from tests.pages.test_answer import entered, invited, opened, stored
from tests.surveys.test_gallery import GALLERY

SOURCE = (Path(__file__).parents[2] / "surveys" / "gallery.yaml").read_text("utf-8")

CHOICES = {
    "role": "other", "role.other": "帮同事代办", "category": "moulds", "returned": "no", "rule": "false",
    "channel": "desk", "obstacles": "status", "obstacles.status.comment": "只能打电话问",
}  # fmt: skip
PLACES = {"site.level1": "jiangsu", "site.level2": "suzhou", "site.level3": "park", "handling.laptop": "manager"}
SCALES = {"stars": "4", "mood": "2", "satisfied": "5", "effort": "6", "online_share": "85", "image.pace": "3"}
TRADE_OFFS = {
    "weights.speed": "50", "weights.safety": "30", "weights.cost": "20", "matters.set1.best": "speed",
    "matters.set1.worst": "status", "features.reminder.present": "like", "features.reminder.absent": "dislike",
    "usability.item1": "5", "criteria.effect.risk.more": "risk", "criteria.effect.risk.times": "3",
}  # fmt: skip


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("page", [page.code for page in GALLERY.pages])
async def test_every_question_of_the_gallery_is_shown(
    app: Litestar, database: Database, page: str, language: str
) -> None:
    wave = await opened(database, SOURCE)
    client, base = await entered(app, f"/w/{wave.public_token}")
    response = await client.get(f"{base}/{page}?lang={language}", follow_redirects=True)
    assert response.status_code == 200
    questions = next(each.questions for each in GALLERY.pages if each.code == page)
    for question in questions:
        assert (f'id="q-{question.code}"' in response.text) is not question.filled_by_server
    assert "style=" not in response.text
    ids = re.findall(r' id="([^"]+)"', response.text)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("page", "form"), [("choices", CHOICES), ("places", PLACES), ("scales", SCALES), ("trade_offs", TRADE_OFFS)]
)
async def test_what_was_answered_stands_there_again(
    app: Litestar, database: Database, page: str, form: dict[str, str]
) -> None:
    wave = await opened(database, SOURCE)
    client, base = await entered(app, f"/w/{wave.public_token}")
    assert (await client.post(f"{base}/{page}", data=form)).status_code == 303
    text = (await client.get(f"{base}/{page}")).text
    for field, value in form.items():
        assert says(text, field, value), field


def says(text: str, field: str, value: str) -> bool:
    """Whether a control of the page has this value: typed, ticked or picked from its list."""
    name, code = re.escape(f'name="{field}"'), re.escape(f'value="{value}"')
    typed = rf"<input[^>]*{name}[^>]*{code}[^>]*>|<textarea[^>]*{name}[^>]*>\s*{re.escape(value)}"
    found = re.search(typed, text)
    if found and ('type="radio"' in found[0] or 'type="checkbox"' in found[0]):
        return "checked" in found[0]
    return bool(found or re.search(rf"<select[^>]*{name}.*?<option[^>]*{code} selected", text.partition("</form>")[0]))


async def test_mistakes_stand_beside_what_was_typed(app: Litestar, database: Database) -> None:
    wave = await opened(database, SOURCE)
    client, base = await entered(app, f"/w/{wave.public_token}")
    wrong = {**TRADE_OFFS, "weights.cost": "25", "matters.set1.worst": "speed", "criteria.effect.risk.times": ""}
    response = await client.post(f"{base}/trade_offs", data=wrong)
    assert response.status_code == 422
    for sentence in ("各项合计应为 100，目前是 105。", "同一项不能既选两头", "请选择重要多少。"):
        assert sentence in response.text
    assert 'name="weights.cost" value="25"' in response.text


async def test_departments_come_from_the_roster_and_persons_behind_personal_links_only(
    app: Litestar, database: Database
) -> None:
    wave = await opened(database, SOURCE)
    people = [Entry(employee_number="A02", name="李明", department="质量部/检验组")]
    await save(database, wave.programme, people)
    client, base = await entered(app, f"/w/{wave.public_token}")
    public = (await client.get(f"{base}/places")).text
    assert "<option>质量部/检验组</option>" in public
    assert "李明" not in public
    personal = await opened(database, SOURCE.replace("name: gallery", "name: gallery-two"), public_link=False)
    client, base = await entered(app, f"/a/{await invited(database, personal)}")
    text = (await client.get(f"{base}/places")).text
    assert "<option>王芳（客服部/一组）</option>" in text
    assert '<input type="radio" name="unit.level1" value="客服部">' in text
    refused = await client.post(f"{base}/places", data={"helper": "外人"})
    assert refused.status_code == 422
    assert "“外人”不在选项之中" in refused.text


async def test_two_waves_of_one_version_offer_each_its_own_roster(app: Litestar, database: Database) -> None:
    one = await opened(database, SOURCE)
    await save(database, one.programme, [Entry(employee_number="A02", name="李明", department="质量部")])
    programme = await programmes.create(database, "another", Charter(name="另一个", process="采购审批"))
    await save(database, programme.id, [Entry(employee_number="B01", name="赵云", department="物流部")])
    given = {"stage": "diagnosis", "role": "baseline", "anonymity": "anonymous", "public_link": True}
    made = await waves.create(database, programme=programme.id, version=one.version, title="基线", **given)
    await waves.change_state(database, made.id, ["draft"], "open")
    two = await waves.get(database, made.id)
    for wave, department in ((one, "质量部"), (two, "物流部")):
        client, base = await entered(app, f"/w/{wave.public_token}")
        text = (await client.get(f"{base}/places")).text
        assert re.findall(r"<option>(.+?部)</option>", text) == [department]


async def test_a_picked_name_is_stored_as_it_was_read(app: Litestar, database: Database) -> None:
    wave = await opened(database, SOURCE.replace("required: true", "required: false"), public_link=False)
    client, base = await entered(app, f"/a/{await invited(database, wave)}")
    form = {"helper": "王芳（客服部/一组）", "slowest": "客服部", "unit.level1": "客服部", "unit.level2": "一组"}
    assert (await client.post(f"{base}/places", data=form)).status_code == 303
    last = GALLERY.pages[-1].code
    for page in (each.code for each in GALLERY.pages if each.code not in ("places", last)):
        assert (await client.post(f"{base}/{page}", data={"none": ""})).status_code == 303
    done = await client.post(f"{base}/{last}", data={"none": ""})
    assert done.headers["location"] == f"{base}/done"
    [response] = await stored(database, wave)
    assert form.items() <= response["answers"].items()
