"""One scene, drawn alike on paper and on screen.

A scene is a list of marks in points with the origin top left. ``to_drawing`` gives a reportlab flowable of vectors;
``to_svg`` gives SVG that needs neither scripts nor style attributes: every mark carries its role as class ``f-<role>``
or ``s-<role>`` (fill, stroke) for the style sheet, and the paper's colour as
presentation attribute, which any rule overrides.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any, Literal, NamedTuple

from reportlab.platypus import Flowable

from reports import fonts
from reports.characters import for_xml, printable
from reports.paragraph import fit, write
from reports.structure import artifact, content
from reports.style import COLOURS, INKS, Role

TEXT, NOTE = 8.0, 7.0
"""Sizes of lettering within figures."""


class Rect(NamedTuple):
    x: float
    y: float
    width: float
    height: float
    fill: Role | None
    stroke: Role | None = None
    title: str = ""


class Stroke(NamedTuple):
    """An open line through ``points``."""

    points: tuple[tuple[float, float], ...]
    colour: Role = "rule"
    weight: float = 0.6
    dashed: bool = False


class Shape(NamedTuple):
    """A closed polygon."""

    points: tuple[tuple[float, float], ...]
    fill: Role | None
    stroke: Role | None = None
    title: str = ""


class Dot(NamedTuple):
    x: float
    y: float
    radius: float
    fill: Role
    stroke: Role | None = None
    title: str = ""


class Label(NamedTuple):
    """One line of text with its baseline at ``y``."""

    x: float
    y: float
    text: str
    size: float = TEXT
    colour: Role = "ink"
    anchor: Literal["start", "middle", "end"] = "start"
    bold: bool = False


Mark = Rect | Stroke | Shape | Dot | Label


class Scene(NamedTuple):
    """``title`` and ``description`` are what a screen reader says.

    ``rows`` are the heights between which the rows lie, where paper may break the figure (``reports.paging``).
    """

    width: float
    height: float
    title: str
    description: str
    marks: tuple[Mark, ...]
    rows: tuple[float, ...] = ()


def between_rows(top: float, row: float, count: int) -> tuple[float, ...]:
    """Upper edges of ``count`` rows and the lower edge of the last."""
    return tuple(top + row * number for number in range(count + 1))


def line(
    x1: float, y1: float, x2: float, y2: float, colour: Role = "rule", weight: float = 0.6, dashed: bool = False
) -> Stroke:
    return Stroke(((x1, y1), (x2, y2)), colour, weight, dashed)


def label_block(
    text: str, x: float, middle: float, width: float, *, language: str, lines: int = 2, size: float = TEXT,
    anchor: Literal["start", "middle", "end"] = "start", colour: Role = "ink", bold: bool = False,
) -> list[Mark]:  # fmt: skip
    """``text`` in at most so many lines of ``width``, centred vertically on ``middle``."""
    broken = fit(printable(text[:2000], language), width, size, lines)
    leading = size * 1.3
    top = middle - leading * len(broken) / 2 + leading * 0.5 + size * 0.36
    return [Label(x, top + number * leading, part, size, colour, anchor, bold) for number, part in enumerate(broken)]


def to_svg(scene: Scene) -> str:
    """An ``<svg>`` element as wide as its container."""
    marks = "".join(map(_svg_mark, scene.marks))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" class="figure" role="img" width="100%" font-family="inherit"'
        f' viewBox="0 0 {_n(scene.width)} {_n(scene.height)}">'
        f"<title>{_text(scene.title)}</title><desc>{_text(scene.description)}</desc>{marks}</svg>"
    )


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _text(text: str) -> str:
    return escape(for_xml(text))


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{_n(x)},{_n(y)}" for x, y in points)


def _look(fill: Role | None, stroke: Role | None = None) -> str:
    classes = " ".join(f"{kind}-{role}" for kind, role in (("f", fill), ("s", stroke)) if role)
    return (
        f' class="{classes}" fill="{COLOURS[fill] if fill else "none"}"'
        + (f' stroke="{COLOURS[stroke]}" stroke-width=".6"' if stroke else "")
    )  # fmt: skip


def _titled(element: str, attributes: str, title: str) -> str:
    return (
        f"<{element} {attributes}><title>{_text(title)}</title></{element}>" if title else f"<{element} {attributes}/>"
    )


def _svg_mark(mark: Mark) -> str:
    match mark:
        case Rect():
            place = f'x="{_n(mark.x)}" y="{_n(mark.y)}" width="{_n(mark.width)}" height="{_n(mark.height)}"'
            return _titled("rect", place + _look(mark.fill, mark.stroke), mark.title)
        case Dot():
            place = f'cx="{_n(mark.x)}" cy="{_n(mark.y)}" r="{_n(mark.radius)}"'
            return _titled("circle", place + _look(mark.fill, mark.stroke), mark.title)
        case Shape():
            return _titled("polygon", f'points="{_points(mark.points)}"' + _look(mark.fill, mark.stroke), mark.title)
        case Stroke():
            dash = ' stroke-dasharray="2.5 2"' if mark.dashed else ""
            look = f'class="s-{mark.colour}" fill="none" stroke="{COLOURS[mark.colour]}"'
            return f'<polyline points="{_points(mark.points)}" {look} stroke-width="{_n(mark.weight)}"{dash}/>'
        case Label():
            anchor = f' text-anchor="{mark.anchor}"' if mark.anchor != "start" else ""
            weight = ' font-weight="700"' if mark.bold else ""
            return (
                f'<text x="{_n(mark.x)}" y="{_n(mark.y)}" font-size="{_n(mark.size)}"{anchor}{weight}'
                f"{_look(mark.colour)}>{_text(mark.text)}</text>"
            )


def to_drawing(scene: Scene) -> Figure:
    return Figure(scene)


class Figure(Flowable):  # type: ignore[misc]
    """A scene on paper."""

    def __init__(self, scene: Scene) -> None:
        super().__init__()
        self.scene, self.spaceBefore, self.spaceAfter = scene, 0.0, 0.0
        self.width, self.height = scene.width, scene.height

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        told = printable(f"{self.scene.title}. {self.scene.description}"[:600]).strip(". ")
        with content(self.canv, "Figure", told) if told else artifact(self.canv):
            draw_marks(self.canv, self.scene.marks, self.height)


def draw_marks(canvas: Any, marks: Sequence[Mark], height: float) -> None:
    """Draw ``marks`` with their origin ``height`` above the canvas's."""
    for mark in marks:
        match mark:
            case Rect():
                _colours(canvas, mark.fill, mark.stroke)
                canvas.rect(
                    mark.x,
                    height - mark.y - mark.height,
                    mark.width,
                    mark.height,
                    stroke=int(mark.stroke is not None),
                    fill=int(mark.fill is not None),
                )
            case Dot():
                _colours(canvas, mark.fill, mark.stroke)
                canvas.circle(mark.x, height - mark.y, mark.radius, stroke=int(mark.stroke is not None), fill=1)
            case Shape():
                _colours(canvas, mark.fill, mark.stroke)
                path = _path(canvas, mark.points, height)
                path.close()
                canvas.drawPath(path, stroke=int(mark.stroke is not None), fill=int(mark.fill is not None))
            case Stroke():
                canvas.setStrokeColor(INKS[mark.colour])
                canvas.setLineWidth(mark.weight)
                canvas.setDash([2.5, 2] if mark.dashed else [])
                canvas.drawPath(_path(canvas, mark.points, height), stroke=1, fill=0)
                canvas.setDash([])
            case Label():
                _draw_label(canvas, mark, height)


def _path(canvas: Any, points: Sequence[tuple[float, float]], height: float) -> Any:
    path = canvas.beginPath()
    path.moveTo(points[0][0], height - points[0][1])
    for x, y in points[1:]:
        path.lineTo(x, height - y)
    return path


def _colours(canvas: Any, fill: Role | None, stroke: Role | None) -> None:
    if fill:
        canvas.setFillColor(INKS[fill])
    if stroke:
        canvas.setStrokeColor(INKS[stroke])
        canvas.setLineWidth(0.6)


def _draw_label(canvas: Any, mark: Label, height: float) -> None:
    text = printable(mark.text)
    before = {"start": 0.0, "middle": 0.5, "end": 1.0}[mark.anchor]
    write(
        canvas, mark.x - before * fonts.width(text, mark.size), height - mark.y, text, mark.size, mark.colour, mark.bold
    )
