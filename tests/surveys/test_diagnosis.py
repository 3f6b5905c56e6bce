"""A wave's answers → findings: right figures, nothing more than may be shown, the same every time."""

from __future__ import annotations

import json
import random
from typing import Any

import msgspec
import pytest

from surveys.analysis.diagnosis import diagnose
from surveys.analysis.findings import Audience, DiagnosisFindings, ProgrammeFacts, WaveFacts
from surveys.definition import Questionnaire
from surveys.formats import yaml
from surveys.frame import dataset
from surveys.library import load, names
from surveys.statistics.estimate import Estimate
from tests.surveys.answers_at_random import answers, meta
from tests.surveys.reference import data, expected

PROGRAMME = ProgrammeFacts(name="投诉", process="客户投诉处理", scope="", owner="", sponsor="", stage="diagnosis")

TEXT = """
name: small
kind: diagnosis
title: 小问卷
rating_scales:
  agree: {labels: [完全不同意, 不太同意, 中立, 比较同意, 完全同意]}
scales:
  - {code: clarity, label: 清晰, items: [clear.owner, clear.part, clear.vague], reversed: [clear.vague]}
steps:
  - {code: register, label: 登记}
  - {code: handover, label: 转交, owner: 未明确}
pages:
  - code: all
    questions:
      - code: clear
        type: matrix
        scale: agree
        text: 职责
        rows: [{code: owner, label: 有人负责}, {code: part, label: 知道自己的事}, {code: vague, label: 常说不清}]
      - {code: grid, type: step_grid, text: 每一步}
      - code: pains
        type: pain_points
        text: 最难受的
        choices:
          - {code: forms, label: 纸质单据, category: material}
          - {code: idle, label: 没人接, category: method}
      - {code: why, type: five_whys, text: 追问, problem_from: pains}
      - {code: idea, type: long_text, text: 建议}
"""


def wave(anonymity: Any = "anonymous") -> WaveFacts:
    return WaveFacts(
        title="基线",
        role="baseline",
        anonymity=anonymity,
        minimum_group=5,
        minimum_comments=10,
        opened_on="2026-01-05",
        closed_on=None,
        questionnaire={"zh-CN": "诊断"},
        questionnaire_name="small",
        version=1,
        content_hash="0" * 64,
        verified=True,
    )


def small() -> Questionnaire:
    found, problems = yaml.read(TEXT)
    assert found is not None, problems
    return found


def findings(
    rows: list[dict[str, Any]], anonymity: str = "anonymous", audience: Audience | None = None, **known: list[Any]
) -> DiagnosisFindings:
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    return diagnose(dataset(small(), lines, known), PROGRAMME, wave(anonymity), audience)


def estimates(record: Any) -> list[Estimate]:
    """Every estimate in a record, however deep."""
    if isinstance(record, Estimate):
        return [record]
    if isinstance(record, msgspec.Struct):
        return [each for field in record.__struct_fields__ for each in estimates(getattr(record, field))]
    if isinstance(record, dict):
        return [each for value in record.values() for each in estimates(value)]
    if isinstance(record, tuple | list):
        return [each for value in record for each in estimates(value)]
    return []


@pytest.mark.parametrize("n", [0, 1, 4, 9, 10, 60])
@pytest.mark.parametrize("name", names())
def test_any_number_of_answers_gives_honest_findings(name: str, n: int) -> None:
    questionnaire = load(name)
    found = diagnose(dataset(questionnaire, answers(questionnaire, n), meta(n)), PROGRAMME, wave())
    every = estimates(found)
    assert every
    assert all(each.n_valid >= 10 for each in every if each.value is not None)
    assert all(0 < each.n_valid >= 5 or each.n_valid == 0 for each in every)
    assert all(each.data_hash == found.data_hash and each.library_versions for each in every)
    assert any(each.key == "too_few" for each in found.improvements) is (n < 10)
    levels = [level for scale in found.scales for item in scale.items for level in item.levels]
    assert bool(levels) is (n >= 9)
    assert n == 10 or all((level.share is None) is (n < 10) for level in levels if not level.masked)
    assert all(group.n is None or group.n >= 5 for segment in found.segments for group in segment.groups)
    msgspec.json.encode(found)


def test_the_same_answers_in_another_order_give_the_same_bytes() -> None:
    questionnaire = load("complaint-diagnosis")
    lines, known = answers(questionnaire, 80), meta(80)
    order = random.Random(3).sample(range(80), 80)
    shuffled = {name: [values[place] for place in order] for name, values in known.items()}
    one = diagnose(dataset(questionnaire, lines, known), PROGRAMME, wave())
    other = diagnose(dataset(questionnaire, [lines[place] for place in order], shuffled), PROGRAMME, wave())
    assert msgspec.json.encode(one) == msgspec.json.encode(other)
    fewer = diagnose(dataset(questionnaire, lines[1:], {k: v[1:] for k, v in known.items()}), PROGRAMME, wave())
    assert fewer.data_hash != one.data_hash


def person(number: int) -> dict[str, Any]:
    """Waits 2 h at the first step and 10 h at the second; three in four choose idle."""
    idle = number % 4 != 0
    return {
        "clear.owner": 1 + number % 3, "clear.part": 2 + number % 3, "clear.vague": 5 - number % 3,
        "grid.register.work": 10, "grid.register.wait": 2, "grid.register.errors": 1 + number % 2,
        "grid.register.pain": 1 + number % 2, "grid.handover.work": 20, "grid.handover.wait": 8 + number % 5,
        "grid.handover.errors": 3 + number % 2, "grid.handover.pain": 4 + number % 2,
        "pains": ["idle"] if idle else ["forms"],
        "pains.idle.severity" if idle else "pains.forms.severity": 4,
        "pains.idle.frequency" if idle else "pains.forms.frequency": 5,
        **({"pains.idle.category": "people"} if number % 8 == 1 else {}),
        "why.problem": "idle" if idle else "forms", "why.why1": f"原因 {number}", "why.why2": "再往下",
        "idea": f"建议 {number}",
    }  # fmt: skip


def test_steps_pains_causes_and_words_are_what_people_said() -> None:
    found = findings([person(number) for number in range(40)])
    register, handover = found.steps
    assert (register.work.value, register.wait.value, handover.wait.value) == (10, 120, 600)
    assert (register.bottleneck, handover.bottleneck) == (False, True)
    assert found.timeline is not None
    assert (found.timeline.work, found.timeline.wait, found.timeline.efficiency) == (30, 720, 0.04)
    assert [(pain.code, pain.chosen, pain.weight, pain.vital) for pain in found.pains] == [
        ("idle", 30, 600, True), ("forms", 10, 200, True),
    ]  # fmt: skip
    assert found.pains[1].severity.n_not_shown == 30
    assert [(branch.category, branch.weight) for branch in found.fishbone] == [
        ("method", 500), ("material", 200), ("people", 100),
    ]  # fmt: skip
    assert [(group.problem["zh-CN"], group.n, group.withheld) for group in found.whys] == [
        ("没人接", 30, False), ("纸质单据", 10, False),
    ]  # fmt: skip
    assert all(chain.whys[1] == "再往下" for group in found.whys for chain in group.chains)
    assert sorted(found.comments[0].texts) == sorted(f"建议 {number}" for number in range(40))
    said = {each.key: each.params for each in found.improvements}
    assert {"bottleneck", "waiting", "pains_vital", "cause"} <= set(said)
    assert "step_painful" not in said, "the painful step is the bottleneck: one statement speaks of both"
    assert said["bottleneck"]["pain"] == found.steps[1].pain
    assert [each.key for each in found.strengths if each.key == "step_smooth"] == ["step_smooth"]


@pytest.mark.parametrize(
    ("anonymity", "people", "named", "others"),
    [("anonymous", 4, [], 1), ("confidential", 4, [], 1), ("identified", 4, [4], 0), ("anonymous", 5, [5], 0)],
)
def test_a_pain_point_that_few_put_to_a_cause_has_no_name_there(
    anonymity: str, people: int, named: list[int], others: int
) -> None:
    rows = [person(number) | {"pains.idle.category": "environment"} for number in range(1, 2 * people) if number % 2]
    rows += [person(number) for number in range(0, 80, 4)]
    branches = {branch.category: branch for branch in findings(rows, anonymity).fishbone}
    assert [count for _, count in branches["environment"].pains] == named
    assert branches["environment"].others == others
    assert [count for _, count in branches["material"].pains] == [20]


def test_a_reversed_item_is_turned_once_and_shown_as_answered() -> None:
    (scale,) = findings([person(number) for number in range(30)]).scales
    vague = scale.items[2]
    assert scale.mean.value == pytest.approx((2 + 3 + 2) / 3)
    assert (vague.reversed, vague.mean.value) == (True, pytest.approx(2.0))
    assert [(level.value, level.count) for level in vague.levels] == [(5, 10), (4, 10), (3, 10), (2, 0), (1, 0)]


def test_a_wrong_reverse_key_blocks_the_score_and_says_so() -> None:
    rows = [person(number) | {"clear.vague": 1 + number % 3} for number in range(30)]  # agrees with the others
    found = findings(rows)
    (scale,) = found.scales
    assert (scale.verdict, scale.mean.value, scale.rank) == ("blocked", None, None)
    assert "negative_item_rest:clear.vague" in scale.warnings
    assert "scale_blocked" in {each.key for each in found.improvements}


def test_unanimous_answers_are_bounds_unless_the_wave_is_identified() -> None:
    rows = [{"clear.owner": 5, "clear.part": 5, "clear.vague": 1}] * 12
    owner = findings(rows).scales[0].items[0]
    assert (owner.top2.value, owner.top2.params, owner.mean.value, owner.sd) == (
        0.9,
        {"masked": "at_least"},
        None,
        None,
    )
    assert [(level.count, level.share, level.masked) for level in owner.levels][-1] == (None, 0.9, "at_least")
    assert findings(rows, "identified").scales[0].items[0].mean.value == 5


@pytest.mark.parametrize(("n", "withheld"), [(9, True), (10, False)])
def test_comments_are_withheld_below_ten(n: int, withheld: bool) -> None:
    found = findings([{"idea": f"建议 {number}"} for number in range(n)])
    assert (found.comments[0].n, found.comments[0].withheld, bool(found.comments[0].texts)) == (
        n,
        withheld,
        not withheld,
    )


def test_small_groups_and_what_would_give_them_away_are_absent_everywhere() -> None:
    sides = ["upstream"] * 20 + ["operator"] * 12 + ["manager"] * 3
    rows = [person(number) for number in range(35)]
    audience = Audience(invited=50, by_side={"upstream": 25, "operator": 20, "manager": 5})
    found = findings(rows, audience=audience, _side=sides)
    shown = {group.label["en"]: group.responded for group in found.response.by_side}
    assert shown == {"Upstream": 20, "Operators": None, "Managers": None}
    assert all(group.rate is None for group in found.response.by_side if group.responded is None)
    groups = {group.label["en"]: (group.n, group.means, group.suppressed) for group in found.segments[0].groups}
    assert groups["Managers"] == (None, {}, True)
    assert groups["Operators"] == (None, {}, True)
    open_to_all = {group.label["en"]: group.n for group in findings(rows, "identified", _side=sides).segments[0].groups}
    assert open_to_all["Managers"] == 3


def test_departments_are_told_by_their_first_level() -> None:
    departments = ["客服中心/一线"] * 8 + ["客服中心/二线"] * 8 + ["质量部"] * 8
    audience = Audience(invited=30, by_department={"客服中心/一线": 10, "客服中心/二线": 10, "质量部": 10})
    found = findings([person(number) for number in range(24)], audience=audience, _department=departments)
    assert [(each.label["zh-CN"], each.invited, each.responded) for each in found.response.by_department] == [
        ("客服中心", 20, 16), ("质量部", 10, 8),
    ]  # fmt: skip
    assert found.response.rate is not None
    assert (found.response.rate.value, found.response.rate.ci_low) == (0.8, None)


def test_hostile_words_come_through_unharmed() -> None:
    hostile = ["=1+1", "<script>", "‮abc", "\0\x01", "𠮷🎉", "a" * 20_000, "'; DROP TABLE", "{{7*7}}", "%s", "\\", "\n"]
    texts = [f"{number}{text}" for number, text in enumerate(hostile)]
    found = findings([{"idea": text, "why.why1": text, "why.problem": "idle"} for text in texts])
    assert sorted(found.comments[0].texts) == sorted(texts)


def test_the_science_battery_is_reported_with_the_figures_of_r() -> None:
    cases, table = expected("c04_top2box_science"), data("c04_top2box_science", "science.csv")
    rows = "".join(f"      - {{code: {item.lower()}, type: likert, scale: agree, text: {item}}}\n" for item in cases)
    codes = ", ".join(item.lower() for item in cases)
    text = (
        "name: science\nkind: pulse\ntitle: 科学\nrating_scales:\n  agree: {labels: [一, 二, 三, 四]}\n"
        f"scales:\n  - {{code: science, label: 科学, items: [{codes}]}}\npages:\n  - code: all\n    questions:\n{rows}"
    )
    questionnaire, problems = yaml.read(text)
    assert questionnaire is not None, problems
    lines = [json.dumps({name.lower(): value for name, value in row.items()}) for row in table.iter_rows(named=True)]
    (scale,) = diagnose(dataset(questionnaire, lines), PROGRAMME, wave()).scales
    for item, figures in zip(scale.items, cases.values(), strict=True):
        assert [level.count for level in item.levels] == list(figures["counts"].values())
        assert [item.mean.value, item.mean.ci_low, item.mean.ci_high] == pytest.approx(
            [figures["mean"], *figures["mean_ci95"]], abs=1e-9
        )
        assert [item.top2.value, item.top2.ci_low, item.top2.ci_high] == pytest.approx(
            [figures["top2"], *figures["top2_wilson"]], abs=1e-9
        )
        assert (item.sd, item.median.value) == (pytest.approx(figures["sd"], abs=1e-9), figures["median"])
