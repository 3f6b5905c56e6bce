"""Lines of the text form of items -> blocks: a category, an item or a question of a case, with what stands below."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from surveys.exams.formats.words import FIELDS
from surveys.exams.items import ITEM_TYPES, BankItem, SubItem
from surveys.formats import inline
from surveys.formats.shapes import named
from surveys.formats.spoken import key_and_value
from surveys.formats.text_lines import BREAK, DASH, GOES_ON, HEADING, LETTERED, NUMBERED, More
from surveys.problem import Problem, problem

SIZE_LIMIT = 4 * 1024 * 1024

QUESTION = re.compile(r"[(（]\s*(\d{1,3})\s*[)）]\s*(.*)")
RIGHT = re.compile(r"[*＊√✓]\s*(?=[A-Za-z][.．、)）]\s*\S)")

KEYS = tuple(dict.fromkeys(["type", *(n for kind in (BankItem, SubItem, *ITEM_TYPES.values()) for n in named(kind))]))


@dataclass
class Item:
    """A line that begins with ``-`` or ``A.``; ``right`` where a star stands before the letter."""

    line: int
    text: str
    right: bool = False
    more: More = field(default_factory=list)

    def flags(self) -> set[str]:
        """The fields that its bracket names."""
        words = inline.annotated(self.text).settings
        found = {FIELDS.find(each, ("correct",)) for each in words}
        return {each for each in found if each} | ({"correct"} if self.right else set())


@dataclass
class Setting:
    """``key: value``, and the items below it where the value is empty."""

    line: int
    key: str
    value: str
    more: More = field(default_factory=list)
    items: list[Item] = field(default_factory=list)


@dataclass
class ItemBlock:
    """Lines count from 0; ``start`` is what precedes any heading, ``title`` a heading for people."""

    line: int
    level: Literal["start", "title", "category", "item", "question"]
    head: str = ""
    number: int = 0
    more: More = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    settings: list[Setting] = field(default_factory=list)
    unknown: list[tuple[int, str]] = field(default_factory=list)

    def code(self) -> str:
        """The code that the block gives itself."""
        line = next((each.value for each in self.settings if FIELDS.find(each.key, ("code",))), "")
        return inline.unquote(line) or inline.annotated(self.head).code


def decode(text: str | bytes) -> tuple[str, list[Problem]]:
    """The text with LF alone as line end, or why it is none."""
    try:
        source = text.decode("utf-8-sig") if isinstance(text, bytes) else text.removeprefix("\ufeff")
        if len(source.encode()) > SIZE_LIMIT:
            return "", [problem("too_big", "", limit=SIZE_LIMIT // 1024)]
    except ValueError:
        return "", [problem("not_text", "")]
    return source.replace("\r\n", "\n").replace("\r", "\n"), []


def blocks(source: str) -> list[ItemBlock]:
    """All blocks in order; the first is that before any heading."""
    found = [ItemBlock(0, "start")]
    more: More | None = None
    for number, whole in enumerate(source.split("\n")):
        line = whole.strip()
        if not line or line.startswith("//"):
            continue
        if (goes_on := GOES_ON.match(line)) and more is not None:
            more.append(("|" if goes_on[1] in "|｜" else ">", goes_on[2].rstrip()))
        else:
            more = _place(found, number, line)
    return found


def _place(found: list[ItemBlock], number: int, line: str) -> More | None:
    """Puts a line; what a ``>`` below it goes on with."""
    if heading := HEADING.fullmatch(line):
        level: Literal["title", "category"] = "title" if len(heading[1]) == 1 else "category"
        found.append(ItemBlock(number, level, heading[2].strip()))
    elif BREAK.fullmatch(line):
        return None
    elif question := QUESTION.fullmatch(line):
        found.append(ItemBlock(number, "question", question[2].strip(), int(question[1])))
    elif numbered := NUMBERED.fullmatch(line):
        found.append(ItemBlock(number, "item", numbered[3].strip(), int(numbered[1] or numbered[2])))
    elif (item := _item(line, number)) is not None:
        last = found[-1].settings[-1] if found[-1].settings else None
        opened = last is not None and not last.value and not last.more
        (last.items if last is not None and opened else found[-1].items).append(item)
        return item.more
    elif (setting := key_and_value(line)) and FIELDS.find(setting[0], KEYS):
        found[-1].settings.append(Setting(number, *setting))
        return found[-1].settings[-1].more
    else:
        found[-1].unknown.append((number, line))
        return None
    return found[-1].more


def _item(line: str, number: int) -> Item | None:
    right = RIGHT.match(line)
    rest = line[right.end() :] if right else line
    found = LETTERED.fullmatch(rest) or (None if right else DASH.fullmatch(rest))
    return Item(number, found[1].strip(), right is not None) if found else None
