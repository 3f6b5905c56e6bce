"""A second questionnaire to measure by: one page with thirty questions of thirty types, a third of them on conditions,
wordings that repeat answers, a rule, a computed value. The questions are the gallery's."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

import msgspec

from surveys.definition import Page, Question, Questionnaire
from surveys.formats import yaml
from surveys.questions import Answers, Computed, Rule, Value

GALLERY = Path(__file__).parent.parent / "surveys" / "gallery.yaml"
TYPES = (
    "single", "multiple", "dropdown", "yes_no", "true_false", "image_choice", "choice_comment", "cascade", "ranking",
    "likert", "rating", "stars", "csat", "ces", "nps", "slider", "semantic_differential", "kano", "matrix",
    "matrix_single", "matrix_number", "matrix_dual", "number", "duration", "date", "time", "blanks", "short_text",
    "long_text", "consent",
)  # fmt: skip


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


def form() -> str:
    """The page filled in, as a browser sends it."""
    definition = questionnaire()
    filled: dict[str, list[str]] = {}
    for question in definition.questions():
        if question.filled_by_server:
            continue
        answers: Answers = {column.name: _answer(column) for column in question.columns(definition)}
        filled.update(question.form_values(answers, frozenset(), definition))
    return urlencode([(field, value) for field, values in filled.items() for value in values])


def _answer(column: object) -> Value:
    kind, choices = getattr(column, "kind", ""), getattr(column, "choices", ())
    if kind in ("integer", "number"):
        lowest = max(1.0, getattr(column, "low", None) or 1.0)
        return int(lowest) if kind == "integer" else lowest
    if kind in ("code", "codes"):
        return choices[0] if kind == "code" else [choices[0]]
    return {"date": "2026-03-31", "time": "09:30"}.get(getattr(column, "unit", ""), "等签字")
