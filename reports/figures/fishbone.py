"""Causes as Ishikawa drew them: six bones on a spine, the problem at the head."""

from __future__ import annotations

from reports.figure import NOTE, TEXT, Label, Mark, Rect, Scene, Shape, label_block, line
from reports.figures.scales import NARROW
from reports.style import CONTENT_WIDTH
from reports.wording import Words, words
from surveys.analysis.findings import Branch, DiagnosisFindings
from surveys.questions.process import CAUSES

PER_BONE = 4


def fishbone(findings: DiagnosisFindings, language: str, width: float = CONTENT_WIDTH) -> Scene | None:
    """Three bones above and three below the spine; the heaviest category is filled. On a phone the bones become a list."""
    branches = _six(findings.fishbone)
    if not any(branch.pains for branch in branches):
        return None
    say = words(language)
    heaviest = max(branches, key=lambda branch: branch.weight)
    draw = _as_list if width < NARROW else _as_fish
    marks, height = draw(branches, heaviest, say, width, findings.programme.process)
    rows = [f"{cause_name(branch.category, say)} {say.percent(branch.share)}" for branch in branches]
    description = say("figure.fishbone.description", rows=say.list(rows))
    return Scene(width, height, say("figure.fishbone"), description, tuple(marks))


def cause_name(category: str, say: Words) -> str:
    return say(f"cause.{category}") if category in CAUSES else say("cause.other")


def _six(fishbone: tuple[Branch, ...]) -> list[Branch]:
    known = {branch.category: branch for branch in fishbone}
    six = [known.get(cause) or Branch(category=cause, weight=0.0, share=0.0, pains=()) for cause in CAUSES]
    return six + [branch for branch in fishbone if branch.category not in CAUSES]


def _as_fish(
    branches: list[Branch], heaviest: Branch, say: Words, width: float, process: str
) -> tuple[list[Mark], float]:
    half, head, lean = 118.0, 74.0, 26.0
    spine = half + 8
    bone = (width - head - 14) / 3
    marks: list[Mark] = [line(0, spine, width - head, spine, "ink", 1.6)]
    marks.append(Shape(((width - head, spine - 26), (width - head, spine + 26), (width, spine)), "accent"))
    marks += label_block(
        process,
        width - head + 4,
        spine,
        head * 0.52,
        language=say.language,
        lines=3,
        size=NOTE,
        colour="paper",
        bold=True,
    )
    for number, branch in enumerate(branches[:6]):
        up = number < 3
        start = (number % 3) * bone + 4
        foot = start + bone - 6
        end = spine - half if up else spine + half
        marks.append(line(foot - lean, end, foot, spine, "ink", 1.0))
        tag = end if up else end - 16
        filled = branch is heaviest
        marks.append(Rect(start, tag, bone - lean - 16, 16, "accent" if filled else "wash", None if filled else "rule"))
        name = (
            f"{cause_name(branch.category, say)} {say.percent(branch.share)}"
            if branch.pains
            else cause_name(branch.category, say)
        )
        marks += label_block(
            name,
            start + 5,
            tag + 8,
            bone - lean - 24,
            language=say.language,
            lines=1,
            bold=True,
            colour="paper" if filled else "ink",
        )
        marks += _twigs(branch, say, start, foot, lean, spine, half, up, bone)
    return marks, spine + half + 8


def _twigs(
    branch: Branch, say: Words, start: float, foot: float, lean: float, spine: float, half: float, up: bool, bone: float
) -> list[Mark]:
    """Pain points as twigs that end on the bone."""
    lines = [(say.pick(label), str(chosen)) for label, chosen in branch.pains[:PER_BONE]]
    if len(branch.pains) > PER_BONE:
        lines[-1] = (say("figure.fishbone.more", n=len(branch.pains) - PER_BONE + 1), "")
    if not lines:
        lines = [(say("figure.fishbone.empty"), "")]
    marks: list[Mark] = []
    for number, (name, chosen) in enumerate(lines):
        away = half - 32 - number * 22  # distance from the spine
        y = spine - away if up else spine + away
        x = foot - lean * away / half
        marks.append(line(start, y + 6, x, y + 6, "rule", 0.6))
        marks += label_block(
            name, start, y, bone - lean - 34, language=say.language, lines=2 if len(lines) < 4 else 1, size=NOTE
        )
        if chosen:
            marks.append(Label(x - 4, y + 3, chosen, NOTE, "muted", "end"))
    return marks


def _as_list(
    branches: list[Branch], heaviest: Branch, say: Words, width: float, process: str
) -> tuple[list[Mark], float]:
    marks: list[Mark] = []
    y = 0.0
    for branch in branches:
        if not branch.pains:
            continue
        filled = branch is heaviest
        marks.append(Rect(0, y, width, 18, "accent" if filled else "wash"))
        marks += label_block(
            cause_name(branch.category, say), 6, y + 9, width - 50, language=say.language, lines=1, bold=True,
            colour="paper" if filled else "ink",
        )  # fmt: skip
        marks.append(Label(width - 6, y + 12, say.percent(branch.share), TEXT, "paper" if filled else "ink", "end"))
        y += 22
        for label, chosen in branch.pains[:PER_BONE]:
            marks += label_block(say.pick(label), 12, y + 7, width - 52, language=say.language, lines=1)
            marks.append(Label(width - 6, y + 10, str(chosen), TEXT, "muted", "end"))
            y += 16
        y += 8
    return marks, y
