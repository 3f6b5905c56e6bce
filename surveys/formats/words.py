"""The words of the text form and the workbook: every key, type and value in Chinese and English.

The first Chinese and the first English word are written; all are read, in any mixture. What the tables lack is written
and read by its own name, so that a new field or type works before anybody gives it a word.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from functools import cached_property

from surveys.text import DEFAULT_LANGUAGE

_PARTING = re.compile(r"[\s_\u3000-]+")


def normal(word: str) -> str:
    """A word regardless of case and of what parts it: ``Max_length`` is ``max length``."""
    return _PARTING.sub(" ", word).strip().casefold()


class Vocabulary:
    """Names and their words. Each name has a Chinese and an English entry; several words in one are parted by ``/``."""

    def __init__(self, words: dict[str, tuple[str, str]]) -> None:
        self.words = words

    def word(self, name: str, language: str) -> str:
        """How a name is written in a language."""
        found = self.words.get(name)
        return name if found is None else found[0 if language == DEFAULT_LANGUAGE else 1].split("/")[0]

    def spellings(self, name: str) -> tuple[str, ...]:
        """Everything by which a name is known, itself included, in normal form."""
        given = "/".join((*self.words.get(name, ()), name))
        return tuple(dict.fromkeys(normal(each) for each in given.split("/")))

    @cached_property
    def _known(self) -> dict[str, tuple[str, ...]]:
        return {name: self.spellings(name) for name in self.words}

    def known(self, name: str) -> tuple[str, ...]:
        return self._known.get(name) or (normal(name),)

    def find(self, written: str, among: Iterable[str]) -> str | None:
        """The name among ``among`` that a word stands for."""
        wanted = normal(written)
        return next((name for name in among if wanted in self.known(name)), None)

    def find_prefix(self, written: str, among: Iterable[str]) -> tuple[str, str] | None:
        """The name whose word the text begins with, the longest word counting, and the rest: ``量表 agree``."""
        wanted, best, length = normal(written), "", 0
        for name in among:
            for spelled in self.known(name):
                if f"{wanted} ".startswith(f"{spelled} ") and len(spelled) > length:
                    best, length = name, len(spelled)
        if not best:
            return None
        count = len(wanted[:length].split(" "))
        parts = _PARTING.split(written.strip(), maxsplit=count)
        return best, parts[count] if len(parts) > count else ""

    def nearest(self, written: str, among: Iterable[str], language: str) -> str:
        """The words closest to one that is not known, listed for a message; all of them where none is close."""
        names, wanted = list(among), normal(written)
        spelled = {each: name for name in names for each in self.known(name)}
        close = [spelled[each] for each in difflib.get_close_matches(wanted, list(spelled), n=6, cutoff=0.5)]
        chinese = {each for each in wanted if not each.isascii()} - set("题量表是选项")
        close += [name for each, name in spelled.items() if chinese & set(each)]
        told = [self.word(name, language) for name in dict.fromkeys(close or names)]
        return ("、" if language == DEFAULT_LANGUAGE else ", ").join(told)


FIELDS = Vocabulary({
    # everywhere
    "code": ("编码/代码", "code"), "type": ("题型", "type"), "text": ("说明/题目/正文", "text/question"),
    "title": ("标题", "title"), "label": ("标签/名称", "label"), "labels": ("等级/标签", "labels"),
    "description": ("描述/说明文字", "description"), "hint": ("提示/填写说明", "hint"),
    "message": ("提示语", "message"),
    # questionnaire
    "name": ("名称/标识", "name"), "kind": ("类型/问卷类型", "kind"), "languages": ("语言", "languages/language"),
    "rationale": ("设计依据/依据", "rationale/source"), "introduction": ("引言/卷首语/介绍", "introduction/intro"),
    "thanks": ("致谢/结束语", "thanks"), "minutes": ("预计分钟/时长/预计时长", "minutes"),
    "presentation": ("呈现方式/呈现", "presentation"), "process": ("流程/流程名称", "process"),
    "steps": ("流程步骤/步骤", "steps"), "rating_scales": ("量表/评分量表", "rating scales/rating scale/answers"),
    "scales": ("维度", "scales/scale"), "shuffled_pages": ("随机页面/页面随机", "shuffled pages"),
    "quotas": ("配额", "quotas/quota"), "screen_out": ("甄别结束语/不符合条件", "screen out"),
    "pages": ("页面", "pages"), "questions": ("问题/题目列表", "questions"),
    # pages and groups
    "groups": ("题组列表/题组", "groups"), "group": ("题组/所属题组", "group"), "jumps": ("跳转", "jumps/jump"),
    "when": ("当/条件", "when"), "to": ("到/跳到", "to"), "repeat_over": ("循环/循环依据", "repeat over/repeat"),
    "shuffle": ("随机排列/乱序/随机", "shuffle"), "limit": ("上限/名额", "limit"),
    # all questions
    "required": ("必答/必填", "required"), "required_if": ("必答条件/必填条件", "required if"),
    "not_applicable": ("不适用/可不适用", "not applicable/na"),
    "visible_if": ("显示条件/条件/如果", "shown if/visible if/if"),
    "rules": ("校验/校验规则", "rules/rule"), "holds": ("应满足/须满足", "holds"),
    # options, rows, columns, items
    "choices": ("选项", "options/choices"), "rows": ("行/题项", "rows"), "columns": ("列/栏目", "columns"),
    "items": ("题项/项目", "items"), "exclusive": ("互斥/排他", "exclusive"),
    "other": ("其他/可填写/填空", "other"), "category": ("类别", "category"),
    "fixed": ("固定/固定位置", "fixed"), "reversed": ("反向/反向题", "reversed"),
    "owner": ("负责/负责人/负责岗位", "owner"),
    "segment": ("分组/分组依据", "segment"), "children": ("下级/子项", "children"), "image": ("图片", "image"),
    "choices_from": ("选项来自/选项来源", "options from"), "rows_from": ("行来自", "rows from"),
    "carry": ("沿用", "carry"), "other_label": ("其他的文字", "other label"),
    # figures and bounds
    "minimum": ("最少/至少", "minimum/min"), "maximum": ("最多/至多", "maximum/max"), "top": ("取前/前几名", "top"),
    "scale": ("采用量表/使用量表/量表", "rating scale/scale"), "points": ("分数/点数/几分", "points"),
    "low": ("最小/最低/下限/从", "low/from"), "high": ("最大/最高/上限/到", "high"),
    "low_label": ("低端/低端文字", "low label/low end"), "high_label": ("高端/高端文字", "high label/high end"),
    "decimals": ("小数位/小数", "decimals"), "unit": ("单位", "unit"), "units": ("时间单位/可选单位", "units"),
    "max_length": ("字数上限/最多字数", "max length"), "length": ("字数/位数", "length"),
    "depth": ("层数/追问层数", "depth"),
    "problem_from": ("问题来自/问题来源", "problem from"), "symbol": ("图形/符号", "symbol"),
    "unique": ("不可重复/唯一", "unique"), "pattern": ("格式/正则", "pattern"),
    "step": ("步长", "step"), "total": ("总分/总数", "total"), "sentence": ("句子", "sentence"),
    "blanks": ("填空/空格", "blanks"), "asks": ("组成/代码组成", "asks"),
    "cells": ("列/单元格", "cells/columns"), "optional": ("选填", "optional"),
    "first": ("左侧量表/量表一", "first"), "second": ("右侧量表/量表二", "second"), "left": ("左端", "left"),
    "right": ("右端", "right"),
    "names": ("名单/可选部门", "names"), "levels": ("级别名称", "levels"), "options": ("级联选项", "tree"),
    "source": ("数据来源", "source"), "parameter": ("链接参数", "parameter"), "default": ("默认值", "default"),
    "weight": ("权重", "weight"), "arms": ("分组方案/组别", "arms"), "bank": ("题库条目", "bank"),
    "international": ("国际号码/允许国际号码", "international"), "old": ("允许旧证/十五位旧号", "old"),
    "longest": ("最长天数", "longest"), "megabytes": ("大小上限/兆字节", "megabytes"), "kinds": ("文件类型", "kinds"),
    "comment": ("说明栏/说明栏文字", "comment"), "size": ("每组项数", "size"), "sets": ("组数", "sets"),
    "best": ("最好的文字", "best"), "worst": ("最差的文字", "worst"), "system": ("系统名称", "system"),
    "cards": ("卡片", "cards"), "piles": ("分类/归类", "piles"),
    "expression": ("算式/计算公式", "expression"),
})  # fmt: skip

TYPES = Vocabulary({
    "single": ("单选/单选题", "single choice/single/choice"), "multiple": ("多选/多选题", "multiple choice/multiple"),
    "ranking": ("排序/排序题", "ranking"), "dropdown": ("下拉/下拉题/下拉单选", "dropdown"),
    "yes_no": ("是非/是否/是否题", "yes no"), "true_false": ("判断/判断题/对错", "true false"),
    "image_choice": ("图片选择/图片单选", "image choice"), "cascade": ("级联/级联选择/多级下拉", "cascade"),
    "department": ("选部门/部门", "department"), "person": ("选人员/人员", "person"),
    "choice_comment": ("选择并说明/选项加说明", "choice with comment/choice comment"),
    "card_sort": ("卡片分类/卡片归类", "card sort"),
    "likert": ("量表题/量表/同意程度", "likert"), "rating": ("打分/评分/打分题", "rating"),
    "nps": ("NPS/推荐意愿/净推荐值", "nps"), "stars": ("星级/星级评分/表情评分", "stars/smileys"),
    "csat": ("满意度/CSAT", "csat"), "ces": ("费力度/CES", "ces"), "slider": ("滑块/滑动条", "slider"),
    "semantic_differential": ("语义差异/两极量表", "semantic differential"),
    "constant_sum": ("比重/比重题/分配总分", "constant sum"), "maxdiff": ("最好最差/MaxDiff", "maxdiff"),
    "kano": ("Kano/卡诺", "kano"), "sus": ("SUS/系统可用性", "sus"), "ahp": ("AHP/两两比较/层次分析", "ahp"),
    "matrix": ("矩阵/矩阵量表", "matrix"), "matrix_single": ("矩阵单选", "matrix single/single matrix"),
    "matrix_multiple": ("矩阵多选", "matrix multiple/multiple matrix"),
    "matrix_dropdown": ("矩阵下拉", "matrix dropdown"), "matrix_text": ("矩阵填空/矩阵文字", "matrix text"),
    "matrix_number": ("矩阵数字", "matrix number"), "matrix_slider": ("矩阵滑块", "matrix slider"),
    "matrix_dual": ("双量表矩阵/矩阵双量表", "matrix dual/dual matrix"),
    "matrix_mixed": ("混合矩阵", "matrix mixed/mixed matrix"), "table": ("自增表格/表格", "table"),
    "short_text": ("单行文字/填空/单行", "short text/text"),
    "long_text": ("多行文字/多行文本/长文本/简答/问答", "long text/paragraph"),
    "number": ("数字/数值", "number"), "duration": ("时长/用时", "duration"),
    "blanks": ("多项填空", "blanks/several blanks"), "link_code": ("连接代码", "link code"),
    "cloze": ("句中填空/完形填空", "cloze"), "email": ("邮箱/电子邮箱", "e-mail/email"),
    "mobile": ("手机/手机号", "mobile"),
    "id_card": ("身份证/身份证号", "id card"), "url": ("网址/链接", "url/link"),
    "pattern": ("格式文字/按格式填写", "pattern"),
    "date": ("日期", "date"), "time": ("时间/时刻", "time"), "date_range": ("日期范围/起止日期", "date range"),
    "file": ("文件/上传文件", "file"), "photo": ("照片/拍照", "photo"), "signature": ("签名/手写签名", "signature"),
    "location": ("位置/定位", "location"), "step_grid": ("流程步骤表/步骤表", "step grid"),
    "pain_points": ("痛点/痛点题/痛点排序", "pain points"), "five_whys": ("5-Why/五问/追问原因", "five whys/5 whys"),
    "flow_order": ("流程排序/步骤排序", "flow order"), "ecrs": ("ECRS", "ecrs"),
    "statement": ("说明/说明文字", "statement/note"), "consent": ("知情同意/同意书", "consent"),
    "computed": ("计算值/计算", "computed"), "hidden": ("隐藏/隐藏字段", "hidden"),
    "assignment": ("随机分配/AB分组", "assignment"),
})  # fmt: skip

VALUES = Vocabulary({
    "true": ("是/对/有/要", "yes/true"), "false": ("否/不/无", "no/false"),
    "diagnosis": ("诊断/现状诊断", "diagnosis"), "satisfaction": ("满意度/满意度调查", "satisfaction"),
    "exam": ("考试/考核", "exam"), "review": ("评审/方案评审", "review"), "pulse": ("脉搏/脉搏调查", "pulse"),
    "page": ("一页多题/按页", "page"), "question": ("一页一题/逐题", "question"),
    "minute": ("分钟", "minute/minutes"), "hour": ("小时", "hour/hours"), "day": ("天", "day/days"),
    "people": ("人", "people"), "machine": ("机", "machine"), "material": ("料", "material"),
    "method": ("法", "method"),
    "environment": ("环", "environment"), "measurement": ("测", "measurement"),
    "chosen": ("已选", "chosen"), "unchosen": ("未选", "unchosen"), "star": ("星", "star"),
    "smiley": ("表情", "smiley"),
    "text": ("文字", "text"), "number": ("数字", "number"), "choice": ("单选", "choice"),
    "dropdown": ("下拉", "dropdown"),
    "multiple": ("多选", "multiple"), "scale": ("量表", "scale"), "slider": ("滑块", "slider"),
    "image": ("图片", "image"),
    "pdf": ("PDF", "pdf"), "word": ("Word", "word"), "excel": ("Excel", "excel"), "powerpoint": ("PPT", "powerpoint"),
    "departments": ("部门", "departments"), "approval": ("审批", "approval"), "box": ("箱子", "box"),
    "calendar": ("日历", "calendar"), "chat": ("聊天", "chat"), "clock": ("时钟", "clock"),
    "document": ("单据", "document"),
    "email": ("邮件", "e-mail"), "factory": ("工厂", "factory"), "meeting": ("会议", "meeting"),
    "phone": ("电话", "phone"),
    "screen": ("屏幕", "screen"), "team": ("团队", "team"), "tool": ("工具", "tool"), "truck": ("货车", "truck"),
    "end": ("结束", "end"), "screen_out": ("甄别结束", "screen out"), "zh-CN": ("中文", "chinese/zh"),
    "en": ("英文", "english"),
})  # fmt: skip

TARGETS = ("end", "screen_out")
"""Where a jump may lead beside pages."""
