"""Causes as Ishikawa drew them: six bones on a spine, the problem at the head."""

from __future__ import annotations

from typing import NamedTuple

from reports.figure import NOTE, TEXT, Label, Mark, Rect, Scene, label_block, line
from reports.figures.scales import NARROW
from reports.style import CONTENT_WIDTH, Role
from reports.wording import Words, words
from surveys.analysis.findings import Branch, DiagnosisFindings
from surveys.questions.measures import CAUSES

PER_BONE = 4
TWIG = 24.0


def fishbone(findings: DiagnosisFindings, language: str, width: float = CONTENT_WIDTH) -> Scene | None:
    """Three bones above and three below the spine, the heaviest category filled. On a phone the bones are a list."""
    branches = _six(findings.fishbone)
    if not any(branch.pains or branch.others for branch in branches):
        return None
    say = words(language)
    heaviest = max(branches, key=lambda branch: branch.weight)
    draw = _as_list if width < NARROW else _as_fish
    marks, height = draw(branches, heaviest, say, width, findings.programme.process)
    rows = [f"{cause_name(branch.category, say)} {say.percent(branch.share)}" for branch in branches]
    description = say("figure.fishbone.description", rows=say.list(rows))
    return Scene(width, height, say("figure.fishbone"), description, tuple(marks))


def cause_name(category: str, say: Words, form: str = "") -> str:
    """``form`` ".name" is the wording within a sentence."""
    return say(f"cause.{category if category in CAUSES else 'other'}{form}")


def _six(fishbone: tuple[Branch, ...]) -> list[Branch]:
    known = {branch.category: branch for branch in fishbone}
    six = [known.get(cause) or Branch(category=cause, weight=0.0, share=0.0, pains=()) for cause in CAUSES]
    return six + [branch for branch in fishbone if branch.category not in CAUSES]


def _as_fish(
    branches: list[Branch], heaviest: Branch, say: Words, width: float, process: str
) -> tuple[list[Mark], float]:
    head = 78.0
    twigs = max(len(_twigs(branch, say)) for branch in branches)
    bone = _Bone((width - head - 6) / 3, 40.0 + TWIG * twigs)
    spine = bone.height + 2
    marks: list[Mark] = [
        line(0, spine, width - head, spine, "ink", 1.6),
        Rect(width - head, spine - 24, head, 48, "accent"),
        *label_block(
            process, width - head / 2, spine, head - 14,
            language=say.language, lines=3, colour="paper", bold=True, anchor="middle",
        ),
    ]  # fmt: skip
    for number, branch in enumerate(branches[:6]):
        start, up = (number % 3) * bone.width, number < 3
        marks += _bone(branch, branch is heaviest, say, start, spine, -1 if up else 1, bone)
    return marks, spine + bone.height + 2


class _Bone(NamedTuple):
    """Room of one bone: from its tag to the spine, and how far its end leans back."""

    width: float
    height: float
    lean: float = 22.0


def _bone(branch: Branch, filled: bool, say: Words, start: float, spine: float, side: int, bone: _Bone) -> list[Mark]:
    """One category above (``side`` −1) or below (1) the spine, its pain points as twigs that end on the bone."""
    foot = start + bone.width - 4
    end = spine + side * bone.height
    tag = end if side < 0 else end - 17
    inner = bone.width - bone.lean - 14
    ink: Role = "paper" if filled else "ink"
    share = say.percent(branch.share) if branch.pains or branch.others else ""
    marks: list[Mark] = [
        line(foot - bone.lean, end, foot, spine, "ink", 1.0),
        Rect(start, tag, inner, 17, "accent" if filled else "wash", None if filled else "rule"),
        *label_block(
            cause_name(branch.category, say), start + 5, tag + 8.5, inner - 34,
            language=say.language, lines=1, bold=True, colour=ink,
        ),
        Label(start + inner - 5, tag + 11.5, share, TEXT, ink, "end"),
    ]  # fmt: skip
    for number, (name, chosen) in enumerate(_twigs(branch, say)):
        away = bone.height - 30 - number * TWIG
        y = spine + side * away
        x = foot - bone.lean * away / bone.height
        marks.append(line(start, y + 9, x - bone.lean * 9 * side / bone.height, y + 9, "rule", 0.6))
        marks += label_block(name, start, y, inner - 26, language=say.language, lines=2, size=NOTE)
        marks.append(Label(start + inner - 5, y + 3, chosen, NOTE, "muted", "end"))
    return marks


def _twigs(branch: Branch, say: Words) -> list[tuple[str, str]]:
    """At most ``PER_BONE`` lines; the last counts the pain points that have no room or too few people for a name."""
    count = len(branch.pains) + branch.others
    room = PER_BONE if count <= PER_BONE and not branch.others else PER_BONE - 1
    twigs = [(say.pick(label), str(chosen)) for label, chosen in branch.pains[:room]]
    if count > len(twigs):
        twigs.append((say("figure.fishbone.more", n=count - len(twigs)), ""))
    return twigs or [(say("figure.fishbone.empty"), "")]


def _as_list(
    branches: list[Branch], heaviest: Branch, say: Words, width: float, process: str
) -> tuple[list[Mark], float]:
    marks: list[Mark] = []
    y = 0.0
    for branch in branches:
        if not (branch.pains or branch.others):
            continue
        filled = branch is heaviest
        marks.append(Rect(0, y, width, 18, "accent" if filled else "wash"))
        marks += label_block(
            cause_name(branch.category, say), 6, y + 9, width - 50, language=say.language, lines=1, bold=True,
            colour="paper" if filled else "ink",
        )  # fmt: skip
        marks.append(Label(width - 6, y + 12, say.percent(branch.share), TEXT, "paper" if filled else "ink", "end"))
        y += 22
        for name, chosen in _twigs(branch, say):
            marks += label_block(name, 12, y + 7, width - 52, language=say.language, lines=1)
            marks.append(Label(width - 6, y + 10, chosen, TEXT, "muted", "end"))
            y += 16
        y += 8
    return marks, y
