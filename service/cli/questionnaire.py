"""Commands that need no database: check, convert, score. ``--items`` or a key ``items:`` says that a file has items."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.cli.console import FILE, Fault, answer, language_option, refuse, save, say, written

if TYPE_CHECKING:
    from surveys.formats import Kind


@click.command()
@click.argument("questionnaire", type=FILE)
@click.option("--items", is_flag=True, help="The file holds exam items.")
@click.option("--json", "as_json", is_flag=True)
@language_option()
def check(questionnaire: Path, items: bool, as_json: bool, lang: str) -> None:
    """Say what is wrong with a questionnaire or a file of exam items (.yaml, .txt, .xlsx)."""
    from service import questionnaire_files
    from surveys.check import check as problems_of

    source, kind = questionnaire.read_bytes(), kind_of(questionnaire, "yaml")
    if items or holds_items(source, kind):
        check_items(source, kind, as_json, lang)
        return
    definition, problems = questionnaire_files.read(source, kind)
    if definition is not None:
        problems = [*problems, *questionnaire_files.locate(source, kind, problems_of(definition))]
    if definition is None or any(each.severity == "error" for each in problems):
        refuse(problems, lang, as_json)
    count = sum(len(page.questions) for page in definition.pages)
    summary = {
        "name": definition.name,
        "pages": len(definition.pages),
        "questions": count,
        "scales": len(definition.scales),
    }
    line = " · ".join(f"{key} {value}" for key, value in summary.items())
    answer({**summary, "problems": problems}, as_json, "\n".join(filter(None, [written(problems, lang), line])))


def check_items(source: bytes, kind: Kind, as_json: bool, lang: str) -> None:
    """``check`` of a file of items."""
    from service import item_files
    from surveys.exams.check_items import check as problems_of

    found, problems = item_files.read(source, kind)
    if found is not None:
        problems = [*problems, *item_files.locate(source, kind, problems_of(found))]
    if found is None or any(each.severity == "error" for each in problems):
        refuse(problems, lang, as_json)
    types = Counter(each.item.__struct_config__.tag for each in found)
    summary = {"items": len(found), **{str(tag): count for tag, count in sorted(types.items())}}
    line = " · ".join(f"{key} {value}" for key, value in summary.items())
    answer({**summary, "problems": problems}, as_json, "\n".join(filter(None, [written(problems, lang), line])))


def holds_items(source: bytes, kind: Kind) -> bool:
    """Whether a YAML file says that it holds items."""
    from surveys.exams.formats import kind_written

    return kind == "yaml" and kind_written(source.decode("utf-8", "replace")) == "yaml"


@click.command()
@click.argument("source", type=FILE)
@click.argument("target", type=FILE)
@click.option("--items", is_flag=True, help="The file holds exam items.")
@language_option()
def convert(source: Path, target: Path, items: bool, lang: str) -> None:
    """Write a questionnaire or exam items in another form: .yaml, .txt or .xlsx, as the names say."""
    from service import item_files, questionnaire_files

    wanted = kind_of(target)
    data, kind = source.read_bytes(), kind_of(source)
    if items or holds_items(data, kind):
        found, problems = item_files.read(data, kind)
        if found is None:
            refuse(problems, lang)
            return
        save(target, item_files.write(found, wanted, lang))
        return
    definition, problems = questionnaire_files.read(data, kind)
    if definition is None:
        refuse(problems, lang)
        return
    save(target, questionnaire_files.write(definition, wanted, lang))


def kind_of(path: Path, otherwise: Kind | None = None) -> Kind:
    """The form that a file's name promises, else ``otherwise``. Raises click.UsageError."""
    from surveys import formats

    found = formats.kind_of(path.name) or otherwise
    if found is None:
        raise click.UsageError(say("cli.unknown_form", file=path.name, known=", ".join(formats.SUFFIXES)))
    return found


@click.command()
@click.argument("questionnaire", type=FILE)
@click.argument("responses", type=FILE)
@click.option("--json", "as_json", is_flag=True)
@language_option()
def score(questionnaire: Path, responses: Path, as_json: bool, lang: str) -> None:
    """Score answers in a CSV without any database: items, scales, intervals."""
    from service import questionnaire_files
    from service.spreadsheet import FAULTS, Unreadable, read_table
    from surveys.analysis import offline
    from surveys.compiled import compile_questionnaire
    from surveys.formats import table

    definition, problems = questionnaire_files.read(questionnaire.read_bytes(), kind_of(questionnaire, "yaml"))
    if definition is None:
        refuse(problems, lang, as_json)
        return
    try:
        read = read_table(responses.read_bytes())
    except Unreadable as error:
        raise Fault("cli.unreadable", file=responses.name, reason=FAULTS[error.code][lang]) from None
    compiled = compile_questionnaire(definition)
    rows, problems = table.responses(compiled, read.header, read.rows)
    if problems:
        refuse(problems, lang, as_json)
    findings = offline.score(compiled.questionnaire, [row.stored for row in rows])
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
