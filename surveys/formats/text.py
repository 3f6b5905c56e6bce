"""The text form <-> Questionnaire: what people write in a chat window (docs/text-form.md).

A line is a heading, a question, an option, a setting (``key: value``) or goes on with the line before; indentation
means nothing, so that it survives any messenger. ``surveys.formats.text_lines`` tells the lines apart, this file makes
the tree that ``SpokenReader`` walks.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from surveys.definition import Group, Page, Questionnaire
from surveys.formats import inline
from surveys.formats.defaults import default_name, languages_in
from surveys.formats.nodes import Mark, mapping, scalar, sequence
from surveys.formats.shapes import Struct, argument, element, entry, listed, named
from surveys.formats.spoken import Spoken, SpokenReader, key_and_value
from surveys.formats.text_lines import KEYS, Block, Setting, blocks, decode
from surveys.formats.text_writer import write
from surveys.formats.words import FIELDS, TYPES
from surveys.problem import Problem, has_errors, problem
from surveys.questions import QUESTION_TYPES, Choice, Question

Said = dict[str, Any]
"""Fields of a Struct, each with the node of its value."""

Place = tuple[Struct, Said]


def read(text: str | bytes) -> tuple[Questionnaire | None, list[Problem]]:
    """The questionnaire, or None and everything that is wrong, with its line. Never raises, whatever the bytes."""
    found, problems, _ = _read(text)
    return found, problems


def locate(text: str | bytes, problems: list[Problem]) -> list[Problem]:
    """The same problems with the line of their place in a text that ``read`` could read."""
    _, _, reader = _read(text)
    return problems if reader is None else [reader.located(each) for each in problems]


def read_questions(text: str, questionnaire: Questionnaire) -> tuple[tuple[Question, ...], list[Problem]]:
    """Questions pasted into a questionnaire, whose rating scales they use and whose codes they do not take."""
    source, problems = decode(text)
    if problems:
        return (), problems
    scales = {name: name for name in questionnaire.rating_scales}
    tree = _Tree(SpokenReader(scales), blocks(source), {each.code for each in questionnaire.questions()})
    asked = [tree.question(each) for each in tree.blocks if each.level == 4]
    for block in tree.blocks:
        tree.strays(block, tree.blocks[-1])
        if block.level < 4:
            for setting in block.settings:
                tree.wrong("only_questions", setting.line, key=setting.key)
    found, problems = tree.reader.converted(sequence([each for each in asked if each], Mark(0)), tuple[Question, ...])
    if not asked and not problems:
        problems = [problem("no_questions", "", line=1)]
    return (() if has_errors(problems) else found), problems


def read_choices(text: str, kind: type[Any] = Choice) -> tuple[tuple[Any, ...], list[Problem]]:
    """Options (or rows, or whatever ``kind`` has a label) pasted line by line, with or without ``-`` or ``A.``."""
    source, problems = decode(text)
    if problems:
        return (), problems
    reader = SpokenReader()
    lines = [Spoken(each.text, Mark(each.line), each.more) for each in blocks(source, items_only=True)[0].items]
    found, problems = reader.converted(sequence(lines, Mark(0)), tuple[kind, ...])  # type: ignore[valid-type]
    return (() if has_errors(problems) else found), problems


def _read(text: str | bytes) -> tuple[Questionnaire | None, list[Problem], SpokenReader | None]:
    source, problems = decode(text)
    if problems:
        return None, problems, None
    reader = SpokenReader()
    tree = _Tree(reader, blocks(source))
    root = tree.root()
    found, problems = reader.questionnaire(root)
    if found is not None and not found.name:
        found = msgspec.structs.replace(found, name=default_name(found.title))
    if found is not None and "languages" not in tree.said:
        found = msgspec.structs.replace(found, languages=languages_in(found.title))
    return found, problems, reader


class _Tree:
    """Blocks of lines -> the node tree of a questionnaire."""

    def __init__(self, reader: SpokenReader, found: list[Block], taken: Iterable[str] = ()) -> None:
        self.reader, self.blocks = reader, found
        self.codes = set(taken)
        self.codes |= {code for block in found if block.level == 4 and (code := block.code())}
        self.said: Said = {}  # settings of the questionnaire, wherever they stand

    def wrong(self, code: str, line: int, **figures: Any) -> None:
        self.reader.tell(problem(code, "", **figures), Mark(line))

    def root(self) -> Any:
        start = next((each for each in self.blocks if each.level == 1), self.blocks[0])
        pages: list[tuple[Said, int]] = []
        group, groups = "", 0
        for block in self.blocks:
            self.strays(block, start)
            if block.level == 0 or block is start:
                self.head(block)
                continue
            if block.level < 3 or not pages:
                group = ""
                pages.append(({"questions": [], "groups": []}, block.line))
                self.heading(block if block.level < 3 else None, Page, pages[-1][0], f"p{len(pages)}", block.line)
            page = pages[-1][0]
            if block.level == 3:
                groups += bool(block.head or block.settings)
                group = self.group(block, page, groups) if block.head or block.settings else ""
            elif block.level == 4 and (question := self.question(block, group, page)) is not None:
                page["questions"].append(question)
        self.said["pages"] = sequence([self.page(each, line) for each, line in pages], Mark(0))
        self.defaults()
        return self.node(self.said, 0)

    def group(self, block: Block, page: Said, number: int) -> str:
        """Adds a group to its page; its code."""
        said: Said = {}
        self.heading(block, Group, said, f"g{number}", block.line)
        page["groups"].append(self.node(said, block.line))
        return str(said["code"].value)

    def strays(self, block: Block, start: Block) -> None:
        """Lines that nothing is known of; the first of all is the title where no line is marked as one."""
        for line, text in block.unknown:
            known = key_and_value(text)
            if block is start and block.level == 0 and not block.head:
                block.head, block.line = text, line
            elif known:
                self.reader.unknown("unknown_word", FIELDS, known[0], KEYS, Mark(line))
            else:
                self.wrong("stray_line", line, text=text[:40])

    def page(self, said: Said, line: int) -> Any:
        groups = said.pop("groups")
        if not isinstance(groups, list):
            said["groups"] = groups
        elif groups:
            said["groups"] = sequence(groups, Mark(line))
        said["questions"] = sequence(said["questions"], Mark(line))
        return self.node(said, line)

    def defaults(self) -> None:
        mark = Mark(0)
        self.said.setdefault("kind", scalar("diagnosis", mark))
        self.said.setdefault("name", scalar("", mark))

    def node(self, said: Said, line: int) -> Any:
        mark = Mark(line)
        return mapping([(scalar(key, mark), value) for key, value in said.items()], mark)

    def head(self, block: Block) -> None:
        if block.level == 1 or block.head:
            self.heading(block, Questionnaire, self.said, "", block.line)
        else:
            self.take(block.settings, Questionnaire, self.said)
        for item in block.items:
            self.wrong("stray_line", item.line, text=item.text[:40])

    def heading(self, block: Block | None, kind: Struct, said: Said, code: str, line: int) -> None:
        """The title, ``{code}`` and settings of a heading."""
        key = "name" if kind is Questionnaire else "code"
        if block is not None:
            head = inline.annotated(
                block.head, settings=lambda entries: all(self.reader.setting(e, kind) for e in entries)
            )
            mark = Mark(block.line)
            if head.body or block.more:
                said["title"] = Spoken(head.body, mark, block.more)
            if head.code:
                said[key] = scalar(head.code, mark)
            said.update(self.reader.settings(head.settings, kind, mark))
            self.take(block.settings, kind, said)
            for item in block.items if kind is not Questionnaire else ():
                self.wrong("stray_line", item.line, text=item.text[:40])
        if code:
            said.setdefault("code", scalar(code, Mark(line)))

    def take(self, settings: list[Setting], kind: Struct, said: Said, *outer: Place) -> None:
        """``key: value`` lines into the Struct they stand at; lists of the page and settings of the questionnaire may
        stand anywhere below."""
        for each in settings:
            places: list[Place] = [(kind, said), *outer, (Questionnaire, self.said)]
            for place, (struct, into) in enumerate(places):
                names = {name for name, field in named(struct).items() if name != "pages"
                         and (place == 0 or _is_outer(name, field.type, struct))}  # fmt: skip
                found = FIELDS.find_prefix(each.key, names)
                if found and (not found[1] or entry(named(struct)[found[0]].type)):
                    self.put(each, found, struct, into)
                    break
            else:
                self.reader.unknown("unknown_word", FIELDS, each.key, named(kind), Mark(each.line))

    def put(self, setting: Setting, found: tuple[str, str], struct: Struct, into: Said) -> None:
        name, rest = found
        kind, mark = named(struct)[name].type, Mark(setting.line)
        spoken = Spoken(setting.value, mark, setting.more)
        items = [Spoken(each.text, Mark(each.line), each.more) for each in setting.items]
        if entry(kind) is not None and rest:
            self.put_entry(rest, spoken, items, entry(kind), into.setdefault(name, mapping([], mark)))
        elif element(kind) is not None and not (setting.value[:1] == "[" and inline.is_flow(setting.value)):
            lines = self.reader.elements(spoken, element(kind), name) if setting.value or not items else []
            listing = into[name] if name in into and not isinstance(into[name], list) else sequence([], mark)
            listing.value = [*listing.value, *lines, *items]
            into[name] = listing
        elif into.get(name):
            self.wrong("duplicate_key", setting.line, key=setting.key)
        else:
            into[name] = spoken
            for item in setting.items:
                self.wrong("stray_line", item.line, text=item.text[:40])

    def put_entry(self, written: str, spoken: Spoken, items: list[Any], kind: Any, into: Any) -> None:
        """``量表 同意 {agree}: …``: an entry of a map, known by its code and by its name."""
        mark = spoken.mark
        head = inline.annotated(written)
        code = head.code or head.body
        if not code.isascii():
            code = f"scale{len(into.value) + 1}"
        self.reader.scale_names[head.body] = code
        if items:
            node = self.reader.thing(spoken, kind, "")
            node.value = [*node.value, (scalar(_list_name(kind), mark), sequence(items, mark))]
        else:
            node = spoken
        into.value = [*into.value, (scalar(code, mark), node)]

    def question(self, block: Block, group: str = "", page: Said | None = None) -> Any:
        """The node of a question; None beside a problem where its type is not known."""
        mark = Mark(block.line)
        head = inline.annotated(block.head, star=True)
        kind, rest = self.kind(head, block)
        if kind is None:
            return None
        said: Said = {"type": scalar(str(kind.__struct_config__.tag), mark)}
        if head.body or block.more:
            said["text"] = Spoken(head.body, mark, block.more)
        if head.starred:
            said["required"] = Spoken("true", mark)
        extra, entries = rest
        first = argument(kind)
        if extra and first is not None:
            said[first.encode_name] = Spoken(extra, mark)
        elif extra:
            self.reader.unknown("unknown_word", FIELDS, extra, named(kind), mark)
        said.update(self.reader.settings(entries, kind, mark))
        settings = [each for each in block.settings if FIELDS.find(each.key, ("type",)) is None]
        self.take(settings, kind, said, *([(Page, page)] if page is not None else []))
        self.items(block, kind, said)
        if "code" not in said:
            said["code"] = scalar(head.code or self.fresh(block.number), mark)
        if group and "group" in named(kind):
            said.setdefault("group", scalar(group, mark))
        return self.node(said, block.line)

    def items(self, block: Block, kind: Struct, said: Said) -> None:
        field = listed(kind)
        if block.items and field is None:
            return self.wrong("stray_line", block.items[0].line, text=block.items[0].text[:40])
        if block.items and field is not None:
            lines = [Spoken(each.text, Mark(each.line), each.more) for each in block.items]
            before = said[field.encode_name].value if field.encode_name in said else []
            said[field.encode_name] = sequence([*before, *lines], Mark(block.items[0].line))

    def kind(self, head: inline.Annotated, block: Block) -> tuple[Struct | None, tuple[str, list[str]]]:
        """The class of a question, what follows its type, and the settings left."""
        line = next((each for each in block.settings if FIELDS.find(each.key, ("type",))), None)
        entries = [*([line.value] if line else []), *head.settings]
        for index, each in enumerate(entries):
            found = TYPES.find_prefix(each, QUESTION_TYPES) if not key_and_value(each) else None
            if found:
                return QUESTION_TYPES[found[0]], (found[1], entries[:index] + entries[index + 1 :])
        kind = QUESTION_TYPES["single" if block.items else "short_text"]
        strangers = [each for each in entries if self.reader.setting(each, kind) is None]
        if strangers:
            self.reader.unknown("unknown_type_word", TYPES, strangers[0], QUESTION_TYPES, Mark(block.line))
            return None, ("", [])
        return kind, ("", entries)

    def fresh(self, number: int) -> str:
        """``q`` and the number that was typed, else the next that is free."""
        while f"q{number}" in self.codes:
            number += 1
        self.codes.add(f"q{number}")
        return f"q{number}"


def _is_outer(name: str, kind: Any, struct: Struct) -> bool:
    """Whether a setting may stand below its own place: lists, and what only the questionnaire has."""
    if element(kind) is not None or entry(kind) is not None:
        return name not in ("groups", "questions")
    return struct is Questionnaire and name not in ("name", "title") and name not in named(Page)


def _list_name(kind: Struct) -> str:
    field = listed(kind)
    return field.encode_name if field else ""


__all__ = ["locate", "read", "read_choices", "read_questions", "write"]
