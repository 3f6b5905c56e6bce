"""The text form of items <-> items: what a trainer types or pastes (docs/exam-items.md).

``## category`` holds for all items below it, ``1.`` begins an item, ``(1)`` a question of a case, ``-`` or ``A.`` an
option, ``key: value`` is a setting, ``>`` goes on with the line before; ``#`` is a title for people.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Any

from surveys.exams.formats.lines import Item, ItemBlock, blocks, decode
from surveys.exams.formats.reader import FIGURE, ItemReader
from surveys.exams.formats.text_writer import write
from surveys.exams.formats.words import FIELDS, TYPES, VALUES
from surveys.exams.items import ITEM_TYPES, BankItem, SubItem
from surveys.formats import inline
from surveys.formats.defaults import letter
from surveys.formats.nodes import Mark, mapping, scalar, sequence
from surveys.formats.shapes import Struct, element, listed, named
from surveys.formats.spoken import Spoken, key_and_value
from surveys.problem import Problem, has_errors, problem

Said = dict[str, Any]
_KEYED = re.compile(r"[A-Za-z]")


def read(text: str | bytes, taken: Collection[str] = ()) -> tuple[tuple[BankItem, ...] | None, list[Problem]]:
    """The items, or None and everything that is wrong, with its line. Never raises, whatever the bytes.

    Items without a code get one that is not among ``taken``.
    """
    return _read(text, taken)[:2]


def locate(text: str | bytes, problems: list[Problem], taken: Collection[str] = ()) -> list[Problem]:
    """Problems of ``check`` with the line of their place in a text that ``read`` could read."""
    reader = _read(text, taken)[2]
    return problems if reader is None else [reader.located(each) for each in problems]


def _read(
    text: str | bytes, taken: Collection[str]
) -> tuple[tuple[BankItem, ...] | None, list[Problem], ItemReader | None]:
    source, problems = decode(text)
    if problems:
        return None, problems, None
    tree = _Tree(ItemReader(), taken)
    root = tree.root(blocks(source))
    found, problems = tree.reader.converted(root, tuple[BankItem, ...], "items")
    if not root.value and not problems:
        problems = [problem("no_questions", "", line=1)]
    return (None, problems, None) if has_errors(problems) else (found, problems, tree.reader)


class _Tree:
    """Blocks of lines -> the node tree of items."""

    def __init__(self, reader: ItemReader, taken: Collection[str]) -> None:
        self.reader, self.codes = reader, set(taken)
        self.common: Said = {}

    def root(self, found: list[ItemBlock]) -> Any:
        self.codes |= {code for each in found if each.level == "item" and (code := each.code())}
        items: list[Any] = []
        for index, block in enumerate(found):
            for line, stray in block.unknown:
                self.stray(stray, line)
            if block.level == "category":
                self.category(block)
            elif block.level == "item":
                questions = []
                for each in found[index + 1 :]:
                    if each.level != "question":
                        break
                    questions.append(each)
                items += [node for node in [self.item(block, questions)] if node is not None]
            elif block.level != "question":
                self.take(block, {}, BankItem, self.common)
            elif index == 0 or found[index - 1].level not in ("item", "question"):
                self.stray(block.head, block.line)
        return sequence(items, Mark(0))

    def category(self, block: ItemBlock) -> None:
        self.common = {}
        self.take(block, {}, BankItem, self.common)
        if block.head:
            self.common.setdefault("category", scalar(inline.unquote(block.head), Mark(block.line)))

    def item(self, block: ItemBlock, questions: Sequence[ItemBlock]) -> Any:
        said: Said = {}
        inner = self.inner(block, questions, BankItem, said)
        if inner is None:
            return None
        if "code" not in said:
            said["code"] = scalar(fresh_code(block.number, self.codes), Mark(block.line))
        return self.node({**self.common, **said, "item": inner}, block.line)

    def inner(self, block: ItemBlock, questions: Sequence[ItemBlock], outer: Struct, said: Said) -> Any:
        """The item's own node; what belongs to ``outer`` goes into ``said``."""
        mark, own = Mark(block.line), Said()
        head = inline.annotated(block.head, settings=lambda entries: any(self.known(each, outer) for each in entries))
        written = [*head.settings, *(each.value for each in block.settings if FIELDS.find(each.key, ("type",)))]
        tags = {each: found for each in written if (found := TYPES.find(each, ITEM_TYPES))}
        tag = next(iter(tags.values()), "") or self.guessed(block, questions)
        kind = ITEM_TYPES[tag]
        if head.body or block.more:
            own["text"] = Spoken(head.body, mark, block.more)
        if head.code:
            said["code"] = scalar(head.code, mark)
        for each in head.settings:
            if each not in tags:
                self.bracket(each, kind, own, outer, said, mark)
        self.take(block, own, outer, said, kind)
        field = listed(kind)
        if tag == "case":
            own["questions"] = sequence(
                [each for number, block in enumerate(questions, 1) if (each := self.question(block, number))], mark
            )
        elif field is not None and block.items:
            if tag == "matching" and "options" not in own:
                own["options"] = _told_options(block)
            own[field.encode_name] = self.entries(block, own.pop("_keys", ()), element(field.type))
        elif block.items:
            self.stray(block.items[0].text, block.items[0].line)
        if questions and tag != "case":
            self.stray(questions[0].head, questions[0].line)
        own.pop("_keys", None)
        for name in lists_due(kind):
            own.setdefault(name, sequence([], mark))
        return self.node({"type": scalar(tag, mark), **own}, block.line)

    def question(self, block: ItemBlock, number: int) -> Any:
        said: Said = {"code": scalar(f"q{number}", Mark(block.line))}
        inner = self.inner(block, (), SubItem, said)
        return None if inner is None else self.node({**said, "item": inner}, block.line)

    def guessed(self, block: ItemBlock, questions: Sequence[ItemBlock]) -> str:
        """The type of an item that does not say it."""
        answer = next((each.value for each in block.settings if FIELDS.find(each.key, ("accepted",))), "")
        if questions:
            return "case"
        if block.items:
            keys = max(sum("correct" in each.flags() for each in block.items), len(letters_of(answer)))
            return "multiple" if keys > 1 else "single"
        if not answer:
            return "essay"
        if VALUES.find(answer, ("true", "false")):
            return "true_false"
        alternatives = inline.split(answer, "/／;；")
        return "numeric" if all(FIGURE.fullmatch(each) for each in alternatives) else "short_answer"

    def known(self, entry: str, outer: Struct) -> bool:
        if TYPES.find(entry, ITEM_TYPES):
            return True
        return any(self.reader.setting(entry, kind) for kind in (outer, *ITEM_TYPES.values()))

    def bracket(self, entry: str, kind: Struct, own: Said, outer: Struct, said: Said, mark: Mark) -> None:
        for struct, into in ((kind, own), (outer, said)):
            found = self.reader.setting(entry, struct)
            if found and found[0] != "item":
                into[found[0]] = Spoken(found[1], mark)
                return
        known = [*named(kind), *named(outer)]
        self.reader.unknown("unknown_word", FIELDS, (key_and_value(entry) or (entry, ""))[0], known, mark)

    def take(self, block: ItemBlock, own: Said, outer: Struct, said: Said, kind: Struct | None = None) -> None:
        """Setting lines into the item or into what surrounds it."""
        for each in block.settings:
            mark = Mark(each.line)
            if FIELDS.find(each.key, ("type",)) and kind is not None:
                if TYPES.find(each.value, ITEM_TYPES) is None:
                    self.reader.unknown("unknown_type_word", TYPES, each.value, ITEM_TYPES, mark)
                continue
            places = [(named(kind), own)] if kind is not None else []
            for fields, into in (*places, (named(outer), said)):
                name = FIELDS.find(each.key, [name for name in fields if name not in ("item", "questions")])
                if name:
                    self.put(name, fields[name].type, Spoken(each.value, mark, each.more), each.items, into)
                    break
            else:
                if kind is not None and FIELDS.find(each.key, ("correct",)) and "options" in named(kind):
                    own["_keys"] = letters_of(each.value)
                else:
                    known = [*(named(kind) if kind else ()), *named(outer)]
                    self.reader.unknown("unknown_word", FIELDS, each.key, known, mark)

    def put(self, name: str, kind: Any, spoken: Spoken, items: list[Item], into: Said) -> None:
        lines = [Spoken(each.text, Mark(each.line), each.more) for each in items]
        inner = element(kind)
        if inner is not None and not (spoken.value[:1] == "[" and inline.is_flow(spoken.value)):
            written = self.reader.elements(spoken, inner, name) if spoken.value or not lines else []
            before = into[name].value if name in into and not isinstance(into[name], Spoken) else []
            into[name] = sequence([*before, *written, *lines], spoken.mark)
        elif name in into:
            self.reader.tell(problem("duplicate_key", "", key=FIELDS.word(name, "zh-CN")), spoken.mark)
        else:
            into[name] = spoken
            for each in items:
                self.stray(each.text, each.line)

    def entries(self, block: ItemBlock, keys: Collection[str], kind: Struct) -> Any:
        """Lines of options and the like; those whose letter is among ``keys`` are right."""
        lines: list[Any] = []
        for index, each in enumerate(block.items):
            node: Any = Spoken(each.text, Mark(each.line), each.more)
            if each.right or letter(index) in keys:
                node = self.reader.expanded(node, kind, "")
                if isinstance(node.value, list):
                    node.value = [pair for pair in node.value if pair[0].value != "correct"]
                    node.value.append((scalar("correct", node.start_mark), Spoken("true", Mark(each.line))))
            lines.append(node)
        return sequence(lines, Mark(block.items[0].line))

    def stray(self, text: str, line: int) -> None:
        known = key_and_value(text)
        if known:
            fields = [name for kind in (BankItem, *ITEM_TYPES.values()) for name in named(kind)]
            self.reader.unknown("unknown_word", FIELDS, known[0], dict.fromkeys(fields), Mark(line))
        else:
            self.reader.tell(problem("stray_line", "", text=text[:40]), Mark(line))

    def node(self, said: Said, line: int) -> Any:
        return mapping([(scalar(key, Mark(line)), value) for key, value in said.items()], Mark(line))


def _told_options(block: ItemBlock) -> Any:
    """The options of ``- premise => wording`` lines, whose wordings become codes in the lines."""
    wordings = dict.fromkeys(right for each in block.items if (right := inline.arrow(each.text)[1]))
    codes = {wording: letter(index) for index, wording in enumerate(wordings)}
    for each in block.items:
        left, right = inline.arrow(each.text)
        if right:
            each.text = f"{left} => {codes[right]}"
    mark = Mark(block.items[0].line)
    return sequence([Spoken(each, mark) for each in wordings], mark)


def lists_due(kind: Struct) -> list[str]:
    """Lists that an item needs; empty ones are left to ``check``, which knows better words."""
    return [name for name, each in named(kind).items() if each.required and element(each.type) is not None]


def fresh_code(number: int, taken: set[str]) -> str:
    """``q`` and the number, or the next that is free; added to ``taken``."""
    while f"q{number}" in taken:
        number += 1
    taken.add(f"q{number}")
    return f"q{number}"


def letters_of(answer: str) -> set[str]:
    """The letters of ``答案: A, C`` (or ``AC``); empty where it is no such answer."""
    marks = re.sub(r"[\s,，、;；]", "", answer)
    return {each.lower() for each in marks} if marks and re.fullmatch(r"[A-Za-z]+", marks) else set()


__all__ = ["locate", "read", "write"]
