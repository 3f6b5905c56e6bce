"""Reads values as people write them (``是``, ``甲, 乙``, ``上游 | Upstream {upstream}``) once their type is known."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

import yaml

from surveys.formats import inline
from surveys.formats.defaults import letter
from surveys.formats.nodes import Mark, Reader, at, is_struct, mapping, members, options_of, scalar, sequence, variants
from surveys.formats.shapes import Struct, element, is_coded, is_single, main, named, second
from surveys.formats.words import FIELDS, TARGETS, TYPES, VALUES, Vocabulary
from surveys.formats.yaml import fragment
from surveys.problem import Problem, problem
from surveys.text import DEFAULT_LANGUAGE, LANGUAGES, Text


class Spoken(yaml.ScalarNode):
    """A value as written, and the lines that go on with it: (``>`` or ``|``, text)."""

    def __init__(self, value: str, mark: Any, more: Iterable[tuple[str, str]] = ()) -> None:
        super().__init__("tag:yaml.org,2002:str", value, mark, mark, style='"')
        self.mark = mark
        self.more = tuple(more)


class SpokenReader(Reader):
    """A reader that knows the words of both languages and the short forms of values.

    ``scale_names``: rating scales known by another name than their code.
    """

    field_words, type_words, value_words = FIELDS, TYPES, VALUES

    def __init__(self, scale_names: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self.scale_names = dict(scale_names or {})

    def key(self, written: str, fields: Mapping[str, Any]) -> str:
        return self.field_words.find(written, fields) or written

    def type(self, written: str) -> str:
        return self.type_words.find(written, self.type_words.words) or written

    def value(self, node: Any, kind: Any, place: str) -> Any:
        if isinstance(node, Spoken):
            self.marks[place] = node.start_mark
            expanded = self.expanded(node, kind, place)
            return None if expanded is None else self.value(expanded, kind, place)
        return super().value(node, kind, place)

    def sequence(self, node: Any, kind: Any, place: str) -> Any:
        if isinstance(node, yaml.SequenceNode) and is_coded(kind):
            node = self.coded(node, kind, place)
        return super().sequence(node, kind, place)

    def expanded(self, node: Spoken, kind: Any, place: str) -> Any:
        """The node that the words stand for; None beside a problem."""
        mark = node.mark
        if kind == Text:
            return self.wording_node(node, place)
        if node.more:
            return self.add("stray_line", place, node, text=node.more[0][1][:40])
        inner = members(kind)[0]
        if inner is str:
            return self.word(node, kind, place)
        if inline.is_flow(node.value):
            found = fragment(node.value, mark)
            if found is not None:
                return found
        if element(kind) is not None:
            return sequence(self.elements(node, element(kind), place), mark)
        if variants(kind):
            return node if inline.is_flow(node.value) else scalar(node.value, mark)
        if is_struct(inner):
            return self.thing(node, inner, place)
        return self.figure(node, kind)

    def word(self, node: Spoken, kind: Any, place: str) -> Any:
        text = inline.unquote(node.value)
        name = place.rpartition(".")[2]
        if text == "null" == node.value and kind is not str:
            return yaml.ScalarNode("tag:yaml.org,2002:null", text, node.start_mark, node.start_mark)
        if name == "to":
            text = self.value_words.find(text, TARGETS) or text
        elif name.endswith("scale"):
            text = self.scale_names.get(text, text)
        return scalar(text, node.start_mark)

    def figure(self, node: Spoken, kind: Any) -> Any:
        """A number, a yes or no, one of several values; as a plain YAML scalar."""
        text = unicodedata.normalize("NFKC", inline.unquote(node.value)).strip()
        options = options_of(kind)
        names = (*options, "true", "false") if bool in members(kind) else options
        found = self.value_words.find(text, names) or (
            {"1": "true", "0": "false"}.get(text, text) if bool in members(kind) else text
        )
        style = '"' if found in options else None
        return yaml.ScalarNode("tag:yaml.org,2002:str", found, node.start_mark, node.start_mark, style=style)

    def wording_node(self, node: Spoken, place: str) -> Any:
        mark = node.mark
        if inline.is_flow(node.value) and not node.more:
            found = fragment(node.value, mark)
            if isinstance(found, yaml.MappingNode):
                return found
        text = inline.read_wording(node.value)
        language = "en" if "en" in text else DEFAULT_LANGUAGE
        for sign, line in node.more:
            if sign == "|":
                language, text = "en", text | {"en": inline.unquote(line)}
            else:
                text[language] = f"{text[language]}\n{line}" if language in text else line
        return mapping([(scalar(each, mark), scalar(wording, mark)) for each, wording in text.items()], mark)

    def elements(self, node: Spoken, kind: Any, place: str) -> list[Any]:
        """The entries of a list on one line: ``甲, 乙 | A, B`` for texts and labelled things, else parted by commas."""
        mark = node.mark
        if is_single(kind):
            return [node]
        if kind != Text and not is_struct(kind):
            return [Spoken(each, mark) for each in inline.split(node.value, inline.COMMAS + ";；")]
        if "|" not in node.value and "｜" not in node.value:
            return [Spoken(each, mark) for each in inline.split(node.value)]
        chinese, english = map(inline.split, _sides(node.value))
        if chinese and english and len(chinese) != len(english):
            self.add("uneven_list", place, node, count=len(chinese), count_en=len(english))
            return []
        if not english:
            return [Spoken(each, mark) for each in chinese]
        return [
            Spoken(f"{left} | {right}", mark)
            for left, right in zip(chinese or [""] * len(english), english, strict=True)
        ]

    def coded(self, node: Any, kind: Struct, place: str) -> Any:
        """The same list with every entry opened, and a code by its place where it has none."""
        opened = []
        for index, each in enumerate(node.value):
            here = f"{place}.{index}"
            found = self.expanded(each, kind, here) if isinstance(each, Spoken) else each
            opened += [] if found is None else [found]
        given = {code for each in opened if (code := _code(each))}
        for index, each in enumerate(opened):
            if isinstance(each, yaml.MappingNode) and _code(each) is None:
                code = letter(index) + ("_" if letter(index) in given else "")
                each.value = [(scalar("code", each.start_mark), scalar(code, each.start_mark)), *each.value]
        return sequence(opened, node.start_mark)

    def thing(self, node: Spoken, kind: Struct, place: str) -> Any:
        """``main => second {code} [settings]``, each part where the Struct has it."""
        mark, fields = node.mark, named(kind)
        said = inline.annotated(
            node.value,
            blank="other" in fields,
            settings=lambda entries: all(self.setting(each, kind) for each in entries),
        )
        body, rest = inline.arrow(said.body) if second(kind) else (said.body, None)
        pairs: list[tuple[str, Any]] = [("code", scalar(said.code, mark))] if said.code else []
        first, then = main(kind), second(kind)
        if first is not None and (body or node.more):
            pairs.append((first.encode_name, Spoken(body, mark, node.more)))
        if then is not None and rest is not None:
            pairs.append((then.encode_name, Spoken(rest, mark)))
        if said.blank:
            pairs.append(("other", Spoken("true", mark)))
        pairs += self.settings(said.settings, kind, mark)
        return mapping([(scalar(key, mark), each) for key, each in pairs], mark)

    def settled(self, kind: Struct) -> Callable[[list[str]], bool]:
        """Whether a bracket's entries are all settings of ``kind``; else the bracket is part of the wording."""
        return lambda entries: all(self.setting(each, kind) for each in entries)

    def setting(self, written: str, kind: Struct) -> tuple[str, str] | None:
        """A bracket's entry as field and value: ``互斥``, ``最多: 3``; None where it is neither."""
        key, value = key_and_value(written) or (written, "true")
        name = self.field_words.find(inline.unquote(key), named(kind))
        if name is None or (value == "true" and key == written and bool not in members(named(kind)[name].type)):
            return None
        return name, value

    def settings(self, entries: list[str], kind: Struct, mark: Mark) -> list[tuple[str, Any]]:
        found = []
        for each in entries:
            known = self.setting(each, kind)
            if known is None:
                written = (key_and_value(each) or (each, ""))[0]
                self.unknown("unknown_word", self.field_words, written, named(kind), mark)
            else:
                found.append((known[0], Spoken(known[1], mark)))
        return found

    def unknown(self, code: str, words: Vocabulary, written: str, among: Collection[str], mark: Any) -> None:
        """A word nobody knows, and which were meant perhaps."""
        known, known_en = (words.nearest(written, list(among), language) for language in LANGUAGES)
        self.tell(problem(code, "", word=written[:40], known=known, known_en=known_en), mark)

    def tell(self, wrong: Problem, mark: Any) -> None:
        self.problems.append(at(wrong, mark))


def key_and_value(written: str) -> tuple[str, str] | None:
    """Both sides of the first colon, full-width or not; None where there is none in the first forty characters."""
    found = min((place for place in (written.find(":"), written.find("：")) if place > 0), default=-1)
    if not 0 < found <= 40:
        return None
    return written[:found].strip(), written[found + 1 :].strip()


def _sides(written: str) -> tuple[str, str]:
    """The two languages of a list; a bar inside quotes is no bar."""
    for place in (bar.start() for bar in inline.BAR.finditer(written)):
        left = written[:place]
        if left.replace('\\"', "").count('"') % 2 == 0:
            bar = inline.BAR.search(written, place)
            return left, written[bar.end() :] if bar else ""
    return written, ""


def _code(node: Any) -> str | None:
    if not isinstance(node, yaml.MappingNode):
        return ""
    return next((str(value.value) for key, value in node.value if FIELDS.find(str(key.value), ("code",))), None)
