"""What a candidate learns of a paper once the results are released, as far as the exam's settings say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from surveys.exams.definition import Paper, PaperItem, Pool, Release
from surveys.exams.forms import values
from surveys.exams.items import (
    Accepted,
    AnyItem,
    BlanksItem,
    CaseItem,
    ClozeItem,
    MatchingItem,
    MultipleItem,
    NumericItem,
    OrderingItem,
    Response,
    ShortAnswerItem,
    SimpleItem,
    SingleItem,
    TrueFalseItem,
)
from surveys.exams.marking import Mark, Score, State, part_of
from surveys.exams.typed import said_by
from surveys.exams.view import ShownItem, option_labels, shown_item
from surveys.text import Text, pick


class RevealedItem(msgspec.Struct, frozen=True, kw_only=True):
    """An item after release. What the settings withhold is None or empty.

    ``points`` in hundredths, of ``shown.points``; ``values``: field → what was answered; ``right``: field → whether it
    is right, None where blank or not marked; ``key``: the right answer in words, a line for each part; ``topic``: what
    to learn again. ``questions``: a case's, each with all of these but points and state.
    """

    shown: ShownItem
    points: int | None = None
    state: State | None = None
    values: dict[str, list[str]] = msgspec.field(default_factory=dict)
    right: dict[str, bool | None] = msgspec.field(default_factory=dict)
    feedback: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    explanation: str = ""
    topic: str = ""
    questions: tuple[RevealedItem, ...] = ()


def revealed(
    paper: Paper,
    pool: Pool,
    score: Score,
    release: Release,
    language: str,
    responses: Mapping[str, Response] | None = None,
) -> list[RevealedItem]:
    """Every item as ``release`` allows; nothing at all where neither answers nor explanations are released."""
    if not (release.answers or release.explanations):
        return []
    given = responses or {}
    return [
        _Revealing(each, pool, release, language).item(score.marks.get(each.code), given.get(each.code, {}))
        for each in paper.items
    ]


class _Revealing:
    def __init__(self, asked: PaperItem, pool: Pool, release: Release, language: str) -> None:
        self.asked, self.bank_item = asked, pool.items[asked.code]
        self.release, self.language = release, language

    def item(self, mark: Mark | None, response: Response) -> RevealedItem:
        item, shown = self.bank_item.item, shown_item(self.asked, self.bank_item.item, self.language)
        answers = values(self.asked, item, response) if self.release.answers else {}
        right = self.right(mark) if mark and self.release.answers else {}
        found = self.simple(item, shown, response)
        questions: tuple[RevealedItem, ...] = ()
        if isinstance(item, CaseItem):
            questions = tuple(
                self.simple(each.item, inner, part_of(response, each.code))
                for each, inner in zip(item.questions, shown.questions, strict=True)
            )
        return msgspec.structs.replace(
            found,
            points=mark.points if mark and self.release.score else None,
            state=mark.state if mark else None,
            values=answers,
            right=right,
            topic=self.bank_item.topic,
            questions=questions,
        )

    def simple(self, item: AnyItem, shown: ShownItem, response: Response) -> RevealedItem:
        if not self.release.explanations:
            return RevealedItem(shown=shown)
        said = () if isinstance(item, CaseItem) or not self.release.answers else feedback(item, response)
        return RevealedItem(
            shown=shown,
            feedback=tuple(dict.fromkeys(self.say(each) for each in said if each)),
            key=() if isinstance(item, CaseItem) else tuple(key(item, self.language)),
            explanation=self.say(item.explanation),
        )

    def right(self, mark: Mark) -> dict[str, bool | None]:
        found = {name: mark.parts[part] for name, part in self.asked.fields.items() if part in mark.parts}
        orders = {part.removesuffix("order"): right for part, right in mark.parts.items() if part.endswith("order")}
        for name, code in self.asked.names.items():  # the steps of an order are fields, right or wrong together
            prefix = code[: code.rfind(".") + 1]
            if prefix in orders and f"{prefix}order" not in self.asked.fields.values():
                found[name] = orders[prefix]
        return found

    def say(self, text: Text) -> str:
        return pick(text, self.language)


def feedback(item: SimpleItem, response: Response) -> Iterator[Text]:
    """What an author says about the answers that were given."""
    if isinstance(item, SingleItem | MultipleItem):
        chosen = response.get("choice", "")
        yield from (each.feedback for each in item.options if each.code == chosen or each.code in list(chosen))
    elif isinstance(item, TrueFalseItem) and response.get("choice"):
        yield item.feedback_true if response["choice"] == "true" else item.feedback_false
    elif isinstance(item, BlanksItem | ClozeItem):
        for gap in item.gaps:
            yield from said_by(response.get(gap.code, ""), gap.accepted, item.match, gap.unit)
    elif isinstance(item, ShortAnswerItem):
        yield from said_by(response.get("text", ""), item.accepted, item.match)
    elif isinstance(item, NumericItem):
        yield from said_by(response.get("number", ""), item.accepted, None, item.unit)
    elif isinstance(item, MatchingItem):
        yield from (each.feedback for each in item.options if each.code in response.values())


def key(item: SimpleItem, language: str) -> Iterator[str]:
    """The right answer in words, a line for each part; none of what is marked by hand."""
    labels = {code: pick(label, language) for code, label in option_labels(item).items()}
    if isinstance(item, SingleItem | MultipleItem):
        yield from (labels[each.code] for each in item.options if each.correct)
    elif isinstance(item, TrueFalseItem):
        yield labels["true" if item.correct else "false"]
    elif isinstance(item, BlanksItem | ClozeItem):
        for number, gap in enumerate(item.gaps, start=1):
            before = pick(gap.label, language) or f"({number})"
            yield f"{before}: {_alternatives(gap.accepted, gap.unit, language)}"
    elif isinstance(item, NumericItem | ShortAnswerItem):
        yield _alternatives(item.accepted, item.unit if isinstance(item, NumericItem) else {}, language)
    elif isinstance(item, MatchingItem):
        yield from (f"{pick(each.label, language)} → {labels.get(each.option, '')}" for each in item.pairs)
    elif isinstance(item, OrderingItem):
        yield from (f"{place}. {label}" for place, label in enumerate(labels.values(), start=1))


def _alternatives(accepted: tuple[Accepted, ...], unit: Text, language: str) -> str:
    """Those that earn all points, or as much as any does."""
    best = max((each.share for each in accepted), default=0)
    return " / ".join(dict.fromkeys(_alternative(each, unit, language) for each in accepted if each.share == best))


def _alternative(accepted: Accepted, unit: Text, language: str) -> str:
    if accepted.number is None:
        return accepted.text
    around = f" ± {accepted.tolerance:g}" if accepted.tolerance else ""
    return f"{accepted.number:.12g}{around} {pick(unit, language)}".strip()
