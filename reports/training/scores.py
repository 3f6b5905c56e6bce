"""The scores and how far they can be trusted; what was not learnt."""

from __future__ import annotations

from reports.document import Column, Document
from reports.figures.exam_scores import score_distribution, topic_shares
from reports.style import CONTENT_WIDTH
from reports.training.sources import between, source
from reports.wording import NONE, Words
from surveys.analysis.training_findings import TrainingFindings
from surveys.statistics.estimate import Estimate

RELIABLE, USABLE = 0.8, 0.7
"""Nunnally & Bernstein (1994): 0.7 for a beginning, 0.8 where groups are compared, more where persons are judged."""


def add(document: Document, findings: TrainingFindings) -> None:
    say, scores = document.say, findings.scores
    document.section(say("training.scores.topic"), _finding(findings, say), new_page=bool(scores.bins))
    unfinished = say("training.scores.unfinished", n=scores.unfinished) if scores.unfinished else ""
    if scores.bins:
        document.caption(say("training.scores.caption"))
        document.figure(score_distribution(findings, say.language), source(findings, say, scores.mean, note=unfinished))
    _table(document, findings)


def _finding(findings: TrainingFindings, say: Words) -> str:
    scores, exam = findings.scores, findings.exam
    if scores.mean.value is None:
        return say("training.scores.finding.few")
    mean, median = say.number(scores.mean.value, 1), say.number(scores.median.value, 1)
    if scores.uncertain is None or scores.band_high is None:
        return say("training.scores.finding.plain", mean=mean, median=median)
    return say(
        "training.scores.finding", mean=mean, margin=say.number(scores.band_high - exam.cut, 1),
        share=say.percent(scores.uncertain.value),
    )  # fmt: skip


def level(alpha: Estimate) -> str:
    """high, fair or low, by the figure itself; none where there is no figure."""
    if alpha.value is None:
        return "none"
    return "high" if alpha.value >= RELIABLE else "fair" if alpha.value >= USABLE else "low"


def _table(document: Document, findings: TrainingFindings) -> None:
    say, scores, reliability, exam = document.say, findings.scores, findings.reliability, findings.exam
    if scores.mean.value is None:
        return
    name = {"kr20": "kr20", "items": "alpha", "places": "places"}[reliability.by]
    sd = say.number(scores.standard_deviation, 1)
    rows = [
        [
            say("training.scores.mean"), say.number(scores.mean.value, 1), between(scores.mean, say, decimals=1),
            say("training.scores.mean.meaning", total=say.short(exam.total)),
        ],
        [
            say("training.scores.median"), say.number(scores.median.value, 1), between(scores.median, say, decimals=1),
            say("training.scores.median.meaning"),
        ],
        [say("training.scores.sd"), sd, NONE, say("training.scores.sd.meaning")],
        [
            say(f"training.scores.{name}"), say.number(reliability.alpha.value), between(reliability.alpha, say),
            say(f"training.scores.reliability.{level(reliability.alpha)}"),
        ],
        [
            say("training.scores.sem"), say.number(reliability.standard_error.value, 1), NONE,
            say("training.scores.sem.meaning"),
        ],
        [
            say("training.scores.livingston"), say.number(reliability.livingston.value), NONE,
            say("training.scores.livingston.meaning"),
        ],
    ]  # fmt: skip
    if scores.uncertain and scores.band_low is not None:
        low, high = say.number(scores.band_low, 1), say.number(scores.band_high, 1)
        rows.append(
            [
                say("training.scores.band"), say.percent(scores.uncertain.value),
                between(scores.uncertain, say, "percent", 0), say("training.scores.band.meaning", low=low, high=high),
            ]
        )  # fmt: skip
    columns = [
        Column(say("training.scores.column.figure"), 128), Column(say("training.scores.column.value"), 54, "right"),
        Column(say("training.scores.column.interval"), 80, "right"),
        Column("", 12), Column(say("training.scores.column.meaning"), CONTENT_WIDTH - 274),
    ]  # fmt: skip
    document.table(columns, [[*row[:3], "", row[3]] for row in rows], source(findings, say, scores.mean))


def add_topics(document: Document, findings: TrainingFindings) -> None:
    if not findings.topics:
        return
    say = document.say
    known = [topic for topic in findings.topics if topic.share.value is not None]
    low = [topic for topic in known if topic.verdict == "retrain"]
    finding = say("training.topics.finding.few")
    if known:
        params = {"n": len(known), "low": len(low), "worst": known[0].topic, "share": say.percent(known[0].share.value)}
        finding = say("training.topics.finding" if low else "training.topics.finding.none", **params)
    document.section(say("training.topics.topic"), finding)
    if not known:
        return
    document.caption(say("training.topics.caption"))
    document.figure(topic_shares(findings, say.language), source(findings, say, *(topic.share for topic in known)))
    columns = [
        Column(say("training.topics.column.topic"), 170), Column(say("training.topics.column.verdict"), 72),
        Column("n", 42, "right"), Column("", 12), Column(say("training.topics.column.who"), CONTENT_WIDTH - 296),
    ]  # fmt: skip
    rows = [
        [
            topic.topic, say(f"training.verdict.{topic.verdict}"), str(topic.share.n_valid), "",
            say.list([*topic.weakest]) or NONE,
        ]
        for topic in findings.topics
    ]  # fmt: skip
    document.table(columns, rows)
