"""《培训考核报告》: what an exam showed of a training, as a PDF document."""

from __future__ import annotations

from reports.document import Document
from reports.training import cover, items, levels, methods, people, scores, summary
from reports.wording import words
from surveys.analysis.training_findings import TrainingFindings


def render(findings: TrainingFindings, language: str) -> bytes:
    """The report of ``findings`` in ``language`` (zh-CN or en) as PDF; the same findings give the same bytes.

    Raises ``reports.fonts.FontsMissing`` before set-up has prepared the faces.
    """
    say = words(language)
    running = f"{findings.programme.name} · {say.pick(findings.exam.title)}"
    document = Document(say, say("training.title"), running, lambda canvas: cover.draw_cover(canvas, findings, say))
    summary.add(document, findings)
    people.add(document, findings)
    scores.add(document, findings)
    scores.add_topics(document, findings)
    items.add(document, findings)
    items.add_rasch(document, findings)
    levels.add(document, findings)
    methods.add(document, findings)
    return document.build()
