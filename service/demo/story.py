"""What is wrong, and what is right, with the demo company's complaint handling: the figures behind its answers.

Waiting dominates: of about 72 hours from registration to closure, some four are work. Cases lie longest at the
hand-over between departments and at approval; nobody owns them there. Whoever carries out decisions misses
information, whoever handles complaints has too much to do, and tools are split between CRM and paper. People are
patient with customers and keep to the rules.
"""

from __future__ import annotations

import msgspec

# Mean agreement (1–5, keyed so that high is good) by scale, and how far a side lies from it
AGREEMENT: dict[str, float] = {
    "clarity": 2.35, "information": 2.8, "cooperation": 2.75, "tools": 2.3, "rules": 3.6, "workload": 3.15,
    "customer": 3.95,
}  # fmt: skip
SIDE_SHIFT: dict[str, dict[str, float]] = {
    "upstream": {"information": -0.1, "customer": 0.15, "workload": 0.1},
    "operator": {"information": 0.45, "workload": -1.05, "cooperation": -0.35, "customer": 0.2, "clarity": 0.1},
    "downstream": {"information": -0.8, "clarity": -0.1, "workload": 0.3, "customer": -0.25},
    "manager": {"information": 0.35, "clarity": 0.3, "rules": 0.2, "cooperation": 0.3},
}
# Single items that stand out from their scale, before reversal
ITEM_SHIFT: dict[str, float] = {
    "clarity.my_part": 0.55, "clarity.owner": -0.35, "clarity.unclear": -0.2, "tools.one_record": -0.35,
    "tools.easy": 0.25, "rules.written": 0.3, "rules.skipped": -0.2, "customer.patience": 0.3,
    "customer.promise": -0.35, "information.progress": -0.2, "workload.peaks": -0.15,
}  # fmt: skip
# Items asked of some people only, on the same answer scale but in no scale of the analysis: as answered
SOME_ASKED: dict[str, float] = {
    "upstream.form": 3.1, "upstream.feedback": 1.9, "upstream.accepted": 2.3,
    "downstream.instruction": 2.2, "downstream.notice": 2.0, "downstream.stable": 2.1,
    "approvals.needed": 2.3, "approvals.same_day": 1.9, "approvals.limits": 2.8, "approvals.deputy": 1.9,
}  # fmt: skip


class StepStory(msgspec.Struct, frozen=True):
    """Medians of a step: minutes of work, hours of waiting; means of errors and pain, 1–5."""

    work: float
    wait: float
    errors: float
    pain: float


STEPS: dict[str, StepStory] = {
    "register": StepStory(12, 0.6, 2.1, 1.9),
    "assign": StepStory(8, 5, 2.7, 2.8),
    "handover": StepStory(15, 23, 3.6, 4.1),
    "investigate": StepStory(120, 11, 2.7, 2.8),
    "approve": StepStory(40, 17, 2.9, 3.6),
    "reply": StepStory(20, 3, 2.0, 2.1),
    "close": StepStory(15, 4, 1.7, 1.8),
}
LEAD_TIME_HOURS = 70

# Steps that a team takes part in; managers also approve
INVOLVED: dict[str, tuple[str, ...]] = {
    "热线组": ("register",),
    "投诉组": ("register", "assign", "handover", "reply", "close"),
    "质检培训组": ("reply", "close"),
    "华东区": ("register", "reply"),
    "华南区": ("register", "reply"),
    "渠道支持组": ("register", "handover"),
    "售后质量组": ("handover", "investigate", "approve"),
    "检验组": ("investigate",),
    "返修组": ("investigate",),
    "技术支持组": ("handover", "investigate"),
    "应收与退款组": ("approve",),
    "费用审核组": ("approve",),
}

# How often a pain point is felt: by everybody, then what a side adds
PAINS: dict[str, float] = {
    "no_owner": 1.1, "handover_idle": 1.25, "approval_levels": 0.95, "no_standard": 0.3, "paper_forms": 0.6,
    "incomplete": 0.4, "separate_systems": 0.75, "double_entry": 0.3, "short_staffed": 0.25, "inexperience": 0.15,
    "own_targets": 0.25, "no_deadline_data": 0.2, "other": 0.04,
}  # fmt: skip
SIDE_PAINS: dict[str, dict[str, float]] = {
    "upstream": {"no_owner": 0.4, "no_standard": 0.3, "approval_levels": 0.3},
    "operator": {"handover_idle": 0.8, "short_staffed": 0.9, "double_entry": 0.5, "separate_systems": 0.3},
    "downstream": {"incomplete": 1.3, "paper_forms": 0.5},
    "manager": {"no_owner": 0.6, "no_deadline_data": 0.6, "approval_levels": 0.4},
}
CASES_PER_WEEK = {"upstream": 6, "operator": 14, "downstream": 4, "manager": 5}

# Share of a department that answers
WILLINGNESS = {
    "客服中心": 0.92, "销售部": 0.78, "质量部": 0.86, "生产部": 0.66, "物流部": 0.74, "技术服务部": 0.8, "财务部": 0.8,
    "信息部": 0.85,
}  # fmt: skip
