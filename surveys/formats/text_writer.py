"""Questionnaire -> text form; the other half of ``surveys.formats.text``.

Everything is said in the shortest way that reads back as the same, else as ``key: value`` with the value in flow form.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from surveys.definition import Group, Page, Questionnaire
from surveys.formats import inline
from surveys.formats.defaults import default_name, languages_in, letter
from surveys.formats.nodes import is_struct, members, options_of, variants
from surveys.formats.shapes import (
    Field,
    argument,
    element,
    entry,
    is_coded,
    is_line,
    is_single,
    listed,
    main,
    named,
    second,
)
from surveys.formats.words import FIELDS, TARGETS, TYPES, VALUES
from surveys.questions import QUESTION_TYPES
from surveys.text import DEFAULT_LANGUAGE, Text

WIDTH = 110

Data = dict[str, Any]


def write(questionnaire: Questionnaire, language: str = DEFAULT_LANGUAGE) -> str:
    """The questionnaire as text that ``read`` turns into an equal one, keywords in ``language``."""
    return "\n".join(Writer(language).questionnaire(questionnaire)).rstrip("\n") + "\n"


class Writer:
    """What a language has to say of any Struct, line by line."""

    field_words, type_words, value_words = FIELDS, TYPES, VALUES

    def __init__(self, language: str) -> None:
        self.language = language
        self.numbers: dict[str, int] = {}

    def field(self, name: str) -> str:
        return self.field_words.word(name, self.language)

    def questionnaire(self, questionnaire: Questionnaire) -> Iterator[str]:
        data = msgspec.to_builtins(questionnaire)
        pages = data.pop("pages")
        unnamed = data["name"] == default_name(data["title"]) and inline.wording(data["title"])
        said = {} if unnamed else {"name": data["name"]}
        yield from self.heading("#", {**said, "title": data.pop("title")}, Questionnaire, "name")
        data.pop("name")
        data.pop("languages", None)
        if questionnaire.languages != languages_in(questionnaire.title):
            yield f"{self.field('languages')}: {self.listing(questionnaire.languages)}"
        yield from self.settings(data, Questionnaire)
        counts = [question["code"] for page in pages for question in page["questions"]]
        self.numbers = {code: counts.count(code) for code in counts}
        groups = number = 0
        for index, page in enumerate(pages):
            yield ""
            yield from self.page(page, index, groups, number, only=len(pages) == 1)
            groups, number = groups + len(page.get("groups", ())), number + len(page["questions"])

    def page(self, page: Data, index: int, groups: int, number: int, only: bool) -> Iterator[str]:
        questions, found = page["questions"], page.get("groups", [])
        head = {key: value for key, value in page.items() if key not in ("questions", "groups", "jumps")}
        if head["code"] == f"p{index + 1}":
            del head["code"]
        headed = _in_order(found, questions)
        if not headed and found:
            head["groups"] = found
        if head or not only or not questions or (headed and found):
            yield from self.heading("##", head, Page)
        names = iter(found if headed else ())
        group = ""
        for question in questions:
            own = question.get("group", "")
            if headed and own != group:
                yield ""
                following = next(names) if own else None
                groups += bool(own)
                yield from self.group(following, groups)
                group = own
            number += 1
            yield ""
            yield from self.question(question, number, group if headed else "")
        if page.get("jumps"):
            yield ""
            yield from self.setting("jumps", page["jumps"], named(Page)["jumps"].type)

    def group(self, group: Data | None, number: int) -> Iterator[str]:
        if group is None:
            yield "###"
            return
        head = {key: value for key, value in group.items() if key != "code" or value != f"g{number}"}
        yield from self.heading("###", head or {"code": group["code"]}, Group)

    def heading(self, sign: str, data: Data, kind: type[msgspec.Struct], key: str = "code") -> Iterator[str]:
        rest = dict(data)
        lines = self.wording_lines(rest.get("title", {}))
        title = lines[0] if lines else ""
        if lines:
            del rest["title"]
        code = rest.pop(key) if inline.is_code(rest.get(key, "")) else ""
        yield " ".join(filter(None, (sign, title, f"{{{code}}}" if code else "")))
        yield from (lines or [])[1:]
        yield from self.settings(rest, kind)

    def question(self, question: Data, number: int, group: str) -> Iterator[str]:
        kind = QUESTION_TYPES[question["type"]]
        rest = {
            key: value for key, value in question.items() if key != "type" and not (key == "group" and value == group)
        }
        lines = self.wording_lines(rest["text"])
        head = [f"{number}.", lines[0] if lines else ""]
        if lines:
            del rest["text"]
        head.append(self.bracket(rest, kind, question["type"]))
        if rest.pop("required", False):
            head.append("*")
        code = rest["code"]
        if (code == f"q{number}" and self.numbers[code] == 1) or inline.is_code(code):
            del rest["code"]
            if code != f"q{number}" or self.numbers[code] > 1:
                head.append(f"{{{code}}}")
        yield " ".join(filter(None, head))
        yield from (lines or [])[1:]
        field = listed(kind)
        items = rest.pop(field.encode_name, None) if field is not None else None
        if field is not None and items is not None and not items:
            rest[field.encode_name] = items
        lines, lists = self.parted(rest, kind)
        yield from ("  " + line for line in lines)
        if field is not None and items:
            yield from self.items(items, element(field.type))
        yield from lists

    def parted(self, data: Data, kind: type[msgspec.Struct]) -> tuple[list[str], list[str]]:
        """Settings of one line or several, and those with items below, which have to follow the question's own."""
        found: tuple[list[str], list[str]] = [], []
        for name, field in named(kind).items():
            if name in data:
                lines = list(self.setting(name, data[name], field.type))
                found[any(line.startswith("- ") for line in lines)].extend(lines)
        return found

    def bracket(self, rest: Data, kind: type[msgspec.Struct], tag: str) -> str:
        """``[type argument, flag, key: 3]``; takes out of ``rest`` what it says."""
        words = [self.type_words.word(tag, self.language)]
        first = argument(kind)
        if first is not None and inline.is_code(rest.get(first.encode_name, "")):
            words[0] += f" {rest.pop(first.encode_name)}"
        for name, field in named(kind).items():
            if name in rest and name not in ("required", "code") and (said := self.short(name, rest[name], field.type)):
                words.append(said)
                del rest[name]
        return f"[{', '.join(words)}]"

    def short(self, name: str, value: Any, kind: Any) -> str | None:
        """What fits into a question's bracket: yes and no, figures, one of several values."""
        if value is True:
            return self.field(name)
        if isinstance(value, bool | int | float) or options_of(kind):
            return f"{self.field(name)}: {self.figure(value)}"
        return None

    def figure(self, value: Any) -> str:
        if isinstance(value, bool):
            return self.value_words.word("true" if value else "false", self.language)
        return self.value_words.word(value, self.language) if isinstance(value, str) else inline.figure(value)

    def settings(self, data: Data, kind: type[msgspec.Struct]) -> Iterator[str]:
        for name, field in named(kind).items():
            if name in data:
                yield from self.setting(name, data[name], field.type)

    def setting(self, name: str, value: Any, kind: Any) -> Iterator[str]:
        """``key: value``, or several lines where the value is a list of things or a text of several lines."""
        key, inner = self.field(name), element(kind)
        if kind == Text:
            lines = self.wording_lines(value)
            yield f"{key}: {lines[0] if lines else inline.flow(inline.short_languages(value))}"
            yield from (lines or [])[1:]
        elif entry(kind) is not None and value and all(inline.is_code(name) for name in value):
            for code, each in value.items():
                yield from self.entry(f"{key} {code}", each, entry(kind))
        elif value and (is_single(inner) and main(inner) is not None):
            yield from (f"{key}: {self.thing(each, inner)}" for each in value)
        elif value and inner is not None and is_line(inner):
            yield f"{key}:"
            yield from self.items(value, inner)
        else:
            yield f"{key}: {self.value(name, value, kind)}"

    def entry(self, key: str, value: Any, kind: Any) -> Iterator[str]:
        """An entry of a map: a rating scale with its labels on one line, or below it."""
        field = listed(kind) if is_struct(kind) else None
        labels = value.get(field.encode_name) if field is not None else None
        if field is None or not labels:
            yield f"{key}: {inline.flow(value)}"
            return
        rest = {name: each for name, each in value.items() if name != field.encode_name}
        short = self.labels(labels) if element(field.type) == Text and not rest else None
        if short and len(short) <= WIDTH:
            yield f"{key}: {short}"
        else:
            yield f"{key}: {self.enclosed(rest, kind) if rest else ''}".rstrip()
            yield from self.items(labels, element(field.type))

    def labels(self, labels: Sequence[Text]) -> str | None:
        """``甲, 乙 | A, B``, where every text has the same languages and no comma."""
        languages = set(labels[0]) if labels else set()
        if not languages or not languages <= {DEFAULT_LANGUAGE, "en"} or any(set(each) != languages for each in labels):
            return None
        sides = {language: [each[language] for each in labels] for language in languages}
        if not all(inline.is_listable(each) for side in sides.values() for each in side):
            return None
        return " | ".join(
            ", ".join(sides.get(language, [])) for language in (DEFAULT_LANGUAGE, "en")[: 1 + ("en" in languages)]
        )

    def items(self, values: Sequence[Any], kind: Any) -> Iterator[str]:
        codes = [each.get("code") for each in values] if is_coded(kind) else []
        for index, each in enumerate(values):
            if kind == Text:
                yield f"- {inline.wording(each) or inline.flow(inline.short_languages(each))}"
                continue
            unsaid = is_coded(kind) and each["code"] == letter(index) and codes.count(letter(index)) == 1
            yield f"- {self.thing({key: value for key, value in each.items() if key != 'code' or not unsaid}, kind)}"

    def thing(self, data: Data, kind: type[msgspec.Struct]) -> str:
        """``main => second {code} [settings] ___`` or, where that does not say it, the flow form."""
        rest, first, then = dict(data), main(kind), second(kind)
        parts: list[str] = []
        if first is None or not (body := self.part(rest.pop(first.encode_name), first)):
            return inline.flow(data)
        parts.append(body)
        if then is not None:
            if not (said := self.part(rest.pop(then.encode_name), then)):
                return inline.flow(data)
            parts += ["=>", said]
        if "code" in rest:
            if not inline.is_code(rest["code"]):
                return inline.flow(data)
            parts.append(f"{{{rest.pop('code')}}}")
        blank = rest.pop("other", False) is True
        if rest:
            parts.append(self.enclosed(rest, kind))
        return " ".join(parts + ["___"] * blank)

    def part(self, value: Any, field: Field) -> str | None:
        kind = field.type
        if kind == Text:
            return inline.wording(value)
        if kind is str:
            if field.encode_name == "to" and value in TARGETS:
                return self.value_words.word(value, self.language)
            return value if inline.is_plain(value) else inline.quote(value)
        if element(kind) == Text:
            return self.labels(value)
        if element(kind) is str:
            return ", ".join(value) if value and all(inline.is_code(each.replace(".", "_")) for each in value) else None
        return inline.figure(value) if isinstance(value, int | float) and not isinstance(value, bool) else None

    def enclosed(self, data: Data, kind: type[msgspec.Struct]) -> str:
        """``[flag, key: value]``."""
        types = {name: named(kind)[name].type for name in data}
        said = [
            self.short(name, value, types[name]) or f"{self.field(name)}: {self.nested(value, types[name])}"
            for name, value in data.items()
        ]
        return f"[{', '.join(said)}]"

    def nested(self, value: Any, kind: Any) -> str:
        """A value inside brackets, where commas and brackets end it."""
        if kind == Text:
            return inline.wording(value, inline.is_listable) or inline.flow(inline.short_languages(value))
        if isinstance(value, str):
            return value if inline.is_enclosed(value) else inline.quote(value)
        return inline.flow(value)

    def value(self, name: str, value: Any, kind: Any) -> str:
        inner = members(kind)[0]
        if inner is str:
            if isinstance(value, str):
                return value if inline.is_line(value) else inline.quote(value)
            return "null"
        if element(kind) is not None and not is_struct(element(kind)) and not variants(element(kind)):
            return self.listing(value, options=bool(options_of(element(kind))))
        if isinstance(value, bool) or options_of(kind):
            return self.figure(value)
        return inline.flow(value)

    def listing(self, values: Sequence[Any], options: bool = False) -> str:
        """Codes and words parted by commas, anything else in flow form."""
        if values and all(isinstance(each, str) and inline.is_listable(each) for each in values):
            return ", ".join(self.value_words.word(each, self.language) if options else each for each in values)
        return inline.flow(values)

    def wording_lines(self, text: Text) -> list[str] | None:
        """A text on one line, or each language on lines of its own with ``>`` before the second and all that follow."""
        short = inline.wording(text)
        if short is None:
            return None
        if "\n" not in "".join(text.values()) and len(short) <= WIDTH:
            return [short]
        found: list[str] = []
        for language in (DEFAULT_LANGUAGE, "en"):
            first, *more = text.get(language, "").split("\n")
            if language not in text:
                continue
            if not first or not all(line == "" or inline.is_plain(line) for line in (first, *more)):
                return [short]
            found += [first if not found else f"| {first}", *(f"> {line}".rstrip() for line in more)]
        return found if DEFAULT_LANGUAGE in text else [short]


def _in_order(groups: Sequence[Data], questions: Sequence[Data]) -> bool:
    """Whether each group's questions stand together and the groups stand in the order of their questions."""
    runs: list[str] = []
    for question in questions:
        own = question.get("group", "")
        if not runs or runs[-1] != own:
            runs.append(own)
    return [each for each in runs if each] == [each["code"] for each in groups] and len(
        {each["code"] for each in groups}
    ) == len(groups)
