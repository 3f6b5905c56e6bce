"""Response rates by group."""

from __future__ import annotations

from reports.figure import NOTE, TEXT, Label, Mark, Rect, Scene, between_rows, label_block, line
from reports.figures.scales import NARROW
from reports.style import CONTENT_WIDTH
from reports.wording import words
from surveys.analysis.findings import DiagnosisFindings, GroupRate

ROW = 20.0


def rates_by_department(findings: DiagnosisFindings, language: str, width: float = CONTENT_WIDTH) -> Scene | None:
    return _rates(findings, findings.response.by_department, "department", language, width)


def rates_by_side(findings: DiagnosisFindings, language: str, width: float = CONTENT_WIDTH) -> Scene | None:
    return _rates(findings, findings.response.by_side, "side", language, width)


def _rates(
    findings: DiagnosisFindings, groups: tuple[GroupRate, ...], dimension: str, language: str, width: float
) -> Scene | None:
    if not any(group.invited for group in groups):
        return None
    say = words(language)
    left = width * (0.3 if width < NARROW else 0.22)
    plot = width - left - 92
    top = 16.0
    bottom = top + ROW * len(groups)
    marks: list[Mark] = [line(left, top, left, bottom, "rule")]
    rows = []
    for number, group in enumerate(groups):
        y = top + ROW * (number + 0.5)
        name = say.pick(group.label)
        marks += label_block(name, 0, y, left - 10, language=language, lines=1)
        rate = group.rate.value if group.rate else None
        marks.append(Rect(left, y - 5, plot, 10, "wash"))
        if rate is None:
            marks.append(Label(left + 6, y + 3, say("figure.withheld"), NOTE, "muted"))
        else:
            marks.append(Rect(left, y - 5, plot * min(1.0, rate), 10, "accent", None, f"{name} {say.percent(rate)}"))
            marks.append(Label(left + plot + 40, y + 3, say.percent(rate), TEXT, "ink", "end", bold=True))
            marks.append(Label(width, y + 3, f"{group.responded} / {group.invited}", NOTE, "muted", "end"))
        rows.append(f"{name} {say.percent(rate)}")
    overall = findings.response.rate.value if findings.response.rate else None
    if overall is not None:
        x = left + plot * min(1.0, overall)
        marks.append(line(x, top - 3, x, bottom, "low2", 1.2, dashed=True))
        marks.append(Label(x, top - 6, say("figure.rates.overall", rate=say.percent(overall)), NOTE, "muted", "middle"))
    title = say("figure.rates", dimension=say(f"dimension.{dimension}"))
    return Scene(
        width,
        bottom + 4,
        title,
        say("figure.rates.description", rows=say.list(rows)),
        tuple(marks),
        between_rows(top, ROW, len(groups)),
    )
