"""Commands that need no database: check, score."""

from __future__ import annotations

from pathlib import Path

import click

from service.cli.console import FILE, Fault, answer, language_option, refuse, written


@click.command()
@click.argument("questionnaire", type=FILE)
@click.option("--json", "as_json", is_flag=True)
@language_option()
def check(questionnaire: Path, as_json: bool, lang: str) -> None:
    """Say what is wrong with a questionnaire file."""
    from surveys.check import check as problems_of
    from surveys.formats.yaml import locate, read

    source = questionnaire.read_bytes()
    definition, problems = read(source)
    if definition is not None:
        problems = [*problems, *locate(source, problems_of(definition))]
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
