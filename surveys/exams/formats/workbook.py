"""Workbook <-> items: sheets of rows of cells, as a spreadsheet program shows them (docs/exam-items.md).

Also reads the usual list of an item bank, one row for each item with its options in columns A to H and the letters of
the right ones as the answer. Pure: ``service.item_files`` makes a file of the sheets, and reads one within limits.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from surveys.exams.formats.reader import ItemReader
from surveys.exams.formats.sheets import COLUMNS, HEADINGS, LETTERS, ROWS, SHEETS
from surveys.exams.formats.text import fresh_code, letters_of, lists_due
from surveys.exams.formats.words import FIELDS, TYPES, VALUES
from surveys.exams.formats.workbook_writer import ANSWERS, write
from surveys.exams.items import ITEM_TYPES, BankItem, SubItem
from surveys.formats import inline
from surveys.formats.nodes import Mark, mapping, scalar, sequence
from surveys.formats.shapes import Struct, element, listed, named
from surveys.formats.sheets import gathered
from surveys.formats.spoken import Spoken
from surveys.problem import Problem, has_errors, problem
from surveys.text import DEFAULT_LANGUAGE

Cells = Mapping[str, Sequence[Sequence[str]]]
Row = dict[str, str]


class Said(dict[str, Any]):
    """Fields of a Struct, each with the node of its value or, until all rows are read, what becomes one."""

    def __init__(self, mark: Mark, **fields: Any) -> None:
        super().__init__(fields)
        self.mark = mark

    def node(self) -> Any:
        return mapping([(scalar(name, self.mark), self.made(each)) for name, each in self.items()], self.mark)

    def made(self, value: Any) -> Any:
        if isinstance(value, list):
            return sequence([each.node() for each in value], self.mark)
        return value.node() if isinstance(value, Said) else value


def read(sheets: Cells, taken: Collection[str] = ()) -> tuple[tuple[BankItem, ...] | None, list[Problem]]:
    """The items, or None and everything that is wrong, with its sheet and row. Never raises.

    Items without a code get one that is not among ``taken``.
    """
    return _read(sheets, taken)[:2]


def locate(sheets: Cells, problems: list[Problem], taken: Collection[str] = ()) -> list[Problem]:
    """Problems of ``check`` with the row of their place in sheets that ``read`` could read."""
    reader = _read(sheets, taken)[2]
    return [reader.located(each) for each in problems]


def _read(sheets: Cells, taken: Collection[str]) -> tuple[tuple[BankItem, ...] | None, list[Problem], ItemReader]:
    reader = ItemReader()
    rows = {known: _rows(name, known, each) for name, each in sheets.items() if (known := SHEETS.find(name, COLUMNS))}
    if "items" not in rows and len(sheets) == 1:
        rows = {"items": _rows(next(iter(sheets)), "items", next(iter(sheets.values())))}
    if not rows.get("items"):
        return None, [problem("no_questions", "")], reader
    tree = _Tree(reader, {*taken, *(row.get("code", "") for row, _ in rows["items"])})
    for row, mark in rows["items"]:
        tree.item(row, mark)
    for row, mark in rows.get("entries", ()):
        tree.entry(row, mark)
    found, problems = reader.converted(tree.root(), tuple[BankItem, ...], "items")
    return (None if has_errors(problems) else found), problems, reader


def _rows(sheet: str, known: str, cells: Sequence[Sequence[str]]) -> list[tuple[Row, Mark]]:
    """Rows by column, below a header in either language."""
    columns = (*COLUMNS[known], *(LETTERS if known == "items" else ()))
    header = [HEADINGS.find(each, columns) for each in cells[0]] if cells else []
    width = len(header)
    numbered = [(number, [*row, *[""] * width][:width]) for number, row in enumerate(cells[1:], start=1)]
    return [
        ({column: text for column, text in zip(header, row, strict=True) if column and text}, Mark(number, sheet))
        for number, row in gathered(numbered)
    ]


class _Tree:
    """Rows -> the node tree of items."""

    def __init__(self, reader: ItemReader, taken: Collection[str]) -> None:
        self.reader, self.codes = reader, set(taken)
        self.items: list[Said] = []
        self.inner: dict[str, tuple[Struct, Said]] = {}  # code of an item or ``case.question`` → its own part
        self.case = ""

    def root(self) -> Any:
        for kind, own in self.inner.values():
            for name in lists_due(kind):
                own.setdefault(name, [])
        return sequence([each.node() for each in self.items], Mark(0))

    def item(self, row: Row, mark: Mark) -> None:
        is_question = ROWS.find(row.get("row", ""), ("item", "question")) == "question"
        if is_question and not self.case:
            return self.reader.unknown("unknown_word", ROWS, row["row"], ("item",), mark)
        tag = TYPES.find(row["type"], ITEM_TYPES) if row.get("type") else _guessed(row)
        if tag is None:
            return self.reader.unknown("unknown_type_word", TYPES, row["type"], ITEM_TYPES, mark)
        kind, own = ITEM_TYPES[tag], Said(mark, type=scalar(tag, mark))
        code = row.get("code") or fresh_code(len(self.items) + 1, self.codes)
        said = Said(mark, code=scalar(code, mark), item=own)
        own.update(_texts(row, mark, "text") | _texts(row, mark, "explanation"))
        self.about(row, said, mark)
        self.answer(row, kind, own, mark)
        if is_question:
            self.settings(row, mark, (SubItem, said), (kind, own))
            self.inner[self.case][1].setdefault("questions", []).append(said)
            self.inner[f"{self.case}.{code}"] = (kind, own)
        else:
            self.settings(row, mark, (BankItem, said), (kind, own))
            self.case = code if tag == "case" else ""
            self.items.append(said)
            self.inner[code] = (kind, own)
        return None

    def about(self, row: Row, said: Said, mark: Mark) -> None:
        """What the bank knows of an item."""
        said.update({name: scalar(row[name], mark) for name in ("category", "topic", "author") if row.get(name)})
        for name in ("difficulty", "bloom", "state"):
            if row.get(name):
                said[name] = Spoken(row[name], mark)
        if row.get("tags"):
            said["tags"] = Spoken(row["tags"], mark)

    def answer(self, row: Row, kind: Struct, own: Said, mark: Mark) -> None:
        """The answer and, where they stand in columns of the row, the options."""
        fields, answer = named(kind), row.get("answer", "")
        keys = letters_of(answer)
        labels = {each: row[each] for each in LETTERS if row.get(each)}
        if labels and "options" in fields:
            options = [
                Said(mark, code=scalar(each, mark), label=Spoken(label, mark), **_key(each in keys, mark))
                for each, label in labels.items()
            ]
            own["options"] = options
        if not answer:
            return
        name = next((each for each in ("accepted", "correct") if each in fields), "")
        if name:
            own[name] = Spoken(answer, mark)
        elif not (labels and keys):
            self.reader.unknown("unknown_word", FIELDS, answer, fields, mark)

    def settings(self, row: Row, mark: Mark, *places: tuple[Struct, Said]) -> None:
        for each in inline.split(row.get("settings", ""), inline.COMMAS + ";；"):
            for kind, said in places:
                found = self.reader.setting(each, kind)
                if found:
                    said[found[0]] = Spoken(found[1], mark)
                    break
            else:
                known = [name for kind, _ in places for name in named(kind)]
                self.reader.unknown("unknown_word", FIELDS, each.partition(":")[0], known, mark)

    def entry(self, row: Row, mark: Mark) -> None:
        found = self.inner.get(row.get("item", ""))
        name = _list_of(found[0], row.get("list", "")) if found else ""
        inner = element(named(found[0])[name].type) if found and name else None
        if found is None or inner is None:
            wrong = f"{row.get('item', '')} {row.get('list', '')}"[:60]
            return self.reader.tell(problem("unknown_list", "", name=wrong), mark)
        said = Said(mark, **_texts(row, mark, "label"), **_texts(row, mark, "feedback"))
        if row.get("code"):
            said["code"] = scalar(row["code"], mark)
        if row.get("correct"):
            said["correct"] = Spoken(row["correct"], mark)
        if row.get("answer"):
            answer = next((each for each in ANSWERS if each in named(inner)), "feedback")
            said[answer] = Spoken(row["answer"], mark)
        self.settings(row, mark, (inner, said))
        if not isinstance(found[1].get(name), list):
            found[1][name] = []
        found[1][name].append(said)
        return None


def _list_of(kind: Struct, written: str) -> str:
    """The list of an item that a word names, the usual one without any."""
    usual = listed(kind)
    return FIELDS.find(written, named(kind)) or "" if written else usual.encode_name if usual else ""


def _key(correct: bool, mark: Mark) -> dict[str, Any]:
    return {"correct": Spoken("true", mark)} if correct else {}


def _guessed(row: Row) -> str:
    """The type of a row that does not say it."""
    if any(row.get(each) for each in LETTERS):
        return "multiple" if len(letters_of(row.get("answer", ""))) > 1 else "single"
    if not row.get("answer"):
        return "essay"
    return "true_false" if VALUES.find(row["answer"], ("true", "false")) else "short_answer"


def _texts(row: Row, mark: Mark, name: str) -> dict[str, Any]:
    """A text out of two cells, verbatim."""
    wordings = {DEFAULT_LANGUAGE: row.get(name, ""), "en": row.get(f"{name}_en", "")}
    pairs = [(scalar(language, mark), scalar(each, mark)) for language, each in wordings.items() if each]
    return {name: mapping(pairs, mark)} if pairs else {}


__all__ = ["locate", "read", "write"]
