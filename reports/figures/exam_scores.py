"""Scores of an exam with the cut and its band of error; who passed, by department; topics against the pass mark."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from reports.figure import NOTE, TEXT, Dot, Label, Mark, Rect, Scene, between_rows, label_block, line
from reports.figures.scales import NARROW
from reports.style import CONTENT_WIDTH, Role
from reports.wording import Words, words
from surveys.analysis.training_findings import GroupOutcome, TrainingFindings
from surveys.statistics.estimate import Estimate

PLOT = 132.0
ROW = 22.0
VERDICTS: dict[str, Role] = {"retrain": "low2", "mastered": "high2", "mixed": "muted", "insufficient": "muted"}


def score_distribution(findings: TrainingFindings, language: str, width: float = CONTENT_WIDTH) -> Scene | None:
    """How many people had which score; bars that reach the cut are dark, the band of error is shaded."""
    scores, exam = findings.scores, findings.exam
    if not scores.bins:
        return None
    say = words(language)
    left, right, top = 30.0, 6.0, 22.0
    plot, bottom = width - left - right, top + PLOT
    highest = max(1, *(each.count for each in scores.bins))

    def x(points: float) -> float:
        return left + plot * min(1.0, max(0.0, points / exam.total))

    marks: list[Mark] = []
    if scores.band_low is not None and scores.band_high is not None:
        low, high = x(scores.band_low), x(scores.band_high)
        marks.append(Rect(low, top, high - low, PLOT, "wash"))
        marks += [line(edge, top, edge, bottom, "rule", 0.6) for edge in (low, high)]
        marks.append(Label(low + 4, top + 9, say("training.figure.band"), NOTE, "muted"))
    marks += _counts(highest, left, plot, top)
    for each in scores.bins:
        if each.count:
            tall = PLOT * each.count / highest
            fill: Role = "accent" if each.low >= exam.cut - 1e-9 else "low1"
            name = f"{say.short(each.low)}–{say.short(each.high)}: {each.count}"
            marks.append(
                Rect(x(each.low) + 0.8, bottom - tall, x(each.high) - x(each.low) - 1.6, tall, fill, None, name)
            )
    marks.append(line(left, bottom, left + plot, bottom, "ink", 0.8))
    marks.append(line(x(exam.cut), top - 6, x(exam.cut), bottom, "low2", 1.2, dashed=True))
    cut = say("training.figure.cut", cut=say.short(exam.cut))
    marks.append(Label(x(exam.cut), top - 10, cut, TEXT, "ink", "middle", bold=True))
    for tenth in range(0, 11, 2 if width < NARROW else 1):
        points = exam.total * tenth / 10
        marks.append(Label(x(points), bottom + 11, say.short(points), NOTE, "muted", "middle"))
    marks.append(Label(left + plot, bottom + 22, say("training.figure.points"), NOTE, "muted", "end"))
    description = say(
        "training.figure.distribution.description", mean=say.number(scores.mean.value, 1), cut=say.short(exam.cut)
    )
    return Scene(width, bottom + 26, say("training.figure.distribution"), description, tuple(marks))


def _counts(highest: int, left: float, plot: float, top: float) -> list[Mark]:
    """Lines at round numbers of people."""
    step = next(
        step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 10**3, 10**4, 10**5, 10**6) if highest / step <= 5
    )
    marks: list[Mark] = []
    for count in range(step, highest + 1, step):
        y = top + PLOT * (1 - count / highest)
        marks.append(line(left, y, left + plot, y, "rule", 0.4))
        marks.append(Label(left - 5, y + 2.5, str(count), NOTE, "muted", "end"))
    return marks


def pass_rates(findings: TrainingFindings, language: str, width: float = CONTENT_WIDTH) -> Scene | None:
    """Pass rates by department with their intervals, against that of everybody."""
    people = findings.participation
    if not people.by_department or not people.sat:
        return None
    say = words(language)
    rows = [
        (
            each.label,
            each.pass_rate,
            "accent",
            "" if each.sat is None else say("training.figure.of", passed=each.passed, n=each.pass_rate.n_valid),
        )
        for each in sorted(people.by_department, key=_place)
    ]
    return _ladder(
        rows,  # type: ignore[arg-type]
        say,
        width,
        (people.pass_rate.value, lambda share: say("training.figure.everybody", rate=share)),
        (say("training.figure.pass_rates"), "training.figure.pass_rates.description"),
    )


def _place(group: GroupOutcome) -> tuple[bool, float, str]:
    """Lowest rate first, those without one last."""
    return group.pass_rate.value is None, group.pass_rate.value or 0.0, group.label


def topic_shares(findings: TrainingFindings, language: str, width: float = CONTENT_WIDTH) -> Scene | None:
    """The share of each topic's points that people earned, lowest first, against the share that passes."""
    if not any(topic.share.value is not None for topic in findings.topics):
        return None
    say = words(language)
    rows = [
        (topic.topic, topic.share, VERDICTS[topic.verdict], say("training.figure.items", n=topic.items))
        for topic in findings.topics
    ]
    exam = findings.exam
    return _ladder(
        rows,
        say,
        width,
        (exam.cut / exam.total if exam.total else None, lambda share: say("training.figure.pass_share", share=share)),
        (say("training.figure.topics"), "training.figure.topics.description"),
    )


Row = tuple[str, Estimate, Role, str]


def _ladder(
    rows: Sequence[Row],
    say: Words,
    width: float,
    reference: tuple[float | None, Callable[[str], str]],
    titles: tuple[str, str],
) -> Scene:
    """Shares with intervals, one row each: name, dot and interval, figure, a note; a dashed line to compare with."""
    narrow = width < NARROW
    left, right = (0.0, 66.0) if narrow else (width * 0.27, 142.0)
    row = ROW + 13 if narrow else ROW
    plot, top = width - left - right - 8, 20.0
    bottom = top + row * len(rows)
    marks: list[Mark] = []
    for tick in range(0, 5):
        x = left + plot * tick / 4
        marks.append(line(x, top, x, bottom, "rule", 0.4))
        marks.append(Label(x, bottom + 11, say.percent(tick / 4), NOTE, "muted", "middle" if tick else "start"))
    if reference[0] is not None:
        x = left + plot * min(1.0, reference[0])
        marks.append(line(x, top - 4, x, bottom, "low2", 1.2, dashed=True))
        marks.append(Label(x, top - 8, reference[1](say.percent(reference[0])), NOTE, "muted", "middle"))
    told = []
    for number, (name, estimate, colour, note) in enumerate(rows):
        y = top + row * (number + 0.5)
        if narrow:
            marks += label_block(name, 0, y - 9, width - right, language=say.language, lines=1)
            y += 8
        else:
            marks += label_block(name, 0, y, left - 12, language=say.language)
        marks += _share(estimate, colour, note, say, (left, plot, y, width, narrow))
        told.append(f"{name} {say.percent(estimate.value)}")
    description = say(titles[1], rows=say.list(told))
    return Scene(width, bottom + 16, titles[0], description, tuple(marks), between_rows(top, row, len(rows)))


def _share(
    estimate: Estimate, colour: Role, note: str, say: Words, place: tuple[float, float, float, float, bool]
) -> list[Mark]:
    left, plot, y, width, narrow = place
    if estimate.value is None:
        few = say("training.figure.few") if estimate.params.get("reason") == "few" else say("figure.withheld")
        absent = few if estimate.params.get("reason") or not estimate.n_valid else ""
        return [Label(left + 6, y + 3, absent, NOTE, "muted"), Label(width, y + 3, note, NOTE, "muted", "end")]
    marks: list[Mark] = []
    if estimate.ci_low is not None and estimate.ci_high is not None:
        ends = [left + plot * min(1.0, max(0.0, bound)) for bound in (estimate.ci_low, estimate.ci_high)]
        marks.append(line(ends[0], y, ends[1], y, colour, 1.6))
        marks += [line(end, y - 3, end, y + 3, colour, 1.0) for end in ends]
    marks.append(Dot(left + plot * estimate.value, y, 3.6, colour, "paper", say.percent(estimate.value)))
    marks.append(
        Label(width - (0 if narrow else 108), y + 3, say.percent(estimate.value), TEXT, "ink", "end", bold=True)
    )
    if not narrow:
        span = "" if estimate.ci_low is None else f"{say.percent(estimate.ci_low)}–{say.percent(estimate.ci_high)}"
        marks.append(Label(width - 54, y + 3, span, NOTE, "muted", "end"))
        marks.append(Label(width, y + 3, note, NOTE, "muted", "end"))
    return marks
