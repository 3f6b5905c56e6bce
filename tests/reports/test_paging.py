"""More rows than a page holds: figures in parts, none cut, no heading alone."""

from __future__ import annotations

import io
import random
from functools import cache

import msgspec
import pypdf
import pytest

from reports.diagnosis import render
from reports.document import FIGURE_HEIGHT
from reports.figure import Dot, Label, Rect, Scene, Stroke, between_rows, line
from reports.figures import FIGURES, question
from reports.figures.scales import by_answers, item_bars
from reports.figures.segments import segment_dots
from reports.paging import parts
from reports.style import MARGIN_BOTTOM, PAGE_HEIGHT, PAGE_WIDTH
from reports.wording import words
from surveys.text import LANGUAGES
from tests.reports.big import big
from tests.reports.example import estimate, example, item, text


@cache
def pages(language: str) -> list[pypdf.PageObject]:
    return list(pypdf.PdfReader(io.BytesIO(render(big(), language))).pages)


def labels(scene: Scene) -> list[str]:
    return [mark.text for mark in scene.marks if isinstance(mark, Label)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_drawn_outside_the_page(language: str) -> None:
    tried = 0
    for number, page in enumerate(pages(language)[1:], 2):
        places: list[tuple[float, float]] = []

        def painted(operator: bytes, operands: list, cm: list, _tm: list, into: list = places) -> None:
            if operator in (b"m", b"l", b"re"):
                x, y = (float(part) for part in operands[:2])
                into.append((cm[0] * x + cm[2] * y + cm[4], cm[1] * x + cm[3] * y + cm[5]))

        page.extract_text(visitor_operand_before=painted)
        for x, y in places:
            assert 0 <= x <= PAGE_WIDTH, number
            assert MARGIN_BOTTOM - 2 <= y <= PAGE_HEIGHT - 40, (number, y)
        tried += len(places)
    assert tried > 1_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_holds_only_a_heading(language: str) -> None:
    for number, page in enumerate(pages(language)[1:], 2):
        assert len(page.extract_text()) > 330, (number, page.extract_text())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_scale_step_department_pain_point_and_option_is_printed(language: str) -> None:
    printed = "\n".join(page.extract_text() for page in pages(language)).replace("\xa0", " ")
    findings = big()
    for each in (*findings.scales, *findings.steps, *findings.pains, *findings.response.by_department,
                 *findings.questions[-1].levels, *findings.items):  # fmt: skip
        assert words(language).pick(each.label) in printed


def test_parts_are_no_taller_than_their_room_and_hold_every_mark_once() -> None:
    drawn = [figure(big(), "zh-CN", 483.0) for figure in FIGURES.values()]
    drawn += [question(big().questions[-1], "zh-CN"), item_bars(big().items, "t", "zh-CN")]
    split = 0
    for scene in filter(None, drawn):
        cut = parts(scene, FIGURE_HEIGHT)
        split += len(cut) > 1
        bars = [mark for mark in scene.marks if isinstance(mark, Rect) and mark.title]
        assert [bar.title for part in cut for bar in part.marks if isinstance(bar, Rect) and bar.title] == [
            bar.title for bar in bars
        ]
        assert set(labels(scene)) == {label for part in cut for label in labels(part)}
        for part in cut:
            assert part.height <= FIGURE_HEIGHT
            for mark in part.marks:
                if isinstance(mark, Stroke):
                    assert all(-5 <= y <= part.height for _, y in mark.points)
                elif isinstance(mark, Label | Dot):
                    assert 0 <= mark.y <= part.height
    assert split >= 6


def test_a_line_over_all_rows_is_clipped_to_each_part_and_head_and_foot_are_repeated() -> None:
    marks = (Label(0, 8, "head"), line(0, 0, 40, 40), Label(0, 15, "a"), Label(0, 25, "b"), Label(0, 38, "foot"))
    first, second = parts(Scene(50, 40, "", "", marks, between_rows(10, 10, 2)), 35)
    assert labels(first) == ["head", "a", "foot"]
    assert labels(second) == ["head", "b", "foot"]
    assert [mark.points for mark in second.marks if isinstance(mark, Stroke)] == [
        ((0, 0), (10, 10)), ((20, 10), (30, 20)), ((30, 20), (40, 30)),
    ]  # fmt: skip


def test_a_figure_that_fits_stays_whole() -> None:
    for figure in FIGURES.values():
        scene = figure(example(), "en", 483.0)
        assert scene is not None
        assert parts(scene, FIGURE_HEIGHT) == [scene]


def test_every_group_has_a_mark_and_the_key_counts_those_without_a_name() -> None:
    findings = big()
    scene = segment_dots(findings, findings.segments[1], "zh-CN")
    assert scene is not None
    assert "其余 20 个（见下表）" in labels(scene)
    titles = {mark.title.rsplit(" ", 1)[0] for mark in scene.marks if getattr(mark, "title", "")}
    assert titles == {group.label["zh-CN"] for group in findings.segments[1].groups}


def test_the_ends_of_a_confirmed_difference_are_named() -> None:
    findings = big()
    segment = findings.segments[1]
    tests = tuple(msgspec.structs.replace(test, different=number == 0) for number, test in enumerate(segment.tests))
    means = sorted((group.means["s0"].value, group.label["en"], group.n) for group in segment.groups)
    scene = segment_dots(findings, msgspec.structs.replace(segment, tests=tests), "en")
    assert scene is not None
    assert {f"{means[place][1]} ({means[place][2]})" for place in (0, -1)} <= set(labels(scene))


def test_questions_answered_in_other_words_have_their_own_legend() -> None:
    agree, often = (item(random.Random(1), code, text(code, code), 3.0, 40, False) for code in "ab")
    levels = tuple(msgspec.structs.replace(level, label=text(f"常{level.value}", f"often {level.value}"))
                   for level in often.levels)  # fmt: skip
    often = msgspec.structs.replace(often, levels=levels)
    assert [[each.column for each in group] for group in by_answers((agree, often, agree))] == [["a", "a"], ["b"]]
    printed = "".join(
        page.extract_text()
        for page in pypdf.PdfReader(
            io.BytesIO(render(msgspec.structs.replace(example(), items=(agree, often)), "en"))
        ).pages
    )
    assert "often 1" in printed


def test_where_nobody_said_which_end_is_good_the_caption_does_not() -> None:
    items = example().scales[0].items
    alone = msgspec.structs.replace(example(), scales=(), segments=(), items=items)
    printed = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(render(alone, "zh-CN"))).pages)
    assert "问卷没有规定哪一端更好" in printed.replace("\n", "")
    assert "有利" not in printed


@pytest.mark.parametrize(("low", "high", "printed"), [(5.0, 7.0, "5–7 起"), (5.0, 5.0, "5–5 起")])
def test_a_unit_stands_once_in_an_interval(low: float, high: float, printed: str) -> None:
    found = msgspec.structs.replace(estimate(6.0, 40, "mean_t", 1.0), ci_low=low, ci_high=high)
    assert words("zh-CN").interval(found, lambda value: f"{value:.0f} 起").endswith(printed)


def test_a_source_line_gives_the_range_of_n_where_it_differs() -> None:
    findings = msgspec.structs.replace(big(), scales=(), segments=())
    printed = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(render(findings, "zh-CN"))).pages)
    assert "n = 161–190" in printed
