"""Candidates for change and the order of the flow, drawn."""

from __future__ import annotations

import pytest

from reports.figure import Label, Rect, Scene
from reports.figures import question
from reports.style import CONTENT_WIDTH
from surveys.analysis.flow import ecrs, flow_order
from tests.surveys.test_flow_findings import OTHER, USUAL, seen, suggest
from tests.surveys.test_matrices import KINDS

IDEAS = [suggest("apply", "simplify", 10.0)] * 15 + [suggest("order", "eliminate", 45.0)] * 12


def drawn(scene: Scene | None) -> tuple[list[str], list[Rect]]:
    assert scene is not None
    for mark in scene.marks:
        if isinstance(mark, Label):
            assert -0.5 <= mark.x <= scene.width + 0.5
            assert 0 <= mark.y <= scene.height
    return [mark.text for mark in scene.marks if isinstance(mark, Label)], [
        mark for mark in scene.marks if isinstance(mark, Rect)
    ]


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("width", [CONTENT_WIDTH, 300.0])
def test_bars_are_as_long_as_what_candidates_promise(language: str, width: float) -> None:
    rows = [*IDEAS, *[suggest("apply", "keep")] * 5]
    _, bars = drawn(question(ecrs(seen(rows), KINDS["ideas"]), language, width))
    assert [bar.title.split()[0] for bar in bars] == (
        ["下单", "提交申请"] if language == "zh-CN" else ["Order", "Request"]
    )
    assert bars[1].width / bars[0].width == pytest.approx(10 * 15 / 20 / 45)


@pytest.mark.parametrize("width", [CONTENT_WIDTH, 300.0])
def test_the_usual_order_stands_under_the_places_of_the_steps(width: float) -> None:
    finding = flow_order(seen([{"real": USUAL}] * 12 + [{"real": OTHER}] * 6), KINDS["real"])
    texts, _ = drawn(question(finding, "zh-CN", width))
    whole = "".join(texts)
    assert "提交申请 → 核对预算 → 逐级审批 → 下单".replace(" ", "") in whole.replace(" ", "")
    assert "67%" in texts


def test_nothing_is_drawn_where_nothing_is_suggested() -> None:
    assert question(ecrs(seen([suggest("apply", "keep")] * 20), KINDS["ideas"]), "en") is None
