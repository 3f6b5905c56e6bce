"""Every message of the questionnaire core: code to wording. docs/questionnaire-format.md lists them all.

Messages for participants (ANSWERS) speak to the person answering and say what to do next; those for authors (FORMAT,
DEFINITION, EXPRESSION) name the thing that is wrong and what would be right.
"""

from __future__ import annotations

from surveys.text import Text


def _(chinese: str, english: str) -> Text:
    return {"zh-CN": chinese, "en": english}


ANSWERS: dict[str, Text] = {
    "required": _("这道题需要回答。", "This question needs an answer."),
    "unknown_choice": _(
        "“{value}”不在选项之中，请重新选择。", "“{value}” is not one of the options. Please choose again."
    ),
    "one_only": _("这道题只能选一项。", "Please choose one option only."),
    "exclusive": _("“{choice}”不能与其他选项同时选择。", "“{choice}” cannot be combined with other options."),
    "too_few": _(
        "请至少选择 {minimum} 项，目前选了 {count} 项。", "Please choose at least {minimum}; you have chosen {count}."
    ),
    "too_many": _(
        "最多选择 {maximum} 项，目前选了 {count} 项。", "Please choose at most {maximum}; you have chosen {count}."
    ),
    "other_text": _("请写明“{choice}”具体是什么。", "Please say what “{choice}” is."),
    "not_integer": _("请填写整数。", "Please enter a whole number."),
    "not_number": _("请填写数字，例如 12 或 1.5。", "Please enter a number, such as 12 or 1.5."),
    "too_precise": _("小数最多 {decimals} 位。", "Please use at most {decimals} decimal places."),
    "too_low": _("不能小于 {low}。", "This cannot be less than {low}."),
    "too_high": _("不能大于 {high}。", "This cannot be more than {high}."),
    "out_of_scale": _("请在 {low} 到 {high} 之间选择。", "Please choose between {low} and {high}."),
    "unknown_unit": _("请选择时间单位。", "Please choose a unit of time."),
    "too_long": _(
        "最多 {maximum} 个字，目前 {count} 个字。", "Please use at most {maximum} characters; there are {count} now."
    ),
    "rank_taken": _("名次 {rank} 用了不止一次，请重新排序。", "Rank {rank} is used more than once. Please rank again."),
    "rank_range": _("名次请填 1 到 {maximum}。", "Please give a rank from 1 to {maximum}."),
    "rank_all": _("请排出前 {count} 位。", "Please rank the first {count}."),
    "consent_due": _("请先勾选同意，才能继续。", "Please tick the box to agree before you go on."),
    "required_blank": _("请填写这一空。", "Please fill in this blank."),
    "not_email": _(
        "邮箱格式不对，应类似 name@example.com。", "This is not an e-mail address, such as name@example.com."
    ),
    "not_mobile": _(
        "手机号不对。国内号码为 11 位；国外号码请以 + 和国家代码开头，例如 +49 151 23456789。",
        "This is not a mobile number. Numbers outside of mainland China begin with + and the country code, "
        "such as +49 151 23456789.",
    ),
    "not_mainland_mobile": _(
        "请填写 11 位的国内手机号。", "Please enter a mobile number of mainland China, with 11 digits."
    ),
    "not_id_card": _(
        "身份证号不对，请核对是否有抄错的数字。",
        "This is not a valid ID card number. Please check it for a mistyped digit.",
    ),
    "not_url": _(
        "网址格式不对，应类似 https://example.com。", "This is not a web address, such as https://example.com."
    ),
    "not_pattern": _("填写的内容不符合要求的格式。", "This is not in the form that is asked for."),
    "taken": _("已有人填过相同的内容，请核对。", "Somebody has given the same answer already. Please check yours."),
    "not_date": _("请填写日期，例如 2026-03-31。", "Please enter a date, such as 2026-03-31."),
    "no_such_date": _("没有这一天，请核对。", "There is no such day. Please check it."),
    "not_time": _("请填写时间，例如 09:30。", "Please enter a time, such as 09:30."),
    "too_early": _("不能早于 {low}。", "This cannot be before {low}."),
    "too_late": _("不能晚于 {high}。", "This cannot be after {high}."),
    "date_from": _("请填写开始日期。", "Please enter the first day."),
    "date_to": _("请填写结束日期。", "Please enter the last day."),
    "ends_before": _("结束日期不能早于开始日期（{start}）。", "The last day cannot be before the first ({start})."),
    "span_too_long": _(
        "最长 {longest} 天，目前是 {days} 天。", "At most {longest} days, please; there are {days} now."
    ),
    "file_empty": _("这个文件是空的，请另选一个。", "This file is empty. Please choose another."),
    "file_too_big": _(
        "文件太大，没有上传：最大 {limit} MB。", "The file is too big and was not uploaded: at most {limit} MB."
    ),
    "file_kind": _(
        "无法识别这个文件的格式，没有上传。请换一种格式再试。",
        "This file is of no format known here and was not uploaded. Please try another format.",
    ),
    "file_not_allowed": _(
        "这道题不收这种格式的文件，没有上传。", "This question does not take files of this format; it was not uploaded."
    ),
    "file_old_office": _(
        "这是旧版或加密的 Office 文件。请另存为 docx、xlsx、pptx 或 PDF 后再上传。",
        "This is an old or protected Office file. Save it as docx, xlsx, pptx or PDF and upload it again.",
    ),
    "file_macros": _(
        "文件里带有宏，没有上传。请另存为不含宏的格式。",
        "The file contains macros and was not uploaded. Save it in a format without macros.",
    ),
    "file_broken": _("文件已损坏，打不开，没有上传。", "The file is damaged and was not uploaded."),
    "file_bomb": _("文件展开后大得异常，没有上传。", "The file unpacks to an abnormal size and was not uploaded."),
    "file_quota": _(
        "这份答卷的文件加起来最多 {limit} MB，这个文件没有上传。",
        "The files of one response may be {limit} MB together; this one was not uploaded.",
    ),
    "file_full": _(
        "服务器暂时存不下文件了，其他回答已经保存。请稍后再试。",
        "The server has no room for files at the moment; your other answers are saved. Please try again later.",
    ),
    "file_away": _(
        "之前上传的文件已经不在了，请重新上传。", "The file uploaded before is gone. Please upload it again."
    ),
    "unsigned": _("请签名：输入姓名，或者手写。", "Please sign: type your name, or draw it."),
    "not_drawn": _(
        "手写签名没有收到，请重新签或输入姓名。", "The drawn signature did not arrive. Draw it again or type your name."
    ),
    "place_due": _("请写明地点，或者允许获取位置。", "Please say where, or let the browser tell the place."),
    "wrong_total": _("各项合计应为 {total}，目前是 {sum}。", "This should add up to {total}; it is {sum} now."),
    "best_is_worst": _("同一项不能既选两头，请换一项。", "One option cannot be both. Please choose another one."),
    "how_much_more": _("请选择重要多少。", "Please say how much more important it is."),
    "not_offered": _("这道题不能填“不适用”（NA）。", "“Not applicable” (NA) is not offered here."),
    "unknown_column": _("问卷中没有“{column}”这一列。", "The questionnaire has no column “{column}”."),
    "column_twice": _("“{column}”这一列出现了不止一次。", "The column “{column}” is there more than once."),
}

FORMAT: dict[str, Text] = {
    "not_text": _("文件不是 UTF-8 编码的文本。", "The file is not UTF-8 text."),
    "too_big": _("文件过大：最多 {limit} KB。", "The file is too big: at most {limit} KB."),
    "too_complex": _("文件层级过深或内容过多。", "The file is nested too deeply or holds too much."),
    "not_yaml": _("YAML 语法有误：{detail}", "This is not valid YAML: {detail}"),
    "tag": _("不允许使用 YAML 标签“{tag}”。", "The YAML tag “{tag}” is not allowed."),
    "duplicate_key": _("“{key}”写了两次。", "“{key}” is given twice."),
    "unknown_key": _("不认识“{key}”。可用的有：{known}。", "Unknown key “{key}”. Known here: {known}."),
    "unknown_type": _(
        "没有“{type}”这种题型。可用的有：{known}。", "There is no question type “{type}”. Known: {known}."
    ),
    "missing_key": _("缺少“{key}”。", "“{key}” is missing."),
    "wrong_value": _("此处应为{expected}。", "Expected {expected_en} here."),
    "unknown_word": _("不认识“{word}”。想写的可能是：{known}。", "“{word}” is not known here. Perhaps: {known_en}."),
    "unknown_type_word": _(
        "没有“{word}”这种题型。想写的可能是：{known}。",
        "There is no question type “{word}”. Perhaps: {known_en}.",
    ),
    "stray_line": _(
        "这一行不知道属于哪里：“{text}”。题目以“1. ”开头，选项以“- ”开头，设置写成“键: 值”。",
        "It is not clear where this line belongs: “{text}”. Questions begin with “1. ”, options with “- ”, and "
        "settings are “key: value”.",
    ),
    "uneven_list": _(
        "两种语言的项数不同：中文 {count} 项，英文 {count_en} 项。",
        "The two languages have different numbers of entries: {count} Chinese, {count_en} English.",
    ),
    "only_questions": _("这里只能粘贴题目，不能写“{key}”。", "Only questions can be pasted here, not “{key}”."),
    "no_survey_sheet": _("没有找到名为“问卷”的工作表，或其中没有内容。", "There is no sheet “survey”, or it is empty."),
    "unknown_list": _("“{name}”不是问卷里的题目或列表。", "“{name}” is no question or list of this questionnaire."),
    "no_questions": _(
        "没有找到题目。题目以“1. ”开头，写成“1. 您的角色？ [单选]”这样。",
        "No question was found. Questions begin with “1. ”: write “1. What is your role? [single choice]”, say.",
    ),
    "not_a_language": _(
        "“{key}”不是语言（可用的有：{known}）。文字里有逗号时，请用引号把整句括起来。",
        "“{key}” is not a language ({known} are). Put a wording that has a comma in quotation marks.",
    ),
    "not_allowed": _("“{value}”不可用。可用的有：{known}。", "“{value}” is not allowed. Known: {known}."),
}

EXPRESSION: dict[str, Text] = {
    "expression_too_long": _(
        "条件过长：最多 {limit} 个字符。", "The condition is too long: at most {limit} characters."
    ),
    "expression_too_deep": _("条件嵌套过深。", "The condition is nested too deeply."),
    "expression_character": _(
        "条件中有不认识的符号“{found}”（第 {position} 个字符）。",
        "The condition has an unknown symbol “{found}” (character {position}).",
    ),
    "expression_unfinished": _("条件没有写完。", "The condition is not finished."),
    "expression_no_condition": _(
        "这不是条件：需要有比较，例如 q == 3。", "This is no condition: it lacks a comparison, such as q == 3."
    ),
    "unknown_function": _(
        "没有“{name}”这个函数。可用的有：{known}。", "There is no function “{name}”. Known: {known}."
    ),
    "wrong_arguments": _(
        "函数“{name}”的参数个数不对（{count} 个），用法：{usage}。",
        "“{name}” does not take {count} arguments. Use it so: {usage}.",
    ),
    "expression_syntax": _(
        "条件第 {position} 个字符处的“{found}”有误，此处应为{expected}。",
        "“{found}” at character {position} of the condition is wrong: expected {expected_en}.",
    ),
}

EDITING: dict[str, Text] = {
    "edit_gone": _(
        "这一处已被删除，可能是同事刚刚改动的。", "This is not there any more; a colleague may have removed it."
    ),
    "edit_wrong_value": _("这里填不了这样的内容。", "This cannot be entered here."),
    "edit_not_integer": _("请填写整数。", "Please enter a whole number."),
    "edit_not_number": _("请填写数字。", "Please enter a number."),
    "edit_not_readable": _(
        "这段内容读不懂，请按原来的格式修改。", "This cannot be read. Please keep to the form it had."
    ),
}

DEFINITION: dict[str, Text] = {
    "bad_name": _(
        "名称“{name}”不合规：以小写字母开头，只含小写字母、数字和连字符，最多 63 个字符。",
        "The name “{name}” will not do: start with a lower-case letter; only lower-case letters, digits and hyphens; "
        "at most 63 characters.",
    ),
    "bad_code": _(
        "编码“{name}”不合规：以小写字母开头，只含小写字母、数字和下划线，最多 {limit} 个字符。",
        "The code “{name}” will not do: start with a lower-case letter; only lower-case letters, digits, underscores; "
        "at most {limit}.",
    ),
    "reserved_code": _("编码“{name}”是保留字，请换一个。", "The code “{name}” is reserved. Please choose another."),
    "duplicate_code": _("编码“{name}”用了不止一次。", "The code “{name}” is used more than once."),
    "unknown_language": _("不支持语言“{language}”。", "The language “{language}” is not supported."),
    "missing_text": _("缺少文字。", "The wording is missing."),
    "missing_language": _("缺少{language}的文字。", "There is no wording in {language}."),
    "too_many_pages": _("页数过多：{count} 页，最多 {limit} 页。", "Too many pages: {count}, at most {limit}."),
    "too_many_questions": _("题目过多：{count} 题，最多 {limit} 题。", "Too many questions: {count}, at most {limit}."),
    "too_many_parts": _(
        "选项或行过多：{count} 个，最多 {limit} 个。", "Too many options or rows: {count}, at most {limit}."
    ),
    "no_pages": _("问卷没有任何页面。", "The questionnaire has no pages."),
    "empty_page": _("页面“{name}”没有题目。", "The page “{name}” has no questions."),
    "unreachable_page": _("页面“{name}”永远不会显示。", "The page “{name}” can never be shown."),
    "too_few_choices": _("至少需要 {minimum} 个选项。", "At least {minimum} options are needed."),
    "no_rows": _("矩阵题没有行。", "The matrix has no rows."),
    "no_cells": _("矩阵题或表格没有列（cells）。", "The matrix or table has no columns (cells)."),
    "not_in_matrix": _("矩阵的选项不能用“{key}”。", "Options of a matrix cannot have “{key}”."),
    "two_others": _("只能有一个带填空的选项。", "Only one option can open a text field."),
    "exclusive_minimum": _(
        "最少要选 {minimum} 项，可以同时选的只有 {count} 项。",
        "At least {minimum} are to be chosen but only {count} can be chosen together.",
    ),
    "minimum_above_maximum": _(
        "最少选择数 {minimum} 大于最多选择数 {maximum}。", "The minimum {minimum} is above the maximum {maximum}."
    ),
    "maximum_above_choices": _(
        "选择数 {maximum} 超过选项数 {count}。", "{maximum} are to be chosen but there are only {count} options."
    ),
    "too_deep": _("选项的层级多于 levels 的 {count} 层。", "The options go deeper than the {count} levels."),
    "bad_bounds": _("下限必须小于上限，且为正常数字。", "The lower bound must be a number below the upper bound."),
    "bad_figure": _("“{key}”应在 {low} 到 {high} 之间。", "“{key}” must be between {low} and {high}."),
    "too_few_link_parts": _("连接代码至少要由两项组成（asks）。", "A link code is made of two parts or more (asks)."),
    "link_incomplete": _(
        "请把每一项都按要求的字数填写，才能生成代码。", "Fill in every part with as many characters as it asks for."
    ),
    "no_blanks": _("没有任何填空（blanks）。", "There are no blanks."),
    "unknown_mark": _(
        "句子中的“[[{name}]]”没有对应的填空。", "The sentence marks “[[{name}]]”, but there is no such blank."
    ),
    "no_mark": _(
        "填空“{name}”应在句子中用“[[{name}]]”标出一次。",
        "The sentence must mark the blank “{name}” once, as [[{name}]].",
    ),
    "bad_pattern": _("正则表达式有误：{detail}", "The regular expression will not do: {detail}"),
    "bad_date_bound": _(
        "“{value}”不是日期，应类似 2026-03-31、today、today+7。",
        "“{value}” is no date such as 2026-03-31, today or today+7.",
    ),
    "bad_time_bound": _("“{value}”不是时间，应类似 09:30。", "“{value}” is no time such as 09:30."),
    "bad_date_bounds": _("最早不能晚于最晚。", "The earliest cannot be after the latest."),
    "no_file_kinds": _("至少允许一种文件格式。", "At least one kind of file must be allowed."),
    "identifying": _(
        "“{name}”会让人认出填写人：不记名的调查里会提示参与者，任何分析都不会列出它。",
        "“{name}” tells who somebody is: participants of anonymous surveys are told so, and no analysis prints it.",
    ),
    "no_units": _("至少需要一个时间单位。", "At least one unit of time is needed."),
    "unknown_segment": _(
        "分组“{name}”不可用。可用的有：side、department、position。",
        "Unknown segment “{name}”. Known: side, department, position.",
    ),
    "unknown_category": _(
        "没有“{name}”这个原因类别。可用的有：{known}。", "Unknown category “{name}”. Known: {known}."
    ),
    "unknown_rating_scale": _("没有名为“{name}”的评分尺度。", "There is no rating scale “{name}”."),
    "too_few_labels": _("评分尺度至少需要两个等级。", "A rating scale needs at least two labels."),
    "no_steps": _("流程步骤题需要先在问卷中列出步骤（steps）。", "A step grid needs the questionnaire's steps."),
    "too_few_steps": _("至少需要 {minimum} 个流程步骤。", "At least {minimum} process steps are needed."),
    "unknown_step": _("没有名为“{name}”的流程步骤。", "There is no process step “{name}”."),
    "unknown_problem_from": _(
        "“{name}”不是排在前面的痛点题（pain_points）。", "“{name}” is not an earlier pain_points question."
    ),
    "unknown_group": _("本页没有编码为“{name}”的题组。", "The page has no group “{name}”."),
    "split_group": _(
        "题组“{name}”的题目必须相邻，中间不能隔着别的题。",
        "The questions of the group “{name}” have to stand together.",
    ),
    "empty_group": _("题组“{name}”里没有题目。", "The group “{name}” has no questions."),
    "unknown_source": _(
        "“{name}”不是排在前面、可供引用选项的题目。", "“{name}” is no earlier question with options or parts to take."
    ),
    "no_steps_to_repeat": _(
        "按步骤重复需要先在问卷中列出步骤（steps）。", "Repeating over steps needs the questionnaire's steps."
    ),
    "repeated_code": _(
        "重复展开后的编码“{name}”与另一道题相同，请换一个编码。",
        "Once repeated, the code “{name}” is another question's too. Please choose another.",
    ),
    "unknown_page": _("没有编码为“{name}”的页面。", "There is no page “{name}”."),
    "jump_back": _(
        "只能跳到后面的页面，“{name}”在前面或就是本页。", "Jumps lead forward; “{name}” does not come later."
    ),
    "jump_shuffled": _(
        "参与随机排序的页面不能跳转，也不能作为跳转目标。",
        "Pages that change places can neither jump nor be jumped to.",
    ),
    "shuffled_reference": _(
        "随机排序的页面不能互相引用：“{name}”可能排在后面。",
        "Pages that change places cannot look at one another: “{name}” may come later.",
    ),
    "unknown_reference": _("条件中的“{name}”不存在。", "The condition refers to “{name}”, which does not exist."),
    "forward_reference": _(
        "条件引用了“{name}”，它排在后面；条件只能引用前面的题目。",
        "The condition refers to “{name}”, which comes later; conditions may only refer to earlier questions.",
    ),
    "cycle": _("条件互相依赖：{chain}。", "Conditions depend on each other: {chain}."),
    "dead_code": _(
        "条件永远不成立：“{name}”没有“{value}”这个选项。",
        "The condition can never hold: “{name}” has no option “{value}”.",
    ),
    "dead_range": _(
        "条件永远不成立：“{name}”只在 {low} 到 {high} 之间。",
        "The condition can never hold: “{name}” runs from {low} to {high}.",
    ),
    "dead_condition": _("这个条件永远不成立。", "This condition can never hold."),
    "compare_codes": _(
        '“{name}”可以选多项，请用 contains，例如：{name} contains "{example}"。',
        '“{name}” holds several options; use contains, as in {name} contains "{example}".',
    ),
    "compare_order": _(
        "“{name}”是选项，只能用 ==、!= 或 in 比较。", "“{name}” is an option: compare it by ==, != or in."
    ),
    "compare_kind": _(
        "“{name}”与 {value} 不是同一类，无法比较。",
        "“{name}” and {value} are of different kinds and cannot be compared.",
    ),
    "compare_parts": _(
        "“{name}”由多个部分组成，请写明哪一个，例如 {example}。",
        "“{name}” has several parts; say which one, such as {example}.",
    ),
    "wanted_number": _("“{name}”不是数字，不能用来计算。", "“{name}” is no number and cannot be reckoned with."),
    "wanted_text": _("“{name}”不是文字或日期。", "“{name}” is neither a text nor a date."),
    "wanted_truth": _("“{name}”不是条件，此处应写比较。", "“{name}” is no condition; a comparison is wanted here."),
    "computed_kind": _(
        "算式的结果与 kind 不符：需要数字时不能得出文字，条件请用 if(…, 1, 0)。",
        "The expression does not come to what kind says: a number cannot be a text; turn a condition by if(…, 1, 0).",
    ),
    "not_a_list": _(
        "“{name}”不是多选，不能用 contains。", "“{name}” does not hold several options; contains is no use."
    ),
    "unknown_pipe": _(
        "文字引用了不存在的“{{{{{name}}}}}”。", "The wording refers to “{{{{{name}}}}}”, which does not exist."
    ),
    "forward_pipe": _(
        "文字引用了“{{{{{name}}}}}”，它此时还没有作答。",
        "The wording refers to “{{{{{name}}}}}”, which has not been answered by then.",
    ),
    "too_few_items": _("维度“{name}”至少需要两个题项。", "The scale “{name}” needs at least two items."),
    "unknown_item": _("题项“{item}”不存在。", "There is no item “{item}”."),
    "duplicate_item": _("题项“{item}”列了两次。", "The item “{item}” is listed twice."),
    "item_not_integer": _(
        "题项“{item}”不是评分题，不能计入维度。", "The item “{item}” is not a rating and cannot be scored."
    ),
    "mixed_scales": _(
        "维度“{name}”的题项评分范围不同（{ranges}）。",
        "The items of the scale “{name}” have different ranges ({ranges}).",
    ),
    "reversed_not_item": _("反向题“{item}”不在维度的题项之中。", "The reversed item “{item}” is not among the items."),
    "no_such_questionnaire": _("问卷库中没有“{name}”。", "The library has no questionnaire “{name}”."),
}

MESSAGES: dict[str, Text] = {**ANSWERS, **FORMAT, **EXPRESSION, **EDITING, **DEFINITION}
