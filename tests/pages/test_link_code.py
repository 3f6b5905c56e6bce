"""Codes that participants make of what only they know: the same in every wave of a programme, and never the parts."""

from __future__ import annotations

import re
from uuid import uuid4

from litestar import Litestar

from service.actions import authoring, linking, waves
from service.actions.waves import Draft
from service.database import Database
from service.settings import Settings
from service.store import responses
from surveys.questions import LinkCode, LinkPart
from tests.pages import makers
from tests.visitors import browser

SURVEY = """
name: linked
kind: satisfaction
title: 前后两次
languages: [zh-CN]
pages:
  - code: about
    title: 关于您
    questions:
      - code: own
        type: link_code
        required: true
        text: 请编一个代码
        asks:
          - {code: mother, label: 母亲姓名拼音前两个字母}
          - {code: day, label: 生日的日}
  - code: rest
    title: 其他
    questions:
      - {code: said, type: short_text, text: 还有什么？}
"""
QUESTION = LinkCode(
    code="own", text={}, asks=(LinkPart(code="mother", label={}), LinkPart(code="day", label={}, length=2))
)  # fmt: skip
SECRET, HERE = "the service's own", uuid4()


def code(*parts: str, programme: object = HERE, secret: str = SECRET) -> list[str]:
    form = {f"own.{name}": [part] for name, part in zip(("mother", "day"), parts, strict=True)}
    return linking.blinded(secret, programme, [QUESTION], form).get("own", [])  # type: ignore[arg-type]


def test_the_same_parts_give_the_same_code_however_they_are_typed() -> None:
    assert code("wa", "07") == code(" ＷＡ ", "0 7")
    assert re.fullmatch("[0-9a-f]{32}", code("wa", "07")[0])


def test_other_parts_programmes_and_services_give_other_codes() -> None:
    found = [
        code("wa", "07"),
        code("wb", "07"),
        code("wa", "07", programme=uuid4()),
        code("wa", "07", secret="another"),
    ]
    assert len({each[0] for each in found}) == 4


def test_half_a_code_is_none_and_a_fault_once_the_page_is_turned() -> None:
    typed = {"own.mother": ["wa"], "own.day": [""], "own": ["0" * 32]}
    turned = linking.blinded(SECRET, HERE, [QUESTION], typed)
    assert (turned["own"], turned["own.fault"]) == ([], ["1"])
    assert "own.fault" not in linking.blinded(SECRET, HERE, [QUESTION], typed, half=True)


def test_what_is_there_stays_where_nothing_is_typed_and_a_made_up_code_is_refused() -> None:
    kept = linking.blinded(SECRET, HERE, [QUESTION], {"own": ["a" * 32], "own.mother": [""]})
    assert kept == {"own": ["a" * 32]}
    assert QUESTION.read({"own": ["my name"]}, None) == ({}, [], [])  # type: ignore[arg-type]


async def test_nothing_that_was_typed_is_stored_anywhere(app: Litestar, database: Database, settings: Settings) -> None:
    found = await makers.programme(database)
    _, version = await authoring.publish(database, SURVEY)
    assert version is not None
    made = await waves.create(
        database, found.id, "pilot",
        Draft(
            version=version.id, title="一轮", role="pilot", anonymity="anonymous", public_link=True,
            personal_links=False,
        ),
    )  # fmt: skip
    await waves.open_wave(database, settings, made)
    made = await waves.get(database, found.id, made.id)
    async with browser(app) as participant:
        await participant.get(f"/w/{made.public_token}")
        await participant.get(f"/answer/{made.id}")
        url = f"/answer/{made.id}/about"
        wrong = await participant.post(url, data={"own.mother": "Qx", "own.day": ""})
        assert wrong.status_code == 422
        assert "Qx" not in wrong.text
        assert (await participant.post(url, data={"own.mother": "Qx", "own.day": "31"})).status_code == 303
        page = (await participant.get(url)).text
        assert "代码已经生成" in page
        assert "Qx" not in page
        again = re.search(r'name="own" value="([0-9a-f]{32})"', page)
        assert again
        drafts = await database.fetch("SELECT value FROM draft_answer")
        assert again[1] in str(drafts)
        assert "Qx" not in str(drafts)
        kept = await participant.post(url, data={"own": again[1], "own.mother": "", "own.day": ""})
        assert kept.status_code == 303
        await participant.post(f"/answer/{made.id}/rest", data={"said": ""})
    [stored] = [each async for each in responses.each(database, made.id)]
    assert stored.answers["own"] == again[1] == linking.code_of(settings.secret(), found.id, ("qx", "31"))
    assert not any("qx" in str(value).lower() for value in stored.answers.values())
