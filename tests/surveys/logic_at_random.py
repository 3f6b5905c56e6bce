"""Questionnaires full of logic, and ways of answering them, drawn from a seed.

The questions are those of the gallery, so that a new type is drawn as soon as it is shown there; conditions, rules,
jumps, groups, repeats and carried options are put on top, by what the columns of earlier questions hold.
"""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from surveys.answers import Record, finish, page_form, read_page, read_question
from surveys.compiled import Compiled
from surveys.context import Context
from surveys.definition import Group, Jump, Page, Question, Questionnaire, Quota
from surveys.formats import yaml
from surveys.logic import next_page, shown
from surveys.questions import Assignment, Column, Computed, Hidden, Rule, Single
from surveys.questions.structure import Arm
from tests.surveys.answers_at_random import _value

GALLERY = Path(__file__).parents[2] / "surveys" / "gallery.yaml"
PEOPLE = ({}, {"side": "upstream"}, {"side": "operator", "department": "总部/客服部", "position": "班长"})


@cache
def gallery() -> Questionnaire:
    found, problems = yaml.read(GALLERY.read_text(encoding="utf-8"))
    assert found is not None, problems
    return found


def questionnaire(seed: int) -> Questionnaire:
    """A part of the gallery, up to six questions a page, with logic on top."""
    draw = random.Random(seed)
    plain = [_plain(each) for each in gallery().questions()]
    picked = [each for each in plain if draw.random() < 0.4] or plain[:1]
    codes = {each.code for each in picked}
    picked = [each for each in picked if getattr(each, "problem_from", "") in {"", *codes}]
    picked += _filled(draw)
    drawing = _Drawing(draw, gallery())
    pages: list[Page] = []
    while picked:
        count = draw.randint(1, 6)
        here, picked = picked[:count], picked[count:]
        pages.append(drawing.page(f"p{len(pages)}", here))
    pages = [drawing.jumping(page, [each.code for each in pages[at + 1 :]]) for at, page in enumerate(pages)]
    quota = Quota(code="some", when=drawing.condition(), limit=3)
    presentation: Any = draw.choice(("page", "page", "question"))
    shuffled = tuple(page.code for page in pages) if draw.random() < 0.3 else ()
    return msgspec.structs.replace(
        gallery(), scales=(), pages=tuple(pages), quotas=(quota,), presentation=presentation, shuffled_pages=shuffled
    )


def _plain(question: Question) -> Question:
    return msgspec.structs.replace(question, visible_if="", required_if="", rules=(), group="")


def _filled(draw: random.Random) -> list[Question]:
    text = {"zh-CN": "记录", "en": "kept"}
    arms = (Arm(code="a", label=text), Arm(code="b", label=text, weight=3))
    found: list[Question] = [
        Hidden(code="source", text=text, default="qr"),
        Assignment(code="arm", text=text, arms=arms),
    ]
    return [each for each in found if draw.random() < 0.7]


class _Drawing:
    """``seen``: columns of the questions so far."""

    def __init__(self, draw: random.Random, whole: Questionnaire) -> None:
        self.draw, self.whole = draw, whole
        self.seen: dict[str, Column] = {}
        self.several: list[str] = []  # questions with options to repeat over or to carry

    def page(self, code: str, questions: list[Question]) -> Page:
        visible_if = self.condition() if self.draw.random() < 0.2 else ""
        groups, grouped = (), questions
        if self.several and len(questions) > 1 and self.draw.random() < 0.3:
            source = self.draw.choice(self.several) if self.draw.random() < 0.5 else ""
            group = Group(code="g", title={"zh-CN": "关于{{item}}"}, repeat_over=source, visible_if=self.condition())
            groups, grouped = (group,), [msgspec.structs.replace(questions[0], group="g"), *questions[1:]]
        made = tuple(self.question(each, inside=bool(each.group)) for each in grouped)
        shuffle = self.draw.random() < 0.3
        return Page(code=code, visible_if=visible_if, groups=groups, questions=made, shuffle=shuffle)

    def question(self, question: Question, *, inside: bool) -> Question:
        draw, changes = self.draw, {}
        if draw.random() < 0.4:
            changes["visible_if"] = self.condition()
        if draw.random() < 0.2:
            changes["required_if"] = self.condition()
        if draw.random() < 0.15:
            changes["rules"] = (Rule(holds=self.condition(), message={"zh-CN": "请核对", "en": "Please check"}),)
        if self.several and isinstance(question, Single) and draw.random() < 0.4:
            changes |= {"choices_from": draw.choice(self.several), "carry": draw.choice(("chosen", "unchosen"))}
        for field in ("choices", "rows"):
            parts = getattr(question, field, ())
            if parts and hasattr(parts[0], "visible_if") and draw.random() < 0.3:
                one = msgspec.structs.replace(parts[0], visible_if=self.condition())
                changes[field] = (one, *parts[1:])
        changed = msgspec.structs.replace(question, **changes)
        if not inside:  # names of repeated questions change
            self.seen.update((column.name, column) for column in changed.columns(self.whole))
            if "choices_from" not in changes and any(c.kind == "codes" for c in changed.columns(self.whole)):
                self.several.append(changed.code)
        return changed

    def jumping(self, page: Page, later: list[str]) -> Page:
        if self.draw.random() < 0.6:
            return page
        to = self.draw.choice([*later, "end", "screen_out"])
        own = [column.name for each in page.questions if not page.groups for column in each.columns(self.whole)]
        when = self.condition(own)
        text = {"zh-CN": "合计", "en": "sum"}
        computed = Computed(code=f"{page.code}_n", text=text, expression=f"count({page.questions[-1].code}) * 2 + 1")
        questions = page.questions if page.groups else (*page.questions, computed)
        return msgspec.structs.replace(page, jumps=(Jump(when=when, to=to),), questions=questions)

    def condition(self, among: list[str] | None = None) -> str:
        names = [name for name in (among or self.seen) if name in self.seen]
        if not names:
            return self.draw.choice(('person.side == "upstream"', "not answered(person.side)", "true"))
        one = self.comparison(self.seen[self.draw.choice(names)])
        other = self.comparison(self.seen[self.draw.choice(names)])
        return self.draw.choice(
            (one, f"not {one}", f"{one} or {other}", f"{one} and not ({other})", f"not {one} or {other}")
        )

    def comparison(self, column: Column) -> str:
        draw, name = self.draw, column.name
        if draw.random() < 0.3:
            return f"answered({name})" if draw.random() < 0.5 else f"count({column.question}) >= 1"
        if column.kind == "codes" and column.choices:
            return f'{name} contains "{draw.choice(column.choices)}"'
        if column.kind == "code" and column.choices:
            return f'{name} == "{draw.choice(column.choices)}"'
        if column.kind in ("integer", "number"):
            return f"{name} * 2 - 1 {draw.choice(('<', '>='))} {draw.randint(0, 9)}"
        return f"length({name}) > 3"


def walk(compiled: Compiled, context: Context, seed: int, *, most: int = 60) -> Record:
    """What somebody answers who goes through the pages, autosaves now and then, and goes on whatever is wrong."""
    draw = random.Random(seed)
    record, page = Record(), next(iter(shown(compiled, {}, context).pages), None)
    for _ in range(most):
        if page is None:
            break
        found = compiled.page(page)
        assert found is not None
        form = page_form(compiled, found, record)
        for question in found.questions:
            if draw.random() < 0.8:
                form.update(_form(compiled, question, draw))
        if draw.random() < 0.2:
            record = read_question(compiled, draw.choice(found.questions).code, form, record, context).record
        read = read_page(compiled, page, form, record, context)
        record = read.record
        page = page if draw.random() < 0.1 else next_page(compiled, read.shown, page)
    finish(compiled, record, context)
    return record


def _form(compiled: Compiled, question: Question, draw: random.Random) -> dict[str, list[str]]:
    """Fields filled by what the columns hold: often right, sometimes not."""
    answers: dict[str, Any] = {}
    for column in question.columns(compiled.questionnaire):
        if draw.random() < 0.85 and (column.choices or column.kind not in ("code", "codes")):
            answers[column.name] = _value(column, draw)
    form = question.form_values(answers, frozenset(), compiled.questionnaire)
    if draw.random() < 0.1:
        form[question.code] = [draw.choice(("", "2026-02-30", "17", "\0", "<b>"))]
    if draw.random() < 0.05:
        form[f"{question.code}.na"] = ["1"]
    return form
