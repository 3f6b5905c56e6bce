"""Attempts by a two-parameter logistic model, so that what an analysis should find is known beforehand."""

from __future__ import annotations

import numpy as np

from surveys.analysis.findings import ProgrammeFacts, TargetFact
from surveys.analysis.training_data import Sittings
from surveys.analysis.training_findings import ExamFacts
from surveys.exams.definition import Pool
from surveys.exams.items import BankItem, Criterion, EssayItem, Level, Option, SingleItem
from surveys.text import Text

DEPARTMENTS = ("客服中心/热线组", "客服中心/投诉组", "质量部/检验组", "生产部/一车间", "物流部/配送组", "财务部/应收组")
TOPICS = ("首问负责", "24 小时分派", "48 小时结案", "投诉分级")
WRONG_KEY, MISLEADING = "q03", "q11"
OPTIONS = 4


def both(text: str) -> Text:
    return {"zh-CN": f"{text}（中）", "en": f"{text} (en)"}


def single(code: str, key: int = 0) -> SingleItem:
    options = tuple(
        Option(code=letter, label=both(f"{code} 选项 {letter}"), correct=place == key)
        for place, letter in enumerate("abcd")
    )
    return SingleItem(text=both(f"第 {code} 题：客户投诉该怎样处理"), options=options)


def pool(k: int, essay: bool = False) -> Pool:
    """``k`` items, the last one an essay where asked for; one has a wrong key."""
    items = {}
    for number in range(1, k + 1):
        code = f"q{number:02}"
        asked = single(code, key=1 if code == WRONG_KEY else 0)
        items[code] = BankItem(
            code=code, item=asked, category="流程/规则", topic=TOPICS[number % len(TOPICS)], state="reviewed"
        )
    if essay:
        levels = (Level(points=0, label=both("未写")), Level(points=1, label=both("写清")))
        open_answer = EssayItem(
            text=both("写出结案说明"), rubric=(Criterion(code="clear", label=both("清楚"), levels=levels),)
        )
        items[code] = BankItem(code=code, item=open_answer, topic=TOPICS[0], state="reviewed")
    return Pool(items=items)


def sittings(
    n: int = 210, k: int = 20, seed: int = 7, drawn: int | None = None, essay: bool = False, resits: bool = True
) -> Sittings:
    """``n`` people of 240 (or as many more) sit ``k`` items of 5 points; of ``drawn`` items, each on a random paper.

    People answer right by ability 0.8 ± 1 and difficulties −1.6 … 1.6; whoever does not know guesses. Of ``q03`` the
    key is wrong: those who know choose ``a``, the key says ``b``. ``q11`` misleads: nearly everybody takes ``c``.
    """
    chance = np.random.default_rng(seed)
    bank = drawn or k
    ability = chance.normal(0.8, 1.0, n)
    difficulty = np.linspace(-1.6, 1.6, bank)
    knows = chance.random((n, bank)) < 1 / (1 + np.exp(-1.3 * (ability[:, None] - difficulty)))
    chosen = np.where(knows, 0, chance.integers(0, OPTIONS, (n, bank)))
    people = np.arange(n)
    codes = [f"q{number:02}" for number in range(1, bank + 1)]
    if MISLEADING in codes:
        misled = codes.index(MISLEADING)
        chosen[:, misled] = np.where(chance.random(n) < 0.85, 2, chosen[:, misled])
    if resits:
        people, chosen = _again(people, chosen, chance)
    keys = np.array([1 if code == WRONG_KEY else 0 for code in codes])
    marks = np.where(chosen == keys, 100 / k, 0.0)
    if drawn:
        places = np.argsort(chance.random(marks.shape), axis=1)[:, k:]
        np.put_along_axis(marks, places, np.nan, axis=1)
    pending = np.zeros(marks.shape, dtype=bool)
    taken = {code: chosen[:, [i]] == np.arange(OPTIONS) for i, code in enumerate(codes)}
    if essay:
        marks[:, -1] = np.where(chance.random(len(marks)) < 0.5, np.nan, 100 / k * (chosen[:, -1] == 0))
        pending[:, -1] = np.isnan(marks[:, -1])
        taken.pop(codes[-1])
    candidates = max(240, n + n // 10)
    return Sittings(
        departments=tuple(DEPARTMENTS[i % len(DEPARTMENTS)] for i in range(candidates)),
        person=people.astype(np.int64),
        number=1 + np.concatenate([[0], (np.diff(people) == 0).astype(np.int64)]),
        points=np.nansum(marks, axis=1),
        items=tuple(codes),
        maximum=np.full(bank, 100 / k),
        marks=marks,
        pending=pending,
        taken=taken,
    )


def _again(people: np.ndarray, chosen: np.ndarray, chance: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Whoever had fewer than half right sits a second time and knows more."""
    weak = np.flatnonzero((chosen == 0).mean(axis=1) < 0.5)
    better = np.where(chance.random((len(weak), chosen.shape[1])) < 0.5, 0, chosen[weak])
    order = np.argsort(np.concatenate([people, people[weak]]), kind="stable")
    return np.concatenate([people, people[weak]])[order], np.concatenate([chosen, better])[order]


PROGRAMME = ProgrammeFacts(
    name="客户投诉处理流程优化（V2.0）", process="客户投诉处理", scope="国内销售的厨房电器和净水产品",
    owner="客服中心经理", sponsor="分管运营的副总经理", stage="rollout",
    targets=(TargetFact(metric="投诉关闭时长", unit="小时", baseline=72, target=48, direction="decrease"),),
)  # fmt: skip


def exam(data: Sittings, **changes: object) -> ExamFacts:
    given: dict[str, object] = {
        "title": {"zh-CN": "投诉处理流程 V2.0 上岗考核", "en": "Complaint handling V2.0: qualifying exam"},
        "code": "v2", "purpose": "exam", "opened_on": "2026-03-02", "closed_on": "2026-03-06", "minutes": 30,
        "attempts": 2, "attempt_rule": "best", "total": 100.0, "cut": 60.0, "cut_by": "percent",
        "items_per_paper": int(data.presented[0].sum()) if len(data.marks) else 20, "pool": len(data.items),
        "drawn": data.drawn, "scoring": 1, "released": True, "minimum_group": 5,
    }  # fmt: skip
    return ExamFacts(**(given | changes))  # type: ignore[arg-type]
