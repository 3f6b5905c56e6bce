"""The sheets of items, their columns and the words for both."""

from __future__ import annotations

from surveys.formats.words import Vocabulary

SHEETS = Vocabulary({
    "items": ("题目/题库/Sheet1", "items/questions"), "entries": ("选项/选项与空", "options/entries"),
})  # fmt: skip

LETTERS = "abcdefgh"
"""Columns A to H may hold the options of items instead of the second sheet."""

COLUMNS: dict[str, tuple[str, ...]] = {
    "items": (
        "row", "code", "type", "text", "text_en", "answer", "explanation", "explanation_en", "category", "topic",
        "difficulty", "bloom", "tags", "state", "author", "settings",
    ),
    "entries": (
        "item", "list", "code", "label", "label_en", "correct", "answer", "feedback", "feedback_en", "settings",
    ),
}  # fmt: skip

HEADINGS = Vocabulary({
    "row": ("行类型", "row/kind"), "code": ("编码/题号/编号", "code/id"), "type": ("题型/类型", "type"),
    "text": ("题干/题目/题干（中文）", "text (zh)/text/stem/question"),
    "text_en": ("题干（英文）/英文题干", "text (en)"),
    "answer": ("答案/正确答案", "answer/key"),
    "explanation": ("解析/答案解析", "explanation (zh)/explanation"),
    "explanation_en": ("解析（英文）", "explanation (en)"),
    "category": ("分类/类别/知识点", "category"), "topic": ("培训主题/主题", "topic"),
    "difficulty": ("难度", "difficulty"), "bloom": ("认知层次/层次", "bloom"),
    "tags": ("标签", "tags"), "state": ("状态", "state"),
    "author": ("作者/出题人", "author"), "settings": ("其他设置/设置", "settings"),
    "item": ("所属题目/题目编码", "item"), "list": ("列表", "list"),
    "label": ("文字/选项文字", "label (zh)/label"), "label_en": ("文字（英文）", "label (en)"),
    "correct": ("正确/是否正确", "correct"), "feedback": ("反馈", "feedback (zh)/feedback"),
    "feedback_en": ("反馈（英文）", "feedback (en)"),
} | {each: (f"选项{each.upper()}/{each.upper()}", f"option {each}/{each}") for each in LETTERS})  # fmt: skip

ROWS = Vocabulary({"item": ("题目", "item"), "question": ("小题", "question")})
