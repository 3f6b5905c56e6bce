"""Files of exam items at the command line."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

from surveys.exams.formats import text, yaml
from tests.test_cli import invoke

WRITTEN = "1. 谁受理？ {who}\n*A. 客服\nB. 销售\n\n2. 24 小时内分派。 {limit}\n答案: 对\n"


def test_items_are_converted_into_every_form_and_back(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("a.txt", "b.xlsx", "c.yaml", "d.txt")]
    files[0].write_text(WRITTEN, encoding="utf-8")
    for source, target in pairwise(files):
        assert invoke("convert", "--items", source, target).exit_code == 0
    bank, problems = text.read(WRITTEN)
    assert problems == []
    assert text.read(files[3].read_bytes()) == yaml.read(files[2].read_bytes()) == (bank, [])


def test_yaml_says_itself_that_it_has_items(tmp_path: Path) -> None:
    bank, _ = text.read(WRITTEN)
    assert bank is not None
    file = tmp_path / "bank.yaml"
    file.write_text(yaml.write(bank), encoding="utf-8")
    done = invoke("check", file, "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == {"items": 2, "single": 1, "true_false": 1, "problems": []}


def test_a_fault_of_an_item_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "bank.txt"
    file.write_text(WRITTEN.replace("*A.", "A."), encoding="utf-8")
    done = invoke("check", "--items", file)
    assert done.exit_code == 1
    assert "line 2" in done.output
    assert "No right answer" in done.output
