"""A figure of many rows as several figures, none taller than the room it is given."""

from __future__ import annotations

from math import ceil, floor

from reports.figure import Dot, Label, Mark, Rect, Scene, Shape, Stroke

Point = tuple[float, float]


def parts(scene: Scene, room: float) -> list[Scene]:
    """``scene`` cut between its rows into parts of about equal length, each at most ``room`` points high.

    What stands above the first row and below the last one (axes, keys, legends) is repeated in every part. A scene
    that fits, or that has no ``rows``, comes back whole.
    """
    if scene.height <= room or len(scene.rows) < 3:
        return [scene]
    first, last = scene.rows[0], scene.rows[-1]
    count = len(scene.rows) - 1
    row = (last - first) / count
    most = max(1, floor((room - first - (scene.height - last)) / row))
    each = ceil(count / ceil(count / most))
    return [_part(scene, scene.rows[start : start + each + 1]) for start in range(0, count, each)]


def _part(scene: Scene, rows: tuple[float, ...]) -> Scene:
    first, last = scene.rows[0], scene.rows[-1]
    long = rows[-1] - rows[0]
    marks = [
        *_band(scene.marks, float("-inf"), first, 0.0),
        *_band(scene.marks, rows[0], rows[-1], first - rows[0]),
        *_band(scene.marks, last, float("inf"), first + long - last),
    ]
    return scene._replace(height=scene.height - (last - first) + long, marks=tuple(marks), rows=())


def _band(marks: tuple[Mark, ...], top: float, bottom: float, shift: float) -> list[Mark]:
    """What of ``marks`` lies between two heights, moved down by ``shift``; lines and bars are clipped to it."""
    return [clipped for mark in marks for clipped in _clip(mark, top, bottom, shift)]


def _clip(mark: Mark, top: float, bottom: float, shift: float) -> list[Mark]:
    match mark:
        case Label() | Dot():
            return [mark._replace(y=mark.y + shift)] if top <= mark.y < bottom else []
        case Shape():
            inside = top <= sum(y for _, y in mark.points) / len(mark.points) < bottom
            return [mark._replace(points=tuple((x, y + shift) for x, y in mark.points))] if inside else []
        case Rect():
            upper, lower = max(mark.y, top), min(mark.y + mark.height, bottom)
            return [mark._replace(y=upper + shift, height=lower - upper)] if lower > upper else []
        case Stroke():
            pieces = zip(mark.points, mark.points[1:], strict=False)
            kept = [piece for ends in pieces if (piece := _within(*ends, top, bottom))]
            points = tuple((x, y + shift) for place, piece in enumerate(kept) for x, y in piece[min(place, 1) :])
            return [mark._replace(points=points)] if points else []


def _within(start: Point, end: Point, top: float, bottom: float) -> tuple[Point, Point] | None:
    """The piece between two heights of a line; a lying line belongs to the row that it is in."""
    (x1, y1), (x2, y2) = start, end
    if y1 == y2:
        return (start, end) if top <= y1 < bottom else None

    def at(y: float) -> Point:
        y = min(max(y, top), bottom)
        return x1 + (x2 - x1) * (y - y1) / (y2 - y1), y

    return None if max(y1, y2) <= top or min(y1, y2) >= bottom else (at(y1), at(y2))
