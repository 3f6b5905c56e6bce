"""One page that answers "so what?": the lead sentence, five figures, what holds and what needs doing."""

from __future__ import annotations

from collections.abc import Iterator

from reportlab.platypus import Flowable

from reports.document import Block, Document, Space
from reports.figure import NOTE, Label, Mark, Scene, line, to_drawing
from reports.paragraph import Prose, fit
from reports.style import BODY, CONTENT_WIDTH, LEAD, SMALL, span
from reports.training.items import suspect
from reports.training.scores import RELIABLE, USABLE
from reports.training.sources import interval
from reports.wording import Words
from surveys.analysis.training_findings import TrainingFindings
from surveys.disclosure import FEW

MOST = 7
MOST_SHARE, MANY = 0.9, 0.8
Claim = tuple[str, str]


def add(document: Document, findings: TrainingFindings) -> None:
    say = document.say
    document.section(say("training.summary.topic"), lead(findings, say))
    for flowable in (Space(8), to_drawing(_figures(findings, say)), Space(16)):
        document.add(flowable)
    columns = [
        (0.0, span(5), _column("holds", [*holds(findings, say)], say)),
        (CONTENT_WIDTH - span(7) + 8, span(7) - 8, _column("todo", [*to_do(findings, say)], say)),
    ]
    document.add(Block(columns, space_after=6))
    for flowable in _cannot(findings, say):
        document.add(flowable)


def lead(findings: TrainingFindings, say: Words) -> str:
    """The one sentence, from what the figures support."""
    people = findings.participation
    if people.sat == 0:
        return say("training.lead.none")
    if people.pass_rate.value is None:
        return say("training.lead.few", n=people.sat)
    rate = say.percent(people.pass_rate.value)
    serious = [item for item in findings.flagged if item.serious]
    if len(serious) == 1:
        return say("training.lead.items.one", rate=rate, item=serious[0].code)
    if serious:
        return say("training.lead.items", rate=rate, n=len(serious))
    low = [topic for topic in findings.topics if topic.verdict == "retrain"]
    return say("training.lead.retrain", rate=rate, topic=low[0].topic) if low else say("training.lead.pass", rate=rate)


def _figures(findings: TrainingFindings, say: Words) -> Scene:
    people, alpha = findings.participation, findings.reliability.alpha
    figures = [
        (str(people.sat), "sat"), (say.percent(people.rate.value), "rate"),
        (say.percent(people.pass_rate.value), "pass"), (say.number(findings.scores.mean.value, 1), "mean"),
        (say.number(alpha.value), "reliability"),
    ]  # fmt: skip
    step = CONTENT_WIDTH / 5
    marks: list[Mark] = [line(0, 0, CONTENT_WIDTH, 0, "ink", 0.8), line(0, 52, CONTENT_WIDTH, 52, "rule")]
    for number, (figure, name) in enumerate(figures):
        marks.append(Label(number * step, 27, figure, 17, "accent", bold=True))
        caption = fit(say(f"training.figure.number.{name}"), step - 6, NOTE)[0]
        marks.append(Label(number * step, 43, caption, NOTE, "muted"))
    return Scene(CONTENT_WIDTH, 53, "", "", tuple(marks))


def _column(side: str, claims: list[Claim], say: Words) -> list[Flowable]:
    language = say.language
    column: list[Flowable] = [
        Prose(say(f"training.summary.{side}"), language=language, size=LEAD, bold=True, space_after=6)
    ]
    for claim, figures in claims[:MOST]:
        column.append(Prose(claim, language=language, size=BODY, leading=1.5, bold=True))
        column.append(Prose(figures, language=language, size=8, leading=1.5, colour="muted", space_after=7))
    if not claims:
        column.append(Prose(say(f"training.summary.{side}.none"), language=language, colour="muted"))
    if len(claims) > MOST:
        more = say("summary.more", n=len(claims) - MOST)
        column.append(Prose(more, language=language, size=SMALL, colour="muted"))
    return column


def _said(key: str, say: Words, **params: object) -> Claim:
    return say(f"training.{key}", **params), say(f"training.{key}.figures", **params)


def holds(findings: TrainingFindings, say: Words) -> Iterator[Claim]:
    """What the figures support, the plainest first."""
    people, alpha = findings.participation, findings.reliability.alpha
    rate = people.pass_rate
    if people.sat >= FEW and (people.rate.value or 0.0) >= MOST_SHARE:
        yield _said("holds.sat", say, n=people.candidates, sat=people.sat, rate=say.percent(people.rate.value))
    if rate.ci_low is not None and rate.ci_low > 0.5:
        yield _said(
            "holds.pass", say, passed=people.passed, n=rate.n_valid, rate=say.percent(rate.value),
            interval=interval(rate, say, "percent", 0),
        )  # fmt: skip
    if alpha.value is not None and alpha.value >= RELIABLE:
        yield _said(
            "holds.reliable", say, alpha=say.number(alpha.value), interval=interval(alpha, say),
            livingston=say.number(findings.reliability.livingston.value),
        )  # fmt: skip
    for gain in findings.kirkpatrick.learning:
        if gain.gain.ci_low is not None and gain.gain.ci_low > 0:
            yield _said(
                "holds.gain", say, gain=say.number(gain.gain.value, 1), n=gain.gain.n_valid,
                interval=interval(gain.gain, say, decimals=1),
            )  # fmt: skip
    for topic in [each for each in findings.topics if each.verdict == "mastered"][::-1][:2]:
        yield _said(
            "holds.topic", say, topic=topic.topic, share=say.percent(topic.share.value), n=topic.share.n_valid,
            interval=interval(topic.share, say, "percent", 0),
        )  # fmt: skip
    again = findings.resits
    if again.gain.ci_low is not None and again.gain.ci_low > 0 and again.passed.value is not None:
        yield _said(
            "holds.resits", say, n=again.passed.n_valid, rate=say.percent(again.passed.value),
            gain=say.number(again.gain.value, 1), interval=interval(again.gain, say, decimals=1),
        )  # fmt: skip


def to_do(findings: TrainingFindings, say: Words) -> Iterator[Claim]:
    """What somebody should do about it, the most urgent first."""
    people, exam = findings.participation, findings.exam
    for item in [each for each in findings.flagged if each.serious][:3]:
        figures = {
            "item": item.code, "facility": say.percent(item.facility.value), "n": item.facility.n_valid,
            "discrimination": say.number(item.discrimination.value, 1),
        }  # fmt: skip
        claim = say("training.todo.key" if suspect(item) else "training.todo.item", **figures)
        yield claim, say("training.todo.item.figures", **figures)
    if findings.scores.unfinished:
        yield _said("todo.marking", say, n=findings.scores.unfinished, undecided=people.undecided)
    for topic in [each for each in findings.topics if each.verdict == "retrain"][:2]:
        claim, told = _said(
            "todo.retrain", say, topic=topic.topic, share=say.percent(topic.share.value), n=topic.share.n_valid,
            interval=interval(topic.share, say, "percent", 0), cut=say.percent(exam.cut / (exam.total or 1)),
        )  # fmt: skip
        who = say("training.todo.retrain.who", departments=say.list([*topic.weakest])) if topic.weakest else ""
        yield claim, told + who
    if people.failed:
        share = say.percent(people.failed / (people.passed + people.failed))
        yield _said("todo.failed", say, n=people.failed, share=share)
    if people.missing and people.sat:
        yield _said("todo.missing", say, n=people.missing, share=say.percent(people.missing / people.candidates))
    yield from _about_scores(findings, say)


def _about_scores(findings: TrainingFindings, say: Words) -> Iterator[Claim]:
    scores, alpha = findings.scores, findings.reliability.alpha
    if alpha.value is not None and alpha.value < USABLE:
        yield _said("todo.reliability", say, alpha=say.number(alpha.value), interval=interval(alpha, say))
    if scores.uncertain and scores.uncertain.value and scores.band_low is not None:
        yield _said(
            "todo.band", say, share=say.percent(scores.uncertain.value), low=say.number(scores.band_low, 1),
            high=say.number(scores.band_high, 1),
        )  # fmt: skip


def _cannot(findings: TrainingFindings, say: Words) -> list[Flowable]:
    """What nobody should read out of this report; only what holds for this exam is said."""
    people = findings.participation
    keys = ["persons", "work", "effect"]
    if findings.exam.drawn:
        keys.insert(1, "drawn")
    parts = [say(f"training.cannot.{key}") for key in keys]
    if people.missing and people.candidates:
        parts.append(say("training.cannot.missing", share=say.percent(people.missing / people.candidates)))
    language = say.language
    title = Prose(say("training.cannot"), language=language, size=BODY, bold=True, space_after=2)
    return [
        title,
        *(Prose(part, language=language, size=8, leading=1.5, colour="muted", indent=10, marker="·") for part in parts),
    ]
