"""Items -> workbook; the other half of ``surveys.exams.formats.workbook``.

What a column has room for goes there; the rest stands in the column of settings, as in the brackets of the text form.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import msgspec

from surveys.exams.formats.sheets import COLUMNS, HEADINGS, ROWS, SHEETS
from surveys.exams.formats.writer import ItemWriter
from surveys.exams.items import ITEM_TYPES, Accepted, BankItem, SubItem
from surveys.formats import inline
from surveys.formats.shapes import Struct, element, listed, named
from surveys.formats.sheets import Sheets, spread
from surveys.text import DEFAULT_LANGUAGE, Text

Data = dict[str, Any]

ANSWERS = ("accepted", "levels", "option")
"""Fields of an entry that its column for the answer holds."""


def write(items: Iterable[BankItem], language: str = DEFAULT_LANGUAGE) -> Sheets:
    """The two sheets, headed in ``language``; ``read`` turns them into equal items."""
    writer = _WorkbookWriter(language)
    data = [msgspec.to_builtins(each) for each in items]
    writer.unique.update(each["code"] for each in data)
    for each in data:
        writer.item(each)
    sheets: Sheets = {}
    for name, rows in writer.rows.items():
        header = [HEADINGS.word(column, language) for column in COLUMNS[name]]
        cells = [row for each in rows for row in spread([each.get(column, "") for column in COLUMNS[name]])]
        sheets[SHEETS.word(name, language)] = [header, *cells]
    return sheets


class _WorkbookWriter(ItemWriter):
    def __init__(self, language: str) -> None:
        super().__init__(language)
        self.rows: dict[str, list[dict[str, str]]] = {name: [] for name in COLUMNS}
        self.unique: Counter[str] = Counter()

    def item(self, data: Data) -> None:
        item, case = data.pop("item"), data["code"]
        questions = item.get("questions", ())
        apart = bool(questions) and all(inline.is_code(each["code"]) for each in questions) and self.sure(case)
        if apart:
            del item["questions"]
        self.row("item", data, item, BankItem, case)
        for each in questions if apart else ():
            self.row("question", each, each.pop("item"), SubItem, f"{case}.{each['code']}")

    def sure(self, code: str) -> bool:
        return self.unique[code] == 1 and inline.is_code(code)

    def row(self, row: str, outer: Data, item: Data, struct: Struct, code: str) -> None:
        tag = item.pop("type")
        kind = ITEM_TYPES[tag]
        cells = {"row": ROWS.word(row, self.language), "code": outer.pop("code")}
        cells["type"] = self.type_words.word(tag, self.language)
        cells |= self.texts(item, "text") | self.texts(item, "explanation")
        for name in ("category", "topic", "author"):
            if outer.get(name):
                cells[name] = outer.pop(name)
        for name in ("difficulty", "bloom", "state"):
            if name in outer:
                cells[name] = self.figure(outer.pop(name))
        tags = outer.get("tags")
        if tags and all(inline.is_listable(each) for each in tags):
            cells["tags"] = ", ".join(outer.pop("tags"))
        if kind is ITEM_TYPES["true_false"]:
            cells["answer"] = self.figure(item.pop("correct"))
        elif accepted := self.alternatives(item.get("accepted", ()), Accepted):
            cells["answer"] = accepted
            del item["accepted"]
        if self.sure(code.partition(".")[0]):
            self.lists(code, kind, item)
        said = [self.enclosed(each, of)[1:-1] for each, of in ((outer, struct), (item, kind)) if each]
        self.rows["items"].append({**cells, "settings": ", ".join(said)})

    def lists(self, place: str, kind: Struct, item: Data) -> None:
        """Options, gaps, pairs and criteria into rows of their own."""
        usual = listed(kind)
        for name, field in named(kind).items():
            inner = element(field.type)
            if item.get(name) and {"code", "label"} <= set(getattr(inner, "__struct_fields__", ())):
                said = "" if usual is not None and name == usual.encode_name else self.field(name)
                for each in item.pop(name):
                    self.part_row({"item": place, "list": said}, each, inner)

    def part_row(self, cells: dict[str, str], data: Data, kind: Struct) -> None:
        row = {**cells, "code": data.pop("code"), **self.texts(data, "label"), **self.texts(data, "feedback")}
        if data.get("correct"):
            row["correct"] = self.figure(data.pop("correct"))
        answer = next((name for name in ANSWERS if name in data), "")
        if answer == "option":
            row |= {"answer": data.pop(answer)} if inline.is_code(data[answer]) else {}
        elif answer and (said := self.alternatives(data[answer], element(named(kind)[answer].type))):
            row["answer"] = said
            del data[answer]
        self.rows["entries"].append({**row, "settings": self.enclosed(data, kind)[1:-1] if data else ""})

    def texts(self, data: Data, name: str) -> dict[str, str]:
        """The two cells of a text, taken out of ``data``; none where it has other languages or an empty wording."""
        text: Text = data.get(name, {})
        if not text or not set(text) <= {DEFAULT_LANGUAGE, "en"} or not all(text.values()):
            return {}
        del data[name]
        return {name: text.get(DEFAULT_LANGUAGE, ""), f"{name}_en": text.get("en", "")}
