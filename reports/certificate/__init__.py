"""The certificate of a passed examination: one A4 page across, with a code that leads to its verification."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
from reportlab.pdfgen.canvas import Canvas

from reports import fonts
from reports.characters import printable
from reports.document import MAKER
from reports.paragraph import balanced, fit, write
from reports.style import INKS, PAGE_HEIGHT, PAGE_WIDTH, SMALL, Role
from reports.wording import Words, words

WIDTH, HEIGHT = PAGE_HEIGHT, PAGE_WIDTH
LEFT, COLUMN = 78.0, 452.0  # of what is certified
ASIDE, ASIDE_WIDTH = 604.0, 160.0  # of rosette and code
FRAME = 34.0
QR_SIDE = 96.0
_TITLE, _NAME, _BODY, _FACT = 40.0, 34.0, 15.0, 11.5


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """What a certificate says. ``detail``: who of that name, e.g. number and department; ``issuer``: who examined.
    ``qr_matrix``: rows of the code of ``url`` without quiet zone, True where dark."""

    name: str
    detail: str
    course: str
    issuer: str
    issued_on: date
    valid_until: date | None
    serial: str
    url: str
    qr_matrix: Sequence[Sequence[bool]]


def render(proof: Proof, language: str) -> bytes:
    """The page as PDF: same proof, same bytes. Raises ``ValueError`` on a matrix that is not square."""
    if not proof.qr_matrix or any(len(row) != len(proof.qr_matrix) for row in proof.qr_matrix):
        raise ValueError("a QR matrix is square")
    say = words(language)
    buffer = io.BytesIO()
    with fonts.in_use:
        fonts.load()
        canvas = Canvas(buffer, (WIDTH, HEIGHT), invariant=1, pageCompression=1, lang=say.language)
        title = f"{say('certificate.title')} · {printable(proof.course[:200], say.language)}"
        canvas.setTitle(title)
        canvas.setAuthor(MAKER)
        canvas.setCreator(MAKER)
        _frame(canvas)
        _rosette(canvas, ASIDE + ASIDE_WIDTH / 2, 402.0, 92.0)
        _certified(canvas, proof, say)
        _facts(canvas, proof, say)
        _verification(canvas, proof, say)
        canvas.showPage()
        canvas.save()
    return buffer.getvalue()


def _frame(canvas: Any) -> None:
    """A hairline round the page, and a strong edge where the eye begins."""
    canvas.setStrokeColor(INKS["soft"])
    canvas.setLineWidth(0.7)
    canvas.rect(FRAME, FRAME, WIDTH - 2 * FRAME, HEIGHT - 2 * FRAME, stroke=1, fill=0)
    canvas.setFillColor(INKS["accent"])
    canvas.rect(FRAME, FRAME, 7, HEIGHT - 2 * FRAME, stroke=0, fill=1)


def _certified(canvas: Any, proof: Proof, say: Words) -> None:
    write(canvas, LEFT, 506, say("certificate.kind"), _FACT, "accent", bold=True)
    write(canvas, LEFT, 452, say("certificate.title"), _TITLE, "ink", bold=True)
    write(canvas, LEFT, 396, say("certificate.certifies"), _BODY - 2, "muted")
    name = printable(proof.name[:120], say.language) or "–"
    size = min(_NAME, COLUMN / max(fonts.em(name), 1e-6))
    size = max(size, 17.0)
    write(canvas, LEFT, 344, fit(name, COLUMN, size, 1)[0], size, "ink", bold=True)
    canvas.setStrokeColor(INKS["accent"])
    canvas.setLineWidth(1)
    canvas.line(LEFT, 328, LEFT + COLUMN, 328)
    detail = fit(printable(proof.detail[:200], say.language), COLUMN, 10, 1)
    write(canvas, LEFT, 310, detail[0] if detail else "", 10, "muted")
    write(canvas, LEFT, 264, say("certificate.passed"), _BODY - 2, "muted")
    y = 234.0
    for line in balanced(printable(proof.course[:300], say.language), COLUMN, _BODY + 2, 3):
        write(canvas, LEFT, y, line, _BODY + 2, "ink", bold=True)
        y -= (_BODY + 2) * 1.5


def _facts(canvas: Any, proof: Proof, say: Words) -> None:
    until = _day(proof.valid_until, say) if proof.valid_until else say("certificate.for_ever")
    facts = (
        ("certificate.issued", _day(proof.issued_on, say), 0.0),
        ("certificate.until", until, 146.0),
        ("certificate.serial", proof.serial, 292.0),
    )
    for key, value, shift in facts:
        write(canvas, LEFT + shift, 148, say(key), SMALL + 0.5, "muted")
        write(canvas, LEFT + shift, 130, value, _FACT, "ink", bold=True)
    canvas.setStrokeColor(INKS["rule"])
    canvas.setLineWidth(0.5)
    canvas.line(LEFT, 108, LEFT + COLUMN, 108)
    issuer = fit(printable(proof.issuer[:200], say.language), COLUMN, 10, 1)
    write(canvas, LEFT, 84, issuer[0] if issuer else "", 10, "ink")
    write(canvas, LEFT, 64, MAKER, SMALL, "muted")


def _day(day: date, say: Words) -> str:
    return say("certificate.day", year=day.year, month=day.month, day=day.day, iso=f"{day:%Y-%m-%d}")


def _verification(canvas: Any, proof: Proof, say: Words) -> None:
    middle = ASIDE + ASIDE_WIDTH / 2
    _code(canvas, proof.qr_matrix, middle - QR_SIDE / 2, 132)
    _centred(canvas, say("certificate.verify"), middle, 110, 9.5, "accent", bold=True)
    address = printable(proof.url[:300], say.language).partition("://")[2]
    for number, line in enumerate(fit(address, ASIDE_WIDTH + 8, 6.5, 2)):
        _centred(canvas, line, middle, 95 - 9 * number, 6.5, "muted")


def _centred(canvas: Any, text: str, x: float, y: float, size: float, colour: Role, bold: bool = False) -> None:
    write(canvas, x - fonts.width(text, size) / 2, y, text, size, colour, bold)


def _code(canvas: Any, matrix: Sequence[Sequence[bool]], x: float, y: float) -> None:
    """Dark modules as one path of horizontal runs: no hairlines between them, whatever the printer."""
    side = QR_SIDE / len(matrix)
    path = canvas.beginPath()
    for number, row in enumerate(matrix):
        top = y + QR_SIDE - (number + 1) * side
        start = None
        for place, dark in enumerate([*row, False]):
            if dark and start is None:
                start = place
            elif not dark and start is not None:
                path.rect(x + start * side, top, (place - start) * side, side)
                start = None
    canvas.setFillColor("#000000")  # full contrast for cameras
    canvas.drawPath(path, stroke=0, fill=1)


def _rosette(canvas: Any, x: float, y: float, radius: float) -> None:
    """Guilloche, as on securities: curves of a circle that rolls in another, in lines that a copier loses."""
    canvas.setLineWidth(0.35)
    for wheel, arm, scale, colour in ((17, 15.0, 1.0, "high1"), (23, 19.0, 0.8, "accent"), (13, 24.0, 0.5, "high1")):
        canvas.setStrokeColor(INKS[colour])  # type: ignore[index]
        path = canvas.beginPath()
        for number, (across, up) in enumerate(_rolled(60, wheel, arm)):
            point = (x + across * radius * scale, y + up * radius * scale)
            path.lineTo(*point) if number else path.moveTo(*point)
        path.close()
        canvas.drawPath(path, stroke=1, fill=0)


def _rolled(ring: int, wheel: int, arm: float) -> list[tuple[float, float]]:
    """A hypotrochoid within the unit circle: ``wheel`` rolls in ``ring`` and draws with an ``arm`` from its middle."""
    turns = wheel // math.gcd(ring, wheel)
    steps, reach = 90 * turns, ring - wheel + arm
    found = []
    for step in range(steps):
        angle = 2 * math.pi * turns * step / steps
        rolled = angle * (ring - wheel) / wheel
        found.append(
            (
                ((ring - wheel) * math.cos(angle) + arm * math.cos(rolled)) / reach,
                ((ring - wheel) * math.sin(angle) - arm * math.sin(rolled)) / reach,
            )
        )
    return found
