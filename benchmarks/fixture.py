"""A wave that is open to the public, of one page with thirty five-point questions: what every measurement answers."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from random import Random
from urllib.parse import urlencode
from uuid import UUID

import msgspec

from service.database import Database
from service.database.migrate import migrate
from service.identifiers import new_id
from service.settings import Settings
from service.store import questionnaires, waves
from surveys.definition import Page, Questionnaire, Scale
from surveys.questions import Likert, RatingScale

ITEMS = 30
AGREE = (
    {"zh-CN": "非常不同意", "en": "Strongly disagree"},
    {"zh-CN": "不同意", "en": "Disagree"},
    {"zh-CN": "一般", "en": "Neither"},
    {"zh-CN": "同意", "en": "Agree"},
    {"zh-CN": "非常同意", "en": "Strongly agree"},
)


def questionnaire() -> Questionnaire:
    questions = tuple(
        Likert(
            code=f"q{number}",
            text={
                "zh-CN": f"第 {number} 项：我清楚这一步由谁负责",
                "en": f"Item {number}: I know who is responsible for this step",
            },
            scale="agree",
            required=True,
        )
        for number in range(1, ITEMS + 1)
    )
    return Questionnaire(
        name="bench",
        kind="diagnosis",
        title={"zh-CN": "三十题", "en": "Thirty questions"},
        pages=(Page(code="items", questions=questions),),
        rating_scales={"agree": RatingScale(labels=AGREE)},
        scales=(
            Scale(
                code="first", label={"zh-CN": "前半", "en": "First half"}, items=tuple(f"q{i}" for i in range(1, 16))
            ),
            Scale(
                code="second", label={"zh-CN": "后半", "en": "Second half"}, items=tuple(f"q{i}" for i in range(16, 31))
            ),
        ),
    )


class Prepared(msgspec.Struct):
    """``wave`` and the path that a public link opens."""

    wave: UUID
    token: str


async def prepare(database: Database, definition: Questionnaire | None = None) -> Prepared:
    """Migrate, publish the questionnaire (the one of this file where none is given) and open the wave."""
    await migrate(database)
    programme = new_id()
    now = datetime.now(UTC)
    await database.fetch(
        "INSERT INTO programme (id, slug, name, process, scope, owner, sponsor, stage, created_at)"
        " VALUES (?, 'bench', 'Bench', 'Bench', '', '', '', 'diagnosis', ?)",
        programme,
        now,
    )
    version, _ = await questionnaires.publish(database, definition or questionnaire(), "")
    wave = await waves.create(
        database, programme=programme, version=version.id, title="Bench", stage="diagnosis", role="baseline",
        anonymity="anonymous", public_link=True,
    )  # fmt: skip
    await waves.change_state(database, wave.id, ["draft"], "open")
    assert wave.public_token
    return Prepared(wave=wave.id, token=wave.public_token)


def prepared(settings: Settings, definition: Questionnaire | None = None) -> Prepared:
    async def run() -> Prepared:
        async with Database.open(settings) as database:
            return await prepare(database, definition)

    return asyncio.run(run())


def form(seed: int = 0) -> str:
    """The page filled in by one person; everybody answers otherwise."""
    draw = Random(seed)
    return urlencode({f"q{number}": str(draw.randint(1, len(AGREE))) for number in range(1, ITEMS + 1)})
