"""Questionnaires written in tests: YAML in, Questionnaire or its problems out."""

from __future__ import annotations

from textwrap import dedent, indent

from surveys.check import check
from surveys.definition import Questionnaire
from surveys.formats import yaml
from surveys.logic import Compiled, compile_questionnaire

HEAD = """\
name: test
kind: pulse
title: 测试
languages: [zh-CN]
rating_scales: {agree: [不同意, 中立, 同意]}
steps: {register: 登记, assign: 分派}
"""


def questionnaire(pages: str, head: str = HEAD) -> Questionnaire:
    """A questionnaire whose ``pages:`` are given; fails on any problem of form."""
    found, problems = yaml.read(f"{head}\npages:\n{indent(dedent(pages), '  ')}")
    assert found is not None, problems
    return found


def one_page(questions: str, head: str = HEAD) -> Questionnaire:
    """One page, ``p``, with these questions."""
    return questionnaire("p:\n  questions:\n" + indent(dedent(questions), "    "), head)


def compiled(questions: str) -> Compiled:
    return compile_questionnaire(one_page(questions))


def codes(questionnaire: Questionnaire) -> list[tuple[str, str]]:
    """Code and place of every problem."""
    return [(each.code, each.place) for each in check(questionnaire)]


EVERY_TYPE = """\
single: {type: single, required: true, text: t, choices: {a: A, b: B, x: {label: X, other: true}}, not_applicable: true}
multiple:
  type: multiple
  text: t
  minimum: 2
  maximum: 3
  choices: {a: A, b: B, c: C, x: {label: X, other: true}, none: {label: N, exclusive: true}}
ranking: {type: ranking, text: t, top: 2, choices: {a: A, b: B, c: C}, not_applicable: true}
likert: {type: likert, text: t, scale: agree, not_applicable: true}
rating: {type: rating, text: t, points: 7, low_label: 差, high_label: 好}
matrix: {type: matrix, text: t, scale: agree, rows: {one: 一, two: 二}, not_applicable: true}
nps: {type: nps, text: t}
number: {type: number, text: t, low: 0, high: 500, decimals: 2, unit: 起}
duration: {type: duration, text: t, not_applicable: true}
short: {type: short_text, text: t, max_length: 20}
long: {type: long_text, text: t, not_applicable: true}
grid: {type: step_grid, text: t, not_applicable: true}
pains:
  type: pain_points
  text: t
  maximum: 2
  not_applicable: true
  choices: {slow: {label: 慢, category: method}, lost: 丢, x: {label: X, other: true}}
why: {type: five_whys, text: t, problem_from: pains, not_applicable: true}
free_why: {type: five_whys, text: t, depth: 3}
"""
