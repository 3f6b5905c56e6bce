"""《流程现状诊断报告》: the diagnosis of a process as a PDF document."""

from __future__ import annotations

from reports.diagnosis import appendix, cover, methods, people, priorities, process, scales, summary, voices
from reports.document import Document
from reports.style import Paper
from reports.wording import words
from surveys.analysis.findings import DiagnosisFindings


def render(findings: DiagnosisFindings, language: str, paper: Paper = "a4") -> bytes:
    """The report of ``findings`` in ``language`` (zh-CN or en) as PDF; the same findings give the same bytes.

    Raises ``reports.fonts.FontsMissing`` before set-up has prepared the faces.
    """
    say = words(language)
    running = f"{findings.programme.name} · {findings.wave.title}"
    document = Document(say, say("report.title"), running, lambda canvas: cover.draw(canvas, findings, say), paper)
    summary.add(document, findings)
    people.add_response(document, findings)
    scales.add(document, findings)
    priorities.add_priorities(document, findings)
    process.add_steps(document, findings)
    process.add_pains(document, findings)
    process.add_whys(document, findings)
    priorities.add_candidates(document, findings)
    people.add_segments(document, findings)
    voices.add_questions(document, findings)
    voices.add_comments(document, findings)
    appendix.add(document, findings)
    methods.add(document, findings)
    return document.build()
