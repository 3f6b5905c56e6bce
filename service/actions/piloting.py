"""The evaluation of a pilot: loads plan, cases and released answers, and lets the pure core judge."""

from __future__ import annotations

import asyncio
import hashlib
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import polars as pl

from service.actions import results
from service.actions.metrics import values as cases_of
from service.database import Database
from service.errors import NotFound
from service.store import columns, pilot_plans, programmes, responses, waves
from service.store.pilot_plans import StoredPlan
from service.store.questionnaires import PublishedVersion
from service.store.waves import Wave
from surveys.analysis.findings import WaveFacts
from surveys.analysis.pilot_evaluation import Evaluation, Material, evaluation
from surveys.analysis.pilot_plan import BY_PERSON, Plan, PlanRecord, fingerprint
from surveys.analysis.pilot_power import Need, needs
from surveys.analysis.pilot_rows import CASES, ROLES, Answers, Role
from surveys.disclosure import Policy
from surveys.expansion import expand
from surveys.frame import Dataset

KEPT = 8


def judged(plans: list[StoredPlan]) -> StoredPlan | None:
    """The plan that the pilot is judged by: the newest fixed one, else the draft."""
    return next((plan for plan in plans if plan.fixed_at is not None), plans[0] if plans else None)


def record_of(database: Database, plans: list[StoredPlan], chosen: StoredPlan) -> PlanRecord:
    """Days are those of the service's time zone."""
    zone = ZoneInfo(database.settings.time_zone)
    return PlanRecord(
        plan=chosen.plan,
        number=chosen.number,
        fixed_on=chosen.fixed_at.astimezone(zone).date() if chosen.fixed_at else None,
        content_hash=fingerprint(chosen.plan),
        earlier=sum(plan.fixed_at is not None and plan.number < chosen.number for plan in plans),
    )


async def evaluated(database: Database, programme: UUID) -> Evaluation:
    """By the plan that holds; computed in a thread and kept until anything that it rests on changes. Raises NotFound
    where there is no plan."""
    plans = await pilot_plans.of_programme(database, programme)
    chosen = judged(plans)
    if chosen is None:
        raise NotFound
    given, key = await _material(database, programme, record_of(database, plans, chosen))
    if (known := _KEPT.get(key)) is not None:
        return known
    if "pilot" in given.waves:
        given = msgspec.structs.replace(given, voices=await results.findings(database, UUID(chosen.plan.pilot)))
    made = await asyncio.to_thread(evaluation, given)
    while len(_KEPT) >= KEPT:
        _KEPT.pop(next(iter(_KEPT)))
    _KEPT[key] = made
    return made


_KEPT: dict[str, Evaluation] = {}


async def needed(database: Database, programme: UUID) -> tuple[Need, ...]:
    """How many answers and cases the newest plan needs; nothing without a plan."""
    plans = await pilot_plans.of_programme(database, programme)
    if not plans:
        return ()
    given, _ = await _material(database, programme, record_of(database, plans, plans[0]))
    return await asyncio.to_thread(needs, given)


async def needed_of(database: Database, wave: Wave) -> tuple[Need, ...]:
    """The same of one wave of the plan as long as it can still be answered, as far as answers decide."""
    plans = await pilot_plans.of_programme(database, wave.programme)
    if wave.state == "closed" or not plans or str(wave.id) not in [getattr(plans[0].plan, role) for role in ROLES]:
        return ()
    asked = {measure.code for measure in plans[0].plan.measures if measure.source == "answers"}
    return tuple(need for need in await needed(database, wave.programme) if need.code in asked)


async def _material(database: Database, programme: UUID, record: PlanRecord) -> tuple[Material, str]:
    """What the plan names, and a key that changes with any of it."""
    found = await programmes.get(database, programme)
    if found is None:
        raise NotFound
    rounds = await _rounds(database, programme, record.plan)
    answers = {role: await _answers(database, each, record.plan) for role, each in rounds.items()}
    cases = {
        measure.of: await _cases(database, programme, measure.of)
        for measure in record.plan.measures
        if measure.source == "cases"
    }
    invited = await _invited(database, rounds["pilot"]) if "pilot" in rounds else None
    given = Material(
        programme=results.programme_facts(found),
        record=record,
        waves={role: each.facts(answers[role]) for role, each in rounds.items()},
        answers=answers,
        cases=cases,
        invited=invited,
    )
    state = (found, record, [(role, *each) for role, each in rounds.items()], invited)
    digest = hashlib.sha256(msgspec.json.encode(state, order="deterministic"))
    for name, frame in sorted(cases.items()):
        digest.update(f"{name}\n{frame.sort(frame.columns).write_csv()}".encode())
    return given, digest.hexdigest()


class Round(NamedTuple):
    """A wave of the plan with its version, and how many of its answers are released."""

    wave: Wave
    version: PublishedVersion
    shown: int

    def facts(self, answers: Answers) -> WaveFacts:
        public = "public" in answers.dataset.frame["_source"]
        return results.wave_facts(self.wave, self.version, public)


async def _rounds(database: Database, programme: UUID, plan: Plan) -> dict[Role, Round]:
    """The plan's waves that are still there, by role."""
    found: dict[Role, Round] = {}
    for role in ROLES:
        identifier = getattr(plan, role)
        known = await waves.with_version(database, UUID(identifier)) if identifier else None
        if known is not None and known[0].programme == programme:
            found[role] = Round(*known, await results.released_count(database, known[0]))
    return found


async def _answers(database: Database, found: Round, plan: Plan) -> Answers:
    wave = found.wave
    stored = await columns.dataset(database, wave.id, expand(found.version.definition))
    people: tuple[str | None, ...] = ()
    if plan.linked == BY_PERSON and wave.anonymity != "anonymous":
        rows = await responses.givers(database, wave.id)
        people = tuple(None if each is None else str(each) for each in rows[: found.shown])
    return Answers(
        dataset=Dataset(stored.questionnaire, stored.frame.head(found.shown)),
        policy=Policy.of(wave.anonymity, wave.minimum_group, wave.minimum_comments),
        people=people,
    )


async def _cases(database: Database, programme: UUID, name: str) -> pl.DataFrame:
    found = await cases_of(database, programme, name)
    rows = [] if found is None else [(v.case_group, v.happened_on, v.team, v.value) for v in found[1]]
    return pl.DataFrame(rows, schema=CASES, orient="row")


async def _invited(database: Database, found: Round) -> int | None:
    """How many were asked in person; None where a public link lets in others as well."""
    if found.wave.public_token:
        return None
    return sum(each.invited for each in await waves.progress(database, found.wave.id))
