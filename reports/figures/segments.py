"""How far groups lie apart."""

from __future__ import annotations

from reports.figure import NOTE, Dot, Label, Mark, Rect, Scene, Shape, between_rows, label_block, line
from reports.figures.scales import NARROW
from reports.style import CONTENT_WIDTH, Role
from reports.wording import words
from surveys.analysis.findings import DiagnosisFindings, GroupMean, SegmentFinding
from surveys.text import Text

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
    """A row for each scale, a mark for each group's mean; rows whose groups differ by test carry a bold label.

    Of more groups than there are marks to tell apart the rest are small rings that the key counts.
    """
    groups = [group for group in segment.groups if any(mean.value is not None for mean in group.means.values())]
    scales = [scale for scale in findings.scales if any(scale.code in group.means for group in groups)]
    if len(groups) < 2 or not scales:
        return None
    say = words(language)
    different = {test.scale for test in segment.tests if test.different}
    left = width * (0.32 if width < NARROW else 0.25)
    plot = width - left - 14
    looks = _looks(groups, different)
    marks, top = _key(looks, language, width)
    bottom = top + ROW * len(scales)
    rows = []
    for number, scale in enumerate(scales):
        y = top + ROW * (number + 0.5)
        name = say.pick(scale.label) + (" *" if scale.code in different else "")
        marks += label_block(name, 0, y, left - 12, language=language, bold=scale.code in different)
        values = []
        for group, shape, colour in looks:
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
        marks += [_shape(x, y, shape, colour, title) for x, shape, colour, title in reversed(values)]
        rows.append(f"{name}: " + "; ".join(title for *_, title in values))
    marks += _ticks(scales[0].low, scales[0].high, left, plot, bottom)
    title = say("figure.segments", dimension=say.pick(segment.label))
    description = say("figure.segments.description", rows=" ".join(rows))
    return Scene(width, bottom + 14, title, description, tuple(marks), between_rows(top, ROW, len(scales)))


def _looks(groups: list[GroupMean], different: set[str]) -> list[tuple[GroupMean, str, Role]]:
    """Every group with its mark; where marks are scarce, the ends of confirmed differences have them, then the largest.

    Those without a mark of their own come last.
    """
    if len(groups) <= len(_LOOKS):
        return [(group, *look) for group, look in zip(groups, _LOOKS, strict=False)]

    def ends(group: GroupMean) -> int:
        return sum(group.label in _ends(groups, scale) for scale in different)

    ranked = sorted(groups, key=lambda group: (-ends(group), -(group.n or 0)))
    named, rest = ranked[: len(_LOOKS)], ranked[len(_LOOKS) :]
    return [
        *((group, *look) for group, look in zip(named, _LOOKS, strict=True)),
        *((group, "speck", "muted") for group in rest),
    ]


def _ends(groups: list[GroupMean], scale: str) -> list[Text]:
    """The groups with the lowest and the highest mean."""
    known = sorted((mean.value, place) for place, group in enumerate(groups)
                   if (mean := group.means.get(scale)) and mean.value is not None)  # fmt: skip
    return [groups[place].label for _, place in (known[:1] + known[-1:])]


def _ticks(low: int, high: int, left: float, plot: float, bottom: float) -> list[Mark]:
    return [
        Label(left + plot * (tick - low) / (high - low), bottom + 10, str(tick), NOTE, "muted", "middle")
        for tick in range(low, high + 1)
        if high - low <= 10
    ]


def _key(looks: list[tuple[GroupMean, str, Role]], language: str, width: float) -> tuple[list[Mark], float]:
    """The key in as many columns as fit, and where the plot may begin."""
    say = words(language)
    columns = 2 if width < NARROW else 4
    column = width / columns
    marks: list[Mark] = []
    entries = [
        (f"{say.pick(group.label)} ({group.n})" if group.n else say.pick(group.label), shape, colour)
        for group, shape, colour in looks[: len(_LOOKS)]
    ]
    if len(looks) > len(_LOOKS):
        entries.append((say("figure.segments.rest", n=len(looks) - len(_LOOKS)), "speck", "muted"))
    for number, (name, shape, colour) in enumerate(entries):
        x, y = (number % columns) * column, 8 + (number // columns) * 14
        marks.append(_shape(x + 5, y, shape, colour, ""))
        marks += label_block(name, x + 14, y, column - 18, language=language, lines=1, size=7.5)
    return marks, 14.0 * -(-len(entries) // columns) + 10


def _shape(x: float, y: float, shape: str, colour: Role, title: str) -> Mark:
    r = 3.6
    if shape == "circle":
        return Dot(x, y, r, colour, "paper", title)
    if shape == "speck":
        return Dot(x, y, 1.8, "paper", colour, title)
    if shape == "ring":
        return Dot(x, y, r - 0.4, "paper", colour, title)
    if shape == "square":
        return Rect(x - r + 0.4, y - r + 0.4, 2 * r - 0.8, 2 * r - 0.8, colour, "paper", title)
    if shape == "triangle":
        return Shape(((x, y - r), (x + r, y + r - 0.6), (x - r, y + r - 0.6)), colour, "paper", title)
    return Shape(((x, y - r - 0.6), (x + r + 0.6, y), (x, y + r + 0.6), (x - r - 0.6, y)), colour, "paper", title)
