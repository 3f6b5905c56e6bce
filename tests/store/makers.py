"""Rows for tests of the store."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from service import tables
from service.clock import now
from service.database import Database, NewResponse, SaveAnswers, Submit
from service.identifiers import new_id, token_hash
from service.tables import Invitation, Person, Programme, Version, Wave
from surveys.definition import Questionnaire, content_hash, to_json
from surveys.formats import yaml

SOURCE = """
name: speed
kind: satisfaction
title: {zh-CN: 速度, en: Speed}
pages:
  - code: one
    questions:
      - {type: number, code: hours, text: {zh-CN: 几个小时, en: Hours}}
      - {type: short_text, code: why, text: {zh-CN: 为什么, en: Why}}
"""


def questionnaire(source: str = SOURCE) -> Questionnaire:
    found, problems = yaml.read(source.encode())
    assert found is not None, problems
    return found


async def wave(database: Database, *, public_token: str = "public") -> UUID:
    """An open wave of a new programme and its questionnaire."""
    programme, parent, version, identifier = new_id(), new_id(), new_id(), new_id()
    definition = questionnaire()
    async with database.writing():
        await Programme(id=programme, slug=str(programme)[:60], name="投诉", stage="diagnosis", created_at=now()).save()
        await tables.Questionnaire(id=parent, name=str(parent), kind="satisfaction", updated_at=now()).save()
        await Version(
            id=version, questionnaire=parent, number=1, content_hash=content_hash(definition),
            definition=to_json(definition).decode(), published_at=now(),
        ).save()  # fmt: skip
        await Wave(
            id=identifier, programme=programme, version=version, title="基线", role="baseline", state="open",
            anonymity="identified", minimum_group=5, minimum_comments=10, personal_links=True, audience="{}",
            public_token=f"{public_token}-{str(identifier)[-8:]}", created_at=now(),
        ).save()  # fmt: skip
    return identifier


async def invite(database: Database, wave: UUID, count: int, department: str = "客服部") -> list[str]:
    """Invites ``count`` new people; returns their token hashes."""
    [found] = await database.fetch("SELECT programme FROM wave WHERE id = ?", wave)
    tokens = []
    async with database.writing():
        for _ in range(count):
            person, invitation = new_id(), new_id()
            tokens.append(token_hash(str(invitation)))
            await Person(
                id=person, programme=found["programme"], employee_number=str(person), department=department, active=True
            ).save()
            await Invitation(id=invitation, wave=wave, person=person, token_hash=tokens[-1]).save()
    return tokens


def submission(wave: UUID, token: str, receipt: str = "", answers: str = '{"clarity":4}', **fields) -> Submit:
    """Of ``fields`` those of a submission go to it, the others to the response."""
    logic = {name: fields.pop(name) for name in ("quotas", "unique", "screened_out") if name in fields}
    response = {
        "id": new_id(), "wave": wave, "invitation": None, "person": None, "receipt_hash": token_hash(receipt or token),
        "language": "zh-CN", "submitted_on": date(2026, 3, 1), "submitted_at": now(), "seconds": 300,
        "department": "客服部", "side": "operator", "source": "personal", "answers": answers,
    }  # fmt: skip
    return Submit(token_hash=token, response=NewResponse(**{**response, **fields}), **logic)


def saving(
    wave: UUID, token: str, receipt: str = "", page: str = "p1", seed: int | None = None, **answers: str
) -> SaveAnswers:
    return SaveAnswers(
        token_hash=token, wave=wave, language="zh-CN", page=page, now=now(), answers=answers,
        receipt_hash=token_hash(receipt or token), seed=seed,
    )  # fmt: skip
