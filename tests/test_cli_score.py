"""``wenheng score`` and the real answers it must reproduce: 392 people, seven four-point items."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from service.cli import wenheng

HERE = Path(__file__).parent
REFERENCE = Path(os.environ.get("WENHENG_REFERENCE", HERE.parent.parent / "shared" / "reference"))
SCIENCE = REFERENCE / "c04_top2box_science"


@pytest.mark.skipif(not SCIENCE.exists(), reason=f"THE REFERENCE DATA IS NOT THERE: {SCIENCE}")
def test_real_answers_give_the_published_figures() -> None:
    done = CliRunner().invoke(
        wenheng, ["score", str(HERE / "data/science.yaml"), str(SCIENCE / "science.csv"), "--json"]
    )
    assert done.exit_code == 0, done.output
    expected = json.loads((SCIENCE / "expected.json").read_text())["expected"]
    items = {item["column"]: item for item in json.loads(done.stdout)["items"]}
    assert len(items) == len(expected) == 7
    for name, figures in expected.items():
        item = items[name.lower()]
        near = lambda value: pytest.approx(value, abs=1e-9)  # noqa: E731
        assert item["mean"]["n_valid"] == figures["n"]
        assert {str(level["value"]): level["count"] for level in item["levels"]} == figures["counts"]
        assert item["top2"]["value"] == near(figures["top2"])
        assert [item["top2"]["ci_low"], item["top2"]["ci_high"]] == near(figures["top2_wilson"])
        assert item["mean"]["value"] == near(figures["mean"])
        assert [item["mean"]["ci_low"], item["mean"]["ci_high"]] == near(figures["mean_ci95"])
        assert item["sd"] == near(figures["sd"])
        assert item["median"]["value"] == near(figures["median"])


def test_a_wrong_cell_is_named_by_its_row(tmp_path: Path) -> None:
    answers = tmp_path / "answers.csv"
    answers.write_text("comfort,work\n4,3\n9,1\n2,x\n")
    done = CliRunner().invoke(wenheng, ["score", str(HERE / "data/science.yaml"), str(answers), "--lang", "en"])
    assert done.exit_code == 1
    assert "line 3" in done.stdout
    assert "line 4" in done.stdout


def test_an_unknown_column_is_refused(tmp_path: Path) -> None:
    answers = tmp_path / "answers.csv"
    answers.write_text("comfort,salary\n4,3\n")
    done = CliRunner().invoke(wenheng, ["score", str(HERE / "data/science.yaml"), str(answers)])
    assert (done.exit_code, "salary" in done.stdout) == (1, True)
