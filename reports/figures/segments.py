"""How far groups lie apart."""

from __future__ import annotations

from reports.figure import NOTE, Dot, Label, Mark, Rect, Scene, Shape, label_block, line
from reports.figures.scales import NARROW
from reports.style import CONTENT_WIDTH, Role
from reports.wording import words
from surveys.analysis.findings import DiagnosisFindings, GroupMean, SegmentFinding

ROW = 26.0
_LOOKS: tuple[tuple[str, Role], ...] = (
    ("circle", "high2"), ("diamond", "low2"), ("square", "muted"), ("triangle", "high2"), ("ring", "ink"),
    ("square", "low2"), ("diamond", "high2"), ("triangle", "low2"), ("circle", "muted"), ("ring", "low2"),
)  # fmt: skip
"""Shape and colour together, so that neither is needed alone."""


def segments_by_side(findings: DiagnosisFindings, language: str, width: float = CONTENT_WIDTH) -> Scene | None:
    return _by_dimension(findings, "side", language, width)


def segments_by_department(findings: DiagnosisFindings, language: str, width: float = CONTENT_WIDTH) -> Scene | None:
    return _by_dimension(findings, "department", language, width)


def _by_dimension(findings: DiagnosisFindings, dimension: str, language: str, width: float) -> Scene | None:
    found = [segment for segment in findings.segments if segment.dimension == dimension]
    return segment_dots(findings, found[0], language, width) if found else None


def segment_dots(
    findings: DiagnosisFindings, segment: SegmentFinding, language: str, width: float = CONTENT_WIDTH
) -> Scene | None:
    """A row for each scale, a mark for each group's mean; rows whose groups differ by test carry a bold label."""
    groups = [group for group in segment.groups if any(mean.value is not None for mean in group.means.values())]
    scales = [scale for scale in findings.scales if any(scale.code in group.means for group in groups)]
    if len(groups) < 2 or not scales:
        return None
    say = words(language)
    different = {test.scale for test in segment.tests if test.different}
    left = width * (0.32 if width < NARROW else 0.25)
    plot = width - left - 14
    marks, top = _key(groups[: len(_LOOKS)], language, width)
    bottom = top + ROW * len(scales)
    rows = []
    for number, scale in enumerate(scales):
        y = top + ROW * (number + 0.5)
        name = say.pick(scale.label) + (" *" if scale.code in different else "")
        marks += label_block(name, 0, y, left - 12, language=language, bold=scale.code in different)
        values = []
        for group, (shape, colour) in zip(groups, _LOOKS, strict=False):
            mean = group.means.get(scale.code)
            if mean is None or mean.value is None:
                continue
            x = left + plot * (mean.value - scale.low) / (scale.high - scale.low)
            values.append((x, shape, colour, f"{say.pick(group.label)} {say.number(mean.value)}"))
        middle = left + plot / 2
        marks.append(line(left, y, left + plot, y, "wash", 0.6))
        marks.append(line(middle, y - ROW / 2, middle, y + ROW / 2, "rule", 0.8))
        if values:
            marks.append(line(min(values)[0], y, max(values)[0], y, "rule", 2.4))
        marks += [_shape(x, y, shape, colour, title) for x, shape, colour, title in values]
        rows.append(f"{name}: " + "; ".join(title for *_, title in values))
    marks += _ticks(scales[0].low, scales[0].high, left, plot, bottom)
    title = say("figure.segments", dimension=say.pick(segment.label))
    return Scene(width, bottom + 14, title, say("figure.segments.description", rows=" ".join(rows)), tuple(marks))


def _ticks(low: int, high: int, left: float, plot: float, bottom: float) -> list[Mark]:
    return [
        Label(left + plot * (tick - low) / (high - low), bottom + 10, str(tick), NOTE, "muted", "middle")
        for tick in range(low, high + 1)
        if high - low <= 10
    ]


def _key(groups: list[GroupMean], language: str, width: float) -> tuple[list[Mark], float]:
    """The key in as many columns as fit, and where the plot may begin."""
    say = words(language)
    columns = 2 if width < NARROW else 4
    column = width / columns
    marks: list[Mark] = []
    for number, (group, (shape, colour)) in enumerate(zip(groups, _LOOKS, strict=False)):
        x, y = (number % columns) * column, 8 + (number // columns) * 14
        marks.append(_shape(x + 5, y, shape, colour, ""))
        name = say.pick(group.label)
        marks += label_block(
            f"{name} ({group.n})" if group.n else name, x + 14, y, column - 18, language=language, lines=1, size=7.5
        )
    return marks, 14.0 * -(-len(groups) // columns) + 10


def _shape(x: float, y: float, shape: str, colour: Role, title: str) -> Mark:
    r = 3.6
    if shape == "circle":
        return Dot(x, y, r, colour, "paper", title)
    if shape == "ring":
        return Dot(x, y, r - 0.4, "paper", colour, title)
    if shape == "square":
        return Rect(x - r + 0.4, y - r + 0.4, 2 * r - 0.8, 2 * r - 0.8, colour, "paper", title)
    if shape == "triangle":
        return Shape(((x, y - r), (x + r, y + r - 0.6), (x - r, y + r - 0.6)), colour, "paper", title)
    return Shape(((x, y - r - 0.6), (x + r + 0.6, y), (x, y + r + 0.6), (x - r - 0.6, y)), colour, "paper", title)
