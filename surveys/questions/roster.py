"""Departments, persons and other trees: what is chosen by its name, level by level where there are levels.

Rosters change while answers stay, so that names are stored, not codes. What can be chosen is filled in when a wave is
made ready for answering (``surveys.roster_choices``); without a roster people type.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

import msgspec

from surveys.problem import Problem, problem
from surveys.questions.base import Answers, Column, Form, QuestionBase, Reading, first, read_text
from surveys.questions.choice import unknown
from surveys.questions.several import Several
from surveys.text import Text

if TYPE_CHECKING:
    from surveys.definition import Questionnaire

NAME_LENGTH = 200
MOST_LEVELS = 5
MOST_NODES = 2_000


class _Named(QuestionBase, frozen=True, kw_only=True):
    """One of ``names``; where there are none, whatever is typed."""

    names: tuple[str, ...] = ()

    def read(self, form: Form, questionnaire: Questionnaire) -> Reading:
        if self._box(form):
            return {}, [self.code], []
        text, wrong = read_text(form, self.code, NAME_LENGTH)
        name = text.strip()
        if name and self.names and name not in self.names:
            wrong = unknown(self.code, name)
        if wrong:
            return {}, [], [wrong]
        return ({self.code: name} if name else {}), [], []


class Department(_Named, frozen=True, kw_only=True, tag="department", tag_field="type"):
    """A department of the roster by its path, such as 客服中心/一线. Column: ``q`` (text)."""

    def columns(self, questionnaire: Questionnaire) -> tuple[Column, ...]:
        return (Column(name=self.code, question=self.code, kind="text", label=self.text),)


class Person(_Named, frozen=True, kw_only=True, tag="person", tag_field="type"):
    """A person of the roster, by name and department; offered behind personal links only, typed elsewhere.

    Column: ``q`` (text, identifying: no analysis prints it).
    """

    def columns(self, questionnaire: Questionnaire) -> tuple[Column, ...]:
        return (Column(name=self.code, question=self.code, kind="text", label=self.text, free=True, identifying=True),)


class Node(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """An entry of a tree and what is below it. Codes differ within a level of the tree."""

    code: str
    label: Text
    children: tuple[Node, ...] = ()


class Cascade(Several, frozen=True, kw_only=True, tag="cascade", tag_field="type"):
    """Level by level down a tree, each level narrowing the next: province, city; division, team.

    ``levels`` says what is asked at each level, ``options`` is the tree. Columns: ``q.level1``, ``q.level2`` … (code).
    With ``source: departments`` the tree is the roster's and the columns are text, the departments' names.
    A required one is answered down to the end of a branch.
    """

    levels: tuple[Text, ...]
    options: tuple[Node, ...] = ()
    source: Literal["", "departments"] = ""

    def check(self, questionnaire: Questionnaire) -> list[Problem]:
        problems = check_levels(len(self.levels))
        if not self.source and len(self.options) < 2:
            problems.append(problem("too_few_choices", "options", minimum=2))
        if sum(map(len, self.nodes())) > MOST_NODES:
            problems.append(problem("too_many_parts", "options", count=sum(map(len, self.nodes())), limit=MOST_NODES))
        for nodes in self.nodes():
            codes = [node.code for node in nodes]
            twice = dict.fromkeys(code for code in codes if codes.count(code) > 1)
            problems += [problem("duplicate_code", "options", name=code) for code in twice]
        if any(node.children for node in (self.nodes() or ((),))[-1]):
            problems.append(problem("too_deep", "options", count=len(self.levels)))
        return problems

    def nodes(self) -> tuple[tuple[Node, ...], ...]:
        """The entries of each level, in order."""
        found, level = [], self.options
        for _ in self.levels:
            found.append(level)
            level = tuple(child for node in level for child in node.children)
        return tuple(found)

    def columns(self, questionnaire: Questionnaire) -> tuple[Column, ...]:
        return tuple(
            Column(name=f"{self.code}.level{depth}", question=self.code, kind="text", label=label)
            if self.source
            else Column(
                name=f"{self.code}.level{depth}", question=self.code, kind="code", label=label,
                choices=tuple(node.code for node in nodes), labels={node.code: node.label for node in nodes},
            )
            for depth, (label, nodes) in enumerate(zip(self.levels, self.nodes(), strict=True), 1)
        )  # fmt: skip

    def names(self, questionnaire: Questionnaire) -> list[str]:
        return [f"{self.code}.level{depth}" for depth in range(1, len(self.levels) + 1)]

    def read(self, form: Form, questionnaire: Questionnaire) -> Reading:
        if marked := self.marked(form, questionnaire):
            return {}, marked, []
        names = self.names(questionnaire)
        if not self.options:
            return self._typed(form, names)
        given = [first(form, name).strip() for name in names]
        branch = self._branch(given)
        if branch != given:  # codes that are no more, or not of this branch
            for name, code, nodes in zip(names, given, self.nodes(), strict=True):
                if code and all(node.code != code for node in nodes):
                    return {}, [], [unknown(name, code)]
        return dict(zip(names, branch, strict=False)), [], []

    def _branch(self, given: list[str]) -> list[str]:
        """The codes of one branch from the top. An entry below another branch than the one chosen is a radio button
        left over from before and is passed over; what is above a chosen entry goes without saying."""
        branch: list[str] = []
        above = self.options
        for depth in range(len(given)):
            own = node_of(above, given[depth])
            if own is None and not given[depth]:
                own = next((node for node in above if _leads_to(node, given[depth + 1 :])), None)
            if own is None:
                break
            branch.append(own.code)
            above = own.children
        return branch

    def _typed(self, form: Form, names: list[str]) -> Reading:
        answers: Answers = {}
        problems: list[Problem] = []
        for name in names:
            text, wrong = read_text(form, name, NAME_LENGTH)
            if wrong:
                problems.append(wrong)
            elif text.strip():
                answers[name] = text.strip()
        return answers, [], problems

    def due(self, hidden: frozenset[str], questionnaire: Questionnaire) -> Iterator[str]:
        yield self.names(questionnaire)[0]

    @property
    def lenient(self) -> bool:
        return True

    def missing(
        self, answers: Answers, not_applicable: frozenset[str], questionnaire: Questionnaire, hidden: frozenset[str]
    ) -> list[Problem]:
        found = super().missing(answers, not_applicable, questionnaire, hidden)
        if found or not self.required or not self.options:
            return found
        above = self.options
        for name in self.names(questionnaire):
            if above and name not in answers and name not in not_applicable:
                return [problem("required", name)]
            above = next((node.children for node in above if node.code == answers.get(name)), ())
        return []


def node_of(nodes: tuple[Node, ...], code: str) -> Node | None:
    for node in nodes:
        if node.code == code:
            return node
    return None


def check_levels(count: int) -> list[Problem]:
    """A cascade has two to five levels."""
    return [] if 2 <= count <= MOST_LEVELS else [problem("bad_figure", "levels", key="levels", low=2, high=MOST_LEVELS)]


def _leads_to(node: Node, given: list[str]) -> bool:
    """Whether the first code given stands below ``node``, level by level."""
    below = node.children
    for code in given:
        if code:
            return any(child.code == code for child in below)
        below = tuple(child for each in below for child in each.children)
    return False
