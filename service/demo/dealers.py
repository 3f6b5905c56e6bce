"""A seeded model of the dealers who answer before and in the pilot, and of the complaints that are timed."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

import msgspec
import yaml

PILOT, COMPARISON, LINKED, LOST = 30, 60, 2 / 3, 12
BEFORE, AFTER = 300, 120
HEADINGS = ("单号", "组别", "登记日期", "投诉关闭时长", "24 小时内分派率", "重复投诉率")
ROWS = ("owner", "progress", "promise", "chase")
CATEGORIES = {
    "fields": "material", "photos": "machine", "night": "method", "across": "environment", "unskilled": "people",
    "rule": "method", "parts": "material",
}  # fmt: skip
WEIGHTS = {"fields": 7, "photos": 9, "night": 6, "across": 3, "unskilled": 3, "rule": 2, "parts": 2}


class Answer(msgspec.Struct, frozen=True):
    """One dealer's answers. ``parts`` is what the code is made of; ``day`` counts from the wave's first one."""

    parts: tuple[str, str, str]
    day: int
    seconds: int
    answers: dict[str, Any]


def answers(role: str) -> list[Answer]:
    """All answers to the wave of that role (baseline, pilot, comparison), always the same."""
    chance = random.Random(f"dealers {role}")  # noqa: S311 - a story, not a secret
    texts = yaml.safe_load((files(__package__) / "dealers.yaml").read_text(encoding="utf-8"))
    left = {name: chance.sample(found, len(found)) for name, found in texts.items()}
    given = []
    for number, (dealer, satisfied) in enumerate(_who(role, chance)):
        found = _answers(satisfied, role == "pilot", chance)
        if role == "pilot":
            for name, share in (("keep", 0.42), ("ideas", 0.55)):
                if left[name] and chance.random() < share:
                    found[name] = left[name].pop()
        day, seconds = min(2, int(chance.expovariate(1.2))), round(150 * chance.lognormvariate(0, 0.3))
        given.append(Answer(_parts(dealer), day, seconds + number % 3, found))
    return given


def _who(role: str, chance: random.Random) -> list[tuple[int, bool]]:
    """Dealers by number with whether they are satisfied: 0–29 are in the pilot's region, 30–89 in others."""
    pilot, others = range(PILOT), range(PILOT, PILOT + COMPARISON)
    if role == "pilot":
        return _judged(list(pilot), 28, chance)
    if role == "comparison":
        return _judged(list(others), 47, chance)
    asked_before = list(pilot[: round(PILOT * LINKED)]), list(others[: round(COMPARISON * LINKED)])
    lost = list(range(100, 100 + LOST))  # who does not answer again
    found = [*_judged(asked_before[0], 15, chance), *_judged(asked_before[1], 31, chance), *_judged(lost, 10, chance)]
    return chance.sample(found, len(found))


def _judged(dealers: Sequence[int], satisfied: int, chance: random.Random) -> list[tuple[int, bool]]:
    content = set(chance.sample(dealers, satisfied))
    return [(dealer, dealer in content) for dealer in dealers]


def _parts(dealer: int) -> tuple[str, str, str]:
    """Always the same of a dealer, and another one's differ."""
    letters = "bcdfghjklmnpqrstwxyz"
    return f"{letters[dealer % 20]}{letters[dealer // 20]}", f"{dealer % 31 + 1:02}", f"{dealer * 37 % 100:02}"


def _answers(satisfied: bool, piloted: bool, chance: random.Random) -> dict[str, Any]:
    found: dict[str, Any] = {"overall": chance.choice((4, 4, 5)) if satisfied else chance.choice((2, 3, 3))}
    middle = (4.1 if piloted else 3.1) if satisfied else (3.2 if piloted else 2.3)
    for row in ROWS:
        score = min(5, max(1, round(chance.gauss(middle, 0.7))))
        found[f"informed.{row}"] = 6 - score if row == "chase" else score
    codes = sorted(WEIGHTS, key=lambda code: chance.random() ** (1 / WEIGHTS[code]), reverse=True)
    chosen = codes[: chance.choices((0, 1, 2, 3), (2, 4, 3, 2))[0]]
    if chosen:
        found["problems"] = chosen
    for code in chosen:
        found[f"problems.{code}.severity"] = min(5, max(1, round(2.4 + WEIGHTS[code] / 6 + chance.gauss(0, 0.8))))
        found[f"problems.{code}.frequency"] = min(5, max(1, round(2 + WEIGHTS[code] / 5 + chance.gauss(0, 0.8))))
        found[f"problems.{code}.category"] = CATEGORIES[code]
    return found


def complaints(start: date) -> str:
    """The file that is imported: a row for each complaint, ``BEFORE`` and ``AFTER`` the start, two of them far out."""
    chance = random.Random("complaints")  # noqa: S311 - a story, not a secret
    assigned = _flags(BEFORE, 165, chance) + _flags(AFTER, 113, chance)
    repeated = _flags(BEFORE, 34, chance) + _flags(AFTER, 8, chance)
    far_out: Mapping[int, float] = {41: 912.0, BEFORE + 27: 655.5}
    lines = [",".join(HEADINGS)]
    for number in range(BEFORE + AFTER):
        before = number < BEFORE
        day = start + timedelta(days=-chance.randrange(1, 91) if before else chance.randrange(0, 14))
        hours = far_out.get(
            number, round(chance.lognormvariate(4.28, 0.55) if before else chance.lognormvariate(3.6, 0.55), 1)
        )
        lines.append(
            f"TS-{number + 1:04},{'基线' if before else '试点'},{day},{hours},{assigned[number]},{repeated[number]}"
        )
    return "\n".join(lines) + "\n"


def _flags(n: int, yes: int, chance: random.Random) -> list[int]:
    return chance.sample([1] * yes + [0] * (n - yes), n)
