"""A seeded model of the people who sit the demo's exams: who knows what, and what they answer where they do not.

Whoever knows an item by a two-parameter logistic model (Birnbaum 1968) answers it right; the others guess or fall for
the likeliest mistake. Two items are at fault, and the analysis must find them.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
import yaml

from service.store.people import Entry
from surveys.exams.items import (
    BASE_UNIT,
    AnyItem,
    BankItem,
    BlanksItem,
    CaseItem,
    ClozeItem,
    EssayItem,
    Gap,
    MatchingItem,
    MultipleItem,
    NumericItem,
    OrderingItem,
    Response,
    ShortAnswerItem,
    SingleItem,
    TrueFalseItem,
)
from surveys.text import Text

WRONG_KEY, AMBIGUOUS = "own08", "clo02"
KEYED = "a"  # what the key of own08 says at first; those who know choose another option
AMBIGUOUS_TEXT: Text = {
    "zh-CN": "48 小时的时限从什么时候算起？",
    "en": "When do the 48 hours begin?",
}
TAKEN_FOR_RIGHT = {"a": 0.58, "b": 0.15, "c": 0.17, "d": 0.10}  # of clo02, whatever one knows
DIFFICULTY = {"easy": -1.4, "medium": -0.3, "hard": 0.7}
ABILITY = {"operator": 1.35, "upstream": 1.0, "downstream": 0.75, "manager": 1.3}
TEAMS = {"投诉组": 0.5, "质检培训组": 0.5, "仓储组": -0.7, "配送组": -0.7, "一车间": -0.35, "二车间": -0.35}
UNTRAINED, RETRAINED, SPREAD = -1.25, 0.9, 0.85
HARD_TOPICS = {"授权与升级": 0.75, "跨部门协同": 0.2}  # taught too briefly
BLANK = 0.015
SLIPS = {"24": "48", "48": "24", "30": "60", "3": "2", "4": "3", "5": "10", "60": "120", "28": "32", "88": "90"}
PARTS = ("person", "safety", "time", "ticket")


class Written(msgspec.Struct, frozen=True):
    """An open answer with what each criterion of the rubric gives for it."""

    text: str
    points: dict[str, float]


@cache
def bank() -> tuple[BankItem, ...]:
    """The items of the demo as they ought to be."""
    return msgspec.convert(_yaml("exam_bank.yaml"), tuple[BankItem, ...])


def flawed(items: Iterable[BankItem]) -> list[BankItem]:
    """The bank as it was when the exam was published: one key was wrong, and one wording ambiguous."""
    found = []
    for each in items:
        item = each.item
        if each.code == WRONG_KEY and isinstance(item, SingleItem):
            options = [msgspec.structs.replace(option, correct=option.code == KEYED) for option in item.options]
            item = msgspec.structs.replace(item, options=tuple(options))
        if each.code == AMBIGUOUS:
            item = msgspec.structs.replace(item, text=AMBIGUOUS_TEXT)
        found.append(msgspec.structs.replace(each, item=item))
    return found


@cache
def words() -> dict[str, Any]:
    loaded = _yaml("exam_words.yaml")
    assert isinstance(loaded, dict)
    return loaded


def _yaml(name: str) -> Any:
    """Read by libyaml where it is there: the bank is a second's work without."""
    text = (files(__package__) / name).read_text(encoding="utf-8")
    return yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe


def ability(person: Entry, chance: random.Random) -> float:
    """In logits, once trained: 0 is whoever answers an item of mean difficulty right half the time."""
    team = TEAMS.get(person.department.split("/")[-1], 0.0)
    return ABILITY[person.side] + team + chance.gauss(0, SPREAD)


class Candidate:
    """One person in front of a paper."""

    def __init__(
        self, level: float, truth: Mapping[str, BankItem], chance: random.Random, texts: dict[str, Any]
    ) -> None:
        self.level, self.truth, self.chance, self.texts = level, truth, chance, texts
        self.written: dict[str, Written] = {}

    def answers(self, code: str) -> Response:
        """What this person answers to an item, by what is right and not by what its key says."""
        item = self.truth[code]
        if self.chance.random() < BLANK:
            return {}
        if code == AMBIGUOUS:
            options, weights = zip(*TAKEN_FOR_RIGHT.items(), strict=True)
            return {"choice": self.chance.choices(options, weights)[0]}
        return self._to(item.item, self._knows(item), code)

    def _knows(self, item: BankItem) -> bool:
        shift = random.Random(item.code).gauss(0, 0.3) + HARD_TOPICS.get(item.topic, 0.0)  # noqa: S311
        slope = 1.1 + random.Random(item.code[::-1]).random() * 0.7  # noqa: S311
        return self.chance.random() < 1 / (1 + math.exp(-slope * (self.level - DIFFICULTY[item.difficulty] - shift)))

    def _to(self, item: AnyItem, knows: bool, code: str) -> Response:
        if isinstance(item, CaseItem):
            parts = {
                each.code: self._to(each.item, knows or self.chance.random() < 0.3, code) for each in item.questions
            }
            return {f"{name}.{part}": value for name, own in parts.items() for part, value in own.items()}
        return _ANSWERS[type(item)](self, item, knows, code)

    def _single(self, item: SingleItem, knows: bool, code: str) -> Response:
        right = [option.code for option in item.options if option.correct]
        if code == WRONG_KEY and not knows:  # the keyed figure is the one that a hurried reader takes
            return {"choice": self.chance.choices([KEYED, "c", "d", *right], (6, 2, 1, 1))[0]}
        if knows:
            return {"choice": right[0]}
        weights = [1 if option.correct else (4, 3, 2, 2)[place % 4] for place, option in enumerate(item.options)]
        return {"choice": self.chance.choices([option.code for option in item.options], weights)[0]}

    def _multiple(self, item: MultipleItem, knows: bool, code: str) -> Response:
        right = [option.code for option in item.options if option.correct]
        wrong = [option.code for option in item.options if not option.correct]
        if not knows:
            right = self.chance.sample(right, max(1, len(right) - 1))
            right += self.chance.sample(wrong, min(len(wrong), self.chance.randint(0, 1)))
        return {"choice": sorted(right)}

    def _true_false(self, item: TrueFalseItem, knows: bool, code: str) -> Response:
        right = item.correct if knows or self.chance.random() < 0.45 else not item.correct
        return {"choice": "true" if right else "false"}

    def _gaps(self, item: BlanksItem | ClozeItem, knows: bool, code: str) -> Response:
        typed: Response = {gap.code: self._gap(gap) for gap in item.gaps}
        if not knows:
            slipped = self.chance.choice(item.gaps)
            typed[slipped.code] = SLIPS.get(str(typed[slipped.code]), "关闭")
        return typed

    def _gap(self, gap: Gap) -> str:
        """What is accepted, now and then as a word or in full-width figures."""
        first = gap.accepted[0]
        plain = first.text or f"{first.number:g}"
        others = [each.text for each in gap.accepted[1:] if each.text]
        if others and self.chance.random() < 0.12:
            return self.chance.choice(others)
        return plain.translate(_WIDE) if self.chance.random() < 0.08 else plain

    def _numeric(self, item: NumericItem, knows: bool, code: str) -> Response:
        right = f"{item.accepted[0].number:g}"
        response: Response = {"number": right if knows else SLIPS.get(right, "100")}
        return response | {"unit": BASE_UNIT} if item.units else response

    def _matching(self, item: MatchingItem, knows: bool, code: str) -> Response:
        chosen = {pair.code: pair.option for pair in item.pairs}
        if not knows:
            first, second = self.chance.sample(list(chosen), 2)
            chosen[first], chosen[second] = chosen[second], chosen[first]
        return {**chosen}

    def _ordering(self, item: OrderingItem, knows: bool, code: str) -> Response:
        order = [option.code for option in item.options]
        if not knows:
            place = self.chance.randrange(len(order) - 1)
            order[place], order[place + 1] = order[place + 1], order[place]
        return {"order": [*order]}

    def _short(self, item: ShortAnswerItem, knows: bool, code: str) -> Response:
        accepted = [each.text for each in item.accepted if not each.text.isascii()]
        return {
            "text": self.chance.choice(accepted) if knows else self.chance.choice(("谁主管谁负责", "不清楚", "鱼骨图"))
        }

    def _essay(self, item: EssayItem, knows: bool, code: str) -> Response:
        parts = {part: self._part(part) for part in PARTS}
        self.written[code] = Written(
            "".join(each["text"] for each in parts.values()),
            {name: float(each["points"]) for name, each in parts.items()},
        )
        return {"text": self.written[code].text}

    def _part(self, part: str) -> dict[str, Any]:
        """The better one knows the process, the likelier the better words."""
        choices: list[dict[str, Any]] = self.texts[part]
        return self.chance.choices(choices, [math.exp(self.level * 0.8 * (each["points"] - 1)) for each in choices])[0]


_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_ANSWERS: dict[type, Callable[..., Response]] = {
    SingleItem: Candidate._single, MultipleItem: Candidate._multiple, TrueFalseItem: Candidate._true_false,
    BlanksItem: Candidate._gaps, ClozeItem: Candidate._gaps, NumericItem: Candidate._numeric,
    MatchingItem: Candidate._matching, OrderingItem: Candidate._ordering, ShortAnswerItem: Candidate._short,
    EssayItem: Candidate._essay,
}  # fmt: skip
