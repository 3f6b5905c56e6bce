"""An item of every type, with keys, marks and feedback in words that occur nowhere else: none may reach a candidate."""

from __future__ import annotations

from surveys.exams.items import (
    Accepted,
    AnyItem,
    BankItem,
    BlanksItem,
    CaseItem,
    ClozeItem,
    Criterion,
    EssayItem,
    FileItem,
    Gap,
    Level,
    MatchingItem,
    MultipleItem,
    NumericItem,
    Option,
    OrderingItem,
    Pair,
    ShortAnswerItem,
    SingleItem,
    SubItem,
    TrueFalseItem,
)
from surveys.text import Text

SECRET = "机密"
"""Stands in everything that only markers may see."""


def said(chinese: str, english: str) -> Text:
    return {"zh-CN": chinese, "en": english}


def secret(what: str) -> Text:
    return said(f"{SECRET}{what}", f"{SECRET}{what}")


def option(code: str, chinese: str, english: str, *, correct: bool = False) -> Option:
    return Option(code=code, label=said(chinese, english), correct=correct, feedback=secret(f"反馈{code}"))


RUBRIC = (
    Criterion(
        code="depth",
        label=secret("评分"),
        levels=(Level(points=0, label=secret("无")), Level(points=2, label=secret("全"))),
    ),
)
DEPARTMENTS = (
    option("service", "客户服务部", "Customer service", correct=True),
    option("finance", "财务部", "Finance"),
    option("logistics", "物流部", "Logistics"),
    option("quality", "质量部", "Quality"),
)
MEASURES = (
    option("one", "指定首问责任人", "One first owner", correct=True),
    option("two", "统一登记渠道", "One channel", correct=True),
    option("three", "增加审批层级", "More approvals"),
    option("four", "改用纸质交接单", "Hand-overs on paper"),
)
STEPS = (
    option("register", "登记投诉", "Register"),
    option("assign", "24 小时内指派", "Assign within 24 h"),
    option("solve", "处理并回复客户", "Solve and reply"),
    option("close", "回访并闭环", "Call back and close"),
)

ITEMS: tuple[AnyItem, ...] = (
    SingleItem(
        text=said("客户投诉由哪个部门首先负责？", "Which department is responsible first?"), options=DEPARTMENTS,
        explanation=secret("解析"),
    ),
    MultipleItem(
        text=said("V2.0 采取了哪些措施？", "Which measures does V2.0 take?"),
        options=MEASURES,
        explanation=secret("解析"),
    ),
    TrueFalseItem(
        text=said("投诉须在 48 小时内闭环。", "A complaint is closed within 48 hours."), correct=True,
        feedback_true=secret("对"), feedback_false=secret("错"), explanation=secret("解析"),
    ),
    BlanksItem(
        text=said("填写两个时限。", "Give both limits."),
        gaps=(
            Gap(code="assign", label=said("指派时限", "To assign"), accepted=(Accepted(text=f"{SECRET}24"),),
                unit=said("小时", "h")),
            Gap(code="close", label=said("闭环时限", "To close"), accepted=(Accepted(text=f"{SECRET}48"),),
                unit=said("小时", "h")),
        ),
    ),
    ClozeItem(
        text=said("投诉在 [[system]] 中登记，由 [[owner]] 负责。", "Kept in [[system]], owned by [[owner]]."),
        gaps=(
            Gap(code="system", accepted=(Accepted(text=f"{SECRET}CRM", feedback=secret("反馈")),)),
            Gap(code="owner", accepted=(Accepted(text=f"{SECRET}客服"),)),
        ),
    ),
    NumericItem(
        text=said("满意度目标是多少？", "What is the target of satisfaction?"),
        accepted=(Accepted(number=987654.0, tolerance=1, feedback=secret("反馈")),), unit=said("%", "%"),
    ),
    MatchingItem(
        text=said("哪个部门做哪一步？", "Who does what?"), options=DEPARTMENTS[:3],
        pairs=(
            Pair(code="p1", label=said("受理", "Take in"), option="service"),
            Pair(code="p2", label=said("退款", "Refund"), option="finance"),
        ),
    ),
    OrderingItem(text=said("按先后排列投诉处理步骤。", "Put the steps in order."), options=STEPS),
    ShortAnswerItem(
        text=said("这个制度叫什么？", "What is the rule called?"), accepted=(Accepted(text=f"{SECRET}首问负责制"),)
    ),
    EssayItem(
        text=said("客户要求赔偿时，您会怎样处理？", "A customer asks for compensation. What do you do?"), rubric=RUBRIC
    ),
    FileItem(text=said("上传一份填好的登记表。", "Upload a form that you filled in."), rubric=RUBRIC),
    CaseItem(
        text=said("某客户连续三次投诉送货延误，至今没有人回复。", "A customer complained three times; nobody replied."),
        questions=(
            SubItem(code="first", item=SingleItem(text=said("先做什么？", "What first?"), options=DEPARTMENTS[:3])),
            SubItem(code="hours", item=NumericItem(
                text=said("最迟几小时内指派？", "Within how many hours?"), accepted=(Accepted(number=987654.0),),
                unit=said("小时", "h"))),
        ),
    ),
)  # fmt: skip


def bank() -> list[BankItem]:
    """All of them, reviewed; codes that tell nothing of the type."""
    return [
        BankItem(code=f"g{number}", item=each, state="reviewed", category="投诉", topic=f"{SECRET}主题")
        for number, each in enumerate(ITEMS, start=1)
    ]
