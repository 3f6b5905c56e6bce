"""What people wrote: comments and 5-Why chains, withheld below the threshold, in no order, linked to nobody."""

from __future__ import annotations

import polars as pl

from surveys.analysis.findings import CommentFinding, WhyChain, WhyGroup
from surveys.analysis.view import View
from surveys.disclosure import in_no_order
from surveys.questions import Column, FiveWhys, PainPoints, Question
from surveys.text import Text

OTHER_PROBLEM: Text = {"zh-CN": "其他问题", "en": "Other problems"}


def comment_findings(view: View) -> tuple[CommentFinding, ...]:
    """Every column of free text, the 5-Why chains apart; questions that nobody commented on are left out."""
    return tuple(
        _comments(view, question, column)
        for question in view.questions()
        if not isinstance(question, FiveWhys)
        for column in question.columns(view.questionnaire)
        if column.free and not column.identifying and view.counts[column.name].valid
    )


def _comments(view: View, question: Question, column: Column) -> CommentFinding:
    texts = [text for text in view.frame[column.name].drop_nulls().to_list() if text.strip()]
    withheld = len(texts) < view.policy.minimum_comments
    return CommentFinding(
        question=column.name,
        label=question.text if column.name == question.code else column.label,
        n=len(texts),
        texts=() if withheld else in_no_order(texts, f"{view.data_hash}:{column.name}"),
        withheld=withheld,
    )


def why_groups(view: View) -> tuple[WhyGroup, ...]:
    """5-Why chains under the problem that they explain, the most explained first."""
    groups = [
        group for question in view.questions() if isinstance(question, FiveWhys) for group in _groups(view, question)
    ]
    return tuple(sorted(groups, key=lambda group: (-group.n, sorted(group.problem.items()))))


def _groups(view: View, question: FiveWhys) -> list[WhyGroup]:
    whys = [f"{question.code}.why{place}" for place in range(1, question.depth + 1)]
    problem = f"{question.code}.problem"
    labels = _problem_labels(view, question)
    answered = view.frame.filter(pl.any_horizontal(pl.col(name).is_not_null() for name in whys))
    chains: dict[str, list[tuple[str, ...]]] = {}
    for stated, *reasons in answered.select(problem, *whys).iter_rows():
        given = tuple(reason for reason in reasons if reason and reason.strip())
        # A problem in the participant's own words is a comment itself: it heads its chain, not a group.
        own_words = stated is not None and stated not in labels
        chains.setdefault(stated if stated in labels else "", []).append((stated, *given) if own_words else given)
    fallback = OTHER_PROBLEM if labels else question.text
    return [_group(view, problem, labels.get(code, fallback), found) for code, found in chains.items()]


def _group(view: View, column: str, problem: Text, chains: list[tuple[str, ...]]) -> WhyGroup:
    withheld = len(chains) < view.policy.minimum_comments
    # Chains are shuffled as wholes: joined by a mark that no text holds.
    shuffled = in_no_order(["\0".join(chain) for chain in chains], f"{view.data_hash}:{column}")
    return WhyGroup(
        problem=problem,
        n=len(chains),
        chains=() if withheld else tuple(WhyChain(whys=tuple(chain.split("\0"))) for chain in shuffled),
        withheld=withheld,
    )


def _problem_labels(view: View, question: FiveWhys) -> dict[str, Text]:
    for source in view.questions():
        if isinstance(source, PainPoints) and source.code == question.problem_from:
            return {choice.code: choice.label for choice in source.choices}
    return {}
