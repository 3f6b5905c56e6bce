"""What people said of the training on the new process: a closed wave of the library's questionnaire, level 1."""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec

from service.actions import waves
from service.database import Database, NewResponse, Submit
from service.demo.company import roster
from service.identifiers import new_token, token_hash
from service.settings import Settings
from service.store import people, questionnaires
from service.store import waves as wave_store
from service.store.people import Entry
from service.store.programmes import Programme
from service.store.waves import Wave
from surveys.analysis.training_levels import REACTION
from surveys.answers import Record, finish
from surveys.compiled import compile_questionnaire
from surveys.definition import Questionnaire
from surveys.questions import Answers

TITLE = "新流程培训反馈"
RESPONSES = 150
DAYS_AGO, DAYS = 9, 3
MEANS = {"content": 4.0, "teaching": 3.75, "arrangements": 3.05, "readiness": 3.55}
"""Well taught and relevant, but too much for the time."""
UNCLEAR = (
    "超过权限的赔偿怎么走审批，讲得太快。", "授权金额的三道线没记住。", "代理审批什么时候自动转，没听明白。",
    "挂起和延期有什么区别？", "客户在微信群里投诉，销售该怎么登记？",
)  # fmt: skip


async def load(database: Database, settings: Settings, programme: Programme, midnight: datetime) -> Wave:
    """``midnight``: of today, local time. Repeating it is safe: an invitation is answered once."""
    known = {wave.title: wave for wave in await wave_store.of_programme(database, programme.id)}
    wave = known.get(TITLE)
    opened = midnight - timedelta(days=DAYS_AGO)
    if wave is None:
        version = next(each for each in await questionnaires.published(database) if each.name == REACTION)
        draft = waves.Draft(
            version=version.id, title=TITLE, role="rollout", anonymity="anonymous",
            opens_at=opened.astimezone(UTC), closes_at=(opened + timedelta(days=DAYS)).astimezone(UTC),
        )  # fmt: skip
        wave = await waves.create(database, programme.id, "rollout", draft)
    if wave.state == "draft":
        await waves.open_wave(database, settings, wave)
    if wave.state != "closed":
        await _answer(database, settings, wave, opened)
        reopened = await wave_store.get(database, wave.id)
        assert reopened is not None
        await waves.close(database, reopened)
    return wave


async def _answer(database: Database, settings: Settings, wave: Wave, opened: datetime) -> None:
    version = await waves.version_of(database, wave)
    compiled = compile_questionnaire(version.definition)
    chance = random.Random(TITLE)  # noqa: S311 - a story, not a secret
    place = {person.employee_number: person.id for person in await people.every(database, wave.programme)}
    writes = []
    for person in chance.sample(roster(), RESPONSES):
        told = {"side": person.side, "department": person.department, "position": person.position}
        finished = finish(compiled, Record(_answers(version.definition, person, chance), frozenset()), told)
        if finished.errors:
            raise ValueError(f"the demo's feedback of {person.employee_number} does not fit: {finished.errors}")
        token = waves.personal_url(settings, wave.id, place[person.employee_number]).rpartition("/")[2]
        moment = opened + timedelta(days=DAYS * chance.random())
        response = NewResponse(
            id=UUID(int=chance.getrandbits(128), version=4), wave=wave.id, invitation=None, person=None,
            receipt_hash=token_hash(new_token()), language="zh-CN", submitted_on=moment.astimezone(UTC).date(),
            submitted_at=None, seconds=chance.randint(70, 260), department=person.department, side=person.side,
            source="personal", answers=msgspec.json.encode(finished.stored).decode(),
        )  # fmt: skip
        writes.append(Submit(token_hash=token_hash(token), response=response))
    await asyncio.gather(*(database.writer.write(write) for write in writes))


def _answers(questionnaire: Questionnaire, person: Entry, chance: random.Random) -> Answers:
    mood = chance.gauss(0, 0.45)
    answers: Answers = {"form": chance.choice(("classroom", "classroom", "live_online", "recorded"))}
    for scale in questionnaire.scales:
        leaning = MEANS[scale.code] + mood + chance.gauss(0, 0.35)
        for item in scale.items:
            value = min(5, max(1, round(leaning + chance.gauss(0, 0.7))))
            answers[item] = 6 - value if item in scale.reversed else value
    answers["overall"] = min(5, max(1, round(3.9 + mood + chance.gauss(0, 0.5))))
    answers["recommend"] = min(10, max(0, round(7.6 + 2 * mood + chance.gauss(0, 1.2))))
    if chance.random() < 0.12:
        answers["unclear"] = chance.choice(UNCLEAR)
    return answers
