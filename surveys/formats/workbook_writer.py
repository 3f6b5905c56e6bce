"""Questionnaire -> workbook; the other half of ``surveys.formats.workbook``.

What a column has room for goes there; the rest stands in the column of settings, as in the brackets of the text form.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import msgspec

from surveys.definition import Group, Page, Questionnaire, Scale
from surveys.formats.inline import is_code
from surveys.formats.shapes import Struct, element, named
from surveys.formats.sheets import COLUMNS, HEADINGS, ROWS, SHEETS, Sheets, spread
from surveys.formats.text_writer import Writer
from surveys.formats.words import TYPES, VALUES
from surveys.questions import QUESTION_TYPES, Choice, RatingScale
from surveys.text import DEFAULT_LANGUAGE, Text

Data = dict[str, Any]


def write(questionnaire: Questionnaire, language: str = DEFAULT_LANGUAGE) -> Sheets:
    """The four sheets, headed in ``language``; ``read`` turns them into an equal questionnaire."""
    writer = _Writer(language)
    writer.questionnaire(questionnaire)
    sheets: Sheets = {}
    for name, rows in writer.rows.items():
        header = [HEADINGS.word(column, language) for column in COLUMNS[name]]
        cells = [row for each in rows for row in spread([each.get(column, "") for column in COLUMNS[name]])]
        sheets[SHEETS.word(name, language)] = [header, *cells]
    return sheets


class _Writer(Writer):
    def __init__(self, language: str) -> None:
        super().__init__(language)
        self.rows: dict[str, list[dict[str, str]]] = {name: [] for name in COLUMNS}
        self.unique: Counter[tuple[str, str]] = Counter()

    def questionnaire(self, questionnaire: Questionnaire) -> None:  # type: ignore[override]
        data = msgspec.to_builtins(questionnaire)
        pages = data.pop("pages")
        self.unique.update(("page", page["code"]) for page in pages)
        self.unique.update(("group", group["code"]) for page in pages for group in page.get("groups", ()))
        self.unique.update(("question", question["code"]) for page in pages for question in page["questions"])
        row = {"code": data.pop("name"), "type": VALUES.word(data.pop("kind"), self.language)}
        row |= self.texts(data, "text", "title") | self.texts(data, "hint", "introduction")
        self.scoring(data)
        self.listed("steps", data, Questionnaire)
        self.conditions(data, "questionnaire", "", Questionnaire)
        self.add("survey", "questionnaire", row, data, Questionnaire)
        for page in pages:
            self.page(page)

    def page(self, page: Data) -> None:  # type: ignore[override]
        questions, groups = page.pop("questions"), page.pop("groups", ())
        row = {"code": page.pop("code")} | self.texts(page, "text", "title") | self.texts(page, "hint", "text")
        self.conditions(page, "page", row["code"], Page)
        self.add("survey", "page", row, page, Page)
        for group in groups:
            row = {"code": group.pop("code")} | self.texts(group, "text", "title") | self.texts(group, "hint", "text")
            self.conditions(group, "group", row["code"], Group)
            self.add("survey", "group", row, group, Group)
        for question in questions:
            self.question(question)

    def question(self, question: Data) -> None:  # type: ignore[override]
        tag = question.pop("type")
        kind = QUESTION_TYPES[tag]
        row = {"code": question.pop("code"), "type": TYPES.word(tag, self.language), "group": question.pop("group", "")}
        row |= self.texts(question, "text", "text") | self.texts(question, "hint", "hint")
        if question.pop("required", False):
            row["required"] = VALUES.word("true", self.language)
        self.conditions(question, "question", row["code"], kind)
        if self.unique["question", row["code"]] == 1 and is_code(row["code"]):
            for name in [name for name in question if is_listable(kind, name)]:
                self.listed(f"{row['code']}.{name}", question, kind, name)
        self.add("survey", "question", row, question, kind)

    def add(self, sheet: str, row: str, cells: dict[str, str], rest: Data, kind: Struct) -> None:
        first = {"list": row} if sheet == "choices" else {"row": ROWS.word(row, self.language)}
        settings = self.enclosed(rest, kind)[1:-1] if rest else ""
        self.rows[sheet].append({**first, **cells, "settings": settings})

    def texts(self, data: Data, column: str, name: str) -> dict[str, str]:
        """The two cells of a text, taken out of ``data``; none where it has other languages or an empty wording."""
        text: Text = data.get(name, {})
        if not text or not set(text) <= {DEFAULT_LANGUAGE, "en"} or not all(text.values()):
            return {}
        del data[name]
        return {column: text.get(DEFAULT_LANGUAGE, ""), f"{column}_en": text.get("en", "")}

    def listed(self, place: str, data: Data, kind: Struct, name: str = "steps") -> None:
        entries = data.get(name)
        if not entries:
            return
        inner = element(named(kind)[name].type)
        for each in entries:
            rest = dict(each)
            row = {"code": rest.pop("code")} | self.texts(rest, "label", "label")
            self.add("choices", place, row, rest, inner)
        del data[name]

    def conditions(self, data: Data, row: str, code: str, kind: Struct) -> None:
        """Conditions, rules, jumps and quotas into the sheet of logic."""
        if row != "questionnaire" and self.unique[row, code] != 1:
            return
        for name in ("visible_if", "required_if"):
            if data.get(name):
                self.logic(row, code, name, {"condition": data.pop(name)}, {}, kind)
        for name, condition, result in (("rules", "holds", ""), ("jumps", "when", "to"), ("quotas", "when", "limit")):
            entries = data.get(name) or []
            if not entries or name not in named(kind):
                continue
            inner = element(named(kind)[name].type)
            for each in data.pop(name):
                cells = {"condition": each.pop(condition), **self.texts(each, "message", "message")}
                if result:
                    cells["result"] = str(each.pop(result))
                self.logic(row, code, name, cells, each, inner)

    def logic(self, row: str, code: str, name: str, cells: dict[str, str], rest: Data, kind: Struct) -> None:
        self.add("logic", row, {"code": code, "rule": ROWS.word(name, self.language), **cells}, rest, kind)

    def scoring(self, data: Data) -> None:
        """Rating scales, a row per label, and scales."""
        scales = data.get("rating_scales", {})
        if all(is_code(code) and scale["labels"] for code, scale in scales.items()):
            for code, scale in data.pop("rating_scales", {}).items():
                self.rating_scale(code, scale)
        for each in data.pop("scales", ()):
            row = {"code": each.pop("code")} | self.texts(each, "label", "label")
            for name in ("items", "reversed"):
                if each.get(name) and all(is_code(item.replace(".", "_")) for item in each[name]):
                    row[name] = ", ".join(each.pop(name))
            self.add("scoring", "scale", row, each, Scale)

    def rating_scale(self, code: str, scale: Data) -> None:
        """A row for each label; the first has the scale's settings, too."""
        settings = {name: value for name, value in scale.items() if name != "labels"}
        for label in scale["labels"]:
            rest = {"label": label}
            cells = {"code": code, **self.texts(rest, "label", "label")}
            unfit = {"labels": list(rest.values())} if rest else {}
            self.add("scoring", "rating_scale", cells, {**unfit, **settings}, RatingScale)
            settings = {}


def is_listable(kind: Struct, name: str) -> bool:
    """Whether a question's list has rows of its own in the sheet of choices: its entries have a code and a label."""
    inner = element(named(kind)[name].type)
    return inner is not None and {"code", "label"} <= set(getattr(inner, "__struct_fields__", ()))


__all__ = ["Choice", "write"]
