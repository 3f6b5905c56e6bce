"""Items of any shape along the Structs' own types, drawn from a seed: well-formed, not sensible, wordings hostile."""

from __future__ import annotations

import random

import msgspec
from hypothesis import strategies as st

from surveys.exams.items import AnyItem, BankItem, CaseItem, SubItem
from tests.surveys.questionnaires_at_random import Drawing

MOST = 3
SHALLOWEST = -3  # a case has questions that have gaps that have alternatives


def banks() -> st.SearchStrategy[tuple[BankItem, ...]]:
    return st.integers(0, 2**48).map(at_random)


def at_random(seed: int) -> tuple[BankItem, ...]:
    """The items of a seed, each with a code of its own."""
    chance = random.Random(seed)
    drawing = Drawing(chance)
    items: list[BankItem] = [drawing.struct(BankItem, SHALLOWEST) for _ in range(chance.randint(1, MOST))]
    return tuple(
        msgspec.structs.replace(each, code=f"{each.code}_{number}", item=_whole(each.item, drawing))
        for number, each in enumerate(items)
    )


def _whole(item: AnyItem, drawing: Drawing) -> AnyItem:
    """With the questions of a case, which the drawing of questionnaires leaves to others."""
    if not isinstance(item, CaseItem):
        return item
    return msgspec.structs.replace(item, questions=drawing.several(SubItem, "questions", SHALLOWEST))
