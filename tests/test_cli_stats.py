"""``wenheng stats``: every method from a CSV, with all that is needed to get its figures again."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from service.cli import wenheng
from service.cli.statistics import stats

CELLS = """person,shift,site,a,b,c,w,day,found,looked,opt,gender
1,day,north,5,4,5,1.0,10,3,50,A,m
2,day,south,4,4,4,0.5,12,2,40,B,f
3,night,north,2,1,2,2.0,11,5,50,A,f
4,night,south,3,NA,3,1.5,13,1,45,C,m
5,day,north,1,2,1,1.0,12,4,50,,f
6,night,south,4,5,5,1.0,11,2,50,A,m
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "cells.csv"
    path.write_text(CELLS, encoding="utf-8-sig")
    return path


def run(method: str, file: Path, *options: str) -> Result:
    return CliRunner().invoke(wenheng, ["stats", method, "--data", str(file), *options])


def found(method: str, file: Path, *options: str) -> Any:
    done = run(method, file, "--json", *options)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


ALL = "--columns=a,b,c"
EXAMPLES: dict[str, list[str]] = {
    "mean": [ALL],
    "median": [ALL],
    "top2": [ALL, "--high=5"],
    "share": ["--column=shift", "--value=day"],
    "nps": ["--column=a"],
    "reliability": [ALL],
    "icc": [ALL, "--form=3,k"],
    "kappa": ["--first=a", "--second=c", "--weights=quadratic"],
    "careless": [ALL, "--seconds=day"],
    "sus": ["--columns=a,b,c,a,b,c,a,b,c,a"],
    "response-rates": ["--disposition=kind", "--audience=who", "--count=n"],
    "rake": ["--target=shift:day=0.6,night=0.4", "--target=site:north=30,south=30", "--total=100"],
    "design-effect": ["--weights=w"],
    "weighted-mean": ["--column=a", "--weights=w"],
    "crosstab": ["--rows=shift", "--by=site"],
    "ordinal": ["--rows=a", "--by=c"],
    "correlation": ["--first=a", "--second=b"],
    "importance-performance": ["--importance=a,b", "--performance=c,a", "--crosshair", "3", "3"],
    "kano": ["--present=a", "--absent=c", "--feature=shift"],
    "pareto": ["--label=person", "--weight=found"],
    "welch-anova": ["--column=a", "--by=shift"],
    "welch-t": ["--column=a", "--by=shift", "--groups=night,day"],
    "paired-t": ["--first=a", "--second=b"],
    "mann-whitney": ["--first=a", "--second=b"],
    "wilcoxon": ["--first=a", "--second=b"],
    "geometric-mean-ratio": ["--first=a", "--second=b", "--paired"],
    "equivalence": ["--first=a", "--second=b", "--low=-1", "--high=1"],
    "bootstrap": ["--first=a", "--statistic=median", "--seed=7"],
    "newcombe": ["--first=right", "--second=wrong"],
    "mcnemar": ["--first=right", "--second=wrong"],
    "did": ["--column=y", "--treated=pilot", "--after=later", "--cluster=team"],
    "trend": ["--when=day", "--column=a"],
    "adjust": ["--column=p"],
    "items": [ALL, "--maximum=5"],
    "cut": ["--columns=a,c", "--maximum=5,5", "--cut=6"],
    "kr20": ["--columns=right,wrong"],
    "distractors": ["--column=opt", "--key=A", "--rest=a", "--options=A,B,C,D"],
    "rasch": ["--columns=right,wrong"],
    "xmr": ["--column=day", "--baseline=4", "--median", "--rules=nelson"],
    "p-chart": ["--count=found", "--size=looked"],
    "c-chart": ["--count=found"],
    "u-chart": ["--count=found", "--size=looked"],
}
OTHER_DATA = {
    "response-rates": "who,kind,n\nstaff,complete,8\nstaff,not_reached,2\nguests,refused,5\n",
    "kr20": "right,wrong\n1,0\n0,0\n1,1\n",
    "newcombe": "right,wrong\n1,0\n0,0\n1,1\n",
    "mcnemar": "right,wrong\n1,0\n0,0\n1,1\n",
    "did": "y,pilot,later,team\n1,1,0,a\n5,1,1,a\n2,1,0,b\n7,1,1,b\n1,0,0,c\n2,0,1,c\n2,0,0,d\n2,0,1,d\n",
    "adjust": "p\n0.01\n0.04\n\n0.03\n",
    "rasch": "right,wrong\n1,0\n0,0\n1,1\n",
}


@pytest.mark.parametrize("method", sorted(EXAMPLES))
def test_each_method_runs_and_says_what_it_was_made_from(method: str, file: Path) -> None:
    if method in OTHER_DATA:
        file.write_text(OTHER_DATA[method])
    record = found(method, file, *EXAMPLES[method])
    assert record["method"] == method
    assert record["data_hash"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert set(record["library_versions"]) >= {"wenheng", "numpy", "scipy"}
    assert record["result"]
    text = run(method, file, *EXAMPLES[method])
    assert text.exit_code == 0
    assert text.stdout.strip()


def test_no_method_is_without_help() -> None:
    context = click.Context(stats)
    names = stats.list_commands(context)
    assert set(names) == {*EXAMPLES, "power"}
    assert all(stats.get_command(context, name).help for name in names)  # type: ignore[union-attr]


def test_empty_cells_and_the_codes_of_our_exports_are_missing(file: Path) -> None:
    assert found("mean", file, ALL)["result"]["b"]["n_missing"] == 1
    options = found("distractors", file, *EXAMPLES["distractors"])["result"]
    assert [each["count"] for each in options] == [3, 1, 1, 0]


def test_two_groups_are_the_same_as_two_columns_or_as_one_beside_the_groups(file: Path, tmp_path: Path) -> None:
    wide = tmp_path / "wide.csv"
    wide.write_text("night,day\n2,5\n3,4\n4,1\n")
    by_groups = found("welch-t", file, "--column=a", "--by=shift", "--groups=night,day")["result"]
    assert by_groups == found("welch-t", wide, "--first=night", "--second=day")["result"]
    assert by_groups["difference"]["value"] == pytest.approx(3 - 10 / 3)


def test_the_answers_needed_are_those_of_the_textbook_and_take_no_data() -> None:
    # Cohen (1988), table 2.4.1: 64 per group for d = 0.5, power 0.8
    done = CliRunner().invoke(wenheng, ["stats", "power", "--difference=0.5", "--sd=1", "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["result"]["value"] == 64
    assert CliRunner().invoke(wenheng, ["stats", "power", "--sd=1"]).exit_code == 2


def test_a_pair_needs_both_answers(file: Path) -> None:
    result = found("paired-t", file, "--first=a", "--second=b")["result"]
    assert result["difference"]["n_valid"] == 5


def test_difference_in_differences_is_the_difference_of_the_changes(file: Path) -> None:
    file.write_text(OTHER_DATA["did"])
    assert found("did", file, *EXAMPLES["did"])["result"]["value"] == pytest.approx(4.5 - 0.5)


def test_raked_weights_are_in_the_order_of_the_rows(file: Path) -> None:
    result = found("rake", file, *EXAMPLES["rake"])["result"]
    days = [weight for row, weight in enumerate(result["weights"]) if row in (0, 1, 4)]
    assert sum(days) == pytest.approx(60)
    assert sum(result["weights"]) == pytest.approx(100)


def test_response_rates_are_by_audience_and_together(file: Path) -> None:
    file.write_text(OTHER_DATA["response-rates"])
    result = found("response-rates", file, *EXAMPLES["response-rates"])["result"]
    assert result["audiences"]["staff"]["rr1"]["value"] == 0.8
    assert result["total"]["rr1"]["value"] == pytest.approx(8 / 15)


@pytest.mark.parametrize(
    ("method", "options", "said"),
    [
        ("mean", ["--columns=zz"], "zz"),
        ("mean", ["--columns=shift"], "shift"),
        ("nps", ["--column=w"], "0 to 10"),
        ("newcombe", ["--first=a", "--second=b"], "0 and 1"),
        ("welch-t", ["--column=a", "--by=opt"], "two groups"),
        ("welch-t", ["--column=a"], "--by"),
        ("rake", ["--target=shift:day=1"], "night"),
        ("kano", ["--present=day", "--absent=a"], "not 10 and 5"),
        ("xmr", ["--column=day", "--baseline=1"], "baseline"),
    ],
)
def test_what_cannot_be_computed_is_one_line_and_an_exit_code(
    method: str, options: list[str], said: str, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    done = run(method, file, *options)
    assert done.exit_code in (1, 2)
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_the_fault_is_said_in_chinese_too(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "没有“zz”这一列" in run("mean", file, "--columns=zz").stderr


def test_a_table_of_a_chinese_spreadsheet_is_read(tmp_path: Path) -> None:
    path = tmp_path / "gbk.csv"
    path.write_bytes("满意,部门\n4,生产\n5,质检\n".encode("gbk"))
    assert found("mean", path, "--columns=满意")["result"]["满意"]["value"] == 4.5
