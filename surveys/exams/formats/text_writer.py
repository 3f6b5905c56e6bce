"""Items -> text form; the other half of ``surveys.exams.formats.text``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from surveys.exams.formats.writer import ItemWriter
from surveys.exams.items import BankItem, SubItem
from surveys.formats import inline
from surveys.formats.shapes import Struct, named
from surveys.text import DEFAULT_LANGUAGE


def write(items: Iterable[BankItem], language: str = DEFAULT_LANGUAGE) -> str:
    """Items as text that ``read`` turns into equal ones, keywords in ``language``."""
    return "\n".join(_TextWriter(language).all(items)).strip("\n") + "\n"


class _TextWriter(ItemWriter):
    def all(self, items: Iterable[BankItem]) -> Iterator[str]:
        current = ""
        for number, each in enumerate(items, start=1):
            data = msgspec.to_builtins(each)
            category = data.get("category", "")
            if category != current and (not category or inline.is_line(category)):
                yield ""
                yield f"## {category}".rstrip()
                current = category
            if category == current:
                data.pop("category", None)
            yield ""
            yield from self.numbered(f"{number}.", data, BankItem)

    def numbered(self, sign: str, data: dict[str, Any], outer: Struct) -> Iterator[str]:
        """An item or a question of a case, with all that is below it."""
        item = data.pop("item")
        tag = item.pop("type")
        questions = item.pop("questions", ())
        lines = self.wording_lines(item["text"])
        if lines:
            del item["text"]
        first, *more = lines or [""]
        words, settings, lists = self.parts(item, tag)
        head = [
            sign,
            first,
            f"[{', '.join([self.type_words.word(tag, self.language), *self.words(data, outer), *words])}]",
        ]
        if inline.is_code(data["code"]):
            head.append(f"{{{data.pop('code')}}}")
        yield " ".join(filter(None, head))
        yield from more
        yield from ("  " + line for line in [*self.settings(data, outer), *settings])
        yield from lists
        for number, each in enumerate(questions, start=1):
            yield from self.numbered(f"({number})", each, SubItem)

    def words(self, data: dict[str, Any], outer: Struct) -> Sequence[str]:
        """What of the outer Struct fits into the bracket; taken out of ``data``."""
        found = []
        for name, field in named(outer).items():
            if name in data and (said := self.short(name, data[name], field.type)):
                found.append(said)
                del data[name]
        return found
