"""The words of items in text and workbook, beside those of questionnaires."""

from __future__ import annotations

from surveys.formats import words
from surveys.formats.words import Vocabulary

FIELDS = Vocabulary(words.FIELDS.words | {
    "category": ("分类/类别", "category"), "topic": ("培训主题/主题", "topic"), "tags": ("标签", "tags"),
    "difficulty": ("难度", "difficulty"), "bloom": ("认知层次/层次", "bloom"), "state": ("状态", "state"),
    "author": ("作者/出题人", "author"), "item": ("题", "item"),
    "text": ("题干/题目/正文", "text/stem/question"), "explanation": ("解析/答案解析", "explanation"),
    "options": ("选项", "options"), "label": ("文字/名称", "label"),
    "correct": ("正确/答案/正确答案", "correct/answer/key"), "share": ("得分/得分比例", "share"),
    "feedback": ("反馈", "feedback"), "feedback_true": ("选正确的反馈", "feedback true"),
    "feedback_false": ("选错误的反馈", "feedback false"),
    "fixed": ("固定/固定位置", "fixed"), "shuffle": ("选项乱序/乱序", "shuffle"),
    "gaps": ("空/空格", "blanks/gaps"), "accepted": ("答案/可接受答案/正确答案", "answer/accepted/answers"),
    "tolerance": ("误差", "tolerance"), "number": ("数字", "number"), "match": ("忽略", "ignore/match"),
    "width": ("全半角", "width"), "case": ("大小写", "case"), "punctuation": ("标点", "punctuation"),
    "spaces": ("空格", "spaces"), "script": ("繁简", "script"),
    "unit": ("单位", "unit"), "units": ("换算单位", "other unit/units"), "factor": ("换算系数", "factor"),
    "pairs": ("配对项", "pairs/premises"), "option": ("对应选项", "option"),
    "rubric": ("评分标准", "rubric"), "levels": ("档位", "levels"), "points": ("分数", "points"),
    "maximum_length": ("字数上限", "maximum length/max length"), "questions": ("小题", "questions"),
    "weight": ("权重", "weight"), "items": ("题目", "items"),
})  # fmt: skip

TYPES = Vocabulary({
    "single": ("单选/单选题", "single choice/single"), "multiple": ("多选/多选题/不定项", "multiple choice/multiple"),
    "true_false": ("判断/判断题/对错", "true false/true or false"), "blanks": ("填空/填空题", "blanks/fill in"),
    "cloze": ("句中填空/完形填空", "cloze"), "numeric": ("数值/数值题/计算题", "numeric"),
    "matching": ("配对/配对题/连线", "matching"), "ordering": ("排序/排序题", "ordering"),
    "short_answer": ("短答/短答题", "short answer"), "essay": ("问答/问答题/简答/简答题/论述题", "essay"),
    "file": ("上传文件/文件题", "file"), "case": ("案例/案例题/案例分析", "case"),
})  # fmt: skip

VALUES = Vocabulary({
    "true": ("对/是/正确/√/✓", "true/yes/right"), "false": ("错/否/不/错误/×/✗", "false/no/wrong"),
    "easy": ("易/容易/简单", "easy"), "medium": ("中/中等/适中", "medium"), "hard": ("难/困难/较难", "hard"),
    "remember": ("记忆/识记", "remember"), "understand": ("理解", "understand"), "apply": ("应用/运用", "apply"),
    "analyse": ("分析", "analyse/analyze"), "evaluate": ("评价", "evaluate"), "create": ("创造", "create"),
    "draft": ("草稿", "draft"), "reviewed": ("已审核/审核通过", "reviewed"), "retired": ("已停用/停用", "retired"),
})  # fmt: skip

NOTHING = ("无", "nothing")
"""What is written where nothing is ignored."""
