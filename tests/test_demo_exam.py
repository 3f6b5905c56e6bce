"""The demo's exams: a bank worth reading, people as the model has them, and two faults that the analysis finds."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import msgspec
import pytest

from service.actions import outcomes
from service.database import Database
from service.demo import exam_people, feedback
from service.demo import exams as story
from service.demo.company import roster
from service.settings import Settings
from service.store import exams, marks, people
from service.tables import TABLES
from surveys import library
from surveys.exams.check import problems, total
from surveys.exams.check_items import check_item
from surveys.exams.definition import Pool
from surveys.exams.drawing import draw
from surveys.exams.items import ITEM_TYPES, Item
from surveys.exams.marking import score
from surveys.formats import yaml as questionnaire_files
from surveys.problem import has_errors
from surveys.text import LANGUAGES
from tests.pages import makers
from tests.visitors import new_account

BANK = exam_people.bank()
EXAMS = (story.PRE, story.MAIN, story.OPEN, story.PRACTICE)


def texts(value: object) -> list[dict[str, str]]:
    """Every wording within an item."""
    if isinstance(value, dict) and value and all(key in LANGUAGES for key in value):
        return [value]
    if isinstance(value, msgspec.Struct):
        return [each for name in value.__struct_fields__ for each in texts(getattr(value, name))]
    return [each for part in value for each in texts(part)] if isinstance(value, tuple | list) else []


def test_the_bank_has_sixty_items_of_every_type_in_both_languages() -> None:
    assert len({item.code for item in BANK}) == len(BANK) == 60
    assert {str(item.item.__struct_config__.tag) for item in BANK} == set(ITEM_TYPES)
    for item in BANK:
        assert not has_errors(check_item(item)), item.code
        assert item.topic
        assert item.category
        assert item.state == "reviewed"
        assert isinstance(item.item, Item)
        assert item.item.explanation, f"{item.code} explains nothing"
        assert all(set(text) == set(LANGUAGES) and all(text.values()) for text in texts(item)), item.code
    assert {item.difficulty for item in BANK} == {"easy", "medium", "hard"}
    assert len({item.bloom for item in BANK}) >= 5


@pytest.mark.parametrize("code", EXAMS)
def test_every_exam_can_be_published_and_makes_papers_of_one_hundred_points(code: str) -> None:
    exam, pool = story._definition(code), Pool(items={item.code: item for item in BANK})
    assert not has_errors(problems(exam, pool))
    assert total(exam) == 10_000
    papers = [draw(exam, pool, seed) for seed in range(20)]
    assert {paper.total for paper in papers} == {10_000}
    assert len(papers[0].items) == (20 if code == story.MAIN else 10)


def test_whoever_knows_everything_earns_everything_but_what_is_keyed_wrongly() -> None:
    truth = {item.code: item for item in BANK}
    exam = story._definition(story.MAIN)
    pool = Pool(items={item.code: item for item in exam_people.flawed(BANK)})
    for seed in range(10):
        chance = random.Random(seed)
        person = exam_people.Candidate(40.0, truth, chance, exam_people.words())
        paper = draw(exam, pool, seed)
        responses = {asked.code: person.answers(asked.code) for asked in paper.items}
        made = score(paper, pool, responses)
        wrong = {code for code, mark in made.marks.items() if mark.state == "marked" and mark.points < mark.maximum}
        assert wrong <= {exam_people.AMBIGUOUS, exam_people.WRONG_KEY}
        assert made.marks[exam_people.WRONG_KEY].points == 0
        assert score(paper, Pool(items=truth), responses).marks[exam_people.WRONG_KEY].state in ("marked", "blank")


def test_feedback_fits_the_librarys_questionnaire() -> None:
    questionnaire, _ = questionnaire_files.read(library.source("training-reaction"))
    assert questionnaire is not None
    assert set(feedback.MEANS) == {scale.code for scale in questionnaire.scales}


async def test_the_story_is_sat_marked_half_way_and_its_two_faults_are_found(
    database: Database, settings: Settings
) -> None:
    programme = await makers.programme(database, roster=False)
    await people.save(database, programme.id, roster())
    account = await new_account(database, "story@example.com")
    today = datetime(2026, 3, 20, 16, tzinfo=UTC)
    links = await story.load(database, settings, programme, today, account.id)
    counts = {table._meta.tablename: await table.count() for table in TABLES}
    assert await story.load(database, settings, programme, today, account.id) == links
    assert {table._meta.tablename: await table.count() for table in TABLES} == counts, "a second load changes nothing"

    made = {each.code: each for each in await exams.of_programme(database, programme.id)}
    assert {code: made[code].state for code in EXAMS} == dict(
        zip(EXAMS, ("closed", "closed", "published", "published"), strict=True)
    )
    main = made[story.MAIN]
    found = await outcomes.findings(database, programme.id, main.id)
    assert (found.participation.sat, found.participation.candidates) == (210, 240)
    assert found.resits.sat_again > 10
    waiting = found.scores.unfinished
    given = await marks.by_hand(database, main.id)
    assert abs(waiting - 105) < 25, "about half of the open answers is marked"
    assert len(given) > 90
    assert {item.code for item in found.items if item.serious} == {exam_people.WRONG_KEY, exam_people.AMBIGUOUS}
    wrong = next(item for item in found.items if item.code == exam_people.WRONG_KEY)
    assert wrong.misleading
    assert found.topics[0].topic == "授权与升级"
    assert found.kirkpatrick.learning[0].gain.ci_low > 0
    assert links.sit.startswith(settings.base_url)
