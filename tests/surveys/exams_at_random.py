"""Exams that make sense, drawn from a seed: items of every type, blueprints, answers right and wrong.

Everything that a candidate must not see before release is marked by a word of its own (``SECRET``), or is a figure
that occurs nowhere else.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

import msgspec
from hypothesis import strategies as st

from surveys.exams.definition import Blueprint, Draw, Exam, FixedItem, Marking, Paper, PaperItem, Pool, Section, Sitting
from surveys.exams.drawing import draw
from surveys.exams.items import (
    ITEM_TYPES,
    Accepted,
    AnyItem,
    BankItem,
    BlanksItem,
    CaseItem,
    ClozeItem,
    Criterion,
    EssayItem,
    FileItem,
    Gap,
    Level,
    Match,
    MatchingItem,
    MultipleItem,
    NumericItem,
    Option,
    OrderingItem,
    Pair,
    Response,
    ShortAnswerItem,
    SimpleItem,
    SingleItem,
    SubItem,
    TrueFalseItem,
    Unit,
)
from surveys.text import Text

SECRET = "机密"
SIMPLE = sorted(set(ITEM_TYPES) - {"case"})
MODES = ("all_or_nothing", "partial", "per_option")


def seeds() -> st.SearchStrategy[int]:
    return st.integers(0, 2**48)


class Drawing:
    """Everything of one seed."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.number = 0

    # --- items ------------------------------------------------------------------------------------------------------

    def bank_item(self, tag: str | None = None) -> BankItem:
        chance = self.chance
        return BankItem(
            code=self.fresh("item"),
            item=self.item(tag or chance.choice(sorted(ITEM_TYPES))),
            category=chance.choice(("", "受理", "受理/首问", "处理")),
            topic=f"{SECRET}主题",
            difficulty=chance.choice(("easy", "medium", "hard")),
            state="reviewed",
        )

    def item(self, tag: str) -> AnyItem:
        if tag == "case":
            kinds = self.chance.choices(SIMPLE, k=self.chance.randint(1, 4))
            weights = self.chance.choices((1, 2, 0.5), k=len(kinds))
            questions = tuple(
                SubItem(code=self.fresh("sub"), item=self.simple(kind), weight=weight)
                for kind, weight in zip(kinds, weights, strict=True)
            )
            return CaseItem(text=self.text("案例"), explanation=self.secret(), questions=questions)
        return self.simple(tag)

    def simple(self, tag: str) -> SimpleItem:
        return getattr(self, tag)(text=self.text("题干"), explanation=self.secret())  # type: ignore[no-any-return]

    def single(self, **common: Any) -> SingleItem:
        options = self.options(self.chance.randint(2, 5))
        right = self.chance.randrange(len(options))
        options = [msgspec.structs.replace(each, correct=index == right) for index, each in enumerate(options)]
        return SingleItem(**common, options=tuple(options), shuffle=self.chance.random() < 0.8)

    def multiple(self, **common: Any) -> MultipleItem:
        options = self.options(self.chance.randint(2, 6))
        right = set(self.chance.sample(range(len(options)), self.chance.randint(1, len(options))))
        options = [msgspec.structs.replace(each, correct=index in right) for index, each in enumerate(options)]
        return MultipleItem(**common, options=tuple(options))

    def true_false(self, **common: Any) -> TrueFalseItem:
        return TrueFalseItem(
            **common, correct=self.chance.random() < 0.5, feedback_true=self.secret(), feedback_false=self.secret()
        )

    def blanks(self, **common: Any) -> BlanksItem:
        return BlanksItem(**common, gaps=tuple(self.gap() for _ in range(self.chance.randint(1, 4))))

    def cloze(self, text: Text, **common: Any) -> ClozeItem:
        gaps = tuple(self.gap() for _ in range(self.chance.randint(1, 3)))
        written = {"zh-CN": "句子" + "、".join(f"[[{each.code}]]" for each in gaps) + "完。"}
        return ClozeItem(text=written, **common, gaps=gaps)

    def numeric(self, **common: Any) -> NumericItem:
        units = (
            (Unit(code=self.fresh("unit"), label=self.text("单位"), factor=60.0),) if self.chance.random() < 0.5 else ()
        )
        accepted = (self.figure(), msgspec.structs.replace(self.figure(), share=0.5))
        return NumericItem(**common, accepted=accepted, unit=self.text("小时"), units=units)

    def matching(self, **common: Any) -> MatchingItem:
        options = self.options(self.chance.randint(2, 5))
        pairs = [
            Pair(code=self.fresh("pair"), label=self.text("项"), option=self.chance.choice(options).code)
            for _ in range(self.chance.randint(2, 4))
        ]
        return MatchingItem(**common, options=tuple(options), pairs=tuple(pairs))

    def ordering(self, **common: Any) -> OrderingItem:
        return OrderingItem(**common, options=tuple(self.options(self.chance.randint(2, 6))))

    def short_answer(self, **common: Any) -> ShortAnswerItem:
        accepted = (self.accepted(), msgspec.structs.replace(self.accepted(), share=0.8))
        return ShortAnswerItem(**common, accepted=accepted, match=Match(script=self.chance.random() < 0.3))

    def essay(self, **common: Any) -> EssayItem:
        return EssayItem(**common, rubric=(self.criterion(),))

    def file(self, **common: Any) -> FileItem:
        return FileItem(**common, rubric=(self.criterion(),))

    # --- their parts ------------------------------------------------------------------------------------------------

    def options(self, count: int) -> list[Option]:
        """None of them right yet."""
        return [
            Option(
                code=self.fresh("option"),
                label=self.text("选项"),
                share=self.chance.choice((None, None, -0.271828, 0.314159, 1.0)),
                feedback=self.secret(),
                fixed=self.chance.random() < 0.1,
            )
            for _ in range(count)
        ]

    def gap(self) -> Gap:
        accepted = tuple(self.chance.choice((self.accepted, self.figure))() for _ in range(self.chance.randint(1, 3)))
        return Gap(
            code=self.fresh("gap"),
            label=self.text("空"),
            accepted=accepted,
            weight=self.chance.choice((1.0, 2.0, 0.25)),
        )

    def accepted(self) -> Accepted:
        return Accepted(text=f"{SECRET}{self.fresh('text')}", feedback=self.secret())

    def figure(self) -> Accepted:
        self.number += 1
        return Accepted(
            number=7_310_000.0 + self.number, tolerance=self.chance.choice((0, 0.25)), feedback=self.secret()
        )

    def criterion(self) -> Criterion:
        levels = (Level(points=0, label=self.secret()), Level(points=4, label=self.secret()))
        return Criterion(code=self.fresh("criterion"), label=self.secret(), levels=levels)

    def text(self, word: str) -> Text:
        self.number += 1
        return {"zh-CN": f"{word} {self.number}", "en": f"{word} no {self.number}"}

    def secret(self) -> Text:
        return {each: f"{SECRET} {wording}" for each, wording in self.text("说明").items()}

    def fresh(self, word: str) -> str:
        self.number += 1
        return f"{word}_zq{self.number}"

    # --- exams and answers ------------------------------------------------------------------------------------------

    def marking(self) -> Marking:
        return Marking(
            mode=self.chance.choice(MODES),  # type: ignore[arg-type]
            penalty=self.chance.choice((0.0, 0.0, 0.25, 1 / 3, 1.0)),
            unanswered=self.chance.choice((0, 0, -50)),
            floor=self.chance.choice((0, 0, -100, -100_000)),
        )

    def exam(self, items: int = 24) -> tuple[Exam, Pool]:
        """Two fixed items and up to eight drawn ones, which may compete with each other."""
        chance = self.chance
        bank = [self.bank_item(tag) for tag in sorted(ITEM_TYPES)] + [self.bank_item() for _ in range(items - 12)]
        chance.shuffle(bank)
        fixed = tuple(FixedItem(code=each.code, points=chance.randint(1, 1000)) for each in bank[:2])
        draws = (
            Draw(count=chance.randint(1, 4), points=chance.randint(1, 1000), marking=self.marking()),
            Draw(count=1, points=500, difficulty=bank[2].difficulty),
            Draw(count=chance.randint(1, 2), points=200, type=str(bank[3].item.__struct_config__.tag)),
        )
        if sum(each.item.__struct_config__.tag == draws[2].type for each in bank[2:]) < 2:
            draws = draws[:2]
        sections = (Section(items=fixed, draws=draws[:1]), Section(draws=draws[1:]))
        blueprint = Blueprint(
            sections=sections,
            marking=self.marking(),
            shuffle_items=chance.random() < 0.7,
            shuffle_options=chance.random() < 0.7,
        )
        exam = Exam(title={"zh-CN": "考试"}, blueprint=blueprint, sitting=Sitting(attempts=2))
        return exam, Pool(items={each.code: each for each in bank})

    def responses(self, paper: Paper, pool: Pool) -> dict[str, Response]:
        return {
            each.code: self.response(pool.items[each.code].item, right=self.chance.random())
            for each in paper.items
            if self.chance.random() < 0.9
        }

    def response(self, item: AnyItem, right: float) -> Response:
        """Each part right with probability ``right``, else by chance or blank."""
        if isinstance(item, CaseItem):
            return {
                f"{each.code}.{part}": answer
                for each in item.questions
                for part, answer in self.response(each.item, right).items()
            }
        best = key(item)
        found: Response = {}
        for part, answer in best.items():
            if self.chance.random() < right:
                found[part] = answer
            elif self.chance.random() < 0.8:
                found[part] = self.wrong(item, answer)
        return found

    def wrong(self, item: SimpleItem, answer: str | list[str]) -> str | list[str]:
        codes = [each.code for each in getattr(item, "options", ())]
        if isinstance(answer, list):
            return self.chance.sample(codes, self.chance.randint(0, len(codes)))
        return self.chance.choice([*codes, "true", "false", "base", "", " ", "12", "1e3 秒", "不知道"])


def key(item: SimpleItem) -> Response:
    """A response that earns all the points of what is marked automatically."""
    if isinstance(item, SingleItem):
        return {"choice": next(each.code for each in item.options if each.correct)}
    if isinstance(item, MultipleItem):
        return {"choice": [each.code for each in item.options if each.correct]}
    if isinstance(item, TrueFalseItem):
        return {"choice": "true" if item.correct else "false"}
    if isinstance(item, BlanksItem | ClozeItem):
        return {each.code: said(each.accepted[0]) for each in item.gaps}
    if isinstance(item, NumericItem):
        unit: Mapping[str, str] = {"unit": "base"} if item.units else {}
        return {"number": said(item.accepted[0]), **unit}
    if isinstance(item, MatchingItem):
        return {each.code: each.option for each in item.pairs}
    if isinstance(item, OrderingItem):
        return {"order": [each.code for each in item.options]}
    if isinstance(item, ShortAnswerItem):
        return {"text": said(item.accepted[0])}
    return {"text": "答"} if isinstance(item, EssayItem) else {"file": "018f"}


def said(accepted: Accepted) -> str:
    return accepted.text if accepted.number is None else f"{accepted.number:.12g}"


def secrets_of(pool: Pool) -> set[str]:
    """Words and figures of a pool that stay on the server until release."""
    found: set[str] = {SECRET, "_zq", "0.314159", "0.271828", "correct", "share", "feedback", "accepted", "7310"}
    for each in pool.items.values():
        found.add(each.code)
    return found


def alone(item: AnyItem, seed: int, **blueprint: Any) -> PaperItem:
    """The item on a paper of its own."""
    sections = (Section(items=(FixedItem(code="one", points=600),)),)
    exam = Exam(title={"zh-CN": "考试"}, blueprint=Blueprint(sections=sections, **blueprint))
    return draw(exam, Pool(items={"one": BankItem(code="one", item=item, state="reviewed")}), seed).items[0]
