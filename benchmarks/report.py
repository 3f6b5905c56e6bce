"""The diagnosis report against WeasyPrint making a like document: same words, same figures (as SVG), same face.

The peer runs in ``.venv-bench`` (``make bench`` sets it up; ``WENHENG_BENCH_PYTHON`` names another interpreter that has
weasyprint). Both are timed in seconds of processor time for the document alone, imports and a first run before that.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from html import escape
from pathlib import Path

import pypdf

from benchmarks.result import Figure
from reports import fonts
from reports.diagnosis import render
from reports.diagnosis.summary import sentence
from reports.figure import to_svg
from reports.figures import FIGURES, distribution, question
from reports.style import CONTENT_WIDTH
from reports.wording import words
from surveys.analysis.findings import DiagnosisFindings
from tests.reports.example import example

ROOT = Path(__file__).resolve().parent.parent
PEER = Path(os.environ.get("WENHENG_BENCH_PYTHON", ROOT / ".venv-bench" / "bin" / "python"))
RUNS = 3

PEER_SCRIPT = """
import json, sys, time
from weasyprint import HTML
HTML(sys.argv[1]).write_pdf()
times = []
for _ in range(int(sys.argv[2])):
    started = time.process_time()
    pdf = HTML(sys.argv[1]).write_pdf(uncompressed_pdf=False)
    times.append(time.process_time() - started)
open(sys.argv[3], "wb").write(pdf)
print(json.dumps(min(times)))
"""


def measure(*, peers: bool) -> Iterator[Figure]:
    findings = example()
    render(findings, "zh-CN")
    seconds, pdf = min((_timed(findings) for _ in range(RUNS)), key=lambda run: run[0])
    pages = _pages(pdf)
    yield Figure("report, processor seconds", seconds, "s", at_most=1.0)
    yield Figure("report, pages", pages)
    yield Figure("report, kilobytes per 12 pages", len(pdf) / 1024 / pages * 12, "kB", at_most=100)
    if peers and PEER.exists():
        peer_seconds, peer_pages, peer_kilobytes = _peer(findings)
        yield Figure("WeasyPrint, processor seconds", peer_seconds, "s")
        yield Figure("WeasyPrint, pages", peer_pages)
        yield Figure("WeasyPrint, kilobytes per 12 pages", peer_kilobytes / peer_pages * 12, "kB")
        yield Figure("report against WeasyPrint, times as fast", peer_seconds / seconds, "×", at_least=5)


def _timed(findings: DiagnosisFindings) -> tuple[float, bytes]:
    started = time.process_time()
    pdf = render(findings, "zh-CN")
    return time.process_time() - started, pdf


def _pages(pdf: bytes) -> int:
    return len(pypdf.PdfReader(io.BytesIO(pdf)).pages)


def _peer(findings: DiagnosisFindings) -> tuple[float, int, float]:
    with tempfile.TemporaryDirectory() as folder:
        page, made = Path(folder, "report.html"), Path(folder, "report.pdf")
        page.write_text(_html(findings), "utf-8")
        run = subprocess.run(
            [PEER, "-c", PEER_SCRIPT, page, str(RUNS), made], capture_output=True, check=True, text=True, timeout=600
        )
        pdf = made.read_bytes()
    return json.loads(run.stdout.splitlines()[-1]), _pages(pdf), len(pdf) / 1024


def _html(findings: DiagnosisFindings) -> str:
    """The report's content in HTML: what a service that prints its pages would hand to WeasyPrint."""
    say = words("zh-CN")
    scenes = [figure(findings, "zh-CN", CONTENT_WIDTH) for figure in FIGURES.values()]
    scenes += [distribution(scale, "zh-CN") for scale in findings.scales]
    scenes += [question(found, "zh-CN") for found in findings.questions]
    parts = [f"<h1>{escape(say('report.title'))}</h1><p>{escape(findings.programme.name)}</p>"]
    for statement in (*findings.strengths, *findings.improvements):
        claim, figures = sentence(statement, say)
        parts.append(f"<h3>{escape(claim)}</h3><p>{escape(figures)}</p>")
    parts += [f"<h2>{escape(scene.title)}</h2>{to_svg(scene)}" for scene in scenes if scene]
    for segment in findings.segments:
        rows = (
            f"<tr><td>{escape(say.pick(group.label))}</td>"
            + "".join(f"<td>{say.number(mean.value)}</td>" for mean in group.means.values())
            + "</tr>"
            for group in segment.groups
        )
        parts.append(f"<table>{''.join(rows)}</table>")
    parts += [f"<p>{escape(' → '.join(chain.whys))}</p>" for group in findings.whys for chain in group.chains]
    parts += [f"<p>{escape(comment)}</p>" for found in findings.comments for comment in found.texts]
    face = (fonts.FOLDER / f"{fonts.FACE}.ttf").as_uri()
    return (
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><style>'
        f'@font-face{{font-family:Noto;src:url("{face}")}}@page{{size:A4;margin:25mm 20mm;@bottom-right{{'
        'content:counter(page) " / " counter(pages)}}'
        "body{font:9.5pt/1.65 Noto}svg,table{width:100%;break-inside:avoid}h2{break-after:avoid}</style>"
        + "".join(parts)
    )
