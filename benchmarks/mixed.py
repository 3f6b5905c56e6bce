"""A second questionnaire to measure by: one page with thirty questions of thirty types, a third of them on conditions,
wordings that repeat answers, a rule, a computed value. The questions are the gallery's."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from random import Random
from urllib.parse import urlencode

import msgspec

from surveys.definition import Page, Question, Questionnaire
from surveys.formats import yaml
from surveys.questions import Answers, Cascade, Column, Computed, Rule, Value

GALLERY = Path(__file__).parent.parent / "surveys" / "gallery.yaml"
TYPES = (
    "single", "multiple", "dropdown", "yes_no", "true_false", "image_choice", "choice_comment", "cascade", "ranking",
    "likert", "rating", "stars", "csat", "ces", "nps", "slider", "semantic_differential", "kano", "matrix",
    "matrix_single", "matrix_number", "matrix_dual", "number", "duration", "date", "time", "blanks", "short_text",
    "long_text", "consent",
)  # fmt: skip
MOST = 90  # of numbers that have no other bound
WORDS = (
    "等签字",
    "来回补材料",
    "流程太长",
    "不知道找谁",
    "系统卡",
    "很快",
    "没人回复",
    "要跑三趟",
    "还可以",
    "表格太多",
)


def questionnaire() -> Questionnaire:
    """Every third question is shown to those who chose the first option of the first one: all of them, here."""
    gallery, problems = yaml.read(GALLERY.read_bytes())
    assert gallery is not None, problems
    first_of: dict[str, Question] = {}
    for question in gallery.questions():
        first_of.setdefault(question.type, question)
    asked = [_plain(first_of[kind]) for kind in TYPES]
    single, number = asked[0], asked[TYPES.index("number")]
    condition = f'{single.code} == "{single.parts()[0].code}"'
    for place in range(1, len(asked), 3):
        asked[place] = msgspec.structs.replace(asked[place], visible_if=condition)
    words = {language: f"{text} ({{{{{single.code}}}}}, {{{{twice}}}})" for language, text in asked[-2].text.items()}
    asked[-2] = msgspec.structs.replace(asked[-2], text=words, required_if="twice > 1000")
    rule = Rule(holds=f"{number.code} < 1000000", message={"zh-CN": "太多了", "en": "Too many"})
    asked[TYPES.index("number")] = msgspec.structs.replace(number, rules=(rule,))
    twice = Computed(code="twice", text={"zh-CN": "两倍", "en": "Twice"}, expression=f"{number.code} * 2")
    page = Page(code="items", questions=(*asked, twice))
    return msgspec.structs.replace(
        gallery, name="bench-mixed", presentation="page", pages=(page,), scales=(), quotas=(), shuffled_pages=()
    )


def _plain(question: Question) -> Question:
    """Without the gallery's own conditions. In the order written: pages in an order of chance are one's own, and drawn
    for each."""
    settled = {"shuffle": False} if hasattr(question, "shuffle") else {}
    return msgspec.structs.replace(question, visible_if="", group="", not_applicable=False, **settled)


def form(seed: int = 0) -> str:
    """The page filled in by one person, as a browser sends it. Everybody answers otherwise, but for the first question,
    which the conditions look at."""
    definition, draw = _definition(), Random(seed)
    filled: dict[str, list[str]] = {}
    for place, question in enumerate(definition.questions()):
        if question.filled_by_server:
            continue
        columns = question.columns(definition)
        answers = (
            _branch(question, draw) if isinstance(question, Cascade) else {c.name: _answer(c, draw) for c in columns}
        )
        if place == 0:
            answers[question.code] = question.parts()[0].code
        filled.update(question.form_values(answers, frozenset(), definition))
    return urlencode([(field, value) for field, values in filled.items() for value in values])


@cache
def _definition() -> Questionnaire:
    return questionnaire()


def _branch(question: Cascade, draw: Random) -> Answers:
    """A way down the tree."""
    chosen, below = [], question.options
    while below:
        node = draw.choice(below)
        chosen.append(node.code)
        below = node.children
    return dict(zip((f"{question.code}.level{depth}" for depth in range(1, 9)), chosen, strict=False))


def _answer(column: Column, draw: Random) -> Value:
    if column.kind in ("integer", "number"):
        low = int(column.low or 1)
        figure = draw.randint(low, int(min(column.high or MOST, MOST)) if column.high != low else low)
        return figure if column.kind == "integer" else float(figure)
    if column.kind in ("code", "codes"):
        choice = draw.choice(column.choices)
        return choice if column.kind == "code" else [choice]
    if column.unit == "date":
        return f"2026-{draw.randint(1, 6):02}-{draw.randint(1, 28):02}"
    if column.unit == "time":
        return f"{draw.randint(7, 18):02}:{draw.randint(0, 59):02}"
    return f"{draw.choice(WORDS)}{draw.choice(WORDS)}"
