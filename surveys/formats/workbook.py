"""Workbook <-> Questionnaire: sheets of rows of cells, as a spreadsheet program shows them (docs/text-form.md).

Pure: ``service.questionnaire_files`` makes a file of the sheets and reads one in a process with limits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from surveys.definition import Group, Page, Questionnaire, Scale
from surveys.formats import inline
from surveys.formats.nodes import Mark, mapping, scalar, sequence
from surveys.formats.shapes import Struct, element, listed, named
from surveys.formats.sheets import COLUMNS, HEADINGS, ROWS, SHEETS, Sheets, gathered
from surveys.formats.spoken import Spoken, SpokenReader
from surveys.formats.words import TARGETS, TYPES, VALUES
from surveys.formats.workbook_writer import write
from surveys.problem import Problem, problem
from surveys.questions import QUESTION_TYPES, RatingScale
from surveys.text import DEFAULT_LANGUAGE

Row = dict[str, str]
Said = dict[str, Any]


def read(sheets: Mapping[str, Sequence[Sequence[str]]]) -> tuple[Questionnaire | None, list[Problem]]:
    """The questionnaire, or None and everything that is wrong, with its sheet and row. Never raises."""
    found, problems, _ = _read(sheets)
    return found, problems


def locate(sheets: Mapping[str, Sequence[Sequence[str]]], problems: list[Problem]) -> list[Problem]:
    """The same problems with the row of their place in sheets that ``read`` could read."""
    reader = _read(sheets)[2]
    return [reader.located(each) for each in problems]


def _read(sheets: Mapping[str, Sequence[Sequence[str]]]) -> tuple[Questionnaire | None, list[Problem], SpokenReader]:
    reader = SpokenReader()
    rows = {sheet: _rows(name, each) for name, each in sheets.items() if (sheet := SHEETS.find(name, COLUMNS))}
    if not rows.get("survey"):
        return None, [problem("no_survey_sheet", "")], reader
    tree = _Tree(reader)
    for row, mark in rows["survey"]:
        tree.survey(row, mark)
    for row, mark in rows.get("choices", ()):
        tree.choice(row, mark)
    for row, mark in rows.get("scoring", ()):
        tree.scoring(row, mark)
    for row, mark in rows.get("logic", ()):
        tree.logic(row, mark)
    found, problems = reader.questionnaire(tree.root())
    return found, problems, reader


def _rows(sheet: str, cells: Sequence[Sequence[str]]) -> list[tuple[Row, Mark]]:
    """Rows by column, below a header in either language."""
    header = [HEADINGS.find(each, COLUMNS[_known(sheet)]) for each in cells[0]] if cells else []
    width = len(header)
    numbered = [(number, [*row, *[""] * width][:width]) for number, row in enumerate(cells[1:], start=1)]
    return [
        ({column: text for column, text in zip(header, row, strict=True) if column}, Mark(number, sheet))
        for number, row in gathered(numbered)
    ]


def _known(sheet: str) -> str:
    return SHEETS.find(sheet, COLUMNS) or "survey"


class _Tree:
    """Rows -> the node tree of a questionnaire."""

    def __init__(self, reader: SpokenReader) -> None:
        self.reader = reader
        self.said: Said = {}
        self.pages: list[tuple[Said, Mark]] = []
        self.owners: dict[tuple[str, str], tuple[Struct, Said]] = {("questionnaire", ""): (Questionnaire, self.said)}
        self.questions = 0

    def root(self) -> Any:
        for page, _ in self.pages:
            page["questions"] = sequence([_node(*each) for each in page["questions"]], Mark(0))
            if page["groups"]:
                page["groups"] = sequence([_node(*each) for each in page["groups"]], Mark(0))
            else:
                del page["groups"]
        self.said["pages"] = sequence([_node(*each) for each in self.pages], Mark(0))
        self.said.setdefault("kind", scalar("diagnosis", Mark(0)))
        return _node(self.said, Mark(0, "survey"))

    def survey(self, row: Row, mark: Mark) -> None:
        kind = ROWS.find(row.get("row", ""), ("questionnaire", "page", "group", "question"))
        if kind is None and row.get("row"):
            return self.reader.unknown(
                "unknown_word", ROWS, row["row"], ("questionnaire", "page", "group", "question"), mark
            )
        if kind == "questionnaire":
            self.said.update(_texts(row, mark, text="title", hint="introduction"))
            self.said.update({"name": scalar(row["code"], mark)} if row.get("code") else {})
            self.said.update({"kind": Spoken(row["type"], mark)} if row.get("type") else {})
            return self.settings(row, Questionnaire, self.said, mark)
        if kind == "page" or not self.pages:
            page: Said = {"code": scalar(f"p{len(self.pages) + 1}", mark), "questions": [], "groups": []}
            self.pages.append((page, mark))
            if kind == "page":
                return self.place(row, "page", Page, page, mark)
        if kind == "group":
            group: Said = {}
            self.pages[-1][0]["groups"].append((group, mark))
            return self.place(row, "group", Group, group, mark)
        return self.question(row, mark)

    def place(self, row: Row, kind: str, struct: Struct, said: Said, mark: Mark) -> None:
        said.update(_texts(row, mark, text="title", hint="text"))
        said.update({"code": scalar(row["code"], mark)} if row.get("code") else {})
        self.owners[kind, row.get("code", "")] = (struct, said)
        self.settings(row, struct, said, mark)

    def question(self, row: Row, mark: Mark) -> None:
        self.questions += 1
        tag = TYPES.find(row.get("type", ""), QUESTION_TYPES)
        if tag is None:
            return self.reader.unknown("unknown_type_word", TYPES, row.get("type", ""), QUESTION_TYPES, mark)
        kind, code = QUESTION_TYPES[tag], row.get("code") or f"q{self.questions}"
        said: Said = {
            "type": scalar(tag, mark),
            "code": scalar(code, mark),
            **_texts(row, mark, text="text", hint="hint"),
        }
        said.update({"group": scalar(row["group"], mark)} if row.get("group") else {})
        said.update({"required": Spoken(row["required"], mark)} if row.get("required") else {})
        self.owners["question", code] = (kind, said)
        self.pages[-1][0]["questions"].append((said, mark))
        self.settings(row, kind, said, mark)

    def settings(self, row: Row, kind: Struct, said: Said, mark: Mark) -> None:
        entries = inline.split(row.get("settings", ""), inline.COMMAS + ";；")
        said.update(self.reader.settings(entries, kind, mark))

    def choice(self, row: Row, mark: Mark) -> None:
        code, _, name = row.get("list", "").partition(".")
        found = (Questionnaire, self.said) if row.get("list") == "steps" else self.owners.get(("question", code))
        field = named(found[0]).get(name or "steps") if found else None
        if found and not field and not name:
            field = listed(found[0])
        inner = element(field.type) if field else None
        if found is None or field is None or inner is None:
            return self.wrong("unknown_list", mark, name=row.get("list", "")[:60])
        said = _texts(row, mark, label="label")
        said.update({"code": scalar(row["code"], mark)} if row.get("code") else {})
        self.settings(row, inner, said, mark)
        _append(found[1], field.encode_name, _node(said, mark), mark)

    def scoring(self, row: Row, mark: Mark) -> None:
        kind = ROWS.find(row.get("row", ""), ("rating_scale", "scale"))
        said = _texts(row, mark, label="label")
        code = {"code": scalar(row["code"], mark)} if row.get("code") else {}
        if kind == "scale":
            lists = {name: Spoken(row[name], mark) for name in ("items", "reversed") if row.get(name)}
            scale: Said = {**code, **said, **lists}
            self.settings(row, Scale, scale, mark)
            _append(self.said, "scales", _node({"items": sequence([], mark), **scale}, mark), mark)
        elif kind == "rating_scale":
            self.label(row, said, mark)
        else:
            self.reader.unknown("unknown_word", ROWS, row.get("row", ""), ("rating_scale", "scale"), mark)

    def label(self, row: Row, said: Said, mark: Mark) -> None:
        """One label of a rating scale; the first row may have its settings."""
        if not isinstance(self.said.get("rating_scales"), yaml.MappingNode):
            self.said["rating_scales"] = mapping([], mark)
        scales = self.said["rating_scales"]
        scale = next((value for key, value in scales.value if key.value == row.get("code")), None)
        if scale is None:
            scale = mapping([(scalar("labels", mark), sequence([], mark))], mark)
            scales.value.append((scalar(row.get("code", ""), mark), scale))
        settings: Said = {}
        self.settings(row, RatingScale, settings, mark)
        own = settings.pop("labels", None)
        labels = scale.value[0][1]
        opened = self.reader.expanded(own, named(RatingScale)["labels"].type, "") if own else None
        labels.value += opened.value if opened is not None else [said["label"]] if "label" in said else []
        scale.value += [(scalar(key, mark), value) for key, value in settings.items()]

    def logic(self, row: Row, mark: Mark) -> None:
        rules = ("visible_if", "required_if", "rules", "jumps", "quotas")
        kind, name = (
            ROWS.find(row.get("row", ""), ("questionnaire", "page", "group", "question")),
            ROWS.find(row.get("rule", ""), rules),
        )
        found = self.owners.get((kind or "question", row.get("code", "")))
        field = named(found[0]).get(name or "") if found else None
        if found is None or field is None:
            return self.wrong("unknown_list", mark, name=f"{row.get('code', '')} {row.get('rule', '')}"[:60])
        condition = scalar(row.get("condition", ""), mark)
        inner = element(field.type)
        if inner is None:
            found[1][field.encode_name] = condition
            return None
        said: Said = {"holds" if name == "rules" else "when": condition, **_texts(row, mark, message="message")}
        result = row.get("result", "")
        if name == "jumps":
            said["to"] = scalar(VALUES.find(result, TARGETS) or result, mark)
        elif result:
            said["limit"] = Spoken(result, mark)
        self.settings(row, inner, said, mark)
        return _append(found[1], field.encode_name, _node(said, mark), mark)

    def wrong(self, code: str, mark: Mark, **figures: str) -> None:
        self.reader.tell(problem(code, "", **figures), mark)  # type: ignore[arg-type]


def _texts(row: Row, mark: Mark, **columns: str) -> Said:
    """Texts out of two cells each, verbatim. ``columns``: column to field."""
    said: Said = {}
    for column, name in columns.items():
        wordings = {DEFAULT_LANGUAGE: row.get(column, ""), "en": row.get(f"{column}_en", "")}
        pairs = [(scalar(language, mark), scalar(each, mark)) for language, each in wordings.items() if each]
        said.update({name: mapping(pairs, mark)} if pairs else {})
    return said


def _append(said: Said, name: str, node: Any, mark: Mark) -> None:
    if name not in said or isinstance(said[name], Spoken):
        said[name] = sequence([], mark)
    said[name].value = [*said[name].value, node]


def _node(said: Said, mark: Mark) -> Any:
    return mapping([(scalar(key, mark), value) for key, value in said.items()], mark)


__all__ = ["COLUMNS", "Sheets", "locate", "read", "write"]
