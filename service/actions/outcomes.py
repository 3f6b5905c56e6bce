"""What came of an exam: who passed and who is missing, how the items did, what the training left behind."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import numpy as np

from service import clock
from service.actions import results, scoring
from service.actions.standings import get
from service.database import Database
from service.store import candidates as candidate_store
from service.store import exams, metrics, programmes, sittings, waves
from service.store.candidates import Candidate
from service.store.exams import ExamRecord
from service.store.sittings import Loaded, Place
from surveys.analysis.findings import TargetFact
from surveys.analysis.training import decided, training
from surveys.analysis.training_data import HUNDREDTHS, Sittings
from surveys.analysis.training_findings import (
    Decision,
    ExamFacts,
    Gain,
    Kirkpatrick,
    MetricLevel,
    TrainingFindings,
    WaveLevel,
)
from surveys.analysis.training_items import item_results, options_of
from surveys.analysis.training_levels import BEHAVIOUR, REACTION, gain, metric_level, wave_level
from surveys.exams.check import askable, total
from surveys.exams.definition import Exam, Pool
from surveys.exams.marking import cut

MOST_ANSWERS = 400_000  # of choice items that are read whole; beyond, only those of items that look wrong
MOST_LOOKED_AT = 8
KEPT = 16


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A candidate and what their attempts come to. ``points`` None: has not sat it. ``again``: may sit it once more."""

    candidate: UUID
    employee_number: str
    name: str
    department: str
    position: str
    decision: Decision
    points: float | None
    attempts: int
    again: bool


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that pages, table and report of an exam show."""

    exam: ExamRecord
    facts: ExamFacts
    pool: Pool
    data: Sittings


async def of_exam(database: Database, programme: UUID, exam: UUID) -> ExamRecord:
    """An exam of this programme that has been published. Raises NotFound."""
    return await get(database, programme, exam)


async def findings(database: Database, programme: UUID, exam: UUID) -> TrainingFindings:
    """What the exam says of the training. Computed in a thread; kept until any mark or anything else changes."""
    record = await get(database, programme, exam)
    await scoring.complete(database, record)
    state = await sittings.state(database, record.id, record.scoring)
    places = await sittings.places(database, record.id)
    levels = await _kirkpatrick(database, record)
    owner = await programmes.get(database, programme)
    assert owner is not None
    roster = hashlib.sha256(msgspec.json.encode(places)).hexdigest()
    facts = _facts(database, record, await _pool(database, record))
    key = hashlib.sha256(msgspec.json.encode((owner, record, facts, state, roster, levels), order="sorted")).hexdigest()
    if (known := _kept.get(key)) is not None:
        return known
    outcome = await load(database, record, places)
    made = await asyncio.to_thread(
        training, outcome.data, outcome.pool, results.programme_facts(owner), outcome.facts, levels
    )
    while len(_kept) >= KEPT:
        _kept.pop(next(iter(_kept)))
    _kept[key] = made
    return made


_kept: dict[str, TrainingFindings] = {}


async def load(database: Database, record: ExamRecord, places: Sequence[Place]) -> Outcome:
    """The exam's complete attempts with their marks, and the options that were chosen as far as they are looked at."""
    pool = await _pool(database, record)
    facts = _facts(database, record, pool)
    scaled = None if record.definition.passing.by == "points" else round(facts.total * HUNDREDTHS)
    loaded = await sittings.load(database, record.id, record.scoring, places, scaled)
    data = msgspec.structs.replace(loaded.data, taken=await _options(database, record, loaded, pool))
    return Outcome(exam=record, facts=facts, pool=pool, data=data)


async def _pool(database: Database, record: ExamRecord) -> Pool:
    return await exams.pool(database, record.id, record.scoring) if record.scoring else Pool(items={})


async def _options(database: Database, record: ExamRecord, loaded: Loaded, pool: Pool) -> dict[str, np.ndarray]:
    known = [code for code in dict.fromkeys(loaded.data.items) if code in pool.items]
    options = {code: [option.code for option in options_of(pool.items[code])] for code in known}
    options = {code: own for code, own in options.items() if own}
    if len(options) * len(loaded.attempts) > MOST_ANSWERS:
        judged = await asyncio.to_thread(item_results, loaded.data, pool)
        serious = [item.code for item in judged if item.serious and item.code in options]
        options = {code: options[code] for code in serious[:MOST_LOOKED_AT]}
    return await sittings.options(database, record.id, loaded, options) if options else {}


def _facts(database: Database, record: ExamRecord, pool: Pool) -> ExamFacts:
    definition = record.definition
    zone = ZoneInfo(database.settings.time_zone)
    whole = _total(definition, pool)
    sections = definition.blueprint.sections
    return ExamFacts(
        title=definition.title,
        code=record.code,
        purpose=definition.purpose,
        opened_on=_day(record.opens_at or record.created_at, zone) or "",
        closed_on=_day(record.closes_at, zone),
        minutes=definition.sitting.minutes,
        attempts=definition.sitting.attempts,
        attempt_rule=definition.sitting.attempt_rule,
        total=whole / HUNDREDTHS,
        cut=float(cut(definition, whole)) / HUNDREDTHS,
        cut_by=definition.passing.by,
        items_per_paper=sum(len(each.items) + sum(draw.count for draw in each.draws) for each in sections),
        pool=len(askable(definition, pool)),
        drawn=any(each.draws for each in sections),
        scoring=record.scoring,
        released=record.released_at is not None,
        over=record.standing(clock.now()) in ("over", "closed"),
        minimum_group=definition.minimum_group,
    )


def _total(definition: Exam, pool: Pool) -> int:
    """Of a paper, in hundredths, without the items that everybody had and that were dropped."""
    fixed = [item for section in definition.blueprint.sections for item in section.items]
    return total(definition) - sum(item.points for item in fixed if item.code in pool.dropped)


def _day(moment: datetime | None, zone: ZoneInfo) -> str | None:
    return None if moment is None else moment.astimezone(zone).date().isoformat()


# People


def people_of(outcome: Outcome, candidates: Sequence[Candidate]) -> list[Person]:
    """Every candidate, by department and number, with what their attempts come to."""
    states, points = decided(outcome.data, outcome.facts)
    counts = np.bincount(outcome.data.person, minlength=len(candidates))
    allowed = outcome.facts.attempts
    return [
        Person(
            candidate=candidate.id,
            employee_number=candidate.employee_number,
            name=candidate.name,
            department=candidate.department,
            position=candidate.position,
            decision=states[number].item(),
            points=None if np.isnan(points[number]) else float(points[number]),
            attempts=int(counts[number]),
            again=states[number] != "passed" and counts[number] < allowed + candidate.extra_attempts,
        )
        for number, candidate in enumerate(candidates)
    ]


async def people(database: Database, programme: UUID, exam: UUID) -> tuple[Outcome, list[Person]]:
    """Who passed, who did not, who is missing. Raises NotFound."""
    record = await get(database, programme, exam)
    await scoring.complete(database, record)
    candidates = await candidate_store.of_exam(database, record.id)
    outcome = await load(database, record, [Place(str(each.id), each.department) for each in candidates])
    return outcome, await asyncio.to_thread(people_of, outcome, candidates)


# Kirkpatrick's levels


async def _kirkpatrick(database: Database, record: ExamRecord) -> Kirkpatrick:
    """What else the programme knows of the training; empty where it was not asked or measured."""
    owner = await programmes.get(database, record.programme)
    targets = results.programme_facts(owner).targets if owner else ()
    return Kirkpatrick(
        reaction=await _waves(database, record.programme, REACTION),
        learning=await _gains(database, record),
        behaviour=await _waves(database, record.programme, BEHAVIOUR),
        results=await _metrics(database, record.programme, targets),
        targets=targets,
    )


async def _waves(database: Database, programme: UUID, questionnaire: str) -> tuple[WaveLevel, ...]:
    """Waves of that questionnaire with answers, oldest first."""
    found = []
    for wave in await waves.of_programme(database, programme):
        known = await waves.with_version(database, wave.id)
        if known is not None and known[1].name == questionnaire:
            told = await results.findings(database, wave.id)
            if told.response.responded:
                found.append(wave_level(told))
    return tuple(found[::-1])


async def _gains(database: Database, record: ExamRecord) -> tuple[Gain, ...]:
    """This exam against each pre-test of the programme, over the people who sat both."""
    if record.definition.purpose not in ("exam", "post"):
        return ()
    others = await exams.of_programme(database, record.programme)
    before = [each for each in others if each.definition.purpose == "pre" and each.scoring]
    if not before or not record.scoring:
        return ()
    after = await _percents(database, record)
    found = []
    for each in before[::-1]:
        titles = each.definition.title, record.definition.title
        found.append(gain(titles, await _percents(database, each), after))
    return tuple(each for each in found if each is not None)


async def _percents(database: Database, record: ExamRecord) -> dict[str, float]:
    """Person to the percentage of their first attempt, where it is completely marked."""
    return {
        str(person): 100 * points / whole
        for person, points, whole in await sittings.first_scores(database, record.id, record.scoring)
    }


async def _metrics(database: Database, programme: UUID, targets: Sequence[TargetFact]) -> tuple[MetricLevel, ...]:
    """Metrics with cases before and after, beside the target of the same name."""
    by_name = {target.metric: target for target in targets}
    found = []
    for metric in await metrics.of_programme(database, programme):
        values = await metrics.values(database, metric.id)
        before, after = (
            np.array([each.value for each in values if each.case_group == group and each.value is not None])
            for group in ("baseline", "pilot")
        )
        if len(before) and len(after):
            found.append(metric_level(metric.name, metric.unit, metric.kind, (before, after), by_name.get(metric.name)))
    return tuple(found)
