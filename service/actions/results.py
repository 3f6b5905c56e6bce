"""A wave's answers out and in: findings, export, import.

Released in batches: what is shown of a protected wave, and of every group in it, moves in steps of k, so that no two
states of a page, nor the last of them and the final report, differ by fewer than k people (``Policy.shown``). The rule
needs no memory but where the wave was first closed, hence holds over restarts, replicas, PDF, export and API alike.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

import msgspec
import polars as pl

from service import clock, spreadsheet
from service.actions.roster import unreadable
from service.database import Conflict, Database, NewResponse
from service.errors import NotFound
from service.identifiers import random_id
from service.spreadsheet import FAULTS, Unreadable
from service.store import audit, columns, programmes, responses, waves
from service.store.programmes import Programme
from service.store.questionnaires import PublishedVersion
from service.store.waves import Wave
from surveys.analysis.crosstab import CrosstabFinding, Variable, cross, variables
from surveys.analysis.diagnosis import NotShown, diagnose
from surveys.analysis.figures import figures
from surveys.analysis.findings import (
    Audience,
    Condition,
    DiagnosisFindings,
    ProgrammeFacts,
    TargetFact,
    WaveFacts,
)
from surveys.analysis.groups import Filter
from surveys.analysis.trend import TrendFinding, trend
from surveys.compiled import Compiled, compile_questionnaire
from surveys.expansion import expand
from surveys.formats import table
from surveys.formats.table import Imported
from surveys.frame import Dataset
from surveys.problem import Problem
from surveys.text import Text

__all__ = [
    "FAULTS", "ImportResult", "NotShown", "conditions_of", "crosstab", "export", "findings", "import_responses",
    "over_waves", "released_count", "table_variables",
]  # fmt: skip


async def released_count(database: Database, wave: Wave) -> int:
    """How many of the stored answers, the first in the order of their commits, are shown now."""
    return wave.policy.shown(*await responses.settled(database, wave.id, wave.settled))


async def _counted(database: Database, wave: Wave) -> int:
    """The first answers, by which it is decided what is shown: nothing changes until k more have come."""
    before, after = await responses.settled(database, wave.id, wave.settled)
    return before + after // wave.policy.minimum_group * wave.policy.minimum_group


def conditions_of(asked: Mapping[str, str]) -> Filter:
    """Conditions as they stand in an address: dimension=value."""
    return tuple(Condition(dimension=name, value=value) for name, value in asked.items() if value)


async def _loaded(database: Database, wave_id: UUID) -> tuple[Wave, PublishedVersion, Programme]:
    found = await waves.with_version(database, wave_id)
    if found is None:
        raise NotFound
    programme = await programmes.get(database, found[0].programme)
    if programme is None:
        raise NotFound
    return *found, programme


async def findings(database: Database, wave_id: UUID, conditions: Filter = ()) -> DiagnosisFindings:
    """What the released answers say, of those who fulfil ``conditions``. Computed in a thread; kept until more are
    released or anything else changes.

    Raises NotShown where the conditions leave people of whom nothing may be said.
    """
    wave, version, programme = await _loaded(database, wave_id)
    counted = await _counted(database, wave)
    progress = await waves.progress(database, wave.id)
    audience = _audience(progress, wave) if progress else Audience()
    state = msgspec.json.encode((programme, wave, version.content_hash, audience, counted, conditions), order="sorted")
    key = hashlib.sha256(state).hexdigest()
    if (known := _KEPT.get(key)) is not None:
        return known
    stored_columns = await columns.dataset(database, wave.id, expand(version.definition))
    shown_columns = Dataset(stored_columns.questionnaire, stored_columns.frame.head(counted))
    public = "public" in shown_columns.frame["_source"]
    facts = programme_facts(programme), wave_facts(wave, version, public)
    made = await asyncio.to_thread(diagnose, shown_columns, *facts, audience, conditions)
    while len(_KEPT) >= 32:
        _KEPT.pop(next(iter(_KEPT)))
    _KEPT[key] = made
    return made


MOST_WAVES = 8  # compared with each other


async def over_waves(database: Database, wave_id: UUID) -> tuple[TrendFinding, ...]:
    """The scales over the programme's latest waves of the same questionnaire, up to this one.

    Protected waves take part once they were closed: each point is then the record that the wave's own results show.
    """
    last, version, _ = await _loaded(database, wave_id)
    found: list[DiagnosisFindings] = []
    for wave in await waves.of_programme(database, last.programme):
        told = not wave.policy.protects or wave.settled is not None
        if told and wave.created_at <= last.created_at and len(found) < MOST_WAVES:
            _, other, _ = await _loaded(database, wave.id)
            if other.name == version.name:
                found.append(await findings(database, wave.id))
    return trend(found[::-1])


_KEPT: dict[str, DiagnosisFindings] = {}


def _audience(progress: Sequence[waves.Progress], wave: Wave) -> Audience:
    """Whom the wave invited; of nobody in particular where a public link lets in others as well."""
    if wave.public_token:
        return Audience()
    by_department: dict[str, int] = {}
    by_side: dict[str, int] = {}
    for each in progress:
        by_department[each.department] = by_department.get(each.department, 0) + each.invited
        by_side[each.side] = by_side.get(each.side, 0) + each.invited
    return Audience(
        invited=sum(each.invited for each in progress), by_department=by_department, by_side=by_side
    )  # fmt: skip


def programme_facts(programme: Programme) -> ProgrammeFacts:
    names = ("name", "process", "scope", "owner", "sponsor", "stage")
    targets = tuple(TargetFact(**msgspec.structs.asdict(target)) for target in programme.targets)
    return ProgrammeFacts(**{name: getattr(programme, name) for name in names}, targets=targets)


def wave_facts(wave: Wave, version: PublishedVersion, public: bool) -> WaveFacts:
    closed = wave.closes_at if wave.state == "closed" else None
    return WaveFacts(
        title=wave.title,
        role=wave.role,
        anonymity=wave.anonymity,
        minimum_group=wave.minimum_group,
        minimum_comments=wave.minimum_comments,
        opened_on=(wave.opens_at or wave.created_at).date().isoformat(),
        closed_on=closed.date().isoformat() if closed else None,
        questionnaire=version.definition.title,
        questionnaire_name=version.name,
        version=version.number,
        content_hash=version.content_hash,
        verified=not public,
        settled=wave.settled,
        erasures=wave.revision,
    )


async def table_variables(database: Database, wave_id: UUID) -> list[Variable]:
    """What a table can be made of."""
    wave, version, _ = await _loaded(database, wave_id)
    return await asyncio.to_thread(variables, await columns.dataset(database, wave.id, expand(version.definition)))


async def crosstab(
    database: Database, wave_id: UUID, rows: str, across: str, conditions: Filter = ()
) -> CrosstabFinding:
    """Two variables against each other. Raises NotFound where there is none of that name, NotShown where nothing may
    be said."""
    wave, version, _ = await _loaded(database, wave_id)
    stored = await columns.dataset(database, wave.id, expand(version.definition))
    try:
        return await asyncio.to_thread(cross, stored, wave.policy, rows, across, conditions)
    except KeyError:
        raise NotFound from None


# Out


async def export(
    database: Database, wave_id: UUID, form: str, language: str = "zh-CN", *, account: UUID | None = None
) -> Iterator[bytes]:
    """Answers in a form of ``surveys.exports.FORMS``, piece by piece, by the wave's promise.

    Of a protected wave only what was there when it was first closed: of two files with single answers, the later would
    tell of the few who came between them. Raises NotFound for another form.
    """
    from surveys.exports import FORMS  # only where something is exported
    from surveys.exports.protection import release

    if form not in FORMS:
        raise NotFound
    wave, version, programme = await _loaded(database, wave_id)
    policy = wave.policy
    stored = await columns.dataset(database, wave.id, expand(version.definition))
    shown = stored.frame.filter(pl.col("_sequence") <= (wave.settled or 0)) if policy.protects else stored.frame
    people = None if policy.protects else await responses.people(database, wave.id)
    told = figures(await findings(database, wave.id)) if form == "xlsx" else ()
    await audit.record(
        database, account=account, programme=programme.id, action="responses.export", subject=wave.title,
        detail={"format": form, "responses": shown.height},
    )  # fmt: skip
    leaving = await asyncio.to_thread(release, Dataset(stored.questionnaire, shown), policy, people, told)
    return FORMS[form].write(leaving, language)


# In


class ImportResult(msgspec.Struct, frozen=True, kw_only=True):
    """How many responses were ``stored``; with ``problems`` none was."""

    stored: int = 0
    problems: tuple[Problem, ...] = ()


async def import_responses(
    database: Database, wave_id: UUID, filename: str, data: bytes, *, account: UUID | None = None
) -> ImportResult:
    """Rows of a .csv or .xlsx whose header names columns of the questionnaire, in either case; beside them
    ``_department``, ``_side`` and ``_language``. All or nothing; the same file twice is refused."""
    wave, version, _ = await _loaded(database, wave_id)
    compiled = compile_questionnaire(version.definition)
    try:
        read = await asyncio.to_thread(spreadsheet.read_table, data)
    except Unreadable as fault:
        return ImportResult(problems=tuple(unreadable(fault)))
    rows, problems = await asyncio.to_thread(table.responses, compiled, read.header, read.rows)
    if problems:
        return ImportResult(problems=tuple(problems))
    try:
        async with database.writing():
            await responses.insert(database, _new(wave, compiled, rows, hashlib.sha256(data).hexdigest()))
            if wave.state == "closed":
                await waves.settle(database, wave.id)
            await audit.record(
                database, account=account, programme=wave.programme, action="responses.import", subject=filename,
                detail={"wave": wave.title, "responses": len(rows)},
            )  # fmt: skip
    except Conflict:
        return ImportResult(problems=(Problem(code="twice", place="file", message=_TWICE),))
    return ImportResult(stored=len(rows))


_TWICE: Text = {"zh-CN": "这份文件已经导入过这个轮次。", "en": "This file has been imported into this wave already."}


def _new(wave: Wave, compiled: Compiled, rows: Sequence[Imported], digest: str) -> list[NewResponse]:
    """One receipt per file and row: the same file again is a conflict."""
    now = clock.now()
    return [
        responses.packed(
            NewResponse(
                id=random_id(),
                wave=wave.id,
                invitation=None,
                person=None,
                receipt_hash=hashlib.sha256(f"import {wave.id} {digest} {number}".encode()).hexdigest(),
                language=meta["_language"] or "zh-CN",
                submitted_on=now.date(),
                submitted_at=None if wave.anonymity == "anonymous" else now,
                seconds=None,
                department=meta["_department"],
                side=meta["_side"],
                source="import",
                answers=msgspec.json.encode(answers).decode(),
            ),
            compiled,
            answers,
        )
        for number, (answers, meta) in enumerate(rows)
    ]
