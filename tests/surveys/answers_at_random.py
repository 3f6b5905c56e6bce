"""Stored answers to any questionnaire, drawn from a seed: for tests of what must hold whatever people answer."""

from __future__ import annotations

import json
import random
from typing import Any

from surveys.definition import Questionnaire
from surveys.questions import Column, FiveWhys, PainPoints
from surveys.questions.measures import CAUSES

SIDES = ("upstream", "operator", "downstream", "manager")
DEPARTMENTS = ("客服中心/一线", "客服中心/二线", "质量部", "物流部/仓储", "财务部", "生产部")


def answers(questionnaire: Questionnaire, n: int, seed: int = 1) -> list[str]:
    """``n`` JSON lines."""
    draw = random.Random(seed)
    return [json.dumps(_one(questionnaire, draw), ensure_ascii=False) for _ in range(n)]


def meta(n: int, seed: int = 1) -> dict[str, list[Any]]:
    draw = random.Random(seed)
    return {
        "_sequence": list(range(n)),
        "_side": [draw.choice(SIDES) for _ in range(n)],
        "_department": [draw.choice(DEPARTMENTS) for _ in range(n)],
        "_seconds": [draw.randint(30, 900) for _ in range(n)],
    }


def _one(questionnaire: Questionnaire, draw: random.Random) -> dict[str, Any]:
    row: dict[str, Any] = {}
    not_applicable = []
    not_shown = []
    for page in questionnaire.pages:
        for question in page.questions:
            if draw.random() < 0.03:
                not_shown.append(question.code)
                continue
            found = question.columns(questionnaire)
            if isinstance(question, PainPoints):
                row |= _pains(question, draw)
                continue
            for column in found:
                lot = draw.random()
                if lot < 0.04:
                    continue
                if lot < 0.07 and question.not_applicable:
                    not_applicable.append(column.name)
                    continue
                row[column.name] = _value(column, draw)
            if isinstance(question, FiveWhys):
                row[f"{question.code}.problem"] = draw.choice(["handover", "forms", "流程太长"])
    return row | {"_not_applicable": not_applicable, "_not_shown": not_shown}


def _pains(question: PainPoints, draw: random.Random) -> dict[str, Any]:
    codes = draw.sample([choice.code for choice in question.choices], k=min(question.maximum, len(question.choices)))
    row: dict[str, Any] = {question.code: codes}
    for code in codes:
        row[f"{question.code}.{code}.severity"] = draw.randint(1, 5)
        row[f"{question.code}.{code}.frequency"] = draw.randint(1, 5)
        if draw.random() < 0.3:
            row[f"{question.code}.{code}.category"] = draw.choice(CAUSES)
    return row


def _value(column: Column, draw: random.Random) -> Any:
    if column.kind == "integer":
        return draw.randint(int(column.low or 0), int(column.high or 10))
    if column.kind == "number":
        return round(draw.uniform(column.low or 0, min(column.high or 100, 100)), 1)
    if column.kind == "code":
        return draw.choice(column.choices)
    if column.kind == "codes":
        return draw.sample(list(column.choices), k=draw.randint(1, len(column.choices)))
    return f"流程太长，意见 {draw.randint(1, 10_000)}"
