"""The commands that carry data in and out: import, export, score, report, doctor."""

from __future__ import annotations

import platform
import sys
from pathlib import Path
from uuid import UUID

import click
import msgspec

from service.cli import FILE, Fault, answer, asynchronous, language_option, opened, refuse, save, say, settings
from service.database import Database


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


@click.group("export")
def take() -> None:
    """Export responses."""


@take.command("responses")
@click.argument("wave")
@click.option("--format", "form", type=click.Choice(["csv", "xlsx", "json"]), default="csv", show_default=True)
@click.option("--out", type=FILE, help="File to write; standard output otherwise.")
@asynchronous
async def export_responses(wave: str, form: str, out: Path | None) -> None:
    """Export a wave's answers by its anonymity rules."""
    from service.actions import results

    async with opened() as database:
        content = await results.export(database, await wave_of(database, wave), form)
    if out:
        save(out, content)
    else:
        sys.stdout.buffer.write(content)


@click.command()
@click.argument("questionnaire", type=FILE)
@click.argument("responses", type=FILE)
@click.option("--json", "as_json", is_flag=True)
@language_option()
def score(questionnaire: Path, responses: Path, as_json: bool, lang: str) -> None:
    """Score answers in a CSV without any database: items, scales, intervals."""
    from service.spreadsheet import FAULTS, Unreadable, read_table
    from surveys.analysis import offline
    from surveys.compiled import compile_questionnaire
    from surveys.formats import table, yaml

    definition, problems = yaml.read(questionnaire.read_bytes())
    if definition is None:
        refuse(problems, lang, as_json)
        return
    try:
        read = read_table(responses.read_bytes())
    except Unreadable as error:
        raise Fault("cli.unreadable", file=responses.name, reason=FAULTS[error.code][lang]) from None
    rows, problems = table.responses(compile_questionnaire(definition), read.header, read.rows)
    if problems:
        refuse(problems, lang, as_json)
    findings = offline.score(definition, [row.stored for row in rows])
    lines = [f"n = {findings.response.responded}"]
    for scale in findings.scales:
        mean, alpha = scale.mean, scale.alpha
        lines.append(
            f"{scale.code}: {shown(mean.value)} [{shown(mean.ci_low)}, {shown(mean.ci_high)}] n={mean.n_valid}"
            f" alpha={shown(alpha.value if alpha else None)} {scale.verdict}"
        )
    answer(findings, as_json, "\n".join(lines))


def shown(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


@click.group()
def report() -> None:
    """Make reports."""


@report.command()
@click.option("--programme", required=True, metavar="SLUG")
@click.option("--out", required=True, type=FILE)
@click.option("--wave", help="A wave's id; otherwise the newest diagnosis wave with answers.")
@language_option("zh-CN")
@asynchronous
async def diagnosis(programme: str, out: Path, wave: str | None, lang: str) -> None:
    """《流程现状诊断报告》 as PDF."""
    from service.actions import reporting

    chosen = settings()
    async with opened(chosen) as database:
        owner = await programme_of(database, programme)
        which = await (wave_of(database, wave, owner) if wave else reporting.newest_wave(database, owner))
        if which is None:
            raise Fault("cli.unanswered", slug=programme)
        save(out, await reporting.diagnosis_pdf(database, chosen, which, lang))
    click.echo(f"{out}: {out.stat().st_size} bytes")


class Check(msgspec.Struct):
    """One thing that ``doctor`` looked at."""

    name: str
    ok: bool
    detail: str


@click.command()
@click.option("--json", "as_json", is_flag=True)
@asynchronous
async def doctor(as_json: bool) -> None:
    """Look at what commonly goes wrong: assets, fonts, database, migrations, secret key, disk."""
    checks = [*machine(), await storage()]
    answer(checks, as_json, "\n".join(f"{'ok  ' if each.ok else 'FAIL'} {each.name}: {each.detail}" for each in checks))
    if failed := sum(not each.ok for each in checks):
        raise Fault("cli.doctor", n=failed)


def machine() -> list[Check]:
    import shutil

    from reports.fonts import FACE, FOLDER
    from service.assets import VENDOR

    chosen = settings()
    chosen.data.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(chosen.data).free
    face = FOLDER / f"{FACE}.ttf"
    return [
        Check("python", sys.version_info >= (3, 11), platform.python_version()),
        Check("assets", (VENDOR / "manifest.json").exists(), str(VENDOR)),
        Check("fonts", face.exists(), str(face) if face.exists() else "none: run make setup"),
        Check("disk", free > 200_000_000, f"{free // 1_000_000} MB free in {chosen.data}"),
        Check(
            "cookies",
            chosen.secure_cookies or not chosen.base_url.startswith("https"),
            "WENHENG_SECURE_COOKIES is " + ("on" if chosen.secure_cookies else "off"),
        ),
    ]


async def storage() -> Check:
    from service.store import backup

    try:
        async with opened() as database:
            result = await backup.verify(database)
    except Exception as error:
        return Check("database", False, f"{type(error).__name__}: {error}")
    return Check("database", not result.problems, "; ".join(result.problems) or f"{database.dialect}, verified")


def add_to(wenheng: click.Group) -> None:
    for command in (bring, take, score, report, doctor):
        wenheng.add_command(command)
