"""Publishing with a look at the changes, and what a running wave may follow."""

from __future__ import annotations

import msgspec
import pytest
from litestar import Litestar

from service.actions import authoring, publishing, waves
from service.database import Database
from service.errors import Conflict
from service.settings import Settings
from service.store import audit
from service.store.waves import Wave
from surveys import library
from surveys.formats import yaml
from tests.pages import makers
from tests.visitors import administrator

NAME = "satisfaction"


def source(**changes: object) -> str:
    return yaml.write(msgspec.structs.replace(library.load(NAME), **changes))


def corrected() -> str:
    return library.source(NAME).replace("为什么这样处理，对方说明白了。", "为什么这样处理，对方讲明白了。")


def risky() -> str:
    return library.source(NAME).replace("visible_if: overall <= 3", "visible_if: overall <= 2")


@pytest.fixture
async def wave(database: Database, settings: Settings) -> Wave:
    """A running wave of version 1."""
    return await makers.wave(database, settings, await makers.programme(database), questionnaire=NAME)


async def newer_version(database: Database, text: str) -> None:
    checked, made = await authoring.publish(database, text)
    assert made is not None, checked.problems
    assert made.number == 2


async def address(database: Database, wave: Wave) -> str:
    return f"/programmes/{(await makers.programmes.get(database, wave.programme)).slug}/waves/{wave.id}"


async def test_the_changes_are_told_in_words_before_publishing(app: Litestar, database: Database):
    await authoring.publish_library(database, NAME)
    await authoring.save(database, corrected())
    async with await administrator(app) as browser:
        page = (await browser.get(f"/questionnaires/{NAME}/publish")).text
        assert "和第 1 版相比，改了 1 处" in page
        assert "<del>为什么这样处理，对方说明白了。</del>" in page
        assert "<ins>为什么这样处理，对方讲明白了。</ins>" in page
        assert "正在进行的轮次可以换到新版本" in page
        made = await browser.post(f"/questionnaires/{NAME}/publish")
        assert made.headers["location"] == f"/questionnaires/{NAME}/versions/2"
        assert "改了 1 处" in (await browser.get(f"/questionnaires/{NAME}/versions/2/changes")).text
        assert "和第 2 版完全一样" in (await browser.get(f"/questionnaires/{NAME}/publish")).text


async def test_nothing_is_published_that_makes_no_sense(app: Litestar, database: Database):
    await authoring.publish_library(database, NAME)
    await authoring.save(database, library.source(NAME).replace("visible_if: overall <= 3", "visible_if: nowhere <= 3"))
    async with await administrator(app) as browser:
        page = await browser.post(f"/questionnaires/{NAME}/publish")
        assert page.status_code == 422
        assert "有错误，暂时不能发布" in page.text
    assert len(await authoring.versions(database, NAME)) == 1


async def test_a_running_wave_moves_where_answers_keep_their_meaning(app: Litestar, database: Database, wave: Wave):
    await newer_version(database, corrected())
    here = await address(database, wave)
    async with await administrator(app) as browser:
        assert "问卷有了第 2 版" in (await browser.get(here)).text
        page = (await browser.get(f"{here}/version")).text
        assert "换到第 2 版" in page
        newest = (await authoring.versions(database, NAME))[0]
        assert (await browser.post(f"{here}/version", data={"version": str(newest.id)})).status_code == 303
        assert "问卷有了第 2 版" not in (await browser.get(here)).text
    moved = await waves.get(database, wave.programme, wave.id)
    assert moved.version == newest.id
    assert moved == msgspec.structs.replace(wave, version=newest.id), "all that was promised stays"
    (event,), _ = await audit.events(database, action="wave.version")
    assert (event.detail["from"], event.detail["to"]) == (1, 2)


async def test_a_running_wave_stays_where_answers_would_change_their_meaning(
    app: Litestar, database: Database, wave: Wave
):
    await newer_version(database, risky())
    here = await address(database, wave)
    newest = (await authoring.versions(database, NAME))[0]
    async with await administrator(app) as browser:
        page = (await browser.get(f"{here}/version")).text
        assert "不能换：有 1 处改动会影响已收的答卷" in page
        assert "overall &lt;= 2" in page
        assert "按原来的条件答的" in page
        assert f'action="{here}/version"' not in page
        assert (await browser.post(f"{here}/version", data={"version": str(newest.id)})).status_code == 409
        assert (await browser.post(f"{here}/version", data={"version": "no"})).status_code == 400
    assert (await waves.get(database, wave.programme, wave.id)).version == wave.version


async def test_only_the_version_that_was_looked_at_is_moved_to(database: Database, wave: Wave):
    await newer_version(database, corrected())
    seen = (await authoring.versions(database, NAME))[0]
    await authoring.publish(database, source(minutes=9))
    with pytest.raises(Conflict):
        await publishing.move(database, wave, seen.id)


async def test_a_wave_that_was_closed_meanwhile_does_not_move(database: Database, wave: Wave):
    await newer_version(database, corrected())
    newest = (await authoring.versions(database, NAME))[0]
    await waves.close(database, wave)
    with pytest.raises(Conflict):
        await publishing.move(database, wave, newest.id)
    assert (await waves.get(database, wave.programme, wave.id)).version == wave.version
