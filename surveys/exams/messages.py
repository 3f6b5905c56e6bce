"""Every message about items and exams: code to wording, for those who write them (docs/exam-items.md)."""

from __future__ import annotations

from typing import Any

from surveys.problem import Problem, Severity
from surveys.text import Text


def _(chinese: str, english: str) -> Text:
    return {"zh-CN": chinese, "en": english}


ITEM: dict[str, Text] = {
    "item_code": _(
        "题目编码“{code}”不合要求：以小写字母开头，只用小写字母、数字和下划线，最多 64 个字符。",
        "The item code “{code}” will not do: lower-case letters, digits and underscores, at most 64, a letter first.",
    ),
    "item_twice": _("编码“{code}”用了不止一次。", "The code “{code}” is used more than once."),
    "part_code": _(
        "编码“{code}”不合要求：以小写字母开头，只用小写字母、数字和下划线。",
        "The code “{code}” will not do: lower-case letters, digits and underscores, a letter first.",
    ),
    "part_twice": _("编码“{code}”在这道题里用了不止一次。", "The code “{code}” is used more than once in this item."),
    "no_text": _("这里缺少文字。", "A text is missing here."),
    "too_long": _("最多 {limit} 个字。", "At most {limit} characters."),
    "too_few_options": _("至少要有 {least} 个选项。", "At least {least} options are needed."),
    "same_label": _("有两个选项的文字相同：“{label}”。", "Two options have the same wording: “{label}”."),
    "no_key": _("没有标出正确答案。", "No right answer is marked."),
    "several_keys": _(
        "单选题只能有一个正确答案，目前标了 {count} 个；若确有多个，请改为多选题。",
        "A single-choice item has one right answer, {count} are marked. Make it multiple choice if that is meant.",
    ),
    "all_keys": _(
        "所有选项都标为正确，这道题分辨不出谁会谁不会。",
        "All options are marked right, so the item tells nobody apart.",
    ),
    "bad_share": _("得分比例应在 {low} 到 {high} 之间。", "The share must be between {low} and {high}."),
    "no_full_share": _("没有一个答案能得满分。", "No answer earns all the points."),
    "no_accepted": _("没有写可接受的答案。", "No accepted answer is given."),
    "empty_accepted": _("这个答案既没有文字也没有数字。", "This answer has neither a text nor a number."),
    "unmatched_accepted": _(
        "按“忽略”的设置，这个答案去掉标点和空格后什么也不剩，谁也答不对。",
        "With punctuation and spaces ignored nothing is left of this answer, so nobody can give it.",
    ),
    "no_number": _("数值题的答案应是数字。", "The answer of a numeric item is a number."),
    "bad_tolerance": _("误差不能小于 0。", "A tolerance cannot be less than 0."),
    "bad_weight": _("权重应大于 0。", "A weight must be more than 0."),
    "bad_factor": _("换算系数应大于 0。", "A factor must be more than 0."),
    "unit_code": _("“base”代表题目自己的单位，请换一个编码。", "“base” is the item's own unit; choose another code."),
    "no_gaps": _("没有空可填。", "There is no blank to fill in."),
    "gap_missing": _(
        "句子（{language}）里没有 [[{code}]] 这个空。", "The sentence ({language}) lacks the blank [[{code}]]."
    ),
    "gap_unknown": _(
        "句子（{language}）里的 [[{code}]] 没有对应的答案。",
        "The sentence ({language}) has a blank [[{code}]] that has no answer.",
    ),
    "gap_twice": _(
        "句子（{language}）里 [[{code}]] 出现了不止一次。", "The sentence ({language}) has [[{code}]] more than once."
    ),
    "no_pairs": _("至少要有两个待配对的项目。", "At least two premises are needed."),
    "pair_unknown": _("没有编码为“{code}”的选项。", "There is no option with the code “{code}”."),
    "no_rubric": _("没有评分标准，阅卷人只能凭感觉给分。", "There is no rubric, so markers have nothing to go by."),
    "too_few_levels": _("每条评分标准至少要有两档。", "Each criterion needs at least two levels."),
    "bad_level": _("档位的分数不能小于 0，最高档应大于 0。", "Levels earn 0 or more, the highest more than 0."),
    "no_questions": _("案例题里还没有小题。", "The case has no questions yet."),
}

EXAM: dict[str, Text] = {
    "exam_title": _("请填写考试名称。", "Please give the exam a title."),
    "no_items": _("试卷里还没有题目。", "The paper has no items yet."),
    "bad_count": _("抽题数量应在 1 到 {limit} 之间。", "The number of items must be between 1 and {limit}."),
    "bad_points": _("分值应大于 0，最多 {limit} 分。", "Points must be more than 0 and at most {limit}."),
    "fixed_unknown": _("题库里没有“{code}”这道题。", "The bank has no item “{code}”."),
    "fixed_state": _("“{code}”还没有审核通过，不能使用。", "“{code}” has not been reviewed, so it cannot be used."),
    "fixed_twice": _("“{code}”在试卷里出现了不止一次。", "“{code}” is on the paper more than once."),
    "pool_small": _(
        "符合条件的已审核题目不够：需要 {needed} 道，去掉已用于其他位置的题，只有 {found} 道。",
        "Too few reviewed items fit: {needed} are needed and only {found} are left beside those used elsewhere.",
    ),
    "pool_repeats": _(
        "每人可考 {attempts} 次，但题库不够每次都换新题，后面的试卷会出现做过的题。",
        "Everybody has {attempts} attempts, but the pool is too small for a fresh paper each time: items will repeat.",
    ),
    "item_wrong": _("题目“{code}”有问题：{reason}", "There is something wrong with item “{code}”: {reason}"),
    "text_missing": _(
        "题目“{code}”缺少 {language} 的文字，考生会看到另一种语言。",
        "Item “{code}” lacks words in {language}; candidates will see the other language.",
    ),
    "bad_penalty": _("扣分比例应在 0 到 1 之间。", "The penalty must be a share between 0 and 1."),
    "bad_unanswered": _("未作答的得分应为 0 或负数。", "A blank earns 0 or less."),
    "floor_high": _("保底分不能高于总分 {total} 分。", "The floor cannot be above the total of {total} points."),
    "bad_pass": _("合格线应在 {low} 到 {high} 之间。", "The pass mark must be between {low} and {high}."),
    "no_angoff": _(
        "合格线按专家评定（Angoff），目前还没有确定，请先完成评定并采用。",
        "The pass mark is to be set by judges (Angoff); complete the judgements and apply them first.",
    ),
    "bad_minutes": _("考试时长应在 1 到 {limit} 分钟之间。", "The duration must be between 1 and {limit} minutes."),
    "bad_attempts": _("考试次数应在 1 到 {limit} 之间。", "The number of attempts must be between 1 and {limit}."),
    "bad_grace": _("宽限应在 0 到 {limit} 秒之间。", "The grace must be between 0 and {limit} seconds."),
    "bad_late": _("迟到时限不能小于 0 分钟。", "The time for late entry cannot be negative."),
    "practice_open": _(
        "“{code}”要人工阅卷，练习时无法当场给出对错。",
        "“{code}” is marked by hand, so practising gives no immediate feedback on it.",
    ),
}

MESSAGES = ITEM | EXAM


def problem(code: str, place: str, /, *, severity: Severity = "error", **figures: Any) -> Problem:
    """The problem ``code``, its wording completed with ``figures``; a figure may itself be in both languages."""
    message = {
        language: wording.format(
            **{name: each[language] if isinstance(each, dict) else each for name, each in figures.items()}
        )
        for language, wording in MESSAGES[code].items()
    }
    return Problem(code=code, place=place, message=message, severity=severity)
