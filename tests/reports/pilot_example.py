"""An invented pilot of complaint handling, to make evaluations and documents of. Nobody in it exists."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import polars as pl

from surveys.analysis.diagnosis import diagnose
from surveys.analysis.findings import Audience, ProgrammeFacts, TargetFact, WaveFacts
from surveys.analysis.pilot_evaluation import Evaluation, Material, evaluation
from surveys.analysis.pilot_findings import Rule, Target
from surveys.analysis.pilot_plan import BY_PERSON, Measure, Plan, PlanRecord
from surveys.analysis.pilot_rows import CASES, Answers, Role
from surveys.disclosure import Policy
from surveys.frame import dataset
from surveys.library import load

START = date(2026, 3, 2)
QUESTIONNAIRE = "pilot-feedback"
PROBLEMS = ("form_fields", "system_gap", "handover_stuck", "not_trained", "unclear_case", "limit_tight", "overloaded")
COMMENTS = (
    "首派就定了责任人，不用再到处问。", "小程序里照片传不上去，只好另外发微信。", "跨区的单子还是没人认领，卡了两天。",
    "表单上的批次号一栏，客户根本不知道填什么。", "希望夜里登记的投诉第二天一早就能分派。",
    "The owner is visible from the first minute, which helps a lot.",
)  # fmt: skip


def text(chinese: str, english: str) -> dict[str, str]:
    return {"zh-CN": chinese, "en": english}


def plan(**more: Any) -> Plan:
    measures = (
        Measure(
            code="m1", label=text("投诉关闭时长", "Time to close"), kind="duration", better="lower", source="cases",
            of="投诉关闭时长", unit=text("小时", "h"), target=Target(value=48, direction="at_most"),
        ),
        Measure(
            code="m2", label=text("客户满意度", "Customer satisfaction"), kind="proportion", better="higher",
            source="answers", of="overall", yes_from=4, unit=text("%", "%"),
            target=Target(value=0.9, direction="at_least"),
        ),
        Measure(
            code="m3", label=text("24 小时内分派率", "Assigned within 24 h"), kind="proportion", better="higher",
            source="cases", of="24 小时内分派", unit=text("%", "%"), target=Target(value=1.0, direction="at_least"),
        ),
        Measure(
            code="m4", label=text("重复投诉率", "Repeat complaints"), kind="proportion", better="lower", source="cases",
            of="重复投诉", unit=text("%", "%"), harm_margin=0.05,
        ),
        Measure(
            code="m5", label=text("流程走向", "Course of the process"), kind="score", better="higher",
            source="answers", of="scale:course", planned=False,
        ),
    )  # fmt: skip
    rule = Rule(fixed_on=START, no_harm=("m4",), must=("m1",), least_response=0.6)
    return Plan(
        **{"started_on": START, "pilot": "p", "baseline": "b", "comparison": "c", "linked": BY_PERSON,
           "measures": measures, "rule": rule, **more}
    )  # fmt: skip


def cases(n_before: int, n_after: int, seed: int = 3) -> dict[str, pl.DataFrame]:
    chance = random.Random(seed)
    rows: dict[str, list[tuple[Any, ...]]] = {"投诉关闭时长": [], "24 小时内分派": [], "重复投诉": []}
    for number in range(n_before + n_after):
        before = number < n_before
        day = START + timedelta(days=chance.randrange(-90, 0) if before else chance.randrange(0, 40))
        known = ("baseline" if before else "pilot", day, "")
        hours = chance.lognormvariate(4.25, 0.55) if before else chance.lognormvariate(3.62, 0.55)
        hours = 840.0 if number == 7 else 390.0 if number == n_before + 5 else round(hours, 1)
        rows["投诉关闭时长"].append((*known, hours))
        rows["24 小时内分派"].append((*known, float(chance.random() < (0.55 if before else 0.94))))
        rows["重复投诉"].append((*known, float(chance.random() < (0.11 if before else 0.08))))
    schema = {name: CASES[name] for name in ("group", "when", "cluster", "value")}
    return {name: pl.DataFrame(found, schema=schema, orient="row") for name, found in rows.items()}


def answers(n: int, mean: float, seed: int, comments: Sequence[str] = COMMENTS) -> list[str]:
    chance = random.Random(seed)
    lines = []
    for number in range(n):
        leaning = chance.gauss(0, 0.4)

        def level(shift: float = 0.0, leaning: float = leaning) -> int:
            return min(5, max(1, round(mean + shift + leaning + chance.gauss(0, 0.6))))

        found: dict[str, Any] = {"overall": level(0.35), "cases": float(chance.randrange(1, 40))}
        for question, rows in (
            ("forms", ("clear", "enough", "short", "unsure")),
            ("training", ("learned", "practice", "help", "confused")),
            ("tools", ("match", "stable", "fast", "paper")), ("course", ("order", "owner", "limit", "detour")),
            ("acceptance", ("useful", "easier", "continue", "back")),
        ):  # fmt: skip
            for row in rows:
                turned = row in ("unsure", "confused", "paper", "detour", "back")
                score = level(-1.3 if question == "forms" else 0.0)
                found[f"{question}.{row}"] = 6 - score if turned else score
        chosen = chance.sample(PROBLEMS, chance.choice((0, 1, 2, 3)))
        if chosen:
            found["problems"] = chosen
            categories = {"form_fields": "material", "system_gap": "machine", "not_trained": "people",
                          "overloaded": "people", "limit_tight": "measurement"}  # fmt: skip
            for code in chosen:
                found |= {f"problems.{code}.severity": chance.randrange(2, 6),
                          f"problems.{code}.frequency": chance.randrange(1, 6),
                          f"problems.{code}.category": categories.get(code, "method")}  # fmt: skip
        if comments and number % 2:
            found["ideas"] = comments[number // 2 % len(comments)]
        lines.append(json.dumps(found, ensure_ascii=False))
    return lines


def facts(role: str, title: str, **more: Any) -> WaveFacts:
    return WaveFacts(
        **{"title": title, "role": role, "anonymity": "confidential", "minimum_group": 5, "minimum_comments": 10,
           "opened_on": "2026-04-01", "closed_on": "2026-04-10",
           "questionnaire": text("新流程试点反馈", "Pilot feedback"),
           "questionnaire_name": QUESTIONNAIRE, "version": 1, "content_hash": "0" * 64, "verified": True, **more}
    )  # fmt: skip


PROGRAMME = ProgrammeFacts(
    name="客户投诉处理流程优化（V2.0）", process="客户投诉处理", scope="国内销售的厨房电器，从登记到结案归档",
    owner="客服中心经理", sponsor="分管运营的副总经理", stage="pilot",
    targets=(
        TargetFact(metric="投诉关闭时长", unit="小时", baseline=72, target=48, direction="decrease"),
        TargetFact(metric="客户满意度", unit="%", baseline=78, target=90, direction="increase"),
        TargetFact(metric="24 小时内分派率", unit="%", baseline=55, target=100, direction="increase"),
    ),
)  # fmt: skip


def material(
    n: int = 30, n_cases: tuple[int, int] = (300, 120), *, comments: Sequence[str] = COMMENTS,
    departments: Sequence[str] = (), chosen: Plan | None = None,
) -> Material:  # fmt: skip
    """``n`` answers in the pilot, twice as many in the comparison group, of whom two thirds were asked before."""
    questionnaire = load(QUESTIONNAIRE)
    known = n * 2 // 3
    waves: dict[Role, tuple[str, list[str], list[str]]] = {
        "baseline": ("试点前", [f"p{i}" for i in range(known)] + [f"c{i}" for i in range(2 * known)],
                     answers(known, 3.2, 1) + answers(2 * known, 3.2, 2)),
        "pilot": ("试点运行", [f"p{i}" for i in range(n)], answers(n, 4.3, 3, comments)),
        "comparison": ("对照组", [f"c{i}" for i in range(2 * n)], answers(2 * n, 3.4, 4)),
    }  # fmt: skip
    given: dict[Role, Answers] = {}
    for role, (_, people, lines) in waves.items():
        meta = {"_department": [departments[i % len(departments)] for i in range(len(lines))]} if departments else None
        given[role] = Answers(dataset=dataset(questionnaire, lines, meta), policy=Policy(), people=tuple(people))
    titles = {role: facts(role, title) for role, (title, _, _) in waves.items()}
    voices = diagnose(given["pilot"].dataset, PROGRAMME, titles["pilot"], Audience(invited=n + n // 5))
    record = PlanRecord(plan=chosen or plan(), number=1, fixed_on=START - timedelta(days=12), content_hash="ab" * 32)
    return Material(
        programme=PROGRAMME, record=record, waves=titles, answers=given, cases=cases(*n_cases), voices=voices,
        invited=n + n // 5,
    )  # fmt: skip


def example(n: int = 30, **more: Any) -> Evaluation:
    return evaluation(material(n, **more))
