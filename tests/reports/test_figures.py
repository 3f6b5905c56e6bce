"""Scenes: one drawing for page and paper."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree

import msgspec
import pytest

from reports.figure import Dot, Label, Rect, Scene, Stroke, to_svg
from reports.figures import FIGURES, distribution, question, reach
from reports.figures.trend import trend
from reports.style import CONTENT_WIDTH
from surveys.analysis.findings import DiagnosisFindings
from surveys.analysis.trend import trend as waves
from tests.reports.example import example, text
from tests.reports.hostile import strings

SVG = "{http://www.w3.org/2000/svg}"


def scenes(findings: DiagnosisFindings, language: str, width: float) -> list[Scene]:
    drawn = [figure(findings, language, width) for figure in FIGURES.values()]
    drawn += [distribution(scale, language, width) for scale in findings.scales]
    drawn += [question(found, language, width) for found in findings.questions]
    return [scene for scene in drawn if scene]


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("width", [CONTENT_WIDTH, 300.0])
def test_every_figure_stays_within_its_frame(language: str, width: float) -> None:
    drawn = scenes(example(), language, width)
    assert len(drawn) == len(FIGURES) + 6 + 2
    for scene in drawn:
        for mark in scene.marks:
            if isinstance(mark, Rect):
                assert -0.5 <= mark.x <= mark.x + mark.width <= scene.width + 0.5, (scene.title, mark)
                assert -0.5 <= mark.y <= mark.y + mark.height <= scene.height + 0.5, (scene.title, mark)
            elif isinstance(mark, Label):
                assert -0.5 <= mark.x <= scene.width + 0.5
                assert 0 <= mark.y <= scene.height + 0.5, (scene.title, mark)


def test_svg_is_well_formed_has_a_name_and_nothing_that_a_content_security_policy_forbids() -> None:
    for scene in scenes(example(), "zh-CN", CONTENT_WIDTH):
        svg = to_svg(scene)
        root = ElementTree.fromstring(svg)
        assert root.find(f"{SVG}title").text == scene.title
        assert root.find(f"{SVG}desc").text
        assert not re.search(r"<script|\son\w+=|\sstyle=|javascript:|href=", svg)


def test_hostile_labels_stay_text(capsys: pytest.CaptureFixture[str]) -> None:
    tried = 0
    for hostile in strings():
        scene = Scene(100, 20, hostile, hostile, (Label(0, 10, hostile), Rect(0, 0, 5, 5, "ink", None, hostile)))
        root = ElementTree.fromstring(to_svg(scene))
        names = {element.tag.removeprefix(SVG) for element in root.iter()}
        assert names <= {"svg", "title", "desc", "text", "rect"}
        tried += 1
    assert tried >= 500
    with capsys.disabled():
        print(f"\n{tried} hostile labels in SVG: well-formed, nothing executable")


def test_a_figure_without_data_is_not_drawn() -> None:
    empty = msgspec.structs.replace(
        example(0), scales=(), steps=(), timeline=None, pains=(), fishbone=(), segments=(), priorities=None,
        candidates=(),
        response=msgspec.structs.replace(example().response, by_department=(), by_side=(), without_flagged=()),
    )  # fmt: skip
    assert scenes(empty, "zh-CN", CONTENT_WIDTH) == [found for found in [] if found] or all(
        scene.title in {"", *(found.label["zh-CN"] for found in empty.questions)}
        for scene in scenes(empty, "zh-CN", CONTENT_WIDTH)
    )
    assert all(figure(empty, "en", CONTENT_WIDTH) is None for figure in FIGURES.values())


def test_bars_of_answers_lie_on_both_sides_of_the_middle() -> None:
    scale = example().scales[0]
    item = scale.items[0]
    shares = [level.share for level in item.levels]
    scene = distribution(scale, "en", 480, reach=1.0)
    bars = [mark for mark in scene.marks if isinstance(mark, Rect) and mark.height == 14][: sum(s > 0 for s in shares)]
    centre = 480 * 0.36 + (480 - 480 * 0.36 - 40) / 2
    half = (480 - 480 * 0.36 - 40) / 2
    assert bars[0].x == pytest.approx(centre - (shares[0] + shares[1] + shares[2] / 2) * half)
    assert sum(bar.width for bar in bars) == pytest.approx(half)


def test_reach_is_the_longest_side() -> None:
    items = example().scales[0].items
    sides = [sum(level.share for level in item.levels[3:]) + item.levels[2].share / 2 for item in items]
    assert reach(items) >= max(sides)


def test_a_masked_level_prints_its_bound() -> None:
    found = example().questions[1]
    levels = tuple(
        msgspec.structs.replace(level, count=None, share=share, masked=masked)
        for level, share, masked in zip(found.levels, (0.9, 0.1, 0.1, 0.1), ("at_least", *["at_most"] * 3), strict=True)
    )
    scene = question(msgspec.structs.replace(found, levels=levels, label=text("问", "q")), "zh-CN")
    labels = {mark.text for mark in scene.marks if isinstance(mark, Label)}
    assert {"≥90%", "≤10%"} <= labels


def test_points_stand_in_their_quadrant_and_the_crosshair_is_printed() -> None:
    findings = example()
    found = findings.priorities
    scene = FIGURES["priorities"](findings, "en", CONTENT_WIDTH)
    dots = {mark.title: mark for mark in scene.marks if isinstance(mark, Dot)}
    lines = [mark for mark in scene.marks if isinstance(mark, Stroke) and mark.dashed]
    upright, across = lines[0].points[0][0], lines[1].points[0][1]
    for number, point in enumerate(found.points, 1):
        dot = dots[str(number)]
        assert (dot.y <= across, dot.x >= upright) == {
            "concentrate": (True, False), "keep_up": (True, True), "low_priority": (False, False),
            "possible_overkill": (False, True),
        }[point.quadrant]  # fmt: skip
        assert (dot.fill == "paper") is point.uncertain
    printed = {mark.text for mark in scene.marks if isinstance(mark, Label)}
    assert {f"{found.crosshair[0]:.2f}", f"{found.crosshair[1]:.2f}"} <= printed


def test_a_candidate_s_bar_is_as_long_as_its_promise() -> None:
    findings = example()
    scene = FIGURES["candidates"](findings, "zh-CN", CONTENT_WIDTH)
    bars = [mark.width for mark in scene.marks if isinstance(mark, Rect)]
    first = findings.candidates[0].promise
    assert bars == pytest.approx([bars[0] * each.promise / first for each in findings.candidates])


def test_waves_lie_on_one_axis_with_their_intervals_inside() -> None:
    findings = example()
    later = msgspec.structs.replace(findings.wave, title="later", opened_on="2027-01-01")
    lines = waves([findings, msgspec.structs.replace(findings, wave=later)])
    assert len(lines) == len(findings.scales)
    for width in (CONTENT_WIDTH, 250.0):
        scene = trend(lines, "zh-CN", width)
        bars = [mark for mark in scene.marks if isinstance(mark, Stroke) and mark.weight == 1.4]
        assert len(bars) == 2 * len(lines)
        assert all(0 <= x <= width and 0 <= y <= scene.height for bar in bars for x, y in bar.points)
    assert trend((), "en") is None
