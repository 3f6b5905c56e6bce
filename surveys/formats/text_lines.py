"""Lines of the text form -> blocks: a heading or a question with the options and settings below it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from surveys.definition import Group, Jump, Page, Questionnaire, Quota, Scale, Step
from surveys.formats import inline
from surveys.formats.shapes import named
from surveys.formats.spoken import key_and_value
from surveys.formats.words import FIELDS, TYPES
from surveys.formats.yaml import SIZE_LIMIT
from surveys.problem import Problem, problem
from surveys.questions import QUESTION_TYPES

HEADING = re.compile(r"([#＃]{1,3})(?![#＃])\s*(.*)")
BREAK = re.compile(r"[-=—－]{3,}|—{2,}")
GOES_ON = re.compile(r"([>＞|｜])\s?(.*)")
DASH = re.compile(r"(?:[-－–—•·○□●◦▪*]\s+|[-－•·○□●◦▪](?=[^\d\s-]))(.*)")
LETTERED = re.compile(r"[A-Za-z][.．、)）]\s*(.+)")
NUMBERED = re.compile(r"(?:[Qq]?(\d{1,4})\s*[.．、)）]|第\s*(\d{1,4})\s*题[.．、:：]?)\s*(.*)")

Line = tuple[int, str]
More = list[tuple[str, str]]


@dataclass
class Item:
    """A line that begins with ``-`` (or ``A.``)."""

    line: int
    text: str
    more: More = field(default_factory=list)


@dataclass
class Setting:
    """``key: value``, and the items below it where the value is empty."""

    line: int
    key: str
    value: str
    more: More = field(default_factory=list)
    items: list[Item] = field(default_factory=list)

    def opens(self) -> bool:
        """Whether items below belong to it: it has no value, or names an entry and says but its settings."""
        if not self.value:
            return not self.more
        found = FIELDS.find_prefix(self.key, KEYS) if self.value[0] in "[【" else None
        return found is not None and bool(found[1])


@dataclass
class Block:
    """``level``: 0 what precedes any heading, 1–3 headings by their ``#``, 4 a question. Lines count from 0."""

    line: int
    level: int
    head: str = ""
    number: int = 0
    more: More = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    settings: list[Setting] = field(default_factory=list)
    unknown: list[Line] = field(default_factory=list)

    def code(self) -> str:
        """The code that the block gives itself."""
        line = next((each.value for each in self.settings if FIELDS.find(each.key, ("code",))), "")
        return inline.unquote(line) or inline.annotated(self.head, star=True).code


def decode(text: str | bytes) -> tuple[str, list[Problem]]:
    """The text with LF alone as line end, or why it is none."""
    try:
        source = text.decode("utf-8-sig") if isinstance(text, bytes) else text.removeprefix("\ufeff")
        if len(source.encode()) > SIZE_LIMIT:
            return "", [problem("too_big", "", limit=SIZE_LIMIT // 1024)]
    except ValueError:
        return "", [problem("not_text", "")]
    return source.replace("\r\n", "\n").replace("\r", "\n"), []


def blocks(source: str, *, items_only: bool = False) -> list[Block]:
    """All blocks in order; the first is that before any heading. With ``items_only`` every line is an item of it."""
    found = [Block(0, 0)]
    more: More | None = None
    for number, whole in enumerate(source.split("\n")):
        line = whole.strip()
        if not line or line.startswith("//"):
            continue
        if (goes_on := GOES_ON.match(line)) and more is not None:
            more.append(("|" if goes_on[1] in "|｜" else ">", goes_on[2].rstrip()))
        elif items_only:
            more = _item(found[0], number, _item_text(line) or line)
        elif (item := _item_text(line)) is not None:
            more = _item(found[-1], number, item)
        else:
            more = _place(found, number, line)
    return found


def _place(found: list[Block], number: int, line: str) -> More | None:
    """Puts a line that is neither item nor continuation; what a ``>`` below it goes on with."""
    heading, numbered = HEADING.fullmatch(line), NUMBERED.fullmatch(line)
    if heading:
        found.append(Block(number, len(heading[1]), heading[2].strip()))
    elif BREAK.fullmatch(line):
        found.append(Block(number, 2))
    elif numbered:
        found.append(Block(number, 4, numbered[3].strip(), int(numbered[1] or numbered[2])))
    elif (setting := key_and_value(line)) and is_key(setting[0]):
        found[-1].settings.append(Setting(number, *setting))
        return found[-1].settings[-1].more
    elif _is_question(line):
        found.append(Block(number, 4, line, 1))
    else:
        found[-1].unknown.append((number, line))
        return None
    return found[-1].more


def _item(block: Block, number: int, text: str) -> More:
    """An item belongs to the list that a setting opened last, else to the block."""
    last = block.settings[-1] if block.settings else None
    items = last.items if last is not None and last.opens() else block.items
    items.append(Item(number, text))
    return items[-1].more


def _item_text(line: str) -> str | None:
    dash = DASH.fullmatch(line) or LETTERED.fullmatch(line)
    return dash[1].strip() if dash else None


def _is_question(line: str) -> bool:
    """Whether a line without a number is a question all the same: it ends with a question type in brackets."""
    return any(TYPES.find_prefix(each, QUESTION_TYPES) for each in inline.annotated(line, star=True).settings)


def is_key(written: str) -> bool:
    """Whether anything has a setting of this name."""
    return FIELDS.find_prefix(written, KEYS) is not None


KEYS = tuple(
    dict.fromkeys(
        name
        for kind in (Questionnaire, Page, Group, Step, Scale, Jump, Quota, *QUESTION_TYPES.values())
        for name in ("type", *named(kind))
    )
)
