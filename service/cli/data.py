"""Commands that carry data in and out of a programme: import, export, report."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click

from service.cli.console import FILE, Fault, answer, asynchronous, language_option, opened, refuse, save, say, settings
from service.database import Database

if TYPE_CHECKING:
    from reports.style import Paper


FORMS = ("csv", "csv-plain", "csv-gb18030", "xlsx", "sav", "parquet", "json")
"""As in ``surveys.exports``, which takes a moment to load."""


async def programme_of(database: Database, slug: str | None) -> UUID:
    """The programme named, or the only one there is."""
    from service.store import programmes

    if slug is not None:
        found = await programmes.by_slug(database, slug)
        if found is None:
            raise Fault("cli.programme", slug=slug)
        return found.id
    every = await programmes.every(database)
    if len(every) != 1:
        raise click.UsageError(say("cli.which", n=len(every)))
    return every[0].id


async def wave_of(database: Database, text: str, programme: UUID | None = None) -> UUID:
    """The wave of that id, in ``programme`` where one is given."""
    from service.store import waves

    try:
        identifier = UUID(text)
    except ValueError:
        raise click.UsageError(say("cli.wave_id", wave=text)) from None
    found = await waves.get(database, identifier)
    if found is None or programme not in (None, found.programme):
        raise Fault("cli.wave", wave=text)
    return identifier


@click.group("import")
def bring() -> None:
    """Import a roster or responses: all or nothing."""


@bring.command()
@click.argument("file", type=FILE)
@click.option("--programme", metavar="SLUG", help="Whose roster; may be left out where there is one programme.")
@click.option("--json", "as_json", is_flag=True)
@language_option()
@asynchronous
async def roster(file: Path, programme: str | None, as_json: bool, lang: str) -> None:
    """Import people from XLSX or CSV; known employee numbers are updated."""
    from service.actions import people

    async with opened() as database:
        owner = await programme_of(database, programme)
        result = await people.import_roster(database, owner, file.name, file.read_bytes())
    if result.problems:
        refuse(list(result.problems), lang, as_json)
    answer(result, as_json, f"{result.new} new, {result.changed} changed, {result.unchanged} unchanged")


@bring.command("responses")
@click.argument("wave")
@click.argument("file", type=FILE)
@click.option("--json", "as_json", is_flag=True)
@language_option()
@asynchronous
async def import_responses(wave: str, file: Path, as_json: bool, lang: str) -> None:
    """Import answers from a CSV whose header names the columns."""
    from service.actions import results

    async with opened() as database:
        result = await results.import_responses(database, await wave_of(database, wave), file.name, file.read_bytes())
    if result.problems:
        refuse(list(result.problems), lang, as_json)
    answer(result, as_json, f"{result.stored} responses")


@bring.command("metrics")
@click.argument("file", type=FILE)
@click.option("--programme", metavar="SLUG", help="Whose metrics; may be left out where there is one programme.")
@click.option("--json", "as_json", is_flag=True)
@language_option()
@asynchronous
async def import_metrics(file: Path, programme: str | None, as_json: bool, lang: str) -> None:
    """Import values of cases (case, group, date, metrics) from XLSX or CSV; known cases are replaced."""
    from service.actions import metrics

    async with opened() as database:
        owner = await programme_of(database, programme)
        result = await metrics.bring(database, owner, file.name, file.read_bytes())
    if result.problems:
        refuse(list(result.problems), lang, as_json)
    answer(result, as_json, f"{result.new} new, {result.replaced} replaced")


@click.group("export")
def take() -> None:
    """Export responses."""


@take.command("responses")
@click.argument("wave")
@click.option("--format", "form", type=click.Choice(FORMS), default="csv", show_default=True)
@click.option("--out", type=FILE, help="File to write; standard output otherwise.")
@language_option("zh-CN")
@asynchronous
async def export_responses(wave: str, form: str, out: Path | None, lang: str) -> None:
    """Export a wave's answers by its anonymity rules; labels in the language asked for."""
    from service.actions import results

    async with opened() as database:
        pieces = await results.export(database, await wave_of(database, wave), form, lang)
    if out:
        save(out, b"".join(pieces))
    else:
        sys.stdout.buffer.writelines(pieces)


@click.group()
def report() -> None:
    """Make reports."""


PAPER = click.option("--paper", type=click.Choice(["a4", "letter"]), default="a4", show_default=True)


@report.command()
@click.option("--programme", required=True, metavar="SLUG")
@click.option("--out", required=True, type=FILE)
@click.option("--wave", help="A wave's id; otherwise the newest diagnosis wave with answers.")
@PAPER
@language_option("zh-CN")
@asynchronous
async def diagnosis(programme: str, out: Path, wave: str | None, paper: Paper, lang: str) -> None:
    """《流程现状诊断报告》 as PDF."""
    from service.actions import reporting

    chosen = settings()
    async with opened(chosen) as database:
        owner = await programme_of(database, programme)
        which = await (wave_of(database, wave, owner) if wave else reporting.newest_wave(database, owner))
        if which is None:
            raise Fault("cli.unanswered", slug=programme)
        save(out, await reporting.diagnosis_pdf(database, chosen, which, lang, paper))
    click.echo(f"{out}: {out.stat().st_size} bytes")


@report.command()
@click.option("--programme", required=True, metavar="SLUG")
@click.option("--out", required=True, type=FILE)
@PAPER
@language_option("zh-CN")
@asynchronous
async def pilot(programme: str, out: Path, paper: Paper, lang: str) -> None:
    """《试点评估报告》 as PDF, by the plan that was fixed."""
    from service.actions import pilot_reporting
    from service.errors import NotFound

    async with opened() as database:
        owner = await programme_of(database, programme)
        try:
            content = await pilot_reporting.pilot_pdf(database, owner, lang, paper)
        except NotFound:
            raise Fault("cli.no_plan", slug=programme) from None
    save(out, content)
    click.echo(f"{out}: {out.stat().st_size} bytes")


@report.command()
@click.option("--programme", required=True, metavar="SLUG")
@click.option("--out", required=True, type=FILE)
@click.option("--exam", default="", metavar="CODE", help="Its code; otherwise the newest exam that was published.")
@language_option("zh-CN")
@asynchronous
async def training(programme: str, out: Path, exam: str, lang: str) -> None:
    """《培训考核报告》 as PDF."""
    from service.actions import training_reporting
    from service.errors import NotFound

    async with opened() as database:
        owner = await programme_of(database, programme)
        try:
            which = await training_reporting.coded(database, owner, exam)
        except NotFound:
            raise Fault("cli.no_exam", slug=programme, code=exam) from None
        save(out, await training_reporting.training_pdf(database, owner, which, lang))
    click.echo(f"{out}: {out.stat().st_size} bytes")
