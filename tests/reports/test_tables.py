"""Parts × levels of one question, drawn as a table."""

from __future__ import annotations

import pytest

from reports.figures import question
from reports.style import CONTENT_WIDTH
from surveys.analysis.findings import Level, PartFinding, QuestionFinding
from tests.reports.test_flow_figures import drawn

OWNERS = [f"部门{number:02}" for number in range(1, 21)]


def finding(levels: int) -> QuestionFinding:
    parts = tuple(
        PartFinding(
            code=code,
            label={"zh-CN": label},
            levels=tuple(
                Level(label={"zh-CN": OWNERS[at]}, value=f"o{at}", count=3, share=1 / levels) for at in range(levels)
            ),
        )
        for code, label in (("limit", "核对审批额度"), ("chase", "催办超时的审批"))
    )
    label = {"zh-CN": "这些事由谁负责？"}
    return QuestionFinding(question="who", type="matrix_single", label=label, parts=parts, kind="table")


@pytest.mark.parametrize("levels", [1, 8, 9, 12, 20])
@pytest.mark.parametrize("width", [CONTENT_WIDTH, 300.0])
def test_however_many_options_there_are_each_has_its_cell(levels: int, width: float) -> None:
    scene = question(finding(levels), "zh-CN", width)
    texts, cells = drawn(scene)
    assert scene is not None
    assert [owner for owner in OWNERS if owner in texts] == OWNERS[:levels]
    assert len(cells) == 2 * levels
    assert all(cell.x + cell.width <= width and cell.y + cell.height <= scene.height for cell in cells)
    corners = {(round(cell.x, 3), round(cell.y, 3)) for cell in cells}
    assert len(corners) == len(cells)
    assert list(scene.rows) == sorted(scene.rows)
